using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>What the server reads of a request, and the answers to it.</content>
public sealed partial class NameServer
{
    /// <summary>The longest scope of any dialect, in octets (<see cref="NameServerDialect.MaxNameOctets"/>).</summary>
    private const int MaxScopeOctets = 238;

    private bool IsTooLong(in ServerRequest request) => request.EncodedName.Length > Dialect.MaxNameOctets;

    private void Answer(in ServerRequest request, ushort flags, NbnsRcode rcode) => Answer(request, (ushort)(flags | (int)rcode), request.TimeToLive, request.Entry);

    /// <summary>A response of one NB record: registration responses, negative ones too, and release responses always carry one (RFC 1002 §4.2.5, §4.2.6, §4.2.10).</summary>
    private void Answer(in ServerRequest request, ushort flags, uint timeToLive, NbEntry entry) =>
        Answer(request, flags, timeToLive, new ReadOnlySpan<NbEntry>(in entry));

    private void Answer(in ServerRequest request, ushort flags, uint timeToLive, ReadOnlySpan<NbEntry> entries)
    {
        if (!TryStart(request, flags, NbnsType.NB, timeToLive, entries.Length * NbEntry.Size, out var writer))
            return;
        foreach (var entry in entries)
            writer.WriteEntry(entry);
        Send(writer.Length, request.Source, request.InterfaceIndex);
    }

    /// <summary>The negative answer to a query: a record of type NULL without data (RFC 1002 §4.2.14).</summary>
    private void AnswerNotFound(in ServerRequest request, ushort flags, NbnsRcode rcode)
    {
        if (TryStart(request, (ushort)(flags | (int)rcode), NbnsType.Null, 0, 0, out var writer))
            Send(writer.Length, request.Source, request.InterfaceIndex);
    }

    /// <summary>Header and record up to its data. The name is repeated as the request wrote it.</summary>
    private bool TryStart(in ServerRequest request, ushort flags, NbnsType type, uint timeToLive, int dataLength, out NbnsPacketWriter writer)
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
}
