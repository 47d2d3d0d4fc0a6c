using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>Giving names up (RFC 1002 §5.1.1.4, §5.1.2.4, §5.1.3.4).</summary>
internal static class Releasing
{
    public static OperationId Start(ref NodeState node, Instant now, NetBiosName name, ushort? transactionId)
    {
        var operation = node.Run.Next();
        int index = node.Names.Find(name);
        if (index < 0 || node.Names[index].State == LocalNameState.Releasing)
        {
            node.Say(now, NodeRules.NotHere, name);
            node.Report(now, operation, OperationKind.Release, name, OperationOutcome.NotHere);
            return operation;
        }

        bool serverHeard = CancelClaim(ref node, now, name);
        ref readonly var row = ref node.Names[index];
        bool claimed = row.State == LocalNameState.Registered || serverHeard || row.Has(LocalNameFlags.ByNameServer | LocalNameFlags.ByBroadcast); // on one interface at least
        if (!claimed || name.IsWildcard)
        {
            node.Say(now, NodeRules.RemovedSilently, name, isGroup: row.IsGroup);
            node.RemoveName(index);
            node.Report(now, operation, OperationKind.Release, name, OperationOutcome.Succeeded);
            return operation;
        }

        node.Names.SetState(index, LocalNameState.Releasing);
        node.Names.StopRefresh(index);
        var flags = row.IsGroup ? TransactionFlags.Group : TransactionFlags.None;
        bool open = false;
        bool firstOnly = node.Options.Dialect.ReleasesServerNameOnFirstAdapterOnly && !row.IsGroup && name == node.ComputerName.WithSuffix(NameSuffix.Server);
        for (int i = 0; i < (firstOnly ? 1 : node.Interfaces.Count); i++)
        {
            if (!row.IsInConflictOn(i) || node.Options.Dialect.ReleasesNameInConflict)
                open |= Steps.Open(ref node, operation, OperationKind.Release, name, flags, i == 0 ? transactionId : null, i) is not null;
        }

        if (!open)
        {
            node.Say(now, NodeRules.RemovedSilently, name, isGroup: row.IsGroup);
            node.RemoveName(index);
            node.Report(now, operation, OperationKind.Release, name, OperationOutcome.Succeeded);
            return operation;
        }

        for (int i = 0; i < node.Interfaces.Count; i++)
        {
            if (node.Transactions.OwnerOf(name, i) is { } transaction)
                Steps.Start(ref node, now, transaction);
        }

        return operation;
    }

    /// <summary>The NT 3.5 dialect's release of a user name that was refused at logon: see <see cref="NetBtDialect.ReleasesRefusedUserName"/>.</summary>
    public static void StartCleanup(ref NodeState node, Instant now, in NetBiosName name, ushort interfaces)
    {
        for (int i = 0; i < node.Interfaces.Count; i++)
        {
            if ((interfaces >> i & 1) != 0 && Steps.Open(ref node, default, OperationKind.Release, name, TransactionFlags.NotOurs | TransactionFlags.Silent, null, i) is { } transaction)
                Steps.Start(ref node, now, transaction);
        }
    }

    public static OperationId Correct(ref NodeState node, Instant now, in NetBiosName name, NbEntry wrong, ushort? transactionId)
    {
        var operation = node.Run.Next();
        if (!Running.IsRunning(ref node, now, operation, OperationKind.Release, name))
            return operation;
        node.Memory?.Cache.ForgetNode(wrong.Address);
        var flags = TransactionFlags.NotOurs | TransactionFlags.Withdrawal | (wrong.Flags.IsGroup ? TransactionFlags.Group : TransactionFlags.None);
        if (node.Transactions.OwnerOf(name) is { } ours && !ours.Has(TransactionFlags.NotOurs))
        {
            // What this node asks of the name server for itself settles who has the name (RFC 1001 §15.2.2, §15.5.2); a release beside it would be of our own claim.
            node.Say(now, NodeRules.Cancelled, name);
            node.Report(now, operation, OperationKind.Release, name, OperationOutcome.Cancelled);
        }
        else if (!node.Plan.Release.Any(static step => step.Means == PlanMeans.NameServer))
        {
            node.Say(now, NodeRules.NothingToCorrect, name);
            node.Report(now, operation, OperationKind.Release, name, OperationOutcome.NotAvailable);
        }
        else if (Steps.Open(ref node, operation, OperationKind.Release, name, flags, transactionId) is not { } correction)
        {
            node.Say(now, NodeRules.OutOfResources, name);
            node.Report(now, operation, OperationKind.Release, name, OperationOutcome.OutOfResources);
        }
        else
        {
            correction.FirstEntry = wrong;
            if (!ServerTurns.TryBegin(ref node, now, correction, TransactionPhase.ServerRelease))
                Steps.End(ref node, now, correction, StepOutcomes.Silence);
        }

        return operation;
    }

