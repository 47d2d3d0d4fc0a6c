using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NbnsSim.Reports.EventLogs;

/// <summary>
/// Reads the records of an .evtx file one after the other, with one chunk of 64 KB in memory. What is damaged is said in <see cref="Problems"/> and passed over;
/// records behind it are read. Nothing that a file says makes it throw, other than the stream itself.
/// </summary>
public sealed class EvtxReader
{
    private const int MaxProblems = 100;

    private readonly Stream _stream;
    private readonly byte[] _chunk = new byte[EvtxLayout.ChunkSize];
    private readonly List<string> _problems = [];
    private BinaryXmlText? _text;
    private int _length;
    private int _at;
    private int _end;
    private int _kept; // octets at the chunk's start that were read before
    private long _chunkNumber = -1;
    private bool _isLost; // no record where one should begin, and that was said

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The file, at its start; stays open.</param>
    public EvtxReader(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        ReadHeader();
    }

    /// <summary>What is wrong with the file, the first hundred of it.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>How much is wrong with the file.</summary>
    public long ProblemCount { get; private set; }

    /// <summary>How many records were read.</summary>
    public long RecordCount { get; private set; }

    /// <summary>Whether octets begin an .evtx file, or a chunk of one.</summary>
    /// <param name="octets">The first eight octets or more.</param>
    public static bool IsEvtx(ReadOnlySpan<byte> octets) => octets.StartsWith(EvtxLayout.FileMagic) || octets.StartsWith(EvtxLayout.ChunkMagic);

    /// <summary>The next record as XML.</summary>
    /// <param name="number">The record's number.</param>
    /// <param name="xml">The event's XML.</param>
    /// <returns>False at the end of the file.</returns>
    public bool TryRead(out ulong number, [NotNullWhen(true)] out string? xml)
    {
        while (true)
        {
            while (_at + EvtxLayout.SmallestRecord <= _end)
            {
                var record = _chunk.AsSpan(_at, _end - _at);
                if (!TryMeasure(record, out int size))
                {
                    Recover();
                    continue;
                }

                _isLost = false;
                number = BinaryPrimitives.ReadUInt64LittleEndian(record[8..]);
                int start = _at + EvtxLayout.RecordHeader;
                _at += size;
                xml = (_text ??= new BinaryXmlText(_chunk, _length)).Read(start, _at - 4);
                if (xml is not null)
                {
                    RecordCount++;
                    return true;
                }

                Report(string.Create(CultureInfo.InvariantCulture, $"Chunk {_chunkNumber}: record {number} at {start - EvtxLayout.RecordHeader:X4} cannot be read."));
            }

            if (!ReadChunk())
            {
                number = 0;
                xml = null;
                return false;
            }
        }
    }

    private void ReadHeader()
    {
        var header = _chunk.AsSpan(0, EvtxLayout.HeaderBlock);
        int read = _stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (header[..read].StartsWith(EvtxLayout.ChunkMagic))
        {
            Report("There is no file header: the file begins with a chunk.");
            _kept = read;
        }
        else if (read < header.Length)
        {
            Report(string.Create(CultureInfo.InvariantCulture, $"The file ends after {read} octets, within its header."));
        }
        else if (!header.StartsWith(EvtxLayout.FileMagic))
        {
            Report("The file does not begin as an .evtx file does.");
        }
        else if (Crc32.Of(header[..EvtxLayout.ChecksummedHeader]) != Word(EvtxLayout.ChecksumOffset))
        {
            Report("The file header's checksum is wrong.");
        }
    }

    /// <summary>Reads the next chunk that there is; false at the end.</summary>
    private bool ReadChunk()
    {
        while (true)
        {
            _length = _kept + _stream.ReadAtLeast(_chunk.AsSpan(_kept), _chunk.Length - _kept, throwOnEndOfStream: false);
            bool isNew = _length > _kept;
            _kept = 0;
            _text = null;
            if (_length < EvtxLayout.ChunkMagic.Length || (!isNew && _length < EvtxLayout.Records))
                return false;
            var chunk = _chunk.AsSpan(0, _length);
            bool isNamed = chunk.StartsWith(EvtxLayout.ChunkMagic);
            if (isNamed || (_length > EvtxLayout.Records && chunk[EvtxLayout.Records..].StartsWith(EvtxLayout.RecordMagic)))
            {
                _chunkNumber++;
                Begin(chunk, isNamed);
                return true;
            }

            int next = chunk[1..].IndexOf(EvtxLayout.ChunkMagic);
            if (next < 0 && !chunk.ContainsAnyExcept((byte)0))
            {
                _chunkNumber++;
                continue; // room that was never used
            }

            Report(string.Create(CultureInfo.InvariantCulture, $"Chunk {_chunkNumber + 1} does not begin as a chunk does."));
            if (next < 0)
            {
                _chunkNumber++;
                continue;
            }

            _kept = _length - next - 1;
            chunk[(next + 1)..].CopyTo(_chunk);
        }
    }

    private void Begin(ReadOnlySpan<byte> chunk, bool isNamed)
    {
        _at = EvtxLayout.Records;
        _end = _length;
        _isLost = false;
        if (_length < EvtxLayout.ChunkSize)
            Report(string.Create(CultureInfo.InvariantCulture, $"The file ends within chunk {_chunkNumber}, after {_length} octets of it."));
        if (_length < EvtxLayout.Records)
            return;
        uint sum = Crc32.Of(chunk[EvtxLayout.HeaderSize..EvtxLayout.Records], Crc32.Of(chunk[..EvtxLayout.ChecksummedHeader]));
        if (!isNamed || sum != Word(EvtxLayout.ChecksumOffset))
        {
            Report(string.Create(CultureInfo.InvariantCulture, $"Chunk {_chunkNumber}: the header's checksum is wrong; its records are looked for."));
            return; // where its records end is not to be trusted either
        }

        long free = Word(EvtxLayout.FreeSpaceOffset);
        if (free < EvtxLayout.Records || free > _length)
            return;
        _end = (int)free;
        if (Crc32.Of(chunk[EvtxLayout.Records.._end]) != Word(EvtxLayout.RecordsChecksum))
            Report(string.Create(CultureInfo.InvariantCulture, $"Chunk {_chunkNumber}: the checksum of its records is wrong."));
    }

    /// <summary>The size of the record that begins here; false where none does.</summary>
    private static bool TryMeasure(ReadOnlySpan<byte> record, out int size)
    {
        size = 0;
        if (!record.StartsWith(EvtxLayout.RecordMagic))
            return false;
        uint given = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
        if (given < EvtxLayout.SmallestRecord || given > record.Length)
            return false;
        size = (int)given;
        return BinaryPrimitives.ReadUInt32LittleEndian(record[(size - 4)..]) == given;
    }

    /// <summary>Goes to the next octets that may begin a record; says so once for a stretch, and not for room that was never used.</summary>
    private void Recover()
    {
        var rest = _chunk.AsSpan(_at, _end - _at);
        if (!_isLost && rest.ContainsAnyExcept((byte)0))
        {
            Report(string.Create(CultureInfo.InvariantCulture, $"Chunk {_chunkNumber}: no whole record at {_at:X4}; the next one is looked for."));
            _isLost = true;
        }

        int next = rest[1..].IndexOf(EvtxLayout.RecordMagic);
        _at = next < 0 ? _end : _at + 1 + next;
    }

    private void Report(string problem)
    {
        ProblemCount++;
        if (_problems.Count < MaxProblems)
            _problems.Add(problem);
    }

    private uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_chunk.AsSpan(at));
}
