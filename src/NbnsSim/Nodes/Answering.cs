using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>What others ask, claim and release: RFC 1002 §5.1.1.5, §5.1.2.5, §5.1.3.5. <see cref="Defence"/> has the rule, and this does what it says.</summary>
internal static class Answering
{
    /// <summary>'*' and seven zero octets, or spaces: how the wildcard begins.</summary>
    private const ulong WildcardHigh = 0x2A00_0000_0000_0000;
    private const ulong SpacedWildcardHigh = 0x2A20_2020_2020_2020;

    /// <summary>Whether a broadcast request about a name that is not in the table can be let go.</summary>
    public static bool IsOfNoInterest(ref NodeState node, ulong high) =>
        (node.Memory is null || node.Memory.Cache.Count == 0) && !node.Options.EnableProxy && high is not (WildcardHigh or SpacedWildcardHigh);

    private static readonly LocalName s_noName; // for names that are not in the table

    public static void OnRequest(ref NodeState node, Instant now, in Datagram incoming, ulong high, ulong low)
    {
        int index = node.Names.Find(high, low, incoming.Packet.Name);
        if (index < 0 && incoming.IsBroadcast && IsOfNoInterest(ref node, high))
        {
            node.Say(now, incoming, NodeRules.NotOurs);
            return;
        }

        switch (NbnsClassification.Classify(incoming.Packet))
        {
            case NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest:
                OnClaim(ref node, now, incoming, index);
                break;
            case NbnsMessageKind.NameOverwriteRequest or NbnsMessageKind.NameOverwriteDemand when index >= 0 && !incoming.IsBroadcast && node.Options.Dialect.DefendsAgainstUnicastOverwrite:
                OnClaim(ref node, now, incoming, index); // a demand is for everybody: sent to this node alone it is a registration with RD clear, as Samba writes it (observed)
                break;
            case NbnsMessageKind.NameOverwriteRequest or NbnsMessageKind.NameOverwriteDemand:
                OnOverwrite(ref node, now, incoming, high, low);
                break;
            case NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand:
                OnRelease(ref node, now, incoming, index, high, low);
                Running.Settle(ref node, now);
                break;
            case NbnsMessageKind.NameQueryRequest:
                OnQuery(ref node, now, incoming, index, high);
                break;
            case NbnsMessageKind.NodeStatusRequest:
                OnNodeStatus(ref node, now, incoming, index);
                break;
            default:
                node.Say(now, incoming, NodeRules.UnknownKind);
                break;
        }
    }

    /// <summary>What <see cref="Defence"/> has to know of a datagram and of the name that it is about.</summary>
    public static DefenceCase CaseOf(ref NodeState node, in Datagram incoming, int index, bool asksForAll = false)
    {
        var entry = incoming.Packet.Record.FirstEntry;
        bool isHere = index >= 0;
        ref readonly var row = ref isHere ? ref node.Names[index] : ref s_noName;
        return new DefenceCase
        {
            Dialect = node.Options.Dialect,
            Plan = node.Plan,
            State = isHere ? row.State : null,
            IsGroup = row.IsGroup,
            IsWildcard = isHere && row.Name.IsWildcard,
            IsInConflict = row.ConflictInterfaces != 0,
            IsInConflictHere = row.IsInConflictOn(incoming.InterfaceIndex),
            IsHeld = isHere && IsHeld(ref node, row),
            IsBroadcast = incoming.IsBroadcast,
            SaysBroadcast = incoming.Packet.Flags.IsBroadcast,
            SaysGroup = entry.Flags.IsGroup,
            CarriesOwnAddress = node.Interfaces.Has(entry.Address),
            AsksForAll = asksForAll,
            IsFromOwnAddress = node.Interfaces.Has(incoming.Source.Address),
            IsFromLaterAdapter = node.Interfaces.IsBehind(incoming.InterfaceIndex, incoming.Source.Address),
            IsFromNameServer = node.IsNameServer(incoming.Source.Address),
            HasNameServers = !node.Options.NameServers.IsEmpty,
        };
    }

    /// <summary>Somebody claims a name.</summary>
    private static void OnClaim(ref NodeState node, Instant now, in Datagram incoming, int index)
    {
        var rule = Defence.OnClaim(CaseOf(ref node, incoming, index));
        if (rule == NodeRules.NotOurs)
        {
            Proxying.Defend(ref node, now, incoming, incoming.Packet.Record.FirstEntry);
            return;
        }

        node.Say(now, incoming, rule, isGroup: index >= 0 && node.Names[index].IsGroup);
        if (rule.Kind == DecisionKind.Refused && !node.Options.ForgetsToDefend) // RFC 1002 §5.1.1.5: NEGATIVE, ACT_ERR; RDATA is the owner's (§4.2.6)
            Sending.Reply(ref node, incoming, OutgoingForm.Response, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, node.Names[index].Name, entry: node.OwnEntry(node.Names[index].IsGroup, incoming.InterfaceIndex));
    }

    /// <summary>Somebody has got a name: whoever has it in the cache learns of it, and nobody answers (RFC 1002 §5.1.1.5).</summary>
    private static void OnOverwrite(ref NodeState node, Instant now, in Datagram incoming, ulong high, ulong low)
    {
        var entry = incoming.Packet.Record.FirstEntry;
        if (node.Plan.HearsBroadcasts && node.Memory?.Cache.TryCorrect(high, low, incoming.Packet.Name, entry) == true)
            node.Say(now, incoming, NodeRules.OverwriteCorrectsCache, entry.Address);
        else
            node.Say(now, incoming, NodeRules.OverwriteUnheeded);
    }

