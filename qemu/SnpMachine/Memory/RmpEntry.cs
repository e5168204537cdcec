using System;

namespace LiteBox.SnpMachine.Memory;

/// <summary>What a VMPL may do with a page (APM volume 2, 15.36.7; the bits are those of RMPADJUST).</summary>
[Flags]
internal enum VmplPermissions : byte
{
    None = 0,
    Read = 1 << 0,
    Write = 1 << 1,
    ExecuteUser = 1 << 2,
    ExecuteSupervisor = 1 << 3,
    SupervisorShadowStack = 1 << 4,
    All = Read | Write | ExecuteUser | ExecuteSupervisor,
}

/// <summary>State of a page in the reverse map.</summary>
[Flags]
internal enum RmpFlags : byte
{
    /// <summary>Hypervisor-owned: the page is shared.</summary>
    None = 0,

    /// <summary>Assigned to the guest by RMPUPDATE.</summary>
    Assigned = 1 << 0,

    /// <summary>Accepted by the guest with PVALIDATE, or placed by the launch.</summary>
    Validated = 1 << 1,

    /// <summary>Made a VMSA by RMPADJUST.</summary>
    Vmsa = 1 << 2,

    /// <summary>Part of a 2 MiB entry.</summary>
    Large = 1 << 3,

    /// <summary>The private home still holds what was there before: it is overwritten at the first access.</summary>
    Stale = 1 << 4,
}

/// <summary>One entry of the reverse map. VMPL0 has every permission; the others what RMPADJUST gave them.</summary>
internal unsafe struct RmpEntry
{
    public RmpFlags Flags;
    private fixed byte _permissions[3];

    public readonly bool IsShared => (Flags & RmpFlags.Assigned) == 0;
    public readonly bool IsValidated => (Flags & RmpFlags.Validated) != 0;
    public readonly bool IsVmsa => (Flags & RmpFlags.Vmsa) != 0;
    public readonly bool IsLarge => (Flags & RmpFlags.Large) != 0;

    public readonly VmplPermissions Permissions(int vmpl) => vmpl == 0 ? VmplPermissions.All : (VmplPermissions)_permissions[vmpl - 1];

    public void SetPermissions(int vmpl, VmplPermissions permissions) => _permissions[vmpl - 1] = (byte)permissions;

    /// <summary>Shared, or assigned and not validated; lower VMPLs lose what they had.</summary>
    public void Reset(RmpFlags flags)
    {
        Flags = flags;
        _permissions[0] = 0;
        _permissions[1] = 0;
        _permissions[2] = 0;
    }
}
