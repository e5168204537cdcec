using LiteBox.Boot.Efi;

namespace LiteBox.Boot;

/// <summary>What goes wrong before boot services end is said in one line on firmware's console.</summary>
internal static unsafe class Failure
{
    private const string Prefix = "LiteBox: ";

    /// <summary>Prints the line; the value is what the application returns to firmware.</summary>
    public static EfiStatus Say(string line)
    {
        Print(Prefix);
        Print(line);
        Print("\r\n");
        return EfiStatus.LoadError;
    }

    /// <summary>Prints the line and is false, for <c>return Failure.Is("...")</c> in a member that says whether it succeeded.</summary>
    public static bool Is(string line)
    {
        Say(line);
        return false;
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
