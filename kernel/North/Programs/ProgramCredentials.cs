using LiteBox.North.Files;
using LiteBox.North.Processes;

namespace LiteBox.North.Programs;

/// <summary>Who a program runs as (execve(2), capabilities(7) "Transformation of capabilities during execve").</summary>
internal static class ProgramCredentials
{
    /// <summary>The credentials after execve of a file.</summary>
    public static Credentials Of(Task task, OpenFile file)
    {
        Credentials old = task.Credentials;
        Inode inode = file.Inode;
        bool mayChange = !task.HasNoNewPrivileges && (file.Location.Mount.Flags & MountFlags.NoSetUserId) == 0;
        uint user = mayChange && (inode.Mode & FileMode.SetUserId) != 0 ? inode.UserId : old.EffectiveUserId;
        const uint setGroup = FileMode.SetGroupId | FileMode.GroupExecute;
        uint group = mayChange && (inode.Mode & setGroup) == setGroup ? inode.GroupId : old.EffectiveGroupId;
        bool isRoot = user == 0 || old.UserId == 0;
        ulong permitted = isRoot ? (old.InheritableCapabilities | Credentials.AllCapabilities) & old.BoundingCapabilities : 0;
        return new Credentials
        {
            UserId = old.UserId,
            EffectiveUserId = user,
            SavedUserId = user,
            FileUserId = user,
            GroupId = old.GroupId,
            EffectiveGroupId = group,
            SavedGroupId = group,
            FileGroupId = group,
            Groups = old.Groups,
            PermittedCapabilities = permitted,
            EffectiveCapabilities = user == 0 ? permitted : 0,
            InheritableCapabilities = old.InheritableCapabilities,
            BoundingCapabilities = old.BoundingCapabilities,
        };
    }
}
