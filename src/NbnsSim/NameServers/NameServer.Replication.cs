using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>
/// Replication: what MS-WINSRA's partners tell each other, as an exchange of values inside a simulation rather than on TCP 42.
/// </content>
public sealed partial class NameServer
{
    /// <summary>How far this server knows the records of each owner, itself first, the others in the order in which it met them.</summary>
    public ImmutableArray<OwnerVersion> GetOwnerVersions()
    {
        var versions = ImmutableArray.CreateBuilder<OwnerVersion>(_owners.Count);
        for (int owner = 0; owner < _owners.Count; owner++)
            versions.Add(new OwnerVersion(_owners[owner], _highestVersions[owner]));
        return versions.MoveToImmutable();
    }

    /// <summary>
    /// Everything that a partner does not know yet: the records of every owner with a higher version than it knows; its own ones too, which it may have lost
    /// (<see cref="NameServerDialect.RecoversOwnRecords"/>). Released records are never sent (MS-WINSRA §3.2.5.1).
    /// </summary>
    /// <param name="known">What it knows: its <see cref="GetOwnerVersions"/>.</param>
    public ReplicationBatch GetUpdates(ImmutableArray<OwnerVersion> known)
    {
        var above = new ulong[_owners.Count];
        foreach (var version in known)
        {
            if (_ownerNumbers.TryGetValue(version.Owner, out ushort owner))
                above[owner] = ulong.Max(above[owner], version.Version);
        }

        var slots = new List<int>();
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            ref var name = ref _names[slot];
            if (IsRecord(name) && name.State != NameRecordState.Released && name.Version > above[name.Owner])
                slots.Add(slot);
        }

