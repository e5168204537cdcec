using LiteBox.Platform;
using LiteBox.Runtime;
using LiteBox.South.Acpi;
using LiteBox.South.Consoles;
using LiteBox.South.Diagnostics;
using LiteBox.South.Handover;
using LiteBox.South.Hardware;
using LiteBox.South.Heaps;
using LiteBox.South.Instructions;
using LiteBox.South.Interrupts;
using LiteBox.South.Memory;
using LiteBox.South.Processors;
using LiteBox.South.Randomness;
using LiteBox.South.Scheduling;
using LiteBox.South.Snp;
using LiteBox.South.Stops;
using LiteBox.South.Timekeeping;
using LiteBox.South.UserAccess;

namespace LiteBox.South.Plain;

/// <summary>Makes a running machine of what the boot loader handed over, step by step; each step needs only those before it.</summary>
public static unsafe class PlainStart
{
    /// <summary>
    /// Takes possession of the machine. Everything that can go wrong stops it with a reason.
    /// </summary>
    /// <param name="bootInformation">Address of the boot loader's structure in the direct map.</param>
    public static Machine Run(ulong bootInformation)
    {
        // SAFETY: the boot loader gives the address of its structure, which is checked before anything in it is believed.
        BootInformation* information = (BootInformation*)bootInformation;
        bool isSnp = information->EncryptionMask != 0;
        if (isSnp)
        {
            Stop.Start(null, &SnpEnding.EndEarly); // no ports before there is a GHCB
        }
        else
        {
            Stop.Start(ImageKind.IsDebug ? &EarlyUart.WriteLine : null, null);
        }

        ProcessorSetup.LoadTables();
        if (information->Magic != BootInformation.ExpectedMagic || information->Version != BootInformation.ExpectedVersion
            || information->Size != sizeof(BootInformation))
        {
            Stop.Machine(StopReason.BrokenInvariant, "The boot loader is of another version than the kernel.");
        }

        BootFacts.Take(*information);
        PageTableEntry.UseEncryptionMask(information->EncryptionMask);
        SnpCpuidTable cpuid = default;
        if (isSnp && !SnpGuest.TryReadCpuid(*information, out cpuid))
        {
            Stop.Machine(StopReason.HostBrokeProtocol, "The launch has features that this kernel does not know, or its CPUID page is missing, damaged, or of another C-bit.");
        }

        StartMemory(information, isSnp ? SnpGuest.PhysicalBits(ref cpuid) : PhysicalBits(), isSnp);

        HostConnection? connection = isSnp ? SnpGuest.Connect(*information, new MachineHostExit(), new MachinePageInstructions(), ref cpuid) : null;
        HardwareAccess hardware = connection is not null ? StartSnp(connection, ref cpuid) : new PlainHardware();
        BootPayload payload = new(*information);
        UartConsole? console = ConsoleChoice.IsWanted(payload.CommandLine) ? new UartConsole(new Uart16550(hardware)) : null;
        PlainEnding ending = new(hardware);
        SnpEnding? snpEnding = isSnp ? new SnpEnding(new MachineHostExit()) : null;
        ulong image = information->ImageVirtualStart;
        ending.Guest = snpEnding;
        StopOutput? reports = ImageKind.IsDebug ? new UartReports(hardware, image, image + information->Image.Length) { Console = console } : null;
        Stop.Use(reports, snpEnding is null ? ending : snpEnding);
        Symbols.Use(information->Symbols);
        AcpiProcessors processors = ReadAcpi(information->AcpiRootPointer, hardware, ending); // early: then a stop can switch the machine off

        ProcessorFeatures features = ProcessorFeatures.Read(hardware);
        if (features.FirstMissing is { } missing)
        {
            Stop.Machine(StopReason.MissingFeature, "the processor lacks a feature that this kernel needs", missing);
        }

        ProcessorSetup.EnableFeatures(features);
        AuditPageTables(*information, connection?.Pool);
        LocalApic apic = OpenInterruptControllers(hardware, features, processors);
        SouthClock clock = StartClock(hardware, apic, features, information->TimestampAtExit);
        SouthScheduler scheduler = StartScheduler(hardware, features, clock);
        ProcessorEntropy? entropy = ProcessorEntropy.TryCreate(new InstructionRandomWords(features.HasSeed));
        if (entropy is null)
        {
            Stop.Machine(StopReason.NoEntropy, "the processor gives no random bits");
        }

        InterruptDispatch.Use(apic, clock, scheduler, console);
        console?.StartInterrupts();
        SouthUserMemory userMemory = new();
        if (connection is not null)
        {
            UserVmmCommunication.Use(hardware);
            if (ImageKind.IsDebug)
            {
                BootReport.Write(console!, clock.Monotonic, connection, ref cpuid);
            }
        }

        AttestationDevice? attestation = null;
        if (connection is not null)
        {
            attestation = AttestationStart.TryRun(*information, connection, scheduler, clock);
            snpEnding!.Attestation = attestation;
        }

        return new PlainMachine(
            isSnp ? "SEV-SNP guest" : "plain VM", hardware, ending, payload, console, new SouthFrameAllocator(), clock, scheduler,
            userMemory, entropy, attestation);
    }

