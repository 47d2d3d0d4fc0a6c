using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>
/// What the server itself asks of nodes and waits for: challenges of owners and release demands. All that have been sent equally often wait equally
/// long, so each such stage is a queue and nothing has to be sorted.
/// </content>
public sealed partial class NameServer
{
    private readonly Stage[] _stages;
    private Transaction[] _transactions = [];
    private int[] _transactionIds = []; // heads of chains by transaction id
    private int _freeTransaction = NameSlot.None;
    private int _transactionCount;

    /// <summary>How many challenges and release demands are under way.</summary>
    public int TransactionCount => _transactionCount;

    /// <summary>The stage of release demands.</summary>
    private int DemandStage => Dialect.ChallengeTries;

    /// <summary>The stage of what a node has asked to wait for; sorted.</summary>
    private int WackStage => Dialect.ChallengeTries + 1;

    private Stage[] MakeStages()
    {
        var stages = new Stage[Dialect.ChallengeTries + 2];
        Array.Fill(stages, new Stage { First = NameSlot.None, Last = NameSlot.None });
        return stages;
    }

    private bool TryBegin(TransactionKind kind, ulong high, ulong low, int scope, out int index)
    {
        index = _freeTransaction;
        if (index == NameSlot.None && !TryGrowTransactions(out index))
        {
            _statistics.Dropped++;
            return false;
        }

        ref var transaction = ref _transactions[index];
        _freeTransaction = transaction.Next;
        _transactionCount++;
        _names.Scopes.Acquire(scope);
        transaction = new Transaction
        {
            Kind = kind,
            Slot = NameSlot.None,
            High = high,
            Low = low,
            Scope = scope,
            Id = NewTransactionId(),
            Stage = NameSlot.None,
            Next = NameSlot.None,
            Previous = NameSlot.None,
            FirstClaim = NameSlot.None,
        };
        ref int head = ref _transactionIds[transaction.Id & (_transactionIds.Length - 1)];
        transaction.NextOfId = head;
        head = index;
        return true;
    }

    private void End(int index)
    {
        Unstage(index);
        ref var transaction = ref _transactions[index];
        Aim(ref transaction, null);
        while (transaction.FirstClaim != NameSlot.None)
        {
            int claim = transaction.FirstClaim;
            transaction.FirstClaim = _claims[claim].Next;
            FreeClaim(claim);
        }

        if (transaction.Slot != NameSlot.None)
            _names[transaction.Slot].Challenge = NameSlot.None;
        _names.Scopes.Release(transaction.Scope);
        ref int link = ref _transactionIds[transaction.Id & (_transactionIds.Length - 1)];
        while (link != index)
            link = ref _transactions[link].NextOfId;
        link = transaction.NextOfId;
        transaction = new Transaction { Next = _freeTransaction };
        _freeTransaction = index;
        _transactionCount--;
    }

