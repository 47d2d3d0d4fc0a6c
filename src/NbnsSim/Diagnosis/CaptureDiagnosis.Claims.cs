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

    private void Claim(in Sighting at, NbnsMessageKind kind, in NetBiosName name, NbEntry entry)
    {
        if (NumberOf(at, name) is not (>= 0 and var number))
            return;
        var key = new ClaimKey(number, at.Source, at.TransactionId);
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

        if (_claims.Count >= MaxPendingClaims || at.Sender.Number < 0)
        {
            NotKept(at.Frame);
            return;
        }

        _machines.NoteNodeType(at.Sender, entry.Flags.OwnerNodeType);
        if (entry.Address != Ipv4Address.Any)
            _machines.AreOneMachine(entry.Address, at.Source);
        _machines.NoteName(at.Source, name, entry.Flags.IsGroup);
        NoteOddName(at, name);
        NoteClaimant(at, number, at.IsBroadcast ? default : at.Destination);
        claim = _spareClaims.TryPop(out var spare) ? spare : new PendingClaim();
        claim.Key = key;
        claim.Name = name;
        claim.Kind = kind;
        claim.Host = HolderOf(entry, at);
        claim.IsGroup = entry.Flags.IsGroup;
        claim.First = at;
        claim.First.Name = number;
        claim.Last = claim.First;
        claim.Tries = 1;
        claim.Frames.Clear();
        claim.Add(at.Frame);
        claim.IsSettled = claim.IsRefused = claim.IsInDispute = false;
        claim.Deadline = at.Time + (at.IsBroadcast ? BroadcastWindow : UnicastWindow);
        _claims[key] = claim;
        if (at.IsBroadcast)
            _openBroadcasts[new CurrentKey(number, at.Source)] = claim;
        (at.IsBroadcast ? _broadcastClaims : _unicastClaims).Enqueue(claim);
    }

    private void NoteClaimant(in Sighting at, int number, Ipv4Address server)
    {
        ref var state = ref _names[number];
        if (state.FirstClaimant == Ipv4Address.Any)
            (state.FirstClaimant, state.FirstServer, state.FirstClaimed, state.FirstId) = (at.Source, server, at.Time, at.TransactionId);
        else if (state.FirstClaimant != at.Source && _machines.Find(state.FirstClaimant) is var first && !_machines.SameMachine(first, at.Sender))
        {
            // One program claims a name in two networks at once, and its ids follow one another: a machine with an adapter in each (observed: nmbd).
            if (Between(at.Time, state.FirstClaimed) <= OneMoment && Math.Abs(at.TransactionId - state.FirstId) <= NextIds && _machines.DoNotHear(first, at.Sender))
                _machines.AreOneMachine(state.FirstClaimant, at.Source);
            else if (state.SecondClaimant == Ipv4Address.Any)
                (state.SecondClaimant, state.SecondServer, state.SecondClaimed) = (at.Source, server, at.Time);
        }
    }

    private static TimeSpan Between(Instant one, Instant other) => (one - other).Duration();

    private void Granted(in Sighting at, in NetBiosName name, NbEntry entry)
    {
        if (TakeClaim(at, at.Destination) is not { } claim)
        {
            if (!at.IsBroadcast && entry.Address == at.Destination)
                Hold(at, name, at.Receiver, entry.Flags.IsGroup, NodeRules.ServerGranted); // it says what was granted, whether or not the request is in the capture
            return;
        }

        _machines.NoteServer(at.Sender, at.Receiver, at.Time);
        if (claim.Kind == NbnsMessageKind.MultihomedNameRegistrationRequest && !claim.IsGroup)
        {
            foreach (int index in HoldersOf(at, group: false))
            {
                if (!HasAnsweredAlone(_holdings[index], at.Time))
                    _machines.AreOneMachine(_holdings[index].Host, claim.Host.Address); // whom the name server had asked, and who named this address too (MS-NBTE §3.2.5)
            }
        }

        Hold(at, name, claim.Host, claim.IsGroup, claim.IsRefresh ? NodeRules.Refreshed : NodeRules.ServerGranted, claim);
    }

    /// <summary>Whether the holder was just asked and named its own addresses only: what it named with them is its own already.</summary>
    private static bool HasAnsweredAlone(in Holding holding, Instant now) => holding.LastSeenRule == NodeRules.AnswerQuery && now - holding.LastSeen <= UnicastWindow;

    private void Refused(in Sighting at, in NetBiosName name, NbEntry entry, NbnsRcode rcode)
    {
        var claim = TakeClaim(at, at.Destination);
        bool held = FindCurrent(at, claim?.Host.Address ?? at.Destination) >= 0;
        bool isBroadcast = claim?.First.IsBroadcast == true;
        if (claim is not null && !isBroadcast)
            _machines.NoteServer(at.Sender, at.Receiver, at.Time);

        // A defender says its own address in RDATA (RFC 1002 §4.2.6), a name server the owner's, some stacks the claimant's.
        if (rcode == NbnsRcode.ActiveError && isBroadcast)
            Hold(at, name, at.Sender, entry.Flags.IsGroup, entry.Flags.IsGroup ? NodeRules.DefendGroup : NodeRules.DefendUnique);
        bool refresh = claim?.IsRefresh == true;
        bool loses = claim is not null && !isBroadcast && (refresh || held); // RFC 1002 §5.1.2.6; a late claim of what is held by broadcast alike (Q242053)
        FindingEvent? logged;
        string more = "";
        if (loses)
        {
            logged = FindingEvent.RefreshRefused;
            more = refresh ? "" : ", which it holds already";
        }
        else if (claim is not null)
        {
            logged = rcode is NbnsRcode.ActiveError or NbnsRcode.ConflictError or NbnsRcode.Refused ? FindingEvent.ClaimRefused : FindingEvent.ClaimFailed;
        }
        else if (at.Time - _start <= UnicastWindow)
        {
            logged = FindingEvent.ClaimRefused; // the capture may have begun in between
            more = "; the claim itself is not in the capture";
        }
        else
        {
            logged = !held ? null : _machines.ServerOf(at.Receiver) == at.Source ? FindingEvent.UnsolicitedRefusalByServer : FindingEvent.UnsolicitedRefusal;
            more = ", which answers nothing that the capture shows";
        }

        if (claim is not null && claim.IsRefused)
            logged = null; // another objection to the same claim: the first has ended it
        else if (claim is not null)
            claim.IsRefused = true;
        bool byServer = claim is { First.IsBroadcast: false } || _machines.FactsOf(at.Sender).ServesNames;
        var owner = entry.Address == Ipv4Address.Any || _machines.SameMachine(entry.Address, at.Receiver) ? default : entry.Address;
        if (byServer && owner == Ipv4Address.Any)
            owner = OtherHolder(at); // some name servers say back what was claimed
        int number = byServer && owner != Ipv4Address.Any ? NumberOf(at, name) : Unknown;
        var challenger = number >= 0 ? _machines.FirstAddressOf(at.Sender) : default;
        bool isChallenged = number >= 0 && _queries.HasChallenge(challenger, owner, number, at.Time, ChallengeWindow);
        long shown = byServer && !isChallenged ? Math.Max(LastShown(at, owner), LastShownOfGroup(at)) : 0; // else the refusal, or what the holder answered, shows it
        if (IsNews(FindingKind.RegistrationRefused, at.Time, name, _machines.FirstAddressOf(at.Receiver), at.Source, Proof(shown, claim, at.Frame)))
        {
            var (outcome, frames, since) = isChallenged ? _queries.ChallengeOf(challenger, owner, number, at.Time, ChallengeWindow) : (ChallengeOutcome.NotSeen, [], default);
            var facts = new FindingFacts
            {
                Rcode = rcode,
                ByServer = byServer,
                ClaimIsGroup = claim?.IsGroup,
                OtherIsGroup = HoldersOf(at, group: true).MoveNext() ? true : entry.Address == Ipv4Address.Any || owner == Ipv4Address.Any ? null : entry.Flags.IsGroup,
                Owner = owner,
                HasClaim = claim is not null,
                WasInDispute = claim?.IsInDispute == true,
                IsSimultaneous = claim is not null && IsSimultaneous(claim),
                Challenge = outcome,
                ChallengedAt = since,
                ChallengeFrames = frames,
            };
            Tell($"{at.Source} refused {at.Destination} {(refresh ? "the refresh of " : "")}{name} ({rcode.Symbol()}){more}", logged, facts, claim?.Host.Address ?? at.Destination);
        }

        if (BroadcastClaimOf(at.Name, at.Destination) is { } open)
            open.IsSettled = true; // what a name server refuses is not held though nobody on the segment objected
        if (claim is not null)
            End(at, claim.Host.Address, loses ? NodeRules.RefreshRefused : NodeRules.ClaimRefused);
    }

    private long LastShownOfGroup(in Sighting at)
    {
        foreach (int index in HoldersOf(at, group: true))
            return _holdings[index].LastSeenFrame;
        return 0;
    }

    /// <summary>The claim that this answers and that was not answered yet.</summary>
    private PendingClaim? FindClaim(in Sighting at) =>
        at.Name >= 0 && _claims.TryGetValue(new ClaimKey(at.Name, at.Destination, at.TransactionId), out var claim) && !claim.IsSettled ? claim : null;

    /// <summary>A WACK moves the end of the wait (RFC 1002 §4.2.16).</summary>
    private void Wait(in Sighting at, in NetBiosName name, uint seconds)
    {
        if (FindClaim(at) is not { } claim)
        {
            NoteDispute(at, name);
            return;
        }

        claim.IsInDispute = true;
        claim.Add(at.Frame);
        claim.Deadline = at.Time + TimeSpan.FromSeconds(Math.Min(seconds, 3600)) + UnicastWindow;
    }

    /// <summary>The refusal has overtaken the WACK that was sent before it.</summary>
    private void NoteDispute(in Sighting at, in NetBiosName name)
    {
        for (int i = _findings.Count - 1; i >= 0 && i >= _findings.Count - Latest; i--)
        {
            if (_findings[i] is { Kind: FindingKind.RegistrationRefused, Facts.WasInDispute: false } finding && finding.Name == name && finding.Other == at.Source && at.Time - finding.Time <= OneMoment)
                _findings[i] = finding with { Facts = finding.Facts with { WasInDispute = true } };
        }
    }

    /// <summary>A claim that is answered. It stays in mind for a moment: a second defender may answer too, and a repeat may cross the answer.</summary>
    private PendingClaim? TakeClaim(in Sighting at, Ipv4Address claimant)
    {
        if (at.Name < 0 || !_claims.TryGetValue(new ClaimKey(at.Name, claimant, at.TransactionId), out var claim))
            return null;
        claim.IsSettled = true;
        var end = at.Time + BroadcastWindow;
        claim.Deadline = end < claim.Deadline ? end : claim.Deadline;
        return claim;
    }

    /// <summary>Whoever releases a name whose claim it has just brought to its end, and that nobody has refused it, held it until now.</summary>
    private void SettleOwnClaim(in Sighting at)
    {
        if (BroadcastClaimOf(at.Name, at.Source) is not { IsSettled: false } claim)
            return;
        claim.IsSettled = true;
        if (IsWhole(claim, at.Time))
            Hold(claim.Last, claim.Name, HostOf(claim), claim.IsGroup, NodeRules.NobodyObjected, claim);
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
        foreach (int index in HoldersOf(claim.Last, group: false))
        {
            ref readonly var held = ref _holdings[index];
            ref readonly var state = ref _names[claim.Key.Name];
            bool wasFirst = held.Since <= claim.First.Time || IsSimultaneous(claim) || (state.FirstClaimant == held.Host && state.FirstClaimed <= claim.First.Time + OneMoment);
            var holder = HolderOf(index);
            if (!wasFirst || _machines.SameMachine(holder, HostOf(claim)) || !_machines.Hears(holder, claim.First.Destination, claim.First.Domain))
                continue;
            if (IsNews(FindingKind.ClaimBrokenOff, claim.First.Time, claim.Name, _machines.FirstAddressOf(claim.First.Sender), holder.Address, Proof(held.LastSeenFrame, claim, claim.Last.Frame)))
            {
                Tell(
                    $"{claim.First.Source} began to claim {claim.Name}, which {holder.Address} holds, and broke off: it was refused, by a message to it alone",
                    FindingEvent.ClaimRefused,
                    new FindingFacts { Tries = claim.Tries, HasClaim = true, ClaimIsGroup = claim.IsGroup, OtherIsGroup = false, IsSimultaneous = IsSimultaneous(claim) });
            }

            return;
        }
    }

    /// <summary>Who else was seen last to hold a name than whoever is refused it; 0.0.0.0 where nobody was.</summary>
    private Ipv4Address OtherHolder(in Sighting at)
    {
        int last = Unknown;
        foreach (int index in HoldersOf(at, group: false))
        {
            if (!_machines.SameMachine(HolderOf(index), at.Receiver) && (last < 0 || _holdings[index].LastSeen >= _holdings[last].LastSeen))
                last = index;
        }

        return last < 0 ? default : _holdings[last].Host;
    }

    /// <summary>Whether a claim began at the same moment as that of another claimant's, at another address: two adapters of one machine do so.</summary>
    private bool IsSimultaneous(PendingClaim claim)
    {
        ref readonly var state = ref _names[claim.Key.Name];
        var other = state.FirstClaimant != claim.First.Source ? state.FirstClaimed : state.SecondClaimant != Ipv4Address.Any ? state.SecondClaimed : Instant.MaxValue;
        return (claim.First.Time - other).Duration() <= OneMoment;
    }

    /// <summary>Who is to have what is claimed.</summary>
    private Party HostOf(PendingClaim claim) => claim.Host.Number >= 0 ? claim.Host : claim.Host = _machines.Find(claim.Host.Address);

    private void SettleUnanswered(PendingClaim claim, Instant now, bool isGivenUp = false)
    {
        if (claim.First.IsBroadcast)
        {
            if (IsWhole(claim, now))
                Hold(claim.Last, claim.Name, HostOf(claim), claim.IsGroup, NodeRules.NobodyObjected, claim);
            else if (claim.Deadline < now)
                BrokenOff(claim);
            return;
        }

        if (claim.IsRefresh)
            Hold(claim.Last, claim.Name, HostOf(claim), claim.IsGroup, NodeRules.Refresh); // it holds what it refreshes, and nobody said otherwise
        if (!isGivenUp && claim.Deadline >= now && claim.Tries < WholeCourse)
            return; // the capture ends before the answer could be there
        if (claim.Tries < WholeCourse && _machines.FactsOf(claim.First.Destination).LastServed >= claim.First.Time)
            return; // it served names then: whoever gets no answer tries again (RFC 1002 §5.1.2.1), so there was one that the capture lacks
        if (IsNews(FindingKind.NameServerSilent, claim.First.Time, claim.Name, claim.First.Source, claim.First.Destination, Proof(0, claim, claim.Last.Frame)))
            Tell($"{claim.First.Destination} never answered {claim.First.Source}'s request for {claim.Name} in this capture", facts: new FindingFacts { Tries = claim.Tries });
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

        public Party Host { get; set; }

        public bool IsGroup { get; set; }

        public Sighting First;

        public Sighting Last;

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
