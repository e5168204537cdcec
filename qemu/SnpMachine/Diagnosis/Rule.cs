using System;

namespace LiteBox.SnpMachine.Diagnosis;

/// <summary>
/// What the machine refuses, each rule with its source: APM is AMD's Architecture Programmer's Manual (volume 2 unless said), 56421 the
/// GHCB specification, 56860 the SNP firmware ABI.
/// </summary>
internal enum Rule
{
    None,

    /// <summary>The GHCB address is not a multiple of 4096. 56421 2.3.1.</summary>
    GhcbNotAligned,

    /// <summary>VMGEXIT names a GHCB that was not registered. 56421 2.3.2.</summary>
    GhcbNotRegistered,

    /// <summary>The GHCB is not in shared memory. 56421 2.6.</summary>
    GhcbNotShared,

    /// <summary>The GHCB's protocol version is above the negotiated 2. 56421 2.6.</summary>
    GhcbProtocolVersion,

    /// <summary>The GHCB's usage field is not 0. 56421 2.6.</summary>
    GhcbUsage,

    /// <summary>Exit code or exit information is not marked valid. 56421 4.</summary>
    GhcbExitFieldsInvalid,

    /// <summary>A register that the event needs is not marked valid. 56421 4.</summary>
    GhcbMissingInput,

    /// <summary>Reserved bits of an exit field are set. 56421 4.</summary>
    GhcbReservedBits,

    /// <summary>No event of the protocol has this exit code. 56421 4.1.</summary>
    GhcbUnknownEvent,

    /// <summary>The event belongs to a feature that was not offered. 56421 4.1.</summary>
    GhcbEventNotOffered,

    /// <summary>The guest reports an event that it cannot handle. 56421 4.1.</summary>
    GuestUnsupportedEvent,

    /// <summary>The scratch area is not in the GHCB's shared buffer nor in shared memory. 56421 4.1.</summary>
    GhcbScratchInvalid,

    /// <summary>VMGEXIT outside of the kernel's privilege. APM 15.35.6.</summary>
    VmgexitUnprivileged,

    /// <summary>The value in the GHCB MSR is no request of the MSR protocol. 56421 2.3.1.</summary>
    MsrProtocolUnknown,

    /// <summary>Reserved bits of an MSR protocol request are set. 56421 2.3.1.</summary>
    MsrProtocolReservedBits,

    /// <summary>The address to register as GHCB is not memory. 56421 2.3.2.</summary>
    GhcbRegistrationNotMemory,

    /// <summary>Port access of a size other than 1, 2 or 4, or with reserved bits. 56421 4.1.2.</summary>
    IoSizeInvalid,

    /// <summary>DMA to a page that is not shared. APM 15.34.5.</summary>
    DmaToPrivatePage,

    /// <summary>MMIO access of a size other than 1, 2, 4 or 8. 56421 4.1.5.</summary>
    MmioSizeInvalid,

    /// <summary>MMIO access to an address that is memory. 56421 4.1.5.</summary>
    MmioToMemory,

    /// <summary>Access to an MSR that the host does not offer. 56421 4.1.3.</summary>
    MsrNotOffered,

    /// <summary>The header of the page-state-change structure is wrong. 56421 4.1.6.</summary>
    PageStateHeader,

    /// <summary>Reserved bits of a page-state-change entry are set. 56421 4.1.6.</summary>
    PageStateReservedBits,

    /// <summary>The page-state operation is none of private, shared, smash and unsmash. 56421 4.1.6.</summary>
    PageStateOperation,

    /// <summary>A 2 MiB page-state change of an address that is no multiple of 2 MiB. 56421 4.1.6.</summary>
    PageStateNotAligned,

    /// <summary>Page-state change of an address that is not memory. 56421 4.1.6.</summary>
    PageStateNotMemory,

    /// <summary>Page-state change of a page that is still validated. APM 15.36.5.</summary>
    PageStateStillValidated,

    /// <summary>Page-state change of the firmware image. 56860 8.17.</summary>
    PageStateOfFirmware,

    /// <summary>Page-state change to private of a page that is private. 56421 4.1.6.</summary>
    PageStateUnchanged,

