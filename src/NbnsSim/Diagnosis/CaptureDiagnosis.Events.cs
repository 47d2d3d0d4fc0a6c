using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <content>What happens to names that are held.</content>
public sealed partial class CaptureDiagnosis
{
    private const ulong SambaHigh = 0x5F5F_5341_4D42_415F; // __SAMBA__, which every Samba host has and nobody defends
    private const ulong SambaLow = 0x5F20_2020_2020_2000;

    /// <summary>How long before a demand the question lies that it follows from: three tries of 5 s or three of 1.5 s, and the time that a WACK gives (Q173519).</summary>
    private static readonly TimeSpan ChallengeWindow = TimeSpan.FromSeconds(60);

    private readonly QueryWatch _queries = new();

    /// <summary>Names that a convention gives to many, and nobody defends: a wildcard, and Samba's marker.</summary>
    private static bool IsMarker(NetBiosName name) => name.IsWildcard || (name.High == SambaHigh && name.Low == SambaLow);

    private void Asked(in Sighting at, in NbnsPacket packet, in NetBiosName name)
    {
        if (at.Sender.Number < 0 || NumberOf(at, name) is not (>= 0 and var number))
            return;
        if (!at.IsBroadcast && _machines.FactsOf(at.Sender).ServesNames && !_machines.FactsOf(at.Receiver).ServesNames)
            NoteTakenForHolder(at, number);
        _queries.Ask(at.Frame, at.Time, at.Sender.Number, _machines.FirstAddressOf(at.Sender), number, at.From, at.To, at.TransactionId, at.IsBroadcast, packet.Flags);
        NoteRoomForQueries(at);
    }

    private void NoteRoomForQueries(in Sighting at)
    {
        if (_queries.IsFull)
            NotKept(at.Frame);
    }

    private void AskedStatus(in Sighting at)
    {
        if (!at.IsBroadcast && at.Sender.Number >= 0)
            _queries.AskStatus(at.Frame, at.Time, at.Sender.Number, at.Destination);
        NoteRoomForQueries(at);
    }

    /// <summary>A name server says that a name does not exist.</summary>
    private void Denied(in Sighting at, in NetBiosName name, bool isServer)
    {
        if (!isServer && _queries.GivenAt(at.Source) is { } given && _names[given.Name].Name == name)
            NotHeldThere(at, given, "says that it does not have it");
        if (at.Sender.Number >= 0 && NumberOf(at, name) is >= 0 and var number)
            _queries.Deny(at.Frame, at.Time, at.Sender.Number, number, at.From, _machines.FirstAddressOf(at.Receiver), at.Destination, isServer);
    }

