using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>A request that waits for a verdict: who claims a name and what the claim says; or a release of another's name.</summary>
internal readonly record struct WaitingClaim
{
    /// <summary>Keeps a request.</summary>
    public WaitingClaim(in ServerRequest request)
    {
        Claimant = request.Source;
        InterfaceIndex = request.InterfaceIndex;
        Id = request.TransactionId;
        Flags = request.Flags;
        Entry = request.Entry;
        TimeToLive = request.TimeToLive;
    }

    public Ipv4Endpoint Claimant { get; private init; }

    public int InterfaceIndex { get; private init; }

    public ushort Id { get; private init; }

    public NbnsFlags Flags { get; private init; }

    public NbEntry Entry { get; private init; }

    public uint TimeToLive { get; private init; }

    /// <summary>Whether it is no claim, but a release of another's name.</summary>
    public bool IsRelease => Flags.Opcode == NbnsOpcode.Release;

    /// <summary>Whether a request is by the same claimant: of the same host, and for the same address.</summary>
    public bool IsBy(in ServerRequest request) =>
        Claimant.Address == request.Source.Address && Entry.Address == request.Entry.Address && Entry.Flags.IsGroup == request.IsGroup;

    /// <summary>The request, as if it came now.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="dispute">The dispute that it waits in.</param>
    /// <param name="encodedName">The name that it is about.</param>
    public ServerRequest Again(Instant now, in ServerTransaction dispute, ReadOnlySpan<byte> encodedName) => new()
    {
        Now = now,
        Source = Claimant,
        InterfaceIndex = InterfaceIndex,
        TransactionId = Id,
        Flags = Flags,
        EncodedName = encodedName,
        High = dispute.High,
        Low = dispute.Low,
        Scope = dispute.Scope,
        Entry = Entry,
        TimeToLive = TimeToLive,
    };

    /// <summary>Carries a claim.</summary>
    public static void Carry(StateCodec codec, ref WaitingClaim claim)
    {
        var (claimant, interfaceIndex, id, flags, entry, timeToLive) = (claim.Claimant, claim.InterfaceIndex, claim.Id, claim.Flags.Value, claim.Entry, claim.TimeToLive);
        codec.Carry(ref claimant);
        codec.Carry(ref interfaceIndex);
        codec.CarryTransactionId(ref id);
        codec.Carry(ref flags);
        codec.Carry(ref entry);
        codec.Carry(ref timeToLive);
        claim = new WaitingClaim { Claimant = claimant, InterfaceIndex = interfaceIndex, Id = id, Flags = new NbnsFlags(flags), Entry = entry, TimeToLive = timeToLive };
    }
}
