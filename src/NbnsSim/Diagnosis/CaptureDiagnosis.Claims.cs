using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <content>Claims that wait for their answer, or for the time in which an answer could come.</content>
public sealed partial class CaptureDiagnosis
{
    /// <summary>How often a broadcast claim is made before silence is consent (RFC 1002 §5.1.1.1, §6 BCAST_REQ_RETRY_COUNT).</summary>
    private const int WholeCourse = 3;

    /// <summary>How long a broadcast claim may draw a refusal: three tries of at most 750 ms (Windows' BcastQueryTimeout), with room to spare.</summary>
    private static readonly TimeSpan BroadcastWindow = TimeSpan.FromSeconds(5);

    /// <summary>RFC 1002 §6 BCAST_REQ_RETRY_TIMEOUT: how long after its last try a broadcast claim may still be refused.</summary>
    private static readonly TimeSpan LastTry = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan OneMoment = TimeSpan.FromMilliseconds(10);

    /// <summary>How far apart the ids are that one program gives to the claims of a handful of names on two adapters.</summary>
    private const int NextIds = 16;

    /// <summary>How long a name server may take: three tries of 5 s (RFC 1002 §6 UCAST_REQ_RETRY_TIMEOUT), with room to spare.</summary>
    private static readonly TimeSpan UnicastWindow = TimeSpan.FromSeconds(20);

    private readonly Dictionary<ClaimKey, PendingClaim> _claims = [];
    private readonly Dictionary<CurrentKey, PendingClaim> _openBroadcasts = [];
    private readonly Queue<PendingClaim> _broadcastClaims = new();
    private readonly Queue<PendingClaim> _unicastClaims = new();
    private readonly Stack<PendingClaim> _spareClaims = new();

    private void Claim(Sighting at, NbnsMessageKind kind, NetBiosName name, NbEntry entry)
    {
        if (NameIndex(name, at.Frame) is not (>= 0 and var nameIndex))
            return;
        var key = new ClaimKey(nameIndex, at.Source, at.TransactionId);
        if (_claims.TryGetValue(key, out var claim) && claim.First.IsBroadcast != at.IsBroadcast)
        {
            if (!claim.IsSettled)
                SettleUnanswered(claim, at.Time, isGivenUp: true); // its next step, under the same id: the one before has found nobody
            claim.IsSettled = true;
        }
        else if (claim is not null)
        {
            claim.Last = at; // one of its repeats
            claim.Tries++;
            claim.Add(at.Frame);
            NoteOddName(at, name);
            return;
        }

        if (_claims.Count >= MaxPendingClaims || _machines.IndexOf(at.Source) < 0)
        {
            NotKept(at.Frame);
            return;
        }

        _machines.NoteNodeType(at.Source, entry.Flags.OwnerNodeType);
        if (entry.Address != Ipv4Address.Any)
            _machines.AreOneMachine(entry.Address, at.Source);
        _machines.NoteName(at.Source, name, entry.Flags.IsGroup);
        NoteOddName(at, name);
        NoteClaimant(at, nameIndex, at.IsBroadcast ? default : at.Destination);
        claim = _spareClaims.TryPop(out var spare) ? spare : new PendingClaim();
        claim.Key = key;
        claim.Name = name;
        claim.Kind = kind;
        claim.Host = HolderOf(entry, at.Source);
        claim.IsGroup = entry.Flags.IsGroup;
        claim.First = claim.Last = at;
        claim.Tries = 1;
        claim.Frames.Clear();
        claim.Add(at.Frame);
        claim.IsSettled = claim.IsRefused = claim.IsInDispute = false;
        claim.Deadline = at.Time + (at.IsBroadcast ? BroadcastWindow : UnicastWindow);
        _claims[key] = claim;
        if (at.IsBroadcast)
            _openBroadcasts[new CurrentKey(nameIndex, at.Source)] = claim;
        (at.IsBroadcast ? _broadcastClaims : _unicastClaims).Enqueue(claim);
    }

