using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;
using static LiteBox.Abi.SystemCallNumber;

namespace LiteBox.North.Processes;

/// <summary>Users, groups and capabilities (credentials(7), capabilities(7)).</summary>
internal static class IdentityCalls
{
    /// <summary>Heap for a new set of credentials.</summary>
    private const int CredentialsBytes = 256;

    private const int MaximumGroups = 65536; // NGROUPS_MAX

    // _LINUX_CAPABILITY_VERSION_1 to _3 (include/uapi/linux/capability.h).
    private const uint CapabilityVersion1 = 0x19980330;
    private const uint CapabilityVersion2 = 0x20071026;
    private const uint CapabilityVersion3 = 0x20080522;

    public static void AddTo(SystemCallTable table)
    {
        table.Add(getuid, GetUser);
        table.Add(geteuid, GetEffectiveUser);
        table.Add(getgid, GetGroup);
        table.Add(getegid, GetEffectiveGroup);
        table.Add(setuid, SetUser, heapBytes: CredentialsBytes);
        table.Add(setgid, SetGroup, heapBytes: CredentialsBytes);
        table.Add(setreuid, SetRealAndEffectiveUser, heapBytes: CredentialsBytes);
        table.Add(setregid, SetRealAndEffectiveGroup, heapBytes: CredentialsBytes);
        table.Add(setresuid, SetUsers, heapBytes: CredentialsBytes);
        table.Add(setresgid, SetGroupIds, heapBytes: CredentialsBytes);
        table.Add(getresuid, GetUsers);
        table.Add(getresgid, GetGroupIds);
        table.Add(setfsuid, SetFileUser, heapBytes: CredentialsBytes);
        table.Add(setfsgid, SetFileGroup, heapBytes: CredentialsBytes);
        table.Add(getgroups, GetSupplementary);
        table.Add(setgroups, SetSupplementary, heapBytes: CredentialsBytes + (MaximumGroups * sizeof(uint)) + 64);
        table.Add(capget, GetCapabilities);
        table.Add(capset, SetCapabilities, heapBytes: CredentialsBytes);
    }

    private static Result GetUser(Task task, in SystemCallArguments arguments) => (long)task.Credentials.UserId;

    private static Result GetEffectiveUser(Task task, in SystemCallArguments arguments) => (long)task.Credentials.EffectiveUserId;

    private static Result GetGroup(Task task, in SystemCallArguments arguments) => (long)task.Credentials.GroupId;

    private static Result GetEffectiveGroup(Task task, in SystemCallArguments arguments) => (long)task.Credentials.EffectiveGroupId;

    private static Result SetUser(Task task, in SystemCallArguments arguments)
    {
        Identities users = task.Credentials.UserIds;
        Errno error = users.Set((uint)arguments.A0, task.Credentials.Has(Capability.SetUserIds));
        return error != Errno.None ? error : FinishUsers(task, users);
    }

    private static Result SetRealAndEffectiveUser(Task task, in SystemCallArguments arguments)
    {
        Identities users = task.Credentials.UserIds;
        Errno error = users.SetRealAndEffective((uint)arguments.A0, (uint)arguments.A1, task.Credentials.Has(Capability.SetUserIds));
        return error != Errno.None ? error : FinishUsers(task, users);
    }

    private static Result SetUsers(Task task, in SystemCallArguments arguments)
    {
        Identities users = task.Credentials.UserIds;
        Errno error = users.SetAll((uint)arguments.A0, (uint)arguments.A1, (uint)arguments.A2, task.Credentials.Has(Capability.SetUserIds));
        return error != Errno.None ? error : FinishUsers(task, users);
    }

    private static Result FinishUsers(Task task, Identities users)
    {
        var change = new CredentialsChange(task.Credentials) { UserIds = users, FileUser = users.Effective };
        change.FollowUsers(task.Credentials);
        if (users.Effective != task.Credentials.EffectiveUserId)
        {
            task.ParentDeathSignal = 0;
        }

        task.Credentials = change.Apply();
        return Result.Success;
    }

    private static Result SetGroup(Task task, in SystemCallArguments arguments)
    {
        Identities groups = task.Credentials.GroupIds;
        Errno error = groups.Set((uint)arguments.A0, task.Credentials.Has(Capability.SetGroupIds));
        return error != Errno.None ? error : FinishGroups(task, groups);
    }

