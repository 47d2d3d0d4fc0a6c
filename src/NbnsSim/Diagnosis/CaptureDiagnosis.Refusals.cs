using System.Runtime.InteropServices;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <content>Claims that are refused, and what a name server does before it decides: it bids the claimant wait, and asks the holder.</content>
public sealed partial class CaptureDiagnosis
{
    /// <summary>By how much a response may overtake its request on the way to the capture.</summary>
    private static readonly TimeSpan Overtaking = TimeSpan.FromMilliseconds(100);

    private const int MaxEarly = 64;

    private readonly List<EarlyRefusal> _early = []; // refusals whose claim may still come
    private Instant _earliest; // none of them is earlier

    /// <summary>A refusal without its claim waits for a moment: it may have overtaken the claim on the way to the capture.</summary>
    private void Refused(in Sighting at, in NetBiosName name, NbEntry entry, NbnsRcode rcode)
    {
        if (_early.Count < MaxEarly && (at.Name < 0 || !_claims.ContainsKey(new ClaimKey(at.Name, at.Destination, at.TransactionId))))
        {
            _earliest = _early.Count == 0 || at.Time < _earliest ? at.Time : _earliest;
            _early.Add(new EarlyRefusal(at, name, entry, rcode));
        }
        else
        {
            Refuse(at, name, entry, rcode);
        }
    }

    /// <summary>Refusals whose claim did not come in time answer nothing that the capture shows.</summary>
    private void SettleEarly(Instant now)
    {
        for (int i = 0; i < _early.Count; i++)
        {
            if (now == Instant.MaxValue || now - _early[i].At.Time > Overtaking)
                Refuse(i--);
        }

        _earliest = Instant.MaxValue;
        foreach (ref readonly var early in CollectionsMarshal.AsSpan(_early))
            _earliest = early.At.Time < _earliest ? early.At.Time : _earliest;
    }

    /// <summary>A claim, or what shows that it was made, comes after its refusal.</summary>
    private void SettleEarly(PendingClaim claim)
    {
        var all = CollectionsMarshal.AsSpan(_early);
        for (int i = 0; i < all.Length; i++)
        {
            ref readonly var early = ref all[i];
            if (early.At.TransactionId == claim.Key.TransactionId && early.At.Destination == claim.First.Source && early.Name == claim.Name)
            {
                Refuse(i);
                return;
            }
        }
    }

    private void Refuse(int early)
    {
        var (at, name, entry, rcode) = _early[early];
        _early.RemoveAt(early);
        at.Name = _names.Find(name);
        at.Receiver = _machines.Find(at.Destination);
        Refuse(at, name, entry, rcode);
    }

