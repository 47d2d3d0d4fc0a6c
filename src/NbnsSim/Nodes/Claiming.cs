using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>Claiming names: RFC 1002 §5.1.1.1, §5.1.2.1, §5.1.3.1; one transaction for each interface (MS-NBTE §3.1.4.1).</summary>
internal static class Claiming
{
    public static OperationId Start(ref NodeState node, Instant now, NetBiosName name, TransactionFlags flags, ushort? transactionId)
    {
        var operation = node.Run.Next();
        if (!Running.IsRunning(ref node, now, operation, OperationKind.Registration, name))
            return operation;
        if (name.IsWildcard && !node.Options.Dialect.TakesAsteriskNames) // RFC 1001 §17.2
        {
            node.Say(now, NodeRules.WildcardRefused, name);
            node.Report(now, operation, OperationKind.Registration, name, OperationOutcome.IllegalName);
            return operation;
        }

        bool isGroup = flags.HasFlag(TransactionFlags.Group);
        if (node.Names.Find(name) is >= 0 and var waiting && node.Names[waiting].State == LocalNameState.Registering && node.Transactions.OwnerOf(name) is null)
            node.RemoveName(waiting); // its name server was silent the last time: it is asked now
        if (node.Names.Find(name) is >= 0 and var index)
        {
            // RFC 1001 §15.1.3.5, MS-NBTE §3.1.4.1: a name in conflict cannot be registered; nothing is sent
            node.Say(now, node.Names[index].ConflictInterfaces != 0 ? NodeRules.NameInConflict : NodeRules.AlreadyHere, name, isGroup: isGroup);
            node.Report(now, operation, OperationKind.Registration, name, node.Names[index].ConflictInterfaces != 0 ? OperationOutcome.NameConflict : OperationOutcome.AlreadyHere);
            return operation;
        }

        node.Report(now, Steps.CloseAll(ref node, name), OperationKind.Release, name, OperationOutcome.Cancelled); // the release of a name that we did not get the last time, or of somebody else's
        if (node.Names.Count >= EndNodeOptions.MaxNames)
        {
            node.Say(now, NodeRules.OutOfResources, name, isGroup: isGroup);
            node.Report(now, operation, OperationKind.Registration, name, OperationOutcome.OutOfResources);
            return operation;
        }

        if (name.IsWildcard) // MS-NBTE §3.1.4.1: added to the table, never registered
        {
            node.Names.Add(name, isGroup, LocalNameState.Registered);
            node.Say(now, NodeRules.WildcardAdded, name, isGroup: isGroup);
            node.Report(now, operation, OperationKind.Registration, name, OperationOutcome.Succeeded);
            return operation;
        }

        node.Names.Add(name, isGroup, LocalNameState.Registering);
        for (int i = 0; i < node.Interfaces.Count; i++)
        {
            if (Steps.Open(ref node, operation, OperationKind.Registration, name, flags, i == 0 ? transactionId : null, i) is null)
            {
                Steps.CloseAll(ref node, name);
                node.RemoveName(node.Names.Find(name));
                node.Say(now, NodeRules.OutOfResources, name, isGroup: isGroup);
                node.Report(now, operation, OperationKind.Registration, name, OperationOutcome.OutOfResources);
                return operation;
            }
        }

        for (int i = 0; i < node.Interfaces.Count; i++)
        {
            if (node.Transactions.OwnerOf(name, i) is not { } transaction)
                continue;
            Steps.Start(ref node, now, transaction);
            if (Steps.IsApart(ref node))
                StartAtServerToo(ref node, now, transaction);
        }

        return operation;
    }

    /// <summary>A claim with the name server beside that with the segment: <see cref="NetBtDialect.KeepsSegmentAndServerApart"/>.</summary>
    private static void StartAtServerToo(ref NodeState node, Instant now, NodeTransaction claim)
    {
        if (Steps.Open(ref node, claim.Operation, OperationKind.Registration, claim.Name, claim.Flags, null, claim.Interface) is not { } beside)
            return;
        beside.Step = (byte)(node.Plan.Registration.Length - 1);
        Steps.Start(ref node, now, beside);
    }

