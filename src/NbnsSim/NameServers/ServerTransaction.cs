using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <summary>One thing that a name server asks of a node: a challenge of an owner, or a release demand.</summary>
internal struct ServerTransaction
{
    public ServerTransactionKind Kind;

    /// <summary>The record whose owner is challenged.</summary>
    public int Slot;
    [NotState("carried by its table, as a name")]
    public ulong High;
    [NotState("carried by its table, as a name")]
    public ulong Low;
    [NotState("carried by its table, as a name")]
    public int Scope;
    public ushort Id;

    /// <summary>Who was asked last, and which of the record's addresses that is.</summary>
    public Ipv4Address Target;
    public int Position;

    /// <summary>Its number in the <see cref="SourceTable"/>.</summary>
    [NotState("follows from the target; its table carries whether it is counted")]
    public ushort TargetSource;

    /// <summary>How often it was sent there, how often it may be, and how often it was sent to all.</summary>
    public int Tries;
    public int MaxTries;
    public int Asked;

    /// <summary>Whether nothing came from one of the addresses asked before, however often it was asked.</summary>
    public bool IsSilent;

    /// <summary>The decision because of which its timer runs, while somebody listens; no part of its state.</summary>
    public long Decision;

    /// <summary>Up to when WACKs can have it wait; set by the first one.</summary>
    public Instant? WaitLimit;

    /// <summary>The claims that wait for the verdict: a chain of <see cref="WaitingClaims"/>.</summary>
    [NotState("carried by its table, claim by claim")]
    public int FirstClaim;
    public int InterfaceIndex;

    /// <summary>Whether the first claimant still is to be asked to wait.</summary>
    public bool OwesWack;

    /// <summary>The partner's record, which is immutable.</summary>
    public NameRecord? Replica;

    /// <summary>The number of its owner.</summary>
    public ushort ReplicaOwner;

    /// <summary>Carries it, but for its name and the claims that wait.</summary>
    public void Carry(StateCodec codec, OwnerTable owners)
    {
        codec.Carry(ref Kind, ServerTransactionKind.ReleaseDemand);
        bool hasSlot = Slot != NameSlot.None;
        if (codec.IsFingerprint)
            codec.Carry(ref hasSlot);
        else
            codec.Carry(ref Slot);
        codec.CarryTransactionId(ref Id);
        codec.Carry(ref Target);
        codec.Carry(ref Position);
        codec.Carry(ref Tries);
        codec.Carry(ref MaxTries);
        codec.Carry(ref Asked);
        codec.Carry(ref IsSilent);
        codec.CarryCause(ref Decision);
        codec.Carry(ref WaitLimit);
        codec.Carry(ref InterfaceIndex);
        codec.Carry(ref OwesWack);
        codec.Carry(ref ReplicaOwner);
        codec.Check(ReplicaOwner < owners.Count, "A replica's owner is not known");
        bool hasReplica = Replica is not null;
        codec.Carry(ref hasReplica);
        if (hasReplica)
            Replica = NameRecord.Carry(codec, Replica);
    }

    /// <summary>Whether two transactions about the same name ask the same of the same node.</summary>
    public readonly bool HasSameStateAs(in ServerTransaction other) =>
        (Kind, High, Low, Id, Target, Position, Tries) == (other.Kind, other.High, other.Low, other.Id, other.Target, other.Position, other.Tries)
        && (IsSilent, WaitLimit, MaxTries, Asked, InterfaceIndex, OwesWack)
            == (other.IsSilent, other.WaitLimit, other.MaxTries, other.Asked, other.InterfaceIndex, other.OwesWack)
        && Replica == other.Replica;
}
