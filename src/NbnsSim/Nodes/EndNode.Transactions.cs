using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>The engine of the transactions: steps of the plan, tries, timers.</content>
public sealed partial class EndNode
{
    /// <summary>The transactions that run, oldest first, for tests.</summary>
    internal IEnumerable<NodeTransaction> Transactions
    {
        get
        {
            foreach (var transaction in _transactions)
                yield return transaction;
        }
    }

    /// <summary>Starts a transaction; <see langword="null"/> where too many run.</summary>
    private NodeTransaction? Open(OperationId operation, OperationKind kind, in NetBiosName name, TransactionFlags flags, ushort? transactionId, int interfaceIndex = 0)
    {
        var transaction = new NodeTransaction { Operation = operation, Kind = kind, Name = name, Flags = flags, Interface = (byte)interfaceIndex };
        return _transactions.TryOpen(transaction, transactionId, ref _random, _options.MaxTransactions) ? transaction : null;
    }

    private System.Collections.Immutable.ImmutableArray<PlanStep> StepsOf(NodeTransaction transaction) => transaction.Kind switch
    {
        OperationKind.Registration => _plan.Registration,
        OperationKind.Release => _plan.Release,
        _ => _plan.Query,
    };

    /// <summary>Begins the step of the plan that the transaction stands at.</summary>
    private void StartStep(Instant now, NodeTransaction transaction)
    {
        bool broadcast = StepsOf(transaction)[transaction.Step].Means == PlanMeans.Broadcast;
        if (broadcast)
        {
            Begin(now, transaction, transaction.Kind switch
            {
                OperationKind.Registration => TransactionPhase.BroadcastClaim,
                OperationKind.Release => TransactionPhase.BroadcastRelease,
                _ => TransactionPhase.BroadcastQuery,
            });
        }
        else if (!TryBeginWithServer(now, transaction, transaction.Kind switch
        {
            OperationKind.Registration => TransactionPhase.ServerClaim,
            OperationKind.Release => TransactionPhase.ServerRelease,
            _ => TransactionPhase.ServerQuery,
        }))
            EndStep(now, transaction, StepOutcomes.Silence);
    }

    /// <summary>Ends the step; the plan says whether another follows.</summary>
    private void EndStep(Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder = default, NbnsRcode rcode = default)
    {
        if (transaction.Kind == OperationKind.Refresh)
        {
            EndRefresh(now, transaction, outcome, responder);
            return;
        }

        if (transaction.Has(TransactionFlags.Proxy))
        {
            Say(now, transaction, NodeRules.ProxySilent, responder);
            _transactions.Close(transaction); // Q121004: nothing found, nothing said
            return;
        }

        if (HasNextStep(transaction, outcome))
        {
            transaction.Step++;
            Say(now, transaction, StepsOf(transaction)[transaction.Step].Means == PlanMeans.Broadcast ? NodeRules.ThenByBroadcast : NodeRules.ThenAtServer, responder);
            StartStep(now, transaction);
            return;
        }

        switch (transaction.Kind)
        {
            case OperationKind.Registration:
                FinishRegistration(now, transaction, outcome, responder, rcode);
                break;
            case OperationKind.Release:
                FinishRelease(now, transaction, outcome, responder, rcode);
                break;
            default:
                FinishQuery(now, transaction, outcome, responder, rcode);
                break;
        }
    }

    /// <summary>Sends the first packet of a phase and arms its timer.</summary>
    private void Begin(Instant now, NodeTransaction transaction, TransactionPhase phase)
    {
        transaction.Phase = phase;
        if (IsBroadcastPhase(phase))
            transaction.Target = default;
        if (phase == TransactionPhase.BroadcastClaim && _options.Dialect.ClaimLastsConflictTimer)
            transaction.ClaimUntil = now + _options.Dialect.Timing.ConflictTimeout;
        transaction.TriesLeft = (ushort)TriesOf(phase);
        if (transaction.TriesLeft == 0) // NameSrvQueryCount may be 0
        {
            transaction.Deadline = now;
            return;
        }

        Try(now, transaction);
    }

    private void Try(Instant now, NodeTransaction transaction)
    {
        transaction.TriesLeft--;
        Say(now, transaction, RuleOf(transaction), transaction.Target, tries: TriesOf(transaction.Phase));
        Send(transaction);
        transaction.Deadline = now + RetryTimeout(transaction.Phase);
    }

    private int TriesOf(TransactionPhase phase) => IsBroadcastPhase(phase) ? _options.Dialect.Timing.BroadcastRetryCount : _options.Dialect.Timing.NameServerRetryCount;

