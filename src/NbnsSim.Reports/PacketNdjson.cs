using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Messages;
using NbnsSim.Replay;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Reports;

/// <summary>
/// The name service packets of a capture as NDJSON, one object a line. Allocates nothing a packet, errors, scopes and IPv6 aside; call
/// <see cref="Flush"/> at the end.
/// </summary>
/// <param name="output">Where the lines go.</param>
public sealed class PacketNdjson(Stream output) : IPacketReport
{
    private const int FlushAt = 1 << 16;

    private static readonly byte[][] Kinds =
        [.. Enum.GetValues<NbnsMessageKind>().Select(kind => Encoding.ASCII.GetBytes(JsonNamingPolicy.CamelCase.ConvertName(kind.ToString())))];

    private static readonly Dictionary<string, byte[]> RuleIds = RuleBook.All.ToDictionary(rule => rule.Id, rule => Encoding.ASCII.GetBytes(rule.Id), StringComparer.Ordinal);

    private readonly ExchangeWatch _exchanges = new();
    private readonly JsonOctets _json = new(FlushAt * 2);

    /// <summary>Gives everything that was printed to the stream.</summary>
    public void Flush() => _json.Flush(output);

    /// <summary>Prints one packet of a capture.</summary>
    /// <param name="datagram">The datagram that carries it.</param>
    public void Write(in CapturedDatagram datagram)
    {
        Span<byte> addresses = stackalloc byte[2 * 16];
        int size = CopyAddresses(datagram, addresses);
        bool isBroadcast = CaptureFile.IsBroadcast(datagram);
        var exchange = datagram.IsIpv6 ? default : _exchanges.Observe(datagram.FrameNumber, datagram.Time, datagram.Source.Address, datagram.Destination.Address, isBroadcast, datagram.Payload);
        Write(
            datagram.FrameNumber, datagram.Time, addresses[..size], datagram.SourcePort, addresses.Slice(size, size), datagram.DestinationPort, datagram.Payload,
            datagram.SourceMac, datagram.DestinationMac, datagram.Carriers, datagram.VlanId, exchange, datagram.IsIpv6 ? null : isBroadcast);
    }

    /// <summary>Prints one packet, whatever came before it.</summary>
    /// <param name="frame">The frame's number, from 1.</param>
    /// <param name="time">The frame's time.</param>
    /// <param name="source">The sender's address, 4 or 16 octets.</param>
    /// <param name="sourcePort">The sender's port.</param>
    /// <param name="destination">The receiver's address, 4 or 16 octets.</param>
    /// <param name="destinationPort">The receiver's port.</param>
    /// <param name="payload">The UDP payload.</param>
    /// <param name="sourceMac">The sending adapter's address, where the link layer has one.</param>
    /// <param name="destinationMac">The receiving adapter's address.</param>
    public void Write(
        long frame, Instant time, ReadOnlySpan<byte> source, int sourcePort, ReadOnlySpan<byte> destination, int destinationPort, ReadOnlySpan<byte> payload,
        MacAddress? sourceMac = null, MacAddress? destinationMac = null) =>
        Write(frame, time, source, sourcePort, destination, destinationPort, payload, sourceMac, destinationMac, carriers: default, vlan: null, exchange: default, isBroadcast: null);

