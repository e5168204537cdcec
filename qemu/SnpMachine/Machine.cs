using System.Runtime.InteropServices;
using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Guest;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Host;
using LiteBox.SnpMachine.Memory;
using LiteBox.SnpMachine.SecurityProcessor;

namespace LiteBox.SnpMachine;

/// <summary>The whole: brings the parts up, launches the guest, and runs it.</summary>
internal static unsafe class Machine
{
    private const int MinimumCBit = 47;
    private const int MaximumCBit = 51;
    private const ulong MemoryLimit = 16UL << 30;

    // One lock for all that happens outside of the guest: taken at an exit, given back at the next entry.
    private static uint s_lock;
    private static uint s_arrived;

    /// <summary>The first processor, from the reset stub, in long mode with one-to-one page tables.</summary>
    [UnmanagedCallersOnly(EntryPoint = "SnpMachineMain")]
    public static void Start()
    {
        Channel.Line("The SNP machine"u8);
        MachineConfiguration* configuration = (MachineConfiguration*)PhysicalLayout.Configuration;
        CheckConfiguration(configuration);
        PageAllocator.Initialise(PhysicalLayout.PagePool, PhysicalLayout.PagePoolEnd);
        bool fiveLevels = (Processor.ReadCr4() & ControlBits.Cr4FiveLevels) != 0;
        if (configuration->CBit > MinimumCBit && !fiveLevels)
        {
            Refusal.Fatal(Rule.LaunchConfiguration, configuration->CBit);
        }
        HostPaging.MapEverything(fiveLevels);
        NestedPaging.Initialise((int)configuration->CBit, fiveLevels ? 5 : 4);
        ulong entries = Rmp.PageCount(configuration->GuestMemory, configuration->FirmwareSize);
        ulong rmpPages = (entries * (ulong)sizeof(RmpEntry) + PhysicalLayout.PageSize - 1) / PhysicalLayout.PageSize;
        Rmp.Initialise((RmpEntry*)PageAllocator.Allocate(rmpPages), configuration->GuestMemory, configuration->FirmwareSize);
        GuestMemory.Initialise(configuration->GuestMemory, 0, PhysicalLayout.PrivateHomes, PhysicalLayout.Firmware, configuration->FirmwareSize);
        Refusal.StopsAlways = (configuration->Options & MachineOptions.StopOnRefusal) != 0;
        PageStateChange.Limit = configuration->PageStateChangeLimit;
        PermissionMaps.Initialise();
        GuestRequests.Initialise();
        HostileHost.Initialise(configuration);
        DiskBarrier.Initialise(configuration->DiskBarriers);
        CpuTable.Initialise(configuration->CpuCount);
        BringUpOthers(configuration->CpuCount);
        Launch.Run(configuration, (byte*)PhysicalLayout.Firmware);
        Run(CpuTable.Cpu(0));
    }

    /// <summary>The other processors, from the start-up stub; <paramref name="index"/> counts from 1 in the order of arrival.</summary>
    [UnmanagedCallersOnly(EntryPoint = "SnpMachineApMain")]
    public static void ApMain(uint index)
    {
        VirtualCpu* cpu = CpuTable.Cpu(index);
        cpu->ApicId = LocalApic.CurrentId;
        cpu->EnableSvm();
        Acquire();
        s_arrived++;
        Release();
        Run(cpu);
    }

    /// <summary>An exception of the machine itself, which is a defect of it.</summary>
    [UnmanagedCallersOnly(EntryPoint = "SnpMachineFault")]
    public static void Fault(ulong vector, ulong* frame, ulong address)
    {
        Channel.Line("Exception in the machine, vector"u8, vector);
        for (int i = 0; i < 4; i++)
        {
            Channel.Line("  stack"u8, frame[i]);
        }
        Channel.Line("  cr2"u8, address);
        Stop.Machine("The machine made a mistake"u8);
    }

    private static void CheckConfiguration(MachineConfiguration* configuration)
    {
        if (configuration->Magic != MachineConfiguration.ExpectedMagic || configuration->Size != (uint)sizeof(MachineConfiguration)
            || configuration->GuestMemory == 0 || configuration->GuestMemory > MemoryLimit
            || configuration->GuestMemory % PhysicalLayout.LargePageSize != 0
            || configuration->FirmwareSize == 0 || configuration->FirmwareSize > PhysicalLayout.FirmwareLimit
            || configuration->FirmwareSize % PhysicalLayout.PageSize != 0
            || configuration->CpuCount == 0 || configuration->CpuCount > 64
            || configuration->CBit is not (MinimumCBit or MaximumCBit)
            || configuration->ReportVersion is not (2 or 3 or 5)
            || (configuration->SevFeatures & 1) == 0
            || configuration->LaunchVmpl >= VirtualCpu.VmplCount || configuration->DiskBarriers > PhysicalLayout.BarrierLimit
            || configuration->CertificatesSize > PhysicalLayout.CertificatesLimit
            || configuration->SetupHeaderSize > 1024)
        {
            Refusal.Fatal(Rule.LaunchConfiguration, PhysicalLayout.Configuration);
        }
    }

    private static void BringUpOthers(uint count)
    {
        VirtualCpu* first = CpuTable.Cpu(0);
        first->ApicId = LocalApic.CurrentId;
        first->EnableSvm();
        if (count > 1)
        {
            ApTrampoline.Install();
            LocalApic.StartOthers(ApTrampoline.Page);
            while (System.Threading.Volatile.Read(ref s_arrived) != count - 1)
            {
                Processor.Pause();
            }
        }
        ApTrampoline.Erase();
    }

    private static void Run(VirtualCpu* cpu)
    {
        while (true)
        {
            Acquire();
            cpu->IsCalled = 0;
            if (cpu->Request.IsPending)
            {
                ApControl.Settle(cpu);
            }
            if (cpu->State != CpuState.Running)
            {
                Release();
                Processor.WaitForNmi();
                continue;
            }
            GuestContext* context = cpu->Current;
            Vmcb* vmcb = context->ControlBlock;
            vmcb->Rax = context->Registers[GuestContext.Rax];
            vmcb->Rsp = context->Registers[GuestContext.Rsp];
            cpu->PrepareRun(context);
            Release();
            Processor.RunGuest(context);
            Acquire();
            context->Registers[GuestContext.Rax] = vmcb->Rax;
            context->Registers[GuestContext.Rsp] = vmcb->Rsp;
            Refusal.Context = context;
            ExitDispatcher.Handle(cpu);
            Release();
            if (vmcb->ExitCode == ExitCode.Nmi)
            {
                Processor.TakeNmi();
            }
        }
    }

    private static void Acquire()
    {
        fixed (uint* word = &s_lock)
        {
            while (Processor.Exchange(word, 1) != 0)
            {
                Processor.Pause();
            }
        }
    }

    private static void Release()
    {
        fixed (uint* word = &s_lock)
        {
            Processor.Exchange(word, 0);
        }
    }
}
