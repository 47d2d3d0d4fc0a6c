using NbnsSim.Names;

namespace NbnsSim.NameServers;

/// <summary>What has happened to a name in the database.</summary>
public enum NameServerChangeKind : byte
{
    /// <summary>It is new, or more of it has changed than when it runs out.</summary>
    Stored,

    /// <summary>Only the time at which it runs out has changed.</summary>
    Refreshed,

    /// <summary>It is gone.</summary>
    Removed,
}

/// <summary>A name that has changed, as <see cref="NameServer.TryPollChange"/> hands it out; valid until the next call into the server.</summary>
public readonly ref struct NameServerChange
{
    private readonly RecordReader _records;
    private readonly int _slot;

    internal NameServerChange(RecordReader records, NameServerChangeKind kind, NetBiosName name, int slot)
    {
        _records = records;
        _slot = slot;
        Kind = kind;
        Name = name;
    }

    /// <summary>What has happened.</summary>
    public NameServerChangeKind Kind { get; }

    /// <summary>The name.</summary>
    public NetBiosName Name { get; }

    /// <summary>Writes what tells the name from every other: its sixteen octets, then its scope's labels. Allocates nothing.</summary>
    /// <param name="octets">Room for <see cref="NameRecord.MaxEncodedLength"/> octets.</param>
    /// <returns>How many octets were written.</returns>
    /// <exception cref="ArgumentException"><paramref name="octets"/> is too short.</exception>
    public int WriteKey(Span<byte> octets)
    {
        Name.CopyTo(octets);
        var scope = Name.Scope.Encoded;
        scope.CopyTo(octets[NetBiosName.Size..]);
        return NetBiosName.Size + scope.Length;
    }

    /// <summary>Writes the record as it is now, for <see cref="NameRecord.TryRead"/>. Allocates nothing.</summary>
    /// <param name="octets">Room for <see cref="NameRecord.MaxEncodedLength"/> octets.</param>
    /// <returns>How many octets were written; 0 where the name is gone.</returns>
    /// <exception cref="ArgumentException"><paramref name="octets"/> is too short.</exception>
    public int WriteRecord(Span<byte> octets) => Kind == NameServerChangeKind.Removed ? 0 : _records.WriteAt(_slot, octets);

    /// <summary>The record as it is now; null where it is gone. Allocates.</summary>
    public NameRecord? ToRecord() => Kind == NameServerChangeKind.Removed ? null : _records.At(_slot);
}
