using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
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
        bool isGroup = flags.HasFlag(TransactionFlags.Group);
        if (Find(name) is >= 0 and var waiting && _names[waiting].State == LocalNameState.Registering && FindOwner(name) is null)
            RemoveRow(waiting); // its name server was silent the last time: it is asked now
        if (Find(name) is >= 0 and var index)
        {
            // RFC 1001 §15.1.3.5, MS-NBTE §3.1.4.1: a name in conflict cannot be registered; nothing is sent
            Report(now, operation, OperationKind.Registration, name, _names[index].ConflictInterfaces != 0 ? OperationOutcome.NameConflict : OperationOutcome.AlreadyHere);
            return operation;
        }

        CloseAll(name); // the releases of a name that we did not get the last time
        if (_nameCount >= EndNodeOptions.MaxNames)
        {
            Report(now, operation, OperationKind.Registration, name, OperationOutcome.OutOfResources);
            return operation;
        }

        if (name.IsWildcard) // MS-NBTE §3.1.4.1: added to the table, never registered
        {
            AddRow(name, isGroup, LocalNameState.Registered);
            Report(now, operation, OperationKind.Registration, name, OperationOutcome.Succeeded);
            return operation;
        }

        AddRow(name, isGroup, LocalNameState.Registering);
        for (int i = 0; i < InterfaceCount; i++)
        {
            if (Open(operation, OperationKind.Registration, name, flags, i == 0 ? transactionId : null, i) is null)
            {
                CloseAll(name);
                RemoveRow(Find(name));
                Report(now, operation, OperationKind.Registration, name, OperationOutcome.OutOfResources);
                return operation;
            }
        }

        for (int i = 0; i < InterfaceCount; i++)
        {
            if (FindOwner(name, i) is { } transaction)
                StartStep(now, transaction);
        }

        return operation;
    }

    /// <summary>An answer to a claim.</summary>
    private bool OnClaimAnswer(in Incoming incoming, NodeTransaction transaction, Messages.NbnsMessageKind kind)
    {
        var packet = incoming.Packet;
        if (transaction.Phase is TransactionPhase.BroadcastClaim or TransactionPhase.ClaimWatch
            || (incoming.Source.Address != transaction.Target && incoming.Now < transaction.ClaimUntil)) // an M node that asks its name server by now
        {
            // RFC 1002 §5.1.1.1: only objections count; POSITIVE responses and challenges are ignored.
            if (kind is not (Messages.NbnsMessageKind.NegativeNameRegistrationResponse or Messages.NbnsMessageKind.NameConflictDemand))
                return false;
            EndStep(incoming.Now, transaction, StepOutcomes.Refusal, incoming.Source.Address, packet.Rcode);
            return true;
        }

        if (incoming.Source.Address != transaction.Target)
            return false;
        switch (kind)
        {
            case Messages.NbnsMessageKind.PositiveNameRegistrationResponse: // RFC 1002 §5.1.2.1: the name is ours for the granted time
                NoteServerAnswered(incoming.Now, transaction);
                Grant(incoming.Now, transaction.Name, packet.Record.TimeToLive, _options.Dialect.Timing.FirstRefreshDivisor);
                EndStep(incoming.Now, transaction, StepOutcomes.Success, incoming.Source.Address);
                return true;
            case Messages.NbnsMessageKind.NegativeNameRegistrationResponse or Messages.NbnsMessageKind.NameConflictDemand:
                NoteServerAnswered(incoming.Now, transaction);
                EndStep(incoming.Now, transaction, StepOutcomes.Refusal, incoming.Source.Address, packet.Rcode);
                return true;
            case Messages.NbnsMessageKind.EndNodeChallengeNameRegistrationResponse when transaction.Phase == TransactionPhase.ServerClaim:
                NoteServerAnswered(incoming.Now, transaction);
                StartChallenge(incoming.Now, transaction, packet.Record.FirstEntry.Address);
                return true;
            case Messages.NbnsMessageKind.WaitForAcknowledgementResponse:
                NoteServerAnswered(incoming.Now, transaction);
                Wait(incoming, transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A claim ended on its interface; when it has on all of them, the name is held or not.</summary>
    private void FinishRegistration(Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder, NbnsRcode rcode)
    {
        Close(transaction);
        int index = Find(transaction.Name);
        if (index < 0)
            return;
        ref var row = ref _names[index];
        if (outcome == StepOutcomes.Success)
        {
            SetConflictInterfaces(ref row, row.ConflictInterfaces & ~(1 << transaction.Interface)); // MS-NBTE §3.1.7: registered again, the conflict is over
            NoteRegistered(now, ref row, _plan.Registration[transaction.Step].Means);
        }
        else if (outcome == StepOutcomes.Refusal)
            OnRefused(now, ref row, transaction, responder);
        else if (row.Has(LocalNameFlags.ByNameServer)) // claimed again for a new address: the name server will hear of it later
        {
            row.Flags |= LocalNameFlags.MissedByNameServer;
            RetryRefresh(now, ref row);
        }
        else if (KeepsTrying(row, transaction))
        {
            row.Flags |= LocalNameFlags.MissedByNameServer;
            row.RefreshAt = now + InitialRefreshInterval;
        }

        if (outcome != StepOutcomes.Refusal && transaction.FirstResponder != default)
            (responder, rcode) = (transaction.FirstResponder, transaction.FirstRcode); // who refused it on another interface decides
        if (FindOwner(transaction.Name) is { } other)
        {
            if (outcome == StepOutcomes.Refusal || transaction.FirstResponder != default)
                (other.FirstResponder, other.FirstRcode) = (responder, rcode);
            return;
        }

        SettleDebt(ref row);

        // MS-NBTE §3.1.4.1: a name that some interface holds stays, marked where it was refused; one that none holds was never there (§4.1).
        bool held = row.Has(LocalNameFlags.ByBroadcast | LocalNameFlags.ByNameServer);
        ushort refusedOn = row.ConflictInterfaces;
        bool refused = refusedOn != 0;
        var result = refused ? OperationOutcome.Refused : held ? OperationOutcome.Succeeded : OperationOutcome.NoAnswer;
        if (held || (refused && _options.Dialect.KeepsRefusedNameInConflict))
        {
            SetState(ref row, row.ConflictInterfaces == AllInterfaces ? LocalNameState.Conflict : LocalNameState.Registered);
            row.RefreshAt = row.State == LocalNameState.Registered ? row.RefreshAt : Instant.MaxValue;
        }
        else if (refused || !row.Has(LocalNameFlags.OwesNameServer)) // else it is claimed again later
            RemoveRow(index);

        if (!transaction.Has(TransactionFlags.Silent))
            Report(now, transaction.Operation, OperationKind.Registration, transaction.Name, result, responder, rcode);
        if (refused && !held && transaction.Has(TransactionFlags.User) && _options.Dialect.ReleasesRefusedUserName)
            StartCleanupRelease(now, transaction.Name, refusedOn);
        if (refused && transaction.Has(TransactionFlags.Boot) && transaction.Name == ComputerName)
            EndBoot(now, result); // Q97491: without its own name a computer starts no service that needs one
    }

    /// <summary>Whether a claim that a name server had to answer, and did not, is made again: see <see cref="NetBtDialect.KeepsTryingNameServer"/>.</summary>
    private bool KeepsTrying(in LocalName row, NodeTransaction transaction) =>
        _plan.Registration[^1].Means == PlanMeans.NameServer && !_options.NameServers.IsEmpty
        && (_options.Dialect.KeepsTryingNameServer || transaction.Has(TransactionFlags.Boot) || row.Has(LocalNameFlags.OwesNameServer));

    private void NoteRegistered(Instant now, ref LocalName row, PlanMeans means)
    {
        if (means == PlanMeans.NameServer)
        {
            row.Flags |= LocalNameFlags.ByNameServer;
            _counters.RegisteredByNameServer++;
            return;
        }

        row.Flags |= LocalNameFlags.ByBroadcast;
        _counters.RegisteredByBroadcast++;
        if (_plan.RetriesNameServer && !_options.NameServers.IsEmpty)
        {
            row.Flags |= LocalNameFlags.MissedByNameServer;
            row.RefreshAt = now + InitialRefreshInterval; // InitialRefreshT.O.: the name server is tried again every eighth of it
        }
    }

    /// <summary>Every interface's claim has ended: where the name server missed one, the name has to be claimed there again, not refreshed.</summary>
    private static void SettleDebt(ref LocalName row) => row.Flags = row.Has(LocalNameFlags.MissedByNameServer)
        ? (row.Flags | LocalNameFlags.OwesNameServer) & ~LocalNameFlags.MissedByNameServer
        : row.Flags & ~LocalNameFlags.OwesNameServer;

    private void OnRefused(Instant now, ref LocalName row, NodeTransaction transaction, Ipv4Address responder)
    {
        SetConflictInterfaces(ref row, row.ConflictInterfaces | 1 << transaction.Interface);
        if (_options.Dialect.LogsRefusedRegistration)
        {
            Log(NetBtEvent.DuplicateNameError(now, responder, row.Name, GetInterface(transaction.Interface).Address) with
            {
                Reason = new NetBtEventReason(EndNodeRules.RegistrationRefused, new Ipv4Endpoint(responder, _options.NameServicePort), transaction.TransactionId, ByBroadcast: false),
            });
        }
    }

    private ushort AllInterfaces => (ushort)((1 << InterfaceCount) - 1);

    /// <summary>Ends whatever runs for a name.</summary>
    /// <returns>The command it was for.</returns>
    private OperationId CloseAll(in NetBiosName name)
    {
        OperationId operation = default;
        while (FindOwner(name) is { } transaction)
        {
            operation = transaction.Operation;
            Close(transaction);
        }

        return operation;
    }

    private NodeTransaction? FindOwner(in NetBiosName name, int interfaceIndex)
    {
        for (var transaction = _transactions; transaction is not null; transaction = transaction.Next)
        {
            if (transaction.Interface == interfaceIndex && transaction.Kind is not (OperationKind.Query or OperationKind.NodeStatus) && transaction.Name == name)
                return transaction;
        }

        return null;
    }
}
