using System;
using System.Globalization;

namespace LiteBox.CommandLine;

/// <summary>The one time that stands in everything built: SOURCE_DATE_EPOCH (reproducible-builds.org), or the epoch's beginning.</summary>
internal static class SourceDate
{
    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    public static uint Seconds
    {
        get
        {
            string? text = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
            if (string.IsNullOrEmpty(text))
            {
                return 0;
            }

            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint seconds)
                ? seconds
                : throw new UsageException($"SOURCE_DATE_EPOCH: \"{text}\" is not a number of seconds since 1970");
        }
    }

    /// <summary>The same as a time.</summary>
    public static DateTime Time => DateTime.UnixEpoch.AddSeconds(Seconds);
}