    /// <summary>PVALIDATE outside of the kernel's privilege or of VMPL0. APM 3 PVALIDATE.</summary>
    PvalidateUnprivileged,

    /// <summary>PVALIDATE of a virtual address that is not mapped. APM 3 PVALIDATE.</summary>
    PvalidateUnmapped,

    /// <summary>PVALIDATE of an address that is not memory. APM 3 PVALIDATE.</summary>
    PvalidateNotMemory,

    /// <summary>PVALIDATE of a shared page. APM 15.36.6.</summary>
    PvalidateShared,

    /// <summary>PVALIDATE of a page that is in that state already. APM 15.36.6.</summary>
    PvalidateTwice,

    /// <summary>PVALIDATE of 2 MiB on memory that is assigned in 4 KiB pages. APM 15.36.6.</summary>
    PvalidateSizeMismatch,

    /// <summary>RMPADJUST outside of the kernel's privilege. APM 3 RMPADJUST.</summary>
    RmpadjustUnprivileged,

    /// <summary>Reserved bits of RCX or RDX are set in RMPADJUST. APM 3 RMPADJUST.</summary>
    RmpadjustReservedBits,

    /// <summary>RMPADJUST of a virtual address that is not mapped to memory. APM 3 RMPADJUST.</summary>
    RmpadjustUnmapped,

    /// <summary>RMPADJUST of a page that is not validated. APM 3 RMPADJUST.</summary>
    RmpadjustNotValidated,

    /// <summary>RMPADJUST of a level that is not below the caller's, or of more than the caller has. APM 3 RMPADJUST.</summary>
    RmpadjustPermission,

    /// <summary>Access with the C-bit clear to a private page. APM 15.36.10.</summary>
    SharedAccessToPrivatePage,

    /// <summary>Access with the C-bit set to a shared page. APM 15.36.10.</summary>
    PrivateAccessToSharedPage,

    /// <summary>Instruction fetch from a shared page. APM 15.34.5.</summary>
    FetchFromSharedPage,

    /// <summary>A page table of the guest is in a shared page. APM 15.34.5.</summary>
    TableInSharedPage,

    /// <summary>A page table of the guest is not in memory. APM 15.34.5.</summary>
    TableOutsideMemory,

    /// <summary>Instruction fetch from an address that is not memory. APM 15.36.10.</summary>
    FetchOutsideMemory,

    /// <summary>Access with the C-bit clear to the firmware image: the page becomes shared, as QEMU's implicit conversion makes it. QEMU sev-snp-guest.</summary>
    FirmwareReadShared,

    /// <summary>Access to a private page that is not validated. APM 15.36.10.</summary>
    AccessNotValidated,

    /// <summary>Access that the VMPL's permissions do not allow. APM 15.36.7.</summary>
    VmplPermission,

    /// <summary>#VC cannot be delivered: its gate, stack or segment is not usable. APM 8.9.</summary>
    ExceptionNotDeliverable,

    /// <summary>#VC while another event was being delivered. APM 15.35.5.</summary>
    ExceptionDuringDelivery,

    /// <summary>A write to CR0, CR4 or EFER that the processor refuses. APM 3.1.</summary>
    RegisterIllegal,

    /// <summary>A write to SEV_STATUS. APM 15.34.10.</summary>
    SevStatusWritten,

    /// <summary>An SVM instruction in the guest. APM 15.35.6.</summary>
    VirtualMachineInstruction,

    /// <summary>AP creation for an APIC id that no CPU has. 56421 4.1.9.</summary>
    ApUnknown,

    /// <summary>AP creation with an unknown request or VMPL. 56421 4.1.9.</summary>
    ApRequestInvalid,

    /// <summary>The VMSA address is not a multiple of 4096, or is one of 2 MiB. 56421 4.1.9.</summary>
    VmsaNotAligned,

    /// <summary>The VMSA is not in a page that RMPADJUST made a VMSA. APM 15.36.9.</summary>
    VmsaNotVmsaPage,

    /// <summary>SEV_FEATURES of the VMSA differ from those of the request or of the guest. 56421 4.1.9.</summary>
    VmsaFeatures,

    /// <summary>The VMSA holds a state that VMRUN refuses. APM 15.5.1.</summary>
    VmsaIllegal,

