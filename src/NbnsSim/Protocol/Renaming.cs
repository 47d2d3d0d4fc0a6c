using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Protocol;

/// <summary>
/// Machines under each other's identity: what a fingerprint calls each when it is made as if some had changed places. Host numbers, addresses, adapters' addresses and computer names change, everywhere
/// where they stand, also in datagrams; all else stays.
/// </summary>
internal sealed class Renaming
{
    private const int NameLength = 15; // the suffix is not a part of who it is
    private const int EncodedLength = 2 * NameLength;
    private const ulong SuffixMask = 0xFF;

    private readonly int[] _placeOf;
    private readonly int[] _hostAt;
    private readonly (Ipv4Address From, Ipv4Address To)[] _addresses;
    private readonly (MacAddress From, MacAddress To)[] _units;
    private readonly (NetBiosName From, NetBiosName To)[] _names;
    private readonly (byte[] From, byte[] To)[] _encodedNames;

    /// <summary>Makes one.</summary>
    /// <param name="placeOf">In whose place each host stands.</param>
    /// <param name="addresses">Whose address stands for each that changes.</param>
    /// <param name="units">The same of adapters' addresses.</param>
    /// <param name="names">The same of computer names; their suffixes do not count.</param>
    public Renaming(int[] placeOf, (Ipv4Address From, Ipv4Address To)[] addresses, (MacAddress From, MacAddress To)[] units, (NetBiosName From, NetBiosName To)[] names)
    {
        (_placeOf, _addresses, _units, _names) = (placeOf, addresses, units, names);
        _hostAt = new int[placeOf.Length];
        for (int host = 0; host < placeOf.Length; host++)
            _hostAt[placeOf[host]] = host;
        _encodedNames = Array.ConvertAll(names, name => (Encoded(name.From), Encoded(name.To)));
    }

    /// <summary>In whose place a host stands.</summary>
    public int PlaceOf(int host) => _placeOf[host];

    /// <summary>Who stands in a host's place.</summary>
    public int HostAt(int place) => _hostAt[place];

    /// <summary>What stands for an address.</summary>
    public Ipv4Address Of(Ipv4Address address)
    {
        foreach (var (from, to) in _addresses)
        {
            if (from == address)
                return to;
        }

        return address;
    }

    /// <summary>What stands for an adapter's address.</summary>
    public MacAddress Of(MacAddress unit)
    {
        foreach (var (from, to) in _units)
        {
            if (from == unit)
                return to;
        }

        return unit;
    }

    /// <summary>What stands for a name.</summary>
    public NetBiosName Of(in NetBiosName name)
    {
        foreach (var (from, to) in _names)
        {
            if (name.High == from.High && ((name.Low ^ from.Low) & ~SuffixMask) == 0)
                return new NetBiosName(to.High, (to.Low & ~SuffixMask) | (name.Low & SuffixMask), name.Scope);
        }

        return name;
    }

    /// <summary>Renames what stands in a packet: encoded names wherever they are, and the data of NB, A and NBSTAT records.</summary>
    /// <param name="packet">The packet, which is changed.</param>
    /// <returns>False where it cannot be read, so that what it says of whom is not known.</returns>
    public bool Apply(Span<byte> packet)
    {
        if (!NbnsPacket.TryParse(packet, out var read))
            return false;
        foreach (var record in read.Records) // where its data stand; these are of fixed width, so that nothing moves
        {
            var data = packet.Slice(record.DataOffset, record.Data.Length);
            switch (record.Type)
            {
                case NbnsType.NB:
                    for (; data.Length >= NbEntry.Size; data = data[NbEntry.Size..])
                        ApplyAddress(data[(NbEntry.Size - Ipv4Address.Size)..]);
                    break;
                case NbnsType.A when data.Length == Ipv4Address.Size:
                    ApplyAddress(data);
                    break;
                case NbnsType.NBStat:
                    ApplyStatus(data);
                    break;
            }
        }

        for (int at = 0; at <= packet.Length - EncodedLength; at++)
            ApplyName(packet[at..]);
        return true;
    }

    private void ApplyAddress(Span<byte> octets) => Of(Ipv4Address.Read(octets)).Write(octets);

    private void ApplyName(Span<byte> octets)
    {
        foreach (var (from, to) in _encodedNames)
        {
            if (!octets.StartsWith(from))
                continue;
            to.CopyTo(octets);
            return;
        }
    }

    /// <summary>RFC 1002 §4.2.18: how many names, the names with their flags, and statistics that begin with the adapter's address.</summary>
    private void ApplyStatus(Span<byte> data)
    {
        int names = data.IsEmpty ? 0 : data[0];
        for (int at = 1; names > 0 && at + NodeStatusName.Size <= data.Length; names--, at += NodeStatusName.Size)
        {
            Span<byte> octets = data.Slice(at, NetBiosName.Size);
            Of(new NetBiosName(octets)).CopyTo(octets);
        }

        int unit = 1 + (data.IsEmpty ? 0 : data[0] * NodeStatusName.Size);
        if (unit + MacAddress.Size <= data.Length)
            Of(MacAddress.Read(data[unit..])).Write(data[unit..]);
    }

    private static byte[] Encoded(NetBiosName name)
    {
        byte[] encoded = new byte[HalfAscii.EncodedSize];
        HalfAscii.Encode(name.High, name.Low, encoded);
        return encoded[..EncodedLength];
    }
}