    /// <summary>The machine starts again before all names are released: they are forgotten, and claimed anew like any others.</summary>
    public static void Abandon(ref NodeState node, Instant now)
    {
        for (int i = node.Names.Count - 1; i >= 0; i--)
        {
            if (node.Names[i].State != LocalNameState.Releasing)
                continue;
            var name = node.Names[i].Name;
            node.Say(now, NodeRules.Cancelled, name);
            node.Report(now, Steps.CloseAll(ref node, name), OperationKind.Release, name, OperationOutcome.Cancelled);
            node.RemoveName(i);
        }
    }

    /// <summary>An answer to a release, which only a name server gives.</summary>
    public static bool OnAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (incoming.Source.Address != transaction.Target)
            return false;
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameReleaseResponse:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                Steps.End(ref node, now, transaction, StepOutcomes.Success, incoming.Source.Address);
                return true;
            case NbnsMessageKind.NegativeNameReleaseResponse:
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

    public static void Finish(ref NodeState node, Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder, NbnsRcode rcode)
    {
        node.Transactions.Close(transaction);
        int index = node.Names.Find(transaction.Name);
        if (transaction.Has(TransactionFlags.NotOurs))
            node.Report(now, transaction.Operation, OperationKind.Release, transaction.Name, OutcomeOf(outcome), responder, rcode);
        if (transaction.Has(TransactionFlags.NotOurs) || index < 0)
        {
            node.Say(now, transaction, NodeRules.ReleaseDone, responder);
            return;
        }

        if (transaction.Has(TransactionFlags.Reclaim))
        {
            node.Say(now, transaction, NodeRules.ClaimAgain, responder);
            Moving.ClaimAgain(ref node, now, transaction.Name, transaction.Interface);
            return;
        }

        ref readonly var row = ref node.Names[index];
        bool wasHeld = row.Has(LocalNameFlags.ByNameServer | LocalNameFlags.ByBroadcast); // rather than claimed when it was given up: what nobody has granted cannot stay
        bool stays = outcome == StepOutcomes.Refusal || (outcome == StepOutcomes.Silence && node.Options.Dialect.KeepsNameWhoseReleaseIsUnanswered);
        if (stays && wasHeld && node.Run.Shutdown == default && row.ConflictInterfaces == 0)
        {
            // RFC 1002 §5.1.2.4: the name server keeps it, so the node does
            node.Say(now, transaction, NodeRules.ReleaseRefused, responder);
            node.Names.SetState(index, LocalNameState.Registered);
            Renewing.Grant(ref node, now, row.Name, row.TimeToLive, isFirst: false);
            Steps.CloseAll(ref node, row.Name);
            node.Report(now, transaction.Operation, OperationKind.Release, transaction.Name, OutcomeOf(outcome), responder, rcode);
            return;
        }

        if (node.Transactions.OwnerOf(transaction.Name) is not null)
        {
            node.Say(now, transaction, NodeRules.ReleaseDone, responder); // another interface is not done yet
            return;
        }

        node.Say(now, transaction, NodeRules.Released, responder);
        node.RemoveName(index);
        node.Report(
            now, transaction.Operation, OperationKind.Release, transaction.Name,
            outcome == StepOutcomes.Silence ? OperationOutcome.NoAnswer : OperationOutcome.Succeeded, responder);
    }

    private static OperationOutcome OutcomeOf(StepOutcomes outcome) => outcome switch
    {
        StepOutcomes.Refusal => OperationOutcome.Refused,
        StepOutcomes.Silence => OperationOutcome.NoAnswer,
        _ => OperationOutcome.Succeeded,
    };

    /// <summary>Puts an end to a claim that goes on.</summary>
    /// <returns>Whether a name server may have heard of it.</returns>
    public static bool CancelClaim(ref NodeState node, Instant now, in NetBiosName name)
    {
        bool serverHeard = false;
        OperationId operation = default;
        while (node.Transactions.OwnerOf(name) is { } transaction)
        {
            serverHeard |= transaction.Has(TransactionFlags.Granted) || transaction.Phase is TransactionPhase.ServerClaim or TransactionPhase.ServerUpdate;
            if (transaction.Kind == OperationKind.Registration)
                operation = transaction.Operation;
            else
                node.Report(now, transaction.Operation, transaction.Kind, name, OperationOutcome.Cancelled);
            node.Transactions.Close(transaction);
        }

        if (operation != default)
        {
            node.Say(now, NodeRules.Cancelled, name);
            node.Report(now, operation, OperationKind.Registration, name, OperationOutcome.Cancelled);
        }

        return serverHeard;
    }
}
