using System;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Diagnosis;

/// <summary>The state of a page in a word.</summary>
internal static unsafe class PageState
{
    public static ReadOnlySpan<byte> Name(RmpEntry* entry)
    {
        if (entry == null)
        {
            return "no-memory"u8;
        }
        if (entry->IsShared)
        {
            return "shared"u8;
        }
        if (!entry->IsValidated)
        {
            return "assigned"u8;
        }
        return entry->IsVmsa ? "vmsa"u8 : "validated"u8;
    }
}
