using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>The engine of the transactions: steps of the plan, tries, timers, and whose answer a response is.</summary>
internal static class Steps
{
    public static void OnResponse(ref NodeState node, Instant now, in Datagram incoming, ulong high, ulong low)
    {
        ref readonly var packet = ref incoming.Packet;
        var kind = NbnsClassification.Classify(packet);
        if (kind == NbnsMessageKind.Unknown)
        {
            node.Say(now, incoming, NodeRules.UnknownKind);
            return;
        }

        bool taken = false;
        var unused = NodeRules.UnknownTransaction;
        NodeTransaction? transaction = null;
        while (!taken && (transaction = node.Transactions.Match(transaction, packet, high, low)) is not null)
        {
            unused = transaction.Target != default && incoming.Source.Address != transaction.Target ? NodeRules.OtherResponder : NodeRules.UnexpectedResponse;
            if (Claiming.IsObjection(now, incoming, transaction, kind))
            {
                Claiming.OnObjection(ref node, now, incoming, transaction);
                taken = true;
                break;
            }

            taken = transaction.Phase switch
            {
                TransactionPhase.ServerClaim or TransactionPhase.ServerUpdate => Claiming.OnAnswer(ref node, now, incoming, transaction, kind),
                TransactionPhase.ClaimWithdrawn => Claiming.OnWithdrawnAnswer(ref node, now, incoming, transaction, kind),
                TransactionPhase.Challenge => Challenging.OnAnswer(ref node, now, incoming, transaction, kind),
                TransactionPhase.ServerRefresh => Renewing.OnAnswer(ref node, now, incoming, transaction, kind),
                TransactionPhase.ServerRelease => Releasing.OnAnswer(ref node, now, incoming, transaction, kind),
                TransactionPhase.BroadcastQuery or TransactionPhase.ServerQuery or TransactionPhase.DirectedQuery or TransactionPhase.ConflictWatch => Resolving.OnAnswer(ref node, now, incoming, transaction, kind),
                TransactionPhase.NodeStatus => StatusAsking.OnAnswer(ref node, now, incoming, transaction, kind),
                _ => false,
            };
        }

        if (!taken && kind is NbnsMessageKind.NameConflictDemand or NbnsMessageKind.NegativeNameRegistrationResponse)
            Conflicts.OnRefusal(ref node, now, incoming, node.Names.Find(high, low, packet.Name), kind);
        else if (!taken)
        {
            node.Say(now, incoming, unused);
            return;
        }

        transaction?.LetGo();
        Running.Settle(ref node, now);
    }

    /// <summary>Ends whatever runs for a name.</summary>
    /// <returns>The command it was for.</returns>
    public static OperationId CloseAll(ref NodeState node, in NetBiosName name)
    {
        OperationId operation = default;
        while (node.Transactions.OwnerOf(name) is { } transaction)
        {
            operation = transaction.Operation;
            node.Transactions.Close(transaction);
        }

        return operation;
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
        TransactionPhase.DirectedQuery => NodeRules.DirectedQuery,
        _ => NodeRules.StatusQuery,
    };

    /// <summary>Starts a transaction; <see langword="null"/> where too many run.</summary>
    public static NodeTransaction? Open(ref NodeState node, OperationId operation, OperationKind kind, in NetBiosName name, TransactionFlags flags, ushort? transactionId, int interfaceIndex = 0)
    {
        var transaction = NodeTransaction.Take();
        (transaction.Operation, transaction.Kind, transaction.Name, transaction.Flags, transaction.Interface) = (operation, kind, name, flags, (byte)interfaceIndex);
        if (node.Transactions.TryOpen(transaction, transactionId, ref node.Random, node.Options.MaxTransactions))
            return transaction;
        transaction.LetGo();
        return null;
    }

    private static ImmutableArray<PlanStep> Of(ref NodeState node, NodeTransaction transaction) => transaction.Kind switch
    {
        OperationKind.Registration => node.Plan.Registration,
        OperationKind.Release => node.Plan.Release,
        _ => node.Plan.Query,
    };

