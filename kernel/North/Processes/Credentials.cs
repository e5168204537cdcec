using System;

namespace LiteBox.North.Processes;

/// <summary>
/// Who a task acts as (credentials(7)). Immutable: a change makes a new one, so that fork shares it and a check sees one consistent state.
/// </summary>
internal sealed class Credentials
{
    /// <summary>All capabilities that Linux 6.1 knows: CAP_CHOWN (0) to CAP_CHECKPOINT_RESTORE (40).</summary>
    public const ulong AllCapabilities = (1UL << 41) - 1;

    /// <summary>The superuser with every capability.</summary>
    public static Credentials Root { get; } = new();

    /// <summary>Real user.</summary>
    public uint UserId { get; init; }

    /// <summary>Effective user: what permission checks ask for.</summary>
    public uint EffectiveUserId { get; init; }

    /// <summary>Saved set-user-ID.</summary>
    public uint SavedUserId { get; init; }

    /// <summary>Real, effective and saved user.</summary>
    public Identities UserIds => new(UserId, EffectiveUserId, SavedUserId);

    /// <summary>User for file access; follows the effective one.</summary>
    public uint FileUserId { get; init; }

    /// <summary>Real group.</summary>
    public uint GroupId { get; init; }

    /// <summary>Effective group.</summary>
    public uint EffectiveGroupId { get; init; }

    /// <summary>Saved set-group-ID.</summary>
    public uint SavedGroupId { get; init; }

    /// <summary>Real, effective and saved group.</summary>
    public Identities GroupIds => new(GroupId, EffectiveGroupId, SavedGroupId);

    /// <summary>Group for file access; follows the effective one.</summary>
    public uint FileGroupId { get; init; }

    /// <summary>Supplementary groups, ascending. Never written after construction.</summary>
    public uint[] Groups { get; init; } = [];

    /// <summary>Capabilities in force, a bit each (capabilities(7)).</summary>
    public ulong EffectiveCapabilities { get; init; } = AllCapabilities;

    /// <summary>Capabilities that may be put in force.</summary>
    public ulong PermittedCapabilities { get; init; } = AllCapabilities;

    /// <summary>Capabilities kept over execve.</summary>
    public ulong InheritableCapabilities { get; init; }

    /// <summary>Capabilities that execve can ever give.</summary>
    public ulong BoundingCapabilities { get; init; } = AllCapabilities;

    /// <summary>True where the capability is in force.</summary>
    public bool Has(Capability capability) => (EffectiveCapabilities >> (int)capability & 1) != 0;

    /// <summary>True for the file group or one of the supplementary groups.</summary>
    public bool IsInGroup(uint group) => group == FileGroupId || Array.BinarySearch(Groups, group) >= 0;

    /// <summary>True for the effective group or one of the supplementary groups.</summary>
    public bool IsInEffectiveGroup(uint group) => group == EffectiveGroupId || Array.BinarySearch(Groups, group) >= 0;
}