    /// <summary>The rules for page tables hold before anything else runs (T65), and the host sees the pool's pages and no others (T32).</summary>
    private static void AuditPageTables(in BootInformation information, SharedPool? pool)
    {
        PageTableAudit audit = new(information.ImageVirtualStart, information.Image.Start, information.CodeStart, information.CodeEnd, information.ConstantsEnd)
        {
            Shared = pool?.Range ?? default,
        };
        audit.Walk(KernelPageTable.Root);
        if (audit.Violations != 0 || audit.SharedPageCount != (pool is null ? 0 : SharedPool.PageCount))
        {
            Stop.Machine(StopReason.BrokenInvariant, "a page of the kernel has rights that it must not have");
        }
    }

    /// <summary>The memory that firmware left unaccepted, a way to talk to the host, and what the security processor says about the processor.</summary>
    private static SnpHardware StartSnp(HostConnection connection, ref SnpCpuidTable cpuid)
    {
        DormantMemory.AcceptBy(new MemoryAcceptance(connection));
        SnpHardware plainStates = new(connection.Ghcb, cpuid, 0);
        return new SnpHardware(connection.Ghcb, cpuid, ControlRegisters.Xcr0(ProcessorFeatures.Read(plainStates)));
    }

    private static int PhysicalBits()
    {
        uint* registers = stackalloc uint[4];
        Instruction.Cpuid(AddressSizeLeaf, 0, registers);
        return (int)(registers[0] & 0xFF);
    }

    private static void StartMemory(BootInformation* information, int physicalBits, bool acceptsMemory)
    {
        KernelPageTable.TakeOver(information->PageTables.Start);
        if (MemoryIntake.TryRun(*information, physicalBits, acceptsMemory) is { } problem)
        {
            Stop.Machine(StopReason.NoMemory, problem);
        }

        KernelStacks.Initialize();
        if (!HeapMemory.TryStart())
        {
            Stop.Machine(StopReason.NoMemory, "There is not enough memory for the kernel's heap.");
        }

        RuntimeHost.Initialize();
    }

    /// <summary>CPUID: physical address bits in EAX[7:0] (APM volume 3, E.4.7).</summary>
    private const uint AddressSizeLeaf = 0x8000_0008;

    private static AcpiProcessors ReadAcpi(ulong rootPointer, HardwareAccess hardware, PlainEnding ending)
    {
        AcpiProcessors processors = default;
        if (AcpiTables.TryOpen(new DirectMapAcpiMemory(), rootPointer, out AcpiTables tables))
        {
            tables.TryGetProcessors(out processors);
            if (tables.TryGetPower(out AcpiPower power))
            {
                ending.Power = power;
                (hardware as SnpHardware)?.Allow(power);
            }
        }

        return processors;
    }

    private static LocalApic OpenInterruptControllers(HardwareAccess hardware, in ProcessorFeatures features, in AcpiProcessors processors)
    {
        LegacyInterruptController.Disable(hardware);
        LocalApic? apic = LocalApic.TryOpen(hardware, features);
        if (apic is null)
        {
            Stop.Machine(StopReason.NoMemory, "The local APIC's registers cannot be mapped.");
        }

        if (processors.IoApicAddress != 0)
        {
            IoApic? controller = IoApic.TryOpen(hardware, processors.IoApicAddress, 0);
            controller?.Route(Uart16550.InterruptLine, InterruptVectors.Serial, apic.Id);
        }

        return apic;
    }

    private static SouthClock StartClock(HardwareAccess hardware, LocalApic apic, in ProcessorFeatures features, ulong start)
    {
        if (!Calibration.TryMeasure(hardware, apic, out ulong timestampFrequency, out ulong apicFrequency))
        {
            Stop.Machine(StopReason.BrokenClock, "the time-stamp counter cannot be measured");
        }

        EventTimer timer = EventTimer.Create(hardware, apic, features, timestampFrequency, apicFrequency);
        ulong realtime = RealTimeClock.ReadSeconds(hardware) * 1_000_000_000;
        return new SouthClock(new TimestampScale(timestampFrequency), start, timer, realtime);
    }

    private static SouthScheduler StartScheduler(HardwareAccess hardware, in ProcessorFeatures features, SouthClock clock)
    {
        if (!FrameDatabase.TryTake(FrameKind.Kernel, out uint initial))
        {
            Stop.Machine(StopReason.NoMemory, "There is not enough memory to start.");
        }

        // SAFETY: the frame is fresh, and the format's from now on.
        UserStateFormat format = UserStateFormat.Read(features, hardware, FrameDatabase.Bytes(initial));
        return new SouthScheduler(clock, format, KernelStack.Boot);
    }
}
