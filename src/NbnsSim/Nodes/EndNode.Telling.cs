using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>Saying what was decided. Without a listener nothing is made and nothing is said.</content>
public sealed partial class EndNode
{
    /// <inheritdoc/>
    public IDecisionSink? Decisions
    {
        get => _reports?.Teller?.Sink;
        set
        {
            if (value is not null)
                (_reports ??= new NodeReports()).Teller = new DecisionTeller(value);
            else if (_reports is not null)
                _reports.Teller = null;
        }
    }

    private DecisionTeller? Teller => _reports?.Teller;

    /// <summary>A person or a service tells the node to do something: what follows is because of that.</summary>
    private void Tell(Instant now, Rule rule, in NetBiosName name = default, Ipv4Address address = default)
    {
        if (Teller is not { } teller)
            return;
        teller.Begin(DecisionCauseKind.None, 0);
        teller.Say(new Decision { Time = now, Rule = rule, Name = name, Address = address });
        teller.Begin(DecisionCauseKind.Command, teller.Last);
    }

    /// <summary>The time of a name, or of the way back to the primary name server, has come.</summary>
    private void BeginLifetime(long decision)
    {
        if (Teller is not { } teller)
            return;
        teller.Begin(DecisionCauseKind.Lifetime, decision);
        teller.Mark();
    }

    /// <summary>Where nothing could be done, that is said.</summary>
    private void EndLifetime(Instant now, in NetBiosName name)
    {
        if (Teller is { } teller && teller.IsSilentSinceMark)
            Say(now, NodeRules.NothingToRefresh, name);
    }

    /// <summary>Something about a name, with nobody else in it.</summary>
    private void Say(Instant now, Rule rule, in NetBiosName name, Ipv4Address address = default, bool isGroup = false) =>
        Teller?.Say(new Decision { Time = now, Rule = rule, Name = name, Address = address, IsGroup = isGroup, Cause = Teller!.Cause });

    /// <summary>Something about a datagram that came.</summary>
    private void Say(Instant now, in Datagram incoming, Rule rule, Ipv4Address address = default, bool isGroup = false)
    {
        if (Teller is not { } teller)
            return;
        teller.Say(new Decision
        {
            Time = now,
            Rule = rule,
            Name = incoming.Packet.NameOrDefault(),
            Peer = incoming.Source,
            Address = address,
            TransactionId = incoming.Packet.TransactionId,
            Interface = (byte)incoming.InterfaceIndex,
            IsGroup = isGroup,
            Cause = teller.Cause,
        });
    }

    /// <summary>Something about a transaction, whose timer runs because of it from now on.</summary>
    private void Say(Instant now, NodeTransaction transaction, Rule rule, Ipv4Address peer = default, Ipv4Address address = default, int tries = 0)
    {
        if (Teller is not { } teller)
            return;
        teller.Say(new Decision
        {
            Time = now,
            Rule = rule,
            Name = transaction.Name,
            Peer = peer == default ? default : new Ipv4Endpoint(peer, _options.NameServicePort),
            Address = address,
            TransactionId = transaction.TransactionId,
            Interface = transaction.Interface,
            Try = (byte)Math.Min(byte.MaxValue, tries == 0 ? 0 : tries - transaction.TriesLeft),
            Tries = (byte)Math.Min(byte.MaxValue, tries),
            IsGroup = transaction.IsGroup,
            Cause = teller.Cause,
        });
        transaction.Decision = teller.Last;
    }

    /// <summary>Writes an event to the log, as a consequence of what was decided last.</summary>
    private void Log(NetBtEvent logged, Rule rule)
    {
        (_reports ??= new NodeReports()).Add(logged);
        if (Teller is not { } teller)
            return;
        long because = teller.Last;
        teller.Say(new Decision
        {
            Time = logged.Time,
            Rule = rule,
            Name = logged.Name,
            Peer = logged.Reason?.Sender ?? default,
            Address = logged.Address,
            TransactionId = logged.Reason?.TransactionId ?? 0,
            Cause = new DecisionCause(because != 0 ? DecisionCauseKind.Consequence : teller.Cause.Kind, because),
            Event = logged,
        });
    }

    /// <summary>The rule by which a phase sends its packet.</summary>
    private static Rule RuleOf(NodeTransaction transaction) => transaction.Phase switch
    {
        TransactionPhase.BroadcastClaim => NodeRules.ClaimByBroadcast,
        TransactionPhase.ServerClaim => transaction.Kind == OperationKind.Refresh ? NodeRules.ClaimAgain : NodeRules.ClaimAtServer,
        TransactionPhase.ServerUpdate => NodeRules.OwnerGone,
        TransactionPhase.ServerRefresh => transaction.Has(TransactionFlags.SwitchBack) ? NodeRules.SwitchBack : NodeRules.Refresh,
        TransactionPhase.BroadcastRelease => transaction.Has(TransactionFlags.NotOurs) ? NodeRules.ReleaseRefusedUserName : NodeRules.ReleaseByBroadcast,
        TransactionPhase.ServerRelease => transaction.Has(TransactionFlags.Withdrawal) ? NodeRules.ReleaseAtServer : transaction.Has(TransactionFlags.NotOurs) ? NodeRules.ReleaseRefusedUserName : NodeRules.ReleaseAtServer,
        TransactionPhase.BroadcastQuery => NodeRules.QueryByBroadcast,
        TransactionPhase.ServerQuery => transaction.Has(TransactionFlags.Proxy) ? NodeRules.ProxyAsks : NodeRules.QueryAtServer,
        TransactionPhase.Challenge => NodeRules.AskOwner,
        _ => NodeRules.StatusQuery,
    };

    private void SetRefresh(int index, Instant at)
    {
        _names.RefreshAt(index, at);
        Teller?.StartTimer(_names[index].Name);
    }
}
