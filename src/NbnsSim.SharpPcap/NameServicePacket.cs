using System.Net;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;
using PacketDotNet;
using PacketDotNet.Utils;

namespace NbnsSim.SharpPcap;

/// <summary>
/// A name service packet (RFC 1002 §4.2.1) as PacketDotNet's users know packets: <c>packet.Extract&lt;NameServicePacket&gt;()</c> after
/// <see cref="NameServiceDecoder.Register"/>, or <see cref="NameServiceFrame.TryExtract(LinkLayers, byte[], out NameServicePacket?)"/> without.
/// </summary>
/// <remarks>
/// Every field is read through <see cref="View"/>, the core's checked view: there is no second parser, and no member throws for what the
/// bytes say. A datagram that cannot be read to the end is a packet all the same: <see cref="Error"/> says what is wrong and where, and
/// the fields are those that stand before it. Names of over 255 octets are read, as Windows' name servers do (<see cref="NbnsAnomalies.LongName"/>).
/// </remarks>
public sealed partial class NameServicePacket : Packet
{
    /// <summary>Wraps a copy of <paramref name="datagram"/>: the way to put a packet that an encoder wrote, right or wrong, into a frame.</summary>
    /// <param name="datagram">The UDP payload.</param>
    public NameServicePacket(ReadOnlySpan<byte> datagram)
        : this(new ByteArraySegment(datagram.ToArray()), parentPacket: null)
    {
    }

    /// <summary>Wraps octets that lie in a frame, without a copy.</summary>
    /// <param name="datagram">The UDP payload and nothing behind it.</param>
    /// <param name="parentPacket">The UDP packet around it, or null.</param>
    /// <exception cref="ArgumentException"><paramref name="datagram"/> reaches outside its array.</exception>
    public NameServicePacket(ByteArraySegment datagram, Packet? parentPacket)
    {
        ArgumentNullException.ThrowIfNull(datagram);
        if ((uint)datagram.Offset > (uint)datagram.Bytes.Length || datagram.Length > datagram.Bytes.Length - datagram.Offset)
            throw new ArgumentException("The segment reaches outside its array.", nameof(datagram));

        // PacketDotNet takes a packet without payload to reach to the end of BytesLength: end it here.
        Header = new ByteArraySegment(datagram.Bytes, datagram.Offset, datagram.Length, datagram.Offset + datagram.Length);
        ParentPacket = parentPacket;
    }

    /// <summary>The core's view of the octets, checked at each call; a local variable keeps it.</summary>
    public NbnsPacket View
    {
        get
        {
            _ = NbnsPacket.TryParseLenient(Octets, out var view, out _); // after a failure: what could be read before it
            return view;
        }
    }

    /// <summary>What could not be read, and at which octet of the datagram; no error for a sound packet.</summary>
    public NbnsParseError Error
    {
        get
        {
            _ = NbnsPacket.TryParseLenient(Octets, out _, out var error);
            return error;
        }
    }

    /// <summary>Whether the packet cannot be read to the end.</summary>
    public bool IsMalformed => Error.Kind != NbnsParseErrorKind.None;

    /// <summary>What is odd about it though it can be read.</summary>
    public NbnsAnomalies Anomalies => View.Anomalies;

    /// <summary>Which packet of RFC 1002 §4.2 it is; <see cref="NbnsMessageKind.Unknown"/> for a malformed one.</summary>
    public NbnsMessageKind Kind => NbnsPacket.TryParseLenient(Octets, out var view, out _) ? NbnsClassification.Classify(view) : NbnsMessageKind.Unknown;

    /// <summary>NAME_TRN_ID.</summary>
    public ushort TransactionId => View.TransactionId;

    /// <summary>R, OPCODE, NM_FLAGS and RCODE.</summary>
    public NbnsFlags Flags => View.Flags;

    /// <summary>OPCODE.</summary>
    public NbnsOpcode Opcode => View.Opcode;

    /// <summary>R: whether this is a response (set in a name conflict demand too).</summary>
    public bool IsResponse => View.IsResponse;

    /// <summary>B: whether it says of itself that it was broadcast.</summary>
    public bool IsBroadcast => Flags.IsBroadcast;

    /// <summary>RCODE.</summary>
    public NbnsRcode Rcode => View.Rcode;

    /// <summary>QDCOUNT as the header has it.</summary>
    public ushort QuestionCount => View.QuestionCount;

    /// <summary>ANCOUNT as the header has it.</summary>
    public ushort AnswerCount => View.AnswerCount;

    /// <summary>NSCOUNT as the header has it.</summary>
    public ushort AuthorityCount => View.AuthorityCount;

    /// <summary>ARCOUNT as the header has it.</summary>
    public ushort AdditionalCount => View.AdditionalCount;

    /// <summary>The name that the packet is about; null where there is none, or its first label is not half-ASCII.</summary>
    public NetBiosName? Name
    {
        get
        {
            var view = View;
            return (view.HasQuestion || view.HasRecord) && view.Name.TryGetName(out var name) ? name : null;
        }
    }

    /// <summary>QUESTION_TYPE, or RR_TYPE of the first record where there is no question; null where there is neither.</summary>
    public NbnsType? Type
    {
        get
        {
            var view = View;
            return view.HasQuestion ? view.Question.Type : view.HasRecord ? view.Record.Type : null;
        }
    }

    /// <summary>TTL of the first record; null where there is no record.</summary>
    public TimeToLive? TimeToLive
    {
        get
        {
            var view = View;
            return view.HasRecord ? view.Record.TimeToLive : null;
        }
    }

    /// <summary>NB_FLAGS and NB_ADDRESS of every NB record, in the packet's order.</summary>
    public IReadOnlyList<NbEntry> Entries
    {
        get
        {
            var entries = new List<NbEntry>();
            foreach (var record in View.Records)
            {
                for (int i = 0; i < record.EntryCount; i++)
                    entries.Add(record.GetEntry(i));
            }

            return entries;
        }
    }

    /// <summary>The NB_ADDRESS of every NB record, in the packet's order.</summary>
    public IReadOnlyList<IPAddress> Addresses => [.. Entries.Select(entry => Conversions.ToIPAddress(entry.Address))];

    /// <summary>The names that a node status response lists (RFC 1002 §4.2.18); empty for any other packet.</summary>
    public IReadOnlyList<NodeStatusName> NodeNames
    {
        get
        {
            var names = new List<NodeStatusName>();
            foreach (var record in View.Records)
            {
                for (int i = 0; i < record.NodeNameCount; i++)
                    names.Add(record.GetNodeName(i));
            }

            return names;
        }
    }

    /// <summary>Who sent it, from the UDP and IP packets around it; null where there are none.</summary>
    public IPEndPoint? Source => ParentPacket is UdpPacket { ParentPacket: IPPacket ip } udp ? new IPEndPoint(ip.SourceAddress, udp.SourcePort) : null;

    /// <summary>Where it went, from the UDP and IP packets around it; null where there are none.</summary>
    public IPEndPoint? Destination => ParentPacket is UdpPacket { ParentPacket: IPPacket ip } udp ? new IPEndPoint(ip.DestinationAddress, udp.DestinationPort) : null;

    private ReadOnlySpan<byte> Octets => Header.Bytes.AsSpan(Header.Offset, Header.Length);
}
