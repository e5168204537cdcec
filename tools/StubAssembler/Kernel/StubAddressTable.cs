using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using LiteBox.Platform;
using LiteBox.South.Instructions;
using static Iced.Intel.AssemblerRegisters;

namespace LiteBox.Stubs.Kernel;

/// <summary>
/// South's StubAddresses as data that the linker fills in: the stubs that the processor enters, and which stubs may fault and where they go on then.
/// A stub may fault in its whole length.
/// </summary>
internal static class StubAddressTable
{
    private const string Symbol = "KernelStubAddresses";

    private static readonly (string Stub, string Resume, ExceptionVector Exception)[] Fixups =
    [
        ("CopyFromUser", "UserAccessFailed", ExceptionVector.PageFault),
        ("CopyToUser", "UserAccessFailed", ExceptionVector.PageFault),
        ("ClearUser", "UserAccessFailed", ExceptionVector.PageFault),
        ("CopyStringFromUser", "UserStringFailed", ExceptionVector.PageFault),
        ("LoadUser32", "UserAccessFailed", ExceptionVector.PageFault),
        ("CompareExchangeUser32", "UserAccessFailed", ExceptionVector.PageFault),
        ("TryRestoreExtendedState", "UserAccessFailed", ExceptionVector.GeneralProtection),
        ("TryRestoreUserState", "UserAccessFailed", ExceptionVector.GeneralProtection),
    ];

    public static void AddTo(StubSet set)
    {
        List<Relocation> relocations =
        [
            Address(nameof(StubAddresses.InterruptEntries), "InterruptEntries"),
            Address(nameof(StubAddresses.SystemCallEntry), "SystemCallEntry"),
            Address(nameof(StubAddresses.UserThreadStart), "UserThreadStart"),
            Address(nameof(StubAddresses.KernelThreadStart), "KernelThreadStart"),
        ];
        byte[] table = new byte[Marshal.SizeOf<StubAddresses>()];
        int offset = OffsetOf(nameof(StubAddresses.Fixups));
        foreach ((string stub, string resume, ExceptionVector exception) in Fixups)
        {
            int size = set.Pieces.Single(piece => piece.Symbol == stub).Size;
            relocations.Add(new Relocation(offset + FixupOffset(nameof(FaultFixup.Start)), RelocationKind.Absolute64, stub, 0));
            relocations.Add(new Relocation(offset + FixupOffset(nameof(FaultFixup.End)), RelocationKind.Absolute64, stub, size));
            relocations.Add(new Relocation(offset + FixupOffset(nameof(FaultFixup.Resume)), RelocationKind.Absolute64, resume, 0));
            table[offset + FixupOffset(nameof(FaultFixup.Vector))] = (byte)exception;
            offset += Marshal.SizeOf<FaultFixup>();
        }

        set.AddData(Symbol, SectionKind.ReadOnlyData, table, 8, [.. relocations]);
        set.AddCode("FindStubAddresses", s =>
        {
            s.Assembler.lea(rax, s.At(Symbol));
            s.Assembler.ret();
        });
    }

    private static Relocation Address(string field, string symbol) => new(OffsetOf(field), RelocationKind.Absolute64, symbol, 0);

    private static int OffsetOf(string field) => (int)Marshal.OffsetOf<StubAddresses>(field);

    private static int FixupOffset(string field) => (int)Marshal.OffsetOf<FaultFixup>(field);
}
