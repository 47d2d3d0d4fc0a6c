using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>What a request says: a checked view of it, made once at the door, and made again for a claim that had to wait.</summary>
internal readonly ref struct ServerRequest
{
    /// <summary>The longest scope of any dialect, in octets (<see cref="NameServerDialect.MaxNameOctets"/>).</summary>
    public const int MaxScopeOctets = 238;

    public required Instant Now { get; init; }

    public required Ipv4Endpoint Source { get; init; }

    public required int InterfaceIndex { get; init; }

    /// <summary>Which request it is.</summary>
    public NbnsMessageKind Kind { get; init; }

    public required ushort TransactionId { get; init; }

    public required NbnsFlags Flags { get; init; }

    /// <summary>The name as the request's question has it, root label included.</summary>
    public required ReadOnlySpan<byte> EncodedName { get; init; }

    /// <summary>The labels of its scope.</summary>
    public ReadOnlySpan<byte> EncodedScope => ScopeOf(EncodedName);

    public required ulong High { get; init; }

    public required ulong Low { get; init; }

    /// <summary>The scope's number, or −1 for one that no name has.</summary>
    public required int Scope { get; init; }

    /// <summary>NB_FLAGS and NB_ADDRESS of the record; default in a query.</summary>
    public required NbEntry Entry { get; init; }

    /// <summary>The record's TTL.</summary>
    public required uint TimeToLive { get; init; }

    /// <summary>The name in words. Allocates where it has a scope.</summary>
    public NetBiosName ToName() => new(High, Low, EncodedScope.IsEmpty ? NetBiosScope.Empty : NetBiosScope.FromEncoded(EncodedScope.ToArray()));

    public NameSuffix Suffix => (NameSuffix)(byte)Low;

    public bool IsGroup => Entry.Flags.IsGroup;

    public bool IsRelease => Flags.Opcode == NbnsOpcode.Release;

    /// <summary>The labels of the scope of a name that ends in its root label.</summary>
    public static ReadOnlySpan<byte> ScopeOf(ReadOnlySpan<byte> encodedName) => encodedName[(NbnsHeader.PlainNameLength - 1)..^1];

    /// <summary>Reads a request.</summary>
    /// <returns>False where it has no question about a NetBIOS name.</returns>
    public static bool TryRead(Instant now, Ipv4Endpoint source, int interfaceIndex, scoped in NbnsPacket packet, ScopeTable scopes, out ServerRequest request)
    {
        request = default;
        if (!packet.HasQuestion || !packet.Question.Name.TryGetOctets(out ulong high, out ulong low))
            return false;

        // The first name of a packet has nothing before it to point to: it lies there whole.
        int end = NbnsHeader.Size + NbnsHeader.PlainNameLength - 1;
        while (packet.Bytes[end] != 0)
            end += 1 + packet.Bytes[end];
        var encoded = packet.Bytes[NbnsHeader.Size..(end + 1)];
        request = new ServerRequest
        {
            Now = now,
            Source = source,
            InterfaceIndex = interfaceIndex,
            Kind = NbnsClassification.Classify(packet),
            TransactionId = packet.TransactionId,
            Flags = packet.Flags,
            EncodedName = encoded,
            High = high,
            Low = low,
            Scope = scopes.Find(ScopeOf(encoded)),
            Entry = packet.Record.FirstEntry,
            TimeToLive = packet.HasRecord ? packet.Record.TimeToLive.Seconds : 0,
        };
        return true;
    }
}
