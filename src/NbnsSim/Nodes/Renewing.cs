using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Nodes;

/// <summary>Keeping names alive at the name server: RFC 1002 §5.1.2.6, Q153713, Q188598.</summary>
internal static class Renewing
{
    /// <summary>The shortest time between two renewals by hand (Q188598).</summary>
    public static readonly TimeSpan RenewalGap = TimeSpan.FromMinutes(2);

    /// <summary>Registers every name anew: <see cref="EndNode.Refresh"/>.</summary>
    public static OperationId RenewAll(ref NodeState node, Instant now)
    {
        var operation = node.Run.Next();
        if (!Running.IsRunning(ref node, now, operation, OperationKind.Refresh, default))
            return operation;
        if (!node.Options.Dialect.HasReleaseRefresh)
        {
            node.Say(now, NodeRules.NoReleaseRefresh, default);
            node.Report(now, operation, OperationKind.Refresh, default, OperationOutcome.NotAvailable);
            return operation;
        }

        var memory = node.MakeMemory();
        bool early = now < memory.RenewedAt + RenewalGap;
        node.Report(now, operation, OperationKind.Refresh, default, early ? OperationOutcome.Refused : OperationOutcome.Succeeded);
        if (early)
        {
            node.Say(now, NodeRules.ReleaseRefreshTooSoon, default);
            return operation;
        }

        memory.RenewedAt = now;
        memory.Servers.StartOver(); // Q247559: then "the same registration procedure" as at the start, the primary first
        for (int i = 0; i < node.Names.Count; i++)
        {
            ref readonly var row = ref node.Names[i];
            if (row.State != LocalNameState.Registered || row.Name.IsWildcard || node.Transactions.OwnerOf(row.Name) is not null)
                continue;
            node.Names.StopRefresh(i);
            Start(ref node, now, i, row.Has(LocalNameFlags.ByNameServer) ? TransactionPhase.ServerRelease
                : row.Has(LocalNameFlags.OwesNameServer) ? TransactionPhase.ServerClaim
                : TransactionPhase.BroadcastClaim);
        }

        return operation;
    }

    private static TimeSpan InitialRefreshInterval(ref NodeState node) => node.Options.Dialect.Timing.InitialRefreshTimeout / 8; // InitialRefreshT.O.

    public static TransactionFlags ClaimFlags(in LocalName row) =>
        TransactionFlags.Silent | (row.IsGroup ? TransactionFlags.Group : TransactionFlags.None);

    /// <summary>The name server grants a name for some seconds: it hears of us again after the part of them that the dialect's timing says.</summary>
    public static void Grant(ref NodeState node, Instant now, in NetBiosName name, uint timeToLive, bool isFirst)
    {
        if (node.Names.Find(name) is not (>= 0 and var index))
            return;
        ref readonly var row = ref node.Names[index];
        bool isBounded = node.Interfaces.AreSeveral && row.RefreshAt != Instant.MaxValue && row.TimeToLive != 0; // by what another interface was granted
        if (!isBounded || (timeToLive != 0 && timeToLive < row.TimeToLive))
            node.Names.SetTimeToLive(index, timeToLive); // MS-NBTE §3.1.4.1: "unless its value would increase"
        if (timeToLive == 0) // RFC 1002 §6 INFINITE_TTL
            return;
        var timing = node.Options.Dialect.Timing;
        var at = now + (!isFirst ? RefreshInterval(ref node, timeToLive, timing.RefreshDivisor)
            : timing.FirstRefreshInterval > TimeSpan.Zero ? timing.FirstRefreshInterval
            : RefreshInterval(ref node, timeToLive, timing.FirstRefreshDivisor));
        SetRefresh(ref node, index, at < row.RefreshAt ? at : row.RefreshAt); // with several interfaces, the lowest TTL wins (Q153713)
    }

