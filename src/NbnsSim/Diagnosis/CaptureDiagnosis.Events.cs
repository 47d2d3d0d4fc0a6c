using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <content>What happens to names that are held.</content>
public sealed partial class CaptureDiagnosis
{
    private const int MaxRememberedQueries = 1 << 12;
    private const ulong SambaHigh = 0x5F5F_5341_4D42_415F; // __SAMBA__, which every Samba host has and nobody defends
    private const ulong SambaLow = 0x5F20_2020_2020_2000;

    private readonly (Ipv4Endpoint From, ushort TransactionId, NetBiosName Name, Instant Time)[] _queries = new (Ipv4Endpoint, ushort, NetBiosName, Instant)[MaxRememberedQueries];

    private void NoteQuery(Sighting at, in NbnsPacket packet)
    {
        if (packet.Name.TryGetName(out var name))
            _queries[QueryPlace(at.From, at.TransactionId)] = (at.From, at.TransactionId, name, at.Time);
    }

    private static int QueryPlace(Ipv4Endpoint from, ushort transactionId) => (int)((uint)KeyedHash.Of(from.Address.Value, ((ulong)from.Port << 16) | transactionId) % MaxRememberedQueries);

    /// <summary>Whether this answers a broadcast query: only a holder answers one, or a proxy (RFC 1002 §5.1.1.2, §5.1.5).</summary>
    private bool AnswersBroadcast(Sighting at, NetBiosName name)
    {
        ref readonly var query = ref _queries[QueryPlace(at.To, at.TransactionId)];
        return query.From == at.To && query.TransactionId == at.TransactionId && query.Name == name && at.Time - query.Time <= BroadcastWindow;
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

        if (isOwn)
        {
            for (int i = 0; !isGroup && i < record.EntryCount; i++)
                AreOneMachine(record.GetEntry(i).Address, at.Source); // a host with several addresses names them all
            Hold(at, name, at.Source, isGroup, NodeRules.AnswerQuery);
            return;
        }

        // A name server answers for others, but not what was asked by broadcast (RFC 1002 §5.1.4.2: a P node's queries are unicast).
        var given = record.FirstEntry.Address;
        if (isGroup || SameMachine(given, at.Source) || !AnswersBroadcast(at, name))
            return;
        bool isReachable = given.IsUnicast && !LooksLikeBroadcast(given, at.Source);
        Report(new Finding(
            FindingKind.ForeignAddress, at.Time, name, FirstAddressOf(at.Source), given, [at.Frame],
            $"{at.Source} answered for {name} with {given}, which {(isReachable ? "is not where it answers from: another of its addresses, or it answers for another host" : "no host can have")}"));
        if (!isReachable)
            Hold(at, name, at.Source, group: false, NodeRules.AnswerQuery); // nobody else can be meant
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
                FindingKind.ConflictDemand, at.Time, name, FirstAddressOf(at.Destination), at.Source, Proof(at, name, at.Destination),
                $"{at.Source} told {at.Destination} that {name} is in conflict{(holds ? "" : "; that it holds the name is not in the capture")}",
                ServerOf(at.Destination) == at.Source ? FindingEvent.ConflictDemandByServer : FindingEvent.ConflictDemand), at.Destination);
            End(at, name, at.Destination, NodeRules.ConflictDemand);
            return;
        }

        bool any = false;
        foreach (int index in HoldersOf(at, name, group: false))
        {
            var holder = _holdings[index].Host;
            if (SameMachine(holder, at.Source) || !Hears(holder, at.Destination))
                continue;
            any = true;
            Report(new Finding(
                FindingKind.ConflictDemand, at.Time, name, FirstAddressOf(holder), at.Source, Proof(at, name, holder),
                $"{at.Source} told everybody that {name} is in conflict, which {holder} holds",
                ServerOf(holder) == at.Source ? FindingEvent.ConflictDemandByServer : FindingEvent.ConflictDemand), holder);
            End(at, name, holder, NodeRules.ConflictDemand);
        }

        if (!any)
        {
            Report(new Finding(
                FindingKind.ConflictDemand, at.Time, name, Ipv4Address.Any, at.Source, [at.Frame],
                $"{at.Source} told everybody that {name} is in conflict; who holds it is not in the capture",
                FindingEvent.ConflictDemand));
        }
    }

    private void Release(Sighting at, NetBiosName name, NbEntry entry, MacAddress? sourceMac)
    {
        SettleOwnClaim(at, name);
        var owner = HolderOf(entry, at.Source);
        bool fromElsewhere = at.IsBroadcast && sourceMac is { } mac && FactsOf(at.Source) is { Mac: { } known } && known != mac;
        if (fromElsewhere)
        {
            Report(new Finding(
                FindingKind.ForeignStation, at.Time, name, FirstAddressOf(at.Source), at.Source, Proof(at, name, at.Source),
                $"a release of {name} came with {at.Source}'s address, but from another station ({sourceMac}): the address is forged, or has moved"));
        }

        bool atServer = SameMachine(owner, at.Source) && FactsOf(at.Destination).ServesNames; // its own, released where it was registered (RFC 1002 §5.1.2.4)
        if (!at.IsBroadcast && !atServer && (SameMachine(owner, at.Destination) || FindCurrent(name, at.Destination) >= 0) && !SameMachine(at.Source, at.Destination))
        {
            ReleaseDemanded(at, name, owner);
            return;
        }

        int own = FindCurrent(name, SameMachine(owner, at.Source) ? owner : at.Source);
        bool held = own >= 0 || FindCurrent(name, at.Source) >= 0;
        bool isGroup = own >= 0 ? _holdings[own].IsGroup : entry.Flags.IsGroup;
        if (!fromElsewhere) // RFC 1002 §5.1.1.4, §5.1.2.4: the sender gives up its own
        {
            End(at, name, at.Source, NodeRules.Released);
            if (owner != at.Source && SameMachine(owner, at.Source))
                End(at, name, owner, NodeRules.Released);
        }

        if (!at.IsBroadcast || isGroup)
            return; // to a name server; or a member leaves a group, which concerns nobody else
        bool any = held;
        foreach (int index in HoldersOf(at, name, group: false))
        {
            var holder = _holdings[index].Host;
            if (SameMachine(holder, at.Source) || !Hears(holder, at.Destination))
                continue;
            any = true;
            bool ownAddress = SameMachine(owner, holder);
            Report(new Finding(
                FindingKind.ReleaseOfAnothersName, at.Time, name, FirstAddressOf(holder), at.Source, Proof(at, name, holder),
                $"{at.Source} released {name}, which {holder} holds",
                FindingEvent.Release(isGroup: false, ownAddress, TypeOf(holder), ServerOf(holder) == at.Source, toAll: true)), holder);
            if (ownAddress)
                End(at, name, holder, NodeRules.ReleaseOfOwnAddress);
        }

        if (!any)
        {
            Report(new Finding(
                FindingKind.ReleaseOfUnknownHoldersName, at.Time, name, Ipv4Address.Any, at.Source, [at.Frame],
                $"{at.Source} released {name}; nobody is seen to hold it. If it was its own, nothing is lost; if another machine holds it, that one may log the release",
                FindingEvent.Release(isGroup: false, ownAddress: false, OwnerNodeType.B, byServer: false, toAll: true)));
        }
    }

    /// <summary>A release sent to the holder itself: RFC 1001 §15.5.3, Q314696.</summary>
    private void ReleaseDemanded(Sighting at, NetBiosName name, Ipv4Address owner)
    {
        int current = FindCurrent(name, at.Destination);
        bool isGroup = current >= 0 && _holdings[current].IsGroup;
        bool ownAddress = SameMachine(owner, at.Destination);
        Report(new Finding(
            FindingKind.ReleaseDemand, at.Time, name, FirstAddressOf(at.Destination), at.Source, Proof(at, name, at.Destination),
            $"{at.Source} told {at.Destination} to release {name}{(current < 0 ? "; that it holds the name is not in the capture" : isGroup ? ", a group name" : "")}",
            FindingEvent.Release(isGroup, ownAddress, TypeOf(at.Destination), ServerOf(at.Destination) == at.Source, toAll: false)), at.Destination);
        if (ownAddress && !isGroup)
            End(at, name, at.Destination, NodeRules.ReleaseOfOwnAddress);
    }

    private void Status(Sighting at, NbnsResourceRecord record, NetBiosScope scope)
    {
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
                FindingKind.ConflictFlag, at.Time, name, FirstAddressOf(at.Source), at.Source, [at.Frame], $"{at.Source}'s node status shows {name} in conflict"));
            End(at, name, at.Source, NodeRules.AnswerStatus);
        }
    }

    /// <summary>The frame that showed the holding and the one at hand.</summary>
    private long[] Proof(Sighting at, NetBiosName name, Ipv4Address host) =>
        FindCurrent(name, host) is >= 0 and var index && _holdings[index].SinceFrame != at.Frame ? [_holdings[index].SinceFrame, at.Frame] : [at.Frame];

    /// <summary>A new holder is held against the others of the name: one finding for each, with the oldest of them.</summary>
    private void CompareHolders(Sighting at, NetBiosName name, Ipv4Address host, bool group)
    {
        // A master browser's <1D> is unique to its segment, a wildcard is nobody's, and Samba's marker everybody's.
        if (name.IsWildcard || name.Suffix == NameSuffix.MasterBrowser || (name.High == SambaHigh && name.Low == SambaLow))
            return;
        if (CompareHolders(at, name, host, HoldersOf(at, name, group: false)) && !group)
            CompareHolders(at, name, host, HoldersOf(at, name, group: true));
    }

    /// <returns>Whether there was none to report.</returns>
    private bool CompareHolders(Sighting at, NetBiosName name, Ipv4Address host, HolderEnumerator others)
    {
        foreach (int index in others)
        {
            var other = _holdings[index].Host;
            if (SameMachine(other, host))
                continue;
            if (FactsOf(other) is { Mac: { } mac } && FactsOf(host).Mac == mac)
            {
                AreOneMachine(other, host); // one station broadcasts with both: it got another address, or has two
                continue;
            }

            if (AreApart(other, host))
            {
                if (_apart.Add(NameIndex(name)))
                {
                    Report(new Finding(
                        FindingKind.SeparateOwners, at.Time, name, other, host, [_holdings[index].SinceFrame, at.Frame],
                        $"{other} and {host} hold {name} in networks that do not hear one another, as far as can be seen: no conflict unless they share a name server"));
                }

                continue;
            }

            Report(new Finding(
                FindingKind.TwoOwners, at.Time, name, FirstAddressOf(other), FirstAddressOf(host), [_holdings[index].SinceFrame, at.Frame],
                string.Create(CultureInfo.InvariantCulture, $"{other} and {host} both hold {name}: two machines, or one with two addresses")));
            return false;
        }

        return true;
    }

    private bool Hears(Ipv4Address host, Ipv4Address broadcast) => FactsOf(host).Broadcast is var own && own != Ipv4Address.Any && own != Ipv4Address.Broadcast
        ? broadcast == own || broadcast == Ipv4Address.Broadcast
        : BroadcastDomain.MayHear(host, broadcast);

    /// <summary>Whether two hosts neither hear one another nor are seen to share a name server.</summary>
    private bool AreApart(Ipv4Address one, Ipv4Address other)
    {
        var (first, second) = (FactsOf(one), FactsOf(other));
        if (first.Server != Ipv4Address.Any && first.Server == second.Server)
            return false;
        if (IsDirected(first.Broadcast) || IsDirected(second.Broadcast))
            return (IsDirected(first.Broadcast) && !BroadcastDomain.MayHear(other, first.Broadcast)) || (IsDirected(second.Broadcast) && !BroadcastDomain.MayHear(one, second.Broadcast));
        return first.Broadcast == Ipv4Address.Any && second.Broadcast == Ipv4Address.Any && one.Value >> 8 != other.Value >> 8; // of neither a broadcast is seen
    }

    private static bool IsDirected(Ipv4Address broadcast) => broadcast != Ipv4Address.Any && broadcast != Ipv4Address.Broadcast;
}
