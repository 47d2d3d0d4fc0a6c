using System.Runtime.InteropServices;
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

    /// <summary>After so long two more tries of a broadcast claim would have come (750 ms apart at most), and one of them be captured.</summary>
    private static readonly TimeSpan NoMoreTries = TimeSpan.FromMilliseconds(1600);

    /// <summary>How far apart frames of one moment may be: a switch and two drivers hold a frame up for some milliseconds each, and nobody repeats anything as soon (RFC 1002 §6: 250 ms).</summary>
    private static readonly TimeSpan OneMoment = TimeSpan.FromMilliseconds(30);

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
            claim.Tries++;
            if (Between(at.Time, claim.Last.Time) > ExchangeWatch.SightingWindow) // else it may be the same datagram, captured twice
                claim.Rounds++;
            if (at.Time > claim.Last.Time)
                claim.Last = at; // one of its repeats
            claim.Add(at.Frame);
            NoteTry(at, claim);
            NoteOddName(at, name);
            return;
        }

        if (_claims.Count >= MaxPendingClaims || at.Sender.Number < 0)
        {
            NotKept(at.Frame);
            return;
        }

        _machines.NoteClaim(at.Sender, at.Time);
        _machines.NoteNodeType(at.Sender, entry.Flags.OwnerNodeType);
        if (entry.Address != Ipv4Address.Any)
            _machines.AreOneMachine(entry.Address, at.Source);
        _machines.NoteName(at.Source, name, entry.Flags.IsGroup);
        NoteOddName(at, name);
        NoteClaimant(at, number, at.IsBroadcast ? default : at.Destination);
        claim = AddClaim(at, key, name, kind, HolderOf(entry, at), entry.Flags.IsGroup);
        NoteTry(at, claim);
        SettleEarly(claim);
    }

    private PendingClaim AddClaim(in Sighting at, ClaimKey key, in NetBiosName name, NbnsMessageKind kind, Party host, bool isGroup)
    {
        var claim = _spareClaims.TryPop(out var spare) ? spare : new PendingClaim();
        claim.Key = key;
        claim.Name = name;
        claim.Kind = kind;
        claim.Host = host;
        claim.IsGroup = isGroup;
        claim.First = at;
        claim.First.Name = key.Name;
        claim.Last = claim.First;
        claim.Tries = claim.Rounds = 1;
        claim.Frames.Clear();
        claim.Add(at.Frame);
        claim.IsSettled = claim.IsRefused = claim.IsInDispute = claim.IsInStep = claim.IsInferred = false;
        claim.Deadline = at.Time + (at.IsBroadcast ? BroadcastWindow : UnicastWindow);
        claim.IsLast = true;
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_claims, key, out _);
        if (last is not null)
            last.IsLast = false;
        last = claim;
        claim.IsLastBroadcast = at.IsBroadcast;
        if (at.IsBroadcast)
        {
            ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(_openBroadcasts, new CurrentKey(key.Name, at.Source), out _);
            if (open is not null)
                open.IsLastBroadcast = false;
            open = claim;
        }

        (at.IsBroadcast ? _broadcastClaims : _unicastClaims).Enqueue(claim);
        return claim;
    }

    /// <summary>Two adapters of one machine claim a name in step: whatever frame of the one is lost, another is at the same moment as one of the other's.</summary>
    private void NoteTry(in Sighting at, PendingClaim claim)
    {
        if (!at.IsBroadcast)
            return;
        ref var state = ref _names[claim.Key.Name];
        bool isFirst = state.FirstClaimant == at.Source;
        var (other, tried) = isFirst ? (state.SecondClaimant, state.SecondTried) : (state.FirstClaimant, state.FirstTried);
        if (isFirst)
            state.FirstTried = at.Time;
        else if (state.SecondClaimant == at.Source)
            state.SecondTried = at.Time;
        NoteSelfRefusal(at, claim.Name);
        if (other == Ipv4Address.Any || Between(at.Time, tried) > OneMoment)
            return;
        claim.IsInStep = true;
        if (BroadcastClaimOf(claim.Key.Name, other) is { } others)
            others.IsInStep = true;
    }

    private void NoteClaimant(in Sighting at, int number, Ipv4Address server)
    {
        ref var state = ref _names[number];
        if (state.FirstClaimant == Ipv4Address.Any)
            (state.FirstClaimant, state.FirstServer, state.FirstClaimed, state.FirstId, state.FirstFrame) = (at.Source, server, at.Time, at.TransactionId, at.Frame);
        else if (state.FirstClaimant != at.Source && _machines.Find(state.FirstClaimant) is var first && !_machines.SameMachine(first, at.Sender))
        {
            // One program claims a name in two networks at once, and its ids follow one another: a machine with an adapter in each (observed: nmbd).
            if (Between(at.Time, state.FirstClaimed) <= OneMoment && Math.Abs(at.TransactionId - state.FirstId) <= NextIds && _machines.DoNotHear(first, at.Sender))
                _machines.AreOneMachine(state.FirstClaimant, at.Source);
            else if (state.SecondClaimant == Ipv4Address.Any)
                (state.SecondClaimant, state.SecondServer, state.SecondClaimed, state.SecondFrame) = (at.Source, server, at.Time, at.Frame);
        }
    }

    private static TimeSpan Between(Instant one, Instant other) => (one - other).Duration();

    private void Granted(in Sighting at, in NetBiosName name, NbEntry entry)
    {
        if (TakeClaim(at, at.Destination) is not { } claim)
        {
            if (at.IsBroadcast || entry.Address != at.Destination)
                return;
            var receiver = new Party(at.Destination, _machines.IndexOf(at.Destination));
            _machines.NoteServer(at.Sender, receiver, at.Time); // nobody else grants names (RFC 1002 §4.2.5)
            HoldAsAsked(at, name, receiver);
            Hold(at, name, receiver, entry.Flags.IsGroup, NodeRules.ServerGranted); // it says what was granted, whether or not the request is in the capture
            return;
        }

        _machines.NoteServer(at.Sender, at.Receiver, at.Time);
        HoldAsAsked(at, name, HostOf(claim));
        if (claim.Kind == NbnsMessageKind.MultihomedNameRegistrationRequest && !claim.IsGroup)
        {
            foreach (int index in HoldersOf(at, group: false))
            {
                if (!HasAnsweredAlone(_holdings[index], at.Time))
                    _machines.AreOneMachine(_holdings[index].Host, claim.Host.Address); // whom the name server had asked, and who named this address too (MS-NBTE §3.2.5)
            }
        }

        Hold(at, name, claim.Host, claim.IsInferred ? entry.Flags.IsGroup : claim.IsGroup, claim.IsRefresh ? NodeRules.Refreshed : NodeRules.ServerGranted, claim);
    }

    /// <summary>Whether the holder was just asked and named its own addresses only: what it named with them is its own already.</summary>
    private static bool HasAnsweredAlone(in Holding holding, Instant now) => holding.LastSeenRule == NodeRules.AnswerQuery && now - holding.LastSeen <= UnicastWindow;

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

    /// <summary>Of two that claim a name at once, the one whose claim has run its course holds it, though its turn to be settled comes later.</summary>
    private void SettleRival(int name, Ipv4Address rival, Instant now)
    {
        if (BroadcastClaimOf(name, rival) is not { IsSettled: false } claim || !IsWhole(claim, now))
            return;
        claim.IsSettled = true;
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
            if (claim.IsLast)
                _claims.Remove(claim.Key);
            if (claim.IsLastBroadcast)
                _openBroadcasts.Remove(new CurrentKey(claim.Key.Name, claim.First.Source));
            if (!claim.IsSettled)
                SettleUnanswered(claim, now);
            _spareClaims.Push(claim);
        }
    }

    /// <summary>
    /// A claim that breaks off while another machine holds the name was refused, though the refusal, which goes to the claimant alone, is not in the capture:
    /// inferred, since nothing else ends a claim early. With the end of the capture it is undecided.
    /// </summary>
    private void BrokenOff(PendingClaim claim, Instant now, bool isUnfinished = false)
    {
        if (IsMarker(claim.Name))
            return;
        var rivals = _names[claim.Key.Name];
        SettleRival(claim.Key.Name, rivals.FirstClaimant == claim.First.Source ? rivals.SecondClaimant : rivals.FirstClaimant, now);
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
                    $"{claim.First.Source} began to claim {claim.Name}, which {holder.Address} holds, and {(isUnfinished ? "the capture ends before it is decided" : "broke off: it was refused, by a message to it alone")}",
                    isUnfinished ? null : FindingEvent.ClaimRefused,
                    new FindingFacts { Tries = claim.Rounds, HasClaim = true, ClaimIsGroup = claim.IsGroup, OtherIsGroup = false, IsSimultaneous = IsSimultaneous(claim), IsUnfinished = isUnfinished });
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
        if (claim.IsInStep)
            return true;
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
            else if (claim.Deadline < now || now - claim.Last.Time >= NoMoreTries)
                BrokenOff(claim, now);
            else if (!isGivenUp)
                BrokenOff(claim, now, isUnfinished: true);
            return;
        }

        if (SettleAsAsked(claim))
            return;

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

        /// <summary>How many of its tries are certainly not the same datagram captured twice.</summary>
        public int Rounds { get; set; }

        public Instant Deadline { get; set; }

        public bool IsSettled { get; set; }

        public bool IsRefused { get; set; }

        /// <summary>Whether the claimant was asked to wait.</summary>
        public bool IsInDispute { get; set; }

        /// <summary>Whether another machine claimed the name at the same moments.</summary>
        public bool IsInStep { get; set; }

        /// <summary>Whether it is not in the capture itself, and what it was answered shows that it was made.</summary>
        public bool IsInferred { get; set; }

        /// <summary>Whether it is the last with its key, and so found by it.</summary>
        public bool IsLast { get; set; }

        /// <summary>Whether it is the last by broadcast of its name and claimant, and so found by them.</summary>
        public bool IsLastBroadcast { get; set; }

        public void Add(long frame)
        {
            if (Frames.Count < Incident.MaxListed)
                Frames.Add(frame);
        }
    }
}