    private void Answered(in Sighting at, in NetBiosName name, NbnsResourceRecord record)
    {
        bool isOwn = false;
        bool isGroup = false;
        int count = record.EntryCount;
        for (int i = 0; i < count; i++)
        {
            var entry = record.GetEntry(i);
            isOwn |= entry.Address == at.Source;
            isGroup |= entry.Flags.IsGroup;
        }

        var given = record.FirstEntry.Address;
        int number = at.Sender.Number >= 0 ? NumberOf(at, name) : Unknown;
        bool answersQuery = _queries.TryFindBroadcast(at.Destination, at.TransactionId, number, out var query) && at.Time - query.Time <= BroadcastWindow;
        if (number >= 0)
        {
            int asker = at.Receiver.Number >= 0 ? at.Receiver.Number : _machines.IndexOf(at.Destination);
            _queries.Answer(at.Frame, at.Time, at.Sender.Number, number, at.Source, answersQuery ? query.Pair : Unknown, asker, _machines.FirstAddressOf(at.Receiver), given, isOwn, isGroup);
        }

        if (answersQuery && query.Port != at.To.Port && query.Port != 0
            && IsNews(FindingKind.WrongPort, at.Time, name, _machines.FirstAddressOf(at.Sender), at.Destination, at.Frame))
            Tell(string.Create(CultureInfo.InvariantCulture, $"{at.Source} answered {at.Destination} at port {at.To.Port}, which had asked from port {query.Port}"));

        for (int i = 0; !isGroup && i < count; i++)
        {
            if (record.GetEntry(i).Address is var other && other != at.Source && (MachineTable.IsUnreachable(other) || LooksLikeBroadcast(other, at.Source))
                && IsNews(FindingKind.UnreachableAddress, at.Time, name, _machines.FirstAddressOf(at.Sender), other, at.Frame))
                Tell($"{at.Source} answered for {name} with {other}, where {(other.IsUnicast && !LooksLikeBroadcast(other, at.Source) ? "others do not reach it" : "no host can be")}");
        }

        if (isOwn)
        {
            for (int i = 0; !isGroup && i < count; i++)
                _machines.AreOneMachine(record.GetEntry(i).Address, at.Source); // a host with several addresses names them all
            if (!answersQuery && !isGroup && IsServersWord(at))
                AnsweredForAnother(at, name, at.Sender);
            else
                Hold(at, name, at.Sender, isGroup, NodeRules.AnswerQuery);
            return;
        }

        if (isGroup || _machines.SameMachine(given, at.Sender))
            return;
        if (!answersQuery || query.Port != at.To.Port)
        {
            AnsweredForAnother(at, name, _machines.Find(given));
            return;
        }

        // A name server answers for others, but not what was asked by broadcast (RFC 1002 §5.1.4.2: a P node's queries are unicast).
        bool isReachable = given.IsUnicast && !LooksLikeBroadcast(given, at.Source);
        if (!MachineTable.IsUnreachable(given) && isReachable && IsNews(FindingKind.ForeignAddress, at.Time, name, _machines.FirstAddressOf(at.Sender), given, at.Frame))
            Tell($"{at.Source} answered for {name} with {given}, which is not where it answers from: another of its addresses, or it answers for another host");
        if (!isReachable)
            Hold(at, name, at.Sender, group: false, NodeRules.AnswerQuery); // nobody else can be meant
    }

    /// <summary>Whether it is a name server that gives its own address to who asked it alone: what its records say (RFC 1002 §5.1.4.1), which shows no holding unless it was seen to claim or hold the name itself.</summary>
    private bool IsServersWord(in Sighting at) =>
        _machines.FactsOf(at.Sender).ServesNames && FindCurrent(at, at.Source) < 0 && !(at.Name >= 0 && IsClaimant(at.Name, at.Sender));

    /// <summary>A name server gives out an address that is not the one where the name is held now, by what the holder itself has shown.</summary>
    private void AnsweredForAnother(in Sighting at, in NetBiosName name, Party given)
    {
        if (IsMarker(name) || name.Suffix == NameSuffix.MasterBrowser)
            return;
        if (_machines.FactsOf(at.Sender).ServesNames && _machines.HasShutDown(given, at.Time) && FindCurrent(at, given.Address) is var left && (left >= 0 || !WasLastHeldBy(at.Name, given)))
        {
            long released = _machines.FactsOf(given).ReleaseFrame;
            if (IsNews(FindingKind.DeadRegistration, at.Time, name, given.Address, at.Source, left < 0 ? [released, at.Frame] : [_holdings[left].SinceFrame, released, at.Frame]))
                Tell($"{at.Source} answered for {name} with {given.Address}, which had released others of its names as a machine does that shuts down, and was not heard again");
            return;
        }

        foreach (int index in HoldersOf(at, group: false))
        {
            var holder = HolderOf(index);
            if (_machines.SameMachine(holder, given) || _machines.AreApart(holder, given) || _holdings[index].SinceRule == NodeRules.ServerGranted)
                continue;
            if (IsNews(FindingKind.StaleAnswer, at.Time, name, holder.Address, at.Source, _holdings[index].SinceFrame, at.Frame))
                Tell($"{at.Source} answered for {name} with {given.Address}, while {holder.Address} holds it", facts: new FindingFacts { ByServer = true, Owner = given.Address, GivesItself = _machines.SameMachine(given, at.Sender) });
            return;
        }

        // Two tries and no third: whether the claimant came to hold it is not seen (RFC 1002 §5.1.1.1 asks for three).
        if (at.Name < 0)
            return;
        ref readonly var state = ref _names[at.Name];
        var claimant = _machines.Find(state.FirstClaimant);
        if (claimant.Number >= 0 && state.FirstServer == Ipv4Address.Any && state.SecondClaimant == Ipv4Address.Any && state.LastUnique == Ipv4Address.Any
            && at.Time - state.FirstClaimed > BroadcastWindow && !_machines.SameMachine(claimant, given) && !_machines.AreApart(claimant, given)
            && IsNews(FindingKind.StaleAnswer, at.Time, name, claimant.Address, at.Source, state.FirstFrame, at.Frame))
        {
            Tell(
                $"{at.Source} answered for {name} with {given.Address}, and {claimant.Address} had begun to claim it",
                facts: new FindingFacts { ByServer = true, Owner = given.Address, IsUnfinished = true, GivesItself = _machines.SameMachine(given, at.Sender) });
        }
    }

