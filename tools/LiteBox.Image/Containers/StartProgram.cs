using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace LiteBox.Image.Containers;

/// <summary>
/// Writes a Linux program of a few hundred bytes that makes a list of system calls and becomes another program: what a container runtime does between clone
/// and execve. It needs nothing of the image, not even a shell. A static ELF file for x86-64: headers, data, code, in one segment that nobody can write to.
/// </summary>
internal sealed class StartProgram
{
    private const int Base = 0x40_0000;
    private const int FileHeaderSize = 64;
    private const int ProgramHeaderSize = 56;

    // System calls of x86-64.
    private const int Write = 1;
    private const int ExecuteCall = 59;
    private const int ExitGroup = 231;

    private const int StandardError = 2;

    private readonly MemoryStream data = new();
    private readonly List<Action<MemoryStream>> code = [];

    /// <summary>Places a C string, and gives its address.</summary>
    public uint Text(string text)
    {
        uint address = DataAddress;
        data.Write(Encoding.UTF8.GetBytes(text));
        data.WriteByte(0);
        return address;
    }

    /// <summary>Places an array of 32-bit numbers.</summary>
    public uint Numbers(IReadOnlyList<uint> numbers)
    {
        Align();
        uint address = DataAddress;
        foreach (uint number in numbers)
        {
            Put(data, number);
        }

        return address;
    }

    /// <summary>Places strings, and an array of their addresses with a null behind it, as execve(2) takes them.</summary>
    public uint Texts(IReadOnlyList<string> texts)
    {
        List<uint> addresses = [];
        foreach (string text in texts)
        {
            addresses.Add(Text(text));
        }

        Align();
        uint array = DataAddress;
        foreach (uint address in addresses)
        {
            Put(data, address);
            Put(data, 0);
        }

        Put(data, 0);
        Put(data, 0);
        return array;
    }

    /// <summary>Makes a system call and goes on, whatever it answers.</summary>
    public void Call(int number, params uint[] arguments) => code.Add(output => Emit(output, number, arguments));

    /// <summary>Makes a system call; where it fails, the program says so and ends with the status.</summary>
    public void Demand(string complaint, byte status, int number, params uint[] arguments)
    {
        Call(number, arguments);
        uint text = Text(complaint);
        uint length = (uint)Encoding.UTF8.GetByteCount(complaint);
        code.Add(output =>
        {
            MemoryStream failure = new();
            EmitEnd(failure, text, length, status);
            output.Write([0x85, 0xC0, 0x79, checked((byte)failure.Length)]); // test eax, eax; jns over it
            failure.WriteTo(output);
        });
    }

    /// <summary>Becomes the first of the programs that can be run (execve(2)); where none can, says so and ends with the status.</summary>
    public void Execute(IEnumerable<string> paths, uint arguments, uint environment, string complaint, byte status)
    {
        foreach (string path in paths)
        {
            Call(ExecuteCall, Text(path), arguments, environment);
        }

        uint text = Text(complaint);
        uint length = (uint)Encoding.UTF8.GetByteCount(complaint);
        code.Add(output => EmitEnd(output, text, length, status));
    }

    /// <summary>The whole file.</summary>
    public byte[] ToArray()
    {
        Align();
        MemoryStream instructions = new();
        code.ForEach(emit => emit(instructions));
        byte[] file = new byte[FileHeaderSize + ProgramHeaderSize + data.Length + instructions.Length];
        WriteHeaders(file, DataAddress);
        data.ToArray().CopyTo(file, FileHeaderSize + ProgramHeaderSize);
        instructions.ToArray().CopyTo(file, FileHeaderSize + ProgramHeaderSize + (int)data.Length);
        return file;
    }

    /// <summary>System V ABI, chapter 4 (ELF header) and 5 (program header): an executable with one segment to read and execute.</summary>
    private static void WriteHeaders(Span<byte> file, uint entry)
    {
        ReadOnlySpan<byte> identification = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        identification.CopyTo(file);
        BinaryPrimitives.WriteUInt16LittleEndian(file[16..], 2); // ET_EXEC
        BinaryPrimitives.WriteUInt16LittleEndian(file[18..], 62); // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(file[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(file[24..], entry);
        BinaryPrimitives.WriteUInt64LittleEndian(file[32..], FileHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file[52..], FileHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file[54..], ProgramHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(file[56..], 1);
        Span<byte> segment = file.Slice(FileHeaderSize, ProgramHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 1); // PT_LOAD
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 5); // PF_R | PF_X
        BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], Base);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[24..], Base);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], (ulong)file.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 0x1000);
    }

    private uint DataAddress => Base + FileHeaderSize + ProgramHeaderSize + (uint)data.Length;

    private static void EmitEnd(MemoryStream output, uint text, uint length, byte status)
    {
        Emit(output, Write, [StandardError, text, length]);
        Emit(output, ExitGroup, [status]);
    }

    /// <summary>mov eax, number; mov edi, esi, edx, r10d, r8d, r9d: the arguments; syscall.</summary>
    private static void Emit(MemoryStream output, int number, uint[] arguments)
    {
        byte[][] moves = [[0xBF], [0xBE], [0xBA], [0x41, 0xBA], [0x41, 0xB8], [0x41, 0xB9]];
        output.WriteByte(0xB8);
        Put(output, (uint)number);
        for (int i = 0; i < arguments.Length; i++)
        {
            output.Write(moves[i]);
            Put(output, arguments[i]);
        }

        output.Write([0x0F, 0x05]);
    }

    private void Align()
    {
        while (DataAddress % sizeof(ulong) != 0)
        {
            data.WriteByte(0);
        }
    }

    private static void Put(MemoryStream output, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        output.Write(bytes);
    }
}
