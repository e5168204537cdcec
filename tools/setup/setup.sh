#!/bin/sh
# Brings together what a build, a run and the tests need, and changes nothing that is there already:
#
#   1. Debian packages (QEMU, LLD, ...): installed when root, else the exact command is printed;
#   2. the .NET 10 SDK: not in Debian's archive, so only looked for;
#   3. firmware, Linux kernels and two UEFI tools of named Debian suites: fetched from the machine's own mirror with lists of their own,
#      verified by apt's signatures, unpacked without being installed, and kept in a cache that every clone shares.
#
# Result: out/firmware/, out/uefi-tools/ and out/linux-*/. Usage: tools/setup/setup.sh [--quiet]
set -eu
cd "$(dirname "$0")/../.."

readonly cache="${XDG_CACHE_HOME:-$HOME/.cache}/litebox-snp"
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg
readonly root=$PWD
readonly work=out/setup

say() { [ "${quiet:-}" ] || echo "setup: $*" >&2; }
die() { echo "setup: $*" >&2; exit 1; }
[ "${1:-}" = --quiet ] && quiet=yes

# --- 1. Debian packages: "file that the package brings" "package" ------------------------------------------------------
packages_needed() {
    while read -r file package; do [ -e "$file" ] || echo "$package"; done <<'LIST'
/usr/bin/qemu-system-x86_64 qemu-system-x86
/usr/share/seabios/bios-256k.bin seabios
/usr/bin/qemu-img qemu-utils
/usr/bin/ld.lld lld
/usr/bin/lld-link lld
/usr/bin/objdump binutils
/usr/bin/gdb gdb
/usr/bin/musl-gcc musl-tools
/usr/bin/busybox busybox-static
/usr/sbin/sgdisk gdisk
/usr/bin/mdir mtools
/usr/sbin/fsck.fat dosfstools
/usr/bin/cpio cpio
/usr/bin/umoci umoci
/usr/bin/sbsign sbsigntool
/usr/lib/python3/dist-packages/pefile.py python3-pefile
/usr/lib/python3/dist-packages/cryptography python3-cryptography
/usr/lib/python3/dist-packages/importlib_resources python3-importlib-resources
/usr/bin/xz xz-utils
/usr/bin/openssl openssl
/usr/bin/flock util-linux
/usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
LIST
}

install_packages() {
    # busybox-static and busybox both own /bin/busybox: only the static one can be the workload.
    missing=$(packages_needed | sort -u | tr '\n' ' ')
    if [ -e /bin/busybox ] && ! dpkg -s busybox-static >/dev/null 2>&1; then missing="busybox-static $missing"; fi
    [ "$missing" ] || return 0
    command -v apt-get >/dev/null || die "this needs Debian's packages: $missing"
    if [ "$(id -u)" -ne 0 ]; then
        die "packages are missing. Please run:  sudo apt-get update && sudo apt-get install --no-install-recommends $missing"
    fi
    say "installing $missing"
    install_log=$work/install.log
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; } >"$install_log" 2>&1 ||
        { tail -20 "$install_log" >&2; die "apt-get could not install $missing (see $install_log)"; }
}

# --- 2. the .NET SDK -------------------------------------------------------------------------------------------------
check_dotnet() {
    if ! dotnet --list-sdks 2>/dev/null | grep -q '^10\.'; then
        die "the .NET 10 SDK is missing, and Debian does not package it. Either
    Microsoft's Debian feed:    https://learn.microsoft.com/dotnet/core/install/linux-debian   (apt-get install dotnet-sdk-10.0)
    or, without root:           curl -L https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0
                                export PATH=\$HOME/.dotnet:\$PATH"
    fi
}

# --- 3. firmware and kernels from named suites -----------------------------------------------------------------------

# The mirror that the machine itself uses, whatever form its apt sources have.
mirror() {
    apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
        awk '$2 == "main" && $1 ~ /\/debian\/?$/ { print $1; exit }'
}

# apt with lists, cache and sources of its own: the machine's are neither used nor changed.
apt_own() {
    tool=$1; shift
    "$tool" -q -o Dir::Etc::SourceList="$root/$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$root/$work/lists" -o Dir::Cache="$root/$work/cache" -o APT::Sandbox::User=root \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false "$@"
}

update_lists() {
    [ -e "$work/lists.ready" ] && return 0
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
    [ -r "$keyring" ] || die "$keyring is missing: the archive's signatures cannot be checked"
    uri=$(mirror)
    [ "$uri" ] || die "the machine's apt sources name no Debian mirror"
    for suite in bookworm trixie sid; do echo "deb [arch=amd64 signed-by=$keyring] $uri $suite main"; done >"$work/sources.list"
    say "reading the lists of bookworm, trixie and sid"
    # Without a valid signature by the archive's key apt-get update fails, and download refuses what is not in the lists.
    apt_own apt-get -o APT::Update::Error-Mode=any update >"$work/update.log" 2>&1 || { tail -5 "$work/update.log" >&2; die "apt-get update failed"; }
    touch "$work/lists.ready"
}

