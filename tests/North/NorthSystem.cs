using LiteBox.Abi;
using LiteBox.Fake;
using LiteBox.North.Files;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.Platform;
using Task = LiteBox.North.Processes.Task;

namespace LiteBox.North.Tests;

/// <summary>This kernel on the fake machine, with one program: a delegate that makes system calls.</summary>
internal sealed class NorthSystem : ISystem
{
    private const ulong ScratchLength = 4 << 20;

    private readonly FakeUserThread thread;
    private ulong scratch;
    private ulong used;

    private NorthSystem(FakeMachine machine, LinuxKernel kernel, Task task, FakeUserThread thread)
    {
        Machine = machine;
        Kernel = kernel;
        Task = task;
        this.thread = thread;
    }

    public FakeMachine Machine { get; }

    public LinuxKernel Kernel { get; }

    public Task Task { get; }

    /// <summary>Boots the kernel and runs the program as its first process, with the console as descriptors 0 to 2.</summary>
    public static void Run(Action<NorthSystem> program, long frames = 16384, byte[]? initrd = null, AttestationDevice? attestation = null)
    {
        FakeMachine machine = new(frames) { FakeAttestation = attestation };
        if (initrd is not null)
        {
            machine.InitrdBytes = initrd;
        }

        LinuxKernel kernel = new(machine);
        kernel.FillRootFileSystem();
        Task task = kernel.CreateFirstTask(kernel.OpenConsole(), kernel.FileSystems.CreateContext());
        Assert.True(AddressSpace.TryCreate(machine, task.Process.Limits, out AddressSpace? memory));
        task.Process.Memory = memory;
        machine.FakeScheduler.NextBody = thread =>
        {
            NorthSystem system = new(machine, kernel, task, thread);
            system.scratch = (ulong)system.Call(SystemCallNumber.mmap, 0, ScratchLength, 3, 0x22, ulong.MaxValue, 0);
            system.Put(new byte[ScratchLength]); // touched once, so that no page of it comes later
            system.Forget();
            program(system);
            system.Call(SystemCallNumber.exit_group, 0);
        };
        Assert.True(machine.FakeScheduler.TryCreateUserThread(task, memory.PageTable, default, null, out UserThread? made));
        task.Thread = made;
        kernel.EnterFirst(task);
        made.Start();
        machine.Run();
    }

    public long Call(SystemCallNumber number, params ulong[] arguments)
    {
        ulong[] a = new ulong[6];
        arguments.CopyTo(a, 0);
        return thread.SystemCall((ulong)number, a[0], a[1], a[2], a[3], a[4], a[5]);
    }

    public ulong Put(ReadOnlySpan<byte> bytes)
    {
        ulong address = scratch + used;
        used += ((ulong)bytes.Length + 15) & ~15UL;
        Assert.True(used <= ScratchLength);
        Assert.True(Machine.UserMemory.TryWrite(new UserAddress(address), bytes));
        return address;
    }

    public byte[] Get(ulong address, int length)
    {
        byte[] bytes = new byte[length];
        Assert.True(Machine.UserMemory.TryRead(new UserAddress(address), bytes));
        return bytes;
    }

    public void Forget() => used = 0;
}
