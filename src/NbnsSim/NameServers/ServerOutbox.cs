using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>
/// What a name server sends, written out and waiting for the driver: answers to requests, of which each repeats the name as the request wrote it, and what it
/// asks of nodes. What there is no room for is lost, and counted.
/// </summary>
internal sealed class ServerOutbox
{
    private readonly NameServerOptions _options;
    private readonly ServerVoice _voice;
    private readonly DatagramQueue _queue;
    private long _written;
    private long _dropped;

    /// <summary>Makes an empty one.</summary>
    /// <param name="options">How the server is set up.</param>
    /// <param name="voice">Whose last decision sends what is sent.</param>
    public ServerOutbox(NameServerOptions options, ServerVoice voice)
    {
        _options = options;
        _voice = voice;
        _queue = new DatagramQueue(options.MaxQueuedOctets);
    }

    /// <summary>A copy that lives on by itself.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="voice">The copy's voice.</param>
    public ServerOutbox(ServerOutbox other, ServerVoice voice)
    {
        _options = other._options;
        _voice = voice;
        _queue = new DatagramQueue(other._queue);
        _written = other._written;
        _dropped = other._dropped;
    }

    /// <summary>How many datagrams were written.</summary>
    public long Written => _written;

    /// <summary>For how many there was no room.</summary>
    public long Dropped => _dropped;