    private void NoteClaimant(Sighting at, int nameIndex, Ipv4Address server)
    {
        ref var chains = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_names)[nameIndex];
        if (chains.FirstClaimant == Ipv4Address.Any)
            (chains.FirstClaimant, chains.FirstServer, chains.FirstClaimed, chains.FirstId) = (at.Source, server, at.Time, at.TransactionId);
        else if (!_machines.SameMachine(chains.FirstClaimant, at.Source))
        {
            // One program claims a name in two networks at once, and its ids follow one another: a machine with an adapter in each (observed: nmbd).
            if (Between(at.Time, chains.FirstClaimed) <= OneMoment && Math.Abs(at.TransactionId - chains.FirstId) <= NextIds && _machines.DoNotHear(chains.FirstClaimant, at.Source))
                _machines.AreOneMachine(chains.FirstClaimant, at.Source);
            else if (chains.SecondClaimant == Ipv4Address.Any)
                (chains.SecondClaimant, chains.SecondServer, chains.SecondClaimed) = (at.Source, server, at.Time);
        }
    }

    private static TimeSpan Between(Instant one, Instant other) => (one - other).Duration();

    private void Granted(Sighting at, NetBiosName name, NbEntry entry)
    {
        if (TakeClaim(at, at.Destination, name) is not { } claim)
        {
            if (!at.IsBroadcast && entry.Address == at.Destination)
                Hold(at, name, entry.Address, entry.Flags.IsGroup, NodeRules.ServerGranted); // it says what was granted, whether or not the request is in the capture
            return;
        }

        _machines.NoteServer(at.Source, at.Destination, at.Time);
        if (claim.Kind == NbnsMessageKind.MultihomedNameRegistrationRequest && !claim.IsGroup)
        {
            foreach (int index in HoldersOf(at, name, group: false))
            {
                if (!HasAnsweredAlone(_holdings[index], at.Time))
                    _machines.AreOneMachine(_holdings[index].Host, claim.Host); // whom the name server had asked, and who named this address too (MS-NBTE §3.2.5)
            }
        }

        Hold(at, name, claim.Host, claim.IsGroup, claim.IsRefresh ? NodeRules.Refreshed : NodeRules.ServerGranted, claim);
    }

    /// <summary>Whether the holder was just asked and named its own addresses only: what it named with them is its own already.</summary>
    private static bool HasAnsweredAlone(in Holding holding, Instant now) => holding.LastSeenRule == NodeRules.AnswerQuery && now - holding.LastSeen <= UnicastWindow;

    private void Refused(Sighting at, NetBiosName name, NbEntry entry, NbnsRcode rcode)
    {
        var claim = TakeClaim(at, at.Destination, name);
        bool held = FindCurrent(name, claim?.Host ?? at.Destination) >= 0;
        bool isBroadcast = claim?.First.IsBroadcast == true;
        if (claim is not null && !isBroadcast)
            _machines.NoteServer(at.Source, at.Destination, at.Time);

        // A defender says its own address in RDATA (RFC 1002 §4.2.6), a name server the owner's, some stacks the claimant's.
        if (rcode == NbnsRcode.ActiveError && isBroadcast)
            Hold(at, name, at.Source, entry.Flags.IsGroup, entry.Flags.IsGroup ? NodeRules.DefendGroup : NodeRules.DefendUnique);
        bool refresh = claim?.IsRefresh == true;
        bool loses = claim is not null && !isBroadcast && (refresh || held); // RFC 1002 §5.1.2.6; a late claim of what is held by broadcast alike (Q242053)
        FindingEvent? logged;
        string what = $"{at.Source} refused {at.Destination} {(refresh ? "the refresh of " : "")}{name} ({rcode.Symbol()})";
        if (loses)
        {
            logged = FindingEvent.RefreshRefused;
            what += refresh ? "" : ", which it holds already";
        }
        else if (claim is not null)
        {
            logged = rcode is NbnsRcode.ActiveError or NbnsRcode.ConflictError or NbnsRcode.Refused ? FindingEvent.ClaimRefused : FindingEvent.ClaimFailed;
        }
        else if (at.Time - _start <= UnicastWindow)
        {
            logged = FindingEvent.ClaimRefused; // the capture may have begun in between
            what += "; the claim itself is not in the capture";
        }
        else
        {
            logged = !held ? null : _machines.ServerOf(at.Destination) == at.Source ? FindingEvent.UnsolicitedRefusalByServer : FindingEvent.UnsolicitedRefusal;
            what += ", which answers nothing that the capture shows";
        }

        if (claim is not null && claim.IsRefused)
            logged = null; // another objection to the same claim: the first has ended it
        else if (claim is not null)
            claim.IsRefused = true;
        var facts = RefusalFacts(at, name, entry, rcode, claim);
        long shown = facts is { ByServer: true, ChallengeFrames: [] } ? Math.Max(LastShown(name, facts.Owner), LastShownOfGroup(at, name)) : 0; // else the refusal, or what the holder answered, shows it
        Report(
            new Finding(FindingKind.RegistrationRefused, at.Time, name, _machines.FirstAddressOf(at.Destination), at.Source, Proof(shown, claim, at.Frame), what, logged) { Facts = facts },
            claim?.Host ?? at.Destination);
        if (_nameIndex.TryGetValue(name, out int nameIndex) && _openBroadcasts.TryGetValue(new CurrentKey(nameIndex, at.Destination), out var open))
            open.IsSettled = true; // what a name server refuses is not held though nobody on the segment objected
        if (claim is not null)
            End(at, name, claim.Host, loses ? NodeRules.RefreshRefused : NodeRules.ClaimRefused);
    }

    private FindingFacts RefusalFacts(Sighting at, NetBiosName name, NbEntry entry, NbnsRcode rcode, PendingClaim? claim)
    {
        bool byServer = claim is { First.IsBroadcast: false } || _machines.FactsOf(at.Source).ServesNames;
        var owner = entry.Address == Ipv4Address.Any || _machines.SameMachine(entry.Address, at.Destination) ? default : entry.Address;
        if (byServer && owner == Ipv4Address.Any)
            owner = OtherHolder(at, name); // some name servers say back what was claimed
        var (outcome, frames, since) = byServer && owner != Ipv4Address.Any && NameIndex(name) is >= 0 and var index
            ? _queries.ChallengeOf(_machines.FirstAddressOf(at.Source), owner, index, at.Time, ChallengeWindow)
            : (ChallengeOutcome.NotSeen, [], default);
        return new FindingFacts
        {
            Rcode = rcode,
            ByServer = byServer,
            ClaimIsGroup = claim?.IsGroup,
            OtherIsGroup = IsGroups(at, name) ? true : entry.Address == Ipv4Address.Any || owner == Ipv4Address.Any ? null : entry.Flags.IsGroup,
            Owner = owner,
            HasClaim = claim is not null,
            WasInDispute = claim?.IsInDispute == true,
            IsSimultaneous = claim is not null && IsSimultaneous(claim),
            Challenge = outcome,
            ChallengedAt = since,
            ChallengeFrames = frames,
        };
    }

    /// <summary>Whether somebody has a name as a group's.</summary>
    private bool IsGroups(Sighting at, NetBiosName name) => HoldersOf(at, name, group: true).MoveNext();

    private long LastShownOfGroup(Sighting at, NetBiosName name)
    {
        foreach (int index in HoldersOf(at, name, group: true))
            return _holdings[index].LastSeenFrame;
        return 0;
    }

    /// <summary>The claim that this answers and that was not answered yet.</summary>
    private PendingClaim? FindClaim(Sighting at, Ipv4Address claimant, NetBiosName name) =>
        _nameIndex.TryGetValue(name, out int index) && _claims.TryGetValue(new ClaimKey(index, claimant, at.TransactionId), out var claim) && !claim.IsSettled ? claim : null;

    /// <summary>A WACK moves the end of the wait (RFC 1002 §4.2.16).</summary>
    private void Wait(Sighting at, NetBiosName name, uint seconds)
    {
        if (FindClaim(at, at.Destination, name) is not { } claim)
        {
            NoteDispute(at, name);
            return;
        }

        claim.IsInDispute = true;
        claim.Add(at.Frame);
        claim.Deadline = at.Time + TimeSpan.FromSeconds(Math.Min(seconds, 3600)) + UnicastWindow;
    }

    /// <summary>The refusal has overtaken the WACK that was sent before it.</summary>
    private void NoteDispute(Sighting at, NetBiosName name)
    {
        for (int i = _findings.Count - 1; i >= 0 && i >= _findings.Count - 16; i--)
        {
            if (_findings[i] is { Kind: FindingKind.RegistrationRefused } finding && finding.Name == name && finding.Other == at.Source && at.Time - finding.Time <= OneMoment)
                _findings[i] = finding with { Facts = finding.Facts with { WasInDispute = true } };
        }
    }

    /// <summary>A claim that is answered. It stays in mind for a moment: a second defender may answer too, and a repeat may cross the answer.</summary>
    private PendingClaim? TakeClaim(Sighting at, Ipv4Address claimant, NetBiosName name)
    {
        if (!_nameIndex.TryGetValue(name, out int index) || !_claims.TryGetValue(new ClaimKey(index, claimant, at.TransactionId), out var claim))
            return null;
        claim.IsSettled = true;
        var end = at.Time + BroadcastWindow;
        claim.Deadline = end < claim.Deadline ? end : claim.Deadline;
        return claim;
    }

    /// <summary>Whoever releases a name whose claim it has just brought to its end, and that nobody has refused it, held it until now.</summary>
    private void SettleOwnClaim(Sighting at, NetBiosName name)
    {
        if (!_nameIndex.TryGetValue(name, out int index) || !_openBroadcasts.TryGetValue(new CurrentKey(index, at.Source), out var claim) || claim.IsSettled)
            return;
        claim.IsSettled = true;
        if (IsWhole(claim, at.Time))
            Hold(claim.Last, claim.Name, claim.Host, claim.IsGroup, NodeRules.NobodyObjected, claim);
    }

    /// <summary>Whether a broadcast claim has run its course: one that breaks off, or whose end was not captured, shows no holding.</summary>
    private static bool IsWhole(PendingClaim claim, Instant now) => claim.Tries >= WholeCourse && now - claim.Last.Time >= LastTry;

    private void SettleClaims(Instant now, bool atEnd = false)
    {
        Settle(_broadcastClaims, now, atEnd);
        Settle(_unicastClaims, now, atEnd);
    }

    private void Settle(Queue<PendingClaim> claims, Instant now, bool atEnd)
    {
        while (claims.TryPeek(out var claim) && (claim.Deadline < now || atEnd))
        {
            claims.Dequeue();
            if (_claims.TryGetValue(claim.Key, out var last) && ReferenceEquals(last, claim))
                _claims.Remove(claim.Key);
            var openKey = new CurrentKey(claim.Key.Name, claim.First.Source);
            if (_openBroadcasts.TryGetValue(openKey, out var open) && ReferenceEquals(open, claim))
                _openBroadcasts.Remove(openKey);
            if (!claim.IsSettled)
                SettleUnanswered(claim, now);
            _spareClaims.Push(claim);
        }
    }

    /// <summary>
    /// A claim that breaks off while another machine holds the name was refused, though the refusal, which goes to the claimant alone, is not in the capture:
    /// inferred, since nothing else ends a claim early.
    /// </summary>
    private void BrokenOff(PendingClaim claim)
    {
        if (IsMarker(claim.Name))
            return;
        foreach (int index in HoldersOf(claim.Last, claim.Name, group: false))
        {
            var holder = _holdings[index];
            bool wasFirst = holder.Since <= claim.First.Time || IsSimultaneous(claim)
                || (_names[claim.Key.Name] is var chains && chains.FirstClaimant == holder.Host && chains.FirstClaimed <= claim.First.Time + OneMoment);
            if (!wasFirst || _machines.SameMachine(holder.Host, claim.Host) || !_machines.Hears(holder.Host, claim.First.Destination, claim.First.Domain))
                continue;
            Report(new Finding(
                FindingKind.ClaimBrokenOff, claim.First.Time, claim.Name, _machines.FirstAddressOf(claim.First.Source), holder.Host,
                Proof(holder.LastSeenFrame, claim, claim.Last.Frame),
                $"{claim.First.Source} began to claim {claim.Name}, which {holder.Host} holds, and broke off: it was refused, by a message to it alone",
                FindingEvent.ClaimRefused)
            {
                Facts = new FindingFacts { Tries = claim.Tries, HasClaim = true, ClaimIsGroup = claim.IsGroup, OtherIsGroup = false, IsSimultaneous = IsSimultaneous(claim) },
            });
            return;
        }
    }

    /// <summary>Who else was seen last to hold a name than whoever is refused it; 0.0.0.0 where nobody was.</summary>
    private Ipv4Address OtherHolder(Sighting at, NetBiosName name)
    {
        int last = -1;
        foreach (int index in HoldersOf(at, name, group: false))
        {
            if (!_machines.SameMachine(_holdings[index].Host, at.Destination) && (last < 0 || _holdings[index].LastSeen >= _holdings[last].LastSeen))
                last = index;
        }

        return last < 0 ? default : _holdings[last].Host;
    }

    /// <summary>Whether a claim began at the same moment as that of another claimant's, at another address: two adapters of one machine do so.</summary>
    private bool IsSimultaneous(PendingClaim claim)
    {
        var chains = _names[claim.Key.Name];
        var other = chains.FirstClaimant != claim.First.Source ? chains.FirstClaimed : chains.SecondClaimant != Ipv4Address.Any ? chains.SecondClaimed : Instant.MaxValue;
        return (claim.First.Time - other).Duration() <= OneMoment;
    }

    private void SettleUnanswered(PendingClaim claim, Instant now, bool isGivenUp = false)
    {
        if (claim.First.IsBroadcast)
        {
            if (IsWhole(claim, now))
                Hold(claim.Last, claim.Name, claim.Host, claim.IsGroup, NodeRules.NobodyObjected, claim);
            else if (claim.Deadline < now)
                BrokenOff(claim);
            return;
        }

        if (claim.IsRefresh)
            Hold(claim.Last, claim.Name, claim.Host, claim.IsGroup, NodeRules.Refresh); // it holds what it refreshes, and nobody said otherwise
        if (!isGivenUp && claim.Deadline >= now && claim.Tries < WholeCourse)
            return; // the capture ends before the answer could be there
        if (claim.Tries < WholeCourse && _machines.FactsOf(claim.First.Destination).LastServed >= claim.First.Time)
            return; // it served names then: whoever gets no answer tries again (RFC 1002 §5.1.2.1), so there was one that the capture lacks
        Report(new Finding(
            FindingKind.NameServerSilent, claim.First.Time, claim.Name, claim.First.Source, claim.First.Destination, Proof(0, claim, claim.Last.Frame),
            $"{claim.First.Destination} never answered {claim.First.Source}'s request for {claim.Name} in this capture")
        {
            Facts = new FindingFacts { Tries = claim.Tries },
        });
    }

    private readonly record struct ClaimKey(int Name, Ipv4Address Claimant, ushort TransactionId)
    {
        public override int GetHashCode() => KeyedHash.Of(((ulong)(uint)Name << 32) | Claimant.Value, TransactionId);
    }

    /// <summary>A claim on its way; used again when it is done with.</summary>
    private sealed class PendingClaim
    {
        public ClaimKey Key { get; set; }

        public NetBiosName Name { get; set; }

        public NbnsMessageKind Kind { get; set; }

        public bool IsRefresh => Kind == NbnsMessageKind.NameRefreshRequest;

        public Ipv4Address Host { get; set; }

        public bool IsGroup { get; set; }

        public Sighting First { get; set; }

        public Sighting Last { get; set; }

        /// <summary>Its frames, and those in which it was asked to wait; the first of them where there are many.</summary>
        public List<long> Frames { get; } = [];

        public int Tries { get; set; }

        public Instant Deadline { get; set; }

        public bool IsSettled { get; set; }

        public bool IsRefused { get; set; }

        /// <summary>Whether the claimant was asked to wait.</summary>
        public bool IsInDispute { get; set; }

        public void Add(long frame)
        {
            if (Frames.Count < Incident.MaxListed)
                Frames.Add(frame);
        }
    }
}
