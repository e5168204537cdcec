using System;
using System.IO;

namespace LiteBox.SyscallTable;

/// <summary>Writes the system calls that the kernel has, as its own table says, to a file: <c>dotnet run --project tools/SyscallTable docs/syscalls.md</c>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Length != 1)
        {
            Console.Error.WriteLine("usage: LiteBox.SyscallTable FILE");
            return 2;
        }

        File.WriteAllText(arguments[0], SyscallDocument.Create());
        return 0;
    }
}
