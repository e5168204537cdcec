using System;
using System.Text;

namespace LiteBox.Conformance;

internal static class TextCases
{
    public static void Strings(Report report)
    {
        string text = "The quick brown fox";
        report.Value("length", text.Length);
        report.Value("character", text[4].ToString());
        report.Value("substring", text.Substring(4, 5));
        report.Value("rest", text[10..]);
        report.Value("from end", text[^3..]);
        report.Value("upper", text.ToUpperInvariant());
        report.Value("lower", text.ToLowerInvariant());
        report.Value("trimmed", "  \t padded \n ".Trim());
        report.Value("trim start", "..dots..".TrimStart('.'));
        report.Value("trim end", "..dots..".TrimEnd('.'));
        report.Value("left", "7".PadLeft(3, '0') + "|" + "abc".PadLeft(2));
        report.Value("right", "7".PadRight(3) + "|");
        report.Value("replaced", text.Replace('o', '0'));
        report.Value("joined", string.Join(", ", "a", "b", "c") + string.Join('-', "x", "y"));
        report.Value("concatenated", string.Concat("a", null, "b") + "c" + 1.ToString() + 'd');
        report.Value("repeated", new string('z', 5));
        report.Value("from array", new string(['a', 'b', 'c']) + new string(['a', 'b', 'c'], 1, 2));
        report.Value("empty", new string('x', 0).Length + string.Empty.Length);
        report.Value("same empty", ReferenceEquals(new string('x', 0), ""));
        foreach (string part in "one,two,,three".Split(','))
        {
            report.Value("part", part);
        }

        foreach (string part in " a , b ,, c ".Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            report.Value("part", part);
        }

        report.Value("equal", text == string.Concat("The quick", " brown fox"));
        report.Value("not equal", text == "The quick brown dog");
        report.Value("object equal", text.Equals((object)"The quick brown fox"));
        report.Value("null", string.IsNullOrEmpty(null) && string.IsNullOrEmpty("") && string.IsNullOrWhiteSpace(" \t"));
        report.Order("ordinal", string.CompareOrdinal("apple", "banana"));
        report.Order("ordinal", string.CompareOrdinal("b", "apple"));
        report.Order("prefix", string.CompareOrdinal("app", "apple"));
        report.Order("null", string.CompareOrdinal(null, "a"));
        report.Value("ignoring case", string.Equals("HeLLo", "hEllO", StringComparison.OrdinalIgnoreCase));
        report.Value("not by bit", string.Equals("@", "`", StringComparison.OrdinalIgnoreCase));
        report.Value("hash agrees", "abc".GetHashCode() == string.Concat("a", "bc").GetHashCode());
        int count = 0;
        foreach (char c in text)
        {
            count += c == 'o' ? 1 : 0;
        }

        report.Value("o", count);
        report.Value("created", string.Create(4, 'k', (span, c) => span.Fill(c)));
        report.Value("array", text.ToCharArray().Length);
    }

    public static void Search(Report report)
    {
        string text = "abcabcabc";
        report.Value("char", text.IndexOf('c'));
        report.Value("char from", text.IndexOf('c', 3));
        report.Value("missing", text.IndexOf('x'));
        report.Value("last", text.LastIndexOf('a'));
        report.Value("string", text.IndexOf("cab", StringComparison.Ordinal));
        report.Value("contains", text.Contains("bca") && text.Contains('b') && !text.Contains("cc"));
        report.Value("starts", text.StartsWith("abc", StringComparison.Ordinal) && text.StartsWith('a'));
        report.Value("ends", text.EndsWith("bc", StringComparison.Ordinal) && !text.EndsWith('x'));
        report.Value("empty", text.IndexOf("", StringComparison.Ordinal));
        report.Value("classes", $"{char.IsAsciiDigit('5')} {char.IsAsciiLetter('x')} {char.IsAsciiLetterUpper('x')} {char.IsAsciiHexDigit('F')} {char.IsAsciiHexDigit('g')}");
        report.Value("between", char.IsBetween('m', 'a', 'z'));
    }

