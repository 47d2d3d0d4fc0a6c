using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>What others ask or claim: RFC 1002 §5.1.1.5, §5.1.2.5, §5.1.3.5.</content>
public sealed partial class EndNode
{
    /// <summary>'*' and seven zero octets, or spaces: how the wildcard begins.</summary>
    private const ulong WildcardHigh = 0x2A00_0000_0000_0000;
    private const ulong SpacedWildcardHigh = 0x2A20_2020_2020_2020;

    /// <summary>Whether a broadcast request about a name that is not in the table can be let go.</summary>
    private bool IsOfNoInterest(ulong high) =>
        (_memory is null || _memory.Cache.Count == 0) && !_options.EnableProxy && high is not (WildcardHigh or SpacedWildcardHigh);

    private static readonly LocalName s_noName; // for names that are not in the table

    private void HandleRequest(Instant now, in Datagram incoming, ulong high, ulong low)
    {
        int index = _names.Find(high, low, incoming.Packet.Name);
        if (index < 0 && incoming.IsBroadcast && IsOfNoInterest(high))
        {
            Say(now, incoming, NodeRules.NotOurs);
            return;
        }

        switch (NbnsClassification.Classify(incoming.Packet))
        {
            case NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest:
                OnClaim(now, incoming, index);
                break;
            case NbnsMessageKind.NameOverwriteRequest or NbnsMessageKind.NameOverwriteDemand when index >= 0 && !incoming.IsBroadcast && _options.Dialect.DefendsAgainstUnicastOverwrite:
                OnClaim(now, incoming, index); // a demand is for everybody: sent to this node alone it is a registration with RD clear, as Samba writes it (observed)
                break;
            case NbnsMessageKind.NameOverwriteRequest or NbnsMessageKind.NameOverwriteDemand:
                OnOverwrite(now, incoming, high, low);
                break;
            case NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand:
                OnRelease(now, incoming, index, high, low);
                Settle(now);
                break;
            case NbnsMessageKind.NameQueryRequest:
                OnQuery(now, incoming, index, high);
                break;
            case NbnsMessageKind.NodeStatusRequest:
                OnNodeStatus(now, incoming, index);
                break;
            default:
                Say(now, incoming, NodeRules.UnknownKind);
                break;
        }
    }

    private void HandleResponse(Instant now, in Datagram incoming, ulong high, ulong low)
    {
        ref readonly var packet = ref incoming.Packet;
        var kind = NbnsClassification.Classify(packet);
        if (kind == NbnsMessageKind.Unknown)
        {
            Say(now, incoming, NodeRules.UnknownKind);
            return;
        }

        bool taken = false;
        var unused = NodeRules.UnknownTransaction;
        for (NodeTransaction? transaction = null; !taken && (transaction = _transactions.Match(transaction, packet, high, low)) is not null;)
        {
            unused = transaction.Target != default && incoming.Source.Address != transaction.Target ? NodeRules.OtherResponder : NodeRules.UnexpectedResponse;
            if (IsObjection(now, incoming, transaction, kind))
            {
                OnObjection(now, incoming, transaction);
                taken = true;
                break;
            }

            taken = transaction.Phase switch
            {
                TransactionPhase.ServerClaim or TransactionPhase.ServerUpdate => OnClaimAnswer(now, incoming, transaction, kind),
                TransactionPhase.ClaimWithdrawn => OnWithdrawnAnswer(now, incoming, transaction, kind),
                TransactionPhase.Challenge => OnChallengeAnswer(now, incoming, transaction, kind),
                TransactionPhase.ServerRefresh => OnRefreshAnswer(now, incoming, transaction, kind),
                TransactionPhase.ServerRelease => OnReleaseAnswer(now, incoming, transaction, kind),
                TransactionPhase.BroadcastQuery or TransactionPhase.ServerQuery or TransactionPhase.ConflictWatch => OnQueryAnswer(now, incoming, transaction, kind),
                TransactionPhase.NodeStatus => OnNodeStatusAnswer(now, incoming, transaction, kind),
                _ => false,
            };
        }

        if (!taken && kind is NbnsMessageKind.NameConflictDemand or NbnsMessageKind.NegativeNameRegistrationResponse)
            OnUnsolicitedRefusal(now, incoming, _names.Find(high, low, packet.Name), kind);
        else if (!taken)
        {
            Say(now, incoming, unused);
            return;
        }

        Settle(now);
    }

    /// <summary>What <see cref="Defence"/> has to know of a datagram and of the name that it is about.</summary>
    private DefenceCase CaseOf(in Datagram incoming, int index, bool asksForAll = false)
    {
        var entry = incoming.Packet.Record.FirstEntry;
        bool isHere = index >= 0;
        ref readonly var row = ref isHere ? ref _names[index] : ref s_noName;
        return new DefenceCase
        {
            Dialect = _options.Dialect,
            Plan = _plan,
            State = isHere ? row.State : null,
            IsGroup = row.IsGroup,
            IsWildcard = isHere && row.Name.IsWildcard,
            IsInConflict = row.ConflictInterfaces != 0,
            IsInConflictHere = IsInConflict(row, incoming.InterfaceIndex),
            IsHeld = isHere && IsHeld(row),
            IsBroadcast = incoming.IsBroadcast,
            SaysBroadcast = incoming.Packet.Flags.IsBroadcast,
            SaysGroup = entry.Flags.IsGroup,
            CarriesOwnAddress = _interfaces.Has(entry.Address),
            AsksForAll = asksForAll,
            IsFromOwnAddress = _interfaces.Has(incoming.Source.Address),
            IsFromLaterAdapter = _interfaces.IsBehind(incoming.InterfaceIndex, incoming.Source.Address),
            IsFromNameServer = IsNameServer(incoming.Source.Address),
            HasNameServers = !_options.NameServers.IsEmpty,
        };
    }