    /// <summary>
    /// Whether an answer objects to a broadcast claim, in time. RFC 1002 §5.1.1.1: nothing else counts, POSITIVE responses and challenges are ignored. An M node
    /// may ask its name server by then, the owner that this names, or have its word already: an objection of the segment counts as long (RFC 1001 §15.2.1, §15.2.3).
    /// </summary>
    public static bool IsObjection(Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind) =>
        kind is NbnsMessageKind.NegativeNameRegistrationResponse or NbnsMessageKind.NameConflictDemand
        && (transaction.Phase is TransactionPhase.BroadcastClaim or TransactionPhase.ClaimWatch
            || (now < transaction.ClaimUntil && incoming.Source.Address != transaction.Server));

    public static void OnObjection(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction claim)
    {
        node.Say(now, claim, NodeRules.ClaimRefused, incoming.Source.Address);
        bool serverMayGrant = claim.Has(TransactionFlags.Granted) || claim.Phase is TransactionPhase.ServerClaim or TransactionPhase.ServerUpdate;
        Steps.End(ref node, now, claim, StepOutcomes.Refusal, incoming.Source.Address, incoming.Packet.Rcode);
        if (serverMayGrant && node.Options.Dialect.ReleasesClaimTheSegmentRefused)
            Withdraw(ref node, now, claim);
    }

    /// <summary>
    /// The segment refused what the name server has granted, or may grant yet: that is released there, see <see cref="NetBtDialect.ReleasesClaimTheSegmentRefused"/>.
    /// Never before it is granted: until then the entry may be another's, and a non-secured name server would drop it (RFC 1002 §5.1.4.1).
    /// </summary>
    public static void Withdraw(ref NodeState node, Instant now, NodeTransaction claim)
    {
        var flags = TransactionFlags.NotOurs | TransactionFlags.Silent | TransactionFlags.Withdrawal | (claim.Flags & TransactionFlags.Group);
        bool granted = claim.Has(TransactionFlags.Granted);
        if (Steps.Open(ref node, default, OperationKind.Release, claim.Name, flags, granted ? null : claim.TransactionId, claim.Interface) is not { } release)
            return;
        release.Target = release.Server = claim.Server;
        if (granted)
        {
            Steps.Begin(ref node, now, release, TransactionPhase.ServerRelease);
            return;
        }

        release.Decision = node.Teller?.Last ?? 0;
        release.Phase = TransactionPhase.ClaimWithdrawn;
        release.Deadline = claim.Deadline + (claim.TriesLeft * node.Options.Dialect.Timing.NameServerRetryTimeout); // as long as the claim would have waited
    }

