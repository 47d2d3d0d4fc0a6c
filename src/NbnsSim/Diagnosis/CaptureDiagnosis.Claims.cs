using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <summary>Claims that wait for their answer, or for the time in which an answer could come.</summary>
public sealed partial class CaptureDiagnosis
{
    private readonly Dictionary<(Ipv4Address Claimant, ushort TransactionId), PendingClaim> _claims = [];
    private readonly Queue<PendingClaim> _broadcastClaims = new();
    private readonly Queue<PendingClaim> _unicastClaims = new();

    private void Claim(Sighting at, NbnsMessageKind kind, NetBiosName name, NbEntry entry)
    {
        if (_claims.TryGetValue((at.Source, at.TransactionId), out var claim) && claim.Name == name)
        {
            claim.LastFrame = at.Frame; // one of its repeats
            return;
        }

        if (_claims.Count >= MaxPendingClaims)
        {
            IsComplete = false;
            return;
        }

        if (kind == NbnsMessageKind.NameRefreshRequest)
            Hold(at, name, HolderOf(entry, new Ipv4Endpoint(at.Source, 0)), entry.Flags.IsGroup, HoldingEvidence.Refresh);
        claim = new PendingClaim
        {
            Name = name,
            Kind = kind,
            Host = HolderOf(entry, new Ipv4Endpoint(at.Source, 0)),
            IsGroup = entry.Flags.IsGroup,
            First = at,
            LastFrame = at.Frame,
            Deadline = at.Time + (at.IsBroadcast ? BroadcastWindow : UnicastWindow),
        };
        _claims[(at.Source, at.TransactionId)] = claim;
        (at.IsBroadcast ? _broadcastClaims : _unicastClaims).Enqueue(claim);
    }

    private void Granted(Sighting at, NetBiosName name)
    {
        if (TakeClaim(at.Destination, at.TransactionId, name) is { } claim)
            Hold(at, name, claim.Host, claim.IsGroup, HoldingEvidence.Granted);
    }

    private void Refused(Sighting at, NetBiosName name, NbEntry entry, NbnsRcode rcode)
    {
        var claim = TakeClaim(at.Destination, at.TransactionId, name);
        // A defender says its own address in RDATA (RFC 1002 §4.2.6), a name server the owner's, some stacks the claimant's.
        if (rcode == NbnsRcode.ActiveError && claim is { First.IsBroadcast: true })
            Hold(at, name, at.Source, entry.Flags.IsGroup, HoldingEvidence.Defence);
        bool refresh = claim?.Kind == NbnsMessageKind.NameRefreshRequest;
        Report(new Finding(
            FindingKind.RegistrationRefused, at.Time, name, at.Destination, at.Source,
            claim is null ? [at.Frame] : [claim.First.Frame, at.Frame],
            $"{at.Source} refused {at.Destination} {(refresh ? "the refresh of " : "")}{name} ({rcode})",
            refresh || name.Suffix == NameSuffix.Messenger ? null : Events.NetBtEventId.DuplicateNameError,
            refresh || name.Suffix == NameSuffix.Messenger ? null : Basis.Documented,
            refresh || name.Suffix == NameSuffix.Messenger ? null : "message text of 4321 (Windows 2000 and later)"));
        if (refresh)
            End(at, name, at.Destination, HoldingEnd.Conflict); // RFC 1002 §5.1.2.6: a refused refresh puts the name in conflict
    }

    /// <summary>A WACK moves the end of the wait (RFC 1002 §4.2.16).</summary>
    private void Wait(Sighting at, uint seconds)
    {
        if (_claims.TryGetValue((at.Destination, at.TransactionId), out var claim))
            claim.Deadline = at.Time + TimeSpan.FromSeconds(Math.Min(seconds, 3600)) + UnicastWindow;
    }

    private void EndClaim(Sighting at, NetBiosName name) => TakeClaim(at.Source, at.TransactionId, name);

    private PendingClaim? TakeClaim(Ipv4Address claimant, ushort transactionId, NetBiosName name)
    {
        if (!_claims.TryGetValue((claimant, transactionId), out var claim) || claim.Name != name)
            return null;
        _claims.Remove((claimant, transactionId));
        claim.IsSettled = true;
        return claim;
    }

    private void SettleClaims(Instant now)
    {
        Settle(_broadcastClaims, now);
        Settle(_unicastClaims, now);
    }

    private void Settle(Queue<PendingClaim> claims, Instant now)
    {
        while (claims.TryPeek(out var claim) && (claim.IsSettled || claim.Deadline < now))
        {
            claims.Dequeue();
            if (claim.IsSettled)
                continue;
            _claims.Remove((claim.First.Source, claim.First.TransactionId));
            if (claim.First.IsBroadcast)
            {
                Hold(claim.First with { Frame = claim.LastFrame }, claim.Name, claim.Host, claim.IsGroup, HoldingEvidence.UnopposedClaim);
                continue;
            }

            Report(new Finding(
                FindingKind.NameServerSilent, claim.First.Time, claim.Name, claim.First.Source, claim.First.Destination,
                claim.LastFrame == claim.First.Frame ? [claim.First.Frame] : [claim.First.Frame, claim.LastFrame],
                $"{claim.First.Destination} never answered {claim.First.Source}'s request for {claim.Name} in this capture"));
        }
    }

    private sealed class PendingClaim
    {
        public required NetBiosName Name { get; init; }

        public required NbnsMessageKind Kind { get; init; }

        public required Ipv4Address Host { get; init; }

        public required bool IsGroup { get; init; }

        public required Sighting First { get; init; }

        public long LastFrame { get; set; }

        public Instant Deadline { get; set; }

        public bool IsSettled { get; set; }
    }
}