    /// <summary>Somebody claims a name.</summary>
    private void OnClaim(Instant now, in Datagram incoming, int index)
    {
        var rule = Defence.OnClaim(CaseOf(incoming, index));
        if (rule == NodeRules.NotOurs)
        {
            DefendAsProxy(now, incoming, incoming.Packet.Record.FirstEntry);
            return;
        }

        Say(now, incoming, rule, isGroup: index >= 0 && _names[index].IsGroup);
        if (rule.Kind == DecisionKind.Refused) // RFC 1002 §5.1.1.5: NEGATIVE, ACT_ERR; RDATA is the owner's (§4.2.6)
            Reply(incoming, OutgoingForm.Response, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, _names[index].Name, entry: OwnEntry(_names[index].IsGroup, incoming.InterfaceIndex));
    }

    /// <summary>Somebody has got a name: whoever has it in the cache learns of it, and nobody answers (RFC 1002 §5.1.1.5).</summary>
    private void OnOverwrite(Instant now, in Datagram incoming, ulong high, ulong low)
    {
        var entry = incoming.Packet.Record.FirstEntry;
        if (_plan.HearsBroadcasts && _memory?.Cache.TryCorrect(high, low, incoming.Packet.Name, entry) == true)
            Say(now, incoming, NodeRules.OverwriteCorrectsCache, entry.Address);
        else
            Say(now, incoming, NodeRules.OverwriteUnheeded);
    }

    /// <summary>Somebody looks for a name.</summary>
    private void OnQuery(Instant now, in Datagram incoming, int index, ulong high)
    {
        NetBiosName name = default;
        bool asksForAll = high is WildcardHigh or SpacedWildcardHigh && incoming.Packet.Name.TryGetName(out name) && name.IsStatusWildcard && name.Scope.Equals(_options.Scope);
        var rule = Defence.OnQuery(CaseOf(incoming, index, asksForAll));
        if (rule == NodeRules.NotOurs)
        {
            AnswerAsProxy(now, incoming);
            return;
        }

        Say(now, incoming, rule, isGroup: index >= 0 && _names[index].IsGroup);
        if (rule == NodeRules.AnswerQuery)
        {
            // RFC 1002 §5.1.1.5, §5.1.2.5: POSITIVE; AA and RD set, RD whatever the request had (§4.2.13; observed too), RA the name server's
            ref readonly var row = ref _names[index];
            Reply(incoming, OutgoingForm.OwnAddresses, NbnsFlagWords.QueryResponse, row.Name, _options.Dialect.AnswerTimeToLive ?? row.TimeToLive, OwnEntry(row.IsGroup, incoming.InterfaceIndex));
        }
        else if (rule == NodeRules.AnswerWildcard)
            Reply(incoming, OutgoingForm.OwnAddresses, NbnsFlagWords.QueryResponse, name, _options.Dialect.AnswerTimeToLive ?? 0, OwnEntry(isGroup: false, incoming.InterfaceIndex));
        else if (rule == NodeRules.NegativeAnswer && incoming.Packet.Name.TryGetName(out name))
            Reply(incoming, OutgoingForm.NegativeQuery, NbnsFlagWords.QueryResponse | (ushort)NbnsRcode.NameError, name);
    }

    /// <summary>
    /// Whether a name is held, if only on the first interface to have got it: its registration there completes by itself (MS-NBTE §3.1.4.1), and a name
    /// server asks there before it takes the next address (MS-NBTE §3.2.5). One that was demanded or granted is held while CONFLICT_TIMER still runs: by RFC 1002
    /// §5.1.1.1 it is in the table then, and a claim that went undefended in between would make two owners.
    /// </summary>
    private bool IsHeld(in LocalName row) => row.State == LocalNameState.Registered
        || (row.State == LocalNameState.Registering
            && ((_interfaces.Count > 1 && row.Has(LocalNameFlags.ByBroadcast | LocalNameFlags.ByNameServer)) || _transactions.OwnerOf(row.Name) is { Phase: TransactionPhase.ClaimWatch }));

    /// <summary>Somebody wants our names: for a name we hold and is not in conflict, or the wildcard (RFC 1002 §5.1.1.5, §5.1.2.5, §4.2.17).</summary>
    private void OnNodeStatus(Instant now, in Datagram incoming, int index)
    {
        incoming.Packet.Name.TryGetName(out var name);
        var rule = Defence.OnNodeStatus(CaseOf(incoming, index, name.IsStatusWildcard));
        Say(now, incoming, rule);
        if (rule == NodeRules.AnswerStatus)
            Reply(incoming, OutgoingForm.NodeStatus, NbnsFlagWords.NodeStatusResponse, name);
    }

    private NbEntry OwnEntry(bool isGroup, int interfaceIndex) => new(new NbFlags(isGroup, _plan.NodeType), _interfaces[interfaceIndex].Address);
}
