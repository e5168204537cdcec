namespace LiteBox.North.Files;

/// <summary>Seals of fcntl(2) F_ADD_SEALS (include/uapi/linux/fcntl.h).</summary>
internal static class FileSeals
{
    /// <summary>F_SEAL_SEAL.</summary>
    public const int NoMoreSeals = 1;

    /// <summary>F_SEAL_SHRINK.</summary>
    public const int NoShrinking = 2;

    /// <summary>F_SEAL_GROW.</summary>
    public const int NoGrowing = 4;

    /// <summary>F_SEAL_WRITE.</summary>
    public const int NoWriting = 8;

    /// <summary>F_SEAL_FUTURE_WRITE.</summary>
    public const int NoFutureWriting = 16;

    /// <summary>All that exist.</summary>
    public const int All = 31;
}
