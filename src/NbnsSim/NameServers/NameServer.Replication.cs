using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>
/// Replication: what becomes of partners' records here. The messages by which partners ask for them and hand them out are <see cref="PartnerExchange"/>'s business.
/// </content>
public sealed partial class NameServer : IReplicationEndpoint
{
    private readonly PartnerExchange _partners;

    /// <summary>What came of the pull that ended last; null before the first.</summary>
    public ReplicationResult? LastPull => _partners.LastPull;

    /// <summary>The decision that was said last; 0 where nobody listens.</summary>
    internal long LastDecision => _voice.Last;

    /// <summary>
    /// Pulls from another server what it knows better (MS-WINSRA §3.2.4), when what is under way with partners has ended. Messages go out by
    /// <see cref="TryPollReplication"/>; <see cref="LastPull"/> says what came of it.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="partner">The other server; it need be none of <see cref="NameServerOptions.PullsFrom"/>.</param>
    public void Pull(Instant now, Ipv4Address partner)
    {
        _lifetimes.Start(now);
        Tell(now, default, ServerRules.Pulled, partner);
        _partners.Order(this, now, new ReplicationOrder(ReplicationOrderKind.Pull, [partner], LastDecision) { Cause = DecisionCauseKind.Command });
    }

    /// <summary>Notifies another server of what this one has, so that it pulls (MS-WINSRA §3.3.4), when what is under way with partners has ended.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="partner">The other server; it need be none of <see cref="NameServerOptions.Notifies"/>.</param>
    /// <param name="propagate">Whether it is to notify its own partners in turn.</param>
    public void Push(Instant now, Ipv4Address partner, bool propagate = false)
    {
        _lifetimes.Start(now);
        Tell(now, default, ServerRules.Pushed, partner);
        _partners.Order(this, now, new ReplicationOrder(ReplicationOrderKind.Push, [partner], LastDecision)
        {
            Cause = DecisionCauseKind.Command,
            Propagates = propagate,
            Initiator = Options.Address,
        });
    }

    /// <inheritdoc/>
    public void HandleReplication(Instant now, ReplicationMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        _lifetimes.Start(now);
        _partners.Handle(this, now, message);
    }

    /// <inheritdoc/>
    public bool TryPollReplication([NotNullWhen(true)] out ReplicationMessage? message) => _partners.TryTake(out message);

    /// <summary>How far this server knows the records of each owner, itself first, the others in the order in which it met them.</summary>
    public ImmutableArray<OwnerVersion> GetOwnerVersions()
    {
        var versions = ImmutableArray.CreateBuilder<OwnerVersion>(_owners.Count);
        for (int owner = 0; owner < _owners.Count; owner++)
            versions.Add(new OwnerVersion(_owners[(ushort)owner], _owners.HighestOf((ushort)owner)));
        return versions.MoveToImmutable();
    }

    /// <summary>
    /// An owner's records of some versions, by version. Released ones are never sent (MS-WINSRA §3.2.5.1). Static ones are sent to whoever asks, as NT 4.0 and Windows
    /// 2000 do (MS-WINSRA &lt;7&gt;).
    /// </summary>
    internal ImmutableArray<NameRecord> RecordsOf(Instant now, Ipv4Address address, ulong least, ulong most)
    {
        if (!_owners.TryFind(address, out ushort owner))
            return [];
        var slots = new List<int>();
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            ref var name = ref _names[slot];
            if (IsRecord(name) && name.Owner == owner && (name.Deadline > now.Nanoseconds || Age(slot, now))
                && name.Owner == owner && name.Version >= least && name.Version <= most && name.State != NameRecordState.Released)
                slots.Add(slot);
        }