    /// <summary>A request to run a VMPL that has no VMSA. 56421 4.1.12.</summary>
    VmplNotRunnable,

    /// <summary>Guest request with a page that is not a multiple of 4096, or the same page twice. 56421 4.1.7.</summary>
    RequestNotAligned,

    /// <summary>Guest request with a page that is not shared. 56421 4.1.7.</summary>
    RequestNotShared,

    /// <summary>Guest message with a wrong header version, size or algorithm. 56860 8.26.</summary>
    MessageHeader,

    /// <summary>Reserved bytes of a guest message's header are set. 56860 8.26.</summary>
    MessageReservedBits,

    /// <summary>Guest message with a sequence number that is not the next one. 56860 8.26.</summary>
    MessageSequence,

    /// <summary>Guest message under a VMPCK that does not exist. 56860 8.26.</summary>
    MessageKey,

    /// <summary>Guest message whose authentication tag is wrong. 56860 8.26.</summary>
    MessageTag,

    /// <summary>Guest message of a type that the security processor does not answer. 56860 8.26.</summary>
    MessageType,

    /// <summary>Guest message whose payload has not the size of its type. 56860 8.26.</summary>
    MessageSize,

    /// <summary>Guest message with an invalid parameter. 56860 7.</summary>
    MessageParameter,

    /// <summary>The guest asked for its termination. 56421 2.3.1.</summary>
    TerminatedByGuest,

    /// <summary>The guest shut down: a fault while delivering a double fault. APM 8.2.9.</summary>
    Shutdown,

    /// <summary>The machine's configuration is not usable.</summary>
    LaunchConfiguration,

    /// <summary>The firmware has no usable SEV metadata. attestation.md 3.3.</summary>
    LaunchMetadata,

    /// <summary>A section of the firmware's metadata is outside of memory or overlaps another.</summary>
    LaunchOverlap,

    /// <summary>A kernel is to be measured and the firmware has no section for its hashes. attestation.md 3.4.</summary>
    LaunchKernelHashes,

    /// <summary>The guest policy is malformed or asks for what the machine has not. 56860 4.3.</summary>
    LaunchPolicy,

    /// <summary>The ID block does not match the launch. 56860 8.18.</summary>
    LaunchIdBlock,

    /// <summary>The ID key or the author key is malformed, or of an unknown algorithm. 56860 8.18.</summary>
    LaunchIdKey,

    /// <summary>The ID key did not sign the ID block. 56860 8.18.</summary>
    LaunchIdBlockSignature,

    /// <summary>The author key did not sign the ID key. 56860 8.18.</summary>
    LaunchIdKeySignature,
}

