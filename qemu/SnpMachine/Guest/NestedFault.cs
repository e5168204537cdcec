using LiteBox.SnpMachine.Diagnosis;
using LiteBox.SnpMachine.Hardware;
using LiteBox.SnpMachine.Memory;

namespace LiteBox.SnpMachine.Guest;

/// <summary>
/// The RMP check of every access to memory, made when a nested page fault tells of the first one (APM volume 2, 15.36.10): what is
/// allowed is mapped, what the guest must hear of becomes #VC, and what no right guest does is refused.
/// </summary>
internal static unsafe class NestedFault
{
    private const ulong Write = 1UL << 1;
    private const ulong UserMode = 1UL << 2;
    private const ulong InstructionFetch = 1UL << 4;
    private const ulong DuringTableWalk = 1UL << 33;
    private const ulong WindowSize = 16 * PhysicalLayout.PageSize;

    public static void Handle(GuestContext* context)
    {
        Vmcb* vmcb = context->ControlBlock;
        ulong reported = vmcb->ExitInfo2;
        ulong address = reported & ~NestedPaging.CBit;
        ulong cause = vmcb->ExitInfo1;
        bool isPaged = (vmcb->Cr0 & ControlBits.Cr0Paging) != 0;
        bool isTableWalk = (cause & DuringTableWalk) != 0;
        bool isFetch = (cause & InstructionFetch) != 0;
        RmpEntry* entry = Rmp.Find(address);
        if (entry == null)
        {
            Device(context, address, isTableWalk, isFetch);
            return;
        }
        // The C-bit has no say in table walks, in instruction fetches, and without paging: those are private (APM volume 2, 15.34.5).
        bool isPrivate = (reported & NestedPaging.CBit) != 0 || !isPaged || isTableWalk || isFetch;
        if (isPrivate)
        {
            Private(context, entry, reported, isPaged, cause);
        }
        else
        {
            Shared(context, entry, reported, (cause & Write) != 0);
        }
    }

    private static void Device(GuestContext* context, ulong address, bool isTableWalk, bool isFetch)
    {
        if (isTableWalk)
        {
            Refusal.Fatal(Rule.TableOutsideMemory, address);
        }
        if (isFetch)
        {
            Refusal.Fatal(Rule.FetchOutsideMemory, address);
        }
        ExceptionDelivery.Communication(context, ExitCode.NestedPageFault, address);
    }

    private static void Private(GuestContext* context, RmpEntry* entry, ulong reported, bool isPaged, ulong cause)
    {
        ulong address = reported & ~NestedPaging.CBit;
        bool isFetch = (cause & InstructionFetch) != 0;
        bool isTableWalk = (cause & DuringTableWalk) != 0;
        if (entry->IsShared)
        {
            Refusal.Fatal(isTableWalk ? Rule.TableInSharedPage : isFetch ? Rule.FetchFromSharedPage : Rule.PrivateAccessToSharedPage, address);
        }
        if (!entry->IsValidated)
        {
            Refusal.Note(Rule.AccessNotValidated, address);
            ExceptionDelivery.Communication(context, ExitCode.PageNotValidated, address);
            return;
        }
        VmplPermissions granted = entry->Permissions(context->Vmpl);
        VmplPermissions wanted = VmplPermissions.Read;
        wanted |= (cause & Write) != 0 ? VmplPermissions.Write : 0;
        wanted |= isFetch && !isTableWalk ? (cause & UserMode) != 0 && context->ControlBlock->Cpl == 3
            ? VmplPermissions.ExecuteUser : VmplPermissions.ExecuteSupervisor : 0;
        if ((wanted & ~granted) != 0)
        {
            Refusal.Fatal(Rule.VmplPermission, address);
        }
        ulong page = reported & ~(PhysicalLayout.PageSize - 1);
        // Under the shared alias only fetches and table walks are private: nothing else gets in there by this mapping, save data accesses
        // to the same page, which the README names as a gap of the model.
        bool isUnderSharedAlias = isPaged && (reported & NestedPaging.CBit) == 0;
        if (isUnderSharedAlias)
        {
            MapPrivate(context->Vmpl, isPaged, page, entry, granted);
        }
        else
        {
            MapWindow(context->Vmpl, isPaged, page, granted);
        }
    }

    // A fault costs as much as looking at many pages: the neighbours that the guest may reach in the same way are mapped with the page.
    private static void MapWindow(int vmpl, bool isPaged, ulong page, VmplPermissions granted)
    {
        ulong start = page & ~(WindowSize - 1);
        for (ulong neighbour = start; neighbour < start + WindowSize; neighbour += PhysicalLayout.PageSize)
        {
            RmpEntry* entry = Rmp.Find(neighbour & ~NestedPaging.CBit);
            if (entry != null && entry->IsValidated && entry->Permissions(vmpl) == granted)
            {
                MapPrivate(vmpl, isPaged, neighbour, entry, granted);
            }
        }
    }

    private static void MapPrivate(int vmpl, bool isPaged, ulong page, RmpEntry* entry, VmplPermissions granted)
    {
        ulong address = page & ~NestedPaging.CBit;
        GuestMemory.Settle(entry, address);
        bool isExecutable = (granted & (VmplPermissions.ExecuteUser | VmplPermissions.ExecuteSupervisor)) != 0;
        NestedPaging.Map(vmpl, isPaged, page, GuestMemory.PrivateHome(address), (granted & VmplPermissions.Write) != 0, isExecutable);
    }

    private static void Shared(GuestContext* context, RmpEntry* entry, ulong reported, bool isWrite)
    {
        ulong page = reported & ~(PhysicalLayout.PageSize - 1);
        if (Rmp.IsFirmware(page))
        {
            SharedFirmware(context, entry, page, isWrite);
            return;
        }
        if (!entry->IsShared)
        {
            Refusal.Fatal(Rule.SharedAccessToPrivatePage, reported);
        }
        NestedPaging.Map(context->Vmpl, true, page, GuestMemory.SharedHome(page), writable: true, executable: false);
    }

    // Firmware looks for flash chips with the C-bit clear. QEMU then makes the page shared, where its ROM is: reads give the image's bytes,
    // and writes are device accesses.
    private static void SharedFirmware(GuestContext* context, RmpEntry* entry, ulong page, bool isWrite)
    {
        if (isWrite)
        {
            ExceptionDelivery.Communication(context, ExitCode.NestedPageFault, page);
            return;
        }
        if (!entry->IsShared)
        {
            if (Counters.FirmwarePagesShared++ == 0)
            {
                Refusal.Note(Rule.FirmwareReadShared, page);
            }
            NestedPaging.Unmap(page);
            entry->Reset(RmpFlags.None);
        }
        NestedPaging.Map(context->Vmpl, true, page, GuestMemory.PrivateHome(page), writable: false, executable: false);
    }
}
