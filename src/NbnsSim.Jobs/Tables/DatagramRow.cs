using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Tables;

/// <summary>A datagram of the name service: a row of <see cref="JobTables.Datagrams"/>. <see cref="DatagramRows"/> makes it from a payload.</summary>
public readonly record struct DatagramRow
{
    /// <summary>Its number in the archive, 1 for the first.</summary>
    public long Number { get; init; }

    /// <summary>When it was captured, on the clock that counts for all captures.</summary>
    public Instant Time { get; init; }

    /// <summary>When by the capture's own clock, in nanoseconds since 1970; <see langword="null"/> where that is <see cref="Time"/>.</summary>
    public long? Captured { get; init; }

    /// <summary>The capture's number.</summary>
    public int Capture { get; init; }

    /// <summary>The frame in that capture, from 1.</summary>
    public long Frame { get; init; }

    /// <summary>The address that sent it.</summary>
    public string Source { get; init; }

    /// <summary>The port that it was sent from.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>The address that it was sent to.</summary>
    public string Destination { get; init; }

    /// <summary>The port that it was sent to.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>The station that put it on the link; <see langword="null"/> where the capture does not say.</summary>
    public string? SourceMac { get; init; }

    /// <summary>Whether it went to every station.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>What it is; <see langword="null"/> where the payload cannot be read.</summary>
    public NbnsMessageKind? Kind { get; init; }

    /// <summary>Why the payload cannot be read, or what it breaks; <see langword="null"/> where nothing is wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>The flags word (RFC 1002 §4.2.1.1), as far as the payload has one.</summary>
    public NbnsFlags? Flags { get; init; }

    /// <summary>NAME_TRN_ID, as far as the payload has one.</summary>
    public ushort? TransactionId { get; init; }

    /// <summary>The name that it is about, without suffix and scope; <see langword="null"/> where there is none.</summary>
    public string? Name { get; init; }

    /// <summary>The name's sixteenth octet; <see langword="null"/> where there is no name, or none of sixteen octets.</summary>
    public byte? Suffix { get; init; }

    /// <summary>The name's scope, empty for none; <see langword="null"/> where there is no name.</summary>
    public string? Scope { get; init; }

    /// <summary>How many addresses its first record has.</summary>
    public ushort Entries { get; init; }

    /// <summary>The first of them.</summary>
    public string? EntryAddress { get; init; }

    /// <summary>NB_FLAGS of the first.</summary>
    public NbFlags? EntryFlags { get; init; }

    /// <summary>The first record's TTL in seconds; <see langword="null"/> where there is no record.</summary>
    public uint? TimeToLive { get; init; }

    /// <summary>How many octets of payload were captured.</summary>
    public int PayloadLength { get; init; }

    /// <summary>The first eight octets of the payload's SHA-256, most significant first.</summary>
    public ulong PayloadHash { get; init; }
}
