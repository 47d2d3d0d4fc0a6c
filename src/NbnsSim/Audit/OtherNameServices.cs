using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NbnsSim.Names;

namespace NbnsSim.Audit;

/// <summary>
/// Which hosts are asked for by DNS, LLMNR or mDNS, as far as an audit needs it: by whom, by the first label of the name, and whether an answer with a record came back.
/// </summary>
/// <remarks>
/// <code>
/// RFC 1035 §4.1.1: | ID (16) | QR, OPCODE, …, RCODE (16) | QDCOUNT (16) | ANCOUNT (16) | NSCOUNT (16) | ARCOUNT (16) | labels of the first question …
/// </code>
/// </remarks>
internal sealed class OtherNameServices
{
    private const int MaxLookups = 1_000_000;
    private const int Header = 12;
    private const ushort Dns = 53;
    private const ushort MulticastDns = 5353; // RFC 6762
    private const ushort Llmnr = 5355; // RFC 4795

    private readonly Dictionary<(Ipv4Address Client, ulong High, ulong Low), Lookup> _lookups = [];

    /// <summary>Whether a port is one of theirs.</summary>
    public static bool IsPort(ushort port) => port is Dns or MulticastDns or Llmnr;

    /// <summary>Whether a message has a question, and is about a name that a host can have in NetBIOS.</summary>
    public static bool IsTelling(ReadOnlySpan<byte> payload) =>
        payload.Length > Header && (BinaryPrimitives.ReadUInt16BigEndian(payload[2..]) & 0x7800) == 0 && BinaryPrimitives.ReadUInt16BigEndian(payload[4..]) != 0
        && payload[Header] is > 0 and <= NetBiosName.BaseSize && payload.Length >= Header + 1 + payload[Header];

    /// <summary>Takes a datagram from or to one of their ports; octets that are no such message are passed over.</summary>
    public void Observe(long frame, Ipv4Endpoint source, Ipv4Endpoint destination, ReadOnlySpan<byte> payload)
    {
        if (!IsTelling(payload))
            return;
        var (high, low) = Label(payload.Slice(Header + 1, payload[Header]));
        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        bool isResponse = (flags & 0x8000) != 0;
        var client = isResponse ? destination.Address : source.Address;
        if (!client.IsUnicast)
            return; // an answer to everybody is nobody's
        if (isResponse)
        {
            ref var asked = ref CollectionsMarshal.GetValueRefOrNullRef(_lookups, (client, high, low));
            bool hasAnswer = (flags & 0xF) == 0 && BinaryPrimitives.ReadUInt16BigEndian(payload[6..]) != 0;
            if (hasAnswer && !Unsafe.IsNullRef(ref asked) && asked.Answered == 0)
                (asked.Answered, asked.Service) = (frame, NameOf(source.Port));
        }
        else if (_lookups.Count < MaxLookups)
        {
            _lookups.TryAdd((client, high, low), new Lookup { Asked = frame, Service = NameOf(destination.Port) });
        }
    }

    /// <summary>What a client asked for the first 15 octets of a NetBIOS name; nothing where it did not.</summary>
    public Lookup Find(Ipv4Address client, in NetBiosName name)
    {
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        name.CopyTo(octets);
        var (high, low) = Label(octets[..NetBiosName.BaseSize].TrimEnd((byte)' '));
        return _lookups.GetValueOrDefault((client, high, low));
    }

    private static string NameOf(ushort port) => port switch { Dns => "DNS", MulticastDns => "mDNS", _ => "LLMNR" };

    /// <summary>A label in upper case, as two words.</summary>
    private static (ulong High, ulong Low) Label(ReadOnlySpan<byte> label)
    {
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        octets.Clear();
        for (int i = 0; i < label.Length; i++)
            octets[i] = label[i] is >= (byte)'a' and <= (byte)'z' ? (byte)(label[i] - 0x20) : label[i];
        return (BinaryPrimitives.ReadUInt64BigEndian(octets), BinaryPrimitives.ReadUInt64BigEndian(octets[8..]));
    }

    /// <summary>What a client asked elsewhere.</summary>
    internal struct Lookup
    {
        public long Asked;
        public long Answered;
        public string? Service;
    }
}
