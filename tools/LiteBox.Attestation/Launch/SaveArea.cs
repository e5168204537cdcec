using System.Buffers.Binary;

namespace LiteBox.Attestation;

/// <summary>The initial registers of a virtual processor as they are measured: the VMSA page (24593, table B-4).</summary>
public static class SaveArea
{
    /// <summary>Where the boot processor starts: the reset vector.</summary>
    public const uint BootAddress = 0xFFFF_FFF0;

    private const int Es = 0x00, Cs = 0x10, Ss = 0x20, Ds = 0x30, Fs = 0x40, Gs = 0x50, Gdtr = 0x60, Ldtr = 0x70, Idtr = 0x80, Tr = 0x90;
    private const int Efer = 0xD0, Cr4 = 0x148, Cr0 = 0x158, Dr7 = 0x160, Dr6 = 0x168, Rflags = 0x170, Rip = 0x178;
    private const int GuestPat = 0x268, Rdx = 0x310, SevFeatures = 0x3B0, Xcr0 = 0x3E8, Mxcsr = 0x408, X87ControlWord = 0x410;
    private const ulong DefaultPat = 0x0007_0406_0007_0406;
    private const ulong GcePat = 0x70106;
    private const ulong CloudRdx = 0x600;

    /// <summary>The page of one processor.</summary>
    /// <param name="monitor">Who launches.</param>
    /// <param name="startAddress"><see cref="BootAddress"/>, or the firmware's reset address for the others.</param>
    /// <param name="sevFeatures">SEV_FEATURES; 0 under SEV-ES.</param>
    /// <param name="signature">The CPUID signature, which QEMU leaves in RDX.</param>
    public static byte[] Create(VirtualMachineMonitor monitor, uint startAddress, ulong sevFeatures, uint signature)
    {
        var page = CreateCommon(sevFeatures);
        var ec2 = monitor.IsEc2();
        var codeAttributes = ec2 && startAddress == BootAddress ? 0x9A : 0x9B;
        foreach (var segment in new[] { Es, Ds, Fs, Gs })
        {
            WriteSegment(page, segment, 0, 0x93, 0xFFFF, 0);
        }

        WriteSegment(page, Cs, 0xF000, (ushort)codeAttributes, 0xFFFF, startAddress & 0xFFFF_0000);
        WriteSegment(page, Ss, 0, (ushort)(ec2 ? 0x92 : 0x93), 0xFFFF, 0);
        WriteSegment(page, Tr, 0, (ushort)(ec2 ? 0x83 : 0x8B), 0xFFFF, 0);
        Write(page, Cr0, 0x10);
        Write(page, Rip, startAddress & 0xFFFF);
        Write(page, GuestPat, monitor == VirtualMachineMonitor.Gce ? GcePat : DefaultPat);
        Write(page, Rdx, monitor switch
        {
            VirtualMachineMonitor.Qemu or VirtualMachineMonitor.QemuBeforeInit2 => signature,
            VirtualMachineMonitor.Ec2Before2026 => 0,
            _ => CloudRdx,
        });
        if (monitor == VirtualMachineMonitor.Qemu)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(Mxcsr), 0x1F80);
            BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(X87ControlWord), 0x37F);
        }

        return page;
    }

    /// <summary>The page of every processor that starts in an SVSM: flat 32-bit protected mode (QEMU with SVSM support).</summary>
    /// <param name="startAddress">Guest physical address of the SVSM's entry point.</param>
    /// <param name="sevFeatures">SEV_FEATURES.</param>
    /// <param name="signature">The CPUID signature.</param>
    public static byte[] CreateForSvsm(uint startAddress, ulong sevFeatures, uint signature)
    {
        const uint Flat = 0xFFFF_FFFF;
        var page = CreateCommon(sevFeatures);
        foreach (var segment in new[] { Es, Ss, Ds, Fs })
        {
            WriteSegment(page, segment, 16, 0xC93, Flat, 0);
        }

        WriteSegment(page, Cs, 8, 0xC9B, Flat, 0);
        WriteSegment(page, Gs, 0, 0x93, 0xFFFF, 0);
        WriteSegment(page, Tr, 0, 0x8B, 0xFFFF, 0);
        Write(page, Cr0, 0x11);
        Write(page, Rip, startAddress);
        Write(page, GuestPat, DefaultPat);
        Write(page, Rdx, signature);

        // FCW stays zero here: the value agrees with real machines.
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(Mxcsr), 0x1F80);
        return page;
    }

    /// <summary>What every monitor sets alike: EFER.SVME, CR4.MCE and the architecture's reset values.</summary>
    private static byte[] CreateCommon(ulong sevFeatures)
    {
        var page = new byte[LaunchDigest.PageSize];
        WriteSegment(page, Gdtr, 0, 0, 0xFFFF, 0);
        WriteSegment(page, Idtr, 0, 0, 0xFFFF, 0);
        WriteSegment(page, Ldtr, 0, 0x82, 0xFFFF, 0);
        Write(page, Efer, 0x1000);
        Write(page, Cr4, 0x40);
        Write(page, Dr7, 0x400);
        Write(page, Dr6, 0xFFFF_0FF0);
        Write(page, Rflags, 0x2);
        Write(page, SevFeatures, sevFeatures);
        Write(page, Xcr0, 0x1);
        return page;
    }

    private static void Write(byte[] page, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(offset), value);

    private static void WriteSegment(byte[] page, int offset, ushort selector, ushort attributes, uint limit, ulong start)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(offset), selector);
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(offset + 2), attributes);
        BinaryPrimitives.WriteUInt32LittleEndian(page.AsSpan(offset + 4), limit);
        BinaryPrimitives.WriteUInt64LittleEndian(page.AsSpan(offset + 8), start);
    }
}