    private void Refuse(in Sighting at, in NetBiosName name, NbEntry entry, NbnsRcode rcode)
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
        bool speaksForAnother = claim is null && entry.Address != Ipv4Address.Any && !_machines.SameMachine(entry.Address, at.Sender) && !_machines.SameMachine(entry.Address, at.Receiver);
        bool byServer = claim is { First.IsBroadcast: false } || speaksForAnother || _machines.FactsOf(at.Sender).ServesNames;
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
            bool wasUnheard = false;
            if (loses && _queries.ChallengeOf(_machines.FirstAddressOf(at.Sender), at.Destination, at.Name, at.Time, TimeSpan.MaxValue) is { Outcome: ChallengeOutcome.Unanswered } lost)
                ((outcome, frames, since), wasUnheard) = (lost, true); // whenever it was: it notices with its next refresh
            var facts = new FindingFacts
            {
                WasUnheard = wasUnheard,
                Rcode = rcode,
                ByServer = byServer,
                ClaimIsGroup = claim is { IsInferred: false } ? claim.IsGroup : null,
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

        if (claim is null)
            NoteGuess(at, name);
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

    /// <summary>
    /// A WACK of the name server that was asked moves the end of the wait (RFC 1002 §4.2.16). One without its claim shows that the claim was made, and that whoever sends it is a name server, unless
    /// the claimant is known to use another one: whoever guesses ids sends as many.
    /// </summary>
    private void Wait(in Sighting at, in NetBiosName name, NbnsResourceRecord record)
    {
        if (at.IsBroadcast || NumberOf(at, name) is not (>= 0 and var number))
            return;
        var claimant = new Party(at.Destination, _machines.IndexOf(at.Destination));
        var key = new ClaimKey(number, at.Destination, at.TransactionId);
        bool isKnown = _claims.TryGetValue(key, out var claim);
        var server = isKnown ? claim!.First.Destination : _machines.FactsOf(at.Sender).ServesNames ? default : _machines.ServerOf(claimant);
        if (server != Ipv4Address.Any && !_machines.SameMachine(server, at.Sender))
            return; // another than who was asked
        _machines.NoteServer(at.Sender, claimant, at.Time);
        if (claim is null)
        {
            if (!IsAboutClaim(record.Data) || _claims.Count >= MaxPendingClaims)
                return;
            var made = at with { From = at.To, To = at.From, Sender = claimant, Receiver = at.Sender, Name = number };
            NoteClaimant(made, number, at.Source);
            claim = AddClaim(made, key, name, NbnsMessageKind.NameRegistrationRequest, claimant, isGroup: false);
            claim.IsInferred = claim.IsInDispute = true;
            SettleEarly(claim);
        }
        else if (claim.IsSettled)
        {
            NoteDispute(at, name);
            return;
        }
        else
        {
            claim.IsInDispute = true;
            claim.Add(at.Frame);
        }

        claim.Deadline = at.Time + TimeSpan.FromSeconds(Math.Min(record.TimeToLive.Seconds, 3600)) + UnicastWindow;
    }

    /// <summary>Whether a WACK, which repeats the OPCODE and NM_FLAGS of its request (RFC 1002 §4.2.16), is about a registration.</summary>
    private static bool IsAboutClaim(ReadOnlySpan<byte> data) => data.Length >= 2 && (NbnsOpcode)(data[0] >> 3 & 0xF) is NbnsOpcode.Registration or NbnsOpcode.MultihomedRegistration;

    /// <summary>A name server asks a machine for a name: it has that machine on record as its owner (RFC 1002 §5.1.4.1).</summary>
    private void NoteTakenForHolder(in Sighting at, int number)
    {
        ref var state = ref _names[number];
        if (state.AskedHolder != at.Destination || state.AskedBy != at.Source || at.Time - state.AskedAt > UnicastWindow)
            (state.AskedBy, state.AskedHolder, state.AskedAt, state.AskedFrame) = (at.Source, at.Destination, at.Time, at.Frame);
    }

    /// <summary>Whom a name server asked for a name a moment ago; without a number for nobody.</summary>
    private Party AskedOf(int name, Ipv4Address server, Instant now)
    {
        if (name < 0)
            return default;
        ref readonly var state = ref _names[name];
        return state.AskedBy == server && now - state.AskedAt <= ChallengeWindow ? _machines.Find(state.AskedHolder) : default;
    }

    /// <summary>A name server gives a name to another than the machine that it had asked for it: that one had it, though how it got it is not in the capture.</summary>
    private void HoldAsAsked(in Sighting at, in NetBiosName name, Party claimant)
    {
        var asked = AskedOf(at.Name, at.Source, at.Time);
        if (asked.Number < 0 || _machines.SameMachine(asked, claimant) || !_machines.FactsOf(asked).HasSpoken || FindCurrent(at, asked.Address) >= 0 || _machines.HasGone(asked))
            return;
        ref readonly var state = ref _names[at.Name];
        Hold(at with { Time = state.AskedAt, Frame = state.AskedFrame }, name, asked, group: false, NodeRules.ServerGranted);
    }

    /// <summary>
    /// Settles a claim whose outcome is not in the capture by what the holder is seen to have answered the name server in the meantime (RFC 1002 §5.1.4.1): with a POSITIVE NAME QUERY
    /// RESPONSE that refuses the claim, with none, though it asked again, it grants it.
    /// </summary>
    /// <returns>Whether the capture shows that.</returns>
    private bool SettleAsAsked(PendingClaim claim)
    {
        var server = claim.First.Destination;
        var asked = AskedOf(claim.Key.Name, server, claim.Last.Time);
        if (asked.Number < 0 || !claim.IsInDispute || _machines.SameMachine(asked, HostOf(claim)))
            return false;
        var (outcome, frames, since) = _queries.ChallengeOf(_machines.FirstAddressOf(server), asked.Address, claim.Key.Name, claim.Last.Time, ChallengeWindow);
        if (outcome == ChallengeOutcome.Unanswered && frames.Length > 1)
        {
            HoldAsAsked(claim.Last with { From = claim.Last.To, To = claim.Last.From, Time = since }, claim.Name, HostOf(claim));
            Hold(claim.Last, claim.Name, HostOf(claim), claim.IsGroup, NodeRules.ServerGranted, claim);
            return true;
        }

        if (outcome != ChallengeOutcome.Answered)
            return false;
        if (IsNews(FindingKind.ClaimBrokenOff, claim.First.Time, claim.Name, _machines.FirstAddressOf(claim.First.Sender), asked.Address, Proof(0, claim, claim.Last.Frame)))
        {
            Tell(
                $"{claim.First.Source} claimed {claim.Name} from {server}, which asked {asked.Address} and had its answer: it refuses the claim then",
                FindingEvent.ClaimRefused,
                new FindingFacts
                {
                    Tries = claim.Tries,
                    HasClaim = true,
                    ClaimIsGroup = claim.IsInferred ? null : claim.IsGroup,
                    OtherIsGroup = false,
                    Challenge = outcome,
                    ChallengedAt = since,
                    ChallengeFrames = frames,
                });
        }

        return true;
    }

    /// <summary>A refusal that answers nothing: of many with other ids each, whoever sends them tries to hit the one of a claim.</summary>
    private void NoteGuess(in Sighting at, in NetBiosName name)
    {
        int last = RefusalBefore(_findings.Count, name, at.Source);
        if (last >= 0 && _findings[last].Facts is var facts && (facts.Guesses == 0 || facts.LastGuess != at.TransactionId))
            _findings[last] = _findings[last] with { Facts = facts with { Guesses = facts.Guesses + 1, LastGuess = at.TransactionId } };
    }

    /// <summary>Whoever has refused a name and is still claiming it does not hold it yet, and nobody else refuses one (RFC 1002 §5.1.1.5): it has stopped an adapter of its own (Q102795).</summary>
    private void NoteSelfRefusal(in Sighting at, in NetBiosName name)
    {
        for (int i = RefusalBefore(_findings.Count, name, at.Source); i >= 0; i = RefusalBefore(i, name, at.Source))
        {
            if (_findings[i] is { Facts: { ByServer: false, IsSimultaneous: false } facts } finding && at.Time - finding.Time <= NoMoreTries)
                _findings[i] = finding with { Facts = facts with { IsSimultaneous = true } };
        }
    }

    /// <summary>The refusal has overtaken the WACK that was sent before it.</summary>
    private void NoteDispute(in Sighting at, in NetBiosName name)
    {
        for (int i = RefusalBefore(_findings.Count, name, at.Source); i >= 0; i = RefusalBefore(i, name, at.Source))
        {
            if (_findings[i] is { Facts: { WasInDispute: false } facts } finding && at.Time - finding.Time <= OneMoment)
                _findings[i] = finding with { Facts = facts with { WasInDispute = true } };
        }
    }

    /// <summary>Of the latest findings before one, the last that somebody refused a name; −1 for none.</summary>
    private int RefusalBefore(int index, in NetBiosName name, Ipv4Address refuser)
    {
        for (int i = index - 1; i >= 0 && i >= _findings.Count - Latest; i--)
        {
            ref readonly var told = ref _latest[i % Latest];
            if (told.Kind == FindingKind.RegistrationRefused && told.Other == refuser && told.Name == name)
                return i;
        }

        return -1;
    }

    private readonly record struct EarlyRefusal(Sighting At, NetBiosName Name, NbEntry Entry, NbnsRcode Rcode);
}