    private bool TryGrowTransactions(out int index)
    {
        int count = _transactions.Length;
        index = count;
        if (count >= Options.MaxTransactions)
            return false;
        Array.Resize(ref _transactions, Math.Min(Math.Max(8, 2 * count), Options.MaxTransactions));
        for (int i = _transactions.Length - 1; i >= count; i--)
        {
            _transactions[i].Next = _freeTransaction;
            _freeTransaction = i;
        }

        _transactionIds = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_transactions.Length)];
        Array.Fill(_transactionIds, NameSlot.None);
        for (int i = 0; i < count; i++)
        {
            ref int head = ref _transactionIds[_transactions[i].Id & (_transactionIds.Length - 1)];
            _transactions[i].NextOfId = head;
            head = i;
        }

        return true;
    }

    /// <summary>An id that no transaction under way has.</summary>
    private ushort NewTransactionId()
    {
        ushort id;
        do
            id = (ushort)_random.NextUInt32();
        while (_transactionCount <= ushort.MaxValue / 2 && FindTransaction(id) != NameSlot.None);
        return id;
    }

    private int FindTransaction(ushort id)
    {
        int index = _transactionIds.Length == 0 ? NameSlot.None : _transactionIds[id & (_transactionIds.Length - 1)];
        while (index != NameSlot.None && _transactions[index].Id != id)
            index = _transactions[index].NextOfId;
        return index;
    }

    private void HandleResponse(Instant now, Ipv4Endpoint source, in NbnsPacket packet)
    {
        int index = FindTransaction(packet.TransactionId);
        if (index == NameSlot.None)
        {
            _statistics.Ignored++;
            SayUnheard(now, source, packet, ServerRules.UnknownTransaction);
            return;
        }

        bool isDemand = _transactions[index].Kind == TransactionKind.ReleaseDemand;
        bool isNamed = packet.Name.Is(NameOf(_transactions[index]));
        if (_transactions[index].Target != source.Address)
        {
            if (isDemand || !isNamed || !IsOwners(_transactions[index], source.Address, packet))
            {
                _statistics.Ignored++;
                SayUnheard(now, source, packet, ServerRules.OtherResponder);
                return;
            }
        }
        else if (!isNamed || packet.Opcode is not NbnsOpcode.Wack && packet.Opcode != (isDemand ? NbnsOpcode.Release : NbnsOpcode.Query))
        {
            _statistics.Ignored++;
            SayUnheard(now, source, packet, ServerRules.ResponseDiffers);
            Log(now, WinsEventId.ResponseDiffers, index);
            return;
        }

        switch (packet.Opcode)
        {
            case NbnsOpcode.Wack when packet.HasRecord && packet.Record.TimeToLive.Seconds > 0:
                SayAsked(now, index, ServerRules.TimeGiven);
                AllowTime(now, index, packet.Record.TimeToLive.Seconds);
                break;
            case NbnsOpcode.Release when isDemand:
                SayAsked(now, index, ServerRules.DemandAnswered);
                Log(now, WinsEventId.ReleaseDemandAnswered, index);
                End(index);
                break;
            case NbnsOpcode.Query when !isDemand:
                ChallengeAnswered(now, index, packet);
                break;
            default:
                _statistics.Ignored++;
                SayUnheard(now, source, packet, packet.Opcode == NbnsOpcode.Wack ? ServerRules.NoEstimate : ServerRules.UnknownTransaction);
                break;
        }
    }

    /// <summary>Whether an answer from another address than the one asked is the owner's all the same (<see cref="NameServerDialect.AnswerSource"/>).</summary>
    private bool IsOwners(in Transaction transaction, Ipv4Address source, in NbnsPacket packet)
    {
        if (Dialect.AnswerSource == AnswerSource.AskedAddress)
            return false;
        bool isPositive = packet.Opcode == NbnsOpcode.Query && packet.Rcode == NbnsRcode.Success && packet.HasRecord;
        return _names.HasAddress(_names[transaction.Slot], source) || (isPositive && packet.Record.HasAddress(transaction.Target) && packet.Record.HasAddress(source));
    }

    /// <summary>Waits as long as a WACK says, up to one limit for all WACKs of a transaction: a claimant must be answered in the end.</summary>
    private void AllowTime(Instant now, int index, uint seconds)
    {
        ref var transaction = ref _transactions[index];
        transaction.WaitLimit ??= now + Dialect.MaxWackWait;
        var limit = transaction.WaitLimit.Value;
        if (now >= limit)
        {
            _statistics.Ignored++;
            return;
        }

        bool isBeyond = seconds >= (limit - now).TotalSeconds;
        Wait(index, isBeyond ? limit : now + TimeSpan.FromSeconds(seconds));
    }

    private void RetryTransactions(Instant now)
    {
        for (int stage = 0; stage < _stages.Length; stage++)
        {
            while (_stages[stage].First is var index && index != NameSlot.None && _transactions[index].Due <= now)
            {
                _teller?.Begin(DecisionCauseKind.Timer, _transactions[index].Decision);
                if (_transactions[index].Kind == TransactionKind.ReleaseDemand)
                    RepeatReleaseDemand(now, index);
                else
                    RepeatChallenge(now, index);
            }
        }
    }

    private NetBiosName NameOf(in Transaction transaction) => new(transaction.High, transaction.Low, _names.Scopes[transaction.Scope]);

    /// <summary>Puts a transaction at the end of a stage.</summary>
    private void Enqueue(int index, int stage, Instant due)
    {
        Unstage(index);
        ref var transaction = ref _transactions[index];
        transaction.Due = due;
        transaction.Stage = stage;
        transaction.Previous = _stages[stage].Last;
        if (transaction.Previous == NameSlot.None)
            _stages[stage].First = index;
        else
            _transactions[transaction.Previous].Next = index;
        _stages[stage].Last = index;
    }

    /// <summary>Puts a transaction where its time has it among those that nodes have asked to wait for.</summary>
    private void Wait(int index, Instant due)
    {
        Unstage(index);
        int stage = WackStage;
        int before = _stages[stage].Last;
        while (before != NameSlot.None && _transactions[before].Due > due)
            before = _transactions[before].Previous;
        ref var transaction = ref _transactions[index];
        transaction.Due = due;
        transaction.Stage = stage;
        transaction.Previous = before;
        ref int link = ref before == NameSlot.None ? ref _stages[stage].First : ref _transactions[before].Next;
        transaction.Next = link;
        if (link == NameSlot.None)
            _stages[stage].Last = index;
        else
            _transactions[link].Previous = index;
        link = index;
    }

    private void Unstage(int index)
    {
        ref var transaction = ref _transactions[index];
        if (transaction.Stage == NameSlot.None)
            return;
        ref var stage = ref _stages[transaction.Stage];
        if (transaction.Previous == NameSlot.None)
            stage.First = transaction.Next;
        else
            _transactions[transaction.Previous].Next = transaction.Next;
        if (transaction.Next == NameSlot.None)
            stage.Last = transaction.Previous;
        else
            _transactions[transaction.Next].Previous = transaction.Previous;
        transaction.Stage = transaction.Next = transaction.Previous = NameSlot.None;
    }

    private enum TransactionKind : byte
    {
        None,

        /// <summary>An owner is asked because somebody claims its name, or says that it has gone.</summary>
        Claim,

        /// <summary>An owner is asked because a partner has another one for its name.</summary>
        Replica,

        /// <summary>An owner is asked because its name's time has run out.</summary>
        Removal,

        /// <summary>A node is told to release a name.</summary>
        ReleaseDemand,
    }

    private struct Stage
    {
        public int First;
        public int Last;
    }

    private struct Transaction
    {
        public TransactionKind Kind;

        /// <summary>The record whose owner is challenged.</summary>
        public int Slot;
        public ulong High;
        public ulong Low;
        public int Scope;
        public ushort Id;

        /// <summary>Who was asked last, and which of the record's addresses that is.</summary>
        public Ipv4Address Target;
        public int Position;

        /// <summary>Its number in the <see cref="SourceTable"/>.</summary>
        public ushort TargetSource;

        /// <summary>How often it was sent there, how often it may be, and how often it was sent to all.</summary>
        public int Tries;
        public int MaxTries;
        public int Asked;

        /// <summary>Whether nothing came from one of the addresses asked before, however often it was asked.</summary>
        public bool IsSilent;
        public Instant Due;

        /// <summary>The decision because of which its timer runs, while somebody listens; no part of its state.</summary>
        public long Decision;

        /// <summary>Up to when WACKs can have it wait; set by the first one.</summary>
        public Instant? WaitLimit;
        public int Stage;
        public int Next;
        public int Previous;
        public int NextOfId;

        /// <summary>The claims that wait for the verdict, in the order in which they came.</summary>
        public int FirstClaim;
        public int InterfaceIndex;

        /// <summary>Whether the first claimant still is to be asked to wait.</summary>
        public bool OwesWack;

        /// <summary>The partner's record, which is immutable.</summary>
        public NameRecord? Replica;

        /// <summary>Whether two transactions about the same name ask the same of the same node.</summary>
        public readonly bool HasSameStateAs(in Transaction other) =>
            (Kind, Id, Target, Position, Tries, IsSilent, Due) == (other.Kind, other.Id, other.Target, other.Position, other.Tries, other.IsSilent, other.Due)
            && (WaitLimit, MaxTries, Asked, InterfaceIndex, OwesWack)
                == (other.WaitLimit, other.MaxTries, other.Asked, other.InterfaceIndex, other.OwesWack)
            && Replica == other.Replica;
    }
}
