using System.Globalization;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Diagnosis;

/// <summary>
/// Reads a capture as a witness would: who held which name from when to when, and what happened to those names, each statement with
/// the frames that prove it. It knows the wire only; what a host would have made of it is the replay's business.
/// </summary>
/// <remarks>
/// Feed every NBNS datagram in capture order to <see cref="Observe"/>, then call <see cref="Complete"/>. Memory is bounded: at most
/// <see cref="MaxHoldings"/> holdings and <see cref="MaxFindings"/> findings are kept, and <see cref="IsComplete"/> tells whether that sufficed.
/// </remarks>
public sealed partial class CaptureDiagnosis
{
    /// <summary>The most holdings that are kept.</summary>
    public const int MaxHoldings = 1_000_000;

    /// <summary>The most findings that are kept.</summary>
    public const int MaxFindings = 100_000;

    private const int MaxPendingClaims = 100_000;

    /// <summary>A holder is held against so many others of the same name: whoever has more has understood.</summary>
    private const int MaxCompared = 16;

    /// <summary>How long a broadcast claim may draw a refusal: three tries of at most 750 ms (Windows' BcastQueryTimeout), with room to spare.</summary>
    private static readonly TimeSpan BroadcastWindow = TimeSpan.FromSeconds(5);

    /// <summary>How long a name server may take: three tries of 5 s (RFC 1002 §6 UCAST_REQ_RETRY_TIMEOUT), with room to spare.</summary>
    private static readonly TimeSpan UnicastWindow = TimeSpan.FromSeconds(20);

    private readonly List<NameHolding> _holdings = [];
    private readonly Dictionary<(NetBiosName Name, Ipv4Address Host), int> _current = [];
    private readonly Dictionary<NetBiosName, Holders> _holders = [];
    private readonly List<Finding> _findings = [];
    private readonly HashSet<(NetBiosName Name, Ipv4Address First, Ipv4Address Second)> _duplicates = [];
    private readonly Dictionary<Ipv4Address, Ipv4Address> _sameMachine = []; // from an address to another of the machine's, and so on to one that stands for it

    /// <summary>Every holding that the capture shows, in the order in which they showed.</summary>
    public IReadOnlyList<NameHolding> Holdings => _holdings;

    /// <summary>What was found, in the order of the capture.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Whether everything was kept: false once a bound was reached.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Takes the next datagram. Bytes that cannot be read are passed over.</summary>
    /// <param name="frame">The frame's number, 1 for the first.</param>
    /// <param name="time">The frame's time.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="isBroadcast">Whether it went to every station.</param>
    /// <param name="payload">The UDP payload.</param>
    public void Observe(long frame, Instant time, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> payload)
    {
        SettleClaims(time);
        if (!NbnsPacket.TryParseLenient(payload, out var packet, out _) || !packet.Name.TryGetName(out var name))
            return;
        var kind = NbnsClassification.Classify(packet);
        var entry = packet.HasRecord ? packet.Record.FirstEntry : default;
        var at = new Sighting(frame, time, source.Address, destination.Address, isBroadcast, packet.TransactionId);
        switch (kind)
        {
            case Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameRefreshRequest:
            case Kind.NameOverwriteRequest:
            case Kind.NameOverwriteDemand when !isBroadcast: // sent to one host it is a claim that waits for its answer
                Claim(at, kind, name, entry);
                break;
            case Kind.NameOverwriteDemand:
                EndClaim(at, name);
                Hold(at, name, HolderOf(entry, source), entry.Flags.IsGroup, HoldingEvidence.OverwriteDemand);
                break;
            case Kind.PositiveNameRegistrationResponse:
                Granted(at, name);
                break;
            case Kind.NegativeNameRegistrationResponse:
                Refused(at, name, entry, packet.Rcode);
                break;
            case Kind.WaitForAcknowledgementResponse:
                Wait(at, name, packet.Record.TimeToLive);
                break;
            case Kind.NameConflictDemand when IsClaimed(at, name): // under the claim's own id, CFT_ERR is a refusal (RFC 1002 §4.2.6)
                Refused(at, name, entry, packet.Rcode);
                break;
            case Kind.NameConflictDemand:
                ConflictDemanded(at, name);
                break;
            case Kind.NameReleaseDemand or Kind.NameReleaseRequest:
                Release(at, name, entry);
                break;
            case Kind.PositiveNameQueryResponse:
                bool ownName = false;
                for (int i = 0; i < packet.Record.EntryCount; i++)
                    ownName |= packet.Record.GetEntry(i) is { Flags.IsGroup: false } own && own.Address == source.Address;
                for (int i = 0; i < packet.Record.EntryCount; i++)
                {
                    if (ownName)
                        AreOneMachine(packet.Record.GetEntry(i).Address, source.Address); // a host with several addresses names them all

                    // A name server answers for others; only an answer for oneself shows a holding.
                    var answer = packet.Record.GetEntry(i);
                    if (answer.Address == source.Address)
                        Hold(at, name, source.Address, answer.Flags.IsGroup, HoldingEvidence.QueryResponse);
                }

                break;
            case Kind.NodeStatusResponse:
                Status(at, packet.Record, packet.Name.GetScope());
                break;
        }
    }

