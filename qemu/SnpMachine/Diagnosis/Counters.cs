using LiteBox.SnpMachine.Hardware;

namespace LiteBox.SnpMachine.Diagnosis;

/// <summary>What happened, in numbers, printed when the machine ends. With -icount two runs of a guest give the same numbers.</summary>
internal static unsafe class Counters
{
    private const int ExitKinds = 0x100;

    private struct ByCode
    {
        public fixed ulong Count[ExitKinds];
    }

    private static ByCode s_exits;
    private static ByCode s_communications;
    private static ByCode s_events;

    public static ulong Refusals;
    public static ulong Notes;
    public static ulong FirmwarePagesShared;

    /// <summary>Those of <see cref="Communication"/> that came in an operating system's kernel.</summary>
    public static ulong KernelCommunications;
    public static ulong NestedFaults;
    public static ulong PagesToPrivate;
    public static ulong PagesToShared;
    public static ulong Validated4K;
    public static ulong Validated2M;
    public static ulong Rescinded4K;
    public static ulong Rescinded2M;
    public static ulong Adjusted;
    public static ulong MsrProtocol;
    public static ulong GuestMessages;
    public static ulong ApStarts;

    /// <summary>An exit of the world switch.</summary>
    public static void Exit(ulong code)
    {
        if (code < ExitKinds)
        {
            s_exits.Count[code]++;
        }
        else
        {
            NestedFaults++;
        }
    }

    /// <summary>A #VC that was delivered, by its reason.</summary>
    public static void Communication(ulong code) => s_communications.Count[Fold(code)]++;

    /// <summary>A GHCB event.</summary>
    public static void Event(ulong code) => s_events.Count[Fold(code)]++;

    public static void Print()
    {
        Json json = Json.Event("counters"u8);
        Codes(ref json, "exit_"u8, ref s_exits);
        json.Number("exit_nested_page_fault"u8, NestedFaults);
        Codes(ref json, "vc_"u8, ref s_communications);
        json.Number("kernel_vc"u8, KernelCommunications);
        Codes(ref json, "ghcb_"u8, ref s_events);
        json.Number("msr_protocol"u8, MsrProtocol);
        json.Number("pages_to_private"u8, PagesToPrivate);
        json.Number("pages_to_shared"u8, PagesToShared);
        json.Number("validated_4k"u8, Validated4K);
        json.Number("validated_2m"u8, Validated2M);
        json.Number("rescinded_4k"u8, Rescinded4K);
        json.Number("rescinded_2m"u8, Rescinded2M);
        json.Number("adjusted"u8, Adjusted);
        json.Number("guest_messages"u8, GuestMessages);
        json.Number("ap_starts"u8, ApStarts);
        json.Number("firmware_pages_shared"u8, FirmwarePagesShared);
        json.Number("notes"u8, Notes);
        json.Number("refusals"u8, Refusals);
        json.End();
    }

    // 0x00-0x9F: as they are; nested page faults (0x400, 0x404) to 0xA0 and 0xA4; the protocol's own (0x80000000 + n) to 0xC0 + n.
    private static int Fold(ulong code) => code switch
    {
        < 0xA0 => (int)code,
        ExitCode.NestedPageFault => 0xA0,
        ExitCode.PageNotValidated => 0xA4,
        >= 0x8000_0000 and < 0x8000_0020 => 0xC0 + (int)(code & 0x1F),
        0x8000_FFFD => 0xFD,
        0x8000_FFFF => 0xFE,
        _ => 0xFF,
    };

    private static void Codes(ref Json json, System.ReadOnlySpan<byte> prefix, ref ByCode counts)
    {
        byte* name = stackalloc byte[16];
        for (int code = 0; code < ExitKinds; code++)
        {
            if (counts.Count[code] == 0)
            {
                continue;
            }
            for (int i = 0; i < prefix.Length; i++)
            {
                name[i] = prefix[i];
            }
            name[prefix.Length] = Digit(code >> 4);
            name[prefix.Length + 1] = Digit(code & 15);
            // SAFETY: the prefixes are at most five bytes long.
            json.Number(new System.ReadOnlySpan<byte>(name, prefix.Length + 2), counts.Count[code]);
        }
    }

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);
}