    /// <summary>Whether an address is the broadcast address of a subnet of at most 256 hosts that the other is in.</summary>
    private static bool LooksLikeBroadcast(Ipv4Address address, Ipv4Address other) => (address.Value & 0xFF) == 0xFF && address.Value >> 8 == other.Value >> 8;

    private void ConflictDemanded(in Sighting at, in NetBiosName name)
    {
        // RFC 1002 §4.2.8: the demand has NB_ADDRESS 0, so the victim is whoever it was sent to; sent to all, whoever holds the name.
        int number = NumberOf(at, name);
        if (!at.IsBroadcast)
        {
            bool holds = FindCurrent(at, at.Destination) >= 0;
            if (IsNews(FindingKind.ConflictDemand, at.Time, name, _machines.FirstAddressOf(at.Receiver), at.Source, Proof(at, at.Destination)))
            {
                Tell(
                    $"{at.Source} told {at.Destination} that {name} is in conflict{(holds ? "" : "; that it holds the name is not in the capture")}",
                    _machines.ServerOf(at.Receiver) == at.Source ? FindingEvent.ConflictDemandByServer : FindingEvent.ConflictDemand,
                    DemandFacts(at, number, at.Receiver, isConflict: true),
                    at.Destination);
            }

            End(at, at.Destination, NodeRules.ConflictDemand);
            return;
        }

        bool any = false;
        foreach (int index in HoldersOf(at, group: false))
        {
            var holder = HolderOf(index);
            if (_machines.SameMachine(holder, at.Sender) || !_machines.Hears(holder, at.Destination, at.Domain))
                continue;
            any = true;
            if (IsNews(FindingKind.ConflictDemand, at.Time, name, _machines.FirstAddressOf(holder), at.Source, Proof(at, holder.Address)))
            {
                Tell(
                    $"{at.Source} told everybody that {name} is in conflict, which {holder.Address} holds",
                    _machines.ServerOf(holder) == at.Source ? FindingEvent.ConflictDemandByServer : FindingEvent.ConflictDemand,
                    DemandFacts(at, number, holder, isConflict: true),
                    holder.Address);
            }

            End(at, holder.Address, NodeRules.ConflictDemand);
        }

        if (!any && IsNews(FindingKind.ConflictDemand, at.Time, name, Ipv4Address.Any, at.Source, at.Frame))
        {
            Tell(
                $"{at.Source} told everybody that {name} is in conflict; who holds it is not in the capture",
                FindingEvent.ConflictDemand,
                DemandFacts(at, number, _machines.Find(default), isConflict: true));
        }
    }