    /// <summary>Ends the capture: claims that nobody answered are settled.</summary>
    public void Complete() => SettleClaims(Instant.MaxValue);

    private static Ipv4Address HolderOf(NbEntry entry, Ipv4Endpoint source) => entry.Address == Ipv4Address.Any ? source.Address : entry.Address;

    private void ConflictDemanded(Sighting at, NetBiosName name)
    {
        // RFC 1002 §4.2.8: the demand has NB_ADDRESS 0, so the victim is whoever it was sent to.
        Report(new Finding(
            FindingKind.ConflictDemand, at.Time, name, at.Destination, at.Source, [at.Frame],
            $"{at.Source} told {at.Destination} that {name} is in conflict",
            Events.NetBtEventId.DuplicateName, Basis.Inferred, "4319's message text and its pairing with 4320 in Q120752"));
        End(at, name, at.Destination, HoldingEnd.Conflict);
    }

    private void Release(Sighting at, NetBiosName name, NbEntry entry)
    {
        SettleOwnClaim(at, name);
        var owner = HolderOf(entry, new Ipv4Endpoint(at.Source, 0));
        if (_current.ContainsKey((name, at.Source)) || (owner == at.Source && !at.IsBroadcast && !_current.ContainsKey((name, at.Destination))))
        {
            // The sender's own name: a release as RFC 1002 §5.1.1.4 and §5.1.2.4 have it.
            End(at, name, at.Source, HoldingEnd.Released);
            return;
        }

        if (!at.IsBroadcast)
        {
            if (owner == at.Destination || _current.ContainsKey((name, at.Destination)))
            {
                Report(new Finding(
                    FindingKind.ReleaseDemand, at.Time, name, at.Destination, at.Source, Proof(at, name, at.Destination),
                    $"{at.Source} told {at.Destination} to release {name}",
                    Events.NetBtEventId.NameRelease, Basis.Documented, "Q120752"));
                End(at, name, at.Destination, HoldingEnd.ReleaseDemanded);
            }

            return;
        }

        if (!_holders.TryGetValue(name, out var holders))
            return;
        foreach (var holder in holders.Unique.Take(MaxCompared))
        {
            if (holder == at.Source)
                continue;
            Report(new Finding(
                FindingKind.ReleaseOfAnothersName, at.Time, name, holder, at.Source, Proof(at, name, holder),
                $"{at.Source} released {name}, which {holder} holds",
                Events.NetBtEventId.NameRelease, Basis.Inferred, "Q120752 (a release message is the trigger); that a broadcast one counts is inferred from Q131739"));
        }
    }

    private void Status(Sighting at, NbnsResourceRecord record, NetBiosScope scope)
    {
        for (int i = 0; i < record.NodeNameCount; i++)
        {
            var listed = record.GetNodeName(i);
            var name = listed.Name.WithScope(scope);
            if (!listed.Flags.IsInConflict)
            {
                Hold(at, name, at.Source, listed.Flags.IsGroup, HoldingEvidence.NodeStatus);
                continue;
            }

            Report(new Finding(
                FindingKind.ConflictFlag, at.Time, name, at.Source, at.Source, [at.Frame], $"{at.Source}'s node status shows {name} in conflict"));
            End(at, name, at.Source, HoldingEnd.Conflict);
        }
    }

    /// <summary>The frame that showed the holding and the one at hand.</summary>
    private long[] Proof(Sighting at, NetBiosName name, Ipv4Address host) =>
        _current.TryGetValue((name, host), out int index) ? [_holdings[index].SinceFrame, at.Frame] : [at.Frame];

