using System;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.Platform;

namespace LiteBox.North.Programs;

/// <summary>
/// Makes a program from a file: follows <c>#!</c> lines, maps the ELF file and its interpreter, builds the stack. Nothing that runs is touched, so every
/// failure is an error number (execve(2) lists them).
/// </summary>
internal sealed class ProgramLoader
{
    /// <summary>How often a script's interpreter may be a script (BINPRM recursion limit in fs/exec.c).</summary>
    private const int MaximumScripts = 5;

    private readonly Task task;
    private readonly ProgramStrings strings;

    // Strings that scripts put before the arguments: interpreter, its argument, the script's path; innermost script first.
    private readonly byte[][] prefix = new byte[(MaximumScripts + 1) * 3][];
    private int prefixCount;

    private ProgramLoader(Task task, ProgramStrings strings)
    {
        this.task = task;
        this.strings = strings;
    }

    /// <summary>
    /// Loads the program at <paramref name="location"/>. <paramref name="path"/> is what it was called by. <paramref name="task"/> is who it will run as; it need not have run yet.
    /// </summary>
    public static Errno Load(Task task, in Location location, byte[] path, ProgramStrings strings, out LoadedProgram? program) =>
        new ProgramLoader(task, strings).Load(location, path, out program);

    /// <summary>Opens a file to execute it: a regular one, with permission, not on a noexec mount.</summary>
    public static Errno OpenExecutable(Task task, in Location location, out OpenFile? file)
    {
        file = null;
        if (!location.Inode.IsRegular || (location.Mount.Flags & MountFlags.NoExecute) != 0)
        {
            return Errno.EACCES;
        }

        Errno error = Access.Check(task.Credentials, location, Access.Execute);
        if (error != Errno.None)
        {
            return error;
        }

        return location.Inode.WriterCount > 0
            ? Errno.ETXTBSY
            : location.Inode.Open(task, location, OpenFlags.ReadOnly | OpenFlags.Execute, out file);
    }

    private Errno Load(in Location location, byte[] path, out LoadedProgram? program)
    {
        program = null;
        Errno error = OpenExecutable(task, location, out OpenFile? file);
        byte[] name = NameOf(path);
        byte[] currentPath = path;
        byte[] start = new byte[ScriptLine.BufferSize];
        for (int scripts = 0; error == Errno.None; scripts++)
        {
            var destination = new DataDestination(start);
            Array.Clear(start);
            if (file!.ReadAt(task, ref destination, 0).IsError)
            {
                file.Release(task);
                return Errno.ENOEXEC;
            }

            if (!ScriptLine.TryParse(start.AsSpan(0, destination.Count), out ReadOnlySpan<byte> interpreter, out ReadOnlySpan<byte> argument))
            {
                break;
            }

            file.Release(task);
            if (scripts == MaximumScripts)
            {
                return Errno.ELOOP;
            }

            AddPrefix(interpreter, argument, currentPath);
            currentPath = interpreter.ToArray();
            error = OpenPath(currentPath, out file);
        }

        if (error != Errno.None)
        {
            return error;
        }

        error = LoadElf(file!, path, name, out program);
        file!.Release(task);
        return error;
    }

    private Errno OpenPath(ReadOnlySpan<byte> path, out OpenFile? file)
    {
        file = null;
        Errno error = PathWalk.Lookup(task, task.FileSystemContext.WorkingDirectory, path, LookupFlags.Follow, out Location location);
        return error != Errno.None ? error : OpenExecutable(task, location, out file);
    }

    private void AddPrefix(ReadOnlySpan<byte> interpreter, ReadOnlySpan<byte> argument, byte[] script)
    {
        // Each further script goes in front of what is there, and its path takes the place of the first string.
        int removed = prefixCount == 0 ? 0 : 1;
        int added = argument.IsEmpty ? 2 : 3;
        Array.Copy(prefix, removed, prefix, added, prefixCount - removed);
        prefixCount += added - removed;
        int index = 0;
        prefix[index++] = interpreter.ToArray();
        if (!argument.IsEmpty)
        {
            prefix[index++] = argument.ToArray();
        }

        prefix[index] = script;
    }

    private static byte[] NameOf(ReadOnlySpan<byte> path)
    {
        byte[] name = new byte[16];
        ReadOnlySpan<byte> last = path.Slice(path.LastIndexOf((byte)'/') + 1);
        last.Slice(0, Math.Min(last.Length, name.Length - 1)).CopyTo(name);
        return name;
    }

