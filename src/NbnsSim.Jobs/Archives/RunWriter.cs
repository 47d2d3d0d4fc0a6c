using System.Buffers.Binary;
using NbnsSim.Captures;

namespace NbnsSim.Jobs.Archives;

/// <summary>Writes a run as its datagrams come, in memory that does not grow.</summary>
internal sealed class RunWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly PayloadWriter _payloads;
    private readonly byte[] _chunkHeader = new byte[RunFiles.ChunkHeader];
    private readonly RunRecord[] _chunk = new RunRecord[RunFiles.ChunkRecords];
    private int _inChunk;

    /// <summary>Begins one.</summary>
    /// <param name="folder">Where its files go.</param>
    /// <param name="isSmall">Whether little is expected, so that little memory is taken.</param>
    public RunWriter(string folder, bool isSmall)
    {
        _file = new FileStream(Path.Combine(folder, RunFiles.Records), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        _payloads = new PayloadWriter(Path.Combine(folder, RunFiles.Payloads), isSmall);
        Span<byte> header = stackalloc byte[RunFiles.Header];
        RunFiles.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], RunFiles.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], RunRecord.Size);
        _file.Write(header);
    }

    /// <summary>How many records there are.</summary>
    public long Count { get; private set; }

    /// <summary>The time of the first record; null where there is none.</summary>
    public long? FirstTime { get; private set; }

    /// <summary>Adds a datagram.</summary>
    public void Add(in CapturedDatagram datagram)
    {
        ref var record = ref _chunk[_inChunk];
        RecordMaker.Note(ref record, datagram);
        Store(ref record, datagram.Payload);
    }

    /// <summary>Adds a frame whose datagrams only others tell with it.</summary>
    public void AddFrame(in CapturePacket packet)
    {
        ref var record = ref _chunk[_inChunk];
        RecordMaker.NoteFrame(ref record, packet);
        Store(ref record, packet.Data);
    }

    /// <summary>Ends it. Without this the files are no run.</summary>
    public void Complete()
    {
        WriteChunk();
        Span<byte> footer = stackalloc byte[RunFiles.Footer];
        BinaryPrimitives.WriteInt64LittleEndian(footer, Count);
        BinaryPrimitives.WriteInt64LittleEndian(footer[8..], _payloads.Complete());
        BinaryPrimitives.WriteUInt64LittleEndian(footer[16..], RunHash.Of(footer[..16]));
        RunFiles.EndMagic.CopyTo(footer[24..]);
        _file.Write(footer);
    }

    public void Dispose()
    {
        _file.Dispose();
        _payloads.Dispose();
    }

    private void Store(ref RunRecord record, ReadOnlySpan<byte> payload)
    {
        FirstTime ??= record.Time;
        _payloads.Store(ref record, payload[record.PrefixLength..]);
        Count++;
        if (++_inChunk == _chunk.Length)
            WriteChunk();
    }

    private void WriteChunk()
    {
        if (_inChunk == 0)
            return;
        var octets = RunFiles.Octets(_chunk.AsSpan(0, _inChunk));
        BinaryPrimitives.WriteInt64LittleEndian(_chunkHeader, _inChunk);
        BinaryPrimitives.WriteUInt64LittleEndian(_chunkHeader.AsSpan(8), RunHash.Of(octets));
        _file.Write(_chunkHeader);
        _file.Write(octets);
        _inChunk = 0;
    }
}
