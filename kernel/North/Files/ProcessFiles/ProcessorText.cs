using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>/proc/cpuinfo, from CPUID as the machine believes it (APM volume 3, appendix E; arch/x86/kernel/cpu/proc.c).</summary>
internal static class ProcessorText
{
    private const uint ExtendedLeaf = 0x8000_0000;

    // Names of feature bits as Linux prints them (arch/x86/include/asm/cpufeatures.h); an empty name is a bit that it does not show.
    private static readonly string[] Leaf1Edx =
    [
        "fpu", "vme", "de", "pse", "tsc", "msr", "pae", "mce", "cx8", "apic", "", "sep", "mtrr", "pge", "mca", "cmov", "pat", "pse36", "pn", "clflush", "",
        "dts", "acpi", "mmx", "fxsr", "sse", "sse2", "ss", "ht", "tm", "ia64", "pbe",
    ];

    private static readonly string[] ExtendedEdx =
    [
        "", "", "", "", "", "", "", "", "", "", "", "syscall", "", "", "", "", "", "", "", "mp", "nx", "", "mmxext", "", "", "fxsr_opt", "pdpe1gb", "rdtscp",
        "", "lm", "3dnowext", "3dnow",
    ];

    private static readonly string[] Leaf1Ecx =
    [
        "pni", "pclmulqdq", "dtes64", "monitor", "ds_cpl", "vmx", "smx", "est", "tm2", "ssse3", "cid", "sdbg", "fma", "cx16", "xtpr", "pdcm", "", "pcid",
        "dca", "sse4_1", "sse4_2", "x2apic", "movbe", "popcnt", "tsc_deadline_timer", "aes", "xsave", "", "avx", "f16c", "rdrand", "hypervisor",
    ];

    private static readonly string[] ExtendedEcx =
    [
        "lahf_lm", "cmp_legacy", "svm", "extapic", "cr8_legacy", "abm", "sse4a", "misalignsse", "3dnowprefetch", "osvw", "ibs", "xop", "skinit", "wdt", "",
        "lwp", "fma4", "tce", "", "nodeid_msr", "", "tbm", "topoext", "perfctr_core", "perfctr_nb", "", "bpext", "ptsc", "perfctr_llc", "mwaitx", "", "",
    ];

    private static readonly string[] Leaf7Ebx =
    [
        "fsgsbase", "tsc_adjust", "sgx", "bmi1", "hle", "avx2", "", "smep", "bmi2", "erms", "invpcid", "rtm", "cqm", "", "mpx", "rdt_a", "avx512f",
        "avx512dq", "rdseed", "adx", "smap", "avx512ifma", "", "clflushopt", "clwb", "intel_pt", "avx512pf", "avx512er", "avx512cd", "sha_ni", "avx512bw",
        "avx512vl",
    ];

    private static readonly string[] Leaf7Ecx =
    [
        "avx512vbmi", "umip", "pku", "ospke", "waitpkg", "avx512_vbmi2", "", "gfni", "vaes", "vpclmulqdq", "avx512_vnni", "avx512_bitalg", "tme",
        "avx512_vpopcntdq", "", "", "la57", "", "", "", "", "", "rdpid", "", "bus_lock_detect", "cldemote", "", "movdiri", "movdir64b", "enqcmd", "", "",
    ];

    public static Errno Write(Task reader, ref TextWriter text)
    {
        Machine machine = reader.Kernel.Machine;
        for (int i = 0; i < machine.ProcessorCount; i++)
        {
            WriteProcessor(machine, i, ref text);
        }

        return Errno.None;
    }