    private void Release(in Sighting at, in NetBiosName name, NbEntry entry, MacAddress? sourceMac)
    {
        SettleOwnClaim(at);
        var owner = HolderOf(entry, at);
        ref readonly var sender = ref _machines.FactsOf(at.Sender);
        bool fromElsewhere = at.IsBroadcast && !_machines.IsElsewhere(at.Sender, at.Domain) && sourceMac is { } mac && sender.Mac is { } known && known != mac;
        if (fromElsewhere && IsNews(FindingKind.ForeignStation, at.Time, name, _machines.FirstAddressOf(at.Sender), at.Source, Proof(at, at.Source)))
        {
            Tell(
                $"a release of {name} came with {at.Source}'s address, but from another station ({sourceMac}): the address is forged, or has moved",
                facts: new FindingFacts { FromElsewhere = true });
        }

        bool isOwners = _machines.SameMachine(owner, at.Sender);
        bool atServer = isOwners && _machines.FactsOf(at.Receiver).ServesNames; // its own, released where it was registered (RFC 1002 §5.1.2.4)
        if (!at.IsBroadcast && !atServer && (_machines.SameMachine(owner, at.Receiver) || FindCurrent(at, at.Destination) >= 0) && !_machines.SameMachine(at.Sender, at.Receiver))
        {
            ReleaseDemanded(at, name, owner, entry.Flags.IsGroup);
            return;
        }

        int own = FindCurrent(at, isOwners ? owner.Address : at.Source);
        bool held = own >= 0 || FindCurrent(at, at.Source) >= 0;
        bool isGroup = own >= 0 ? _holdings[own].IsGroup : entry.Flags.IsGroup;
        if (!fromElsewhere) // RFC 1002 §5.1.1.4, §5.1.2.4: the sender gives up its own
        {
            if (isOwners)
                _machines.NoteRelease(at.Sender, at.Time, at.Frame, at.Name);
            End(at, at.Source, NodeRules.Released);
            if (owner.Address != at.Source && isOwners)
                End(at, owner.Address, NodeRules.Released);
        }

        if (!at.IsBroadcast || isGroup)
            return; // to a name server; or a member leaves a group, which concerns nobody else
        bool any = held || WasLastHeldBy(at.Name, at.Sender); // the second and third of the three releases of RFC 1002 §5.1.1.4 come when nothing is held any more
        foreach (int index in HoldersOf(at, group: false))
        {
            var holder = HolderOf(index);
            if (_machines.SameMachine(holder, at.Sender) || !_machines.Hears(holder, at.Destination, at.Domain))
                continue;
            any = true;
            bool ownAddress = _machines.SameMachine(owner, holder);
            if (IsNews(FindingKind.ReleaseOfAnothersName, at.Time, name, _machines.FirstAddressOf(holder), at.Source, Proof(at, holder.Address, BroadcastClaimOf(at.Name, at.Source))))
            {
                Tell(
                    $"{at.Source} released {name}, which {holder.Address} holds",
                    FindingEvent.Release(isGroup: false, ownAddress, _machines.TypeOf(holder), _machines.ServerOf(holder) == at.Source, toAll: true),
                    DemandFacts(at, at.Name, holder, owner, fromElsewhere) with { OnlyAnswers = OnlyAnswers(_holdings[index].SinceRule, holder, at.Name, at.Sender) },
                    holder.Address);
            }

            if (ownAddress)
                End(at, holder.Address, NodeRules.ReleaseOfOwnAddress);
        }

        if (any)
            return;
        int number = NumberOf(at, name);
        if (!isOwners && _machines.FactsOf(owner).HasSpoken && IsOwn(name, owner.Address))
        {
            // A release bears the address of whoever gives the name up (RFC 1001 §15.4.1): this one bears another's, who had claimed it.
            if (IsNews(FindingKind.ReleaseOfAnothersName, at.Time, name, _machines.FirstAddressOf(owner), at.Source, Proof(at, owner.Address)))
            {
                Tell(
                    $"{at.Source} released {name} with the address of {owner.Address}, which had claimed it",
                    FindingEvent.Release(isGroup: false, ownAddress: true, _machines.TypeOf(owner), _machines.ServerOf(owner) == at.Source, toAll: true),
                    DemandFacts(at, number, owner, owner, fromElsewhere),
                    owner.Address);
            }
        }
        else if (IsNews(FindingKind.ReleaseOfUnknownHoldersName, at.Time, name, Ipv4Address.Any, at.Source, at.Frame))
        {
            Tell(
                $"{at.Source} released {name}; nobody is seen to hold it. If it was its own, nothing is lost; if another machine holds it, that one may log the release",
                FindingEvent.Release(isGroup: false, ownAddress: false, OwnerNodeType.B, byServer: false, toAll: true),
                DemandFacts(at, number, _machines.Find(default), owner, fromElsewhere));
        }
    }