    public static void Builder(Report report)
    {
        StringBuilder builder = new();
        for (int i = 0; i < 40; i++)
        {
            builder.Append(i).Append(',');
        }

        report.Value("numbers", builder.ToString());
        report.Value("length", builder.Length);
        builder.Length = 10;
        report.Value("cut", builder.ToString());
        builder.Clear().Append("abc").Append('x', 3).Append(true).Append(-5L).Append(7u).Append((object)"obj").Append((string?)null);
        report.Value("mixed", builder.ToString());
        builder.Insert(3, "INS").Remove(0, 2);
        report.Value("edited", builder.ToString());
        report.Value("part", builder.ToString(1, 3));
        builder[0] = 'Z';
        report.Value("index", builder[0].ToString() + builder[1]);
        builder.Append($"<{42:X4}|{"s",5}|{7,-3}>");
        report.Value("interpolated", builder.ToString());
        report.Value("line", new StringBuilder("x").AppendLine("y").ToString().Length);
    }

    public static void Interpolation(Report report)
    {
        int number = int.Parse("255");
        string name = "kernel";
        report.Line($"{name}: {number} {number:X} {number:x8} {number:D6}");
        report.Line($"[{number,8}] [{number,-8}] [{name,10}] [{name,-10}] [{number,3}] [{number,8:X4}]");
        report.Line($"{true} {'c'} {(byte)7} {-1L} {ulong.MaxValue} {(string?)null}|{{}}");
        report.Line($"{name}{name}{name}{name}{name}{name}");
        Span<char> buffer = stackalloc char[20];
        report.Value("fits", buffer.TryWrite($"{name}={number:x}", out int written));
        report.Value("written", new string(buffer[..written]));
        report.Value("too long", buffer.TryWrite($"{name}{name}{name}{name}", out written));
        report.Value("written", written);
        report.Value("aligned", buffer.TryWrite($"{number,6}|{name,-8}|", out written));
        report.Value("written", new string(buffer[..written]));
        object boxed = number;
        report.Line($"{boxed} {boxed:X}");
        report.Line($"{number switch { 255 => "all", _ => "some" }} {(number > 5 ? "more" : "less")}");
    }

    public static void Encodings(Report report)
    {
        foreach (string text in (string[])["", "ascii", "é", "日本語", "😀 mixed é", "\uD800", "a\uDC00b", "\uD83D"])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            report.Value("bytes", Hex(bytes));
            report.Value("count", Encoding.UTF8.GetByteCount(text));
            report.Value("round", Hex(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes))));
            report.Value("ascii", Hex(Encoding.ASCII.GetBytes(text)));
        }

        byte[][] bad =
        [
            [0x80], [0xC0, 0x80], [0xC3], [0xC3, 0x41], [0xE0, 0x80, 0x80], [0xE2, 0x82], [0xE2, 0x82, 0x41], [0xED, 0xA0, 0x80],
            [0xF0, 0x9F, 0x98], [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80], [0xFF, 0xFE], [0x41, 0xFF, 0x42],
        ];
        foreach (byte[] bytes in bad)
        {
            string text = Encoding.UTF8.GetString(bytes);
            report.Value("characters", text.Length);
            foreach (char c in text)
            {
                report.Value("code", c);
            }
        }

        report.Value("ascii", Encoding.ASCII.GetString([0x41, 0x80, 0x42]).Length);
        report.Value("latin", Encoding.Latin1.GetString([0xE9])[0]);
        report.Value("literal", Hex("héllo"u8.ToArray()));
    }

    public static void SwitchOnString(Report report)
    {
        foreach (string word in (string[])["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", ""])
        {
            int value = word switch
            {
                "zero" => 0, "one" => 1, "two" => 2, "three" => 3, "four" => 4, "five" => 5, "six" => 6, "seven" => 7, "eight" => 8, "nine" => 9,
                _ => -1,
            };
            report.Value(word, value);
            bool isFile = word.AsSpan() switch
            {
                "one" or "two" or "three" => true,
                _ => false,
            };
            report.Value("span", isFile);
        }
    }

    internal static string Hex(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte b in bytes)
        {
            text.Append(b.ToString("x2"));
        }

        return text.ToString();
    }
}
