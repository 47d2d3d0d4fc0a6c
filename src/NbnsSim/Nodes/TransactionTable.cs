using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>The transactions that run, oldest first.</summary>
internal struct TransactionTable
{
    private NodeTransaction? _first;

    public readonly int Count
    {
        get
        {
            int count = 0;
            foreach (var _ in this)
                count++;
            return count;
        }
    }

    /// <summary>When the first timer is due.</summary>
    public readonly Instant DueAt
    {
        get
        {
            var due = Instant.MaxValue;
            for (var transaction = _first; transaction is not null; transaction = transaction.Next)
                due = transaction.Deadline < due ? transaction.Deadline : due;
            return due;
        }
    }

    /// <summary>Starts a transaction, unless too many run.</summary>
    /// <param name="transaction">The transaction; without an id that is its own yet, where <paramref name="transactionId"/> is none.</param>
    /// <param name="transactionId">Its id; <see langword="null"/> for a random one that no other has.</param>
    /// <param name="random">Where random ids come from.</param>
    /// <param name="limit">How many may run.</param>
    /// <returns>False where too many run.</returns>
    public bool TryOpen(NodeTransaction transaction, ushort? transactionId, ref RandomStream random, int limit)
    {
        int count = 0;
        ref var tail = ref _first;
        while (tail is not null)
        {
            count++;
            tail = ref tail.Next;
        }

        if (count >= limit)
            return false;
        transaction.TransactionId = transactionId ?? NewId(ref random);
        tail = transaction;
        transaction.IsOpen = true;
        return true;
    }

    /// <summary>Ends a transaction; nothing where it has ended already.</summary>
    public void Close(NodeTransaction transaction)
    {
        ref var link = ref _first;
        while (link is not null && link != transaction)
            link = ref link.Next;
        if (link is not null)
            link = link.Next;
        (transaction.Next, transaction.IsOpen) = (null, false);
    }

    /// <summary>Ends all of them.</summary>
    public void Clear() => _first = null;

    /// <summary>An id that no running transaction has: answers are told apart by it (RFC 1002 §4.2.1.1).</summary>
    public readonly ushort NewId(ref RandomStream random)
    {
        while (true)
        {
            ushort id = (ushort)random.NextUInt32();
            bool taken = false;
            for (var transaction = _first; transaction is not null; transaction = transaction.Next)
                taken |= transaction.TransactionId == id;
            if (!taken)
                return id;
        }
    }

    public readonly bool Any(TransactionFlags flags)
    {
        for (var transaction = _first; transaction is not null; transaction = transaction.Next)
        {
            if (transaction.Has(flags))
                return true;
        }

        return false;
    }

    /// <summary>The transaction that has a name in hand, if any: a query is none of them, it may run beside.</summary>
    public readonly NodeTransaction? OwnerOf(in NetBiosName name)
    {
        for (var transaction = _first; transaction is not null; transaction = transaction.Next)
        {
            if (transaction.HasInHand(name))
                return transaction;
        }

        return null;
    }

    /// <summary>The transaction that has a name in hand on one interface, if any.</summary>
    public readonly NodeTransaction? OwnerOf(in NetBiosName name, int interfaceIndex)
    {
        for (var transaction = _first; transaction is not null; transaction = transaction.Next)
        {
            if (transaction.Interface == interfaceIndex && transaction.HasInHand(name))
                return transaction;
        }

        return null;
    }

    /// <summary>Whether a proxy is asking about a name.</summary>
    public readonly bool AsksAsProxy(in NetBiosName name)
    {
        for (var transaction = _first; transaction is not null; transaction = transaction.Next)
        {
            if (transaction.Has(TransactionFlags.Proxy) && transaction.Name == name)
                return true;
        }

        return false;
    }

    /// <summary>
    /// The next transaction that a response may answer. RFC 1002 §4.2.1.1: an answer has its request's NAME_TRN_ID; that it also is about the same name keeps strays out.
    /// </summary>
    /// <param name="after">The one before; <see langword="null"/> for the first.</param>
    /// <param name="response">The response.</param>
    /// <param name="high">Octets 0 to 7 of its name.</param>
    /// <param name="low">Octets 8 to 15.</param>
    public readonly NodeTransaction? Match(NodeTransaction? after, in NbnsPacket response, ulong high, ulong low)
    {
        var transaction = after is null ? _first : after.Next;
        while (transaction is not null
            && (transaction.TransactionId != response.TransactionId || transaction.Name.High != high || transaction.Name.Low != low
                || !response.Name.ScopeIs(transaction.Name.Scope)))
            transaction = transaction.Next;
        return transaction;
    }

    /// <summary>The earliest transaction whose timer is due; of several at once, the oldest.</summary>
    public readonly NodeTransaction? NextDue(Instant now)
    {
        NodeTransaction? due = null;
        for (var transaction = _first; transaction is not null; transaction = transaction.Next)
        {
            if (transaction.Deadline <= now && (due is null || transaction.Deadline < due.Deadline))
                due = transaction;
        }

        return due;
    }

    public readonly Enumerator GetEnumerator() => new(_first);

    public readonly TransactionTable Fork()
    {
        var copy = default(TransactionTable);
        ref var tail = ref copy._first;
        foreach (var transaction in this)
        {
            tail = transaction.Clone();
            tail = ref tail.Next;
        }

        return copy;
    }

    /// <summary>Carries all of them.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="limit">How many may run.</param>
    public void Carry(StateCodec codec, int limit)
    {
        int count = codec.CarryCount(codec.IsReading ? 0 : Count, most: limit);
        if (codec.IsReading)
            _first = null;
        ref var link = ref _first;
        for (; count > 0; count--)
        {
            link ??= new NodeTransaction { IsOpen = true };
            link.Carry(codec);
            link = ref link.Next;
        }
    }

    public readonly bool HasSameStateAs(in TransactionTable other)
    {
        var (left, right) = (_first, other._first);
        for (; left is not null && right is not null; (left, right) = (left.Next, right.Next))
        {
            if (!left.HasSameStateAs(right))
                return false;
        }

        return left is null && right is null;
    }

    /// <summary>Goes through the transactions, oldest first; the one at hand may be closed meanwhile.</summary>
    public struct Enumerator(NodeTransaction? first)
    {
        private NodeTransaction? _next = first;

        public NodeTransaction Current { get; private set; } = null!;

        public bool MoveNext()
        {
            if (_next is null)
                return false;
            Current = _next;
            _next = Current.Next;
            return true;
        }
    }
}