    private static void WriteProcessor(Machine machine, int index, ref TextWriter text)
    {
        CpuidResult vendor = machine.Cpuid(0, 0);
        CpuidResult basic = machine.Cpuid(1, 0);
        uint family = basic.Eax >> 8 & 0xF;
        uint model = basic.Eax >> 4 & 0xF;
        if (family == 0xF)
        {
            family += basic.Eax >> 20 & 0xFF;
        }

        if (family is 6 or >= 0xF)
        {
            model += (basic.Eax >> 16 & 0xF) << 4;
        }

        ulong kilohertz = machine.Clock.TimestampFrequency / 1000;
        AddNumber(ref text, "processor\t: "u8, (ulong)index);
        text.Add("vendor_id\t: "u8);
        AddWord(ref text, vendor.Ebx);
        AddWord(ref text, vendor.Edx);
        AddWord(ref text, vendor.Ecx);
        text.Add((byte)'\n');
        AddNumber(ref text, "cpu family\t: "u8, family);
        AddNumber(ref text, "model\t\t: "u8, model);
        text.Add("model name\t: "u8);
        WriteName(machine, ref text);
        AddNumber(ref text, "\nstepping\t: "u8, basic.Eax & 0xF);
        text.Add("cpu MHz\t\t: "u8);
        text.AddUnsigned(kilohertz / 1000);
        text.Add((byte)'.');
        text.AddUnsigned(kilohertz % 1000, 3, (byte)'0');
        text.Add("\ncache size\t: "u8);
        text.AddUnsigned(machine.Cpuid(ExtendedLeaf, 0).Eax >= ExtendedLeaf + 6 ? machine.Cpuid(ExtendedLeaf + 6, 0).Ecx >> 16 : 0);
        text.Add(" KB\n"u8);
        AddNumber(ref text, "physical id\t: "u8, 0);
        AddNumber(ref text, "siblings\t: "u8, (ulong)machine.ProcessorCount);
        AddNumber(ref text, "core id\t\t: "u8, (ulong)index);
        AddNumber(ref text, "cpu cores\t: "u8, (ulong)machine.ProcessorCount);
        AddNumber(ref text, "apicid\t\t: "u8, (ulong)index);
        AddNumber(ref text, "initial apicid\t: "u8, (ulong)index);
        text.Add("fpu\t\t: yes\nfpu_exception\t: yes\ncpuid level\t: "u8);
        text.AddUnsigned(vendor.Eax);
        text.Add("\nwp\t\t: yes\nflags\t\t:"u8);
        WriteFlags(machine, basic, ref text);
        text.Add("\nbugs\t\t:\nbogomips\t: "u8);
        ulong hundredths = kilohertz * 2 / 10; // two loops a cycle, as Linux reckons from the timestamp counter
        text.AddUnsigned(hundredths / 100);
        text.Add((byte)'.');
        text.AddUnsigned(hundredths % 100, 2, (byte)'0');
        AddNumber(ref text, "\nclflush size\t: "u8, (basic.Ebx >> 8 & 0xFF) * 8);
        AddNumber(ref text, "cache_alignment\t: "u8, (basic.Ebx >> 8 & 0xFF) * 8);
        uint addressSizes = machine.Cpuid(ExtendedLeaf + 8, 0).Eax;
        text.Add("address sizes\t: "u8);
        text.AddUnsigned(addressSizes & 0xFF);
        text.Add(" bits physical, "u8);
        text.AddUnsigned(addressSizes >> 8 & 0xFF);
        text.Add(" bits virtual\npower management:\n\n"u8);
    }

    private static void WriteName(Machine machine, ref TextWriter text)
    {
        if (machine.Cpuid(ExtendedLeaf, 0).Eax < ExtendedLeaf + 4)
        {
            text.Add("unknown"u8);
            return;
        }

        for (uint leaf = ExtendedLeaf + 2; leaf <= ExtendedLeaf + 4; leaf++)
        {
            CpuidResult part = machine.Cpuid(leaf, 0);
            AddWord(ref text, part.Eax);
            AddWord(ref text, part.Ebx);
            AddWord(ref text, part.Ecx);
            AddWord(ref text, part.Edx);
        }
    }

    private static void WriteFlags(Machine machine, in CpuidResult basic, ref TextWriter text)
    {
        CpuidResult extended = machine.Cpuid(ExtendedLeaf + 1, 0);
        CpuidResult structured = machine.Cpuid(0, 0).Eax >= 7 ? machine.Cpuid(7, 0) : default;
        AddFlags(ref text, Leaf1Edx, basic.Edx);
        AddFlags(ref text, ExtendedEdx, extended.Edx);
        AddFlags(ref text, Leaf1Ecx, basic.Ecx);
        AddFlags(ref text, ExtendedEcx, extended.Ecx);
        AddFlags(ref text, Leaf7Ebx, structured.Ebx);
        AddFlags(ref text, Leaf7Ecx, structured.Ecx);
    }

    private static void AddFlags(ref TextWriter text, string[] names, uint bits)
    {
        for (int i = 0; i < names.Length; i++)
        {
            if ((bits >> i & 1) != 0 && names[i].Length > 0)
            {
                text.Add((byte)' ');
                text.Add(names[i]);
            }
        }
    }

    private static void AddNumber(ref TextWriter text, ReadOnlySpan<byte> label, ulong value)
    {
        text.Add(label);
        text.AddUnsigned(value);
        text.Add((byte)'\n');
    }

    /// <summary>Four characters; zeros end a name.</summary>
    private static void AddWord(ref TextWriter text, uint word)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, word);
        foreach (byte value in bytes)
        {
            if (value != 0)
            {
                text.Add(value);
            }
        }
    }
}
