using System;

namespace LiteBox.North.Programs;

/// <summary>The first line of an interpreter script: <c>#!</c>, a path, and at most one argument (execve(2), "Interpreter scripts").</summary>
internal static class ScriptLine
{
    /// <summary>Bytes of a file that are looked at (BINPRM_BUF_SIZE): a longer path is refused.</summary>
    public const int BufferSize = 256;

    /// <summary>
    /// Finds the interpreter and its argument, which is empty where there is none. <paramref name="start"/> is the file's beginning, up to
    /// <see cref="BufferSize"/> bytes. False: not a script, or one whose path is empty or cut off.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> start, out ReadOnlySpan<byte> interpreter, out ReadOnlySpan<byte> argument)
    {
        interpreter = default;
        argument = default;
        if (!start.StartsWith("#!"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> line = start.Slice(2);
        int end = line.IndexOf((byte)'\n');
        int zero = line.IndexOf((byte)0);
        if (zero >= 0 && (end < 0 || zero < end))
        {
            end = zero;
        }

        bool isCut = end < 0 && start.Length == BufferSize;
        line = Trim(end < 0 ? line : line.Slice(0, end));
        int split = IndexOfBlank(line);
        if (line.IsEmpty || (isCut && split < 0))
        {
            return false;
        }

        interpreter = split < 0 ? line : line.Slice(0, split);
        argument = split < 0 ? default : Trim(line.Slice(split));
        return true;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t';

    private static int IndexOfBlank(ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (IsBlank(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && IsBlank(text[0]))
        {
            text = text.Slice(1);
        }

        while (!text.IsEmpty && IsBlank(text[^1]))
        {
            text = text.Slice(0, text.Length - 1);
        }

        return text;
    }
}
