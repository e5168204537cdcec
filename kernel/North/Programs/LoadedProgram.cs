using LiteBox.North.Files;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Programs;

/// <summary>A program that is ready to run: everything that could fail is behind it.</summary>
internal sealed class LoadedProgram
{
    /// <summary>Its memory, owned by the holder of this object.</summary>
    public required AddressSpace Memory { get; init; }

    /// <summary>The file that runs (/proc/PID/exe), owned by the holder of this object.</summary>
    public required OpenFile Executable { get; init; }

    /// <summary>The first instruction.</summary>
    public required UserAddress Entry { get; init; }

    /// <summary>The stack pointer there.</summary>
    public required UserAddress StackPointer { get; init; }

    /// <summary>Who it runs as: set-user-ID and set-group-ID are done.</summary>
    public required Credentials Credentials { get; init; }

    /// <summary>The command name: 15 bytes and a zero.</summary>
    public required byte[] Name { get; init; }

    /// <summary>Gives up what the object owns: the program does not run after all.</summary>
    public void Drop()
    {
        Memory.Release();
        Executable.Release(null);
    }

    /// <summary>The registers at the first instruction: all zero but these (System V ABI, "Process Initialization").</summary>
    public UserRegisters CreateRegisters() => new()
    {
        Rip = Entry.Value,
        Rsp = StackPointer.Value,
        Rflags = UserSelectors.InterruptFlag,
        Cs = UserSelectors.Code,
        Ss = UserSelectors.Data,
        OriginalRax = ulong.MaxValue,
    };
}