        slots.Sort((one, other) => _names[one].Version.CompareTo(_names[other].Version));
        return [.. slots.Select(RecordAt)];
    }

    /// <summary>Whether a partner knows an owner's records further than this server does (MS-WINSRA §3.2.5.1). Its own ones too, which it may have lost: <see cref="NameServerDialect.RecoversOwnRecords"/>.</summary>
    internal bool TryKnowLess(Ipv4Address address, ulong version, out ulong known)
    {
        known = _owners.TryFind(address, out ushort owner) ? _owners.HighestOf(owner) : 0;
        return version > known && (address != Options.Address || Dialect.RecoversOwnRecords);
    }

    /// <summary>Takes in what a partner has sent, and settles conflicts by the dialect's rule. What follows for nodes (challenges, release demands) goes out by <see cref="TryPollTransmit"/>.</summary>
    internal ReplicationResult ReceiveUpdates(Instant now, ImmutableArray<NameRecord> records)
    {
        var result = new ReplicationResult();
        var bumps = ImmutableArray.CreateBuilder<VersionBump>();
        var refused = new HashSet<Ipv4Address>(); // owners of whom there was no room for a record: what they have is to be told again
        ulong known = Dialect.RecoversOwnRecords ? _owners.HighestOf(0) : ulong.MaxValue;
        foreach (var own in records)
        {
            if (own.Owner == Options.Address && own.Version > known)
                RestoreVersion(own.Version); // MS-WINSRA §3.1.1.2: the next one must be greater
        }

        foreach (var replica in records)
        {
            if (replica.Owner == Options.Address && replica.Version <= known)
                continue;
            int slot = Find(replica.Name.High, replica.Name.Low, _names.Scopes.Find(replica.Name.Scope.Encoded), now);
            bool isNew = slot == NameSlot.None;
            if (IsEmpty(replica) || (!isNew && IsStale(_names[slot], replica)))
            {
                result = result with { Rejected = result.Rejected + 1 };
                Say(now, replica.Name, ServerRules.ReplicaStale, replica.Owner);
            }
            else if (!TryGetOwners(replica) || (isNew && (slot = AddSlot(replica.Name)) == NameSlot.None))
            {
                refused.Add(replica.Owner);
                Say(now, replica.Name, ServerRules.ReplicaRefused, replica.Owner);
            }
            else if (isNew)
                result = Insert(now, slot, replica, result);
            else if (!TrySettle(now, slot, replica, bumps, ref result))
                refused.Add(replica.Owner);
            if (!refused.Contains(replica.Owner) && _owners.TryFindOrAdd(replica.Owner, out ushort owner))
                _owners.Meet(owner, replica.Version);
        }

        return result with { VersionBumps = bumps.ToImmutable() };
    }

    /// <summary>Whether the owners of a record and of its members are known, or can be from now on.</summary>
    private bool TryGetOwners(NameRecord record)
    {
        bool areKnown = _owners.TryFindOrAdd(record.Owner, out _);
        foreach (var one in record.Addresses)
            areKnown = areKnown && _owners.TryFindOrAdd(one.Owner, out _);
        return areKnown;
    }

    /// <summary>A name of which nothing could be said: no address, and no group that needs none.</summary>
    private static bool IsEmpty(NameRecord replica) =>
        replica.State == NameRecordState.Active && replica.Type != NameRecordType.NormalGroup && replica.Addresses.IsEmpty;

    private ReplicationResult Insert(Instant now, int slot, NameRecord replica, ReplicationResult result)
    {
        Apply(now, slot, replica);
        Say(now, slot, ServerRules.ReplicaAdded, replica.Owner);
        return result with { Added = result.Added + 1 };
    }

    /// <summary>Does with a partner's record of a known name what the dialect's rules say.</summary>
    /// <returns>False where it had to be left, because too many owners are being asked already.</returns>
    private bool TrySettle(Instant now, int slot, NameRecord replica, ImmutableArray<VersionBump>.Builder bumps, ref ReplicationResult result)
    {
        var verdict = Judge(_names[slot], replica);
        Say(now, slot, RuleOf(verdict, _names[slot], replica), replica.Owner, replica.Addresses.Length > 0 ? replica.Addresses[0].Address : default);
        if (verdict is not (Verdict.Keep or Verdict.Renew))
            EndDispute(now, slot); // what is in dispute is about to change
        switch (verdict)
        {
            case Verdict.Keep:
                result = result with { Rejected = result.Rejected + 1 };
                break;
            case Verdict.Renew:
                Reject(now, slot, replica);
                result = result with
                {
                    Rejected = result.Rejected + 1,
                    Renewed = result.Renewed + 1,
                    NotifiesPartners = result.NotifiesPartners || replica.Type == NameRecordType.InternetGroup, // chart C4
                };
                break;
            case Verdict.Merge:
                result = MergeGroup(now, slot, replica) ? result with { Merged = result.Merged + 1 } : result with { Rejected = result.Rejected + 1 };
                break;
            case Verdict.Challenge:
                if (!TryChallengeForReplica(now, slot, replica))
                    return false;
                result = result with { Challenged = result.Challenged + 1 };
                break;
            case Verdict.Overrule:
                Overrule(now, slot, replica);
                result = result with { Replaced = result.Replaced + 1 };
                if (Dialect.ReplicationConflicts == ReplicationConflictRule.ReplicaWins)
                {
                    bumps.Add(new VersionBump(replica.Name, replica.Owner)); // Q136571: its version is counted up, so that it goes on to others
                    _log.Add(new WinsEvent(now, WinsEventId.VersionBumpRequested, replica.Name, replica.Owner));
                }

                break;
            default:
                Supersede(now, slot, replica);
                result = result with { Replaced = result.Replaced + 1 };
                break;
        }

        return true;
    }

    /// <summary>Gives a record of this server's own a new version because a partner asks for it (Q136571), so that every partner pulls it.</summary>
    internal void BumpVersion(Instant now, in NetBiosName name, Ipv4Address partner)
    {
        int slot = Find(name.High, name.Low, _names.Scopes.Find(name.Scope.Encoded), now);
        if (slot == NameSlot.None || _names[slot].Owner != 0 || !_names[slot].IsActive)
        {
            Say(now, name, ServerRules.VersionNotBumped, partner);
            return;
        }

        Say(now, name, ServerRules.VersionBumped, partner, partner);
        Renew(slot, now);
        _log.Add(new WinsEvent(now, WinsEventId.VersionBumped, name, partner));
    }

    /// <summary>Puts a partner's record in the place of another.</summary>
    private void Supersede(Instant now, int slot, NameRecord replica)
    {
        if (_names[slot] is { Owner: 0, IsActive: true })
            _log.Add(new WinsEvent(now, WinsEventId.ReplicaTaken, replica.Name, replica.Addresses.Length > 0 ? replica.Addresses[0].Address : default));
        Apply(now, slot, replica);
    }

    /// <summary>Puts a partner's record in a slot, whatever was there.</summary>
    private void Apply(Instant now, int slot, NameRecord replica)
    {
        _names.ClearMembers(slot);
        ref var name = ref _names[slot];
        name.Type = replica.Type;
        name.State = replica.State;
        name.Flags &= ~(SlotFlags.Static | SlotFlags.VerifyDue);
        if (replica.IsStatic)
            name.Flags |= SlotFlags.Static;
        name.Version = replica.Version;
        _owners.TryFindOrAdd(replica.Owner, out name.Owner);
        var keep = replica.State == NameRecordState.Tombstone ? Dialect.ExtinctionTimeout : Dialect.VerifyInterval;
        bool isFixed = name is { Owner: 0, IsStatic: true, IsActive: true };
        name.Deadline = isFixed ? long.MaxValue : _lifetimes.AgedAt(now + keep, now); // MS-WINSRA §3.2.5.4; static records of others do not age, but are verified
        _names.SetSource(slot, null);
        SetAddresses(slot, replica.Addresses.AsSpan(), restart: true);
        Changed(slot);
        _names.Schedule(slot, now);
    }

    /// <summary>Writes addresses into a slot that has no chain.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="addresses">The addresses; more than 25 are cut off.</param>
    /// <param name="restart">Whether they have no time of their own here, but the record's.</param>
    private void SetAddresses(int slot, ReadOnlySpan<NameRecordAddress> addresses, bool restart)
    {
        ref var name = ref _names[slot];
        name.Address = addresses.IsEmpty ? 0 : addresses[0].Address.Value;
        name.NodeType = addresses.IsEmpty ? default : addresses[0].NodeType;
        if (KeepsNoMembers(name))
        {
            name.Address = Ipv4Address.Broadcast.Value; // Q130232, also where the record's writer keeps members
            return;
        }

        if (addresses.IsEmpty)
            return;
        bool fitsSlot = addresses[0].Owner == _owners[name.Owner] && (restart || addresses[0].Expires.Nanoseconds == name.Deadline);
        if (addresses.Length == 1 && fitsSlot)
            return;
        foreach (var one in addresses[..Math.Min(addresses.Length, MaxMembers)])
        {
            if (_owners.TryFindOrAdd(one.Owner, out ushort owner)) // else there is no room for another owner, and nobody's member must not be this server's
                _names.AddMember(slot, one.Address, owner, one.NodeType, restart ? _names[slot].Deadline : one.Expires.Nanoseconds);
        }
    }

    /// <summary>The owners of whom replicas are due to be verified, in the order in which they were met.</summary>
    internal List<Ipv4Address> FindOwnersDue()
    {
        var due = new SortedSet<ushort>();
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            if (IsRecord(_names[slot]) && _names[slot].Has(SlotFlags.VerifyDue))
                due.Add(_names[slot].Owner);
        }

        return [.. due.Select(owner => _owners[owner])];
    }

    /// <summary>Whether replicas of an owner's are due to be looked up there, and up to which version (MS-WINSRA §3.2.5.3).</summary>
    internal bool TryFindDue(Ipv4Address owner, out ulong highest)
    {
        highest = 0;
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            if (IsDue(_names[slot], owner))
                highest = ulong.Max(highest, _names[slot].Version);
        }

        return highest > 0;
    }

    /// <summary>
    /// MS-WINSRA §3.2.5.3: replicas whose verify interval has run out are looked up in what their owner has sent; what it does not have any more goes. What is
    /// more than the most for once waits for the next time.
    /// </summary>
    internal int Verify(Instant now, Ipv4Address owner, ulong highest, ImmutableArray<NameRecord> found)
    {
        var there = found.Where(record => record.Owner == owner && record.State == NameRecordState.Active).Select(record => record.Name).ToHashSet();
        int verified = 0;
        for (int slot = 0; slot < _names.SlotCount && verified < Options.MaxVerifiedRecords; slot++)
        {
            ref var name = ref _names[slot];
            if (!IsDue(name, owner) || name.Version > highest)
                continue;
            verified++;
            if (!there.Contains(_names.NameOf(slot)))
            {
                Say(now, slot, ServerRules.GoneAtOwner, owner);
                EndDispute(now, slot);
                _records.Delete(slot);
                continue;
            }

            Say(now, slot, ServerRules.Verified, owner);
            name.Flags &= ~SlotFlags.VerifyDue;
            name.Deadline = _lifetimes.AgedAt(now + Dialect.VerifyInterval, now);
            Changed(slot, isRefresh: true);
            _names.Schedule(slot, now);
        }

        return verified;
    }

    private bool IsDue(in NameSlot name, Ipv4Address owner) => IsRecord(name) && name.Has(SlotFlags.VerifyDue) && _owners[name.Owner] == owner;

    /// <summary>Ends a challenge that is under way before something else is done with its record: a claimant is refused, and may come again.</summary>
    private void EndDispute(Instant now, int slot)
    {
        int index = _names[slot].Challenge;
        if (index == NameSlot.None)
            return;
        _transactions[index].Kind = ServerTransactionKind.Claim; // what a partner's record or time wanted of it does not matter any more
        _transactions[index].Replica = null;
        Conclude(now, index, isHeld: true, default);
    }

    private int AddSlot(in NetBiosName name)
    {
        int scope = _names.Count < Options.MaxNames ? _names.Scopes.Acquire(name.Scope.Encoded) : -1;
        return scope < 0 ? NameSlot.None : _names.Add(name.High, name.Low, scope);
    }
}