    /// <summary>A name server confirms a release, which so was made, whether or not it is in the capture.</summary>
    private void ReleaseConfirmed(in Sighting at)
    {
        if (FindCurrent(at, at.Destination) < 0)
            return;
        _machines.NoteRelease(at.Receiver, at.Time, at.Frame, at.Name, isConfirmed: true);
        End(at, at.Destination, NodeRules.Released);
    }

    /// <summary>A release sent to the holder itself: RFC 1001 §15.5.3, Q314696.</summary>
    private void ReleaseDemanded(in Sighting at, in NetBiosName name, Party owner, bool saysGroup)
    {
        int number = NumberOf(at, name);
        int current = FindCurrent(at, at.Destination);
        if (current < 0 && !saysGroup && owner.Address == at.Destination && _machines.FactsOf(at.Sender).ServesNames && ClaimFrame(number, at.Destination) is not 0 and var claimed)
        {
            // It claimed the name, and the name server has it on record: it was granted, though that is not in the capture.
            Hold(at with { Frame = claimed }, name, at.Receiver, group: false, NodeRules.ServerGranted);
            current = FindCurrent(at, at.Destination);
        }

        bool isGroup = current >= 0 && _holdings[current].IsGroup;
        bool ownAddress = _machines.SameMachine(owner, at.Receiver);
        if (IsNews(FindingKind.ReleaseDemand, at.Time, name, _machines.FirstAddressOf(at.Receiver), at.Source, Proof(at, at.Destination)))
        {
            Tell(
                $"{at.Source} told {at.Destination} to release {name}{(current < 0 ? "; that it holds the name is not in the capture" : isGroup ? ", a group name" : "")}",
                FindingEvent.Release(isGroup, ownAddress, _machines.TypeOf(at.Receiver), _machines.ServerOf(at.Receiver) == at.Source, toAll: false),
                DemandFacts(at, number, at.Receiver, owner, isGroup: saysGroup),
                at.Destination);
        }

        if (ownAddress && !isGroup)
            End(at, at.Destination, NodeRules.ReleaseOfOwnAddress);
    }

    private void Status(in Sighting at, NbnsResourceRecord record, NetBiosScope scope)
    {
        if (_queries.GivenAt(at.Source) is { } given && !Lists(record, _names[given.Name].Name))
            NotHeldThere(at, given, "does not list it");
        var one = at;
        for (int i = 0; i < record.NodeNameCount; i++)
        {
            var listed = record.GetNodeName(i);
            var name = listed.Name.WithScope(scope);
            if (listed.Flags.IsDeregistering)
                continue;
            one.Name = _names.Find(name);
            if (!listed.Flags.IsInConflict)
            {
                Hold(one, name, at.Sender, listed.Flags.IsGroup, NodeRules.AnswerStatus);
                continue;
            }

            if (IsNews(FindingKind.ConflictFlag, at.Time, name, _machines.FirstAddressOf(at.Sender), at.Source, at.Frame))
                Tell($"{at.Source}'s node status shows {name} in conflict");
            End(one, at.Source, NodeRules.AnswerStatus);
        }
    }

    /// <summary>A name server gave an address out at which the name is not held, by what the machine there says itself.</summary>
    private void NotHeldThere(in Sighting at, (int Name, Ipv4Address Server, long Frame) given, string how)
    {
        var name = _names[given.Name].Name;
        if (IsNews(FindingKind.StaleAnswer, at.Time, name, at.Source, given.Server, given.Frame, at.Frame))
            Tell($"{given.Server} gave out {at.Source} for {name}, and {at.Source} {how}", facts: new FindingFacts { ByServer = true, Owner = at.Source });
    }