    private Errno LoadElf(OpenFile file, byte[] path, byte[] name, out LoadedProgram? program)
    {
        program = null;
        Errno error = ElfLoader.ReadHeaders(task, file, out ElfFile? elf);
        if (error != Errno.None)
        {
            return error;
        }

        OpenFile? interpreter = null;
        ElfFile? interpreterElf = null;
        if (elf!.InterpreterLength != 0)
        {
            error = OpenInterpreter(file, elf, out interpreter, out interpreterElf);
            if (error != Errno.None)
            {
                return error;
            }
        }

        error = Build(file, elf, interpreter, interpreterElf, path, name, out program);
        interpreter?.Release(task);
        return error;
    }

    private Errno OpenInterpreter(OpenFile file, ElfFile elf, out OpenFile? interpreter, out ElfFile? interpreterElf)
    {
        interpreter = null;
        interpreterElf = null;
        byte[] path = new byte[elf.InterpreterLength];
        if (!ElfLoader.TryReadExactly(task, file, (long)elf.InterpreterOffset, path) || path[^1] != 0)
        {
            return Errno.ENOEXEC;
        }

        int length = path.AsSpan().IndexOf((byte)0);
        Errno error = OpenPath(path.AsSpan(0, length), out interpreter);
        if (error != Errno.None)
        {
            return error;
        }

        error = ElfLoader.ReadHeaders(task, interpreter!, out interpreterElf);
        if (error != Errno.None)
        {
            interpreter!.Release(task);
            interpreter = null;
        }

        return error == Errno.ENOEXEC ? Errno.ELIBBAD : error;
    }

    private Errno Build(OpenFile file, ElfFile elf, OpenFile? interpreter, ElfFile? interpreterElf, byte[] path, byte[] name, out LoadedProgram? program)
    {
        program = null;
        Process process = task.Process;
        if (!AddressSpace.TryCreate(task.Kernel.Machine, process.Limits, out AddressSpace? memory))
        {
            return Errno.ENOMEM;
        }

        Credentials credentials = ProgramCredentials.Of(task, file);
        var builder = new ProgramBuilder(task, memory, credentials);
        Errno error = builder.Map(file, elf, interpreter, interpreterElf);
        if (error == Errno.None)
        {
            var block = new ArgumentBlock(task.Kernel.Machine, MaximumArgumentBytes(process));
            error = FillBlock(block, path, builder, out int argumentCount, out int environmentCount);
            if (error == Errno.None)
            {
                error = builder.BuildStack(block, argumentCount, environmentCount);
            }

            block.Dispose();
        }

        if (error != Errno.None)
        {
            memory.Release();
            return error;
        }

        file.AddOwner();
        program = new LoadedProgram
        {
            Memory = memory,
            Executable = file,
            Entry = builder.Entry,
            StackPointer = builder.StackPointer,
            Credentials = credentials,
            Name = name,
        };
        return Errno.None;
    }

    private Errno FillBlock(ArgumentBlock block, byte[] path, ProgramBuilder builder, out int argumentCount, out int environmentCount)
    {
        argumentCount = 0;
        environmentCount = 0;
        Errno error = Errno.None;
        for (int i = 0; i < prefixCount && error == Errno.None; i++)
        {
            error = block.Add(prefix[i]);
        }

        if (error == Errno.None)
        {
            error = strings.AddArguments(block, withoutFirst: prefixCount != 0);
        }

        if (error == Errno.None && block.Count == 0)
        {
            error = block.Add(default(ReadOnlySpan<byte>)); // a program always has an argv[0] (Linux since 5.18)
        }

        argumentCount = block.Count;
        if (error == Errno.None)
        {
            error = strings.AddEnvironment(block);
        }

        environmentCount = block.Count - argumentCount;
        return error != Errno.None ? error : builder.AddKernelStrings(block, path);
    }

    // A quarter of the stack limit, at most 6 MiB, at least 128 KiB (execve(2), "Limits on size of arguments and environment").
    private static long MaximumArgumentBytes(Process process) =>
        (long)Math.Max(Math.Min(process.Limits[Resource.Stack].Current / 4, 6UL << 20), 128UL << 10);
}
