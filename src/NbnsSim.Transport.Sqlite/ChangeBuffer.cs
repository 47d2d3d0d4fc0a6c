using System.Buffers.Binary;
using NbnsSim.NameServers;

namespace NbnsSim.Transport.Sqlite;

/// <summary>Changes on their way from the server's thread to the disk's, one behind the other: lengths of key and record, key, record. It grows to what one commit takes.</summary>
internal sealed class ChangeBuffer
{
    private const int HeadLength = 4;
    private const int MaxLength = HeadLength + (2 * NameRecord.MaxEncodedLength);

    private byte[] _octets = new byte[1 << 16];
    private int _end;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0 && Time is null;

    /// <summary>What the server said of itself when the last change was taken.</summary>
    public ulong Version { get; set; }

    public Ipv4Address Server { get; set; }

    public Instant? Time { get; set; }

    public void Add(in NameServerChange change)
    {
        Reserve(MaxLength);
        var free = _octets.AsSpan(_end);
        int key = change.WriteKey(free[HeadLength..]);
        int record = change.WriteRecord(free[(HeadLength + key)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(free, (ushort)key);
        BinaryPrimitives.WriteUInt16LittleEndian(free[2..], (ushort)record);
        _end += HeadLength + key + record;
        Count++;
    }

    public void Append(ChangeBuffer later)
    {
        Reserve(later._end);
        later._octets.AsSpan(0, later._end).CopyTo(_octets.AsSpan(_end));
        _end += later._end;
        Count += later.Count;
        (Version, Server, Time) = (later.Version, later.Server, later.Time ?? Time);
    }

    public void Clear() => (_end, Count, Time) = (0, 0, null);

    /// <summary>The change at a place; the next one's place is where it ends. An empty record means that the name is gone.</summary>
    public bool TryRead(ref int at, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> record)
    {
        key = record = default;
        if (at >= _end)
            return false;
        var octets = _octets.AsSpan(at);
        int keyLength = BinaryPrimitives.ReadUInt16LittleEndian(octets);
        int recordLength = BinaryPrimitives.ReadUInt16LittleEndian(octets[2..]);
        key = octets.Slice(HeadLength, keyLength);
        record = octets.Slice(HeadLength + keyLength, recordLength);
        at += HeadLength + keyLength + recordLength;
        return true;
    }

    private void Reserve(int length)
    {
        if (_octets.Length - _end < length)
            Array.Resize(ref _octets, Math.Max(2 * _octets.Length, _end + length));
    }
}