    /// <summary>Begins the step of the plan that the transaction stands at.</summary>
    public static void Start(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        bool broadcast = Of(ref node, transaction)[transaction.Step].Means == PlanMeans.Broadcast;
        if (broadcast)
        {
            Begin(ref node, now, transaction, transaction.Kind switch
            {
                OperationKind.Registration => TransactionPhase.BroadcastClaim,
                OperationKind.Release => TransactionPhase.BroadcastRelease,
                _ => TransactionPhase.BroadcastQuery,
            });
        }
        else if (!ServerTurns.TryBegin(ref node, now, transaction, transaction.Kind switch
        {
            OperationKind.Registration => TransactionPhase.ServerClaim,
            OperationKind.Release => TransactionPhase.ServerRelease,
            _ => TransactionPhase.ServerQuery,
        }))
            End(ref node, now, transaction, StepOutcomes.Silence);
    }

    /// <summary>Ends the step; the plan says whether another follows.</summary>
    public static void End(ref NodeState node, Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder = default, NbnsRcode rcode = default)
    {
        if (transaction.Kind == OperationKind.Refresh)
        {
            Renewing.End(ref node, now, transaction, outcome, responder);
            return;
        }

        if (transaction.Has(TransactionFlags.Proxy))
        {
            node.Say(now, transaction, NodeRules.ProxySilent, responder);
            node.Transactions.Close(transaction); // Q121004: nothing found, nothing said
            return;
        }

        if (HasNext(ref node, transaction, outcome))
        {
            transaction.Step++;
            node.Say(now, transaction, Of(ref node, transaction)[transaction.Step].Means == PlanMeans.Broadcast ? NodeRules.ThenByBroadcast : NodeRules.ThenAtServer, responder);
            Start(ref node, now, transaction);
            return;
        }

        switch (transaction.Kind)
        {
            case OperationKind.Registration:
                Claiming.Finish(ref node, now, transaction, outcome, responder, rcode);
                break;
            case OperationKind.Release:
                Releasing.Finish(ref node, now, transaction, outcome, responder, rcode);
                break;
            default:
                Resolving.Finish(ref node, now, transaction, outcome, responder, rcode);
                break;
        }
    }

    /// <summary>Sends the first packet of a phase and arms its timer.</summary>
    public static void Begin(ref NodeState node, Instant now, NodeTransaction transaction, TransactionPhase phase)
    {
        transaction.Phase = phase;
        if (IsBroadcastPhase(phase))
            transaction.Target = default;
        if (phase == TransactionPhase.BroadcastClaim && node.Options.Dialect.ClaimLastsConflictTimer)
            transaction.ClaimUntil = now + node.Options.Dialect.Timing.ConflictTimeout;
        transaction.TriesLeft = (ushort)TriesOf(ref node, transaction);
        if (transaction.TriesLeft == 0) // NameSrvQueryCount may be 0
        {
            transaction.Deadline = now;
            return;
        }

        Try(ref node, now, transaction);
    }

    private static void Try(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        transaction.TriesLeft--;
        node.Say(now, transaction, RuleOf(transaction), transaction.Target, tries: TriesOf(ref node, transaction));
        Sending.Send(ref node, transaction);
        transaction.Deadline = now + RetryTimeout(ref node, transaction.Phase);
    }

    private static int TriesOf(ref NodeState node, NodeTransaction transaction) => transaction.Tries > 0 ? transaction.Tries : IsBroadcastPhase(transaction.Phase) ? node.Options.Dialect.Timing.BroadcastRetryCount : node.Options.Dialect.Timing.NameServerRetryCount;

    private static TimeSpan RetryTimeout(ref NodeState node, TransactionPhase phase) =>
        IsBroadcastPhase(phase) ? node.Options.Dialect.Timing.BroadcastRetryTimeout : node.Options.Dialect.Timing.NameServerRetryTimeout;

    private static bool IsBroadcastPhase(TransactionPhase phase) =>
        phase is TransactionPhase.BroadcastClaim or TransactionPhase.BroadcastQuery or TransactionPhase.BroadcastRelease;

    /// <summary>
    /// A WACK replaces the wait by its TTL (RFC 1002 §5.1.2.1); 0 is no estimate and keeps it. The RFC does not say what 0 means; that is inferred, without a
    /// switch, since its other reading, no wait at all, would spend every try at once against who asked for time.
    /// </summary>
    public static void Wait(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction)
    {
        uint seconds = incoming.Packet.Record.TimeToLive.Seconds;
        node.Say(now, transaction, seconds == 0 ? NodeRules.WaitWithoutEstimate : NodeRules.AskedToWait, incoming.Source.Address);
        if (seconds == 0)
            return;
        var wait = TimeSpan.FromSeconds(seconds);
        var longest = node.Options.Dialect.Timing.MaximumWait;
        transaction.Deadline = now + (wait < longest ? wait : longest);
    }

