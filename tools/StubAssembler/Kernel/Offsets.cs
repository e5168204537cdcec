using System.Runtime.InteropServices;
using LiteBox.Platform;
using LiteBox.South.Processors;

namespace LiteBox.Stubs.Kernel;

/// <summary>Offsets in <see cref="ProcessorArea"/>, from the type.</summary>
internal static class AreaOffsets
{
    internal static readonly int EntryStackPointer = (int)Marshal.OffsetOf<ProcessorArea>(nameof(ProcessorArea.EntryStackPointer));
    internal static readonly int UserStackPointer = (int)Marshal.OffsetOf<ProcessorArea>(nameof(ProcessorArea.UserStackPointer));
}

/// <summary>Offsets in <see cref="UserRegisters"/>, from the type.</summary>
internal static class FrameOffsets
{
    internal static readonly int R15 = Of(nameof(UserRegisters.R15));
    internal static readonly int R14 = Of(nameof(UserRegisters.R14));
    internal static readonly int R13 = Of(nameof(UserRegisters.R13));
    internal static readonly int R12 = Of(nameof(UserRegisters.R12));
    internal static readonly int Rbp = Of(nameof(UserRegisters.Rbp));
    internal static readonly int Rbx = Of(nameof(UserRegisters.Rbx));
    internal static readonly int R11 = Of(nameof(UserRegisters.R11));
    internal static readonly int R10 = Of(nameof(UserRegisters.R10));
    internal static readonly int R9 = Of(nameof(UserRegisters.R9));
    internal static readonly int R8 = Of(nameof(UserRegisters.R8));
    internal static readonly int Rax = Of(nameof(UserRegisters.Rax));
    internal static readonly int Rcx = Of(nameof(UserRegisters.Rcx));
    internal static readonly int Rdx = Of(nameof(UserRegisters.Rdx));
    internal static readonly int Rsi = Of(nameof(UserRegisters.Rsi));
    internal static readonly int Rdi = Of(nameof(UserRegisters.Rdi));
    internal static readonly int OriginalRax = Of(nameof(UserRegisters.OriginalRax));
    internal static readonly int Rip = Of(nameof(UserRegisters.Rip));
    internal static readonly int Cs = Of(nameof(UserRegisters.Cs));
    internal static readonly int Rflags = Of(nameof(UserRegisters.Rflags));
    internal static readonly int Rsp = Of(nameof(UserRegisters.Rsp));

    /// <summary>Bytes of the structure.</summary>
    internal static readonly int Size = Marshal.SizeOf<UserRegisters>();

    private static int Of(string field) => (int)Marshal.OffsetOf<UserRegisters>(field);
}
