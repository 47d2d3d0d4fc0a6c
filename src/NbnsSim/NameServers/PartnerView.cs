using System.Collections.Immutable;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>What partners may see of a server's records, and which of theirs it has to see whether they still have (MS-WINSRA §3.2.5.1 to §3.2.5.3).</summary>
/// <param name="state">The server's.</param>
/// <param name="scavenger">Its names in time.</param>
/// <param name="disputes">Where owners are being asked.</param>
/// <param name="records">What is done with its records.</param>
internal sealed class PartnerView(ServerState state, Scavenger scavenger, Disputes disputes, RecordKeeper records)
{
    private readonly NameDatabase _names = state.Names;
    private readonly OwnerTable _owners = state.Owners;

    /// <summary>
    /// An owner's records of some versions, by version. Released ones are never sent (MS-WINSRA §3.2.5.1). Static ones are sent to whoever asks, as NT 4.0 and Windows
    /// 2000 do (MS-WINSRA &lt;7&gt;).
    /// </summary>
    public ImmutableArray<NameRecord> RecordsOf(Instant now, Ipv4Address address, ulong least, ulong most)
    {
        if (!_owners.TryFind(address, out ushort owner))
            return [];
        var slots = new List<int>();
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            ref var name = ref _names[slot];
            if (name.IsRecord && name.Owner == owner && scavenger.TryKeep(slot, now)
                && name.Owner == owner && name.Version >= least && name.Version <= most && name.State != NameRecordState.Released)
                slots.Add(slot);
        }

        slots.Sort((one, other) => _names[one].Version.CompareTo(_names[other].Version));
        return [.. slots.Select(state.Reader.At)];
    }

    /// <summary>The owners of whom replicas are due to be verified, in the order in which they were met.</summary>
    public List<Ipv4Address> FindOwnersDue()
    {
        var due = new SortedSet<ushort>();
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            if (_names[slot].IsRecord && _names[slot].Has(SlotFlags.VerifyDue))
                due.Add(_names[slot].Owner);
        }

        return [.. due.Select(owner => _owners[owner])];
    }

    /// <summary>Whether replicas of an owner's are due to be looked up there, and up to which version (MS-WINSRA §3.2.5.3).</summary>
    public bool TryFindDue(Ipv4Address owner, out ulong highest)
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
    public int Verify(Instant now, Ipv4Address owner, ulong highest, ImmutableArray<NameRecord> found)
    {
        var there = found.Where(record => record.Owner == owner && record.State == NameRecordState.Active).Select(record => record.Name).ToHashSet();
        int verified = 0;
        for (int slot = 0; slot < _names.SlotCount && verified < state.Options.MaxVerifiedRecords; slot++)
        {
            ref var name = ref _names[slot];
            if (!IsDue(name, owner) || name.Version > highest)
                continue;
            verified++;
            if (!there.Contains(_names.NameOf(slot)))
            {
                state.Voice.Say(now, slot, ServerRules.GoneAtOwner, owner);
                disputes.End(now, slot);
                records.Delete(slot);
                continue;
            }

            state.Voice.Say(now, slot, ServerRules.Verified, owner);
            name.Flags &= ~SlotFlags.VerifyDue;
            name.Deadline = state.Lifetimes.AgedAt(now + state.Dialect.VerifyInterval, now);
            state.Journal.Write(slot, isRefresh: true);
            _names.Schedule(slot, now);
        }

        return verified;
    }

    private bool IsDue(in NameSlot name, Ipv4Address owner) => name.IsRecord && name.Has(SlotFlags.VerifyDue) && _owners[name.Owner] == owner;
}