    private void Report(Finding finding)
    {
        // Requests are sent three times (RFC 1002 §6): a repeat within the window of the last finding of the same kind adds its frame, not a finding.
        for (int i = _findings.Count - 1; i >= 0 && i >= _findings.Count - 16; i--)
        {
            var earlier = _findings[i];
            if (earlier.Kind == finding.Kind && earlier.Name == finding.Name && earlier.Host == finding.Host && earlier.Other == finding.Other
                && finding.Time - earlier.Time <= UnicastWindow)
            {
                if (earlier.Frames.Count < 16)
                    _findings[i] = earlier with { Frames = [.. earlier.Frames.Union(finding.Frames).Order()] };
                return;
            }
        }

        if (_findings.Count < MaxFindings)
            _findings.Add(finding);
        else
            IsComplete = false;
    }

    private void Hold(Sighting at, NetBiosName name, Ipv4Address host, bool group, HoldingEvidence evidence)
    {
        if (_current.TryGetValue((name, host), out int index))
        {
            var held = _holdings[index];
            if (at.Time < held.Since) // a claim counts from its own time, though it shows only later that nobody opposed it
                held = held with { Since = at.Time, SinceFrame = at.Frame, Evidence = evidence };
            _holdings[index] = at.Time < held.LastSeen ? held : held with { LastSeen = at.Time, LastSeenFrame = at.Frame };
            return;
        }

        if (_holdings.Count >= MaxHoldings)
        {
            IsComplete = false;
            return;
        }

        if (!_holders.TryGetValue(name, out var holders))
            _holders[name] = holders = new Holders();
        // A master browser's <1D> is unique to its segment, and a wildcard is nobody's.
        if (!name.IsWildcard && name.Suffix != NameSuffix.MasterBrowser)
        {
            foreach (var other in holders.Unique.Take(MaxCompared))
                ReportTwoOwners(at, name, host, other);
            foreach (var other in group ? [] : holders.Group.Take(MaxCompared))
                ReportTwoOwners(at, name, host, other);
        }

        holders.Of(group).Add(host);
        _current[(name, host)] = _holdings.Count;
        _holdings.Add(new NameHolding(name, host, group, evidence, at.Time, at.Frame, at.Time, at.Frame));
    }

    private void ReportTwoOwners(Sighting at, NetBiosName name, Ipv4Address host, Ipv4Address other)
    {
        if (MachineOf(host) == MachineOf(other) || _duplicates.Count >= MaxFindings || !_duplicates.Add((name, other, host)))
            return;
        Report(new Finding(
            FindingKind.TwoOwners, at.Time, name, other, host, [_holdings[_current[(name, other)]].SinceFrame, at.Frame],
            string.Create(CultureInfo.InvariantCulture, $"{other} and {host} both hold {name}: two machines, or one with two addresses")));
    }

    private void End(Sighting at, NetBiosName name, Ipv4Address host, HoldingEnd end)
    {
        if (!_current.Remove((name, host), out int index))
            return;
        _holders[name].Of(_holdings[index].IsGroup).Remove(host);
        _holdings[index] = _holdings[index] with { End = end, Until = at.Time, UntilFrame = at.Frame };
    }

    /// <summary>One address for all that the capture shows to be the same machine's.</summary>
    private Ipv4Address MachineOf(Ipv4Address address)
    {
        while (_sameMachine.TryGetValue(address, out var other))
            address = other;
        return address;
    }

    private void AreOneMachine(Ipv4Address one, Ipv4Address other)
    {
        (one, other) = (MachineOf(one), MachineOf(other));
        if (one != other && _sameMachine.Count < MaxPendingClaims)
            _sameMachine[one] = other;
    }

    /// <summary>Who holds a name now, by address: members of a group never conflict with one another.</summary>
    private sealed class Holders
    {
        public SortedSet<Ipv4Address> Unique { get; } = new(ByValue);

        public SortedSet<Ipv4Address> Group { get; } = new(ByValue);

        private static Comparer<Ipv4Address> ByValue { get; } = Comparer<Ipv4Address>.Create(static (one, other) => one.Value.CompareTo(other.Value));

        public SortedSet<Ipv4Address> Of(bool group) => group ? Group : Unique;
    }

    private readonly record struct Sighting(long Frame, Instant Time, Ipv4Address Source, Ipv4Address Destination, bool IsBroadcast, ushort TransactionId);
}