    private static TimeSpan RefreshInterval(ref NodeState node, uint timeToLive, int divisor)
    {
        var interval = TimeSpan.FromSeconds(timeToLive) / divisor;
        var shortest = node.Options.Dialect.Timing.MinimumRefreshInterval;
        return interval > shortest ? interval : shortest;
    }

    /// <summary>The refresh timer of a name fires (RFC 1002 §6 REFRESH_TIMER).</summary>
    public static void OnDue(ref NodeState node, Instant now, int index)
    {
        ref readonly var row = ref node.Names[index];
        node.Names.StopRefresh(index);
        if (node.Transactions.OwnerOf(row.Name) is { } running)
        {
            node.Say(now, NodeRules.RefreshPostponed, row.Name, isGroup: row.IsGroup);
            if (running.Phase == TransactionPhase.ClaimWatch)
                SetRefresh(ref node, index, running.Deadline); // granted for less than CONFLICT_TIMER
            else
                Retry(ref node, now, index);
            return;
        }

        if (row.State == LocalNameState.Registered)
            Start(ref node, now, index, !node.Interfaces.AreSeveral && row.Has(LocalNameFlags.OwesNameServer) ? TransactionPhase.ServerClaim : TransactionPhase.ServerRefresh);
        else if (row.State == LocalNameState.Registering)
        {
            var name = row.Name;
            for (int i = 0; i < node.Interfaces.Count && node.Names.Find(name) >= 0; i++)
                Moving.ClaimAgain(ref node, now, name, i);
        }
    }

    /// <summary>Tells whoever has to know of the name again, on every interface on which it is not in conflict, and that has no time of its own for it.</summary>
    public static void Start(ref NodeState node, Instant now, int index, TransactionPhase phase, ushort? transactionId = null)
    {
        var name = node.Names[index].Name;
        var debt = Debts.Of(ref node, name);
        for (int i = 0; i < node.Interfaces.Count; i++)
        {
            bool claims = (debt.Claims >> i & 1) != 0;
            if (phase != TransactionPhase.ServerRefresh || (debt.Interfaces >> i & 1) == 0)
                Start(ref node, now, name, i, claims && phase == TransactionPhase.ServerRelease ? TransactionPhase.ServerClaim : phase, i == 0 ? transactionId : null);
        }
    }

    public static void Start(ref NodeState node, Instant now, in NetBiosName name, int interfaceIndex, TransactionPhase phase, ushort? transactionId = null)
    {
        if (node.Names.Find(name) is not (>= 0 and var at) || node.Names[at].IsInConflictOn(interfaceIndex)) // RFC 1001 §15.1.3.5: no refresh in conflict
            return;
        if (Steps.Open(ref node, default, OperationKind.Refresh, name, ClaimFlags(node.Names[at]), transactionId, interfaceIndex) is not { } transaction)
        {
            node.Say(now, NodeRules.RefreshPostponed, name);
            Debts.NoteMissed(ref node, now, at, interfaceIndex, isClaim: phase == TransactionPhase.ServerClaim);
        }
        else if (phase == TransactionPhase.BroadcastClaim)
            Steps.Begin(ref node, now, transaction, phase);
        else if (!ServerTurns.TryBegin(ref node, now, transaction, phase))
        {
            transaction.Phase = phase; // what could not be sent
            End(ref node, now, transaction, StepOutcomes.Silence, default);
        }
    }

