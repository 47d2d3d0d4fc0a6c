using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Checking;

/// <summary>
/// Remembers which broadcast queries two owners have answered, until the asker tells one of them (NAME CONFLICT DEMAND), one has the name no more, or time is up. It reads what is on the wire and not what
/// the asker makes of it.
/// </summary>
/// <param name="within">How long the asker has from the second answer on.</param>
internal sealed class ConflictHistory(TimeSpan within) : CheckHistory
{
    private const int MaxQueries = 256;

    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(5); // longer than any CONFLICT_TIMER (RFC 1002 §6: 1 s), and than what faults delay an answer by

    private readonly List<Query> _queries = [];
    private string? _broken;

    public override CheckHistory Fork()
    {
        var fork = new ConflictHistory(within) { _broken = _broken };
        fork._queries.AddRange(_queries);
        return fork;
    }

    public override void WriteState(StateCodec codec, Simulator simulator)
    {
        bool isBroken = _broken is not null;
        codec.Carry(ref isBroken);
        foreach (var query in _queries)
        {
            if (!Counts(query, simulator) && Blame(query, simulator) is null)
                continue; // what is over and came to nothing is forgotten, so that states are alike again
            var (asker, name, id, at, first, isGroup, second, revealed) = (simulator.AddressOf(new HostId(query.Asker)), query.Name, query.Id, query.At, query.First, query.IsGroup, query.Second, query.Revealed);
            codec.Carry(ref asker);
            codec.Carry(ref name);
            codec.CarryTransactionId(ref id);
            codec.Carry(ref at);
            codec.Carry(ref first);
            codec.Carry(ref isGroup);
            codec.Carry(ref second);
            codec.Carry(ref revealed);
        }
    }

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        if (!NbnsPacket.TryParse(datagram.Payload, out var packet) || !packet.Name.TryGetName(out var name))
            return;
        int sender = datagram.Sender.Index;
        switch (NbnsClassification.Classify(packet))
        {
            case NbnsMessageKind.NameQueryRequest when datagram.IsBroadcast && !name.IsWildcard:
                int known = _queries.FindIndex(query => query.Asker == sender && query.Name == name);
                if (known >= 0 && _queries[known].Id == packet.TransactionId)
                    break; // a repeat
                if (known >= 0)
                    _queries.RemoveAt(known);
                else if (_queries.Count == MaxQueries)
                    _queries.RemoveAt(0);
                _queries.Add(new Query(sender, name, packet.TransactionId, simulator.Now, default, false, default, null));
                break;
            case NbnsMessageKind.NameConflictDemand:
                _queries.RemoveAll(query => query.Asker == sender && query.Name == name && query.Revealed is not null);
                break;
        }
    }

    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex)
    {
        Judge(simulator);
        if (_queries.Count == 0 || !NbnsPacket.TryParse(datagram.Payload, out var packet) || !packet.Name.TryGetName(out var name)
            || NbnsClassification.Classify(packet) != NbnsMessageKind.PositiveNameQueryResponse || packet.Record.EntryCount == 0)
            return;
        ushort id = packet.TransactionId;
        int at = _queries.FindIndex(query => query.Asker == receiver.Index && query.Name == name && query.Id == id);
        if (at < 0 || !Counts(_queries[at], simulator) || _queries[at].Revealed is not null)
            return;
        var record = packet.Record;
        var answer = record.FirstEntry;
        if (_queries[at].First == default)
            _queries[at] = _queries[at] with { First = answer.Address, IsGroup = answer.Flags.IsGroup };
        else if (!Has(record, _queries[at].First) && !(_queries[at].IsGroup && answer.Flags.IsGroup)) // RFC 1001 §13.1.1: the same information, or another member of a group
            _queries[at] = _queries[at] with { Second = answer.Address, Revealed = simulator.Now };
    }

    public override void TimedOut(Simulator simulator, HostId host) => Judge(simulator);

    public override void Commanded(Simulator simulator, HostId host, string description) => Judge(simulator);

    public override void HostChanged(Simulator simulator, HostId host, bool isUp) => _queries.RemoveAll(query => query.Asker == host.Index); // who is down asks no more

    /// <summary>What was not noticed in time, in a sentence.</summary>
    public static string? FindUnnoticed(in CheckMoment moment)
    {
        var history = (ConflictHistory)moment.History!;
        if (history._broken is { } broken)
            return broken;
        foreach (var query in history._queries)
        {
            if (history.Blame(query, moment.Simulator) is { } text)
                return text;
        }

        return null;
    }

    /// <summary>Time is up before what happens now.</summary>
    private void Judge(Simulator simulator)
    {
        for (int i = _queries.Count - 1; i >= 0; i--)
        {
            if (Counts(_queries[i], simulator))
                continue;
            _broken ??= Blame(_queries[i], simulator);
            _queries.RemoveAt(i);
        }
    }

    private bool Counts(in Query query, Simulator simulator) => simulator.Now <= (query.Revealed is { } revealed ? revealed + within : query.At + AnswerTime);

    private string? Blame(in Query query, Simulator simulator)
    {
        if (query.Revealed is not { } revealed || Counts(query, simulator) || NetworkView.NodeThatIsOn(simulator, query.Asker) is null
            || Owner(simulator, query.First, query.Name) is not { } first || Owner(simulator, query.Second, query.Name) is not { } second || first == second)
            return null;
        return $"{simulator.NameOf(new HostId(query.Asker))} has had answers of {simulator.NameOf(first)} and {simulator.NameOf(second)} for {query.Name} since {revealed.ToShortString()} s and tells neither.";
    }

    /// <summary>Whose an address is, if he still has a name.</summary>
    private static HostId? Owner(Simulator simulator, Ipv4Address address, NetBiosName name) =>
        simulator.FindHost(address) is { } host && NetworkView.NodeThatIsOn(simulator, host.Index) is { } node && NetworkView.StateOf(node, name) is { State: LocalNameState.Registered } ? host : null;

    private static bool Has(in NbnsResourceRecord record, Ipv4Address address)
    {
        for (int i = 0; i < record.EntryCount; i++)
        {
            if (record.GetEntry(i).Address == address)
                return true;
        }

        return false;
    }

    /// <summary>A broadcast query, and who has answered it.</summary>
    private readonly record struct Query(int Asker, NetBiosName Name, ushort Id, Instant At, Ipv4Address First, bool IsGroup, Ipv4Address Second, Instant? Revealed);
}
