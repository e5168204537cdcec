using LiteBox.Platform;

namespace LiteBox.North.Processes;

/// <summary>What clone(2), clone3(2), fork(2) and vfork(2) ask for.</summary>
internal readonly struct CloneRequest
{
    /// <summary>CLONE_ flags without the exit signal.</summary>
    public ulong Flags { get; init; }

    /// <summary>The signal that the parent gets when the child ends; 0: none.</summary>
    public int ExitSignal { get; init; }

    /// <summary>The child's stack pointer, or 0 for the parent's.</summary>
    public ulong StackPointer { get; init; }

    /// <summary>Where the child's id is stored in the parent's memory (CLONE_PARENT_SETTID).</summary>
    public UserAddress ParentId { get; init; }

    /// <summary>Where it is stored in the child's memory (CLONE_CHILD_SETTID), and cleared when it ends (CLONE_CHILD_CLEARTID).</summary>
    public UserAddress ChildId { get; init; }

    /// <summary>The child's thread pointer (CLONE_SETTLS).</summary>
    public ulong ThreadPointer { get; init; }

    /// <summary>True where all the flags are set.</summary>
    public bool Has(ulong flags) => (Flags & flags) == flags;
}

/// <summary>Flags of clone(2) (include/uapi/linux/sched.h).</summary>
internal static class CloneFlags
{
    /// <summary>The low byte of clone(2)'s flags is the exit signal.</summary>
    public const ulong ExitSignalMask = 0xFF;

    public const ulong CLONE_VM = 0x100;
    public const ulong CLONE_FS = 0x200;
    public const ulong CLONE_FILES = 0x400;
    public const ulong CLONE_SIGHAND = 0x800;
    public const ulong CLONE_PIDFD = 0x1000;
    public const ulong CLONE_PTRACE = 0x2000;
    public const ulong CLONE_VFORK = 0x4000;
    public const ulong CLONE_PARENT = 0x8000;
    public const ulong CLONE_THREAD = 0x10000;
    public const ulong CLONE_SYSVSEM = 0x40000;
    public const ulong CLONE_SETTLS = 0x80000;
    public const ulong CLONE_PARENT_SETTID = 0x100000;
    public const ulong CLONE_CHILD_CLEARTID = 0x200000;
    public const ulong CLONE_DETACHED = 0x400000;
    public const ulong CLONE_UNTRACED = 0x800000;
    public const ulong CLONE_CHILD_SETTID = 0x1000000;
    public const ulong CLONE_IO = 0x80000000;
    public const ulong CLONE_CLEAR_SIGHAND = 0x100000000;

    /// <summary>What is understood. Namespaces, pidfds and cgroups are not.</summary>
    public const ulong Supported = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_PTRACE | CLONE_VFORK | CLONE_PARENT | CLONE_THREAD
        | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_DETACHED | CLONE_UNTRACED | CLONE_CHILD_SETTID | CLONE_IO
        | CLONE_CLEAR_SIGHAND;
}
