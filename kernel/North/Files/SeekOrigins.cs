namespace LiteBox.North.Files;

/// <summary>Where lseek(2) counts from (include/uapi/linux/fs.h).</summary>
internal static class SeekOrigins
{
    /// <summary>SEEK_SET.</summary>
    public const int Set = 0;

    /// <summary>SEEK_CUR.</summary>
    public const int Current = 1;

    /// <summary>SEEK_END.</summary>
    public const int End = 2;

    /// <summary>SEEK_DATA.</summary>
    public const int Data = 3;

    /// <summary>SEEK_HOLE.</summary>
    public const int Hole = 4;
}
