using System.Buffers.Binary;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Writes an .evtx file with checksums, names and templates as Windows has them: what Event Viewer opens as a saved log.</summary>
/// <remarks>Every chunk has one template, in its first record. The header says how many chunks follow: what cannot seek is written at the end, from memory.</remarks>
public sealed class EvtxWriter : IDisposable
{
    private const int MaxChunks = ushort.MaxValue;

    private readonly Stream _output;
    private readonly Stream _stream; // the output, or what stands for one that cannot seek
    private readonly EvtxChunk _chunk = new();
    private ulong _nextRecord = 1;
    private ushort _chunks;
    private bool _isClosed;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where to. It is closed with the writer.</param>
    public EvtxWriter(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _output = stream;
        _stream = stream.CanSeek ? stream : new MemoryStream();
        _stream.Write(new byte[EvtxLayout.HeaderBlock]);
    }

    /// <summary>Writes an event.</summary>
    /// <param name="entry">The event; strings and data of more than some 50,000 octets in all are cut.</param>
    /// <returns>Its number in the log.</returns>
    /// <exception cref="InvalidOperationException">The file is full: four gigabytes.</exception>
    public ulong Write(EventLogEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (!_chunk.TryAdd(entry, _nextRecord))
        {
            WriteChunk();
            if (!_chunk.TryAdd(entry, _nextRecord) && !_chunk.TryAdd(entry with { Strings = ["(too long)"], Data = [] }, _nextRecord))
                throw new InvalidOperationException("The event has too long names to be written.");
        }

        return _nextRecord++;
    }

    /// <summary>Writes what is left, and the header.</summary>
    public void Dispose()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        if (!_chunk.IsEmpty || _chunks == 0)
            WriteChunk();
        byte[] header = new byte[EvtxLayout.HeaderSize];
        EvtxLayout.FileMagic.CopyTo(header);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(16), (ulong)(_chunks - 1));
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(24), _nextRecord);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(32), EvtxLayout.HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(36), 1); // version 3.1
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(38), 3);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(40), EvtxLayout.HeaderBlock);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(42), _chunks);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(EvtxLayout.ChecksumOffset), Crc32.Of(header.AsSpan(0, EvtxLayout.ChecksummedHeader)));
        _stream.Position = 0;
        _stream.Write(header);
        if (_stream is MemoryStream whole && _stream != _output)
            whole.WriteTo(_output);
        _output.Dispose();
    }

    private void WriteChunk()
    {
        if (_chunks == MaxChunks)
            throw new InvalidOperationException("The file is full.");
        _stream.Write(_chunk.Finish());
        _chunks++;
        _chunk.Clear();
    }
}
