using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>What the administrator enters, and takes out.</content>
public sealed partial class NameServer
{
    /// <summary>
    /// Enters a static mapping, or puts it in the place of what is there; addresses are added to a static mapping of the same kind. Static names never age,
    /// and no node overwrites them (cc959221) unless <see cref="NameServerOptions.MigrateOn"/> is set.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name.</param>
    /// <param name="type">What kind of name it is.</param>
    /// <param name="addresses">Its addresses: one for a unique name, up to 25 else; none for a normal group.</param>
    /// <returns>False when the server is full.</returns>
    /// <exception cref="ArgumentException">There are too many addresses for <paramref name="type"/>, or none where one is needed.</exception>
    public bool AddStatic(Instant now, in NetBiosName name, NameRecordType type, params ReadOnlySpan<Ipv4Address> addresses)
    {
        int most = type == NameRecordType.Unique ? 1 : MaxMembers;
        if (addresses.Length > most || (addresses.IsEmpty && type != NameRecordType.NormalGroup))
            throw new ArgumentException($"A static mapping of type {type} takes 1 to {most} addresses, not {addresses.Length}.", nameof(addresses));
        int slot = Find(name.High, name.Low, _names.Scopes.Find(name.Scope.Encoded), now);
        if (slot == NameSlot.None)
        {
            slot = AddSlot(name);
            if (slot == NameSlot.None)
                return false;
        }
        else
        {
            EndDispute(now, slot);
        }

        if (type == NameRecordType.NormalGroup && Dialect.Groups == GroupStorage.LimitedBroadcast)
            addresses = [];
        _records.SetStatic(slot, type, addresses);
        Tell(now, _names.NameOf(slot), ServerRules.StaticAdded, addresses.IsEmpty ? default : addresses[0]);
        return true;
    }

    /// <summary>
    /// Enters what an LMHOSTS file lists, as WINS imports one: a plain line makes a computer's unique names <c>&lt;00&gt;</c>, <c>&lt;03&gt;</c> and
    /// <c>&lt;20&gt;</c>, <c>#DOM:</c> also a member of the domain's <c>&lt;1C&gt;</c>, <c>#MH</c> an address of a multi-homed computer, <c>#SG</c> a member
    /// of an Internet group; a quoted name of sixteen octets makes just that name.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="file">The file.</param>
    /// <returns>How many mappings were entered.</returns>
    public int AddStatic(Instant now, LmHostsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        int entered = 0;
        foreach (var entry in file.Entries)
        {
            foreach (var (name, isGroup) in entry.GetNames())
            {
                var type = isGroup ? NameRecordType.InternetGroup : entry.IsMultihomed ? NameRecordType.Multihomed : NameRecordType.Unique;
                entered += AddStatic(now, name, type, entry.Address) ? 1 : 0;
            }
        }

        return entered;
    }

    /// <summary>
    /// Makes this server's static mappings those of an LMHOSTS file, as <see cref="AddStatic(Instant, LmHostsFile)"/> enters them: what is as
    /// the file has it stays untouched, with its version; other static mappings of this server go.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="file">The file.</param>
    /// <returns>How many mappings the file makes.</returns>
    public int ReplaceStatic(Instant now, LmHostsFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var wanted = new NameServer(Options with { JournalsChanges = false });
        int entered = wanted.AddStatic(now, file);
        foreach (var own in OwnStatic())
        {
            if (wanted.FindRecord(own.Name) is not { } same || same.Type != own.Type || !AddressesOf(same).SequenceEqual(AddressesOf(own)))
                Remove(now, own.Name);
        }

        var kept = OwnStatic().Select(own => own.Name).ToHashSet();
        foreach (var mapping in wanted.OwnStatic().Where(mapping => !kept.Contains(mapping.Name)))
            AddStatic(now, mapping.Name, mapping.Type, [.. AddressesOf(mapping)]);
        return entered;
    }

    /// <summary>Takes a name out at the administrator's wish: as a tombstone that partners learn of, or at once where the dialect keeps none.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name.</param>
    /// <returns>False when there is no such name.</returns>
    public bool Remove(Instant now, in NetBiosName name)
    {
        int slot = Find(name.High, name.Low, _names.Scopes.Find(name.Scope.Encoded), now);
        if (slot == NameSlot.None || _names[slot].State == NameRecordState.Tombstone)
            return false;
        Tell(now, name, ServerRules.Removed);
        EndDispute(now, slot);
        if (!Dialect.KeepsReleasedNames)
        {
            _records.Delete(slot);
            return true;
        }

        ref var record = ref _names[slot];
        record.Flags &= ~(SlotFlags.Static | SlotFlags.VerifyDue);
        _records.Bury(slot, now, now);
        _names.Schedule(slot, now);
        return true;
    }

    private List<NameRecord> OwnStatic()
    {
        var mappings = new List<NameRecord>();
        for (int slot = 0; slot < _names.SlotCount; slot++)
        {
            if (IsRecord(_names[slot]) && _names[slot].IsStatic && _names[slot].Owner == 0)
                mappings.Add(RecordAt(slot));
        }

        return mappings;
    }

    private static IEnumerable<Ipv4Address> AddressesOf(NameRecord record) => record.Addresses.Select(one => one.Address);
}
