using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>Finding names (RFC 1002 §5.1.1.3, §5.1.2.3, §5.1.3.3), and noticing conflicts on the way (§5.1.1.5).</summary>
internal static class Resolving
{
    /// <summary>A name server does not know the name that is looked for.</summary>
    private static void OnNegativeAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction)
    {
        if (transaction.FirstRcode == default)
            (transaction.FirstResponder, transaction.FirstRcode) = (incoming.Source.Address, incoming.Packet.Rcode);
        var pause = node.Options.Dialect.Timing.NegativeAnswerPause;
        if (pause == TimeSpan.Zero || node.Options.NameServers.Length < 2)
        {
            OnUnknown(ref node, now, transaction);
            return;
        }

        node.Say(now, transaction, NodeRules.NegativePause, incoming.Source.Address);
        transaction.Phase = TransactionPhase.NegativePause; // Q219357
        transaction.TriesLeft = 0;
        transaction.Deadline = now + pause;
    }

    public static void OnUnknown(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        bool asksNext = node.Options.Dialect.AsksNextServerAfterNegative && transaction.FirstRcode == NbnsRcode.NameError; // Q137780
        if (!asksNext || !ServerTurns.TryNext(ref node, now, transaction))
            Steps.End(ref node, now, transaction, StepOutcomes.Refusal, transaction.FirstResponder, transaction.FirstRcode);
    }

    /// <summary>How often a query follows a redirect before it counts as unanswered; two name servers may point at each other.</summary>
    private const int MaxRedirects = 4;

    public static OperationId Start(ref NodeState node, Instant now, NetBiosName name, ushort? transactionId)
    {
        var operation = node.Run.Next();
        if (!Running.IsRunning(ref node, now, operation, OperationKind.Query, name) || transactionId is null && AnswerFromTables(ref node, now, operation, name))
            return operation;
        var policy = transactionId is null ? node.Options.Dialect.NameResolution : NameResolutionPolicy.Allowed; // a packet that was recorded has been sent, whatever the policy
        if (policy == NameResolutionPolicy.Disabled || policy == NameResolutionPolicy.DisabledOnPublicNetworks && node.Options.IsOnPublicNetwork)
        {
            node.Say(now, NodeRules.ResolutionDisabled, name);
            node.Report(now, operation, OperationKind.Query, name, OperationOutcome.NotAvailable);
            return operation;
        }

        if (Steps.Open(ref node, operation, OperationKind.Query, name, TransactionFlags.None, transactionId) is { } transaction)
        {
            if (policy == NameResolutionPolicy.LearningMode)
                LearnFirst(ref node, now, transaction);
            else
                Steps.Start(ref node, now, transaction);
            return operation;
        }

        node.Say(now, NodeRules.OutOfResources, name);
        node.Report(now, operation, OperationKind.Query, name, OperationOutcome.OutOfResources);
        return operation;
    }

    /// <summary>Waits for mDNS and LLMNR, which are outside this model: they are taken to fail.</summary>
    private static void LearnFirst(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        transaction.Phase = TransactionPhase.LearningPause;
        transaction.TriesLeft = 0;
        transaction.Deadline = now + node.Options.Dialect.Timing.LearningModeWait;
        node.Say(now, transaction, NodeRules.LearningMode);
    }

    /// <summary>Own names first, then the cache (Q119493).</summary>
    private static bool AnswerFromTables(ref NodeState node, Instant now, OperationId operation, in NetBiosName name)
    {
        int index = node.Names.Find(name);
        if (index >= 0 && node.Names[index].ConflictInterfaces != 0) // RFC 1001 §15.1.3.5
        {
            node.Say(now, NodeRules.NameInConflict, name);
            node.Report(now, operation, OperationKind.Query, name, OperationOutcome.NameConflict);
            return true;
        }

        if (index >= 0 && node.Names[index].State == LocalNameState.Registered)
        {
            node.Say(now, NodeRules.OwnName, name, node.Interfaces[0].Address, node.Names[index].IsGroup);
            var entries = ImmutableArray.CreateBuilder<NbEntry>(node.Interfaces.Count);
            for (int i = 0; i < node.Interfaces.Count; i++)
                entries.Add(node.OwnEntry(node.Names[index].IsGroup, i));
            node.Report(new OperationResult
            {
                Id = operation,
                Kind = OperationKind.Query,
                Name = name,
                CompletedAt = now,
                Source = AnswerSource.OwnName,
                Responder = node.Interfaces[0].Address,
                Entries = entries.MoveToImmutable(),
            });
            return true;
        }

        if (!node.Remembered.Cache.TryGet(name, now, out var cached))
            return false;
        node.Say(now, NodeRules.Cached, name, cached.Entry.Address, cached.Entry.Flags.IsGroup);
        node.Report(new OperationResult
        {
            Id = operation,
            Kind = OperationKind.Query,
            Name = name,
            CompletedAt = now,
            Source = AnswerSource.Cache,
            Entries = [cached.Entry],
        });
        return true;
    }

    public static bool OnAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (transaction.Phase == TransactionPhase.BroadcastQuery)
        {
            // RFC 1002 §5.1.1.3: the first positive answer is the answer; anything else is ignored.
            if (kind != NbnsMessageKind.PositiveNameQueryResponse) // which has an entry
                return false;
            OnFound(ref node, now, incoming, transaction, AnswerSource.Broadcast);
            transaction.FirstResponder = incoming.Source.Address;
            transaction.FirstEntry = incoming.Packet.Record.FirstEntry;
            transaction.Phase = TransactionPhase.ConflictWatch; // RFC 1002 §5.1.1.3: start CONFLICT_TIMER
            transaction.TriesLeft = 0;
            transaction.Deadline = now + node.Options.Dialect.Timing.ConflictTimeout;
            return true;
        }

        if (transaction.Phase == TransactionPhase.ConflictWatch)
            return kind == NbnsMessageKind.PositiveNameQueryResponse && OnFurtherAnswer(ref node, now, incoming, transaction);

        if (incoming.Source.Address != transaction.Target)
            return false;
        if (transaction.Phase == TransactionPhase.DirectedQuery)
            return OnDirectedAnswer(ref node, now, incoming, transaction, kind);
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameQueryResponse:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                OnFound(ref node, now, incoming, transaction, AnswerSource.NameServer);
                node.Transactions.Close(transaction);
                return true;
            case NbnsMessageKind.NegativeNameQueryResponse:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                OnNegativeAnswer(ref node, now, incoming, transaction);
                return true;
            case NbnsMessageKind.RedirectNameQueryResponse:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                FollowRedirect(ref node, now, incoming, transaction);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                ServerTurns.NoteAnswered(ref node, now, transaction);
                Steps.Wait(ref node, now, incoming, transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Asks one machine alone; own names and the cache are not looked at, for it is that machine's knowledge that is wanted.</summary>
    public static OperationId Ask(ref NodeState node, Instant now, NetBiosName name, Ipv4Address target, bool recursionDesired, ushort? transactionId)
    {
        var operation = node.Run.Next();
        if (!Running.IsRunning(ref node, now, operation, OperationKind.Query, name))
            return operation;
        if (Steps.Open(ref node, operation, OperationKind.Query, name, recursionDesired ? TransactionFlags.None : TransactionFlags.NoRecursion, transactionId) is { } transaction)
        {
            transaction.Target = target;
            Steps.Begin(ref node, now, transaction, TransactionPhase.DirectedQuery);
            return operation;
        }

        node.Say(now, NodeRules.OutOfResources, name);
        node.Report(now, operation, OperationKind.Query, name, OperationOutcome.OutOfResources);
        return operation;
    }

    private static bool OnDirectedAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameQueryResponse:
                OnFound(ref node, now, incoming, transaction, AnswerSource.NameServer);
                node.Transactions.Close(transaction);
                return true;
            case NbnsMessageKind.NegativeNameQueryResponse or NbnsMessageKind.RedirectNameQueryResponse: // it does not know; nobody else was to be asked
                node.Say(now, transaction, NodeRules.NotFound, incoming.Source.Address);
                node.Transactions.Close(transaction);
                node.Report(now, transaction.Operation, OperationKind.Query, transaction.Name, OperationOutcome.NotFound, incoming.Source.Address, incoming.Packet.Rcode);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                Steps.Wait(ref node, now, incoming, transaction); // RFC 1001 §13.1: any responder may ask for time
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// A further answer while CONFLICT_TIMER runs: if it is no duplicate of the first and either is unique, the node that sent it is told of
    /// the conflict, and the first never is (RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.5).
    /// </summary>
    private static bool OnFurtherAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction)
    {
        if (incoming.Source.Address == transaction.Server)
        {
            node.Say(now, transaction, NodeRules.SameAnswer, incoming.Source.Address);
            return true; // late, and no claimant: whoever it names may be long gone
        }

        var record = incoming.Packet.Record;
        var first = transaction.FirstEntry;
        bool duplicate = transaction.Name.IsWildcard; // '*' is everybody's
        for (int i = 0; i < record.EntryCount; i++) // RFC 1001 §13.1.1: "the same NetBIOS information", whoever sends it: a host may be heard in two ways
            duplicate |= record.GetEntry(i).Address == first.Address && record.GetEntry(i).Flags.IsGroup == first.Flags.IsGroup;
        if (duplicate || (first.Flags.IsGroup && record.FirstEntry.Flags.IsGroup))
        {
            node.Say(now, transaction, NodeRules.SameAnswer, incoming.Source.Address, record.FirstEntry.Address);
            return true;
        }

        node.Say(now, transaction, NodeRules.SecondOwner, incoming.Source.Address, record.FirstEntry.Address);

        // RFC 1002 §4.2.8: TTL 0, G clear, address 0.0.0.0, ONT the owner's (§4.2.1.3); to port 137 whatever port answered, since it is a demand (§5.1)
        node.Outbox.Enqueue(new OutgoingPacket
        {
            Form = OutgoingForm.Response,
            Name = transaction.Name,
            Destination = Sending.NodeEndpoint(ref node, incoming.Source.Address),
            TransactionId = transaction.TransactionId,
            Flags = NbnsFlagWords.ConflictDemand,
            Entry = new NbEntry(new NbFlags(false, record.FirstEntry.Flags.OwnerNodeType), default),
            Interface = (byte)incoming.InterfaceIndex,
            Decision = node.Teller?.Last ?? 0,
        });
        node.Memory?.Cache.TryForget(transaction.Name.High, transaction.Name.Low, incoming.Packet.Name);
        node.Memory?.Cache.ForgetNode(incoming.Source.Address); // RFC 1001 §15.1.8
        return true;
    }

    private static void FollowRedirect(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction)
    {
        Ipv4Address next = default;
        foreach (var record in incoming.Packet.Records)
        {
            if (record.Type == NbnsType.A && record.Data.Length == Ipv4Address.Size)
                next = Ipv4Address.Read(record.Data); // RFC 1002 §4.2.15 NSD_IP_ADDR
        }

        if (next == default || ++transaction.Redirects > MaxRedirects)
        {
            node.Say(now, transaction, NodeRules.RedirectInCircle, incoming.Source.Address, next);
            Steps.End(ref node, now, transaction, StepOutcomes.Silence);
            return;
        }

        node.Say(now, transaction, NodeRules.Redirected, incoming.Source.Address, next);
        transaction.Target = next; // RFC 1002 §5.1.2.3: ask there
        Steps.Begin(ref node, now, transaction, TransactionPhase.ServerQuery);
    }

    private static void OnFound(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction, AnswerSource source)
    {
        var record = incoming.Packet.Record;
        node.Say(now, transaction, source == AnswerSource.Broadcast ? NodeRules.FirstAnswer : NodeRules.ServerAnswer, incoming.Source.Address, record.FirstEntry.Address);
        if (source == AnswerSource.Broadcast)
            node.Counters.ResolvedByBroadcast++;
        else
            node.Counters.ResolvedByNameServer++;
        if (!transaction.Name.IsWildcard)
        {
            Caching.Remember(ref node, now, new CachedName
            {
                Name = transaction.Name,
                Entry = record.FirstEntry,
                ExpiresAt = now + Caching.Life(ref node),
                FromNameServer = source == AnswerSource.NameServer,
            });
            if (source == AnswerSource.Broadcast)
                node.Memory!.Cache.NoteResolved(transaction.Name);
        }

        if (transaction.Kind == OperationKind.NodeStatus)
        {
            StatusAsking.Ask(ref node, now, transaction.Operation, record.FirstEntry.Address, transaction.Name, null); // RFC 1001 §15.6, step 2
            return;
        }

        if (!node.Options.ReportsResults || transaction.Has(TransactionFlags.Silent))
            return;
        var entries = ImmutableArray.CreateBuilder<NbEntry>(record.EntryCount);
        for (int i = 0; i < record.EntryCount; i++)
            entries.Add(record.GetEntry(i));
        node.Report(new OperationResult
        {
            Id = transaction.Operation,
            Kind = OperationKind.Query,
            Name = transaction.Name,
            CompletedAt = now,
            Source = source,
            Responder = incoming.Source.Address,
            IsTruncated = incoming.Packet.Flags.IsTruncated,
            Entries = entries.MoveToImmutable(),
        });
    }

    public static void Finish(ref NodeState node, Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder, NbnsRcode rcode)
    {
        node.Transactions.Close(transaction);
        if (!transaction.Has(TransactionFlags.Silent) && AnswerFromLmHosts(ref node, now, transaction))
            return;
        bool asked = node.Plan.Query[transaction.Step].Means == PlanMeans.Broadcast || outcome == StepOutcomes.Refusal;
        node.Say(now, transaction, outcome == StepOutcomes.Refusal ? NodeRules.ServerDoesNotKnow : NodeRules.NotFound, responder);
        if (!transaction.Has(TransactionFlags.Silent))
            node.Report(now, transaction.Operation, transaction.Kind, transaction.Name, asked ? OperationOutcome.NotFound : OperationOutcome.NoAnswer, responder, rcode);
    }

    /// <summary>What nobody else knows may be in LMHOSTS (Q119493); it then is in the cache as if somebody had answered.</summary>
    private static bool AnswerFromLmHosts(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        bool isGroup = false;
        var addresses = node.Options.LmHosts?.Find(transaction.Name, out isGroup) ?? [];
        if (addresses.IsEmpty)
            return false;
        node.Say(now, transaction, NodeRules.LmHosts, address: addresses[0]);
        var flags = new NbFlags(isGroup, OwnerNodeType.B); // which kind of node it is, the file does not say
        Caching.Remember(ref node, now, new CachedName { Name = transaction.Name, Entry = new NbEntry(flags, addresses[0]), ExpiresAt = now + Caching.Life(ref node) });
        if (transaction.Kind == OperationKind.NodeStatus)
        {
            StatusAsking.Ask(ref node, now, transaction.Operation, addresses[0], transaction.Name, null);
            return true;
        }

        node.Report(new OperationResult
        {
            Id = transaction.Operation,
            Kind = OperationKind.Query,
            Name = transaction.Name,
            CompletedAt = now,
            Source = AnswerSource.LmHosts,
            Entries = [.. addresses.Select(address => new NbEntry(flags, address))],
        });
        return true;
    }
}
