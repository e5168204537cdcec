using System.Text;
using LiteBox.Abi;
using LiteBox.North.Processes;
using TextWriter = LiteBox.North.Text.TextWriter;

namespace LiteBox.North.Files;

/// <summary>/proc/litebox, which Linux has not: what a workload may want to know of the machine under it before it trusts it (docs/snp-guest.md).</summary>
internal static class TrustTexts
{
    /// <summary>The machine, whether its time is trusted (T42), and how often time would have gone back (T41).</summary>
    public static Errno Write(Task reader, ref TextWriter text)
    {
        text.Add("machine: "u8);
        text.Add(Encoding.UTF8.GetBytes(reader.Kernel.Machine.Description));
        text.Add("\ntime_trusted: "u8);
        text.Add(reader.Kernel.Machine.Clock.IsTrusted ? "yes"u8 : "no"u8);
        text.Add("\ntime_steps_back: "u8);
        text.Add((int)reader.Kernel.Machine.Clock.BackwardCount);
        text.Add((byte)'\n');
        return Errno.None;
    }
}
