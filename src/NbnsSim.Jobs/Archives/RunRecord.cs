using System.Runtime.InteropServices;
using NbnsSim.Captures;
using NbnsSim.Messages;

namespace NbnsSim.Jobs.Archives;

/// <summary>What a record of a run says beside its numbers.</summary>
[Flags]
internal enum RunFlags : ushort
{
    None = 0,

    /// <summary>No datagram, but a frame whose datagrams only others tell with it; its octets are the payload. Only time, frame, link type and lengths hold.</summary>
    Frame = 1,

    /// <summary>It went to several hosts, as far as link and addresses tell.</summary>
    Broadcast = 2,

    /// <summary>The capture tells whom it was for on the link.</summary>
    Link = 4,

    /// <summary>The capture tells which station sent it.</summary>
    Station = 8,

    /// <summary>The payload lacks its end.</summary>
    Truncated = 0x10,

    /// <summary>It came over IPv6.</summary>
    Ipv6 = 0x20,

    /// <summary>The payload can be read as a name service packet.</summary>
    Readable = 0x40,

    /// <summary>It is about a name of sixteen octets.</summary>
    Name = 0x80,

    /// <summary>Its first record has an NB entry.</summary>
    Entry = 0x100,

    All = 0x1FF,
}

/// <summary>A datagram of the name service as a run has it: 128 octets, little-endian, without the payload.</summary>
/// <remarks>
/// <code>
///   0 | time, ns since 1970 (64)             | frame in the piece, from 1 (64)     |
///  16 | source (128); IPv4 in the low 32     | destination (128)                   |
///  48 | source port (16) | destination port (16) | IP identification (16) | flags (16): RunFlags |
///  56 | source MAC (64), low 48              |
///  64 | broadcast domain (32)                | NBNS flags (16) | transaction id (16) |
///  72 | name (128): octets 0 to 7, 8 to 15, the first octet highest              | scope's hash (64), 0 for none |
///  96 | first entry: address (32)            | NB_FLAGS (16) | kind: NbnsMessageKind; link type of a frame (16) |
/// 104 | payload's hash (64)                  | payload's place (64)                | payload's length (32) | length on the wire (32) |
/// </code>
/// The payload is stored without its first two octets, which are the transaction id, so that the same question asked again is the same payload; frames are stored whole.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct RunRecord
{
    public const int Size = 128;

    /// <summary>What of a payload is in the record.</summary>
    public const int Prefix = sizeof(ushort);

    [FieldOffset(0)]
    public long Time;

    [FieldOffset(8)]
    public long Frame;

    [FieldOffset(16)]
    public UInt128 Source;

    [FieldOffset(32)]
    public UInt128 Destination;

    [FieldOffset(48)]
    public ushort SourcePort;

    [FieldOffset(50)]
    public ushort DestinationPort;

    [FieldOffset(52)]
    public ushort Identification;

    [FieldOffset(54)]
    public RunFlags Flags;

    [FieldOffset(56)]
    public ulong SourceMac;

    [FieldOffset(64)]
    public uint Domain;

    [FieldOffset(68)]
    public ushort PacketFlags;

    [FieldOffset(70)]
    public ushort TransactionId;

    [FieldOffset(72)]
    public ulong NameHigh;

    [FieldOffset(80)]
    public ulong NameLow;

    [FieldOffset(88)]
    public ulong ScopeHash;

    [FieldOffset(96)]
    public uint EntryAddress;

    [FieldOffset(100)]
    public ushort EntryFlags;

    [FieldOffset(102)]
    public ushort KindOrLink;

    [FieldOffset(104)]
    public ulong PayloadHash;

    [FieldOffset(112)]
    public long PayloadPlace;

    [FieldOffset(120)]
    public int PayloadLength;

    [FieldOffset(124)]
    public int OriginalLength;

    public readonly bool IsFrame => Has(RunFlags.Frame);

    public readonly NbnsMessageKind Kind => (NbnsMessageKind)KindOrLink;

    public readonly LinkType LinkType => (LinkType)KindOrLink;

    /// <summary>How many octets of the payload are in the record itself.</summary>
    public readonly int PrefixLength => IsFrame ? 0 : Math.Min(Prefix, PayloadLength);

    /// <summary>How many are stored.</summary>
    public readonly int StoredLength => PayloadLength - PrefixLength;

    /// <summary>Whether it says so.</summary>
    public readonly bool Has(RunFlags flag) => (Flags & flag) != RunFlags.None;

    /// <summary>What the diagnosis goes by.</summary>
    /// <param name="number">The number that it is told by.</param>
    /// <param name="payload">Its payload.</param>
    public readonly DatagramFacts ToFacts(long number, ReadOnlySpan<byte> payload)
    {
        bool isIpv6 = Has(RunFlags.Ipv6);
        return new DatagramFacts
        {
            FrameNumber = number,
            Time = new Instant(Time),
            IsIpv6 = isIpv6,
            Source = new Ipv4Endpoint(new Ipv4Address(isIpv6 ? 0 : (uint)Source), SourcePort),
            Destination = new Ipv4Endpoint(new Ipv4Address(isIpv6 ? 0 : (uint)Destination), DestinationPort),
            Identification = Identification,
            IsBroadcast = Has(RunFlags.Broadcast),
            HasLink = Has(RunFlags.Link),
            IsTruncated = Has(RunFlags.Truncated),
            SourceMac = Has(RunFlags.Station) ? new MacAddress(SourceMac) : null,
            Domain = Domain,
            Payload = payload,
        };
    }
}
