using System;
using System.Security.Cryptography;
using System.Text;

namespace LiteBox.Image.Disk;

/// <summary>Identifiers that follow from content, so that the same input gives the same disk.</summary>
internal static class ContentGuid
{
    /// <summary>A custom-form UUID (RFC 9562 section 5.8, version 8) from the SHA-256 of a purpose and a content digest.</summary>
    public static Guid From(string purpose, ReadOnlySpan<byte> digest)
    {
        byte[] name = [.. Encoding.UTF8.GetBytes(purpose), 0, .. digest];
        Span<byte> bytes = SHA256.HashData(name).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