/// <summary>The names under which the rules appear on the machine's channels.</summary>
internal static class RuleNames
{
    public static ReadOnlySpan<byte> Name(Rule rule) => rule switch
    {
        Rule.GhcbNotAligned => "ghcb-not-aligned"u8,
        Rule.GhcbNotRegistered => "ghcb-not-registered"u8,
        Rule.GhcbNotShared => "ghcb-not-shared"u8,
        Rule.GhcbProtocolVersion => "ghcb-protocol-version"u8,
        Rule.GhcbUsage => "ghcb-usage"u8,
        Rule.GhcbExitFieldsInvalid => "ghcb-exit-fields-invalid"u8,
        Rule.GhcbMissingInput => "ghcb-missing-input"u8,
        Rule.GhcbReservedBits => "ghcb-reserved-bits"u8,
        Rule.GhcbUnknownEvent => "ghcb-unknown-event"u8,
        Rule.GhcbEventNotOffered => "ghcb-event-not-offered"u8,
        Rule.GuestUnsupportedEvent => "guest-unsupported-event"u8,
        Rule.GhcbScratchInvalid => "ghcb-scratch-invalid"u8,
        Rule.VmgexitUnprivileged => "vmgexit-unprivileged"u8,
        Rule.MsrProtocolUnknown => "msr-protocol-unknown"u8,
        Rule.MsrProtocolReservedBits => "msr-protocol-reserved-bits"u8,
        Rule.GhcbRegistrationNotMemory => "ghcb-registration-not-memory"u8,
        Rule.IoSizeInvalid => "io-size-invalid"u8,
        Rule.DmaToPrivatePage => "dma-to-private-page"u8,
        Rule.MmioSizeInvalid => "mmio-size-invalid"u8,
        Rule.MmioToMemory => "mmio-to-memory"u8,
        Rule.MsrNotOffered => "msr-not-offered"u8,
        Rule.PageStateHeader => "page-state-header"u8,
        Rule.PageStateReservedBits => "page-state-reserved-bits"u8,
        Rule.PageStateOperation => "page-state-operation"u8,
        Rule.PageStateNotAligned => "page-state-not-aligned"u8,
        Rule.PageStateNotMemory => "page-state-not-memory"u8,
        Rule.PageStateStillValidated => "page-state-still-validated"u8,
        Rule.PageStateOfFirmware => "page-state-of-firmware"u8,
        Rule.PageStateUnchanged => "page-state-unchanged"u8,
        Rule.PvalidateUnprivileged => "pvalidate-unprivileged"u8,
        Rule.PvalidateUnmapped => "pvalidate-unmapped"u8,
        Rule.PvalidateNotMemory => "pvalidate-not-memory"u8,
        Rule.PvalidateShared => "pvalidate-shared"u8,
        Rule.PvalidateTwice => "pvalidate-twice"u8,
        Rule.PvalidateSizeMismatch => "pvalidate-size-mismatch"u8,
        Rule.RmpadjustUnprivileged => "rmpadjust-unprivileged"u8,
        Rule.RmpadjustReservedBits => "rmpadjust-reserved-bits"u8,
        Rule.RmpadjustUnmapped => "rmpadjust-unmapped"u8,
        Rule.RmpadjustNotValidated => "rmpadjust-not-validated"u8,
        Rule.RmpadjustPermission => "rmpadjust-permission"u8,
        Rule.SharedAccessToPrivatePage => "shared-access-to-private-page"u8,
        Rule.PrivateAccessToSharedPage => "private-access-to-shared-page"u8,
        Rule.FetchFromSharedPage => "fetch-from-shared-page"u8,
        Rule.TableInSharedPage => "table-in-shared-page"u8,
        Rule.TableOutsideMemory => "table-outside-memory"u8,
        Rule.FetchOutsideMemory => "fetch-outside-memory"u8,
        Rule.FirmwareReadShared => "firmware-read-shared"u8,
        Rule.AccessNotValidated => "access-not-validated"u8,
        Rule.VmplPermission => "vmpl-permission"u8,
        Rule.ExceptionNotDeliverable => "exception-not-deliverable"u8,
        Rule.ExceptionDuringDelivery => "exception-during-delivery"u8,
        Rule.RegisterIllegal => "register-illegal"u8,
        Rule.SevStatusWritten => "sev-status-written"u8,
        Rule.VirtualMachineInstruction => "virtual-machine-instruction"u8,
        Rule.ApUnknown => "ap-unknown"u8,
        Rule.ApRequestInvalid => "ap-request-invalid"u8,
        Rule.VmsaNotAligned => "vmsa-not-aligned"u8,
        Rule.VmsaNotVmsaPage => "vmsa-not-vmsa-page"u8,
        Rule.VmsaFeatures => "vmsa-features"u8,
        Rule.VmsaIllegal => "vmsa-illegal"u8,
        Rule.VmplNotRunnable => "vmpl-not-runnable"u8,
        Rule.RequestNotAligned => "request-not-aligned"u8,
        Rule.RequestNotShared => "request-not-shared"u8,
        Rule.MessageHeader => "message-header"u8,
        Rule.MessageReservedBits => "message-reserved-bits"u8,
        Rule.MessageSequence => "message-sequence"u8,
        Rule.MessageKey => "message-key"u8,
        Rule.MessageTag => "message-tag"u8,
        Rule.MessageType => "message-type"u8,
        Rule.MessageSize => "message-size"u8,
        Rule.MessageParameter => "message-parameter"u8,
        Rule.TerminatedByGuest => "terminated-by-guest"u8,
        Rule.Shutdown => "shutdown"u8,
        Rule.LaunchConfiguration => "launch-configuration"u8,
        Rule.LaunchMetadata => "launch-metadata"u8,
        Rule.LaunchOverlap => "launch-overlap"u8,
        Rule.LaunchKernelHashes => "launch-kernel-hashes"u8,
        Rule.LaunchPolicy => "launch-policy"u8,
        Rule.LaunchIdBlock => "launch-id-block"u8,
        Rule.LaunchIdKey => "launch-id-key"u8,
        Rule.LaunchIdBlockSignature => "launch-id-block-signature"u8,
        Rule.LaunchIdKeySignature => "launch-id-key-signature"u8,
        _ => "none"u8,
    };

