using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>What a transaction is doing, and so what its timer means: the one closed list of timers that count on an answer.</summary>
internal enum TransactionPhase : byte
{
    /// <summary>RFC 1002 §5.1.1.1: registration broadcast, objections awaited.</summary>
    BroadcastClaim,

    /// <summary>RFC 1001 §15.2.1: everything sent, or granted by the name server already; CONFLICT_TIMER runs until the name is ours.</summary>
    ClaimWatch,

    /// <summary>RFC 1001 §15.2.3: the segment refused the claim while the name server was asked, which may still grant it.</summary>
    ClaimWithdrawn,

    /// <summary>§5.1.2.1: registration sent to the name server.</summary>
    ServerClaim,

    /// <summary>§5.1.2.1: the name server told us to ask the owner ourselves.</summary>
    Challenge,

    /// <summary>§5.1.2.1: the owner did not answer: NAME UPDATE REQUEST to the name server.</summary>
    ServerUpdate,

    /// <summary>§5.1.2.6: refresh sent to the name server.</summary>
    ServerRefresh,

    /// <summary>§5.1.1.3: query broadcast.</summary>
    BroadcastQuery,

    /// <summary>§5.1.1.3: answered; CONFLICT_TIMER runs and further answers are watched.</summary>
    ConflictWatch,

    /// <summary>§5.1.2.3: query sent to the name server.</summary>
    ServerQuery,

    /// <summary>A query to one machine alone, whoever that is: no step of the node's plan.</summary>
    DirectedQuery,

    /// <summary>NetBIOS learning mode: mDNS and LLMNR are asked first.</summary>
    LearningPause,

    /// <summary>Q219357: a name server did not know the name; the node waits before it goes on.</summary>
    NegativePause,

    /// <summary>§5.1.1.4: release broadcast.</summary>
    BroadcastRelease,

    /// <summary>§5.1.2.4: release sent to the name server.</summary>
    ServerRelease,

    /// <summary>§4.2.17: another node's names asked for.</summary>
    NodeStatus,
}

[Flags]
internal enum TransactionFlags : ushort
{
    None = 0,
    Group = 1,

    /// <summary>Part of a boot: its end may start the next wave.</summary>
    Boot = 2,

    /// <summary>A user's name at logon.</summary>
    User = 4,

    /// <summary>Nobody asked for a result.</summary>
    Silent = 8,

    /// <summary>Tries whether the primary name server is back.</summary>
    SwitchBack = 16,

    /// <summary>The release of a name that the node does not hold.</summary>
    NotOurs = 32,

    /// <summary>A proxy asks on behalf of somebody else.</summary>
    Proxy = 64,

    /// <summary>The release of a former address (in <see cref="NodeTransaction.FirstEntry"/>); the name is claimed for the new one next.</summary>
    Reclaim = 128,

    /// <summary>A name server has answered, if only that it does not know the name: the next is asked, but not turned to.</summary>
    Answered = 256,

    /// <summary>A name server was silent: whichever answers now is turned to.</summary>
    ServerWasSilent = 512,

    /// <summary>The name server has granted the claim, and nobody on the segment may object any more once CONFLICT_TIMER has run.</summary>
    Granted = 1024,

    /// <summary>The release of a claim that the segment refused: for the name server that granted it alone.</summary>
    Withdrawal = 2048,

    /// <summary>A query whose RD is clear: a node is asked for itself alone.</summary>
    NoRecursion = 4096,
}

/// <summary>A request that waits for its answer, or for the lack of one. Plain data; nodes keep theirs in a <see cref="TransactionTable"/>.</summary>
internal sealed class NodeTransaction
{
    /// <summary>So many that are done with wait for the thread's next requests, so that a node that asks all the time allocates nothing.</summary>
    private const int MaxSpare = 64;

    [ThreadStatic]
    private static NodeTransaction? t_spare;

    [ThreadStatic]
    private static int t_spareCount;

    /// <summary>The next younger one; <see cref="TransactionTable"/>'s own.</summary>
    [NotState("they are carried in order")]
    public NodeTransaction? Next;
    public NetBiosName Name;
    public Instant Deadline;

    /// <summary>Until when anybody may object to a broadcast claim (RFC 1001 §15.2.1), whatever the claim is at by then.</summary>
    public Instant ClaimUntil;
    public OperationId Operation;

    /// <summary>The name server or node that is asked; 0.0.0.0 for a broadcast.</summary>
    public Ipv4Address Target;

