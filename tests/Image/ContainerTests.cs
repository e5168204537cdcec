using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using LiteBox.Image.Containers;
using LiteBox.Image.Cpio;
using Xunit;

namespace LiteBox.Image.Tests;

public class ContainerTests
{
    private const string Config = """{"config":{"Entrypoint":["/bin/tool"],"Cmd":["one","it's two"],"Env":["PATH=/bin","GREETING=hello world"],"WorkingDir":"/work","User":""}}""";

    [Fact]
    public void Upper_layers_add_replace_and_remove()
    {
        var files = new RootFileSystem(0);
        TarLayer.Apply(files, Tar(("a/keep", "1"), ("a/gone", "2"), ("b/x", "3"), ("b/y", "4"), ("dir/in", "5")), "lower");
        TarLayer.Apply(files, Tar(("a/.wh.gone", ""), ("b/.wh..wh..opq", ""), ("b/z", "6"), ("dir", "now a file"), ("a/keep", "new")), "upper");
        Assert.Equal(["a", "a/keep", "b", "b/z", "dir"], files.Entries.Select(entry => entry.Path));
        Assert.Equal("new", TextOf(files, "a/keep"));
        Assert.Equal("now a file", TextOf(files, "dir"));
    }

    [Fact]
    public void What_the_tar_program_writes_is_read_with_links_modes_and_owners()
    {
        using var scratch = new ScratchDirectory();
        HostTool.Run("sh", "-c", $"cd {scratch.Path} && mkdir r && echo text >r/f && chmod 4751 r/f && ln r/f r/hard && ln -s f r/soft && mkfifo r/pipe && tar -C r --owner=7 --group=8 --numeric-owner -czf t.tgz .");
        var files = new RootFileSystem(5);
        TarLayer.Apply(files, File.ReadAllBytes(scratch.File("t.tgz")), "t.tgz");
        CpioEntry file = files.Find("f")!;
        Assert.Equal((FileType.Regular | 0x9E9u, 7u, 8u, 5u), (file.Mode, file.User, file.Group, file.ModifiedAt));
        Assert.Equal("text\n", TextOf(files, "hard"));
        Assert.Equal("f", TextOf(files, "soft"));
        Assert.Equal(FileType.Fifo, files.Find("pipe")!.Mode & FileType.Mask);
    }

    [Fact]
    public void An_archive_without_the_empty_blocks_at_its_end_is_whole_and_a_truncated_one_is_not()
    {
        byte[] archive = Tar(("a", "content"), ("b", new string('y', 1500)));
        byte[] bare = archive.AsSpan(0, archive.AsSpan().LastIndexOfAnyExcept((byte)0) / 512 * 512 + 512).ToArray();
        var files = new RootFileSystem(0);
        TarLayer.Apply(files, bare, "bare");
        Assert.Equal(1500, files.Find("b")!.Data.Length);
        Assert.Throws<ImageFormatException>(() => TarLayer.Apply(new RootFileSystem(0), bare.AsMemory(0, bare.Length - 512), "short"));
    }

    [Theory]
    [InlineData("../escape")]
    [InlineData("a/../../escape")]
    public void A_path_that_climbs_is_refused(string path) =>
        Assert.Throws<ImageFormatException>(() => TarLayer.Apply(new RootFileSystem(0), Tar((path, "x")), "bad"));

    [Fact]
    public void An_image_layout_is_read_from_a_directory_and_from_an_archive()
    {
        using var scratch = new ScratchDirectory();
        string layout = WriteLayout(scratch, Tar(("bin/tool", "program")), Gzip(Tar(("etc/x", "upper"))));
        HostTool.Run("tar", "-C", layout, "-cf", scratch.File("image.tar"), ".");
        foreach (string path in new[] { layout, scratch.File("image.tar") })
        {
            ContainerImage image = ContainerImage.Read(path)!;
            Assert.Equal(["/bin/tool", "one", "it's two"], image.Configuration.Command);
            Assert.Equal("/work", image.Configuration.WorkingDirectory);
            var files = new RootFileSystem(0);
            image.ApplyTo(files);
            Assert.Equal("upper", TextOf(files, "etc/x"));
        }
    }

    [Fact]
    public void What_docker_saves_is_read()
    {
        using var scratch = new ScratchDirectory();
        File.WriteAllText(scratch.File("abc.json"), Config);
        File.WriteAllText(scratch.File("manifest.json"), """[{"Config":"abc.json","RepoTags":["x:1"],"Layers":["l1/layer.tar"]}]""");
        Directory.CreateDirectory(scratch.File("l1"));
        File.WriteAllBytes(scratch.File("l1/layer.tar"), Tar(("bin/tool", "program")));
        HostTool.Run("sh", "-c", $"cd {scratch.Path} && tar -cf saved.tar abc.json manifest.json l1");
        ContainerImage image = ContainerImage.Read(scratch.File("saved.tar"))!;
        var files = new RootFileSystem(0);
        image.ApplyTo(files);
        Assert.Equal("program", TextOf(files, "bin/tool"));
    }

