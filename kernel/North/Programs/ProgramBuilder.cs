using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Files;
using LiteBox.North.Memory;
using LiteBox.North.Processes;
using LiteBox.North.SystemCalls;
using LiteBox.Platform;

namespace LiteBox.North.Programs;

/// <summary>Lays a program out in an empty address space: where everything goes, at random, and what stands on its first stack.</summary>
internal sealed class ProgramBuilder
{
    /// <summary>Where position-independent programs go: two thirds of the user half (ELF_ET_DYN_BASE, arch/x86/include/asm/elf.h).</summary>
    private const ulong PositionIndependentBase = 0x5555_5555_4000;

    /// <summary>Random bits, in pages, of mappings and position-independent programs (CONFIG_ARCH_MMAP_RND_BITS) and of the stack.</summary>
    private const ulong MappingRandomPages = 1UL << 28;
    private const ulong StackRandomPages = 1UL << 22;
    private const ulong HeapRandomPages = 1UL << 13;

    /// <summary>Room for the stack between its top and the mappings (mmap_base in arch/x86/mm/mmap.c).</summary>
    private const ulong SmallestStackGap = 128UL << 20;
    private const ulong StackGuardGap = 256 * UserAddress.PageSize;

    /// <summary>Stack that is there from the start, beyond the arguments (setup_arg_pages in fs/exec.c).</summary>
    private const ulong InitialStack = 128 << 10;

    /// <summary>ADDR_NO_RANDOMIZE of personality(2).</summary>
    private const uint NoRandomization = 0x0040000;

    /// <summary>Strings that <see cref="AddKernelStrings"/> adds: path, platform, random bytes.</summary>
    private const int KernelStrings = 3;

    private const PageProtection StackProtection = PageProtection.Read | PageProtection.Write;

    private readonly Task task;
    private readonly AddressSpace memory;
    private readonly Credentials credentials;
    private readonly byte[] random = new byte[48];
    private ElfFile elf = null!;
    private ulong bias;
    private ulong interpreterBias;
    private UserAddress stackTop;

    public ProgramBuilder(Task task, AddressSpace memory, Credentials credentials)
    {
        this.task = task;
        this.memory = memory;
        this.credentials = credentials;
    }

    /// <summary>The first instruction.</summary>
    public UserAddress Entry { get; private set; }

    /// <summary>The first stack pointer.</summary>
    public UserAddress StackPointer { get; private set; }

    /// <summary>Chooses the places and maps the program and its interpreter.</summary>
    public Errno Map(OpenFile file, ElfFile program, OpenFile? interpreter, ElfFile? interpreterElf)
    {
        elf = program;
        task.Kernel.Random.Fill(random);
        bool isRandom = (task.Process.Personality & NoRandomization) == 0;
        stackTop = new UserAddress(UserAddress.Limit - (isRandom ? RandomPages(0, StackRandomPages) : 0));
        ulong limit = task.Process.Limits[Resource.Stack].Current;
        ulong gap = Math.Min(Math.Max(limit, SmallestStackGap), UserAddress.Limit / 6 * 5);
        gap += (StackRandomPages << UserAddress.PageShift) + StackGuardGap;
        memory.MappingTop = new UserAddress((UserAddress.Limit - gap - (isRandom ? RandomPages(8, MappingRandomPages) : 0)) & ~0xFFFUL);
        if (elf.IsPositionIndependent)
        {
            ulong wanted = PositionIndependentBase + (isRandom ? RandomPages(16, MappingRandomPages) : 0);
            bias = (wanted & ~(elf.Alignment - 1)) - (elf.LowestAddress & ~(elf.Alignment - 1));
        }

        if (unchecked(bias + elf.HighestAddress) > memory.MappingTop.Value)
        {
            return Errno.ENOMEM;
        }

        Errno error = ElfLoader.Map(memory, file, elf, bias);
        Entry = new UserAddress(unchecked(elf.Entry + bias));
        if (error == Errno.None && interpreterElf is not null)
        {
            error = MapInterpreter(interpreter!, interpreterElf);
        }

        UserAddress end = AddressSpace.RoundUp(new UserAddress(elf.HighestAddress + bias));
        memory.SetHeap(end + (isRandom ? RandomPages(24, HeapRandomPages) : 0));
        return error;
    }

    /// <summary>Appends what the kernel itself tells the program: its path, the platform, 16 random bytes.</summary>
    public Errno AddKernelStrings(ArgumentBlock block, ReadOnlySpan<byte> path)
    {
        Errno error = block.Add(path);
        error = error != Errno.None ? error : block.Add("x86_64"u8);
        return error != Errno.None ? error : block.AddBytes(random.AsSpan(32, 16));
    }