    /// <summary>Hands the oldest datagram to the driver, as <see cref="INbnsEndpoint.TryPollTransmit"/> does.</summary>
    public bool TryTake(Span<byte> buffer, out Transmit transmit) => _queue.TryTake(buffer, out transmit);

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        codec.CarryTally(ref _written);
        codec.CarryTally(ref _dropped);
        _queue.Carry(codec);
    }

    /// <summary>Whether the same waits in both, and as much was sent and lost.</summary>
    public bool HasSameStateAs(ServerOutbox other) => Written == other.Written && Dropped == other.Dropped && _queue.HasSameStateAs(other._queue);

    /// <summary>A response with the request's own record: negative registration responses and release responses carry one too (RFC 1002 §4.2.5, §4.2.6, §4.2.10).</summary>
    public void Answer(in ServerRequest request, ushort flags, NbnsRcode rcode) => Answer(request, (ushort)(flags | (int)rcode), request.TimeToLive, request.Entry);

    /// <summary>A response of one NB record with one entry.</summary>
    public void Answer(in ServerRequest request, ushort flags, uint timeToLive, NbEntry entry) =>
        Answer(request, flags, timeToLive, new ReadOnlySpan<NbEntry>(in entry));

    /// <summary>A response of one NB record.</summary>
    public void Answer(in ServerRequest request, ushort flags, uint timeToLive, ReadOnlySpan<NbEntry> entries)
    {
        if (!TryStart(request, flags, NbnsType.NB, timeToLive, entries.Length * NbEntry.Size, out var writer))
            return;
        foreach (var entry in entries)
            writer.WriteEntry(entry);
        Send(writer.Length, request);
    }

    /// <summary>The negative answer to a query: a record of type NULL without data (RFC 1002 §4.2.14).</summary>
    public void AnswerNotFound(in ServerRequest request, ushort flags)
    {
        if (TryStart(request, (ushort)(flags | (int)NbnsRcode.NameError), NbnsType.Null, 0, 0, out var writer))
            Send(writer.Length, request);
    }

    /// <summary>WAIT FOR ACKNOWLEDGEMENT (RFC 1002 §4.2.16; its type is printed as "NULL (0x0020)", and real servers send the number).</summary>
    public void AskToWait(in ServerRequest request, int seconds)
    {
        if (!TryStart(request, NbnsFlagWords.Wack, NbnsType.NB, (uint)seconds, 2, out var writer))
            return;
        writer.WriteUInt16((ushort)(request.Flags.Value & 0x7FF0)); // the request's OPCODE and NM_FLAGS
        Send(writer.Length, request);
    }

    /// <summary>REDIRECT NAME QUERY RESPONSE (RFC 1002 §4.2.15). The name is written anew: there are two records, and its names may be longer than the request's.</summary>
    public void Redirect(in ServerRequest request, NameServerRedirect other)
    {
        var name = request.ToName();
        ushort flags = (ushort)(NbnsFlags.ResponseBit | (request.Flags.Value & NbnsFlags.RecursionDesiredBit));
        const int most = (3 * NbnsHeader.MaxNameLength) + (2 * NbnsResourceRecord.FixedSize) + NbnsHeader.Size;
        if (TryReserve(most, out var room))
            Send(NbnsEncoder.WriteRedirect(room, request.TransactionId, flags, name, 0, other.ServerName, other.Address), request);
    }

    /// <summary>A challenge: a query for a name at a node that may have it (RFC 1002 §5.1.4.1).</summary>
    public void Challenge(in ServerTransaction transaction, in NetBiosName name, ushort flags)
    {
        if (TryReserve(NbnsEncoder.EncodedLength(name) + NbnsHeader.Size + 4, out var room))
            Send(NbnsEncoder.WriteQuery(room, transaction.Id, flags, name), transaction.Target, transaction.InterfaceIndex);
    }

    /// <summary>NAME RELEASE DEMAND to a node: a unicast release (RFC 1002 §4.2.9).</summary>
    public void DemandRelease(in ServerTransaction transaction, in NetBiosName name)
    {
        if (TryReserve(NbnsEncoder.EncodedLength(name) + NbnsHeader.Size + 4 + 2 + NbnsResourceRecord.FixedSize + NbEntry.Size, out var room))
            Send(NbnsEncoder.WriteRequest(room, transaction.Id, NbnsFlagWords.Release, name, 0, new NbEntry(default, transaction.Target)), transaction.Target, 0);
    }

    /// <summary>NAME CONFLICT DEMAND (RFC 1002 §4.2.8).</summary>
    public void DemandConflict(ushort id, in NetBiosName name, Ipv4Address node)
    {
        if (TryReserve(NbnsHeader.Size + NbnsEncoder.EncodedLength(name) + NbnsResourceRecord.FixedSize + NbEntry.Size, out var room))
            Send(NbnsEncoder.WriteResponse(room, id, NbnsFlagWords.ConflictDemand, name, 0, default(NbEntry)), node, 0);
    }

    /// <summary>Header and record up to its data. The name is repeated as the request wrote it.</summary>
    private bool TryStart(in ServerRequest request, ushort flags, NbnsType type, uint timeToLive, int dataLength, out NbnsPacketWriter writer)
    {
        int length = NbnsHeader.Size + request.EncodedName.Length + NbnsResourceRecord.FixedSize + dataLength;
        if (!TryReserve(length, out var room, NbnsHeader.MaxDatagramLength))
        {
            writer = default;
            return false;
        }

        writer = new NbnsPacketWriter(room);
        writer.WriteHeader(request.TransactionId, flags, answers: 1);
        writer.WriteOctets(request.EncodedName);
        writer.WriteRecordHead(type, timeToLive, (ushort)dataLength);
        return true;
    }

    private bool TryReserve(int length, out Span<byte> room, int longest = int.MaxValue)
    {
        room = default;
        if (length <= longest && _queue.TryReserve(length, out room))
            return true;
        _dropped++;
        return false;
    }

    private void Send(int length, in ServerRequest request) => Send(length, request.Source, request.InterfaceIndex);

    private void Send(int length, Ipv4Address node, int interfaceIndex) => Send(length, new Ipv4Endpoint(node, _options.NodePort), interfaceIndex);

    private void Send(int length, Ipv4Endpoint destination, int interfaceIndex)
    {
        _written++;
        _queue.Commit(length, destination, new Ipv4Endpoint(_options.Address, _options.Port), isBroadcast: false, interfaceIndex, _voice.Last);
    }
}