    /// <summary>Somebody looks for a name.</summary>
    private static void OnQuery(ref NodeState node, Instant now, in Datagram incoming, int index, ulong high)
    {
        NetBiosName name = default;
        bool asksForAll = high is WildcardHigh or SpacedWildcardHigh && incoming.Packet.Name.TryGetName(out name) && name.IsStatusWildcard && name.Scope.Equals(node.Options.Scope);
        var rule = Defence.OnQuery(CaseOf(ref node, incoming, index, asksForAll));
        if (rule == NodeRules.NotOurs)
        {
            Proxying.Answer(ref node, now, incoming);
            return;
        }

        node.Say(now, incoming, rule, isGroup: index >= 0 && node.Names[index].IsGroup);
        if (rule == NodeRules.AnswerQuery)
        {
            // RFC 1002 §5.1.1.5, §5.1.2.5: POSITIVE; AA and RD set, RD whatever the request had (§4.2.13; observed too), RA the name server's
            ref readonly var row = ref node.Names[index];
            Sending.Reply(ref node, incoming, OutgoingForm.OwnAddresses, NbnsFlagWords.QueryResponse, row.Name, node.Options.Dialect.AnswerTimeToLive ?? row.TimeToLive, node.OwnEntry(row.IsGroup, incoming.InterfaceIndex));
        }
        else if (rule == NodeRules.AnswerWildcard)
            Sending.Reply(ref node, incoming, OutgoingForm.OwnAddresses, NbnsFlagWords.QueryResponse, name, node.Options.Dialect.AnswerTimeToLive ?? 0, node.OwnEntry(isGroup: false, incoming.InterfaceIndex));
        else if (rule == NodeRules.NegativeAnswer && incoming.Packet.Name.TryGetName(out name))
            Sending.Reply(ref node, incoming, OutgoingForm.NegativeQuery, NbnsFlagWords.QueryResponse | (ushort)NbnsRcode.NameError, name);
    }

    /// <summary>
    /// Whether a name is held, if only on the first interface to have got it: its registration there completes by itself (MS-NBTE §3.1.4.1), and a name
    /// server asks there before it takes the next address (MS-NBTE §3.2.5). One that was demanded or granted is held while CONFLICT_TIMER still runs: by RFC 1002
    /// §5.1.1.1 it is in the table then, and a claim that went undefended in between would make two owners.
    /// </summary>
    public static bool IsHeld(ref NodeState node, in LocalName row) => row.State == LocalNameState.Registered
        || (row.State == LocalNameState.Registering
            && ((node.Interfaces.Count > 1 && row.Has(LocalNameFlags.ByBroadcast | LocalNameFlags.ByNameServer)) || node.Transactions.OwnerOf(row.Name) is { Phase: TransactionPhase.ClaimWatch }));

    /// <summary>Somebody wants our names: for a name we hold and is not in conflict, or the wildcard (RFC 1002 §5.1.1.5, §5.1.2.5, §4.2.17).</summary>
    private static void OnNodeStatus(ref NodeState node, Instant now, in Datagram incoming, int index)
    {
        incoming.Packet.Name.TryGetName(out var name);
        var rule = Defence.OnNodeStatus(CaseOf(ref node, incoming, index, name.IsStatusWildcard));
        node.Say(now, incoming, rule);
        if (rule == NodeRules.AnswerStatus)
            Sending.Reply(ref node, incoming, OutgoingForm.NodeStatus, NbnsFlagWords.NodeStatusResponse, name);
    }

    /// <summary>Somebody sends a release of a name.</summary>
    private static void OnRelease(ref NodeState node, Instant now, in Datagram incoming, int index, ulong high, ulong low)
    {
        bool forgot = node.Memory?.Cache.TryForget(high, low, incoming.Packet.Name) == true; // the cache must not lead to who left
        if (forgot)
            node.Say(now, incoming, NodeRules.ReleasePurgesCache);
        var entry = incoming.Packet.Record.FirstEntry;
        var situation = CaseOf(ref node, incoming, index);
        var rule = Defence.OnRelease(situation);
        if (!forgot || rule != NodeRules.NotOurs)
            node.Say(now, incoming, rule, entry.Address, situation.IsGroup);
        switch (rule.Kind)
        {
            case DecisionKind.Ignored:
                return;
            case DecisionKind.GaveUp: // RFC 1002 §5.1.2.5, §5.1.3.5: delete the name and inform the user; in conflict or not (RFC 1001 §15.5.3)
                var name = node.Names[index].Name;
                Steps.CloseAll(ref node, name);
                node.RemoveName(index);
                node.Log(NetBtEvent.NameRelease(now, incoming.Source.Address, name) with { Reason = Conflicts.ReasonOf(incoming, rule) }, NodeRules.LogsRelease);
                break;
            case DecisionKind.Marked:
                Conflicts.Mark(ref node, index, incoming.InterfaceIndex);
                if (!node.Options.Dialect.TakesUserNameReleaseSilently || node.Names[index].Name.Suffix != NameSuffix.Messenger)
                    node.Log(NetBtEvent.NameRelease(now, incoming.Source.Address, node.Names[index].Name) with { Reason = Conflicts.ReasonOf(incoming, rule) }, NodeRules.LogsRelease);
                break;
        }

        if (Defence.Answers(situation) && incoming.Packet.Name.TryGetName(out var released))
            Sending.Reply(ref node, incoming, OutgoingForm.Response, NbnsFlagWords.ReleaseResponse, released, entry: entry);
    }
}
