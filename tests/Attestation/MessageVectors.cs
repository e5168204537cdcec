using System.Text.Json;
using Xunit;

namespace LiteBox.Attestation.Tests;

/// <summary>Judges entries that are decrypted guest messages.</summary>
internal static class MessageVectors
{
    internal static int JudgeReportResponse(string path, JsonElement expect)
    {
        var payload = Vectors.Read(path);
        var response = ReportResponse.Parse(payload).Value!;
        Assert.Equal(0, expect.GetProperty("status").GetInt32());
        Assert.Equal(expect.GetProperty("report_size").GetInt32(), response.Report.Length);
        Assert.Equal(payload.AsSpan(expect.GetProperty("report_offset").GetInt32(), response.Report.Length).ToArray(), response.Report);
        return 3 + ReportVectors.CompareFields(ReportVectors.Parse(response.Report), expect.GetProperty("fields"));
    }

    internal static int JudgeKeyResponse(string path, JsonElement expect)
    {
        Assert.Equal(0, expect.GetProperty("status").GetInt32());
        Assert.Equal(expect.GetProperty("derived_key").GetString(),
            Convert.ToHexStringLower(KeyResponse.Parse(Vectors.Read(path)).Value!.Key));
        return 2;
    }
}
