using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>Claiming names: RFC 1002 §5.1.1.1, §5.1.2.1, §5.1.3.1; one transaction for each interface (MS-NBTE §3.1.4.1).</content>
public sealed partial class EndNode
{
    private OperationId StartRegistration(Instant now, NetBiosName name, TransactionFlags flags, ushort? transactionId)
    {
        var operation = NextOperation();
        if (!IsRunning(now, operation, OperationKind.Registration, name))
            return operation;
        if (name.IsWildcard && !_options.Dialect.TakesAsteriskNames) // RFC 1001 §17.2
        {
            Say(now, NodeRules.WildcardRefused, name);
            Report(now, operation, OperationKind.Registration, name, OperationOutcome.IllegalName);
            return operation;
        }

        bool isGroup = flags.HasFlag(TransactionFlags.Group);
        if (_names.Find(name) is >= 0 and var waiting && _names[waiting].State == LocalNameState.Registering && _transactions.OwnerOf(name) is null)
            RemoveRow(waiting); // its name server was silent the last time: it is asked now
        if (_names.Find(name) is >= 0 and var index)
        {
            // RFC 1001 §15.1.3.5, MS-NBTE §3.1.4.1: a name in conflict cannot be registered; nothing is sent
            Say(now, _names[index].ConflictInterfaces != 0 ? NodeRules.NameInConflict : NodeRules.AlreadyHere, name, isGroup: isGroup);
            Report(now, operation, OperationKind.Registration, name, _names[index].ConflictInterfaces != 0 ? OperationOutcome.NameConflict : OperationOutcome.AlreadyHere);
            return operation;
        }

        Report(now, CloseAll(name), OperationKind.Release, name, OperationOutcome.Cancelled); // the release of a name that we did not get the last time, or of somebody else's
        if (_names.Count >= EndNodeOptions.MaxNames)
        {
            Say(now, NodeRules.OutOfResources, name, isGroup: isGroup);
            Report(now, operation, OperationKind.Registration, name, OperationOutcome.OutOfResources);
            return operation;
        }

        if (name.IsWildcard) // MS-NBTE §3.1.4.1: added to the table, never registered
        {
            _names.Add(name, isGroup, LocalNameState.Registered);
            Say(now, NodeRules.WildcardAdded, name, isGroup: isGroup);
            Report(now, operation, OperationKind.Registration, name, OperationOutcome.Succeeded);
            return operation;
        }

        _names.Add(name, isGroup, LocalNameState.Registering);
        for (int i = 0; i < _interfaces.Count; i++)
        {
            if (Open(operation, OperationKind.Registration, name, flags, i == 0 ? transactionId : null, i) is null)
            {
                CloseAll(name);
                RemoveRow(_names.Find(name));
                Say(now, NodeRules.OutOfResources, name, isGroup: isGroup);
                Report(now, operation, OperationKind.Registration, name, OperationOutcome.OutOfResources);
                return operation;
            }
        }

        for (int i = 0; i < _interfaces.Count; i++)
        {
            if (_transactions.OwnerOf(name, i) is { } transaction)
                StartStep(now, transaction);
        }

        return operation;
    }

    /// <summary>
    /// Whether an answer objects to a broadcast claim, in time. RFC 1002 §5.1.1.1: nothing else counts, POSITIVE responses and challenges are ignored. An M node
    /// may ask its name server by then, the owner that this names, or have its word already: an objection of the segment counts as long (RFC 1001 §15.2.1, §15.2.3).
    /// </summary>
    private static bool IsObjection(Instant now, in Datagram incoming, NodeTransaction transaction, Messages.NbnsMessageKind kind) =>
        kind is Messages.NbnsMessageKind.NegativeNameRegistrationResponse or Messages.NbnsMessageKind.NameConflictDemand
        && (transaction.Phase is TransactionPhase.BroadcastClaim or TransactionPhase.ClaimWatch
            || (now < transaction.ClaimUntil && incoming.Source.Address != transaction.Server));

