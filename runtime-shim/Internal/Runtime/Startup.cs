using LiteBox.Runtime;
using System;
using System.Runtime.CompilerServices;
using System.Runtime;

namespace Internal.Runtime;

/// <summary>Makes the statics of an image usable, once, before any other managed code.</summary>
internal static unsafe class Startup
{
    // The two low bits of a static base that has no object yet: not initialised; there is a copy to initialise it from.
    private const nint Uninitialized = 1;
    private const nint HasInitialData = 2;
    private const nint FlagMask = 3;

    internal static byte* GcStaticsStart { get; private set; }

    internal static byte* GcStaticsEnd { get; private set; }

    internal static byte* FrozenStart { get; private set; }

    internal static byte* FrozenEnd { get; private set; }

    internal static void Run()
    {
        ModuleHeader* header = LiteBoxModuleHeader();
        if (!header->IsValid)
        {
            FailFast.Stop("The image was made by another compiler than the runtime was written for.");
        }

        if (header->TryFind(ModuleSectionKind.DehydratedData, out _, out _))
        {
            FailFast.Stop("The image has dehydrated data.");
        }

        if (header->TryFind(ModuleSectionKind.FrozenObjects, out byte* start, out byte* end))
        {
            FrozenStart = start;
            FrozenEnd = end;
        }

        if (header->TryFind(ModuleSectionKind.GcStatics, out start, out end))
        {
            GcStaticsStart = start;
            GcStaticsEnd = end;
            InitializeGcStatics(start, end);
        }

        RunInitializers(header, ModuleSectionKind.EagerConstructors);
        RunInitializers(header, ModuleSectionKind.ModuleInitializers);
    }

    /// <summary>The place that holds the static base of one type: what the collector scans.</summary>
    internal static nint* StaticBase(byte* entry) => (nint*)Follow(entry);

    // SAFETY (all below): the compiler lays out these tables of 32-bit distances; each base belongs to a type with an ordinary method table.
    private static void InitializeGcStatics(byte* start, byte* end)
    {
        for (byte* entry = start; entry < end; entry += sizeof(int))
        {
            int* place = (int*)Follow(entry);
            nint type = (nint)Follow((byte*)place);
            if ((type & Uninitialized) == 0)
            {
                continue;
            }

            MethodTable* methodTable = (MethodTable*)(type & ~FlagMask);
            object statics = Allocator.New(methodTable);
            if ((type & HasInitialData) != 0)
            {
                byte* data = Follow((byte*)(place + 1));
                Buffer.Memmove(ref statics.GetRawData(), ref *data, methodTable->BaseSize - (2 * (uint)sizeof(void*)));
            }

            *(nint*)place = *(nint*)&statics;
        }
    }

    private static void RunInitializers(ModuleHeader* header, ModuleSectionKind kind)
    {
        if (header->TryFind(kind, out byte* start, out byte* end))
        {
            for (byte* entry = start; entry < end; entry += sizeof(int))
            {
                ((delegate*<void>)Follow(entry))();
            }
        }
    }

    private static byte* Follow(byte* distance) => distance + *(int*)distance;

    [RuntimeImport("LiteBoxModuleHeader"), MethodImpl(MethodImplOptions.InternalCall)]
    private static extern ModuleHeader* LiteBoxModuleHeader();
}
