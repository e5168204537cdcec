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
    public void The_start_program_is_an_executable_that_the_command_line_names_and_directories_are_there()
    {
        var files = new RootFileSystem(0);
        files.AddFile("usr/bin/tool", default);
        files.AddSymbolicLink("bin", "usr/bin");
        Assert.Equal("rdinit=/.litebox/start", ContainerStart.Prepare(files, new ContainerConfiguration(["tool", "two words"], ["PATH=/sbin:/bin"], "/srv/deep", "")));
        using var scratch = new ScratchDirectory();
        string program = scratch.Write("start", files.Find(".litebox/start")!.Data.Span);
        Assert.Contains("EXEC (Executable file)", HostTool.Run("readelf", "-hlW", program));
        Assert.Contains("R E", HostTool.Run("readelf", "-lW", program));
        Assert.All(["srv/deep", "dev", "proc", "sys", "tmp"], path => Assert.NotNull(files.Find(path)));
    }

    [Theory]
    [InlineData("", 0, 0, "", "/root")]
    [InlineData("root", 0, 0, "", "/root")]
    [InlineData("root:root", 0, 0, "", "/root")]
    [InlineData("app", 1000, 1001, "29 50", "/home/app")]
    [InlineData("1000", 1000, 1001, "29 50", "/home/app")]
    [InlineData("app:staff", 1000, 50, "", "/home/app")]
    [InlineData("app:7", 1000, 7, "", "/home/app")]
    [InlineData("4711", 4711, 0, "", "/")]
    [InlineData("4711:4712", 4711, 4712, "", "/")]
    [InlineData("2147483647", 2147483647, 0, "", "/")]
    public void A_user_is_looked_up_in_the_image(string text, uint user, uint group, string further, string home)
    {
        ContainerUser found = ContainerUser.Find(Accounts(), text);
        Assert.Equal((user, group, further, home), (found.User, found.Group, string.Join(' ', found.FurtherGroups), found.Home));
    }

    [Fact]
    public void Root_needs_no_entry()
    {
        ContainerUser found = ContainerUser.Find(new RootFileSystem(0), "root:root");
        Assert.Equal((0u, 0u, "/"), (found.User, found.Group, found.Home));
    }

    [Theory]
    [InlineData("", "", "", "entry point")]
    [InlineData("/tool", "", "nobody", "nobody, who is not in its /etc/passwd")]
    [InlineData("/tool", "", "2147483648", "2147483648, who is not in its /etc/passwd")]
    [InlineData("/tool", "", "app:wheel", "wheel, which is not in its /etc/group")]
    [InlineData("tool", "PATH=/bin:/sbin", "", "tool is not in it; looked for /bin/tool, /sbin/tool")]
    [InlineData("/missing", "", "", "/missing is not in it")]
    public void What_cannot_be_had_is_refused_by_name(string program, string variable, string user, string words)
    {
        var configuration = new ContainerConfiguration(program.Length == 0 ? [] : [program], variable.Length == 0 ? [] : [variable], "/", user);
        Assert.Contains(words, Assert.Throws<ImageFormatException>(() => ContainerStart.Prepare(Accounts(), configuration)).Message);
    }

    [Theory]
    [InlineData("a/b/file", true)]
    [InlineData("/a/./b//file", true)]
    [InlineData("link/file", true)]
    [InlineData("absolute", true)]
    [InlineData("up/a/b/file", true)]
    [InlineData("link/../b/file", true)]
    [InlineData("link/missing", false)]
    [InlineData("loop", false)]
    [InlineData("dangling", false)]
    public void Links_are_followed_as_Linux_follows_them(string path, bool leads)
    {
        var files = new RootFileSystem(0);
        files.AddFile("a/b/file", default);
        files.AddSymbolicLink("link", "a/b");
        files.AddSymbolicLink("absolute", "/link/file");
        files.AddSymbolicLink("a/up", "..");
        files.AddSymbolicLink("up", "a/up");
        files.AddSymbolicLink("loop", "loop");
        files.AddSymbolicLink("dangling", "nowhere");
        Assert.Equal(leads ? files.Find("a/b/file") : null, files.FindFollowing(path));
    }

    private static RootFileSystem Accounts()
    {
        var files = new RootFileSystem(0);
        files.AddFile("tool", default);
        files.AddFile("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nbroken\napp:x:1000:1001:App,,,:/home/app:/bin/sh\n"u8.ToArray());
        files.AddFile("etc/group", "root:x:0:\naudio:x:29:other,app\nstaff:x:50:app\nothers:x:51:apps\n"u8.ToArray());
        return files;
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