    private void OnObjection(Instant now, in Datagram incoming, NodeTransaction claim)
    {
        Say(now, claim, NodeRules.ClaimRefused, incoming.Source.Address);
        bool serverMayGrant = claim.Has(TransactionFlags.Granted) || claim.Phase is TransactionPhase.ServerClaim or TransactionPhase.ServerUpdate;
        EndStep(now, claim, StepOutcomes.Refusal, incoming.Source.Address, incoming.Packet.Rcode);
        if (serverMayGrant && _options.Dialect.ReleasesClaimTheSegmentRefused)
            Withdraw(now, claim);
    }

    /// <summary>
    /// The segment refused what the name server has granted, or may grant yet: that is released there, see <see cref="Protocol.NetBtDialect.ReleasesClaimTheSegmentRefused"/>.
    /// Never before it is granted: until then the entry may be another's, and a non-secured name server would drop it (RFC 1002 §5.1.4.1).
    /// </summary>
    private void Withdraw(Instant now, NodeTransaction claim)
    {
        var flags = TransactionFlags.NotOurs | TransactionFlags.Silent | TransactionFlags.Withdrawal | (claim.Flags & TransactionFlags.Group);
        bool granted = claim.Has(TransactionFlags.Granted);
        if (Open(default, OperationKind.Release, claim.Name, flags, granted ? null : claim.TransactionId, claim.Interface) is not { } release)
            return;
        release.Target = release.Server = claim.Server;
        if (granted)
        {
            Begin(now, release, TransactionPhase.ServerRelease);
            return;
        }

        release.Decision = Teller?.Last ?? 0;
        release.Phase = TransactionPhase.ClaimWithdrawn;
        release.Deadline = claim.Deadline + (claim.TriesLeft * _options.Dialect.Timing.NameServerRetryTimeout); // as long as the claim would have waited
    }