    [Fact]
    public void A_blob_that_was_changed_is_refused()
    {
        using var scratch = new ScratchDirectory();
        string layout = WriteLayout(scratch, Tar(("bin/tool", "program")));
        foreach (string blob in Directory.GetFiles(Path.Combine(layout, "blobs/sha256")))
        {
            byte[] good = File.ReadAllBytes(blob);
            byte[] bad = [.. good];
            bad[bad.Length / 2] ^= 1;
            File.WriteAllBytes(blob, bad);
            Assert.Throws<ImageFormatException>(() => ContainerImage.Read(layout));
            File.WriteAllBytes(blob, good);
        }

        Assert.NotNull(ContainerImage.Read(layout));
    }

    [Fact]
    public void With_a_shell_the_start_is_a_script_that_shells_take()
    {
        using var scratch = new ScratchDirectory();
        var files = new RootFileSystem(0);
        files.AddFile("bin/sh", default);
        string quoted = "it's $HOME `x` \"y\" \\ *";
        Assert.Equal("", ContainerStart.Prepare(files, new ContainerConfiguration(["printf", "%s|%s|%s", quoted, "two words"], [$"PATH={Environment.GetEnvironmentVariable("PATH")}", $"V={quoted}"], scratch.Path, "root")));
        string script = scratch.Write("init", files.Find("init")!.Data.Span);
        Assert.Equal($"{quoted}|two words|", HostTool.Run("sh", script));
    }

    [Fact]
    public void Without_a_shell_the_start_is_a_command_line()
    {
        var files = new RootFileSystem(0);
        files.AddFile("usr/bin/tool", default);
        Assert.Equal("rdinit=/usr/bin/tool -- -v 1", ContainerStart.Prepare(files, new ContainerConfiguration(["tool", "-v", "1"], ["PATH=/bin:/usr/bin"], "/", "")));
        Assert.Equal("rdinit=/x-", ContainerStart.Prepare(files, new ContainerConfiguration(["/x-"], [], "/", "")));
    }

    [Theory]
    [InlineData("", "", "/", "", "entry point")]
    [InlineData("/tool", "", "/", "nobody", "nobody")]
    [InlineData("/tool", "A=1", "/", "", "no /bin/sh")]
    [InlineData("/tool", "", "/work", "", "no /bin/sh")]
    [InlineData("/a tool", "", "/", "", "no /bin/sh")]
    [InlineData("tool", "", "/", "", "in no directory")]
    public void What_cannot_be_had_is_refused_by_name(string program, string variable, string directory, string user, string word)
    {
        var configuration = new ContainerConfiguration(program.Length == 0 ? [] : [program], variable.Length == 0 ? [] : [variable], directory, user);
        Assert.Contains(word, Assert.Throws<ImageFormatException>(() => ContainerStart.Prepare(new RootFileSystem(0), configuration)).Message);
    }

    [Fact]
    public void No_damaged_archive_does_more_than_be_refused()
    {
        byte[] good = Gzip(Tar(("a/b", "content"), ("c", new string('x', 2000))));
        byte[] plain = Tar(("a/b", "content"), ("c", new string('x', 2000)));
        Gen.Select(Gen.Bool, Gen.Int, Gen.Byte).Sample((gzip, at, value) =>
        {
            byte[] bad = [.. gzip ? good : plain];
            bad[(int)((uint)at % (uint)bad.Length)] = value;
            try
            {
                TarLayer.Apply(new RootFileSystem(0), bad, "bad");
            }
            catch (ImageFormatException refusal)
            {
                Assert.NotEmpty(refusal.Message);
            }
        });
    }

    private static string TextOf(RootFileSystem files, string path) => Encoding.UTF8.GetString(files.Find(path)!.Data.Span);

    private static byte[] Tar(params (string Path, string Content)[] entries)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach ((string path, string content) in entries)
            {
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path)
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)),
                    Mode = (UnixFileMode)0x1ED,
                });
            }
        }

        return archive.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static string WriteLayout(ScratchDirectory scratch, params byte[][] layers)
    {
        string layout = scratch.File("layout");
        Directory.CreateDirectory(Path.Combine(layout, "blobs/sha256"));
        string Blob(byte[] content)
        {
            string digest = Convert.ToHexStringLower(SHA256.HashData(content));
            File.WriteAllBytes(Path.Combine(layout, "blobs/sha256", digest), content);
            return $$"""{"digest":"sha256:{{digest}}","size":{{content.Length}}}""";
        }

        IEnumerable<string> layerDescriptors = layers.Select(Blob).ToList();
        string manifest = $$"""{"schemaVersion":2,"config":{{Blob(Encoding.UTF8.GetBytes(Config))}},"layers":[{{string.Join(',', layerDescriptors)}}]}""";
        File.WriteAllText(Path.Combine(layout, "index.json"), $$"""{"schemaVersion":2,"manifests":[{{Blob(Encoding.UTF8.GetBytes(manifest))}}]}""");
        File.WriteAllText(Path.Combine(layout, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        return layout;
    }
}
