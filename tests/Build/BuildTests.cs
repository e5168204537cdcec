using System;
using System.IO;
using Xunit;

namespace LiteBox.Build.Tests;

/// <summary>What a build promises.</summary>
public sealed class BuildTests
{
    private static readonly string[] Images = ["out/bin/LiteBox.Kernel/kernel.elf", "out/bin/LiteBox.Boot/boot.efi"];

    [Fact]
    public void A_clean_build_elsewhere_gives_the_same_bytes()
    {
        string copy = Directory.CreateTempSubdirectory("litebox-build-").FullName;
        try
        {
            CopySources(copy);
            Repository.Run(copy, "dotnet", "build", "kernel/Kernel", "-v", "q", "-nodeReuse:false");
            Repository.Run(copy, "dotnet", "build", "boot", "-v", "q", "-nodeReuse:false");
            foreach (string image in Images)
            {
                Assert.True(File.ReadAllBytes(Path.Combine(Repository.Root, image)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(copy, image))), image);
            }
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public void A_build_without_changes_makes_nothing()
    {
        string image = Path.Combine(Repository.Root, Images[0]);
        string machineCode = Path.Combine(Repository.Root, "out/obj/LiteBox.Kernel/LiteBox.Kernel.o");
        DateTime imageTime = File.GetLastWriteTimeUtc(image);
        DateTime codeTime = File.GetLastWriteTimeUtc(machineCode);

        Repository.Run(Repository.Root, "dotnet", "build", "kernel/Kernel", "-v", "q", "--no-restore", "-nodeReuse:false");

        Assert.Equal(imageTime, File.GetLastWriteTimeUtc(image));
        Assert.Equal(codeTime, File.GetLastWriteTimeUtc(machineCode));
    }

    // What git would give to somebody else, as it is in this work tree.
    private static void CopySources(string target)
    {
        foreach (string path in Repository.Run(Repository.Root, "git", "ls-files", "--deduplicate", "--cached", "--others", "--exclude-standard").Split('\n'))
        {
            string source = Path.Combine(Repository.Root, path);
            if (path.Length > 0 && File.Exists(source))
            {
                string destination = Path.Combine(target, path);
                Directory.CreateDirectory(Path.GetDirectoryName(destination)!);
                File.Copy(source, destination);
            }
        }
    }
}
