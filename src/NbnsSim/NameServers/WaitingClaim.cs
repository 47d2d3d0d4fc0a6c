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

    public Ipv4Endpoint Claimant { get; }

    public int InterfaceIndex { get; }

    public ushort Id { get; }

    public NbnsFlags Flags { get; }

    public NbEntry Entry { get; }

    public uint TimeToLive { get; }

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
}
