using LiteBox.Stubs.Objects;
using System;
using System.IO;

namespace LiteBox.Stubs;

/// <summary>
/// <c>StubAssembler SET OUTPUT</c> writes the object file of a set of stubs: ELF, or COFF if the output's name ends in .obj.
/// <c>StubAssembler --listing SET OUTPUT</c> writes the disassembly that is reviewed.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
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
}