    private static bool Lists(NbnsResourceRecord record, NetBiosName name)
    {
        for (int i = 0; i < record.NodeNameCount; i++)
        {
            if (record.GetNodeName(i).Name is var listed && listed.High == name.High && listed.Low == name.Low)
                return true;
        }

        return false;
    }

    /// <summary>A new holder is held against the others of the name: one finding for each, with the oldest of them.</summary>
    private void CompareHolders(in Sighting at, int number, in NetBiosName name, Party host, bool group, Rule rule, PendingClaim? claim)
    {
        // A master browser's <1D> is unique to its segment, a wildcard is nobody's, and Samba's marker everybody's.
        if (IsMarker(name))
            return;
        if (CompareHolders(at, number, name, host, group, rule, claim, otherIsGroup: false) && !group)
            CompareHolders(at, number, name, host, group, rule, claim, otherIsGroup: true);
    }

    /// <returns>Whether there was none to report.</returns>
    private bool CompareHolders(in Sighting at, int number, in NetBiosName name, Party host, bool group, Rule rule, PendingClaim? claim, bool otherIsGroup)
    {
        bool isApart = false;
        foreach (int index in HoldersOf(number, at.Frame, otherIsGroup))
        {
            var other = HolderOf(index);
            if (_machines.SameMachine(other, host))
                continue;
            if (_machines.FactsOf(other).Mac is { } mac && _machines.FactsOf(host).Mac == mac)
            {
                _machines.AreOneMachine(other.Address, host.Address); // one station broadcasts with both: it got another address, or has two
                continue;
            }

            long shown = _holdings[index].LastSeenFrame;
            if (name.Suffix == NameSuffix.MasterBrowser)
            {
                if (!_machines.AreApart(other, host) && IsNews(FindingKind.TwoMasterBrowsers, at.Time, name, _machines.FirstAddressOf(other), _machines.FirstAddressOf(host), shown, at.Frame))
                    Tell($"{other.Address} and {host.Address} both are master browser of {name.BaseName}: an election settles it");
                return false;
            }

            if (other.Address.Value >> 24 == 127 || host.Address.Value >> 24 == 127)
                continue; // an address of every host tells of none (RFC 1122 §3.2.1.3)
            bool areApart = _machines.AreApart(other, host);
            if (IsUnopposed(rule) ? areApart || _machines.DoNotHear(other, host) : areApart)
            {
                if (!isApart && areApart && IsWorthTelling(number)) // with a name server in common they would be told of one another
                {
                    isApart = true;
                    if (IsNews(FindingKind.SeparateOwners, at.Time, name, other.Address, host.Address, shown, at.Frame))
                        Tell($"{other.Address} and {host.Address} hold {name} in networks that do not hear one another, as far as can be seen: no conflict unless they share a name server");
                }

                continue;
            }

            if (IsNews(FindingKind.TwoOwners, at.Time, name, _machines.FirstAddressOf(other), _machines.FirstAddressOf(host), Proof(shown, claim, at.Frame)))
            {
                var (outcome, challengeFrames, since) = rule == NodeRules.ServerGranted
                    ? _queries.ChallengeOf(_machines.FirstAddressOf(_machines.ServerOf(host)), other.Address, number, at.Time, ChallengeWindow)
                    : (ChallengeOutcome.NotSeen, [], default);
                var sinceRule = _holdings[index].SinceRule;
                Tell(
                    $"{other.Address} and {host.Address} both hold {name}: two machines, or one with two addresses",
                    facts: new FindingFacts
                    {
                        ClaimIsGroup = group,
                        OtherIsGroup = otherIsGroup,
                        BothUnopposed = IsUnopposed(rule) && IsUnopposed(sinceRule),
                        OnlyAnswers = (rule == NodeRules.AnswerQuery && IsUnopposed(sinceRule) && _machines.FactsOf(host).Computer == default)
                            || OnlyAnswers(sinceRule, other, number, host),
                        ByServer = rule == NodeRules.ServerGranted,
                        Challenge = outcome,
                        ChallengedAt = since,
                        ChallengeFrames = challengeFrames,
                        ByTwoServers = rule == NodeRules.ServerGranted && sinceRule == NodeRules.ServerGranted && HaveTwoServers(host, other),
                    });
            }

            return false;
        }

        return true;
    }

