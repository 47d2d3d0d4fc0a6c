using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>Giving names up (RFC 1002 §5.1.1.4, §5.1.2.4, §5.1.3.4), and being told to.</content>
public sealed partial class EndNode
{
    private OperationId StartRelease(Instant now, NetBiosName name, ushort? transactionId)
    {
        var operation = NextOperation();
        int index = _names.Find(name);
        if (index < 0 || _names[index].State == LocalNameState.Releasing)
        {
            Say(now, NodeRules.NotHere, name);
            Report(now, operation, OperationKind.Release, name, OperationOutcome.NotHere);
            return operation;
        }

        bool serverHeard = CancelRegistration(now, name);
        ref readonly var row = ref _names[index];
        bool claimed = row.State == LocalNameState.Registered || serverHeard || row.Has(LocalNameFlags.ByNameServer | LocalNameFlags.ByBroadcast); // on one interface at least
        if (!claimed || name.IsWildcard)
        {
            Say(now, NodeRules.RemovedSilently, name, isGroup: row.IsGroup);
            RemoveRow(index);
            Report(now, operation, OperationKind.Release, name, OperationOutcome.Succeeded);
            return operation;
        }

        _names.SetState(index, LocalNameState.Releasing);
        _names.StopRefresh(index);
        var flags = row.IsGroup ? TransactionFlags.Group : TransactionFlags.None;
        bool open = false;
        bool firstOnly = _options.Dialect.ReleasesServerNameOnFirstAdapterOnly && !row.IsGroup && name == ComputerName.WithSuffix(NameSuffix.Server);
        for (int i = 0; i < (firstOnly ? 1 : _interfaces.Count); i++)
        {
            if (!IsInConflict(row, i) || _options.Dialect.ReleasesNameInConflict)
                open |= Open(operation, OperationKind.Release, name, flags, i == 0 ? transactionId : null, i) is not null;
        }

        if (!open)
        {
            Say(now, NodeRules.RemovedSilently, name, isGroup: row.IsGroup);
            RemoveRow(index);
            Report(now, operation, OperationKind.Release, name, OperationOutcome.Succeeded);
            return operation;
        }

        for (int i = 0; i < _interfaces.Count; i++)
        {
            if (_transactions.OwnerOf(name, i) is { } transaction)
                StartStep(now, transaction);
        }

        return operation;
    }

    /// <summary>The NT 3.5 dialect's release of a user name that was refused at logon: see <see cref="NetBtDialect.ReleasesRefusedUserName"/>.</summary>
    private void StartCleanupRelease(Instant now, in NetBiosName name, ushort interfaces)
    {
        for (int i = 0; i < _interfaces.Count; i++)
        {
            if ((interfaces >> i & 1) != 0 && Open(default, OperationKind.Release, name, TransactionFlags.NotOurs | TransactionFlags.Silent, null, i) is { } transaction)
                StartStep(now, transaction);
        }
    }

    private OperationId StartCorrection(Instant now, in NetBiosName name, NbEntry wrong, ushort? transactionId)
    {
        var operation = NextOperation();
        if (!IsRunning(now, operation, OperationKind.Release, name))
            return operation;
        _memory?.Cache.ForgetNode(wrong.Address);
        var flags = TransactionFlags.NotOurs | TransactionFlags.Withdrawal | (wrong.Flags.IsGroup ? TransactionFlags.Group : TransactionFlags.None);
        if (_transactions.OwnerOf(name) is { } ours && !ours.Has(TransactionFlags.NotOurs))
        {
            // What this node asks of the name server for itself settles who has the name (RFC 1001 §15.2.2, §15.5.2); a release beside it would be of our own claim.
            Say(now, NodeRules.Cancelled, name);
            Report(now, operation, OperationKind.Release, name, OperationOutcome.Cancelled);
        }
        else if (!_plan.Release.Any(static step => step.Means == PlanMeans.NameServer))
        {
            Say(now, NodeRules.NothingToCorrect, name);
            Report(now, operation, OperationKind.Release, name, OperationOutcome.NotAvailable);
        }
        else if (Open(operation, OperationKind.Release, name, flags, transactionId) is not { } correction)
        {
            Say(now, NodeRules.OutOfResources, name);
            Report(now, operation, OperationKind.Release, name, OperationOutcome.OutOfResources);
        }
        else
        {
            correction.FirstEntry = wrong;
            if (!TryBeginWithServer(now, correction, TransactionPhase.ServerRelease))
                EndStep(now, correction, StepOutcomes.Silence);
        }

        return operation;
    }

    /// <summary>The machine starts again before all names are released: they are forgotten, and claimed anew like any others.</summary>
    private void AbandonReleases(Instant now)
    {
        for (int i = _names.Count - 1; i >= 0; i--)
        {
            if (_names[i].State != LocalNameState.Releasing)
                continue;
            var name = _names[i].Name;
            Say(now, NodeRules.Cancelled, name);
            Report(now, CloseAll(name), OperationKind.Release, name, OperationOutcome.Cancelled);
            RemoveRow(i);
        }
    }