        slots.Sort((one, other) => (_names[one].Owner, _names[one].Version).CompareTo((_names[other].Owner, _names[other].Version)));
        return new ReplicationBatch(Options.Address, [.. slots.Select(RecordAt)]);
    }

    /// <summary>
    /// Takes from a partner everything that it knows better, as at a replication interval; checks what is due to be verified with it; and has it bump the
    /// versions that NT 3.5's conflict rule wants bumped. What follows for nodes (challenges, release demands) goes out by <see cref="TryPollTransmit"/>.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="partner">The other server.</param>
    public ReplicationResult PullFrom(Instant now, NameServer partner)
    {
        ArgumentNullException.ThrowIfNull(partner);
        Tell(now, default, ServerRules.Pulled, partner.Options.Address);
        var result = ReceiveUpdates(now, partner.GetUpdates(GetOwnerVersions()));
        foreach (var name in result.VersionBumps)
            partner.BumpVersion(now, name, Options.Address);
        return result with { Verified = Verify(now, partner) };
    }

    /// <summary>Takes in what a partner has sent, and settles conflicts by the dialect's rule.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="batch">The partner's records.</param>
    public ReplicationResult ReceiveUpdates(Instant now, ReplicationBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var result = new ReplicationResult();
        var bumps = ImmutableArray.CreateBuilder<NetBiosName>();
        var refused = new HashSet<ushort>(); // owners of whom there was no room for a record: what they have is to be told again
        ulong known = Dialect.RecoversOwnRecords ? _highestVersions[0] : ulong.MaxValue;
        foreach (var own in batch.Records)
        {
            if (own.Owner == Options.Address && own.Version > known)
                RestoreVersion(own.Version); // MS-WINSRA §3.1.1.2: the next one must be greater
        }

        foreach (var replica in batch.Records)
        {
            if ((replica.Owner == Options.Address && replica.Version <= known) || !TryGetOwner(replica.Owner, out ushort owner))
                continue;
            int slot = Find(replica.Name.High, replica.Name.Low, _names.Scopes.Find(replica.Name.Scope.Encoded), now);
            bool isNew = slot == NameSlot.None;
            if (IsEmpty(replica) || (!isNew && IsStale(_names[slot], replica)))
            {
                result = result with { Rejected = result.Rejected + 1 };
                Say(now, replica.Name, ServerRules.ReplicaStale, replica.Owner);
            }
            else if (isNew && (slot = AddSlot(replica.Name)) == NameSlot.None)
            {
                refused.Add(owner);
                Say(now, replica.Name, ServerRules.ReplicaRefused, replica.Owner);
            }
            else if (isNew)
                result = Insert(now, slot, replica, result);
            else if (!TrySettle(now, slot, replica, bumps, ref result))
                refused.Add(owner);
            if (!refused.Contains(owner))
                _highestVersions[owner] = ulong.Max(_highestVersions[owner], replica.Version);
        }

        return result with { VersionBumps = bumps.ToImmutable() };
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
    private bool TrySettle(Instant now, int slot, NameRecord replica, ImmutableArray<NetBiosName>.Builder bumps, ref ReplicationResult result)
    {
        var verdict = Judge(_names[slot], replica);
        Say(now, slot, RuleOf(verdict), replica.Owner, replica.Addresses.Length > 0 ? replica.Addresses[0].Address : default);
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
                    bumps.Add(replica.Name); // Q136571: its version is counted up, so that it goes on to others
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
    /// <param name="now">The current time.</param>
    /// <param name="name">The name.</param>
    /// <param name="partner">Who asks.</param>
    /// <returns>False where this server owns no such active record.</returns>
    public bool BumpVersion(Instant now, in NetBiosName name, Ipv4Address partner)
    {
        int slot = Find(name.High, name.Low, _names.Scopes.Find(name.Scope.Encoded), now);
        if (slot == NameSlot.None || _names[slot].Owner != 0 || !_names[slot].IsActive)
            return false;
        Tell(now, name, ServerRules.VersionBumped, partner);
        Renew(slot, now);
        _log.Add(new WinsEvent(now, WinsEventId.VersionBumped, name, partner));
        return true;
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
        TryGetOwner(replica.Owner, out name.Owner);
        var keep = replica.State == NameRecordState.Tombstone ? Dialect.ExtinctionTimeout : Dialect.VerifyInterval;
        bool isFixed = name is { Owner: 0, IsStatic: true, IsActive: true };
        name.Deadline = isFixed ? long.MaxValue : AgedAt(now + keep, now); // MS-WINSRA §3.2.5.4; static records of others do not age, but are verified
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
            TryGetOwner(one.Owner, out ushort owner);
            _names.AddMember(slot, one.Address, owner, one.NodeType, restart ? _names[slot].Deadline : one.Expires.Nanoseconds);
        }
    }

    /// <summary>
    /// MS-WINSRA §3.2.5.3: replicas whose verify interval has run out are looked up at their owner; what it does not have any more goes. What is more than
    /// the most for once waits for the next time.
    /// </summary>
    private int Verify(Instant now, NameServer owner)
    {
        int verified = 0;
        for (int slot = 0; slot < _names.SlotCount && verified < Options.MaxVerifiedRecords; slot++)
        {
            ref var name = ref _names[slot];
            if (!IsRecord(name) || !name.Has(SlotFlags.VerifyDue) || _owners[name.Owner] != owner.Options.Address)
                continue;
            verified++;
            Say(now, slot, ServerRules.Verified, owner.Options.Address);
            int there = owner.Find(name.High, name.Low, owner._names.Scopes.Find(_names.Scopes[name.Scope].Encoded), now);
            if (there == NameSlot.None || owner._names[there].Owner != 0 || !owner._names[there].IsActive)
            {
                EndDispute(now, slot);
                Delete(slot);
                continue;
            }

            name.Flags &= ~SlotFlags.VerifyDue;
            name.Deadline = AgedAt(now + Dialect.VerifyInterval, now);
            Changed(slot, isRefresh: true);
            _names.Schedule(slot, now);
        }

        return verified;
    }

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

    /// <summary>The number of an owner, a new one where it is not known yet.</summary>
    private bool TryGetOwner(Ipv4Address address, out ushort owner)
    {
        if (_ownerNumbers.TryGetValue(address, out owner))
            return true;
        if (_owners.Count > ushort.MaxValue)
            return false;
        owner = (ushort)_owners.Count;
        _owners.Add(address);
        _ownerNumbers[address] = owner;
        _highestVersions.Add(0);
        return true;
    }
}
