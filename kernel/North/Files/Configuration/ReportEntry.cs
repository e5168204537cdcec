using System;
using System.Buffers.Binary;
using LiteBox.Abi;
using LiteBox.North.Processes;
using LiteBox.North.Text;
using LiteBox.Platform;

namespace LiteBox.North.Files;

/// <summary>
/// One user of reports (Linux, Documentation/ABI/testing/configfs-tsm-report): what it wants in its report, and the report once it was read. The report is
/// asked for when it is read first, and again after anything that it depends on was written. The attributes are those of Linux without an SVSM.
/// </summary>
internal sealed class ReportEntry
{
    private const uint ReadOnly = 0x124; // 0444
    private const uint WriteOnly = 0x80; // 0200
    private const int DataSize = 64; // TSM_INBLOB_MAX, and what SNP takes
    private const uint LowestPrivilege = 3; // TSM_PRIVLEVEL_MAX
    private const byte MessageVersion = 1;
    private const int LevelOffset = 64;

    /// <summary>Heap of a report: the answer, the certificates, and what is kept of both.</summary>
    private const int Heap = 2 * (AttestationDevice.ReportAnswerSize + AttestationDevice.CertificatesLimit) + 512;

    // Statuses of the security processor (56860, table "Status Codes").
    private const uint InvalidParameter = 0x16;
    private const uint InvalidKey = 0x27;

    // An entry of the certificate table (56421, 4.1.8.1): GUID, offset, length.
    private const int TableEntrySize = 24;
    private const int TableOffset = 16;
    private const int TableLength = 20;

    private readonly AttestationDevice attestation;
    private readonly byte[] data = new byte[DataSize];
    private int dataLength;
    private uint level;
    private ulong writeGeneration;
    private ulong readGeneration;
    private byte[]? report;
    private byte[] certificates = [];

    public ReportEntry(AttestationDevice attestation) => this.attestation = attestation;

    /// <summary>Enters the attributes into the directory that stands for this user.</summary>
    public void AddAttributes(FileSystem fileSystem, FixedDirectory directory, Dentry self)
    {
        directory.Add(self, "inblob"u8, new ConfigBlob(fileSystem, StoreData, DataSize));
        directory.Add(self, "outblob"u8, new ConfigBlob(fileSystem, ReadReport));
        directory.Add(self, "auxblob"u8, new ConfigBlob(fileSystem, ReadCertificates));
        directory.Add(self, "generation"u8, new ConfigAttribute(fileSystem, ReadOnly, ShowGeneration));
        directory.Add(self, "provider"u8, new ConfigAttribute(fileSystem, ReadOnly, ShowProvider));
        directory.Add(self, "privlevel"u8, new ConfigAttribute(fileSystem, WriteOnly, ShowNothing, StoreLevel));
        directory.Add(self, "privlevel_floor"u8, new ConfigAttribute(fileSystem, ReadOnly, ShowFloor));
    }

    private void StoreData(ReadOnlySpan<byte> bytes)
    {
        writeGeneration++;
        dataLength = bytes.Length;
        bytes.CopyTo(data);
    }

    private Errno StoreLevel(Task writer, ReadOnlySpan<byte> text)
    {
        Errno error = KernelNumber.TryRead(text, out uint value);
        if (error != Errno.None)
        {
            return error;
        }

        if (value < (uint)attestation.PrivilegeFloor || value > LowestPrivilege)
        {
            return Errno.EINVAL;
        }

        writeGeneration++;
        level = value;
        return Errno.None;
    }

    private Errno ShowGeneration(Task reader, ref TextWriter text)
    {
        text.AddUnsigned(writeGeneration);
        text.Add((byte)'\n');
        return Errno.None;
    }

    private Errno ShowProvider(Task reader, ref TextWriter text)
    {
        text.Add("sev_guest\n"u8);
        return Errno.None;
    }

    private Errno ShowFloor(Task reader, ref TextWriter text)
    {
        text.Add(attestation.PrivilegeFloor);
        text.Add((byte)'\n');
        return Errno.None;
    }

    private static Errno ShowNothing(Task reader, ref TextWriter text) => Errno.EACCES;

    private Errno ReadReport(Task reader, out byte[] bytes)
    {
        Errno error = TryAsk(reader);
        bytes = error == Errno.None ? report! : [];
        return error;
    }

    private Errno ReadCertificates(Task reader, out byte[] bytes)
    {
        Errno error = TryAsk(reader);
        bytes = certificates;
        return error;
    }

    /// <summary>Makes sure that there is a report for what was written.</summary>
    private Errno TryAsk(Task reader)
    {
        if (dataLength != DataSize)
        {
            return Errno.EINVAL;
        }

        if (report is not null && readGeneration == writeGeneration)
        {
            return Errno.None;
        }

        if (!attestation.HasChannel)
        {
            return Errno.ENOTTY;
        }

        if (!reader.Kernel.Machine.Heap.TryReserve(Heap))
        {
            return Errno.ENOMEM;
        }

        report = null;
        certificates = [];
        ulong generation = writeGeneration; // the question may take a while, in which others write
        Span<byte> question = stackalloc byte[AttestationDevice.ReportQuestionSize];
        question.Clear();
        data.CopyTo(question);
        BinaryPrimitives.WriteUInt32LittleEndian(question.Slice(LevelOffset), level);
        byte[] answer = new byte[AttestationDevice.ReportAnswerSize];
        byte[] table = new byte[AttestationDevice.CertificatesLimit];
        AttestationResult result = attestation.GetReportWithCertificates(MessageVersion, question, answer, table);
        if (result.Status != AttestationStatus.Success)
        {
            return AttestationErrors.Of(result.Status);
        }

        uint status = BinaryPrimitives.ReadUInt32LittleEndian(answer);
        if (status != 0)
        {
            return status is InvalidParameter or InvalidKey ? Errno.EINVAL : Errno.ENXIO;
        }

        uint size = BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(sizeof(uint)));
        if (size > (uint)(answer.Length - AttestationDevice.AnswerHeaderSize))
        {
            return Errno.ENOMEM;
        }

        report = answer.AsSpan(AttestationDevice.AnswerHeaderSize, (int)size).ToArray();
        certificates = table.AsSpan(0, MeasureTable(table)).ToArray();
        readGeneration = generation;
        return Errno.None;
    }

    /// <summary>Bytes of a certificate table: to the end of the last certificate that its entries name. The host wrote it, so nothing in it need be true.</summary>
    private static int MeasureTable(ReadOnlySpan<byte> table)
    {
        ulong size = 0;
        for (int start = 0; start + TableEntrySize <= table.Length; start += TableEntrySize)
        {
            ReadOnlySpan<byte> entry = table.Slice(start, TableEntrySize);
            if (entry.IndexOfAnyExcept((byte)0) < 0)
            {
                break;
            }

            ulong end = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(TableOffset)) + BinaryPrimitives.ReadUInt32LittleEndian(entry.Slice(TableLength));
            size = Math.Max(size, end);
        }

        return (int)Math.Min(size, (ulong)table.Length);
    }
}