    public static bool OnAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (incoming.Source.Address != transaction.Target)
            return false;
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameRegistrationResponse: // RFC 1002 §5.1.2.6: restart the timer
                ServerTurns.NoteAnswered(ref node, now, transaction);
                node.Say(now, transaction, NodeRules.Refreshed, incoming.Source.Address);
                Grant(ref node, now, transaction.Name, incoming.Packet.Record.TimeToLive.Seconds, isFirst: false);
                Steps.End(ref node, now, transaction, StepOutcomes.Success, incoming.Source.Address);
                return true;
            case NbnsMessageKind.NegativeNameRegistrationResponse or NbnsMessageKind.NameConflictDemand:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                Steps.End(ref node, now, transaction, StepOutcomes.Refusal, incoming.Source.Address, incoming.Packet.Rcode);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                Steps.Wait(ref node, now, incoming, transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A refresh, or a claim made again, ended.</summary>
    public static void End(ref NodeState node, Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder)
    {
        if (transaction.Phase == TransactionPhase.ServerRelease
            && (ServerTurns.TryNext(ref node, now, transaction) || ServerTurns.TryBegin(ref node, now, transaction, TransactionPhase.ServerClaim)))
            return; // Q188598: nbtstat -RR releases the name first, at every name server (Q247559), then registers it anew
        node.Transactions.Close(transaction);
        int index = node.Names.Find(transaction.Name); // it is there: whoever takes a name out of the table ends what runs for it
        ref readonly var row = ref node.Names[index];
        bool isClaim = transaction.Phase is TransactionPhase.ServerClaim or TransactionPhase.Challenge or TransactionPhase.ServerUpdate;
        switch (outcome)
        {
            case StepOutcomes.Success when transaction.Phase is TransactionPhase.BroadcastClaim or TransactionPhase.ClaimWatch: // at once, or once CONFLICT_TIMER has run
                node.Say(now, transaction, transaction.IsGroup ? NodeRules.GroupJoinedUnopposed : NodeRules.NobodyObjected);
                break;
            case StepOutcomes.Success when isClaim:
                Claiming.NoteRegistered(ref node, now, index, transaction.Interface, PlanMeans.NameServer);
                break;
            case StepOutcomes.Success:
                node.Memory?.Debts.Settle(row.Name, 1 << transaction.Interface);
                break;
            case StepOutcomes.Refusal: // RFC 1002 §5.1.2.6: the name is another's now
                node.Say(now, transaction, NodeRules.RefreshRefused, responder);
                Conflicts.Mark(ref node, index, transaction.Interface);
                if (node.Options.Dialect.LogsRefusedRefresh)
                {
                    node.Log(
                        NetBtEvent.DuplicateName(now, responder, row.Name) with
                        {
                            Reason = new NetBtEventReason(
                                NodeRules.LogsRefusedRefresh, new Ipv4Endpoint(responder, node.Options.NameServicePort), transaction.TransactionId, ByBroadcast: false),
                        },
                        NodeRules.LogsRefusedRefresh);
                }

                break;
            case StepOutcomes.Silence: // RFC 1002 §5.1.2.6: the name stays, and is offered again later
                node.Say(now, transaction, NodeRules.RefreshSilent);
                if (!transaction.Has(TransactionFlags.SwitchBack) || row.RefreshAt == Instant.MaxValue) // a primary that stays away changes nothing
                    Debts.NoteMissed(ref node, now, index, transaction.Interface, isClaim);
                break;
        }

        if (isClaim && node.Transactions.OwnerOf(row.Name) is null)
            Debts.Settle(ref node, index);
    }

    public static void Retry(ref NodeState node, Instant now, int index)
    {
        ref readonly var row = ref node.Names[index];
        if (row.State == LocalNameState.Conflict || !row.Has(LocalNameFlags.ByNameServer | LocalNameFlags.OwesNameServer | LocalNameFlags.MissedByNameServer))
            return;
        var at = now + RetryInterval(ref node, row);
        SetRefresh(ref node, index, at < row.RefreshAt ? at : row.RefreshAt);
    }

    public static TimeSpan RetryInterval(ref NodeState node, in LocalName row)
    {
        var wait = InitialRefreshInterval(ref node);
        if (row.TimeToLive != 0 && RefreshInterval(ref node, row.TimeToLive, node.Options.Dialect.Timing.RefreshDivisor) is var interval && interval < wait)
            wait = interval; // a name granted for less must not lapse meanwhile
        return wait;
    }

    private static void SetRefresh(ref NodeState node, int index, Instant at)
    {
        node.Names.RefreshAt(index, at);
        node.Teller?.StartTimer(node.Names[index].Name);
    }
}