    private TimeSpan RetryTimeout(TransactionPhase phase) =>
        IsBroadcastPhase(phase) ? _options.Dialect.Timing.BroadcastRetryTimeout : _options.Dialect.Timing.NameServerRetryTimeout;

    private static bool IsBroadcastPhase(TransactionPhase phase) =>
        phase is TransactionPhase.BroadcastClaim or TransactionPhase.BroadcastQuery or TransactionPhase.BroadcastRelease;

    /// <summary>
    /// A WACK replaces the wait by its TTL (RFC 1002 §5.1.2.1); 0 is no estimate and keeps it. The RFC does not say what 0 means; that is inferred, without a
    /// switch, since its other reading, no wait at all, would spend every try at once against who asked for time.
    /// </summary>
    private void Wait(Instant now, in Datagram incoming, NodeTransaction transaction)
    {
        uint seconds = incoming.Packet.Record.TimeToLive.Seconds;
        Say(now, transaction, seconds == 0 ? NodeRules.WaitWithoutEstimate : NodeRules.AskedToWait, incoming.Source.Address);
        if (seconds == 0)
            return;
        var wait = TimeSpan.FromSeconds(seconds);
        var longest = _options.Dialect.Timing.MaximumWait;
        transaction.Deadline = now + (wait < longest ? wait : longest);
    }

    /// <summary>The one switch over what can time out.</summary>
    private void OnDeadline(Instant now, NodeTransaction transaction)
    {
        if (transaction.TriesLeft > 0)
        {
            Try(now, transaction);
            return;
        }

        switch (transaction.Phase)
        {
            case TransactionPhase.BroadcastClaim:
                OnNobodyObjected(now, transaction);
                break;
            case TransactionPhase.ClaimWatch: // RFC 1001 §15.2.1: nobody has objected within CONFLICT_TIMER
                EndStep(now, transaction, StepOutcomes.Success, transaction.Has(TransactionFlags.Granted) ? transaction.Server : default);
                break;
            case TransactionPhase.ClaimWithdrawn:
                Say(now, transaction, NodeRules.NothingToWithdraw);
                _transactions.Close(transaction);
                break;
            case TransactionPhase.NegativePause:
                OnNameUnknown(now, transaction);
                break;
            case TransactionPhase.BroadcastRelease: // RFC 1002 §5.1.1.4: no answer is expected
                EndStep(now, transaction, StepOutcomes.Success);
                break;
            case TransactionPhase.BroadcastQuery:
                EndStep(now, transaction, StepOutcomes.Silence);
                break;
            case TransactionPhase.ConflictWatch: // RFC 1002 §5.1.1.3: after the timer, further answers are ignored
                Say(now, transaction, NodeRules.ConflictTimerEnds);
                _transactions.Close(transaction);
                break;
            case TransactionPhase.Challenge: // RFC 1002 §5.1.2.1: a silent owner has given the name up
                StartUpdate(now, transaction);
                break;
            case TransactionPhase.NodeStatus:
                Say(now, transaction, NodeRules.NotFound, transaction.Target);
                _transactions.Close(transaction);
                Report(now, transaction.Operation, OperationKind.NodeStatus, transaction.Name, OperationOutcome.NoAnswer);
                break;
            default:
                OnServerSilent(now, transaction);
                break;
        }
    }

    /// <summary>All broadcasts of a claim are sent (RFC 1002 §5.1.1.1): the name is demanded, unless the name server has yet to agree, and owned when its time is up.</summary>
    private void OnNobodyObjected(Instant now, NodeTransaction transaction)
    {
        bool goesOn = transaction.Kind == OperationKind.Registration && HasNextStep(transaction, StepOutcomes.Success);
        if (_options.Dialect.SendsOverwriteDemand && (!goesOn || _options.Dialect.DemandsNameBeforeNameServer))
        {
            Say(now, transaction, NodeRules.DemandName);
            SendClaim(transaction, NbnsFlagWords.Overwrite, broadcast: true);
        }

        if (goesOn || now >= transaction.ClaimUntil)
        {
            EndStep(now, transaction, StepOutcomes.Success);
            return;
        }

        Say(now, transaction, NodeRules.ClaimWatched);
        Watch(transaction);
    }

    private bool HasNextStep(NodeTransaction transaction, StepOutcomes outcome)
    {
        var steps = StepsOf(transaction);
        return steps[transaction.Step].ContinuesOn(outcome) && transaction.Step + 1 < steps.Length && !transaction.Has(TransactionFlags.Withdrawal);
    }
}
