using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using NbnsSim.Captures;

namespace NbnsSim.Jobs.Archives;

/// <summary>Reads a run in its order. Nothing in it is trusted: what was not written as it stands there is an <see cref="InvalidDataException"/> that names the file, and no place outside the files is read.</summary>
internal sealed class RunReader : IDisposable
{
    private const int PageSize = 4096;

    private readonly string _recordsPath;
    private readonly string _payloadsPath;
    private readonly RunRecord[] _chunk = new RunRecord[RunFiles.ChunkRecords];
    private readonly byte[] _pages;
    private readonly long[] _pageNumbers; // what is in each place of _pages; −1 for nothing
    private readonly bool _keepsOpen;
    private SafeFileHandle? _records;
    private SafeFileHandle? _payloads;
    private byte[] _payload = new byte[2048];
    private long _position = RunFiles.Header;
    private long _recordsLeft;
    private long _payloadOctets;
    private int _inChunk;
    private int _next;

    /// <summary>Opens a run.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <param name="pages">How many pages of 4 KiB of its payloads are kept, a power of two.</param>
    /// <param name="keepsOpen">Whether the files stay open; otherwise they are opened for each piece that is read, so that any number of runs can be read at once.</param>
    /// <exception cref="InvalidDataException">It is no whole run of this version.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public RunReader(string folder, int pages = 64, bool keepsOpen = true)
    {
        _recordsPath = Path.Combine(folder, RunFiles.Records);
        _payloadsPath = Path.Combine(folder, RunFiles.Payloads);
        _pages = new byte[pages * PageSize];
        _pageNumbers = new long[pages];
        Array.Fill(_pageNumbers, -1);
        _keepsOpen = keepsOpen;
        try
        {
            ReadEnds();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>How many records it has.</summary>
    public long Count { get; private set; }

    /// <summary>Goes to the next record.</summary>
    /// <returns>False at the end.</returns>
    public bool MoveNext()
    {
        if (++_next < _inChunk)
            return true;
        return _recordsLeft > 0 && ReadChunk();
    }

    /// <summary>The record at hand.</summary>
    public ref readonly RunRecord Current => ref _chunk[_next];

    /// <summary>Reads the payload of the record at hand.</summary>
    /// <returns>Good until the next call.</returns>
    public ReadOnlySpan<byte> ReadPayload()
    {
        ref readonly var record = ref Current;
        int length = record.PayloadLength;
        if (length is < 0 or > CaptureReader.MaxPacketLength || record.PayloadPlace < 0 || record.PayloadPlace > _payloadOctets - record.StoredLength)
            throw Damaged(_recordsPath, "a record points at no payload");
        if (_payload.Length < length)
            _payload = new byte[CaptureReader.MaxPacketLength];
        var payload = _payload.AsSpan(0, length);
        int prefix = record.PrefixLength;
        if (prefix > 0)
            payload[0] = (byte)(record.TransactionId >> 8);
        if (prefix > 1)
            payload[1] = (byte)record.TransactionId;
        CopyPayload(record.PayloadPlace, payload[prefix..]);
        if (RunHash.Of(payload[prefix..]) != record.PayloadHash)
            throw Damaged(_payloadsPath, "a payload is not what its record says");
        return payload;
    }

    public void Dispose()
    {
        _records?.Dispose();
        _payloads?.Dispose();
    }

    private void ReadEnds()
    {
        Span<byte> header = stackalloc byte[RunFiles.Header];
        Span<byte> footer = stackalloc byte[RunFiles.Footer];
        long length = Length(_recordsPath);
        if (length < RunFiles.Header + RunFiles.Footer)
            throw Damaged(_recordsPath, $"it has {length} octets");
        Read(ref _records, _recordsPath, 0, header);
        if (!header.StartsWith(RunFiles.Magic))
            throw Damaged(_recordsPath, "it does not begin as one");
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) is var version && version != RunFiles.Version)
            throw new InvalidDataException($"'{_recordsPath}' is a run of version {version}, where {RunFiles.Version} is read: the archive has to be extracted anew.");
        Read(ref _records, _recordsPath, length - RunFiles.Footer, footer);
        Count = BinaryPrimitives.ReadInt64LittleEndian(footer);
        _payloadOctets = BinaryPrimitives.ReadInt64LittleEndian(footer[8..]);
        bool isEnd = footer.EndsWith(RunFiles.EndMagic) && BinaryPrimitives.ReadUInt64LittleEndian(footer[16..]) == RunHash.Of(footer[..16]);
        if (!isEnd || BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) != RunRecord.Size || Count < 0 || Count > length / RunRecord.Size || RunFiles.LengthOf(Count) != length)
            throw Damaged(_recordsPath, "it does not end as one");
        if (Length(_payloadsPath) != _payloadOctets)
            throw Damaged(_payloadsPath, $"it has {Length(_payloadsPath)} octets and not {_payloadOctets}");
        _recordsLeft = Count;
    }

    private bool ReadChunk()
    {
        Span<byte> header = stackalloc byte[RunFiles.ChunkHeader];
        Read(ref _records, _recordsPath, _position, header);
        long count = BinaryPrimitives.ReadInt64LittleEndian(header);
        if (count != Math.Min(RunFiles.ChunkRecords, _recordsLeft))
            throw Damaged(_recordsPath, $"a chunk at octet {_position} has {count} records");
        var octets = RunFiles.Octets(_chunk.AsSpan(0, (int)count));
        Read(ref _records, _recordsPath, _position + RunFiles.ChunkHeader, octets);
        if (RunHash.Of(octets) != BinaryPrimitives.ReadUInt64LittleEndian(header[8..]))
            throw Damaged(_recordsPath, $"the chunk at octet {_position} is not what was written");
        foreach (ref readonly var record in _chunk.AsSpan(0, (int)count))
        {
            if (record.Has(~RunFlags.All) || record.Frame <= 0)
                throw Damaged(_recordsPath, "a record is none of this version");
        }

        _position += RunFiles.ChunkHeader + octets.Length;
        _recordsLeft -= count;
        (_inChunk, _next) = ((int)count, 0);
        return true;
    }

    private void CopyPayload(long place, Span<byte> target)
    {
        while (!target.IsEmpty)
        {
            long number = place / PageSize;
            int at = (int)(place % PageSize);
            int index = (int)(number & (_pageNumbers.Length - 1));
            var page = _pages.AsSpan(index * PageSize, PageSize);
            if (_pageNumbers[index] != number)
            {
                Read(ref _payloads, _payloadsPath, number * PageSize, page[..(int)Math.Min(PageSize, _payloadOctets - (number * PageSize))]);
                _pageNumbers[index] = number;
            }

            int part = Math.Min(PageSize - at, target.Length);
            page.Slice(at, part).CopyTo(target);
            target = target[part..];
            place += part;
        }
    }

    private void Read(ref SafeFileHandle? handle, string path, long offset, Span<byte> target)
    {
        handle ??= File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(handle, target, offset);
            if (read <= 0)
                throw Damaged(path, $"it ends at octet {offset}");
            target = target[read..];
            offset += read;
        }

        if (_keepsOpen)
            return;
        handle.Dispose();
        handle = null;
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : throw Damaged(path, "it is not there");

    private static InvalidDataException Damaged(string path, string how) => new($"'{path}' is damaged, or no part of a run: {how}.");
}
