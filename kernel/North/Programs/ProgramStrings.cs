using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.Platform;

namespace LiteBox.North.Programs;

/// <summary>Where a new program's arguments and environment come from.</summary>
internal abstract class ProgramStrings
{
    /// <summary>
    /// Appends the arguments, without the first where <paramref name="withoutFirst"/> is set (a script's interpreter put its own in front).
    /// </summary>
    public abstract Errno AddArguments(ArgumentBlock block, bool withoutFirst);

    /// <summary>Appends the environment.</summary>
    public abstract Errno AddEnvironment(ArgumentBlock block);
}

/// <summary>Vectors of pointers in the running program's memory: execve(2)'s argv and envp. A null vector is an empty one, as on Linux.</summary>
internal sealed class UserProgramStrings : ProgramStrings
{
    private readonly UserMemory memory;
    private readonly UserAddress arguments;
    private readonly UserAddress environment;

    public UserProgramStrings(UserMemory memory, UserAddress arguments, UserAddress environment)
    {
        this.memory = memory;
        this.arguments = arguments;
        this.environment = environment;
    }

    /// <inheritdoc/>
    public override Errno AddArguments(ArgumentBlock block, bool withoutFirst) => AddVector(block, arguments, withoutFirst);

    /// <inheritdoc/>
    public override Errno AddEnvironment(ArgumentBlock block) => AddVector(block, environment, withoutFirst: false);

    private Errno AddVector(ArgumentBlock block, UserAddress vector, bool withoutFirst)
    {
        if (vector.IsNull)
        {
            return Errno.None;
        }

        Span<byte> pointer = stackalloc byte[sizeof(ulong)];
        for (ulong i = 0; ; i++)
        {
            if (!memory.TryRead(vector + (i * sizeof(ulong)), pointer))
            {
                return Errno.EFAULT;
            }

            ulong value = BinaryPrimitives.ReadUInt64LittleEndian(pointer);
            if (value == 0)
            {
                return Errno.None;
            }

            if (i == 0 && withoutFirst)
            {
                continue;
            }

            Errno error = block.Add(memory, new UserAddress(value));
            if (error != Errno.None)
            {
                return error;
            }
        }
    }
}

/// <summary>The kernel's own strings: for the first program.</summary>
internal sealed class KernelProgramStrings : ProgramStrings
{
    private readonly byte[][] arguments;
    private readonly byte[][] environment;

    public KernelProgramStrings(byte[][] arguments, byte[][] environment)
    {
        this.arguments = arguments;
        this.environment = environment;
    }

    /// <inheritdoc/>
    public override Errno AddArguments(ArgumentBlock block, bool withoutFirst) => AddAll(block, arguments, withoutFirst ? 1 : 0);

    /// <inheritdoc/>
    public override Errno AddEnvironment(ArgumentBlock block) => AddAll(block, environment, 0);

    private static Errno AddAll(ArgumentBlock block, byte[][] strings, int first)
    {
        for (int i = first; i < strings.Length; i++)
        {
            Errno error = block.Add(strings[i]);
            if (error != Errno.None)
            {
                return error;
            }
        }

        return Errno.None;
    }
}