    private void Write(
        long frame, Instant time, ReadOnlySpan<byte> source, int sourcePort, ReadOnlySpan<byte> destination, int destinationPort, ReadOnlySpan<byte> payload,
        MacAddress? sourceMac, MacAddress? destinationMac, ReadOnlySpan<Carrier> carriers, int? vlan, in Exchange exchange, bool? isBroadcast)
    {
        bool whole = NbnsPacket.TryParseLenient(payload, out var packet, out var error);
        _json.Put("{\"schemaVersion\":1,\"type\":\"packet\",\"frame\":"u8);
        _json.Put(frame);
        _json.Put(",\"time\":\""u8);
        _json.PutTime(time);
        _json.Put("\",\"source\":\""u8);
        _json.PutAddress(source);
        _json.Put("\",\"sourcePort\":"u8);
        _json.Put(sourcePort);
        _json.Put(",\"destination\":\""u8);
        _json.PutAddress(destination);
        _json.Put("\",\"destinationPort\":"u8);
        _json.Put(destinationPort);
        _json.PutHeader(packet, payload.Length);

        _json.Put(",\"questions\":["u8);
        bool first = true;
        foreach (var question in packet.Questions)
        {
            _json.Put(first ? "{"u8 : ",{"u8);
            first = false;
            _json.PutName(question.Name);
            _json.PutType(question.Type, question.Class);
            _json.Put("}"u8);
        }

        _json.Put("],\"records\":["u8);
        first = true;
        foreach (var record in packet.Records)
        {
            if (record.Section == NbnsSection.Uncounted)
                continue;
            _json.Put(first ? ""u8 : ","u8);
            first = false;
            _json.PutRecord(record);
        }

        _json.Put("]"u8);
        if (packet.Anomalies.HasFlag(NbnsAnomalies.UncountedRecord))
        {
            _json.Put(",\"uncountedRecord\":"u8);
            _json.PutRecord(packet.Record);
        }

        var kind = whole ? NbnsClassification.Classify(packet) : NbnsMessageKind.Unknown;
        if (whole && kind == NbnsMessageKind.Unknown && NbnsClassification.WhyUnknown(packet) is { Kind: not NbnsParseErrorKind.UnknownPacket } lack)
            error = lack;
        if (error.Kind == NbnsParseErrorKind.None)
        {
            _json.Put(",\"error\":null,\"kind\":\""u8);
        }
        else
        {
            _json.Put(",\"error\":\""u8);
            _json.Put(JsonEncodedText.Encode(error.ToString(), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
            _json.Put(whole ? "\",\"kind\":\""u8 : "\",\"kind\":null"u8);
        }

        if (whole)
        {
            _json.Put(Kinds[(int)kind]);
            _json.Put("\""u8);
        }

        if (isBroadcast is { } toAll)
            PutExchange(exchange, whole ? PacketRules.Find(kind, packet.IsResponse ? exchange.AnswersBroadcast : toAll, packet.Flags.RecursionAvailable, IsWildcard(payload)) : null);
        _json.Put(",\"isoTime\":\""u8);
        _json.PutIsoTime(time);
        _json.Put("\",\"sourceMac\":"u8);
        _json.PutMac(sourceMac);
        _json.Put(",\"destinationMac\":"u8);
        _json.PutMac(destinationMac);
        if (!carriers.IsEmpty)
            _json.PutCarriers(carriers, vlan);
        _json.Put("}\n"u8);
        if (_json.Length >= FlushAt)
            Flush();
    }

    /// <summary>Writes source and destination one behind the other, each 4 or 16 octets long.</summary>
    /// <returns>The length of one.</returns>
    private static int CopyAddresses(in CapturedDatagram datagram, Span<byte> addresses)
    {
        if (datagram.IsIpv6)
        {
            datagram.SourceIpv6.Write(addresses);
            datagram.DestinationIpv6.Write(addresses[16..]);
            return 16;
        }

        datagram.Source.Address.Write(addresses);
        datagram.Destination.Address.Write(addresses[Ipv4Address.Size..]);
        return Ipv4Address.Size;
    }

    /// <summary>Whether the first name of a packet is <c>*</c>, as it is encoded (RFC 1001 §14.1).</summary>
    private static bool IsWildcard(ReadOnlySpan<byte> payload) => payload.Length > 12 && payload[12..] is [32, (byte)'C', (byte)'K', ..];

    private void PutExchange(in Exchange exchange, Rule? rule)
    {
        if (rule is not null)
        {
            _json.Put(",\"rule\":\""u8);
            _json.Put(RuleIds[rule.Id]);
            _json.Put("\""u8);
        }

        if (exchange.RequestFrame != 0)
        {
            _json.Put(",\"responseTo\":"u8);
            _json.Put(exchange.RequestFrame);
            _json.Put(",\"responseTime\":\""u8);
            _json.PutTime(new Instant(exchange.ResponseNanoseconds));
            _json.Put("\""u8);
        }

        if (exchange.RepeatedFrame != 0)
        {
            _json.Put(",\"retransmissionOf\":"u8);
            _json.Put(exchange.RepeatedFrame);
        }
    }
}
