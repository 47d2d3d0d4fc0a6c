using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Nodes;

/// <content>Keeping names alive at the name server: RFC 1002 §5.1.2.6, Q153713, Q188598.</content>
public sealed partial class EndNode
{
    private TimeSpan InitialRefreshInterval => _options.Dialect.Timing.InitialRefreshTimeout / 8; // InitialRefreshT.O.

    private static TransactionFlags ClaimFlags(in LocalName row) =>
        TransactionFlags.Silent | (row.IsGroup ? TransactionFlags.Group : TransactionFlags.None);

    /// <summary>The name server grants a name for some seconds: it hears of us again after the part of them that the dialect's timing says.</summary>
    private void Grant(Instant now, in NetBiosName name, uint timeToLive, bool isFirst)
    {
        if (_names.Find(name) is not (>= 0 and var index))
            return;
        ref readonly var row = ref _names[index];
        bool isBounded = _interfaces.AreSeveral && row.RefreshAt != Instant.MaxValue && row.TimeToLive != 0; // by what another interface was granted
        if (!isBounded || (timeToLive != 0 && timeToLive < row.TimeToLive))
            _names.SetTimeToLive(index, timeToLive); // MS-NBTE §3.1.4.1: "unless its value would increase"
        if (timeToLive == 0) // RFC 1002 §6 INFINITE_TTL
            return;
        var timing = _options.Dialect.Timing;
        var at = now + (!isFirst ? RefreshInterval(timeToLive, timing.RefreshDivisor)
            : timing.FirstRefreshInterval > TimeSpan.Zero ? timing.FirstRefreshInterval
            : RefreshInterval(timeToLive, timing.FirstRefreshDivisor));
        SetRefresh(index, at < row.RefreshAt ? at : row.RefreshAt); // with several interfaces, the lowest TTL wins (Q153713)
    }

    private TimeSpan RefreshInterval(uint timeToLive, int divisor)
    {
        var interval = TimeSpan.FromSeconds(timeToLive) / divisor;
        var shortest = _options.Dialect.Timing.MinimumRefreshInterval;
        return interval > shortest ? interval : shortest;
    }

    /// <summary>The refresh timer of a name fires (RFC 1002 §6 REFRESH_TIMER).</summary>
    private void OnRefreshDue(Instant now, int index)
    {
        ref readonly var row = ref _names[index];
        _names.StopRefresh(index);
        if (_transactions.OwnerOf(row.Name) is { } running)
        {
            Say(now, NodeRules.RefreshPostponed, row.Name, isGroup: row.IsGroup);
            if (running.Phase == TransactionPhase.ClaimWatch)
                SetRefresh(index, running.Deadline); // granted for less than CONFLICT_TIMER
            else
                RetryRefresh(now, index);
            return;
        }

        if (row.State == LocalNameState.Registered)
            StartRefresh(now, index, !_interfaces.AreSeveral && row.Has(LocalNameFlags.OwesNameServer) ? TransactionPhase.ServerClaim : TransactionPhase.ServerRefresh);
        else if (row.State == LocalNameState.Registering)
        {
            var name = row.Name;
            for (int i = 0; i < _interfaces.Count && _names.Find(name) >= 0; i++)
                StartClaimAgain(now, name, i);
        }
    }

    /// <summary>Tells whoever has to know of the name again, on every interface on which it is not in conflict, and that has no time of its own for it.</summary>
    private void StartRefresh(Instant now, int index, TransactionPhase phase, ushort? transactionId = null)
    {
        var name = _names[index].Name;
        var debt = DebtOf(name);
        for (int i = 0; i < _interfaces.Count; i++)
        {
            bool claims = (debt.Claims >> i & 1) != 0;
            if (phase != TransactionPhase.ServerRefresh || (debt.Interfaces >> i & 1) == 0)
                StartRefresh(now, name, i, claims && phase == TransactionPhase.ServerRelease ? TransactionPhase.ServerClaim : phase, i == 0 ? transactionId : null);
        }
    }

    private void StartRefresh(Instant now, in NetBiosName name, int interfaceIndex, TransactionPhase phase, ushort? transactionId = null)
    {
        if (_names.Find(name) is not (>= 0 and var at) || IsInConflict(_names[at], interfaceIndex)) // RFC 1001 §15.1.3.5: no refresh in conflict
            return;
        if (Open(default, OperationKind.Refresh, name, ClaimFlags(_names[at]), transactionId, interfaceIndex) is not { } transaction)
        {
            Say(now, NodeRules.RefreshPostponed, name);
            NoteMissed(now, at, interfaceIndex, isClaim: phase == TransactionPhase.ServerClaim);
        }
        else if (phase == TransactionPhase.BroadcastClaim)
            Begin(now, transaction, phase);
        else if (!TryBeginWithServer(now, transaction, phase))
        {
            transaction.Phase = phase; // what could not be sent
            EndRefresh(now, transaction, StepOutcomes.Silence, default);
        }
    }

