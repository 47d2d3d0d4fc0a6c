using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NbnsSim.Wire;

/// <summary>Which part of the packet a record stands in.</summary>
public enum NbnsSection : byte
{
    /// <summary>Counted by ANCOUNT.</summary>
    Answer,

    /// <summary>Counted by NSCOUNT.</summary>
    Authority,

    /// <summary>Counted by ARCOUNT.</summary>
    Additional,

    /// <summary>Counted by nothing: a response drawn as RFC 1002 §4.2.6 literally has it.</summary>
    Uncounted,
}

/// <summary>A resource record inside a parsed packet (RFC 1002 §4.2.1.3).</summary>
public readonly ref struct NbnsResourceRecord
{
    /// <summary>RR_TYPE, RR_CLASS, TTL and RDLENGTH.</summary>
    internal const int FixedSize = 10;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _name;
    private readonly int _fixed;
    private readonly int _index;

    internal NbnsResourceRecord(ReadOnlySpan<byte> packet, int name, int fixedPart, int index)
    {
        _packet = packet;
        _name = name;
        _fixed = fixedPart;
        _index = index;
    }

    /// <summary>Which part of the packet the record stands in.</summary>
    public NbnsSection Section => _packet.IsEmpty ? default : NbnsRecords.Section(_packet, _index);

    /// <summary>RR_NAME.</summary>
    public NbnsNameView Name => new(_packet, _name);

    /// <summary>RR_TYPE.</summary>
    public NbnsType Type => _packet.IsEmpty ? default : (NbnsType)WireOctets.GetUInt16(ref Fixed, 0);

    /// <summary>RR_CLASS: 1, IN.</summary>
    public ushort Class => _packet.IsEmpty ? (ushort)0 : WireOctets.GetUInt16(ref Fixed, 2);

    /// <summary>TTL in seconds; 0 is infinite (RFC 1002 §6 INFINITE_TTL).</summary>
    public TimeToLive TimeToLive => _packet.IsEmpty ? 0 : WireOctets.GetUInt32(ref Fixed, 4);

    /// <summary>RDATA.</summary>
    public ReadOnlySpan<byte> Data => _packet.IsEmpty ? default : _packet.Slice(DataOffset, WireOctets.GetUInt16(ref Fixed, 8));

    /// <summary>RR_TYPE and what follows it; the parser saw to it that these ten octets are there.</summary>
    private ref byte Fixed => ref Unsafe.Add(ref MemoryMarshal.GetReference(_packet), _fixed);

    /// <summary>The octet of the packet at which RDATA starts.</summary>
    public int DataOffset => _fixed + FixedSize;

    /// <summary>The number of whole NB_FLAGS and NB_ADDRESS pairs in RDATA; 0 unless the type is NB.</summary>
    public int EntryCount => Type == NbnsType.NB ? WireOctets.GetUInt16(ref Fixed, 8) / NbEntry.Size : 0;

    /// <summary>Whether there is at least one NB entry.</summary>
    public bool HasEntry => Type == NbnsType.NB && WireOctets.GetUInt16(ref Fixed, 8) >= NbEntry.Size;

    /// <summary>The first NB entry, which is the only one in all but query responses; default where there is none.</summary>
    public NbEntry FirstEntry => HasEntry ? ReadEntry(_packet.Slice(DataOffset, NbEntry.Size)) : default;

    /// <summary>The number of names that a node status response lists (NUM_NAMES); 0 unless the type is NBSTAT.</summary>
    public int NodeNameCount => Type == NbnsType.NBStat && WireOctets.GetUInt16(ref Fixed, 8) > 0 ? _packet[DataOffset] : 0;

    /// <summary>The statistics behind the names of a node status response; fewer than 46 octets where the sender cut them.</summary>
    public ReadOnlySpan<byte> StatisticsData => Type == NbnsType.NBStat && Data.Length > 0 ? Data[(1 + (NodeNameCount * NodeStatusName.Size))..] : default;

    /// <summary>One NB_FLAGS and NB_ADDRESS pair.</summary>
    /// <param name="index">0 to <see cref="EntryCount"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public NbEntry GetEntry(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)EntryCount, nameof(index));
        return ReadEntry(_packet.Slice(DataOffset + (index * NbEntry.Size), NbEntry.Size));
    }

    /// <summary>Whether an address is among its NB_ADDRESSes.</summary>
    /// <param name="address">The address.</param>
    public bool HasAddress(Ipv4Address address)
    {
        for (int i = 0; i < EntryCount; i++)
        {
            if (GetEntry(i).Address == address)
                return true;
        }

        return false;
    }

    /// <summary>One name of a node status response.</summary>
    /// <param name="index">0 to <see cref="NodeNameCount"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // else the name goes through memory twice
    public NodeStatusName GetNodeName(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)NodeNameCount, nameof(index));
        return NodeStatusName.Read(_packet.Slice(DataOffset + 1 + (index * NodeStatusName.Size), NodeStatusName.Size));
    }

    /// <summary>NSD_NAME, the other name server's name in a redirect (RFC 1002 §4.2.15).</summary>
    /// <param name="name">The name, or default.</param>
    /// <returns>Whether the record is of type NS and its data is a name.</returns>
    public bool TryGetServerName(out NbnsNameView name)
    {
        name = default;
        if (Type != NbnsType.NS)
            return false;
        int at = DataOffset;
        var upToHere = _packet[..(at + Data.Length)];
        var anomalies = NbnsAnomalies.None;
        var error = default(NbnsParseError);
        if (!NbnsNameReader.TrySkip(upToHere, ref at, NbnsHeader.MaxNameLength, ref anomalies, ref error))
            return false;
        name = new NbnsNameView(upToHere, DataOffset);
        return true;
    }

    /// <summary>NSD_IP_ADDR, the other name server's address in a redirect (RFC 1002 §4.2.15).</summary>
    /// <param name="address">The address, or 0.0.0.0.</param>
    /// <returns>Whether the record is of type A and has four octets of data.</returns>
    public bool TryGetServerAddress(out Ipv4Address address)
    {
        bool found = Type == NbnsType.A && Data.Length == Ipv4Address.Size;
        address = found ? Ipv4Address.Read(Data) : default;
        return found;
    }

    private static NbEntry ReadEntry(ReadOnlySpan<byte> octets)
    {
        ref byte start = ref MemoryMarshal.GetReference(octets);
        return new NbEntry(new NbFlags(WireOctets.GetUInt16(ref start, 0)), new Ipv4Address(WireOctets.GetUInt32(ref start, 2)));
    }
}