    /// <summary>The name server's answer to a claim that the segment has refused by now.</summary>
    public static bool OnWithdrawnAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction release, NbnsMessageKind kind)
    {
        if (incoming.Source.Address != release.Target)
            return false;
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameRegistrationResponse:
                node.Say(now, release, NodeRules.ClaimWithdrawn, incoming.Source.Address);
                release.TransactionId = node.Transactions.NewId(ref node.Random);
                Steps.Begin(ref node, now, release, TransactionPhase.ServerRelease);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                Steps.Wait(ref node, now, incoming, release);
                return true;
            case NbnsMessageKind.NegativeNameRegistrationResponse or NbnsMessageKind.NameConflictDemand
                or NbnsMessageKind.EndNodeChallengeNameRegistrationResponse:
                node.Say(now, release, NodeRules.NothingToWithdraw, incoming.Source.Address);
                node.Transactions.Close(release);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The name server agrees: the name is ours, once CONFLICT_TIMER has run for the segment too ("only if both name claims were successful", RFC 1001 §15.2.3).</summary>
    public static void OnGranted(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        if (now >= transaction.ClaimUntil)
        {
            Steps.End(ref node, now, transaction, StepOutcomes.Success, transaction.Server);
            return;
        }

        transaction.Flags |= TransactionFlags.Granted;
        node.Say(now, transaction, NodeRules.ClaimWatched);
        Watch(transaction);
    }

    public static void Watch(NodeTransaction claim)
    {
        claim.Phase = TransactionPhase.ClaimWatch;
        claim.TriesLeft = 0;
        claim.Deadline = claim.ClaimUntil;
    }

    /// <summary>An answer to a claim.</summary>
    public static bool OnAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        var packet = incoming.Packet;
        if (incoming.Source.Address != transaction.Target)
            return false;
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameRegistrationResponse: // RFC 1002 §5.1.2.1: the name is ours for the granted time
                ServerTurns.NoteAnswered(ref node, now, transaction);
                node.Say(now, transaction, NodeRules.ServerGranted, incoming.Source.Address, packet.Record.FirstEntry.Address);
                Renewing.Grant(ref node, now, transaction.Name, packet.Record.TimeToLive.Seconds, isFirst: true);
                OnGranted(ref node, now, transaction);
                return true;
            case NbnsMessageKind.NegativeNameRegistrationResponse or NbnsMessageKind.NameConflictDemand:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                node.Say(now, transaction, NodeRules.ClaimRefused, incoming.Source.Address);
                Steps.End(ref node, now, transaction, StepOutcomes.Refusal, incoming.Source.Address, packet.Rcode);
                return true;
            case NbnsMessageKind.EndNodeChallengeNameRegistrationResponse when transaction.Phase == TransactionPhase.ServerClaim:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                Challenging.Start(ref node, now, transaction, packet.Record.FirstEntry.Address);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                Steps.Wait(ref node, now, incoming, transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A claim ended on its interface; when it has on all of them, the name is held or not.</summary>
    public static void Finish(ref NodeState node, Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder, NbnsRcode rcode)
    {
        node.Transactions.Close(transaction);
        int index = node.Names.Find(transaction.Name); // it is there: whoever takes a name out of the table ends what runs for it
        ref readonly var row = ref node.Names[index];
        if (outcome == StepOutcomes.Success)
        {
            if (node.Plan.Registration[transaction.Step].Means == PlanMeans.Broadcast)
                node.Say(now, transaction, transaction.IsGroup ? NodeRules.GroupJoinedUnopposed : NodeRules.NobodyObjected);
            node.Names.Unmark(index, transaction.Interface); // MS-NBTE §3.1.7: registered again, the conflict is over
            NoteRegistered(ref node, now, index, transaction.Interface, node.Plan.Registration[transaction.Step].Means);
        }
        else if (outcome == StepOutcomes.Refusal)
            OnRefused(ref node, now, index, transaction, responder, rcode);
        else if (node.Options.Dialect.UnansweredReclaimIsConflict && transaction.Has(TransactionFlags.Silent) && row.Has(LocalNameFlags.ByNameServer | LocalNameFlags.ByBroadcast))
        {
            node.Say(now, transaction, NodeRules.UnansweredReclaim);
            node.Names.Mark(index, transaction.Interface);
        }
        else if (row.Has(LocalNameFlags.ByNameServer) || KeepsTrying(ref node, row, transaction)) // held elsewhere, or claimed again for a new address: the name server will hear of it later
        {
            node.Say(now, transaction, NodeRules.KeepsTrying);
            Debts.NoteMissed(ref node, now, index, transaction.Interface, isClaim: true);
        }
        else
            node.Say(now, transaction, NodeRules.ServerSilent);

        if (outcome != StepOutcomes.Refusal && transaction.FirstResponder != default)
            (responder, rcode) = (transaction.FirstResponder, transaction.FirstRcode); // who refused it on another interface decides
        if (node.Transactions.OwnerOf(transaction.Name) is { } other)
        {
            if (outcome == StepOutcomes.Refusal || transaction.FirstResponder != default)
                (other.FirstResponder, other.FirstRcode) = (responder, rcode);
            return;
        }

        Debts.Settle(ref node, index);

        // MS-NBTE §3.1.4.1: a name that some interface holds stays, marked where it was refused; one that none holds was never there (§4.1).
        bool held = row.Has(LocalNameFlags.ByBroadcast | LocalNameFlags.ByNameServer);
        ushort refusedOn = row.ConflictInterfaces;
        bool refused = refusedOn != 0;
        var result = refused ? OperationOutcome.Refused : held ? OperationOutcome.Succeeded : OperationOutcome.NoAnswer;
        if (held || (refused && node.Options.Dialect.KeepsRefusedNameInConflict))
        {
            if (refused)
                node.Say(now, transaction, held ? NodeRules.HeldInPart : NodeRules.RefusedKept, responder);
            node.Names.SetState(index, row.ConflictInterfaces == node.Interfaces.All ? LocalNameState.Conflict : LocalNameState.Registered);
            if (row.State != LocalNameState.Registered)
                node.Names.StopRefresh(index);
        }
        else if (refused || !row.Has(LocalNameFlags.OwesNameServer)) // else it is claimed again later
            node.RemoveName(index);

        if (!transaction.Has(TransactionFlags.Silent))
            node.Report(now, transaction.Operation, OperationKind.Registration, transaction.Name, result, responder, rcode);
        if (refused && !held && transaction.Has(TransactionFlags.User))
        {
            if (node.Options.Dialect.ReleasesRefusedUserName)
                Releasing.StartCleanup(ref node, now, transaction.Name, refusedOn);
            else
                node.Say(now, transaction, NodeRules.RefusedUserNameLeft, responder);
        }

        if (refused && transaction.Has(TransactionFlags.Boot) && transaction.Name == node.ComputerName)
        {
            node.Say(now, transaction, NodeRules.BootRefused, responder);
            Running.EndBoot(ref node, now, result); // Q97491: without its own name a computer starts no service that needs one
        }
    }

    /// <summary>Whether a claim that a name server had to answer, and did not, is made again: see <see cref="NetBtDialect.KeepsTryingNameServer"/>.</summary>
    private static bool KeepsTrying(ref NodeState node, in LocalName row, NodeTransaction transaction) =>
        node.Plan.Registration[^1].Means == PlanMeans.NameServer && !node.Options.NameServers.IsEmpty
        && (node.Options.Dialect.KeepsTryingNameServer || transaction.Has(TransactionFlags.Boot) || row.Has(LocalNameFlags.OwesNameServer));

    public static void NoteRegistered(ref NodeState node, Instant now, int index, int interfaceIndex, PlanMeans means)
    {
        node.Memory?.Debts.Settle(node.Names[index].Name, 1 << interfaceIndex);
        if (means == PlanMeans.NameServer)
        {
            node.Names.SetFlags(index, LocalNameFlags.ByNameServer);
            node.Counters.RegisteredByNameServer++;
            return;
        }

        node.Names.SetFlags(index, LocalNameFlags.ByBroadcast);
        node.Counters.RegisteredByBroadcast++;
        if (node.Plan.RetriesNameServer && !node.Options.NameServers.IsEmpty)
            Debts.NoteMissed(ref node, now, index, interfaceIndex, isClaim: true); // InitialRefreshT.O.: the name server is tried again every eighth of it
    }

    private static void OnRefused(ref NodeState node, Instant now, int index, NodeTransaction transaction, Ipv4Address responder, NbnsRcode rcode)
    {
        var name = node.Names[index].Name;
        node.Names.Mark(index, transaction.Interface);
        node.Memory?.Debts.Settle(name, 1 << transaction.Interface);
        if (node.Options.Dialect.LogsRefusedRegistration)
        {
            var rule = rcode is NbnsRcode.Success or NbnsRcode.ActiveError or NbnsRcode.ConflictError ? NodeRules.LogsRefusal : NodeRules.LogsError; // a conflict demand has CFT_ERR
            node.Log(
                NetBtEvent.DuplicateNameError(now, responder, name, node.Interfaces[transaction.Interface].Address) with
                {
                    Reason = new NetBtEventReason(rule, new Ipv4Endpoint(responder, node.Options.NameServicePort), transaction.TransactionId, ByBroadcast: false),
                },
                rule);
        }
    }
}