    private bool OnRefreshAnswer(Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (incoming.Source.Address != transaction.Target)
            return false;
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameRegistrationResponse: // RFC 1002 §5.1.2.6: restart the timer
                NoteServerAnswered(now, transaction);
                Say(now, transaction, NodeRules.Refreshed, incoming.Source.Address);
                Grant(now, transaction.Name, incoming.Packet.Record.TimeToLive.Seconds, isFirst: false);
                EndStep(now, transaction, StepOutcomes.Success, incoming.Source.Address);
                return true;
            case NbnsMessageKind.NegativeNameRegistrationResponse or NbnsMessageKind.NameConflictDemand:
                NoteServerAnswered(now, transaction);
                EndStep(now, transaction, StepOutcomes.Refusal, incoming.Source.Address, incoming.Packet.Rcode);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                NoteServerAnswered(now, transaction);
                Wait(now, incoming, transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A refresh, or a claim made again, ended.</summary>
    private void EndRefresh(Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder)
    {
        if (transaction.Phase == TransactionPhase.ServerRelease
            && (TryNextServer(now, transaction) || TryBeginWithServer(now, transaction, TransactionPhase.ServerClaim)))
            return; // Q188598: nbtstat -RR releases the name first, at every name server (Q247559), then registers it anew
        _transactions.Close(transaction);
        if (_names.Find(transaction.Name) is not (>= 0 and var index))
        {
            Say(now, transaction, NodeRules.Cancelled);
            return;
        }

        ref readonly var row = ref _names[index];
        bool isClaim = transaction.Phase is TransactionPhase.ServerClaim or TransactionPhase.Challenge or TransactionPhase.ServerUpdate;
        switch (outcome)
        {
            case StepOutcomes.Success when transaction.Phase == TransactionPhase.BroadcastClaim:
                Say(now, transaction, transaction.IsGroup ? NodeRules.GroupJoinedUnopposed : NodeRules.NobodyObjected);
                break;
            case StepOutcomes.Success when isClaim:
                NoteRegistered(now, index, transaction.Interface, PlanMeans.NameServer);
                break;
            case StepOutcomes.Success:
                _memory?.Debts.Settle(row.Name, 1 << transaction.Interface);
                break;
            case StepOutcomes.Refusal: // RFC 1002 §5.1.2.6: the name is another's now
                Say(now, transaction, NodeRules.RefreshRefused, responder);
                MarkConflict(index, transaction.Interface);
                if (_options.Dialect.LogsRefusedRefresh)
                {
                    Log(
                        NetBtEvent.DuplicateName(now, responder, row.Name) with
                        {
                            Reason = new NetBtEventReason(
                                NodeRules.LogsRefusedRefresh, new Ipv4Endpoint(responder, _options.NameServicePort), transaction.TransactionId, ByBroadcast: false),
                        },
                        NodeRules.LogsRefusedRefresh);
                }

                break;
            case StepOutcomes.Silence: // RFC 1002 §5.1.2.6: the name stays, and is offered again later
                Say(now, transaction, NodeRules.RefreshSilent);
                if (!transaction.Has(TransactionFlags.SwitchBack) || row.RefreshAt == Instant.MaxValue) // a primary that stays away changes nothing
                    NoteMissed(now, index, transaction.Interface, isClaim);
                break;
        }

        if (isClaim && _transactions.OwnerOf(row.Name) is null)
            SettleDebt(index);
    }

    private void RetryRefresh(Instant now, int index)
    {
        ref readonly var row = ref _names[index];
        if (row.State == LocalNameState.Conflict || !row.Has(LocalNameFlags.ByNameServer | LocalNameFlags.OwesNameServer | LocalNameFlags.MissedByNameServer))
            return;
        var at = now + RetryInterval(row);
        SetRefresh(index, at < row.RefreshAt ? at : row.RefreshAt);
    }

    private TimeSpan RetryInterval(in LocalName row)
    {
        var wait = InitialRefreshInterval;
        if (row.TimeToLive != 0 && RefreshInterval(row.TimeToLive, _options.Dialect.Timing.RefreshDivisor) is var interval && interval < wait)
            wait = interval; // a name granted for less must not lapse meanwhile
        return wait;
    }
}
