using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;

namespace LiteBox.North.Files;

/// <summary>
/// Extended attributes (xattr(7)). The file systems here keep none: lists are empty, and every name answers EOPNOTSUPP, as on a file system without
/// support.
/// </summary>
internal static class ExtendedAttributeCalls
{
    private const string Notes = "no attributes are kept";

    public static void AddTo(SystemCallTable table)
    {
        AddByPath(table, SystemCallNumber.getxattr, LookupFlags.Follow, Errno.EOPNOTSUPP);
        AddByPath(table, SystemCallNumber.lgetxattr, LookupFlags.None, Errno.EOPNOTSUPP);
        AddByPath(table, SystemCallNumber.setxattr, LookupFlags.Follow, Errno.EOPNOTSUPP);
        AddByPath(table, SystemCallNumber.lsetxattr, LookupFlags.None, Errno.EOPNOTSUPP);
        AddByPath(table, SystemCallNumber.removexattr, LookupFlags.Follow, Errno.EOPNOTSUPP);
        AddByPath(table, SystemCallNumber.lremovexattr, LookupFlags.None, Errno.EOPNOTSUPP);
        AddByPath(table, SystemCallNumber.listxattr, LookupFlags.Follow, Errno.None);
        AddByPath(table, SystemCallNumber.llistxattr, LookupFlags.None, Errno.None);
        AddByDescriptor(table, SystemCallNumber.fgetxattr, Errno.EOPNOTSUPP);
        AddByDescriptor(table, SystemCallNumber.fsetxattr, Errno.EOPNOTSUPP);
        AddByDescriptor(table, SystemCallNumber.fremovexattr, Errno.EOPNOTSUPP);
        AddByDescriptor(table, SystemCallNumber.flistxattr, Errno.None);
    }

    private static void AddByPath(SystemCallTable table, SystemCallNumber number, LookupFlags flags, Errno answer) =>
        table.Add(
            number,
            (Task task, in SystemCallArguments a) =>
            {
                Errno error = PathCall.Find(task, PathCall.WorkingDirectory, a.A0, flags, out _);
                return error != Errno.None ? error : answer;
            },
            SystemCallSupport.Partial,
            notes: Notes);

    private static void AddByDescriptor(SystemCallTable table, SystemCallNumber number, Errno answer) =>
        table.Add(
            number,
            (Task task, in SystemCallArguments a) =>
            {
                using FileUse use = FileUse.Of(task, a.Int0);
                return use.File is null ? Errno.EBADF : answer;
            },
            SystemCallSupport.Partial,
            notes: Notes);
}
