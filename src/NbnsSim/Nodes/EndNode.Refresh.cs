using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <content>Keeping names alive at the name server: RFC 1002 §5.1.2.6, Q153713, Q188598.</content>
public sealed partial class EndNode
{
    private TimeSpan InitialRefreshInterval => _options.Dialect.Timing.InitialRefreshTimeout / 8; // InitialRefreshT.O.

    private static TransactionFlags ClaimFlags(in LocalName row) =>
        TransactionFlags.Silent | (row.IsGroup ? TransactionFlags.Group : TransactionFlags.None);

    /// <summary>The name server grants a name for some seconds: it hears of us again after the part of them that the dialect's timing says.</summary>
    private void Grant(Instant now, in NetBiosName name, uint timeToLive, int divisor)
    {
        if (Find(name) is not (>= 0 and var index))
            return;
        ref var row = ref _names[index];
        row.TimeToLive = timeToLive;
        if (timeToLive == 0) // RFC 1002 §6 INFINITE_TTL
            return;
        var at = now + RefreshInterval(timeToLive, divisor);
        row.RefreshAt = at < row.RefreshAt ? at : row.RefreshAt; // with several interfaces, the lowest TTL wins (Q153713)
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
        ref var row = ref _names[index];
        row.RefreshAt = Instant.MaxValue;
        if (FindOwner(row.Name) is not null)
        {
            RetryRefresh(now, ref row);
            return;
        }

        if (row.State == LocalNameState.Registered)
            StartRefresh(now, index, row.Has(LocalNameFlags.OwesNameServer) ? TransactionPhase.ServerClaim : TransactionPhase.ServerRefresh);
        else if (row.State == LocalNameState.Registering)
        {
            var name = row.Name;
            for (int i = 0; i < InterfaceCount && Find(name) >= 0; i++)
                StartClaimAgain(now, name, i);
        }
    }

    /// <summary>Tells whoever has to know of the name again, on every interface on which it is not in conflict.</summary>
    private void StartRefresh(Instant now, int index, TransactionPhase phase, ushort? transactionId = null)
    {
        var name = _names[index].Name;
        var flags = ClaimFlags(_names[index]);
        for (int i = 0; i < InterfaceCount; i++)
        {
            if (Find(name) is not (>= 0 and var at) || IsInConflict(_names[at], i)) // RFC 1001 §15.1.3.5: no refresh in conflict
                continue;
            if (Open(default, OperationKind.Refresh, name, flags, i == 0 ? transactionId : null, i) is not { } transaction)
                RetryRefresh(now, ref _names[at]);
            else if (phase == TransactionPhase.BroadcastClaim)
                Begin(now, transaction, phase);
            else if (!TryBeginWithServer(now, transaction, phase))
                EndRefresh(now, transaction, StepOutcomes.Silence, default);
        }
    }

    private bool OnRefreshAnswer(in Incoming incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (incoming.Source.Address != transaction.Target)
            return false;
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameRegistrationResponse: // RFC 1002 §5.1.2.6: restart the timer
                NoteServerAnswered(incoming.Now, transaction);
                Grant(incoming.Now, transaction.Name, incoming.Packet.Record.TimeToLive, _options.Dialect.Timing.RefreshDivisor);
                EndStep(incoming.Now, transaction, StepOutcomes.Success, incoming.Source.Address);
                return true;
            case NbnsMessageKind.NegativeNameRegistrationResponse or NbnsMessageKind.NameConflictDemand:
                NoteServerAnswered(incoming.Now, transaction);
                EndStep(incoming.Now, transaction, StepOutcomes.Refusal, incoming.Source.Address, incoming.Packet.Rcode);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                NoteServerAnswered(incoming.Now, transaction);
                Wait(incoming, transaction);
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
        Close(transaction);
        if (Find(transaction.Name) is not (>= 0 and var index))
            return;
        ref var row = ref _names[index];
        bool isClaim = transaction.Phase is TransactionPhase.ServerClaim or TransactionPhase.Challenge or TransactionPhase.ServerUpdate;
        switch (outcome)
        {
            case StepOutcomes.Success when isClaim:
                NoteRegistered(now, ref row, PlanMeans.NameServer);
                break;
            case StepOutcomes.Refusal: // RFC 1002 §5.1.2.6: the name is another's now
                MarkConflict(index, transaction.Interface);
                if (_options.Dialect.LogsRefusedRefresh)
                {
                    Log(NetBtEvent.DuplicateName(now, responder, row.Name) with
                    {
                        Reason = new NetBtEventReason(
                            EndNodeRules.RefreshRefused, new Ipv4Endpoint(responder, _options.NameServicePort), transaction.TransactionId, ByBroadcast: false),
                    });
                }

                break;
            case StepOutcomes.Silence: // RFC 1002 §5.1.2.6: the name stays, and is offered again later
                if (isClaim)
                    row.Flags |= LocalNameFlags.MissedByNameServer;
                if (!transaction.Has(TransactionFlags.SwitchBack) || row.RefreshAt == Instant.MaxValue) // a primary that stays away changes nothing
                    RetryRefresh(now, ref row);
                break;
        }

        if (isClaim && FindOwner(row.Name) is null)
            SettleDebt(ref row);
    }

    private void RetryRefresh(Instant now, ref LocalName row)
    {
        if (row.State == LocalNameState.Conflict || !row.Has(LocalNameFlags.ByNameServer | LocalNameFlags.OwesNameServer | LocalNameFlags.MissedByNameServer))
            return;
        var wait = InitialRefreshInterval;
        if (row.TimeToLive != 0 && RefreshInterval(row.TimeToLive, _options.Dialect.Timing.RefreshDivisor) is var interval && interval < wait)
            wait = interval; // a name granted for less must not lapse meanwhile
        var at = now + wait;
        row.RefreshAt = at < row.RefreshAt ? at : row.RefreshAt;
    }
}
