using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>Finding names (RFC 1002 §5.1.1.2, §5.1.2.2, §5.1.3.2), noticing conflicts on the way (§5.1.1.3), and the cache.</content>
public sealed partial class EndNode
{
    /// <summary>How often a query follows a redirect before it counts as unanswered; two name servers may point at each other.</summary>
    private const int MaxRedirects = 4;

    private OperationId StartQuery(Instant now, NetBiosName name, ushort? transactionId)
    {
        var operation = NextOperation();
        if (!IsRunning(now, operation, OperationKind.Query, name) || transactionId is null && AnswerFromTables(now, operation, name))
            return operation;
        if (Open(operation, OperationKind.Query, name, TransactionFlags.None, transactionId) is { } transaction)
        {
            StartStep(now, transaction);
            return operation;
        }

        Say(now, NodeRules.OutOfResources, name);
        Report(now, operation, OperationKind.Query, name, OperationOutcome.OutOfResources);
        return operation;
    }

    /// <summary>Own names first, then the cache (Q119493).</summary>
    private bool AnswerFromTables(Instant now, OperationId operation, in NetBiosName name)
    {
        int index = _names.Find(name);
        if (index >= 0 && _names[index].ConflictInterfaces != 0) // RFC 1001 §15.1.3.5
        {
            Say(now, NodeRules.NameInConflict, name);
            Report(now, operation, OperationKind.Query, name, OperationOutcome.NameConflict);
            return true;
        }

        if (index >= 0 && _names[index].State == LocalNameState.Registered)
        {
            Say(now, NodeRules.OwnName, name, Address, _names[index].IsGroup);
            var entries = ImmutableArray.CreateBuilder<NbEntry>(_interfaces.Count);
            for (int i = 0; i < _interfaces.Count; i++)
                entries.Add(OwnEntry(_names[index].IsGroup, i));
            Report(new OperationResult
            {
                Id = operation,
                Kind = OperationKind.Query,
                Name = name,
                CompletedAt = now,
                Source = AnswerSource.OwnName,
                Responder = Address,
                Entries = entries.MoveToImmutable(),
            });
            return true;
        }

        if (!(_memory ?? NodeMemory.Empty).Cache.TryGet(name, now, out var cached))
            return false;
        Say(now, NodeRules.Cached, name, cached.Entry.Address, cached.Entry.Flags.IsGroup);
        Report(new OperationResult
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

    private bool OnQueryAnswer(Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (transaction.Phase == TransactionPhase.BroadcastQuery)
        {
            // RFC 1002 §5.1.1.2: the first positive answer is the answer; anything else is ignored.
            if (kind != NbnsMessageKind.PositiveNameQueryResponse || incoming.Packet.Record.EntryCount == 0)
                return false;
            OnFound(now, incoming, transaction, AnswerSource.Broadcast);
            transaction.FirstResponder = incoming.Source.Address;
            transaction.FirstEntry = incoming.Packet.Record.FirstEntry;
            transaction.Phase = TransactionPhase.ConflictWatch; // RFC 1002 §5.1.1.2: start CONFLICT_TIMER
            transaction.TriesLeft = 0;
            transaction.Deadline = now + _options.Dialect.Timing.ConflictTimeout;
            return true;
        }

        if (transaction.Phase == TransactionPhase.ConflictWatch)
            return kind == NbnsMessageKind.PositiveNameQueryResponse && OnFurtherAnswer(now, incoming, transaction);

        if (incoming.Source.Address != transaction.Target)
            return false;
        switch (kind)
        {
            case NbnsMessageKind.PositiveNameQueryResponse when incoming.Packet.Record.EntryCount > 0:
                NoteServerAnswered(now, transaction);
                OnFound(now, incoming, transaction, AnswerSource.NameServer);
                _transactions.Close(transaction);
                return true;
            case NbnsMessageKind.NegativeNameQueryResponse:
                NoteServerAnswered(now, transaction);
                OnNegativeQueryAnswer(now, incoming, transaction);
                return true;
            case NbnsMessageKind.RedirectNameQueryResponse:
                NoteServerAnswered(now, transaction);
                FollowRedirect(now, incoming, transaction);
                return true;
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                NoteServerAnswered(now, transaction);
                Wait(now, incoming, transaction);
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// A further answer while CONFLICT_TIMER runs: if it is no duplicate of the first and either is unique, the node that sent it is told of
    /// the conflict, and the first never is (RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.3).
    /// </summary>
    private bool OnFurtherAnswer(Instant now, in Datagram incoming, NodeTransaction transaction)
    {
        if (incoming.Source.Address == transaction.Server)
        {
            Say(now, transaction, NodeRules.SameAnswer, incoming.Source.Address);
            return true; // late, and no claimant: whoever it names may be long gone
        }

        var record = incoming.Packet.Record;
        var first = transaction.FirstEntry;
        bool duplicate = transaction.Name.IsWildcard; // '*' is everybody's
        for (int i = 0; i < record.EntryCount; i++) // RFC 1001 §13.1.1: "the same NetBIOS information", whoever sends it: a host may be heard in two ways
            duplicate |= record.GetEntry(i).Address == first.Address && record.GetEntry(i).Flags.IsGroup == first.Flags.IsGroup;
        if (record.EntryCount == 0 || duplicate || (first.Flags.IsGroup && record.FirstEntry.Flags.IsGroup))
        {
            Say(now, transaction, NodeRules.SameAnswer, incoming.Source.Address, record.FirstEntry.Address);
            return true;
        }

        Say(now, transaction, NodeRules.SecondOwner, incoming.Source.Address, record.FirstEntry.Address);

        // RFC 1002 §4.2.8: TTL 0, G clear, address 0.0.0.0, ONT the owner's (§4.2.1.3); to port 137 whatever port answered, since it is a demand (§5.1)
        _outbox.Enqueue(new OutgoingPacket
        {
            Form = OutgoingForm.Response,
            Name = transaction.Name,
            Destination = NodeEndpoint(incoming.Source.Address),
            TransactionId = transaction.TransactionId,
            Flags = NbnsFlagWords.ConflictDemand,
            Entry = new NbEntry(new NbFlags(false, record.FirstEntry.Flags.OwnerNodeType), default),
            Interface = (byte)incoming.InterfaceIndex,
            Decision = Teller?.Last ?? 0,
        });
        _memory?.Cache.TryForget(transaction.Name.High, transaction.Name.Low, incoming.Packet.Name);
        _memory?.Cache.ForgetNode(incoming.Source.Address); // RFC 1001 §15.1.8
        return true;
    }

    private void FollowRedirect(Instant now, in Datagram incoming, NodeTransaction transaction)
    {
        Ipv4Address next = default;
        foreach (var record in incoming.Packet.Records)
        {
            if (record.Type == NbnsType.A && record.Data.Length == Ipv4Address.Size)
                next = Ipv4Address.Read(record.Data); // RFC 1002 §4.2.15 NSD_IP_ADDR
        }

        if (next == default || ++transaction.Redirects > MaxRedirects)
        {
            Say(now, transaction, NodeRules.RedirectInCircle, incoming.Source.Address, next);
            EndStep(now, transaction, StepOutcomes.Silence);
            return;
        }

        Say(now, transaction, NodeRules.Redirected, incoming.Source.Address, next);
        transaction.Target = next; // RFC 1002 §5.1.2.2: ask there
        Begin(now, transaction, TransactionPhase.ServerQuery);
    }

    private void OnFound(Instant now, in Datagram incoming, NodeTransaction transaction, AnswerSource source)
    {
        var record = incoming.Packet.Record;
        Say(now, transaction, source == AnswerSource.Broadcast ? NodeRules.FirstAnswer : NodeRules.ServerAnswer, incoming.Source.Address, record.FirstEntry.Address);
        if (source == AnswerSource.Broadcast)
            _counters.ResolvedByBroadcast++;
        else
            _counters.ResolvedByNameServer++;
        if (!transaction.Name.IsWildcard)
        {
            Remember(now, new CachedName
            {
                Name = transaction.Name,
                Entry = record.FirstEntry,
                ExpiresAt = now + CacheLife,
                FromNameServer = source == AnswerSource.NameServer,
            });
            if (source == AnswerSource.Broadcast)
                _memory!.Cache.NoteResolved(transaction.Name);
        }

        if (transaction.Kind == OperationKind.NodeStatus)
        {
            AskForStatus(now, transaction.Operation, record.FirstEntry.Address, transaction.Name, null); // RFC 1001 §15.6, step 2
            return;
        }

        if (!_options.ReportsResults || transaction.Has(TransactionFlags.Silent))
            return;
        var entries = ImmutableArray.CreateBuilder<NbEntry>(record.EntryCount);
        for (int i = 0; i < record.EntryCount; i++)
            entries.Add(record.GetEntry(i));
        Report(new OperationResult
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

    private void FinishQuery(Instant now, NodeTransaction transaction, StepOutcomes outcome, Ipv4Address responder, NbnsRcode rcode)
    {
        _transactions.Close(transaction);
        if (!transaction.Has(TransactionFlags.Silent) && AnswerFromLmHosts(now, transaction))
            return;
        bool asked = _plan.Query[transaction.Step].Means == PlanMeans.Broadcast || outcome == StepOutcomes.Refusal;
        Say(now, transaction, outcome == StepOutcomes.Refusal ? NodeRules.ServerDoesNotKnow : NodeRules.NotFound, responder);
        if (!transaction.Has(TransactionFlags.Silent))
            Report(now, transaction.Operation, transaction.Kind, transaction.Name, asked ? OperationOutcome.NotFound : OperationOutcome.NoAnswer, responder, rcode);
    }

    /// <summary>What nobody else knows may be in LMHOSTS (Q119493); it then is in the cache as if somebody had answered.</summary>
    private bool AnswerFromLmHosts(Instant now, NodeTransaction transaction)
    {
        bool isGroup = false;
        var addresses = _options.LmHosts?.Find(transaction.Name, out isGroup) ?? [];
        if (addresses.IsEmpty)
            return false;
        Say(now, transaction, NodeRules.LmHosts, address: addresses[0]);
        var flags = new NbFlags(isGroup, OwnerNodeType.B); // which kind of node it is, the file does not say
        Remember(now, new CachedName { Name = transaction.Name, Entry = new NbEntry(flags, addresses[0]), ExpiresAt = now + CacheLife });
        if (transaction.Kind == OperationKind.NodeStatus)
        {
            AskForStatus(now, transaction.Operation, addresses[0], transaction.Name, null);
            return true;
        }

        Report(new OperationResult
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

    /// <summary>The <c>#PRE</c> lines of LMHOSTS; of several for one name the first counts.</summary>
    private void PreloadNames()
    {
        foreach (var entry in _options.LmHosts?.Entries ?? [])
        {
            foreach (var (name, isGroup) in entry.IsPreloaded ? entry.GetNames() : [])
            {
                if ((_memory ?? NodeMemory.Empty).Cache.Find(InScope(name)) < 0)
                    Preload(Instant.MinValue, InScope(name), new NbEntry(new NbFlags(isGroup, OwnerNodeType.B), entry.Address));
            }
        }
    }

    private void Preload(Instant now, in NetBiosName name, NbEntry entry) => Remember(now, new CachedName { Name = name, Entry = entry, ExpiresAt = Instant.MaxValue });

    private TimeSpan CacheLife => _options.Dialect.Timing.CacheTimeout + _options.Dialect.Timing.CacheTimeoutSurplus;

    private void Remember(Instant now, in CachedName entry) => (_memory ??= new NodeMemory()).Cache.Put(entry, now, _options.CacheCapacity);
}
