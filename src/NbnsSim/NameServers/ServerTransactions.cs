using System.Numerics;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>
/// What a name server asks of nodes and waits for: challenges of owners and release demands, by transaction id and by the time at which each is due. All that
/// have been sent equally often wait equally long, so each such stage is a queue and nothing has to be sorted.
/// </summary>
internal sealed partial class ServerTransactions
{
    private readonly NameDatabase _names;
    private readonly int _most;
    private readonly Stage[] _stages;
    private Entry[] _entries = [];
    private int[] _ids = []; // heads of chains by transaction id
    private int _free = NameSlot.None;
    private RandomStream _random;
    private long _dropped;

    /// <summary>Makes a table without transactions.</summary>
    /// <param name="most">How many may be under way.</param>
    /// <param name="challengeTries">How often an owner is asked: a stage for each, one for release demands, and one for what a node has asked to wait for.</param>
    /// <param name="random">Where transaction ids come from.</param>
    /// <param name="names">The names that they are about.</param>
    public ServerTransactions(int most, int challengeTries, RandomStream random, NameDatabase names)
    {
        _most = most;
        _random = random;
        _names = names;
        _stages = new Stage[challengeTries + 2];
        Array.Fill(_stages, new Stage { First = NameSlot.None, Last = NameSlot.None });
    }

    /// <summary>A copy that lives on by itself.</summary>
    /// <param name="other">The other one.</param>
    /// <param name="names">The copy's names.</param>
    public ServerTransactions(ServerTransactions other, NameDatabase names)
    {
        _most = other._most;
        _random = other._random;
        _names = names;
        _stages = (Stage[])other._stages.Clone();
        _entries = (Entry[])other._entries.Clone();
        _ids = (int[])other._ids.Clone();
        _free = other._free;
        Count = other.Count;
        _dropped = other._dropped;
    }

    /// <summary>How many are under way.</summary>
    public int Count { get; private set; }

    /// <summary>For how many there was no room.</summary>
    public long Dropped => _dropped;

    /// <summary>When the next one is due; <see langword="null"/> where none waits.</summary>
    public Instant? NextDue
    {
        get
        {
            Instant? earliest = null;
            foreach (var stage in _stages)
            {
                if (stage.First != NameSlot.None && !(earliest <= _entries[stage.First].Due))
                    earliest = _entries[stage.First].Due;
            }

            return earliest;
        }
    }

    private int DemandStage => _stages.Length - 2;

    private int WackStage => _stages.Length - 1;

    /// <summary>A transaction. The reference holds until one is begun.</summary>
    public ref ServerTransaction this[int index] => ref _entries[index].Transaction;

    /// <summary>Begins a transaction, which waits for nothing yet.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="high">Octets 0 to 7 of the name.</param>
    /// <param name="low">Octets 8 to 15.</param>
    /// <param name="scope">The number of its scope, which has one more user until the transaction ends.</param>
    /// <param name="index">Its number.</param>
    /// <returns>False where no more may be under way.</returns>
    public bool TryBegin(ServerTransactionKind kind, ulong high, ulong low, int scope, out int index)
    {
        index = _free;
        if (index == NameSlot.None && !TryGrow(out index))
        {
            _dropped++;
            return false;
        }

        _free = _entries[index].Next;
        Count++;
        ushort id = NewId();
        _names.Scopes.Acquire(scope);
        Enter(index, new ServerTransaction { Kind = kind, Slot = NameSlot.None, High = high, Low = low, Scope = scope, Id = id, FirstClaim = NameSlot.None });
        return true;
    }

    /// <summary>Says whom a transaction asks, and so on whose account it goes; <see langword="null"/> for nobody any more.</summary>
    public void SetTarget(int index, Ipv4Address? target)
    {
        ref var transaction = ref this[index];
        if (transaction.TargetSource != SourceTable.None)
            _names.Sources!.RemoveChallenge(transaction.TargetSource);
        transaction.TargetSource = target is { } address && _names.Sources is { } sources ? sources.FindOrAdd(address) : SourceTable.None;
        if (transaction.TargetSource != SourceTable.None)
            _names.Sources!.AddChallenge(transaction.TargetSource);
        transaction.Target = target ?? default;
    }

    /// <summary>Ends a transaction; a record whose owner was challenged by it is in dispute no more.</summary>
    public void End(int index)
    {
        Unstage(index);
        SetTarget(index, null);
        if (this[index].Slot != NameSlot.None)
            _names[this[index].Slot].Challenge = NameSlot.None;
        ref var entry = ref _entries[index];
        _names.Scopes.Release(entry.Transaction.Scope);
        ref int link = ref _ids[entry.Transaction.Id & (_ids.Length - 1)];
        while (link != index)
            link = ref _entries[link].NextOfId;
        link = entry.NextOfId;
        entry = new Entry { Next = _free };
        _free = index;
        Count--;
    }

    /// <summary>The transaction with an id, or <see cref="NameSlot.None"/>.</summary>
    public int Find(ushort id)
    {
        int index = _ids.Length == 0 ? NameSlot.None : _ids[id & (_ids.Length - 1)];
        while (index != NameSlot.None && _entries[index].Transaction.Id != id)
            index = _entries[index].NextOfId;
        return index;
    }

    /// <summary>Those that wait for an answer, with when each is due: those that were sent least often first, each kind in order of time.</summary>
    public IEnumerable<(int Index, Instant Due)> Waiting()
    {
        foreach (var stage in _stages)
        {
            for (int index = stage.First; index != NameSlot.None; index = _entries[index].Next)
                yield return (index, _entries[index].Due);
        }
    }