# download SUITE PACKAGE: leaves the one verified package file in $work/debs, prints its name
download() {
    mkdir -p "$work/debs"
    (cd "$work/debs" && rm -f ./"$2"_*.deb && apt_own apt-get download "$2/$1" >download.log 2>&1) ||
        { cat "$work/debs/download.log" >&2; die "cannot download $2 from $1"; }
    ls "$work"/debs/"$2"_*.deb
}

# newest_kernel SUITE: the package that linux-image-amd64 of that suite stands for
newest_kernel() {
    version=$(apt_own apt-cache madison linux-image-amd64 | awk -F ' *\\| *' -v suite="$1/main" 'index($3, suite) { print $2; exit }')
    apt_own apt-cache show "linux-image-amd64=$version" | sed -n 's/^Depends:.*\(linux-image-[^ ,]*-amd64\).*/\1/p' | head -n 1
}

# keep NAME: what stands in $work/new becomes the cached set NAME, with its checksums
keep() {
    (cd "$work/new" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
    rm -rf "${cache:?}/$1" && mv "$work/new" "$cache/$1"
}

fetch_firmware() { # SUITE PACKAGE PATTERN NAME
    update_lists
    say "fetching $2 from Debian $1"
    deb=$(download "$1" "$2")
    rm -rf "$work/x" "$work/new" && mkdir -p "$work/new" && dpkg-deb -x "$deb" "$work/x"
    find "$work/x" -type f -name '*.fd' -exec cp {} "$work/new/" \;
    dpkg-deb -f "$deb" Package Version >"$work/new/package"
    keep "$4"
}

# Python programs of a newer suite, which run in place: their modules are found by PYTHONPATH.
fetch_python() { # SUITE PACKAGES NAME
    update_lists
    say "fetching $2 from Debian $1"
    rm -rf "$work/x" "$work/new" && mkdir -p "$work/new"
    for package in $2; do
        deb=$(download "$1" "$package")
        dpkg-deb -x "$deb" "$work/x"
        dpkg-deb -f "$deb" Package Version >>"$work/new/package"
    done
    cp -r "$work/x/usr/bin" "$work/x/usr/lib/python3/dist-packages" "$work/new/"
    keep "$3"
}

# A kernel is its image, and the few modules that a guest needs to find its devices.
readonly modules='failover net_failover virtio virtio_ring virtio_pci virtio_pci_modern_dev virtio_pci_legacy_dev virtio_blk virtio_net
    virtio_console gf128mul crypto_null ghash-generic ctr gcm libaesgcm configfs sev-guest tsm vsock vmw_vsock_virtio_transport vmw_vsock_virtio_transport_common'

fetch_kernel() { # SUITE NAME
    update_lists
    package=$(newest_kernel "$1")
    [ "$package" ] || die "no linux-image-amd64 in $1"
    say "fetching $package from Debian $1 (about 100 MB, once)"
    deb=$(download "$1" "$package")
    rm -rf "$work/x" "$work/new" && mkdir -p "$work/x" "$work/new/modules"
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work/x" --wildcards './boot/vmlinuz-*' '*/kernel/drivers/*virt*' '*/kernel/drivers/net/*failover*' \
        '*/kernel/net/core/*' '*/kernel/net/vmw_vsock/*' '*/kernel/fs/configfs/*' \
        '*/kernel/crypto/*' '*/kernel/lib/crypto/*' 2>"$work/tar.log" || [ -e "$work"/x/boot/vmlinuz-* ] || die "no kernel in $deb"
    cp "$work"/x/boot/vmlinuz-* "$work/new/vmlinuz"
    for module in $modules; do
        find "$work/x" \( -name "$module.ko" -o -name "$module.ko.xz" \) -exec cp {} "$work/new/modules/" \;
    done
    find "$work/new/modules" -name '*.xz' -exec xz -d {} +
    dpkg-deb -f "$deb" Package Version >"$work/new/package"
    keep "$2"
}

# provide NAME DESTINATION FETCH...: the cached set, fetched first when it is not there or not whole
provide() {
    name=$1 destination=$2; shift 2
    if ! (cd "$cache/$name" 2>/dev/null && sha256sum --quiet --strict -c SHA256SUMS >/dev/null 2>&1); then "$@" "$name"; fi
    mkdir -p "$destination"
    cp -Rup "$cache/$name/." "$destination/"
}

mkdir -p "$work" "$cache"
install_packages
check_dotnet
exec 9>"$cache/lock" && flock 9
provide ovmf-trixie      out/firmware/ovmf    fetch_firmware trixie ovmf '*.fd'
provide ovmf-amdsev-sid  out/firmware/amdsev  fetch_firmware sid ovmf-amdsev '*.fd'
provide uefi-tools-trixie out/uefi-tools      fetch_python trixie 'systemd-ukify python3-virt-firmware'
# Another list of modules takes another name, or a set that was cached before would do.
provide linux-bookworm-sev out/linux-6.1      fetch_kernel bookworm
provide linux-trixie-sev out/linux-6.12       fetch_kernel trixie
rm -rf "$work/x" "$work/debs" "$work/lists.ready"
say "ready"
