namespace LiteBox.North.Processes;

/// <summary>Credentials in the making: starts from some, is changed field by field, becomes new ones.</summary>
internal ref struct CredentialsChange
{
    public CredentialsChange(Credentials from)
    {
        User = from.UserId;
        EffectiveUser = from.EffectiveUserId;
        SavedUser = from.SavedUserId;
        FileUser = from.FileUserId;
        Group = from.GroupId;
        EffectiveGroup = from.EffectiveGroupId;
        SavedGroup = from.SavedGroupId;
        FileGroup = from.FileGroupId;
        Groups = from.Groups;
        Effective = from.EffectiveCapabilities;
        Permitted = from.PermittedCapabilities;
        Inheritable = from.InheritableCapabilities;
        Bounding = from.BoundingCapabilities;
    }

    public uint User { get; set; }
    public uint EffectiveUser { get; set; }
    public uint SavedUser { get; set; }
    public uint FileUser { get; set; }
    public uint Group { get; set; }
    public uint EffectiveGroup { get; set; }
    public uint SavedGroup { get; set; }
    public uint FileGroup { get; set; }
    public uint[] Groups { get; set; }
    public ulong Effective { get; set; }
    public ulong Permitted { get; set; }
    public ulong Inheritable { get; set; }
    public ulong Bounding { get; set; }

    /// <summary>What a change of users does to the capabilities (capabilities(7), "Effect of user ID changes on capabilities").</summary>
    public void FollowUsers(Credentials old)
    {
        bool hadRoot = old.UserId == 0 || old.EffectiveUserId == 0 || old.SavedUserId == 0;
        bool hasRoot = User == 0 || EffectiveUser == 0 || SavedUser == 0;
        if (hadRoot && !hasRoot)
        {
            Permitted = 0;
            Effective = 0;
        }
        else if (old.EffectiveUserId == 0 && EffectiveUser != 0)
        {
            Effective = 0;
        }
        else if (old.EffectiveUserId != 0 && EffectiveUser == 0)
        {
            Effective = Permitted;
        }
    }

    /// <summary>The new credentials.</summary>
    public readonly Credentials Apply() => new()
    {
        UserId = User,
        EffectiveUserId = EffectiveUser,
        SavedUserId = SavedUser,
        FileUserId = FileUser,
        GroupId = Group,
        EffectiveGroupId = EffectiveGroup,
        SavedGroupId = SavedGroup,
        FileGroupId = FileGroup,
        Groups = Groups,
        EffectiveCapabilities = Effective,
        PermittedCapabilities = Permitted,
        InheritableCapabilities = Inheritable,
        BoundingCapabilities = Bounding,
    };
}