    /// <summary>The name server's answer to a claim that the segment has refused by now.</summary>
    private bool OnWithdrawnAnswer(Instant now, in Datagram incoming, NodeTransaction release, Messages.NbnsMessageKind kind)
    {
        if (incoming.Source.Address != release.Target)
            return false;
        switch (kind)
        {
            case Messages.NbnsMessageKind.PositiveNameRegistrationResponse:
                Say(now, release, NodeRules.ClaimWithdrawn, incoming.Source.Address);
                release.TransactionId = _transactions.NewId(ref _random);
                Begin(now, release, TransactionPhase.ServerRelease);
                return true;
            case Messages.NbnsMessageKind.WaitForAcknowledgementResponse:
                Wait(now, incoming, release);
                return true;
            case Messages.NbnsMessageKind.NegativeNameRegistrationResponse or Messages.NbnsMessageKind.NameConflictDemand
                or Messages.NbnsMessageKind.EndNodeChallengeNameRegistrationResponse:
                Say(now, release, NodeRules.NothingToWithdraw, incoming.Source.Address);
                _transactions.Close(release);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The name server agrees: the name is ours, once CONFLICT_TIMER has run for the segment too ("only if both name claims were successful", RFC 1001 §15.2.3).</summary>
    private void OnGranted(Instant now, NodeTransaction transaction)
    {
        if (now >= transaction.ClaimUntil)
        {
            EndStep(now, transaction, StepOutcomes.Success, transaction.Server);
            return;
        }

        transaction.Flags |= TransactionFlags.Granted;
        Say(now, transaction, NodeRules.ClaimWatched);
        Watch(transaction);
    }

    private static void Watch(NodeTransaction claim)
    {
        claim.Phase = TransactionPhase.ClaimWatch;
        claim.TriesLeft = 0;
        claim.Deadline = claim.ClaimUntil;
    }

    /// <summary>An answer to a claim.</summary>
    private bool OnClaimAnswer(Instant now, in Datagram incoming, NodeTransaction transaction, Messages.NbnsMessageKind kind)
    {
        var packet = incoming.Packet;
        if (incoming.Source.Address != transaction.Target)
            return false;
        switch (kind)
        {
            case Messages.NbnsMessageKind.PositiveNameRegistrationResponse: // RFC 1002 §5.1.2.1: the name is ours for the granted time
                NoteServerAnswered(now, transaction);
                Say(now, transaction, NodeRules.ServerGranted, incoming.Source.Address, packet.Record.FirstEntry.Address);
                Grant(now, transaction.Name, packet.Record.TimeToLive.Seconds, isFirst: true);
                OnGranted(now, transaction);
                return true;
            case Messages.NbnsMessageKind.NegativeNameRegistrationResponse or Messages.NbnsMessageKind.NameConflictDemand:
                NoteServerAnswered(now, transaction);
                Say(now, transaction, NodeRules.ClaimRefused, incoming.Source.Address);
                EndStep(now, transaction, StepOutcomes.Refusal, incoming.Source.Address, packet.Rcode);
                return true;
            case Messages.NbnsMessageKind.EndNodeChallengeNameRegistrationResponse when transaction.Phase == TransactionPhase.ServerClaim:
                NoteServerAnswered(now, transaction);
                StartChallenge(now, transaction, packet.Record.FirstEntry.Address);
                return true;
            case Messages.NbnsMessageKind.WaitForAcknowledgementResponse:
                NoteServerAnswered(now, transaction);
                Wait(now, incoming, transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A claim ended on its interface; when it has on all of them, the name is held or not.</summary>
    private void FinishRegistration(Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder, NbnsRcode rcode)
    {
        _transactions.Close(transaction);
        int index = _names.Find(transaction.Name);
        if (index < 0)
        {
            Say(now, transaction, NodeRules.Cancelled);
            return;
        }

        ref readonly var row = ref _names[index];
        if (outcome == StepOutcomes.Success)
        {
            if (_plan.Registration[transaction.Step].Means == PlanMeans.Broadcast)
                Say(now, transaction, transaction.IsGroup ? NodeRules.GroupJoinedUnopposed : NodeRules.NobodyObjected);
            _names.Unmark(index, transaction.Interface); // MS-NBTE §3.1.7: registered again, the conflict is over
            NoteRegistered(now, index, transaction.Interface, _plan.Registration[transaction.Step].Means);
        }
        else if (outcome == StepOutcomes.Refusal)
            OnRefused(now, index, transaction, responder, rcode);
        else if (_options.Dialect.UnansweredReclaimIsConflict && transaction.Has(TransactionFlags.Silent) && row.Has(LocalNameFlags.ByNameServer | LocalNameFlags.ByBroadcast))
        {
            Say(now, transaction, NodeRules.UnansweredReclaim);
            _names.Mark(index, transaction.Interface);
        }
        else if (row.Has(LocalNameFlags.ByNameServer) || KeepsTrying(row, transaction)) // held elsewhere, or claimed again for a new address: the name server will hear of it later
        {
            Say(now, transaction, NodeRules.KeepsTrying);
            NoteMissed(now, index, transaction.Interface, isClaim: true);
        }
        else
            Say(now, transaction, NodeRules.ServerSilent);

        if (outcome != StepOutcomes.Refusal && transaction.FirstResponder != default)
            (responder, rcode) = (transaction.FirstResponder, transaction.FirstRcode); // who refused it on another interface decides
        if (_transactions.OwnerOf(transaction.Name) is { } other)
        {
            if (outcome == StepOutcomes.Refusal || transaction.FirstResponder != default)
                (other.FirstResponder, other.FirstRcode) = (responder, rcode);
            return;
        }

        SettleDebt(index);

        // MS-NBTE §3.1.4.1: a name that some interface holds stays, marked where it was refused; one that none holds was never there (§4.1).
        bool held = row.Has(LocalNameFlags.ByBroadcast | LocalNameFlags.ByNameServer);
        ushort refusedOn = row.ConflictInterfaces;
        bool refused = refusedOn != 0;
        var result = refused ? OperationOutcome.Refused : held ? OperationOutcome.Succeeded : OperationOutcome.NoAnswer;
        if (held || (refused && _options.Dialect.KeepsRefusedNameInConflict))
        {
            if (refused)
                Say(now, transaction, held ? NodeRules.HeldInPart : NodeRules.RefusedKept, responder);
            _names.SetState(index, row.ConflictInterfaces == _interfaces.All ? LocalNameState.Conflict : LocalNameState.Registered);
            if (row.State != LocalNameState.Registered)
                _names.StopRefresh(index);
        }
        else if (refused || !row.Has(LocalNameFlags.OwesNameServer)) // else it is claimed again later
            RemoveRow(index);

        if (!transaction.Has(TransactionFlags.Silent))
            Report(now, transaction.Operation, OperationKind.Registration, transaction.Name, result, responder, rcode);
        if (refused && !held && transaction.Has(TransactionFlags.User))
        {
            if (_options.Dialect.ReleasesRefusedUserName)
                StartCleanupRelease(now, transaction.Name, refusedOn);
            else
                Say(now, transaction, NodeRules.RefusedUserNameLeft, responder);
        }

        if (refused && transaction.Has(TransactionFlags.Boot) && transaction.Name == ComputerName)
        {
            Say(now, transaction, NodeRules.BootRefused, responder);
            EndBoot(now, result); // Q97491: without its own name a computer starts no service that needs one
        }
    }

    /// <summary>Whether a claim that a name server had to answer, and did not, is made again: see <see cref="NetBtDialect.KeepsTryingNameServer"/>.</summary>
    private bool KeepsTrying(in LocalName row, NodeTransaction transaction) =>
        _plan.Registration[^1].Means == PlanMeans.NameServer && !_options.NameServers.IsEmpty
        && (_options.Dialect.KeepsTryingNameServer || transaction.Has(TransactionFlags.Boot) || row.Has(LocalNameFlags.OwesNameServer));

    private void NoteRegistered(Instant now, int index, int interfaceIndex, PlanMeans means)
    {
        _memory?.Debts.Settle(_names[index].Name, 1 << interfaceIndex);
        if (means == PlanMeans.NameServer)
        {
            _names.SetFlags(index, LocalNameFlags.ByNameServer);
            _counters.RegisteredByNameServer++;
            return;
        }

        _names.SetFlags(index, LocalNameFlags.ByBroadcast);
        _counters.RegisteredByBroadcast++;
        if (_plan.RetriesNameServer && !_options.NameServers.IsEmpty)
            NoteMissed(now, index, interfaceIndex, isClaim: true); // InitialRefreshT.O.: the name server is tried again every eighth of it
    }

    private void OnRefused(Instant now, int index, NodeTransaction transaction, Ipv4Address responder, NbnsRcode rcode)
    {
        var name = _names[index].Name;
        _names.Mark(index, transaction.Interface);
        _memory?.Debts.Settle(name, 1 << transaction.Interface);
        if (_options.Dialect.LogsRefusedRegistration)
        {
            var rule = rcode is NbnsRcode.Success or NbnsRcode.ActiveError or NbnsRcode.ConflictError ? NodeRules.LogsRefusal : NodeRules.LogsError; // a conflict demand has CFT_ERR
            Log(
                NetBtEvent.DuplicateNameError(now, responder, name, _interfaces[transaction.Interface].Address) with
                {
                    Reason = new NetBtEventReason(rule, new Ipv4Endpoint(responder, _options.NameServicePort), transaction.TransactionId, ByBroadcast: false),
                },
                rule);
        }
    }

    /// <summary>Ends whatever runs for a name.</summary>
    /// <returns>The command it was for.</returns>
    private OperationId CloseAll(in NetBiosName name)
    {
        OperationId operation = default;
        while (_transactions.OwnerOf(name) is { } transaction)
        {
            operation = transaction.Operation;
            _transactions.Close(transaction);
        }

        return operation;
    }
}