    private static Result SetRealAndEffectiveGroup(Task task, in SystemCallArguments arguments)
    {
        Identities groups = task.Credentials.GroupIds;
        Errno error = groups.SetRealAndEffective((uint)arguments.A0, (uint)arguments.A1, task.Credentials.Has(Capability.SetGroupIds));
        return error != Errno.None ? error : FinishGroups(task, groups);
    }

    private static Result SetGroupIds(Task task, in SystemCallArguments arguments)
    {
        Identities groups = task.Credentials.GroupIds;
        Errno error = groups.SetAll((uint)arguments.A0, (uint)arguments.A1, (uint)arguments.A2, task.Credentials.Has(Capability.SetGroupIds));
        return error != Errno.None ? error : FinishGroups(task, groups);
    }

    private static Result FinishGroups(Task task, Identities groups)
    {
        task.Credentials = new CredentialsChange(task.Credentials) { GroupIds = groups, FileGroup = groups.Effective }.Apply();
        return Result.Success;
    }

    private static Result GetUsers(Task task, in SystemCallArguments arguments) => StoreThree(task, arguments, task.Credentials.UserIds);

    private static Result GetGroupIds(Task task, in SystemCallArguments arguments) => StoreThree(task, arguments, task.Credentials.GroupIds);

    private static Result StoreThree(Task task, in SystemCallArguments arguments, Identities ids)
    {
        bool isStored = new UserPointer<Word32>(arguments.A0).TryWrite(task.UserMemory, new Word32 { Value = ids.Real })
            && new UserPointer<Word32>(arguments.A1).TryWrite(task.UserMemory, new Word32 { Value = ids.Effective })
            && new UserPointer<Word32>(arguments.A2).TryWrite(task.UserMemory, new Word32 { Value = ids.Saved });
        return isStored ? Result.Success : Errno.EFAULT;
    }

    // setfsuid and setfsgid answer the old id, whether they changed it or not.
    private static Result SetFileUser(Task task, in SystemCallArguments arguments)
    {
        Credentials old = task.Credentials;
        uint user = (uint)arguments.A0;
        if (user != Identities.Unchanged && (old.UserIds.Has(user) || user == old.FileUserId || old.Has(Capability.SetUserIds)))
        {
            task.Credentials = new CredentialsChange(old) { FileUser = user }.Apply();
        }

        return (long)old.FileUserId;
    }

    private static Result SetFileGroup(Task task, in SystemCallArguments arguments)
    {
        Credentials old = task.Credentials;
        uint group = (uint)arguments.A0;
        if (group != Identities.Unchanged && (old.GroupIds.Has(group) || group == old.FileGroupId || old.Has(Capability.SetGroupIds)))
        {
            task.Credentials = new CredentialsChange(old) { FileGroup = group }.Apply();
        }

        return (long)old.FileGroupId;
    }

    private static Result GetSupplementary(Task task, in SystemCallArguments arguments)
    {
        uint[] groups = task.Credentials.Groups;
        int size = arguments.Int0;
        if (size < 0)
        {
            return Errno.EINVAL;
        }

        if (size == 0)
        {
            return groups.Length;
        }

        if (size < groups.Length)
        {
            return Errno.EINVAL;
        }

        for (int i = 0; i < groups.Length; i++)
        {
            if (!new UserPointer<Word32>(arguments.A1 + ((ulong)i * sizeof(uint))).TryWrite(task.UserMemory, new Word32 { Value = groups[i] }))
            {
                return Errno.EFAULT;
            }
        }

        return groups.Length;
    }

    private static Result SetSupplementary(Task task, in SystemCallArguments arguments)
    {
        if (!task.Credentials.Has(Capability.SetGroupIds))
        {
            return Errno.EPERM;
        }

        uint count = (uint)arguments.A0;
        if (count > MaximumGroups)
        {
            return Errno.EINVAL;
        }

        uint[] groups = new uint[count];
        Span<byte> word = stackalloc byte[sizeof(uint)];
        for (int i = 0; i < groups.Length; i++)
        {
            if (!task.UserMemory.TryRead(new UserAddress(arguments.A1) + ((ulong)i * sizeof(uint)), word))
            {
                return Errno.EFAULT;
            }

            groups[i] = BinaryPrimitives.ReadUInt32LittleEndian(word);
        }

        Array.Sort(groups);
        task.Credentials = new CredentialsChange(task.Credentials) { Groups = groups }.Apply();
        return Result.Success;
    }

