using LiteBox.South.Exceptions;

namespace LiteBox.South.Snp;

/// <summary>
/// The instructions behind the exit codes of #VC (APM volume 2, 15.35.5 and appendix C; opcodes APM volume 3). Exits without an instruction of their own, which are
/// nested page faults (0x400, and 0x404 for a page that is not validated, T4), have none: no program's memory raises them.
/// </summary>
internal static class VmmInstruction
{
    public const ulong Cpuid = 0x72;
    public const ulong Rdtsc = 0x6E;
    public const ulong Rdtscp = 0x87;
    private const ulong ReadDr7 = 0x27;
    private const ulong WriteDr7 = 0x37;
    private const ulong Rdpmc = 0x6F;
    private const ulong Invd = 0x76;
    private const ulong Port = 0x7B;
    private const ulong Msr = 0x7C;
    private const ulong Vmmcall = 0x81;
    private const ulong Wbinvd = 0x89;
    private const ulong Monitor = 0x8A;
    private const ulong Mwait = 0x8B;

    /// <summary>The third byte of the instructions that begin with 0F 01.</summary>
    private const byte SystemGroup = 0x01;

    private const byte MoveFromDebugRegister = 0x21;
    private const byte MoveToDebugRegister = 0x23;

    /// <summary>True where the instruction is the one that the exit code names.</summary>
    public static bool Matches(ulong exitCode, in ProgramInstruction instruction) => instruction.Map switch
    {
        OpcodeMap.Secondary => MatchesSecondary(exitCode, instruction.Opcode, instruction.ModRm),
        OpcodeMap.Primary => exitCode == Port && instruction.Opcode is (>= 0x6C and <= 0x6F) or (>= 0xE4 and <= 0xE7) or (>= 0xEC and <= 0xEF),
        _ => false,
    };

    private static bool MatchesSecondary(ulong exitCode, byte opcode, byte third) => exitCode switch
    {
        Cpuid => opcode == 0xA2,
        Rdtsc => opcode == 0x31,
        Rdtscp => opcode == SystemGroup && third == 0xF9,
        Rdpmc => opcode == 0x33,
        Invd => opcode == 0x08,
        Wbinvd => opcode == 0x09,
        Msr => opcode is 0x30 or 0x32,
        Vmmcall => opcode == SystemGroup && third == 0xD9,
        Monitor => opcode == SystemGroup && third == 0xC8,
        Mwait => opcode == SystemGroup && third == 0xC9,
        ReadDr7 => opcode == MoveFromDebugRegister && (third & 0x38) == 0x38,
        WriteDr7 => opcode == MoveToDebugRegister && (third & 0x38) == 0x38,
        _ => false,
    };
}