    /// <summary>An answer to a release, which only a name server gives.</summary>
    private bool OnReleaseAnswer(Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (incoming.Source.Address != transaction.Target)
            return false;
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameReleaseResponse:
                NoteServerAnswered(now, transaction);
                EndStep(now, transaction, StepOutcomes.Success, incoming.Source.Address);
                return true;
            case NbnsMessageKind.NegativeNameReleaseResponse:
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

    private void FinishRelease(Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder, NbnsRcode rcode)
    {
        _transactions.Close(transaction);
        int index = _names.Find(transaction.Name);
        if (transaction.Has(TransactionFlags.NotOurs))
            Report(now, transaction.Operation, OperationKind.Release, transaction.Name, OutcomeOfRelease(outcome), responder, rcode);
        if (transaction.Has(TransactionFlags.NotOurs) || index < 0)
        {
            Say(now, transaction, NodeRules.ReleaseDone, responder);
            return;
        }

        if (transaction.Has(TransactionFlags.Reclaim))
        {
            Say(now, transaction, NodeRules.ClaimAgain, responder);
            StartClaimAgain(now, transaction.Name, transaction.Interface);
            return;
        }

        ref readonly var row = ref _names[index];
        bool stays = outcome == StepOutcomes.Refusal || (outcome == StepOutcomes.Silence && _options.Dialect.KeepsNameWhoseReleaseIsUnanswered);
        if (stays && _shutdownOperation == default && row.ConflictInterfaces == 0)
        {
            // RFC 1002 §5.1.2.4: the name server keeps it, so the node does
            Say(now, transaction, NodeRules.ReleaseRefused, responder);
            _names.SetState(index, LocalNameState.Registered);
            Grant(now, row.Name, row.TimeToLive, isFirst: false);
            CloseAll(row.Name);
            Report(now, transaction.Operation, OperationKind.Release, transaction.Name, OutcomeOfRelease(outcome), responder, rcode);
            return;
        }

        if (_transactions.OwnerOf(transaction.Name) is not null)
        {
            Say(now, transaction, NodeRules.ReleaseDone, responder); // another interface is not done yet
            return;
        }

        Say(now, transaction, NodeRules.Released, responder);
        RemoveRow(index);
        Report(
            now, transaction.Operation, OperationKind.Release, transaction.Name,
            outcome == StepOutcomes.Silence ? OperationOutcome.NoAnswer : OperationOutcome.Succeeded, responder);
    }

    private static OperationOutcome OutcomeOfRelease(StepOutcomes outcome) => outcome switch
    {
        StepOutcomes.Refusal => OperationOutcome.Refused,
        StepOutcomes.Silence => OperationOutcome.NoAnswer,
        _ => OperationOutcome.Succeeded,
    };

    /// <summary>Puts an end to a claim that goes on.</summary>
    /// <returns>Whether a name server may have heard of it.</returns>
    private bool CancelRegistration(Instant now, in NetBiosName name)
    {
        bool serverHeard = false;
        OperationId operation = default;
        while (_transactions.OwnerOf(name) is { } transaction)
        {
            serverHeard |= transaction.Has(TransactionFlags.Granted) || transaction.Phase is TransactionPhase.ServerClaim or TransactionPhase.ServerUpdate;
            if (transaction.Kind == OperationKind.Registration)
                operation = transaction.Operation;
            else
                Report(now, transaction.Operation, transaction.Kind, name, OperationOutcome.Cancelled);
            _transactions.Close(transaction);
        }

        if (operation != default)
        {
            Say(now, NodeRules.Cancelled, name);
            Report(now, operation, OperationKind.Registration, name, OperationOutcome.Cancelled);
        }

        return serverHeard;
    }

    /// <summary>Somebody sends a release of a name.</summary>
    private void OnRelease(Instant now, in Datagram incoming, int index, ulong high, ulong low)
    {
        bool forgot = _memory?.Cache.TryForget(high, low, incoming.Packet.Name) == true; // the cache must not lead to who left
        if (forgot)
            Say(now, incoming, NodeRules.ReleasePurgesCache);
        var entry = incoming.Packet.Record.FirstEntry;
        var situation = CaseOf(incoming, index);
        var rule = Defence.OnRelease(situation);
        if (!forgot || rule != NodeRules.NotOurs)
            Say(now, incoming, rule, entry.Address, situation.IsGroup);
        switch (rule.Kind)
        {
            case DecisionKind.Ignored:
                return;
            case DecisionKind.GaveUp: // RFC 1002 §5.1.2.5, §5.1.3.5: delete the name and inform the user; in conflict or not (RFC 1001 §15.5.3)
                var name = _names[index].Name;
                CloseAll(name);
                RemoveRow(index);
                Log(NetBtEvent.NameRelease(now, incoming.Source.Address, name) with { Reason = ReasonOf(incoming, rule) }, NodeRules.LogsRelease);
                break;
            case DecisionKind.Marked:
                MarkConflict(index, incoming.InterfaceIndex);
                if (!_options.Dialect.TakesUserNameReleaseSilently || _names[index].Name.Suffix != NameSuffix.Messenger)
                    Log(NetBtEvent.NameRelease(now, incoming.Source.Address, _names[index].Name) with { Reason = ReasonOf(incoming, rule) }, NodeRules.LogsRelease);
                break;
        }

        if (Defence.Answers(situation) && incoming.Packet.Name.TryGetName(out var released))
            Reply(incoming, OutgoingForm.Response, NbnsFlagWords.ReleaseResponse, released, entry: entry);
    }
}