    /// <summary>Whether a machine, which claimed no computer's name in the capture, only answers for a name that another was the first to claim.</summary>
    private bool OnlyAnswers(Rule sinceRule, Party holder, int name, Party claimant) =>
        sinceRule == NodeRules.AnswerQuery && _machines.FactsOf(holder).Computer == default && _names[name].FirstClaimant is var first && first != Ipv4Address.Any && _machines.SameMachine(first, claimant);

    /// <summary>Whether two machines use two name servers, as far as is seen.</summary>
    private bool HaveTwoServers(Party one, Party other) => _machines.ServerOf(one) is var first && _machines.ServerOf(other) is var second
        && first != Ipv4Address.Any && second != Ipv4Address.Any && !_machines.SameMachine(first, second);

    /// <summary>Whether there is room for another network in which a name is held as well.</summary>
    private bool IsWorthTelling(int name) => ++_names[name].Apart <= Incident.MaxFrames;

    /// <summary>Whether a holding began with a claim that ran its course though another held the name.</summary>
    private static bool IsUnopposed(Rule rule) => rule == NodeRules.NobodyObjected || rule == NodeRules.DemandName;

    /// <summary>What the frames tell of whoever takes a name away from its holder.</summary>
    private FindingFacts DemandFacts(in Sighting at, int number, Party holder, Party owner = default, bool fromElsewhere = false, bool isConflict = false, bool isGroup = false)
    {
        var sender = at.Sender;
        var source = at.Source;
        bool byServer = _machines.FactsOf(sender).ServesNames || _machines.ServerOf(holder) == source;
        var (outcome, frames, since) = byServer && number >= 0
            ? _queries.ChallengeOf(_machines.FirstAddressOf(sender), holder.Address, number, at.Time, ChallengeWindow)
            : (ChallengeOutcome.NotSeen, [], default);
        bool asked = number >= 0 && sender.Number >= 0 && _queries.FindAsking(sender.Number, number) is { IsKnown: true } asking && at.Time - asking.Until <= UnicastWindow;
        var state = number >= 0 ? _names[number] : default;
        bool isRival = Is(state.FirstClaimant) || Is(state.SecondClaimant) || Is(state.LastUnique) || FindCurrent(number, source) >= 0;
        return new FindingFacts
        {
            ByServer = byServer,
            SenderHasToDoWithIt = isRival || asked,
            IsEarlyEnough = at.Time - _start >= (isConflict ? TimeSpan.FromSeconds(10) : UnicastWindow), // who finds two owners has asked within the last seconds
            FromElsewhere = fromElsewhere,
            OtherIsGroup = FindCurrent(number, holder.Address) is >= 0 and var held ? _holdings[held].IsGroup : isGroup ? true : null,
            HasClaim = IsRivalOf(state.FirstClaimant, state.FirstServer) || IsRivalOf(state.SecondClaimant, state.SecondServer),
            BearsHoldersAddress = holder.Address != Ipv4Address.Any && _machines.SameMachine(owner, holder) && !_machines.SameMachine(sender, holder),
            Challenge = outcome,
            ChallengedAt = since,
            ChallengeFrames = frames,
        };

        bool IsRivalOf(Ipv4Address claimant, Ipv4Address server) => claimant != Ipv4Address.Any && server == source && !_machines.SameMachine(claimant, holder);

        bool Is(Ipv4Address claimant) => claimant != Ipv4Address.Any && _machines.SameMachine(claimant, sender);
    }
}
