namespace LiteBox.North.Processes;

/// <summary>Credentials in the making: starts from some, is changed field by field, becomes new ones.</summary>
internal ref struct CredentialsChange
{
    public CredentialsChange(Credentials from)
    {
        UserIds = from.UserIds;
        FileUser = from.FileUserId;
        GroupIds = from.GroupIds;
        FileGroup = from.FileGroupId;
        Groups = from.Groups;
        Effective = from.EffectiveCapabilities;
        Permitted = from.PermittedCapabilities;
        Inheritable = from.InheritableCapabilities;
        Bounding = from.BoundingCapabilities;
    }

    public Identities UserIds { get; set; }
    public uint FileUser { get; set; }
    public Identities GroupIds { get; set; }
    public uint FileGroup { get; set; }
    public uint[] Groups { get; set; }
    public ulong Effective { get; set; }
    public ulong Permitted { get; set; }
    public ulong Inheritable { get; set; }
    public ulong Bounding { get; set; }

    /// <summary>What a change of users does to the capabilities (capabilities(7), "Effect of user ID changes on capabilities").</summary>
    public void FollowUsers(Credentials old)
    {
        bool hadRoot = old.UserIds.Has(0);
        bool hasRoot = UserIds.Has(0);
        if (hadRoot && !hasRoot)
        {
            Permitted = 0;
            Effective = 0;
        }
        else if (old.EffectiveUserId == 0 && UserIds.Effective != 0)
        {
            Effective = 0;
        }
        else if (old.EffectiveUserId != 0 && UserIds.Effective == 0)
        {
            Effective = Permitted;
        }
    }

    /// <summary>The new credentials.</summary>
    public readonly Credentials Apply() => new()
    {
        UserId = UserIds.Real,
        EffectiveUserId = UserIds.Effective,
        SavedUserId = UserIds.Saved,
        FileUserId = FileUser,
        GroupId = GroupIds.Real,
        EffectiveGroupId = GroupIds.Effective,
        SavedGroupId = GroupIds.Saved,
        FileGroupId = FileGroup,
        Groups = Groups,
        EffectiveCapabilities = Effective,
        PermittedCapabilities = Permitted,
        InheritableCapabilities = Inheritable,
        BoundingCapabilities = Bounding,
    };
}
