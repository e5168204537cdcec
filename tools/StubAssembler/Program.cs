using LiteBox.Stubs.Kernel;
using LiteBox.Stubs.Objects;
using System;
using System.Collections.Generic;
using System.IO;

namespace LiteBox.Stubs;

/// <summary>
/// <c>StubAssembler SET OUTPUT</c> writes the object file of a set of stubs: ELF, or COFF if the output's name ends in .obj.
/// <c>StubAssembler --listing SET OUTPUT</c> writes the disassembly that is reviewed.
/// <c>StubAssembler --check-vectors KERNEL.ELF</c> fails where the linked kernel writes to vector registers that its entry stubs do not save.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["--check-vectors", string kernel])
        {
            return CheckVectors(kernel);
        }

        bool listing = args is ["--listing", ..];
        if (args.Length != (listing ? 3 : 2))
        {
            Console.Error.WriteLine("usage: StubAssembler [--listing] kernel|boot|snpmachine|conformance OUTPUT");
            return 2;
        }

        string output = args[^1];
        StubSet set = StubSets.Named(args[^2]);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        if (listing)
        {
            File.WriteAllText(output, Listing.Of(set));
        }
        else
        {
            File.WriteAllBytes(output, output.EndsWith(".obj", StringComparison.Ordinal) ? CoffObject.Write(set) : ElfObject.Write(set));
        }

        return 0;
    }

    private static int CheckVectors(string kernel)
    {
        IReadOnlyList<string> problems = VectorCheck.Problems(File.ReadAllBytes(kernel));
        foreach (string problem in problems)
        {
            Console.Error.WriteLine($"{kernel} : error : {problem}");
        }

        return problems.Count == 0 ? 0 : 1;
    }
}
