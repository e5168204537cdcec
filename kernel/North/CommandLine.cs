using System;

namespace LiteBox.North;

/// <summary>
/// The kernel's command line: words between blanks, without quoting. What stands behind the word <c>--</c> belongs to the first process
/// (Linux, Documentation/admin-guide/kernel-parameters).
/// </summary>
internal readonly ref struct CommandLine
{
    private readonly ReadOnlySpan<byte> text;

    public CommandLine(ReadOnlySpan<byte> text) => this.text = text;

    /// <summary>The value of the last word that begins with <paramref name="prefix"/> (such as <c>init=</c>), or null.</summary>
    public byte[]? Find(ReadOnlySpan<byte> prefix)
    {
        byte[]? found = null;
        int position = 0;
        while (TryNext(ref position, out ReadOnlySpan<byte> word) && !word.SequenceEqual("--"u8))
        {
            if (word.StartsWith(prefix))
            {
                found = word.Slice(prefix.Length).ToArray();
            }
        }

        return found;
    }

    /// <summary>The first process's arguments: its path, then the words behind <c>--</c>.</summary>
    public byte[][] ArgumentsOf(byte[] path)
    {
        int count = 1;
        int position = SkipToArguments();
        while (TryNext(ref position, out _))
        {
            count++;
        }

        byte[][] arguments = new byte[count][];
        arguments[0] = path;
        position = SkipToArguments();
        for (int i = 1; i < count; i++)
        {
            TryNext(ref position, out ReadOnlySpan<byte> word);
            arguments[i] = word.ToArray();
        }

        return arguments;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or 0;

    private int SkipToArguments()
    {
        int position = 0;
        while (TryNext(ref position, out ReadOnlySpan<byte> word))
        {
            if (word.SequenceEqual("--"u8))
            {
                break;
            }
        }

        return position;
    }

    private bool TryNext(ref int position, out ReadOnlySpan<byte> word)
    {
        while (position < text.Length && IsBlank(text[position]))
        {
            position++;
        }

        int start = position;
        while (position < text.Length && !IsBlank(text[position]))
        {
            position++;
        }

        word = text.Slice(start, position - start);
        return !word.IsEmpty;
    }
}
