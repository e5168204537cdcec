using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Security.Cryptography;
using LiteBox.South.Snp;

namespace LiteBox.South.Tests.Snp;

/// <summary>
/// A security processor with .NET's AES-GCM, and the host before it: both do what they should unless a script says otherwise for the n-th message.
/// It counts as the real one does, and refuses a message that is out of step.
/// </summary>
internal sealed class ScriptedSecurityProcessor : GuestMessageHost
{
    public const int CertificatePages = 2;
    private readonly byte[] key;
    private readonly AesGcm cipher;

    public ScriptedSecurityProcessor(byte[] key)
    {
        this.key = key;
        cipher = new AesGcm(key, 16);
    }

    /// <summary>What the host answers in the place of carrying the n-th message; null: he carries it.</summary>
    public Func<int, ulong?> Host { get; set; } = _ => null;

    /// <summary>Changes the n-th answer, header and encrypted payload, on its way.</summary>
    public Action<int, byte[]> OnWay { get; set; } = (_, _) => { };

    /// <summary>Changes the payload of the n-th answer before it is encrypted; the result is what is sent.</summary>
    public Func<int, byte[], byte[]> Payload { get; set; } = (_, payload) => payload;

    /// <summary>Changes the header of the n-th answer before it is authenticated.</summary>
    public Action<int, byte[]> Header { get; set; } = (_, _) => { };

    /// <summary>False: the host refuses the n-th request itself.</summary>
    public Func<int, bool> Transport { get; set; } = _ => true;

    /// <summary>Pages that the host says its certificates need.</summary>
    public ulong NeededPages { get; set; } = CertificatePages;

    /// <summary>The sequence number that the next question must have.</summary>
    public ulong Expected { get; set; } = 1;

    /// <summary>Everything that was shown to the host, question and answer.</summary>
    public List<byte[]> Questions { get; } = [];

    public List<byte[]> Answers { get; } = [];

    public List<bool> WasExtended { get; } = [];

    public int Waits { get; private set; }

    public byte[] ReceivedPayload { get; private set; } = [];

    public override bool TryCarry(ReadOnlySpan<byte> request, Span<byte> response, out ulong hostAnswer)
    {
        WasExtended.Add(false);
        return TryCarryAny(request, response, out hostAnswer);
    }

    public override bool TryCarryExtended(ReadOnlySpan<byte> request, Span<byte> response, ref ulong pages, out ulong hostAnswer)
    {
        WasExtended.Add(true);
        if (pages < CertificatePages && Host(Questions.Count) is null)
        {
            Questions.Add(request.ToArray());
            Answers.Add([]);
            pages = NeededPages;
            hostAnswer = 1UL << 32;
            return true;
        }

        return TryCarryAny(request, response, out hostAnswer);
    }

    public override void CopyCertificates(Span<byte> destination) => destination.Fill(0xCE);

    public override void WaitBeforeRetry() => Waits++;

    private bool TryCarryAny(ReadOnlySpan<byte> request, Span<byte> response, out ulong hostAnswer)
    {
        int index = Questions.Count;
        Questions.Add(request.ToArray());
        Answers.Add([]);
        response.Clear();
        hostAnswer = 0;
        if (!Transport(index))
        {
            return false;
        }

        if (Host(index) is { } instead)
        {
            hostAnswer = instead;
            return true;
        }

        byte[] answer = Answer(index, request.ToArray(), ref hostAnswer);
        OnWay(index, answer);
        Answers[index] = (byte[])answer.Clone();
        answer.CopyTo(response);
        return true;
    }

    private byte[] Answer(int index, byte[] question, ref ulong status)
    {
        byte[] answer = new byte[4096];
        ulong sequence = BinaryPrimitives.ReadUInt64LittleEndian(question.AsSpan(0x20));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(question.AsSpan(0x36));
        byte[] payload = new byte[size];
        if (sequence != Expected)
        {
            status = 0x1D; // AEAD_OFLOW
            return answer;
        }

        cipher.Decrypt(Nonce(sequence), question.AsSpan(0x60, size), question.AsSpan(0, 16), payload, question.AsSpan(0x30, 0x30));
        ReceivedPayload = payload;
        Expected += 2;
        byte[] reply = Payload(index, question[0x34] == GuestMessage.ReportRequest ? Report(payload) : Key(payload));
        BinaryPrimitives.WriteUInt64LittleEndian(answer.AsSpan(0x20), sequence + 1);
        (answer[0x30], answer[0x31], answer[0x32], answer[0x34], answer[0x35], answer[0x3C]) =
            (1, 1, 0x60, (byte)(question[0x34] + 1), question[0x35], question[0x3C]);
        BinaryPrimitives.WriteUInt16LittleEndian(answer.AsSpan(0x36), (ushort)reply.Length);
        Header(index, answer);
        int room = Math.Min(reply.Length, 4000);
        cipher.Encrypt(Nonce(sequence + 1), reply.AsSpan(0, room), answer.AsSpan(0x60, room), answer.AsSpan(0, 16), answer.AsSpan(0x30, 0x30));
        return answer;
    }

    /// <summary>A report of version 3 for what was asked.</summary>
    public static byte[] Report(byte[] question)
    {
        byte[] reply = new byte[32 + 0x4A0];
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(4), 0x4A0);
        reply[32] = 3;
        question.AsSpan(64, 4).CopyTo(reply.AsSpan(32 + 0x30));
        question.AsSpan(0, 64).CopyTo(reply.AsSpan(32 + 0x50));
        return reply;
    }

    /// <summary>A key that depends on all of the question and on the channel's key.</summary>
    public byte[] Key(byte[] question)
    {
        byte[] reply = new byte[64];
        SHA256.HashData([.. key, .. question]).CopyTo(reply, 32);
        return reply;
    }

    private static byte[] Nonce(ulong sequence)
    {
        byte[] nonce = new byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(nonce, sequence);
        return nonce;
    }
}