    public static ReadOnlySpan<byte> Text(Rule rule) => rule switch
    {
        Rule.GhcbNotAligned => "The GHCB address is not a multiple of 4096."u8,
        Rule.GhcbNotRegistered => "VMGEXIT names a GHCB that was not registered."u8,
        Rule.GhcbNotShared => "The GHCB is not in shared memory."u8,
        Rule.GhcbProtocolVersion => "The GHCB's protocol version is above the negotiated 2."u8,
        Rule.GhcbUsage => "The GHCB's usage field is not 0."u8,
        Rule.GhcbExitFieldsInvalid => "Exit code or exit information is not marked valid."u8,
        Rule.GhcbMissingInput => "A register that the event needs is not marked valid."u8,
        Rule.GhcbReservedBits => "Reserved bits of an exit field are set."u8,
        Rule.GhcbUnknownEvent => "No event of the protocol has this exit code."u8,
        Rule.GhcbEventNotOffered => "The event belongs to a feature that was not offered."u8,
        Rule.GuestUnsupportedEvent => "The guest reports an event that it cannot handle."u8,
        Rule.GhcbScratchInvalid => "The scratch area is not in the GHCB's shared buffer nor in shared memory."u8,
        Rule.VmgexitUnprivileged => "VMGEXIT outside of the kernel's privilege."u8,
        Rule.MsrProtocolUnknown => "The value in the GHCB MSR is no request of the MSR protocol."u8,
        Rule.MsrProtocolReservedBits => "Reserved bits of an MSR protocol request are set."u8,
        Rule.GhcbRegistrationNotMemory => "The address to register as GHCB is not memory."u8,
        Rule.IoSizeInvalid => "Port access of a size other than 1, 2 or 4, or with reserved bits."u8,
        Rule.DmaToPrivatePage => "DMA to a page that is not shared."u8,
        Rule.MmioSizeInvalid => "MMIO access of a size other than 1, 2, 4 or 8."u8,
        Rule.MmioToMemory => "MMIO access to an address that is memory."u8,
        Rule.MsrNotOffered => "Access to an MSR that the host does not offer."u8,
        Rule.PageStateHeader => "The header of the page-state-change structure is wrong."u8,
        Rule.PageStateReservedBits => "Reserved bits of a page-state-change entry are set."u8,
        Rule.PageStateOperation => "The page-state operation is none of private, shared, smash and unsmash."u8,
        Rule.PageStateNotAligned => "A 2 MiB page-state change of an address that is no multiple of 2 MiB."u8,
        Rule.PageStateNotMemory => "Page-state change of an address that is not memory."u8,
        Rule.PageStateStillValidated => "Page-state change of a page that is still validated."u8,
        Rule.PageStateOfFirmware => "Page-state change of the firmware image."u8,
        Rule.PageStateUnchanged => "Page-state change to private of a page that is private."u8,
        Rule.PvalidateUnprivileged => "PVALIDATE outside of the kernel's privilege or of VMPL0."u8,
        Rule.PvalidateUnmapped => "PVALIDATE of a virtual address that is not mapped."u8,
        Rule.PvalidateNotMemory => "PVALIDATE of an address that is not memory."u8,
        Rule.PvalidateShared => "PVALIDATE of a shared page."u8,
        Rule.PvalidateTwice => "PVALIDATE of a page that is in that state already."u8,
        Rule.PvalidateSizeMismatch => "PVALIDATE of 2 MiB on memory that is assigned in 4 KiB pages."u8,
        Rule.RmpadjustUnprivileged => "RMPADJUST outside of the kernel's privilege."u8,
        Rule.RmpadjustReservedBits => "Reserved bits of RCX or RDX are set in RMPADJUST."u8,
        Rule.RmpadjustUnmapped => "RMPADJUST of a virtual address that is not mapped to memory."u8,
        Rule.RmpadjustNotValidated => "RMPADJUST of a page that is not validated."u8,
        Rule.RmpadjustPermission => "RMPADJUST of a level that is not below the caller's, or of more than the caller has."u8,
        Rule.SharedAccessToPrivatePage => "Access with the C-bit clear to a private page."u8,
        Rule.PrivateAccessToSharedPage => "Access with the C-bit set to a shared page."u8,
        Rule.FetchFromSharedPage => "Instruction fetch from a shared page."u8,
        Rule.TableInSharedPage => "A page table of the guest is in a shared page."u8,
        Rule.TableOutsideMemory => "A page table of the guest is not in memory."u8,
        Rule.FetchOutsideMemory => "Instruction fetch from an address that is not memory."u8,
        Rule.FirmwareReadShared => "Access with the C-bit clear to the firmware image: the page becomes shared, as QEMU's implicit conversion makes it."u8,
        Rule.AccessNotValidated => "Access to a private page that is not validated."u8,
        Rule.VmplPermission => "Access that the VMPL's permissions do not allow."u8,
        Rule.ExceptionNotDeliverable => "#VC cannot be delivered: its gate, stack or segment is not usable."u8,
        Rule.ExceptionDuringDelivery => "#VC while another event was being delivered."u8,
        Rule.RegisterIllegal => "A write to CR0, CR4 or EFER that the processor refuses."u8,
        Rule.SevStatusWritten => "A write to SEV_STATUS."u8,
        Rule.VirtualMachineInstruction => "An SVM instruction in the guest."u8,
        Rule.ApUnknown => "AP creation for an APIC id that no CPU has."u8,
        Rule.ApRequestInvalid => "AP creation with an unknown request or VMPL."u8,
        Rule.VmsaNotAligned => "The VMSA address is not a multiple of 4096, or is one of 2 MiB."u8,
        Rule.VmsaNotVmsaPage => "The VMSA is not in a page that RMPADJUST made a VMSA."u8,
        Rule.VmsaFeatures => "SEV_FEATURES of the VMSA differ from those of the request or of the guest."u8,
        Rule.VmsaIllegal => "The VMSA holds a state that VMRUN refuses."u8,
        Rule.VmplNotRunnable => "A request to run a VMPL that has no VMSA."u8,
        Rule.RequestNotAligned => "Guest request with a page that is not a multiple of 4096, or the same page twice."u8,
        Rule.RequestNotShared => "Guest request with a page that is not shared."u8,
        Rule.MessageHeader => "Guest message with a wrong header version, size or algorithm."u8,
        Rule.MessageReservedBits => "Reserved bytes of a guest message's header are set."u8,
        Rule.MessageSequence => "Guest message with a sequence number that is not the next one."u8,
        Rule.MessageKey => "Guest message under a VMPCK that does not exist."u8,
        Rule.MessageTag => "Guest message whose authentication tag is wrong."u8,
        Rule.MessageType => "Guest message of a type that the security processor does not answer."u8,
        Rule.MessageSize => "Guest message whose payload has not the size of its type."u8,
        Rule.MessageParameter => "Guest message with an invalid parameter."u8,
        Rule.TerminatedByGuest => "The guest asked for its termination."u8,
        Rule.Shutdown => "The guest shut down: a fault while delivering a double fault."u8,
        Rule.LaunchConfiguration => "The machine's configuration is not usable."u8,
        Rule.LaunchMetadata => "The firmware has no usable SEV metadata."u8,
        Rule.LaunchOverlap => "A section of the firmware's metadata is outside of memory or overlaps another."u8,
        Rule.LaunchKernelHashes => "A kernel is to be measured and the firmware has no section for its hashes."u8,
        Rule.LaunchPolicy => "The guest policy is malformed or asks for what the machine has not."u8,
        Rule.LaunchIdBlock => "The ID block does not match the launch."u8,
        Rule.LaunchIdKey => "The ID key or the author key is malformed, or of an unknown algorithm."u8,
        Rule.LaunchIdBlockSignature => "The ID key did not sign the ID block."u8,
        Rule.LaunchIdKeySignature => "The author key did not sign the ID key."u8,
        _ => ""u8,
    };
}