    /// <summary>Makes the stack: strings at the top, below them the auxiliary vector, the pointers and the count (System V ABI, figure 3.9).</summary>
    public Errno BuildStack(ArgumentBlock block, int argumentCount, int environmentCount)
    {
        UserAddress strings = stackTop - ((ulong)block.PageCount << UserAddress.PageShift);
        AuxiliaryVector auxiliary = CreateAuxiliary(block, strings, argumentCount + environmentCount);
        int words = 1 + argumentCount + 1 + environmentCount + 1 + auxiliary.Length;
        StackPointer = new UserAddress((strings.Value - ((ulong)words * sizeof(ulong))) & ~15UL);
        UserAddress bottom = (StackPointer - InitialStack).PageStart;
        Result mapped = memory.Map(new MapRequest
        {
            Address = bottom,
            Length = stackTop - bottom,
            Protection = elf.HasExecutableStack ? StackProtection | PageProtection.Execute : StackProtection,
            Flags = AreaFlags.GrowsDown,
            Placement = MapPlacement.FixedIfFree,
        });
        if (mapped.IsError)
        {
            return Errno.ENOMEM;
        }

        if (!block.TryMap(memory.PageTable, strings, StackProtection))
        {
            return Errno.ENOMEM;
        }

        if (!task.Kernel.Machine.Heap.TryReserve((words * sizeof(ulong)) + ArgumentBlock.ArrayOverhead))
        {
            return Errno.ENOMEM;
        }

        UserAddress auxiliaryStart = StackPointer + ((ulong)(words - auxiliary.Length) * sizeof(ulong));
        memory.Layout = new ProgramLayout
        {
            CodeStart = new UserAddress(elf.LowestAddress + bias),
            CodeEnd = new UserAddress(elf.Segments[0].End + bias),
            DataStart = new UserAddress(elf.Segments[^1].Address + bias),
            DataEnd = new UserAddress(elf.Segments[^1].FileEnd + bias),
            StackStart = StackPointer,
            ArgumentStart = strings,
            ArgumentEnd = strings + (ulong)block.StartOf(argumentCount),
            EnvironmentStart = strings + (ulong)block.StartOf(argumentCount),
            EnvironmentEnd = strings + (ulong)block.StartOf(argumentCount + environmentCount),
            AuxiliaryStart = auxiliaryStart,
            AuxiliaryEnd = auxiliaryStart + ((ulong)auxiliary.Length * sizeof(ulong)),
        };
        return memory.TryWriteBytes(StackPointer, CreateVectors(block, strings, argumentCount, environmentCount, auxiliary, words))
            ? Errno.None
            : Errno.ENOMEM;
    }

    private static byte[] CreateVectors(
        ArgumentBlock block, UserAddress strings, int argumentCount, int environmentCount, AuxiliaryVector auxiliary, int words)
    {
        byte[] bytes = new byte[words * sizeof(ulong)];
        int index = 0;
        Put((ulong)argumentCount);
        for (int i = 0; i < argumentCount; i++)
        {
            Put(strings.Value + (ulong)block.StartOf(i));
        }

        Put(0);
        for (int i = 0; i < environmentCount; i++)
        {
            Put(strings.Value + (ulong)block.StartOf(argumentCount + i));
        }

        Put(0);
        for (int i = 0; i < auxiliary.Length; i++)
        {
            Put(auxiliary[i]);
        }

        return bytes;

        void Put(ulong word) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(index++ * sizeof(ulong)), word);
    }

    private AuxiliaryVector CreateAuxiliary(ArgumentBlock block, UserAddress strings, int firstKernelString)
    {
        Machine machine = task.Kernel.Machine;
        bool isSecure = credentials.UserId != credentials.EffectiveUserId || credentials.GroupId != credentials.EffectiveGroupId;
        var vector = new AuxiliaryVector();
        vector.Add(AuxiliaryKey.MinimumSignalStack, (ulong)task.Kernel.SignalFrameSize);
        vector.Add(AuxiliaryKey.HardwareCapabilities, machine.Cpuid(1, 0).Edx);
        vector.Add(AuxiliaryKey.PageSize, UserAddress.PageSize);
        vector.Add(AuxiliaryKey.ClockTicks, 100);
        vector.Add(AuxiliaryKey.ProgramHeaders, elf.ProgramHeaderAddress == 0 ? 0 : elf.ProgramHeaderAddress + bias);
        vector.Add(AuxiliaryKey.ProgramHeaderSize, ElfFile.ProgramHeaderSize);
        vector.Add(AuxiliaryKey.ProgramHeaderCount, (ulong)elf.ProgramHeaderCount);
        vector.Add(AuxiliaryKey.InterpreterBase, interpreterBias);
        vector.Add(AuxiliaryKey.Flags, 0);
        vector.Add(AuxiliaryKey.Entry, unchecked(elf.Entry + bias));
        vector.Add(AuxiliaryKey.UserId, credentials.UserId);
        vector.Add(AuxiliaryKey.EffectiveUserId, credentials.EffectiveUserId);
        vector.Add(AuxiliaryKey.GroupId, credentials.GroupId);
        vector.Add(AuxiliaryKey.EffectiveGroupId, credentials.EffectiveGroupId);
        vector.Add(AuxiliaryKey.Secure, isSecure ? 1u : 0);
        vector.Add(AuxiliaryKey.ExecutablePath, strings.Value + (ulong)block.StartOf(firstKernelString));
        vector.Add(AuxiliaryKey.Platform, strings.Value + (ulong)block.StartOf(firstKernelString + 1));
        vector.Add(AuxiliaryKey.Random, strings.Value + (ulong)block.StartOf(firstKernelString + KernelStrings - 1));
        vector.Add(AuxiliaryKey.HardwareCapabilities2, 0);
        vector.Add(AuxiliaryKey.End, 0);
        return vector;
    }

    private Errno MapInterpreter(OpenFile file, ElfFile interpreter)
    {
        if (interpreter.IsPositionIndependent)
        {
            ulong length = interpreter.HighestAddress - interpreter.LowestAddress;
            if (!memory.TryFindSpaceFor(length, out UserAddress start))
            {
                return Errno.ENOMEM;
            }

            interpreterBias = start.Value - interpreter.LowestAddress;
        }

        Entry = new UserAddress(unchecked(interpreter.Entry + interpreterBias));
        return ElfLoader.Map(memory, file, interpreter, interpreterBias);
    }

    private ulong RandomPages(int offset, ulong count) =>
        (BinaryPrimitives.ReadUInt64LittleEndian(random.AsSpan(offset)) & (count - 1)) << UserAddress.PageShift;
}
