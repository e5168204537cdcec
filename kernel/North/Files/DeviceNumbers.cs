namespace LiteBox.North.Files;

/// <summary>Device numbers in the encoding of dev_t (include/linux/kdev_t.h, new_encode_dev): minor in bits 0-7 and 20-31, major in bits 8-19.</summary>
internal static class DeviceNumbers
{
    public static ulong Make(uint major, uint minor) => (minor & 0xFF) | (ulong)(major & 0xFFF) << 8 | (ulong)(minor & 0xFFF00) << 12;

    public static uint Major(ulong device) => (uint)(device >> 8) & 0xFFF;

    public static uint Minor(ulong device) => ((uint)device & 0xFF) | ((uint)(device >> 12) & 0xFFF00);
}
