using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <content>What is under way as octets: stage by stage, in the order in which they are due.</content>
internal sealed partial class ServerTransactions
{
    /// <summary>Carries all of them, into a table that has none where they are read.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="claims">Where the claims wait.</param>
    /// <param name="owners">The servers, which have been carried before, as have the names.</param>
    public void Carry(StateCodec codec, WaitingClaims claims, OwnerTable owners)
    {
        codec.Carry(ref _random);
        codec.CarryTally(ref _dropped);
        for (int stage = 0; stage < _stages.Length; stage++)
        {
            int waiting = 0;
            for (int index = _stages[stage].First; index != NameSlot.None; index = _entries[index].Next)
                waiting++;
            int count = codec.CarryCount(waiting, NetBiosName.Size, _most);
            for (int index = _stages[stage].First; count > 0; count--)
            {
                if (codec.IsReading)
                    Read(codec, stage, claims, owners);
                else
                    index = Write(codec, index, claims, owners);
            }
        }
    }

    private int Write(StateCodec codec, int index, WaitingClaims claims, OwnerTable owners)
    {
        ref var entry = ref _entries[index];
        var name = NameOf(index);
        codec.Carry(ref name);
        codec.Carry(ref entry.Due);
        entry.Transaction.Carry(codec, owners);
        bool isCounted = entry.Transaction.TargetSource != SourceTable.None;
        codec.Carry(ref isCounted);
        claims.Carry(codec, ref entry.Transaction.FirstClaim);
        return entry.Next;
    }

    private void Read(StateCodec codec, int stage, WaitingClaims claims, OwnerTable owners)
    {
        int index = _free;
        codec.Check(index != NameSlot.None || TryGrow(out index), "A name server has more transactions than it may");
        _free = _entries[index].Next;
        Count++;
        var name = default(NetBiosName);
        codec.Carry(ref name);
        int scope = _names.Scopes.Acquire(name.Scope.Encoded);
        codec.Check(scope >= 0, "A name server has more scopes than it may");
        var transaction = new ServerTransaction { High = name.High, Low = name.Low, Scope = scope, FirstClaim = NameSlot.None };
        var due = default(Instant);
        codec.Carry(ref due);
        transaction.Carry(codec, owners);
        Enter(index, transaction);
        Enqueue(index, stage, due);
        bool isCounted = false;
        codec.Carry(ref isCounted);
        if (isCounted)
            SetTarget(index, transaction.Target);
        if (transaction.Slot != NameSlot.None)
        {
            codec.Check((uint)transaction.Slot < (uint)_names.SlotCount && _names[transaction.Slot] is { IsRecord: true, Challenge: NameSlot.None }, "An owner is asked for no name, or twice");
            _names[transaction.Slot].Challenge = index;
        }

        claims.Carry(codec, ref _entries[index].Transaction.FirstClaim);
    }
}
