# The ways into the house. Each target brings what it needs; `make help` says what there is.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: release help run snpmachine shell test bench sizes debug clean setup kernel tools image shell-image

export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

out := out
litebox := dotnet $(out)/bin/litebox/litebox.dll
quietly := --nologo --verbosity quiet
step = @echo "==> $(1)"
# Builds one project; what the compiler says is shown only when it fails.
build = @dotnet build $(quietly) $(1) >$(out)/build.log 2>&1 || { cat $(out)/build.log; exit 1; }

# Where `run` and `shell` boot the image: plain (an ordinary VM), snp-machine (an SNP guest in software), snp (one on an EPYC host),
# auto (snp where this computer can, else snp-machine).
PLATFORM ?= auto
platform-parts := $(if $(filter plain snp,$(PLATFORM)),,snpmachine)

# What the kernel is told, and the machine's memory in MiB.
CMDLINE ?=
MEMORY ?= 512
DEBUG_PORT ?= 1234

help: ## Shows this list
	@echo "LiteBox.Snp: a kernel in C# that runs one Linux workload in a confidential VM"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

run: image $(platform-parts) ## Builds everything, boots the disk image as an SNP guest, shows the workload, ends with its status
	$(call step,Booting out/disk.img)
	@$(litebox) run $(out)/disk.img --platform $(PLATFORM) --memory $(MEMORY)

shell: shell-image $(platform-parts) ## The same with an interactive busybox sh on the serial console (`exit` ends it)
	$(call step,Booting out/shell.img)
	@$(litebox) run $(out)/shell.img --platform $(PLATFORM) --memory $(MEMORY)

test: image shell-image snpmachine release ## Runs every test; the last line counts what passed, failed and was skipped
	$(call step,Running the tests)
	$(call build,tools/TestRunner)
	@dotnet $(out)/bin/TestRunner/TestRunner.dll $(TESTS)

bench: image snpmachine ## Instructions per operation and exits, Linux' and ours in the same QEMU; writes docs/numbers.md
	$(call step,Measuring)
	$(call build,tests/bench)
	@dotnet $(out)/bin/LiteBox.Bench/LiteBox.Bench.dll

sizes: ## Lines and unsafe lines of each room; writes docs/sizes.md
	$(call build,tools/CodeCount)
	@dotnet $(out)/bin/CodeCount/CodeCount.dll

debug: image ## Boots with gdb attached before the first instruction, with the kernel's symbols
	$(call step,Starting QEMU on port $(DEBUG_PORT) and gdb; the console goes to out/console.log)
	@$(litebox) run $(out)/disk.img --platform plain --memory $(MEMORY) --gdb tcp:127.0.0.1:$(DEBUG_PORT) \
	    --console-log $(out)/console.log </dev/null >/dev/null 2>&1 & machine=$$!; \
	    gdb -q -ex 'set confirm off' -ex 'set substitute-path /litebox $(CURDIR)' -ex 'target remote 127.0.0.1:$(DEBUG_PORT)' $(out)/bin/LiteBox.Kernel/kernel.debug.elf; \
	    kill $$machine 2>/dev/null || true

clean: ## Removes everything built; what set-up fetched stays in the user's cache
	rm -rf $(out)

setup: ## Installs or names missing packages; fetches firmware and Linux kernels, verified, once
	@tools/setup/setup.sh

kernel: setup ## Builds the kernel and the boot application
	$(call step,Building the kernel and the boot application)
	$(call build,kernel/Kernel)
	$(call build,boot)

release: setup ## Builds the kernel and the boot application that say nothing of their own, for `litebox build --release`
	$(call step,Building the release kernel and boot application)
	$(call build,kernel/Kernel -p:ReleaseImage=true)
	$(call build,boot -p:ReleaseImage=true)

snpmachine: setup ## Builds the SNP machine: SEV-SNP in software, for QEMU's -bios
	$(call step,Building the SNP machine)
	$(call build,qemu/SnpMachine)

tools: setup ## Builds the command line
	$(call step,Building the tools)
	$(call build,tools/litebox)

image: kernel tools ## Makes out/disk.img with the workload of `make run`
	$(call step,Making out/disk.img)
	@workload/assemble.sh $(out)/workload/run workload/run/init
	@$(litebox) build $(out)/workload/run --output $(out)/disk.img --manifest $(out)/disk.json --cmdline "$(CMDLINE)"

shell-image: kernel tools
	$(call step,Making out/shell.img)
	@workload/assemble.sh $(out)/workload/shell workload/shell/init
	@$(litebox) build $(out)/workload/shell --output $(out)/shell.img --cmdline "$(CMDLINE)"