    /// <summary>The name server whose turn it is, also while the owner of a name is challenged.</summary>
    public Ipv4Address Server;

    /// <summary>
    /// The first answer to a broadcast query: whom a later one is compared with. Of a query to name servers: who said first that it does not know the name. Of a claim: who refused it on another interface, and why. Of a
    /// release: the former address, where that is what is released.
    /// </summary>
    public Ipv4Address FirstResponder;
    public NbEntry FirstEntry;
    public NbnsRcode FirstRcode;

    /// <summary>The decision because of which its timer runs, while somebody listens; no part of its state.</summary>
    public long Decision;
    public ushort TransactionId;
    public OperationKind Kind;
    public TransactionPhase Phase;
    public TransactionFlags Flags;
    public byte Step;
    public byte Interface;
    public byte ServersTried;
    public byte Redirects;
    public ushort TriesLeft;

    /// <summary>How often each of its phases asks; 0 for as often as the dialect says.</summary>
    public ushort Tries;

    /// <summary>Whether it is in a table; the table's own.</summary>
    [NotState("true of those that are carried")]
    public bool IsOpen;

    public bool IsGroup => Has(TransactionFlags.Group);

    /// <summary>Whether it claims, refreshes or releases a name.</summary>
    public bool HasInHand(in NetBiosName name) => Kind is not (OperationKind.Query or OperationKind.NodeStatus) && Name == name;

    public bool Has(TransactionFlags any) => (Flags & any) != TransactionFlags.None;

    public bool HasSameStateAs(NodeTransaction other) =>
        Name == other.Name && (Deadline, ClaimUntil, Operation, Target, Server) == (other.Deadline, other.ClaimUntil, other.Operation, other.Target, other.Server)
        && (FirstResponder, FirstEntry, FirstRcode, TransactionId, Kind, Phase)
            == (other.FirstResponder, other.FirstEntry, other.FirstRcode, other.TransactionId, other.Kind, other.Phase)
        && (Flags, Step, Interface, ServersTried, Redirects, TriesLeft, Tries)
            == (other.Flags, other.Step, other.Interface, other.ServersTried, other.Redirects, other.TriesLeft, other.Tries);

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        codec.Carry(ref Name);
        codec.Carry(ref Deadline);
        codec.CarryUntil(ref ClaimUntil);
        int operation = Operation.Value;
        codec.CarryOperation(ref operation);
        Operation = new OperationId(operation);
        codec.Carry(ref Target);
        codec.Carry(ref Server);
        codec.Carry(ref FirstResponder);
        codec.Carry(ref FirstEntry);
        codec.Carry(ref FirstRcode, (NbnsRcode)15);
        codec.CarryCause(ref Decision);
        codec.CarryTransactionId(ref TransactionId);
        codec.Carry(ref Kind, OperationKind.Shutdown);
        codec.Carry(ref Phase, TransactionPhase.NodeStatus);
        codec.Carry(ref Flags, (TransactionFlags)8191);
        codec.Carry(ref Step);
        codec.Carry(ref Interface);
        codec.Carry(ref ServersTried);
        codec.Carry(ref Redirects);
        codec.Carry(ref TriesLeft);
        codec.Carry(ref Tries);
    }

    /// <summary>One that is blank.</summary>
    public static NodeTransaction Take()
    {
        if (t_spare is not { } spare)
            return new NodeTransaction();
        t_spare = spare.Next;
        t_spareCount--;
        spare.Next = null;
        return spare;
    }

    /// <summary>Whoever looked at it last lets go of it: one that runs no longer is used again.</summary>
    public void LetGo()
    {
        if (IsOpen || t_spareCount >= MaxSpare)
            return;
        Blank();
        Next = t_spare;
        t_spare = this;
        t_spareCount++;
    }

    /// <summary>Makes it as if it were new.</summary>
    public void Blank()
    {
        (Next, Name, Deadline, ClaimUntil, Operation) = (null, default, default, default, default);
        (Target, Server, FirstResponder, FirstEntry, FirstRcode) = (default, default, default, default, default);
        (Decision, TransactionId, Kind, Phase, Flags, Step) = (default, default, default, default, default, default);
        (Interface, ServersTried, Redirects, TriesLeft, Tries, IsOpen) = (default, default, default, default, default, default);
    }

    public NodeTransaction Clone()
    {
        var copy = (NodeTransaction)MemberwiseClone();
        copy.Next = null;
        return copy;
    }
}
