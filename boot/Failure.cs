using System.Diagnostics;
using System.Runtime.CompilerServices;
using LiteBox.Boot.Efi;

namespace LiteBox.Boot;

/// <summary>What goes wrong before boot services end is said in one line on firmware's console.</summary>
internal static unsafe class Failure
{
    private const string Prefix = "LiteBox: ";

    /// <summary>Prints the line; the value is what the application returns to firmware. A release image does not hold the words (T64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static EfiStatus Say(string line)
    {
        Tell(line);
        return EfiStatus.LoadError;
    }

    /// <summary>Prints the line and is false, for <c>return Failure.Is("...")</c> in a member that says whether it succeeded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Is(string line)
    {
        Tell(line);
        return false;
    }

    [Conditional("DEBUG_IMAGE")]
    private static void Tell(string line)
    {
        Print(Prefix);
        Print(line);
        Print("\r\n");
    }

    // SAFETY: string literals are terminated by a zero character, as OutputString wants; ConOut was checked for null.
    private static void Print(string text)
    {
        EfiTextOutput* console = Firmware.Console;
        if (console is null)
        {
            return;
        }

        fixed (char* characters = text)
        {
            console->OutputString(console, characters);
        }
    }
}
