using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>
/// Claims on a name whose owner is being asked. RFC 1002 §5.1.4.1 answers every claimant; so each waits with a WACK of its own, in the order in which they came,
/// and only a repeat is swallowed. Where the name goes to the first, the others are refused: it has just been shown who owns it. A release by another node
/// waits among them where the owner is asked about it (RFC 1001 §15.3.2).
/// </content>
public sealed partial class NameServer
{
    private WaitingClaim[] _claims = [];
    private int _freeClaim = NameSlot.None;

    /// <summary>Puts a claim behind those that already wait for the same verdict.</summary>
    private void JoinDispute(int index, int slot, in Request request)
    {
        if (IsRepeat(index, request, out int count))
            return;
        if (count >= Options.ClaimsPerName)
            RefuseFull(request);
        else if (IsOverClaims(request, out ushort source))
            RefuseShare(request, source);
        else
            JoinWaiting(index, slot, request);
    }

    /// <summary>Whether a request waits already: one WACK is enough; the verdict goes to the id that its sender used last.</summary>
    private bool IsRepeat(int index, in Request request, out int count)
    {
        count = 0;
        for (int claim = _transactions[index].FirstClaim; claim != NameSlot.None; claim = _claims[claim].Next, count++)
        {
            ref var waiting = ref _claims[claim];
            if (!waiting.IsBy(request) || waiting.IsRelease != request.IsRelease)
                continue;
            _statistics.Swallowed++;
            Say(request, ServerRules.RepeatSwallowed);
            waiting = waiting.Renewed(request);
            return true;
        }

        return false;
    }

    private void JoinWaiting(int index, int slot, in Request request)
    {
        AddClaim(index, request);
        Say(request, ServerRules.JoinsDispute);
        if (Dialect.SendsWack)
            AskToWait(request, WackSeconds(slot));
    }

    private void AddClaim(int index, in Request request)
    {
        if (_freeClaim == NameSlot.None)
            GrowClaims();
        int claim = _freeClaim;
        _freeClaim = _claims[claim].Next;
        ushort source = _names.Sources?.FindOrAdd(request.Source.Address) ?? SourceTable.None;
        if (source != SourceTable.None)
            _names.Sources!.AddClaim(source);
        _claims[claim] = new WaitingClaim { Source = source, Next = NameSlot.None }.Renewed(request);
        ref int link = ref _transactions[index].FirstClaim;
        while (link != NameSlot.None)
            link = ref _claims[link].Next;
        link = claim;
    }

    /// <summary>A claimant gives up what it waits for: it must not be granted the name any more.</summary>
    /// <returns>Whether there is such a claim.</returns>
    private bool TryWithdraw(int index, in Request release)
    {
        ref int link = ref _transactions[index].FirstClaim;
        while (link != NameSlot.None && !(_claims[link].IsBy(release) && !_claims[link].IsRelease))
            link = ref _claims[link].Next;
        if (link == NameSlot.None)
            return false;
        int claim = link;
        link = _claims[claim].Next;
        Say(release, ServerRules.ClaimWithdrawn);
        FreeClaim(claim);
        if (_transactions[index] is { Kind: TransactionKind.Claim, FirstClaim: NameSlot.None })
            End(index);
        return true;
    }

    private void FreeClaim(int claim)
    {
        if (_claims[claim].Source != SourceTable.None)
            _names.Sources!.RemoveClaim(_claims[claim].Source);
        _claims[claim] = new WaitingClaim { Next = _freeClaim };
        _freeClaim = claim;
    }

    private void GrowClaims()
    {
        int count = _claims.Length;
        Array.Resize(ref _claims, Math.Max(8, 2 * count));
        for (int claim = _claims.Length - 1; claim >= count; claim--)
        {
            _claims[claim].Next = _freeClaim;
            _freeClaim = claim;
        }
    }

    /// <summary>The request that a claim came with, in the words of one that comes now.</summary>
    private static Request Again(in WaitingClaim claim, Instant now, in Transaction transaction, ReadOnlySpan<byte> encodedName) => new()
    {
        Now = now,
        Source = claim.Claimant,
        InterfaceIndex = claim.InterfaceIndex,
        TransactionId = claim.Id,
        Flags = claim.Flags,
        EncodedName = encodedName,
        High = transaction.High,
        Low = transaction.Low,
        Scope = transaction.Scope,
        Entry = claim.Entry,
        TimeToLive = claim.TimeToLive,
    };

    /// <summary>Who claims a name and what the claim says.</summary>
    private struct WaitingClaim
    {
        public Ipv4Endpoint Claimant;
        public int InterfaceIndex;
        public ushort Id;

        /// <summary>Its number in the <see cref="SourceTable"/>.</summary>
        public ushort Source;
        public NbnsFlags Flags;
        public NbEntry Entry;
        public uint TimeToLive;
        public int Next;

        /// <summary>Whether it is no claim, but a release of another's name.</summary>
        public readonly bool IsRelease => Flags.Opcode == NbnsOpcode.Release;

        /// <summary>Whether a request is by the same claimant: of the same host, and for the same address.</summary>
        public readonly bool IsBy(in Request request) =>
            Claimant.Address == request.Source.Address && Entry.Address == request.Entry.Address && Entry.Flags.IsGroup == request.IsGroup;

        public readonly WaitingClaim Renewed(in Request request) => this with
        {
            Claimant = request.Source,
            InterfaceIndex = request.InterfaceIndex,
            Id = request.TransactionId,
            Flags = request.Flags,
            Entry = request.Entry,
            TimeToLive = request.TimeToLive,
        };

        public readonly bool HasSameStateAs(in WaitingClaim other) =>
            (Claimant, InterfaceIndex, Id, Flags, Entry, TimeToLive) == (other.Claimant, other.InterfaceIndex, other.Id, other.Flags, other.Entry, other.TimeToLive);
    }
}