    /// <summary>An id that no transaction under way has.</summary>
    public ushort NewId()
    {
        ushort id;
        do
            id = (ushort)_random.NextUInt32();
        while (Count <= ushort.MaxValue / 2 && Find(id) != NameSlot.None);
        return id;
    }

    /// <summary>The name that a transaction is about.</summary>
    public NetBiosName NameOf(int index)
    {
        ref var transaction = ref _entries[index].Transaction;
        return new NetBiosName(transaction.High, transaction.Low, _names.Scopes[transaction.Scope]);
    }

    /// <summary>An owner has been asked: its transaction waits behind all that were asked as often.</summary>
    /// <param name="index">The transaction.</param>
    /// <param name="before">How often it had been asked before.</param>
    /// <param name="due">When it is due; no earlier than the others of the stage.</param>
    public void AwaitAnswer(int index, int before, Instant due) => Enqueue(index, before, due);

    /// <summary>A release demand was sent: its transaction waits behind the others.</summary>
    public void AwaitRelease(int index, Instant due) => Enqueue(index, DemandStage, due);

    /// <summary>A node has asked for time: its transaction waits where its time has it among the others of the kind.</summary>
    public void AllowTime(int index, Instant due)
    {
        Unstage(index);
        ref var stage = ref _stages[WackStage];
        int before = stage.Last;
        while (before != NameSlot.None && _entries[before].Due > due)
            before = _entries[before].Previous;
        ref var entry = ref _entries[index];
        entry.Due = due;
        entry.Stage = WackStage;
        entry.Previous = before;
        ref int link = ref before == NameSlot.None ? ref stage.First : ref _entries[before].Next;
        entry.Next = link;
        if (link == NameSlot.None)
            stage.Last = index;
        else
            _entries[link].Previous = index;
        link = index;
    }

    /// <summary>A transaction whose time has run out; it stays where it is until it is sent again, moved or ended.</summary>
    /// <returns>False where none is due.</returns>
    public bool TryGetDue(Instant now, out int index)
    {
        foreach (var stage in _stages)
        {
            index = stage.First;
            if (index != NameSlot.None && _entries[index].Due <= now)
                return true;
        }

        index = NameSlot.None;
        return false;
    }

    /// <summary>Whether the same is under way in both, but for the claims that wait for a verdict.</summary>
    /// <param name="other">The other table.</param>
    /// <param name="claims">Where this table's claims wait.</param>
    /// <param name="otherClaims">Where the other's do.</param>
    public bool HasSameStateAs(ServerTransactions other, WaitingClaims claims, WaitingClaims otherClaims)
    {
        if (_random != other._random || Count != other.Count || Dropped != other.Dropped)
            return false;
        for (int stage = 0; stage < _stages.Length; stage++)
        {
            int left = _stages[stage].First;
            int right = other._stages[stage].First;
            for (; left != NameSlot.None && right != NameSlot.None; (left, right) = (_entries[left].Next, other._entries[right].Next))
            {
                if (_entries[left].Due != other._entries[right].Due || !this[left].HasSameStateAs(other[right]) || NameOf(left) != other.NameOf(right)
                    || !claims.HasSameStateAs(this[left].FirstClaim, otherClaims, other[right].FirstClaim))
                    return false;
            }

            if (left != right)
                return false;
        }

        return true;
    }

    /// <summary>Puts a transaction in its place, and where its id leads.</summary>
    private void Enter(int index, in ServerTransaction transaction)
    {
        ref int head = ref _ids[transaction.Id & (_ids.Length - 1)];
        _entries[index] = new Entry { Transaction = transaction, Stage = NameSlot.None, Next = NameSlot.None, Previous = NameSlot.None, NextOfId = head };
        head = index;
    }

    private void Enqueue(int index, int stage, Instant due)
    {
        Unstage(index);
        ref var entry = ref _entries[index];
        entry.Due = due;
        entry.Stage = stage;
        entry.Previous = _stages[stage].Last;
        if (entry.Previous == NameSlot.None)
            _stages[stage].First = index;
        else
            _entries[entry.Previous].Next = index;
        _stages[stage].Last = index;
    }

    private void Unstage(int index)
    {
        ref var entry = ref _entries[index];
        if (entry.Stage == NameSlot.None)
            return;
        ref var stage = ref _stages[entry.Stage];
        if (entry.Previous == NameSlot.None)
            stage.First = entry.Next;
        else
            _entries[entry.Previous].Next = entry.Next;
        if (entry.Next == NameSlot.None)
            stage.Last = entry.Previous;
        else
            _entries[entry.Next].Previous = entry.Previous;
        entry.Stage = entry.Next = entry.Previous = NameSlot.None;
    }

    private bool TryGrow(out int index)
    {
        int count = _entries.Length;
        index = count;
        if (count >= _most)
            return false;
        Array.Resize(ref _entries, Math.Min(Math.Max(8, 2 * count), _most));
        for (int i = _entries.Length - 1; i >= count; i--)
        {
            _entries[i].Next = _free;
            _free = i;
        }

        _ids = new int[(int)BitOperations.RoundUpToPowerOf2((uint)_entries.Length)];
        Array.Fill(_ids, NameSlot.None);
        for (int i = 0; i < count; i++)
        {
            ref int head = ref _ids[_entries[i].Transaction.Id & (_ids.Length - 1)];
            _entries[i].NextOfId = head;
            head = i;
        }

        return true;
    }

    /// <summary>A transaction and where it waits.</summary>
    private struct Entry
    {
        public ServerTransaction Transaction;
        public Instant Due;
        public int Stage;
        public int Next;
        public int Previous;
        [NotState("follows from the ids")]
        public int NextOfId;
    }

    /// <summary>A queue of those that have been sent equally often.</summary>
    private struct Stage
    {
        public int First;
        public int Last;
    }
}
