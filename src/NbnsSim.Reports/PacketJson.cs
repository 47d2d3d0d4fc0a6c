using System.Text;
using System.Text.Json;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Reports;

/// <summary>The parts of a name service packet as JSON.</summary>
internal static class PacketJson
{
    private static readonly byte[][] CarrierKinds =
        [.. Enum.GetValues<CarrierKind>().Select(kind => Encoding.ASCII.GetBytes(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())))];

    /// <summary>The fixed part that a packet begins with, as far as there is one (RFC 1002 §4.2.1.1).</summary>
    public static void PutHeader(this JsonOctets json, in NbnsPacket packet, int length)
    {
        if (length < 2)
        {
            json.Put(",\"transactionId\":null"u8);
        }
        else
        {
            json.Put(",\"transactionId\":"u8);
            json.Put(packet.TransactionId);
        }

        if (length < 4)
        {
            json.Put(",\"flags\":null,\"opcode\":null,\"response\":null,\"rcode\":null"u8);
            return;
        }

        json.Put(",\"flags\":"u8);
        json.Put(packet.Flags.Value);
        json.Put(",\"opcode\":"u8);
        json.Put((int)packet.Opcode);
        json.Put(packet.IsResponse ? ",\"response\":true,\"rcode\":"u8 : ",\"response\":false,\"rcode\":"u8);
        json.Put((int)packet.Rcode);
    }

    /// <summary>A resource record, with its addresses or names.</summary>
    public static void PutRecord(this JsonOctets json, NbnsResourceRecord record)
    {
        json.Put("{\"section\":\""u8);
        json.Put(record.Section switch
        {
            NbnsSection.Answer => "answer"u8,
            NbnsSection.Authority => "authority"u8,
            NbnsSection.Additional => "additional"u8,
            _ => "uncounted"u8,
        });
        json.Put("\","u8);
        json.PutName(record.Name);
        json.PutType(record.Type, record.Class);
        json.Put(",\"ttl\":"u8);
        json.Put(record.TimeToLive.Seconds);
        if (record.Type == NbnsType.NB)
        {
            Span<byte> octets = stackalloc byte[Ipv4Address.Size];
            json.Put(",\"entries\":["u8);
            for (int i = 0; i < record.EntryCount; i++)
            {
                var entry = record.GetEntry(i);
                entry.Address.Write(octets);
                json.Put(i == 0 ? "{\"flags\":"u8 : ",{\"flags\":"u8);
                json.Put(entry.Flags.Value);
                json.Put(",\"address\":\""u8);
                json.PutAddress(octets);
                json.Put("\"}"u8);
            }

            json.Put("]"u8);
        }
        else if (record.Type == NbnsType.NBStat)
        {
            json.Put(",\"names\":["u8);
            for (int i = 0; i < record.NodeNameCount; i++)
            {
                var entry = record.GetNodeName(i);
                json.Put(i == 0 ? "{"u8 : ",{"u8);
                json.PutOctets(entry.Name.High, entry.Name.Low);
                json.Put(",\"flags\":"u8);
                json.Put(entry.Flags.Value);
                json.Put("}"u8);
            }

            json.Put("]"u8);
        }

        json.Put("}"u8);
    }

    /// <summary>Type and class, behind a name.</summary>
    public static void PutType(this JsonOctets json, NbnsType type, ushort classCode)
    {
        json.Put(",\"type\":"u8);
        json.Put((int)type);
        json.Put(",\"class\":"u8);
        json.Put(classCode);
    }

    /// <summary>Name, suffix and scope; a first label that is no half-ASCII name stands as it is, with suffix null.</summary>
    public static void PutName(this JsonOctets json, NbnsNameView name)
    {
        if (name.TryGetOctets(out ulong high, out ulong low))
        {
            json.PutOctets(high, low);
        }
        else
        {
            json.Put("\"name\":\""u8);
            json.PutText(name.FirstLabel);
            json.Put("\",\"suffix\":null"u8);
        }

        json.Put(",\"scope\":\""u8);
        if (name.HasScope)
        {
            var encoded = name.GetScope().Encoded;
            for (int at = 0; at < encoded.Length; at += encoded[at] + 1)
            {
                json.Put(at == 0 ? ""u8 : "."u8);
                json.PutText(encoded.Slice(at + 1, encoded[at]));
            }
        }

        json.Put("\""u8);
    }

    /// <summary>The VLAN that a datagram was in, where something says it, and what carried it, outermost first.</summary>
    public static void PutCarriers(this JsonOctets json, ReadOnlySpan<Carrier> carriers, int? vlan)
    {
        if (vlan is { } own)
        {
            json.Put(",\"vlanId\":"u8);
            json.Put(own);
        }

        json.Put(",\"carriers\":["u8);
        for (int i = 0; i < carriers.Length; i++)
        {
            var carrier = carriers[i];
            json.Put(i == 0 ? "{\"kind\":\""u8 : ",{\"kind\":\""u8);
            json.Put(CarrierKinds[(int)carrier.Kind]);
            json.Put("\""u8);
            if (CarrierText.HasId(carrier.Kind))
            {
                json.Put(",\"id\":"u8);
                json.Put(carrier.Id);
            }

            if (carrier.VlanId is { } named)
            {
                json.Put(",\"vlanId\":"u8);
                json.Put(named);
            }

            json.PutEnds(carrier);
            json.Put("}"u8);
        }

        json.Put("]"u8);
    }

    /// <summary>The ends of a tunnel.</summary>
    private static void PutEnds(this JsonOctets json, in Carrier carrier)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Size];
        if (CarrierText.IsOverIpv6(carrier))
        {
            carrier.SourceIpv6.Write(octets);
            json.Put(",\"source\":\""u8);
            json.PutAddress(octets);
            carrier.DestinationIpv6.Write(octets);
        }
        else if (CarrierText.IsOverIpv4(carrier))
        {
            octets = octets[..Ipv4Address.Size];
            carrier.Source.Write(octets);
            json.Put(",\"source\":\""u8);
            json.PutAddress(octets);
            carrier.Destination.Write(octets);
        }
        else
        {
            return;
        }

        json.Put("\",\"destination\":\""u8);
        json.PutAddress(octets);
        json.Put("\""u8);
    }

    private static void PutOctets(this JsonOctets json, ulong high, ulong low)
    {
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        new NetBiosName(high, low).CopyTo(octets);
        json.Put("\"name\":\""u8);
        if (new NetBiosName(high, low).IsStatusWildcard)
            json.Put("*"u8); // as everywhere else: it is asked for by that name
        else
            json.PutText(octets[..NetBiosName.BaseSize].TrimEnd((byte)' '));
        json.Put("\",\"suffix\":"u8);
        json.Put(octets[NetBiosName.BaseSize]);
    }
}
