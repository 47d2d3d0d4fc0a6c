using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>What the server reads of a request, and the answers to it.</content>
public sealed partial class NameServer
{
    /// <summary>The longest scope of any dialect, in octets (<see cref="NameServerDialect.MaxNameOctets"/>).</summary>
    private const int MaxScopeOctets = 238;

    private bool IsTooLong(in Request request) => request.EncodedName.Length > Dialect.MaxNameOctets;

    private void Answer(in Request request, ushort flags, NbnsRcode rcode) => Answer(request, (ushort)(flags | (int)rcode), request.TimeToLive, request.Entry);

    /// <summary>A response of one NB record: registration responses, negative ones too, and release responses always carry one (RFC 1002 §4.2.5, §4.2.6, §4.2.10).</summary>
    private void Answer(in Request request, ushort flags, uint timeToLive, NbEntry entry) =>
        Answer(request, flags, timeToLive, new ReadOnlySpan<NbEntry>(in entry));

    private void Answer(in Request request, ushort flags, uint timeToLive, ReadOnlySpan<NbEntry> entries)
    {
        if (!TryStart(request, flags, NbnsType.NB, timeToLive, entries.Length * NbEntry.Size, out var writer))
            return;
        foreach (var entry in entries)
            writer.WriteEntry(entry);
        Send(writer.Length, request.Source, request.InterfaceIndex);
    }

    /// <summary>The negative answer to a query: a record of type NULL without data (RFC 1002 §4.2.14).</summary>
    private void AnswerNotFound(in Request request, ushort flags, NbnsRcode rcode)
    {
        if (TryStart(request, (ushort)(flags | (int)rcode), NbnsType.Null, 0, 0, out var writer))
            Send(writer.Length, request.Source, request.InterfaceIndex);
    }

    /// <summary>Header and record up to its data. The name is repeated as the request wrote it.</summary>
    private bool TryStart(in Request request, ushort flags, NbnsType type, uint timeToLive, int dataLength, out NbnsPacketWriter writer)
    {
        int length = NbnsHeader.Size + request.EncodedName.Length + NbnsResourceRecord.FixedSize + dataLength;
        if (length > NbnsHeader.MaxDatagramLength || !_transmits.TryReserve(length, out var room))
        {
            _statistics.Dropped++;
            writer = default;
            return false;
        }

        writer = new NbnsPacketWriter(room);
        writer.WriteHeader(request.TransactionId, flags, answers: 1);
        writer.WriteOctets(request.EncodedName);
        writer.WriteRecordHead(type, timeToLive, (ushort)dataLength);
        return true;
    }

    private void Send(int length, Ipv4Endpoint destination, int interfaceIndex)
    {
        _statistics.Answers++;
        _transmits.Commit(length, destination, new Ipv4Endpoint(Options.Address, Options.Port), isBroadcast: false, interfaceIndex, _teller?.Last ?? 0);
    }

    /// <summary>What a request says.</summary>
    private readonly ref struct Request
    {
        public required Instant Now { get; init; }

        public required Ipv4Endpoint Source { get; init; }

        public required int InterfaceIndex { get; init; }

        public required ushort TransactionId { get; init; }

        public required NbnsFlags Flags { get; init; }

        /// <summary>The name as the request's question has it, root label included.</summary>
        public required ReadOnlySpan<byte> EncodedName { get; init; }

        /// <summary>The labels of its scope.</summary>
        public ReadOnlySpan<byte> EncodedScope => EncodedName[(NbnsHeader.PlainNameLength - 1)..^1];

        public required ulong High { get; init; }

        public required ulong Low { get; init; }

        /// <summary>The scope's number, or −1 for one that no name has.</summary>
        public required int Scope { get; init; }

        /// <summary>NB_FLAGS and NB_ADDRESS of the record; default in a query.</summary>
        public required NbEntry Entry { get; init; }

        /// <summary>The record's TTL.</summary>
        public required uint TimeToLive { get; init; }

        public NameSuffix Suffix => (NameSuffix)(byte)Low;

        public bool IsGroup => Entry.Flags.IsGroup;

        public bool IsRelease => Flags.Opcode == NbnsOpcode.Release;

        public static bool TryRead(Instant now, Ipv4Endpoint source, int interfaceIndex, in NbnsPacket packet, ScopeTable scopes, out Request request)
        {
            request = default;
            if (!packet.HasQuestion || packet.Question.Class != NbnsHeader.ClassIn || !packet.Question.Name.TryGetOctets(out ulong high, out ulong low))
                return false;

            // The first name of a packet has nothing before it to point to: it lies there whole.
            int end = NbnsHeader.Size + NbnsHeader.PlainNameLength - 1;
            while (packet.Bytes[end] != 0)
                end += 1 + packet.Bytes[end];
            var encoded = packet.Bytes[NbnsHeader.Size..(end + 1)];
            request = new Request
            {
                Now = now,
                Source = source,
                InterfaceIndex = interfaceIndex,
                TransactionId = packet.TransactionId,
                Flags = packet.Flags,
                EncodedName = encoded,
                High = high,
                Low = low,
                Scope = scopes.Find(encoded[(NbnsHeader.PlainNameLength - 1)..^1]),
                Entry = packet.Record.FirstEntry,
                TimeToLive = packet.HasRecord ? packet.Record.TimeToLive.Seconds : 0,
            };
            return true;
        }
    }
}
