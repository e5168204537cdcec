using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Tests.Processes;

namespace LiteBox.North.Tests.Programs;

/// <summary>ELF files, made byte by byte.</summary>
internal static class TestPrograms
{
    public const ulong Base = 0x40_0000;

    /// <summary>A static program: one segment of code, one of data with zeros behind.</summary>
    public static byte[] Static(ushort type = 2)
    {
        byte[] file = new byte[0x2100];
        file.AsSpan(0x1000).Fill(0xCC);
        "\u007fELF"u8.CopyTo(file);
        file[4] = 2;
        file[5] = 1;
        file[6] = 1;
        Put16(file, 16, type);
        Put16(file, 18, 62);
        Put32(file, 20, 1);
        Put64(file, 24, (type == 2 ? Base : 0) + 0x1000);
        Put64(file, 32, 64);
        Put16(file, 52, 64);
        Put16(file, 54, 56);
        Put16(file, 56, 2);
        Segment(file, 64, 5, 0, type == 2 ? Base : 0, 0x1800, 0x1800);
        Segment(file, 64 + 56, 6, 0x2000, (type == 2 ? Base : 0) + 0x4000, 0x100, 0x2100);
        return file;
    }

    public static void Segment(byte[] file, int at, uint flags, ulong offset, ulong address, ulong fileSize, ulong memorySize)
    {
        Put32(file, at, 1);
        Put32(file, at + 4, flags);
        Put64(file, at + 8, offset);
        Put64(file, at + 16, address);
        Put64(file, at + 24, address);
        Put64(file, at + 32, fileSize);
        Put64(file, at + 40, memorySize);
        Put64(file, at + 48, 0x1000);
    }

    public static void Put16(byte[] file, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

    public static void Put32(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);

    public static void Put64(byte[] file, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);

    /// <summary>execve; the result is its error, or 0 once the registers are the new program's.</summary>
    public static long Execute(this User user, string path, params string[] arguments)
    {
        ulong text = World.Scratch + 0x2000;
        ulong vector = World.Scratch + 0x4000;
        for (int i = 0; i < arguments.Length; i++)
        {
            user.WriteWord(vector + ((ulong)i * 8), user.Text(arguments[i], text));
            text += (ulong)arguments[i].Length + 1;
        }

        user.WriteWord(vector + ((ulong)arguments.Length * 8), 0);
        return user.Call(SystemCallNumber.execve, user.Text(path), vector, 0);
    }
}
