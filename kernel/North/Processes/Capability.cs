namespace LiteBox.North.Processes;

/// <summary>The capabilities that this kernel asks for, by number (capabilities(7); include/uapi/linux/capability.h).</summary>
internal enum Capability
{
    /// <summary>Change owners of files.</summary>
    ChangeOwner = 0,

    /// <summary>Bypass read, write and execute checks of files.</summary>
    OverrideFileAccess = 1,

    /// <summary>Bypass read checks of files and search checks of directories.</summary>
    ReadSearchFiles = 2,

    /// <summary>Act as the owner of any file.</summary>
    ActAsFileOwner = 3,

    /// <summary>Keep set-ID bits.</summary>
    KeepSetId = 4,

    /// <summary>Signal any process.</summary>
    Kill = 5,

    /// <summary>Change groups at will.</summary>
    SetGroupIds = 6,

    /// <summary>Change users at will.</summary>
    SetUserIds = 7,

    /// <summary>Change capabilities of the process.</summary>
    SetCapabilities = 8,

    /// <summary>Bind ports below 1024.</summary>
    BindLowPorts = 10,

    /// <summary>Raw sockets.</summary>
    RawNetwork = 13,

    /// <summary>Lock memory without limit.</summary>
    LockMemory = 14,

    /// <summary>chroot(2).</summary>
    ChangeRoot = 18,

    /// <summary>ptrace any process.</summary>
    Trace = 19,

    /// <summary>Administration: mounts, host name and much else.</summary>
    Administer = 21,

    /// <summary>reboot(2).</summary>
    Reboot = 22,

    /// <summary>Raise priority and scheduling class.</summary>
    Nice = 23,

    /// <summary>Exceed resource limits.</summary>
    ExceedResources = 24,

    /// <summary>Set the clock.</summary>
    SetTime = 25,

    /// <summary>Configure terminals.</summary>
    ConfigureTerminals = 26,

    /// <summary>Make device nodes.</summary>
    MakeNodes = 27,
}
