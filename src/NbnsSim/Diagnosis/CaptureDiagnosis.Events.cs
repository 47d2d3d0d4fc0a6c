using System.Globalization;
using System.Runtime.InteropServices;
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

    private void Asked(Sighting at, in NbnsPacket packet, in NetBiosName name)
    {
        if (_machines.IndexOf(at.Source) is not (>= 0 and var host) || NameIndex(name, at.Frame) is not (>= 0 and var index))
            return;
        _queries.Ask(at.Frame, at.Time, host, _machines.FirstAddressOf(host), index, name, at.From, at.To, at.TransactionId, at.IsBroadcast, packet.Flags);
        NoteRoomForQueries(at);
    }

    private void NoteRoomForQueries(Sighting at)
    {
        if (_queries.IsFull)
            NotKept(at.Frame);
    }

    private void AskedStatus(Sighting at)
    {
        if (!at.IsBroadcast && _machines.IndexOf(at.Source) is >= 0 and var host)
            _queries.AskStatus(at.Frame, at.Time, host, at.Destination);
        NoteRoomForQueries(at);
    }

    /// <summary>A name server says that a name does not exist.</summary>
    private void Denied(Sighting at, NetBiosName name, bool isServer)
    {
        if (!isServer && _queries.GivenAt(at.Source) is { } given && _names[given.Name].Name == name)
            NotHeldThere(at, given, "says that it does not have it");
        if (_machines.IndexOf(at.Source) is >= 0 and var server && NameIndex(name, at.Frame) is >= 0 and var index)
            _queries.Deny(at.Frame, at.Time, server, index, at.From, _machines.FirstAddressOf(at.Destination), at.Destination, isServer);
    }

    private void Answered(Sighting at, NetBiosName name, NbnsResourceRecord record)
    {
        bool isOwn = false;
        bool isGroup = false;
        for (int i = 0; i < record.EntryCount; i++)
        {
            var entry = record.GetEntry(i);
            isOwn |= entry.Address == at.Source;
            isGroup |= entry.Flags.IsGroup;
        }

        var given = record.FirstEntry.Address;
        if (_machines.IndexOf(at.Source) is >= 0 and var host && NameIndex(name, at.Frame) is >= 0 and var index)
            _queries.Answer(at.Frame, at.Time, host, index, at.From, _machines.IndexOf(at.Destination), _machines.FirstAddressOf(at.Destination), given, isOwn, isGroup);
        if (_queries.MissedPort(at.To, at.TransactionId, name, at.Time, BroadcastWindow) is not 0 and var port)
        {
            Report(new Finding(
                FindingKind.WrongPort, at.Time, name, _machines.FirstAddressOf(at.Source), at.Destination, [at.Frame],
                string.Create(CultureInfo.InvariantCulture, $"{at.Source} answered {at.Destination} at port {at.To.Port}, which had asked from port {port}")));
        }

        for (int i = 0; !isGroup && i < record.EntryCount; i++)
        {
            if (record.GetEntry(i).Address is var other && other != at.Source && (MachineTable.IsUnreachable(other) || LooksLikeBroadcast(other, at.Source)))
            {
                Report(new Finding(
                    FindingKind.UnreachableAddress, at.Time, name, _machines.FirstAddressOf(at.Source), other, [at.Frame],
                    $"{at.Source} answered for {name} with {other}, where {(other.IsUnicast && !LooksLikeBroadcast(other, at.Source) ? "others do not reach it" : "no host can be")}"));
            }
        }

        if (isOwn)
        {
            for (int i = 0; !isGroup && i < record.EntryCount; i++)
                _machines.AreOneMachine(record.GetEntry(i).Address, at.Source); // a host with several addresses names them all
            Hold(at, name, at.Source, isGroup, NodeRules.AnswerQuery);
            return;
        }

        if (isGroup || _machines.SameMachine(given, at.Source))
            return;
        if (!_queries.AnswersBroadcast(at.To, at.TransactionId, name, at.Time, BroadcastWindow))
        {
            AnsweredForAnother(at, name, given);
            return;
        }

        // A name server answers for others, but not what was asked by broadcast (RFC 1002 §5.1.4.2: a P node's queries are unicast).
        bool isReachable = given.IsUnicast && !LooksLikeBroadcast(given, at.Source);
        if (!MachineTable.IsUnreachable(given) && isReachable)
        {
            Report(new Finding(
                FindingKind.ForeignAddress, at.Time, name, _machines.FirstAddressOf(at.Source), given, [at.Frame],
                $"{at.Source} answered for {name} with {given}, which is not where it answers from: another of its addresses, or it answers for another host"));
        }

        if (!isReachable)
            Hold(at, name, at.Source, group: false, NodeRules.AnswerQuery); // nobody else can be meant
    }

    /// <summary>A name server gives out an address that is not the one where the name is held now, by what the holder itself has shown.</summary>
    private void AnsweredForAnother(Sighting at, NetBiosName name, Ipv4Address given)
    {
        if (IsMarker(name) || name.Suffix == NameSuffix.MasterBrowser)
            return;
        foreach (int index in HoldersOf(at, name, group: false))
        {
            var held = _holdings[index];
            if (_machines.SameMachine(held.Host, given) || _machines.AreApart(held.Host, given) || held.SinceRule == NodeRules.ServerGranted)
                continue;
            Report(new Finding(
                FindingKind.StaleAnswer, at.Time, name, held.Host, at.Source, [held.SinceFrame, at.Frame], $"{at.Source} answered for {name} with {given}, while {held.Host} holds it")
            {
                Facts = new FindingFacts { ByServer = true, Owner = given },
            });
            return;
        }
    }

    /// <summary>Whether an address is the broadcast address of a subnet of at most 256 hosts that the other is in.</summary>
    private static bool LooksLikeBroadcast(Ipv4Address address, Ipv4Address other) => (address.Value & 0xFF) == 0xFF && address.Value >> 8 == other.Value >> 8;

    private void ConflictDemanded(Sighting at, NetBiosName name)
    {
        // RFC 1002 §4.2.8: the demand has NB_ADDRESS 0, so the victim is whoever it was sent to; sent to all, whoever holds the name.
        if (!at.IsBroadcast)
        {
            bool holds = FindCurrent(name, at.Destination) >= 0;
            Report(new Finding(
                FindingKind.ConflictDemand, at.Time, name, _machines.FirstAddressOf(at.Destination), at.Source, Proof(at, name, at.Destination),
                $"{at.Source} told {at.Destination} that {name} is in conflict{(holds ? "" : "; that it holds the name is not in the capture")}",
                _machines.ServerOf(at.Destination) == at.Source ? FindingEvent.ConflictDemandByServer : FindingEvent.ConflictDemand)
            { Facts = DemandFacts(at, name, at.Destination, isConflict: true) }, at.Destination);
            End(at, name, at.Destination, NodeRules.ConflictDemand);
            return;
        }

        bool any = false;
        foreach (int index in HoldersOf(at, name, group: false))
        {
            var holder = _holdings[index].Host;
            if (_machines.SameMachine(holder, at.Source) || !_machines.Hears(holder, at.Destination, at.Domain))
                continue;
            any = true;
            Report(new Finding(
                FindingKind.ConflictDemand, at.Time, name, _machines.FirstAddressOf(holder), at.Source, Proof(at, name, holder),
                $"{at.Source} told everybody that {name} is in conflict, which {holder} holds",
                _machines.ServerOf(holder) == at.Source ? FindingEvent.ConflictDemandByServer : FindingEvent.ConflictDemand)
            { Facts = DemandFacts(at, name, holder, isConflict: true) }, holder);
            End(at, name, holder, NodeRules.ConflictDemand);
        }

        if (!any)
        {
            Report(new Finding(
                FindingKind.ConflictDemand, at.Time, name, Ipv4Address.Any, at.Source, [at.Frame],
                $"{at.Source} told everybody that {name} is in conflict; who holds it is not in the capture",
                FindingEvent.ConflictDemand)
            { Facts = DemandFacts(at, name, default, isConflict: true) });
        }
    }

    private void Release(Sighting at, NetBiosName name, NbEntry entry, MacAddress? sourceMac)
    {
        SettleOwnClaim(at, name);
        var owner = HolderOf(entry, at.Source);
        bool fromElsewhere = at.IsBroadcast && !_machines.IsElsewhere(at.Source, at.Domain) && sourceMac is { } mac && _machines.FactsOf(at.Source) is { Mac: { } known } && known != mac;
        if (fromElsewhere)
        {
            Report(new Finding(
                FindingKind.ForeignStation, at.Time, name, _machines.FirstAddressOf(at.Source), at.Source, Proof(at, name, at.Source),
                $"a release of {name} came with {at.Source}'s address, but from another station ({sourceMac}): the address is forged, or has moved")
            { Facts = new FindingFacts { FromElsewhere = true } });
        }

        bool atServer = _machines.SameMachine(owner, at.Source) && _machines.FactsOf(at.Destination).ServesNames; // its own, released where it was registered (RFC 1002 §5.1.2.4)
        if (!at.IsBroadcast && !atServer && (_machines.SameMachine(owner, at.Destination) || FindCurrent(name, at.Destination) >= 0) && !_machines.SameMachine(at.Source, at.Destination))
        {
            ReleaseDemanded(at, name, owner, entry.Flags.IsGroup);
            return;
        }

        int own = FindCurrent(name, _machines.SameMachine(owner, at.Source) ? owner : at.Source);
        bool held = own >= 0 || FindCurrent(name, at.Source) >= 0;
        bool isGroup = own >= 0 ? _holdings[own].IsGroup : entry.Flags.IsGroup;
        if (!fromElsewhere) // RFC 1002 §5.1.1.4, §5.1.2.4: the sender gives up its own
        {
            if (_machines.SameMachine(owner, at.Source))
                _machines.NoteRelease(at.Source, at.Time);
            End(at, name, at.Source, NodeRules.Released);
            if (owner != at.Source && _machines.SameMachine(owner, at.Source))
                End(at, name, owner, NodeRules.Released);
        }

        if (!at.IsBroadcast || isGroup)
            return; // to a name server; or a member leaves a group, which concerns nobody else
        bool any = held || WasLastHeldBy(name, at.Source); // the second and third of the three releases of RFC 1002 §5.1.1.4 come when nothing is held any more
        foreach (int index in HoldersOf(at, name, group: false))
        {
            var holder = _holdings[index].Host;
            if (_machines.SameMachine(holder, at.Source) || !_machines.Hears(holder, at.Destination, at.Domain))
                continue;
            any = true;
            bool ownAddress = _machines.SameMachine(owner, holder);
            Report(new Finding(
                FindingKind.ReleaseOfAnothersName, at.Time, name, _machines.FirstAddressOf(holder), at.Source, Proof(at, name, holder, BroadcastClaimOf(name, at.Source)),
                $"{at.Source} released {name}, which {holder} holds",
                FindingEvent.Release(isGroup: false, ownAddress, _machines.TypeOf(holder), _machines.ServerOf(holder) == at.Source, toAll: true))
            { Facts = DemandFacts(at, name, holder, owner, fromElsewhere) }, holder);
            if (ownAddress)
                End(at, name, holder, NodeRules.ReleaseOfOwnAddress);
        }

        if (!any)
        {
            Report(new Finding(
                FindingKind.ReleaseOfUnknownHoldersName, at.Time, name, Ipv4Address.Any, at.Source, [at.Frame],
                $"{at.Source} released {name}; nobody is seen to hold it. If it was its own, nothing is lost; if another machine holds it, that one may log the release",
                FindingEvent.Release(isGroup: false, ownAddress: false, OwnerNodeType.B, byServer: false, toAll: true))
            { Facts = DemandFacts(at, name, default, owner, fromElsewhere) });
        }
    }

    /// <summary>A release sent to the holder itself: RFC 1001 §15.5.3, Q314696.</summary>
    private void ReleaseDemanded(Sighting at, NetBiosName name, Ipv4Address owner, bool saysGroup)
    {
        int current = FindCurrent(name, at.Destination);
        bool isGroup = current >= 0 && _holdings[current].IsGroup;
        bool ownAddress = _machines.SameMachine(owner, at.Destination);
        Report(new Finding(
            FindingKind.ReleaseDemand, at.Time, name, _machines.FirstAddressOf(at.Destination), at.Source, Proof(at, name, at.Destination),
            $"{at.Source} told {at.Destination} to release {name}{(current < 0 ? "; that it holds the name is not in the capture" : isGroup ? ", a group name" : "")}",
            FindingEvent.Release(isGroup, ownAddress, _machines.TypeOf(at.Destination), _machines.ServerOf(at.Destination) == at.Source, toAll: false))
        { Facts = DemandFacts(at, name, at.Destination, owner, isGroup: saysGroup) }, at.Destination);
        if (ownAddress && !isGroup)
            End(at, name, at.Destination, NodeRules.ReleaseOfOwnAddress);
    }

    private void Status(Sighting at, NbnsResourceRecord record, NetBiosScope scope)
    {
        if (_queries.GivenAt(at.Source) is { } given && !Lists(record, _names[given.Name].Name))
            NotHeldThere(at, given, "does not list it");
        for (int i = 0; i < record.NodeNameCount; i++)
        {
            var listed = record.GetNodeName(i);
            var name = listed.Name.WithScope(scope);
            if (listed.Flags.IsDeregistering)
                continue;
            if (!listed.Flags.IsInConflict)
            {
                Hold(at, name, at.Source, listed.Flags.IsGroup, NodeRules.AnswerStatus);
                continue;
            }

            Report(new Finding(
                FindingKind.ConflictFlag, at.Time, name, _machines.FirstAddressOf(at.Source), at.Source, [at.Frame], $"{at.Source}'s node status shows {name} in conflict"));
            End(at, name, at.Source, NodeRules.AnswerStatus);
        }
    }

    /// <summary>A name server gave an address out at which the name is not held, by what the machine there says itself.</summary>
    private void NotHeldThere(Sighting at, (int Name, Ipv4Address Server, long Frame) given, string how) => Report(new Finding(
        FindingKind.StaleAnswer, at.Time, _names[given.Name].Name, at.Source, given.Server, [given.Frame, at.Frame],
        $"{given.Server} gave out {at.Source} for {_names[given.Name].Name}, and {at.Source} {how}")
    {
        Facts = new FindingFacts { ByServer = true, Owner = at.Source },
    });

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
    private void CompareHolders(Sighting at, NetBiosName name, Ipv4Address host, bool group, Rule rule, PendingClaim? claim)
    {
        // A master browser's <1D> is unique to its segment, a wildcard is nobody's, and Samba's marker everybody's.
        if (IsMarker(name))
            return;
        if (CompareHolders(at, name, host, group, rule, claim, HoldersOf(at, name, group: false), otherIsGroup: false) && !group)
            CompareHolders(at, name, host, group, rule, claim, HoldersOf(at, name, group: true), otherIsGroup: true);
    }

    /// <returns>Whether there was none to report.</returns>
    private bool CompareHolders(Sighting at, NetBiosName name, Ipv4Address host, bool group, Rule rule, PendingClaim? claim, HolderEnumerator others, bool otherIsGroup)
    {
        bool isApart = false;
        foreach (int index in others)
        {
            var other = _holdings[index].Host;
            if (_machines.SameMachine(other, host))
                continue;
            if (_machines.FactsOf(other) is { Mac: { } mac } && _machines.FactsOf(host).Mac == mac)
            {
                _machines.AreOneMachine(other, host); // one station broadcasts with both: it got another address, or has two
                continue;
            }

            if (name.Suffix == NameSuffix.MasterBrowser)
            {
                if (!_machines.AreApart(other, host))
                {
                    Report(new Finding(
                        FindingKind.TwoMasterBrowsers, at.Time, name, _machines.FirstAddressOf(other), _machines.FirstAddressOf(host), [_holdings[index].LastSeenFrame, at.Frame],
                        $"{other} and {host} both are master browser of {name.BaseName}: an election settles it"));
                }

                return false;
            }

            if (other.Value >> 24 == 127 || host.Value >> 24 == 127)
                continue; // an address of every host tells of none (RFC 1122 §3.2.1.3)
            if (IsUnopposed(rule) ? _machines.DoNotHear(other, host) : _machines.AreApart(other, host))
            {
                if (!isApart && _machines.AreApart(other, host) && IsWorthTelling(name)) // with a name server in common they would be told of one another
                {
                    isApart = true;
                    Report(new Finding(
                        FindingKind.SeparateOwners, at.Time, name, other, host, [_holdings[index].LastSeenFrame, at.Frame],
                        $"{other} and {host} hold {name} in networks that do not hear one another, as far as can be seen: no conflict unless they share a name server"));
                }

                continue;
            }

            var (outcome, challengeFrames, since) = rule == NodeRules.ServerGranted ? _queries.ChallengeOf(_machines.FirstAddressOf(_machines.ServerOf(host)), other, NameIndex(name), at.Time, ChallengeWindow) : (ChallengeOutcome.NotSeen, [], default);
            Report(new Finding(
                FindingKind.TwoOwners, at.Time, name, _machines.FirstAddressOf(other), _machines.FirstAddressOf(host), Proof(_holdings[index].LastSeenFrame, claim, at.Frame),
                string.Create(CultureInfo.InvariantCulture, $"{other} and {host} both hold {name}: two machines, or one with two addresses"))
            {
                Facts = new FindingFacts
                {
                    ClaimIsGroup = group,
                    OtherIsGroup = otherIsGroup,
                    BothUnopposed = IsUnopposed(rule) && IsUnopposed(_holdings[index].SinceRule),
                    OnlyAnswers = rule == NodeRules.AnswerQuery && IsUnopposed(_holdings[index].SinceRule) && _machines.FactsOf(host).Computer == default,
                    ByServer = rule == NodeRules.ServerGranted,
                    Challenge = outcome,
                    ChallengedAt = since,
                    ChallengeFrames = challengeFrames,
                    ByTwoServers = rule == NodeRules.ServerGranted && _holdings[index].SinceRule == NodeRules.ServerGranted && !_machines.SameMachine(_machines.ServerOf(host), _machines.ServerOf(other)),
                },
            });
            return false;
        }

        return true;
    }

    /// <summary>Whether there is room for another network in which a name is held as well.</summary>
    private bool IsWorthTelling(NetBiosName name) => ++CollectionsMarshal.GetValueRefOrAddDefault(_apart, NameIndex(name), out _) <= Incident.MaxFrames;

    /// <summary>Whether a holding began with a claim that ran its course though another held the name.</summary>
    private static bool IsUnopposed(Rule rule) => rule == NodeRules.NobodyObjected || rule == NodeRules.DemandName;

    /// <summary>What the frames tell of whoever takes a name away from its holder.</summary>
    private FindingFacts DemandFacts(Sighting at, NetBiosName name, Ipv4Address holder, Ipv4Address owner = default, bool fromElsewhere = false, bool isConflict = false, bool isGroup = false)
    {
        int index = NameIndex(name, at.Frame);
        bool byServer = _machines.FactsOf(at.Source).ServesNames || _machines.ServerOf(holder) == at.Source;
        var (outcome, frames, since) = byServer && index >= 0 ? _queries.ChallengeOf(_machines.FirstAddressOf(at.Source), holder, index, at.Time, ChallengeWindow) : (ChallengeOutcome.NotSeen, [], default);
        bool asked = index >= 0 && _machines.IndexOf(at.Source) is >= 0 and var sender && _queries.FindAsking(sender, index) is { Count: > 0 } asking && at.Time - asking.Until <= UnicastWindow;
        var chains = index >= 0 ? _names[index] : default;
        bool isRival = Is(chains.FirstClaimant) || Is(chains.SecondClaimant) || Is(chains.LastUnique) || FindCurrent(name, at.Source) >= 0;
        return new FindingFacts
        {
            ByServer = byServer,
            SenderHasToDoWithIt = isRival || asked,
            IsEarlyEnough = at.Time - _start >= (isConflict ? TimeSpan.FromSeconds(10) : UnicastWindow), // who finds two owners has asked within the last seconds
            FromElsewhere = fromElsewhere,
            OtherIsGroup = FindCurrent(name, holder) is >= 0 and var held ? _holdings[held].IsGroup : isGroup ? true : null,
            HasClaim = IsRivalOf(chains.FirstClaimant, chains.FirstServer) || IsRivalOf(chains.SecondClaimant, chains.SecondServer),
            BearsHoldersAddress = holder != Ipv4Address.Any && _machines.SameMachine(owner, holder) && !_machines.SameMachine(at.Source, holder),
            Challenge = outcome,
            ChallengedAt = since,
            ChallengeFrames = frames,
        };

        bool IsRivalOf(Ipv4Address claimant, Ipv4Address server) => claimant != Ipv4Address.Any && server == at.Source && !_machines.SameMachine(claimant, holder);

        bool Is(Ipv4Address claimant) => claimant != Ipv4Address.Any && _machines.SameMachine(claimant, at.Source);
    }
}
