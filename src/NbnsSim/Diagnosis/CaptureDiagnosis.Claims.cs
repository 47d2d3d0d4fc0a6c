using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <summary>Claims that wait for their answer, or for the time in which an answer could come.</summary>
public sealed partial class CaptureDiagnosis
{
    private readonly Dictionary<(Ipv4Address Claimant, ushort TransactionId, NetBiosName Name), PendingClaim> _claims = [];
    private readonly Dictionary<(Ipv4Address Claimant, NetBiosName Name), PendingClaim> _openBroadcasts = [];
    private readonly Queue<PendingClaim> _broadcastClaims = new();
    private readonly Queue<PendingClaim> _unicastClaims = new();

    private void Claim(Sighting at, NbnsMessageKind kind, NetBiosName name, NbEntry entry)
    {
        if (_claims.TryGetValue((at.Source, at.TransactionId, name), out var claim))
        {
            claim.Last = at; // one of its repeats
            return;
        }

        if (_claims.Count >= MaxPendingClaims)
        {
            IsComplete = false;
            return;
        }

        if (entry.Address != Ipv4Address.Any)
            AreOneMachine(entry.Address, at.Source);
        claim = new PendingClaim
        {
            Name = name,
            Kind = kind,
            Host = HolderOf(entry, new Ipv4Endpoint(at.Source, 0)),
            IsGroup = entry.Flags.IsGroup,
            First = at,
            Last = at,
            Deadline = at.Time + (at.IsBroadcast ? BroadcastWindow : UnicastWindow),
        };
        _claims[(at.Source, at.TransactionId, name)] = claim;
        if (at.IsBroadcast)
            _openBroadcasts[(at.Source, name)] = claim;
        (at.IsBroadcast ? _broadcastClaims : _unicastClaims).Enqueue(claim);
    }

    private void Granted(Sighting at, NetBiosName name)
    {
        if (TakeClaim(at, at.Destination, name) is not { } claim)
            return;
        if (claim.Kind == NbnsMessageKind.MultihomedNameRegistrationRequest && !claim.IsGroup && _holders.TryGetValue(name, out var holders))
        {
            foreach (var other in holders.Unique.Take(MaxCompared).ToArray())
                AreOneMachine(other, claim.Host); // whom the name server had asked, and who named this address too (MS-NBTE §3.2.5)
        }

        Hold(at, name, claim.Host, claim.IsGroup, claim.IsRefresh ? HoldingEvidence.Refresh : HoldingEvidence.Granted);
    }

    private void Refused(Sighting at, NetBiosName name, NbEntry entry, NbnsRcode rcode)
    {
        var claim = TakeClaim(at, at.Destination, name);
        // A defender says its own address in RDATA (RFC 1002 §4.2.6), a name server the owner's, some stacks the claimant's.
        if (rcode == NbnsRcode.ActiveError && claim is { First.IsBroadcast: true })
            Hold(at, name, at.Source, entry.Flags.IsGroup, HoldingEvidence.Defence);
        bool refresh = claim?.IsRefresh == true;
        Report(new Finding(
            FindingKind.RegistrationRefused, at.Time, name, at.Destination, at.Source,
            claim is null ? [at.Frame] : [claim.First.Frame, at.Frame],
            $"{at.Source} refused {at.Destination} {(refresh ? "the refresh of " : "")}{name} ({rcode.Symbol()})",
            refresh ? null : Events.NetBtEventId.DuplicateNameError,
            refresh ? null : Basis.Documented,
            refresh ? null : "message text of 4321 (Windows 2000 and later)"));
        if (_openBroadcasts.TryGetValue((at.Destination, name), out var open))
            open.IsSettled = true; // what a name server refuses is not held though nobody on the segment objected
        if (claim is not null)
            End(at, name, claim.Host, refresh ? HoldingEnd.Conflict : HoldingEnd.Refused); // RFC 1002 §5.1.2.6: a refused refresh puts the name in conflict
    }

    private bool IsClaimed(Sighting at, NetBiosName name) => _claims.TryGetValue((at.Destination, at.TransactionId, name), out var claim) && !claim.IsSettled;

    /// <summary>A WACK moves the end of the wait (RFC 1002 §4.2.16).</summary>
    private void Wait(Sighting at, NetBiosName name, uint seconds)
    {
        if (_claims.TryGetValue((at.Destination, at.TransactionId, name), out var claim) && !claim.IsSettled)
            claim.Deadline = at.Time + TimeSpan.FromSeconds(Math.Min(seconds, 3600)) + UnicastWindow;
    }

    private void EndClaim(Sighting at, NetBiosName name) => TakeClaim(at, at.Source, name);

    /// <summary>A claim that is answered. It stays in mind for a moment: a second defender may answer too, and a repeat may cross the answer.</summary>
    private PendingClaim? TakeClaim(Sighting at, Ipv4Address claimant, NetBiosName name)
    {
        if (!_claims.TryGetValue((claimant, at.TransactionId, name), out var claim))
            return null;
        claim.IsSettled = true;
        var end = at.Time + BroadcastWindow;
        claim.Deadline = end < claim.Deadline ? end : claim.Deadline;
        return claim;
    }

    /// <summary>Whoever releases a name that it has just claimed, and that nobody has refused it, held it until now.</summary>
    private void SettleOwnClaim(Sighting at, NetBiosName name)
    {
        if (!_openBroadcasts.TryGetValue((at.Source, name), out var claim) || claim.IsSettled)
            return;
        claim.IsSettled = true;
        Hold(claim.Last, claim.Name, claim.Host, claim.IsGroup, HoldingEvidence.UnopposedClaim);
    }

    private void SettleClaims(Instant now)
    {
        Settle(_broadcastClaims, now);
        Settle(_unicastClaims, now);
    }

    private void Settle(Queue<PendingClaim> claims, Instant now)
    {
        while (claims.TryPeek(out var claim) && claim.Deadline < now)
        {
            claims.Dequeue();
            _claims.Remove((claim.First.Source, claim.First.TransactionId, claim.Name));
            if (_openBroadcasts.TryGetValue((claim.First.Source, claim.Name), out var open) && ReferenceEquals(open, claim))
                _openBroadcasts.Remove((claim.First.Source, claim.Name));
            if (claim.IsSettled)
                continue;
            if (claim.First.IsBroadcast)
            {
                Hold(claim.Last, claim.Name, claim.Host, claim.IsGroup, HoldingEvidence.UnopposedClaim);
                continue;
            }

            if (claim.IsRefresh)
                Hold(claim.Last, claim.Name, claim.Host, claim.IsGroup, HoldingEvidence.Refresh); // it holds what it refreshes, and nobody said otherwise
            Report(new Finding(
                FindingKind.NameServerSilent, claim.First.Time, claim.Name, claim.First.Source, claim.First.Destination,
                claim.Last.Frame == claim.First.Frame ? [claim.First.Frame] : [claim.First.Frame, claim.Last.Frame],
                $"{claim.First.Destination} never answered {claim.First.Source}'s request for {claim.Name} in this capture"));
        }
    }

    private sealed class PendingClaim
    {
        public required NetBiosName Name { get; init; }

        public required NbnsMessageKind Kind { get; init; }

        public bool IsRefresh => Kind == NbnsMessageKind.NameRefreshRequest;

        public required Ipv4Address Host { get; init; }

        public required bool IsGroup { get; init; }

        public required Sighting First { get; init; }

        public required Sighting Last { get; set; }

        public Instant Deadline { get; set; }

        public bool IsSettled { get; set; }
    }
}