    private static Result GetCapabilities(Task task, in SystemCallArguments arguments)
    {
        Errno error = ReadHeader(task, arguments.A0, out CapabilityHeader header);
        if (error != Errno.None)
        {
            return error == Errno.EINVAL && arguments.A1 == 0 ? Result.Success : error;
        }

        Task? target = header.Id == 0 ? task : task.Kernel.Processes.FindTask(header.Id);
        if (header.Id < 0)
        {
            return Errno.EINVAL;
        }

        if (target is null)
        {
            return Errno.ESRCH;
        }

        if (arguments.A1 == 0)
        {
            return Errno.EFAULT;
        }

        Credentials credentials = target.Credentials;
        Span<byte> data = stackalloc byte[24];
        Put(data, 0, (uint)credentials.EffectiveCapabilities);
        Put(data, 4, (uint)credentials.PermittedCapabilities);
        Put(data, 8, (uint)credentials.InheritableCapabilities);
        Put(data, 12, (uint)(credentials.EffectiveCapabilities >> 32));
        Put(data, 16, (uint)(credentials.PermittedCapabilities >> 32));
        Put(data, 20, (uint)(credentials.InheritableCapabilities >> 32));
        int length = header.Version == CapabilityVersion1 ? 12 : 24;
        return task.UserMemory.TryWrite(new UserAddress(arguments.A1), data.Slice(0, length)) ? Result.Success : Errno.EFAULT;
    }

    private static Result SetCapabilities(Task task, in SystemCallArguments arguments)
    {
        Errno error = ReadHeader(task, arguments.A0, out CapabilityHeader header);
        if (error != Errno.None)
        {
            return error;
        }

        if (header.Id != 0 && header.Id != task.Id)
        {
            return Errno.EPERM;
        }

        Span<byte> data = stackalloc byte[24];
        data.Clear();
        if (!task.UserMemory.TryRead(new UserAddress(arguments.A1), data.Slice(0, header.Version == CapabilityVersion1 ? 12 : 24)))
        {
            return Errno.EFAULT;
        }

        Credentials old = task.Credentials;
        ulong effective = (Get(data, 0) | (ulong)Get(data, 12) << 32) & Credentials.AllCapabilities;
        ulong permitted = (Get(data, 4) | (ulong)Get(data, 16) << 32) & Credentials.AllCapabilities;
        ulong inheritable = (Get(data, 8) | (ulong)Get(data, 20) << 32) & Credentials.AllCapabilities;
        bool addsInheritable = (inheritable & ~(old.InheritableCapabilities | old.PermittedCapabilities)) != 0 && !old.Has(Capability.SetCapabilities);
        bool exceedsBounding = (inheritable & ~(old.InheritableCapabilities | old.BoundingCapabilities)) != 0;
        if ((permitted & ~old.PermittedCapabilities) != 0 || (effective & ~permitted) != 0 || addsInheritable || exceedsBounding)
        {
            return Errno.EPERM;
        }

        task.Credentials = new CredentialsChange(old) { Effective = effective, Permitted = permitted, Inheritable = inheritable }.Apply();
        return Result.Success;
    }

    private static Errno ReadHeader(Task task, ulong address, out CapabilityHeader header)
    {
        var pointer = new UserPointer<CapabilityHeader>(address);
        if (!pointer.TryRead(task.UserMemory, out header))
        {
            return Errno.EFAULT;
        }

        if (header.Version is CapabilityVersion1 or CapabilityVersion2 or CapabilityVersion3)
        {
            return Errno.None;
        }

        return pointer.TryWrite(task.UserMemory, new CapabilityHeader { Version = CapabilityVersion3, Id = header.Id }) ? Errno.EINVAL : Errno.EFAULT;
    }

    private static void Put(Span<byte> data, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(data.Slice(offset), value);

    private static uint Get(ReadOnlySpan<byte> data, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(data.Slice(offset));
}