    /// <summary>The one switch over what can time out.</summary>
    public static void OnDeadline(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        if (transaction.TriesLeft > 0)
        {
            Try(ref node, now, transaction);
            return;
        }

        switch (transaction.Phase)
        {
            case TransactionPhase.BroadcastClaim:
                OnNobodyObjected(ref node, now, transaction);
                break;
            case TransactionPhase.ClaimWatch: // RFC 1001 §15.2.1: nobody has objected within CONFLICT_TIMER
                if (transaction.Has(TransactionFlags.Granted))
                    node.Say(now, transaction, NodeRules.ClaimUnopposed);
                End(ref node, now, transaction, StepOutcomes.Success, transaction.Has(TransactionFlags.Granted) ? transaction.Server : default);
                break;
            case TransactionPhase.ClaimWithdrawn:
                node.Say(now, transaction, NodeRules.NothingToWithdraw);
                node.Transactions.Close(transaction);
                break;
            case TransactionPhase.LearningPause:
                node.Say(now, transaction, NodeRules.LearnedNothing);
                Start(ref node, now, transaction);
                break;
            case TransactionPhase.NegativePause:
                Resolving.OnUnknown(ref node, now, transaction);
                break;
            case TransactionPhase.BroadcastRelease: // RFC 1002 §5.1.1.4: no answer is expected
                End(ref node, now, transaction, StepOutcomes.Success);
                break;
            case TransactionPhase.BroadcastQuery:
                End(ref node, now, transaction, StepOutcomes.Silence);
                break;
            case TransactionPhase.ConflictWatch: // RFC 1002 §5.1.1.5: after the timer, further answers are ignored
                node.Say(now, transaction, NodeRules.ConflictTimerEnds);
                node.Transactions.Close(transaction);
                break;
            case TransactionPhase.Challenge: // RFC 1002 §5.1.2.1: a silent owner has given the name up
                Challenging.Update(ref node, now, transaction);
                break;
            case TransactionPhase.NodeStatus or TransactionPhase.DirectedQuery:
                node.Say(now, transaction, NodeRules.NotFound, transaction.Target);
                node.Transactions.Close(transaction);
                node.Report(now, transaction.Operation, transaction.Kind, transaction.Name, OperationOutcome.NoAnswer);
                break;
            default:
                ServerTurns.OnSilent(ref node, now, transaction);
                break;
        }
    }

    /// <summary>All broadcasts of a claim are sent (RFC 1002 §5.1.1.1): the name is demanded, unless the name server has yet to agree, and owned when its time is up.</summary>
    private static void OnNobodyObjected(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        bool goesOn = transaction.Kind == OperationKind.Registration && HasNext(ref node, transaction, StepOutcomes.Success);
        if (node.Options.Dialect.SendsOverwriteDemand && (!goesOn || node.Options.Dialect.DemandsNameBeforeNameServer))
        {
            node.Say(now, transaction, NodeRules.DemandName);
            Sending.SendClaim(ref node, transaction, NbnsFlagWords.Overwrite, broadcast: true);
        }

        if (goesOn || now >= transaction.ClaimUntil)
        {
            End(ref node, now, transaction, StepOutcomes.Success);
            return;
        }

        node.Say(now, transaction, NodeRules.ClaimWatched);
        Claiming.Watch(transaction);
    }

    /// <summary>Whether what the node does on the segment and with its name server are two things: <see cref="NetBtDialect.KeepsSegmentAndServerApart"/>.</summary>
    public static bool IsApart(ref NodeState node) => node.Options.Dialect.KeepsSegmentAndServerApart && node.Plan.NodeType == OwnerNodeType.M && !node.Options.NameServers.IsEmpty;

    private static bool HasNext(ref NodeState node, NodeTransaction transaction, StepOutcomes outcome)
    {
        var steps = Of(ref node, transaction);
        return !IsApart(ref node) && steps[transaction.Step].ContinuesOn(outcome) && transaction.Step + 1 < steps.Length && !transaction.Has(TransactionFlags.Withdrawal);
    }
}
