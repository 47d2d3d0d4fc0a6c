using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.NameServers;

/// <content>The database as people see it, and what they may have done to it.</content>
public sealed partial class NameServer
{
    /// <summary>The version of the JSON format that <see cref="Save"/> writes.</summary>
    public const int JsonSchemaVersion = DatabaseJson.SchemaVersion;

    /// <summary>All records, in the order of their names. Copies: takes time and memory for each.</summary>
    public ImmutableArray<NameRecord> GetRecords() => [.. _state.Reader.All];

    /// <summary>The record of a name as it is now; ageing that is due but has not been done yet does not show.</summary>
    /// <param name="name">The name, scope included.</param>
    /// <returns>Null where there is none.</returns>
    public NameRecord? FindRecord(in NetBiosName name) => _state.Reader.Find(name);

    /// <summary>How far this server knows the records of each owner, itself first, the others in the order in which it met them.</summary>
    public ImmutableArray<OwnerVersion> GetOwnerVersions() => _state.Owners.ToMap();

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
    public bool AddStatic(Instant now, in NetBiosName name, NameRecordType type, params ReadOnlySpan<Ipv4Address> addresses) =>
        _administration.AddStatic(now, name, type, addresses);

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
        return _administration.AddStatic(now, file);
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
        var wanted = new NameServer(Options with { JournalsChanges = false });
        int entered = wanted.AddStatic(now, file);
        _administration.ReplaceStatic(now, wanted._administration);
        return entered;
    }

    /// <summary>Takes a name out at the administrator's wish: as a tombstone that partners learn of, or at once where the dialect keeps none.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name.</param>
    /// <returns>False when there is no such name.</returns>
    public bool Remove(Instant now, in NetBiosName name) => _administration.Remove(now, name);

    /// <summary>
    /// Asks the owner of a name whether it still holds it; if it is silent, or denies it, the name is given up as if it had been released (RFC 1001 §15.1.7(1)
    /// and (7)). Members of groups are not asked (RFC 1002 §5.1.4.1).
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name.</param>
    /// <returns>False where nobody can be asked: no such name, a group, a static mapping, or too much is being asked already.</returns>
    public bool CheckOwner(Instant now, in NetBiosName name) => _administration.CheckOwner(now, name);

    /// <summary>
    /// Takes a name from the nodes that have it: they are told to stop using it, and the record is given up as if it had been released (RFC 1001 §15.1.7(3)). A
    /// node in conflict has the name again only by deleting and claiming it; one that was told to release it may claim it at once.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name.</param>
    /// <param name="demand">What they are sent: a conflict or a release demand.</param>
    /// <returns>False where there is no such active name, or the administrator has entered it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="demand"/> is none.</exception>
    public bool Revoke(Instant now, in NetBiosName name, NodeDemand demand)
    {
        if (demand is not (NodeDemand.Conflict or NodeDemand.Release))
            throw new ArgumentOutOfRangeException(nameof(demand), demand, "Expected a conflict or a release demand.");
        return _administration.Revoke(now, name, demand);
    }

    /// <summary>
    /// Pulls from another server what it knows better (MS-WINSRA §3.2.4), when what is under way with partners has ended. Messages go out by
    /// <see cref="TryPollReplication"/>; <see cref="LastPull"/> says what came of it.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="partner">The other server; it need be none of <see cref="NameServerOptions.PullsFrom"/>.</param>
    public void Pull(Instant now, Ipv4Address partner) => _partners.Pull(now, partner);

    /// <summary>Notifies another server of what this one has, so that it pulls (MS-WINSRA §3.3.4), when what is under way with partners has ended.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="partner">The other server; it need be none of <see cref="NameServerOptions.Notifies"/>.</param>
    /// <param name="propagate">Whether it is to notify its own partners in turn.</param>
    public void Push(Instant now, Ipv4Address partner, bool propagate = false) => _partners.Push(now, partner, propagate);

    /// <summary>What it asks nodes at the moment, and waits for: challenges of owners and release demands.</summary>
    public ImmutableArray<PendingRequest> GetPendingRequests()
    {
        var pending = ImmutableArray.CreateBuilder<PendingRequest>();
        foreach (var (index, due) in _state.Transactions.Waiting())
        {
            ref var transaction = ref _state.Transactions[index];
            string doing = transaction.Kind switch
            {
                ServerTransactionKind.Claim => "asks its owner, since another claims it",
                ServerTransactionKind.Replica => "asks its owner, since a partner has another",
                ServerTransactionKind.Removal => "asks its owner, since its time has run out",
                _ => "has told a node to release it",
            };
            pending.Add(new PendingRequest(_state.Transactions.NameOf(index), doing, transaction.Target, transaction.Id, Math.Max(0, transaction.MaxTries - transaction.Tries), due));
        }

        return pending.ToImmutable();
    }

    /// <summary>Goes on from a version that was kept: the record that had it may be gone, but partners have seen it.</summary>
    /// <param name="version">The version; a lower one than <see cref="Version"/> changes nothing.</param>
    public void RestoreVersion(ulong version) => _state.Owners.Meet(0, version);

    /// <summary>
    /// Puts a record in as it was kept: state, owner, version and time. What has run out meanwhile ages when it is next looked at.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="record">The record.</param>
    /// <returns>False when the server is full, knows too many owners, or where nothing could be said of the name: it is active, no normal group, and has no address.</returns>
    public bool Restore(Instant now, NameRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return _administration.Restore(now, record);
    }

    /// <summary>
    /// Writes the database: <c>{"schemaVersion":1,"server":…,"versions":[{"server":…,"version":…}],"records":[{"name":…,"type":…,"state":…,
    /// "static":…,"owner":…,"version":…,"expires":…,"addresses":[{"address":…,"owner":…,"expires":…,"nodeType":…}]}]}</c>, records by name. Times are
    /// seconds with nine decimals as <see cref="Instant"/> counts them; what never runs out has none. What is under way (challenges, answers, exchanges with
    /// partners) is not saved: a server that starts pulls anew.
    /// </summary>
    /// <param name="writer">Where to write to; flushed at the end.</param>
    public void Save(Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        DatabaseJson.Write(writer, Options.Address, GetOwnerVersions(), _state.Reader.All);
    }

    /// <summary>Makes a server with the database that <see cref="Save"/> wrote.</summary>
    /// <param name="options">How it is set up. Where <see cref="NameServerOptions.Address"/> is another than in the file, its own records become this server's.</param>
    /// <param name="now">The current time: what has run out since is aged when it is next looked at.</param>
    /// <param name="utf8">The JSON text.</param>
    /// <param name="server">The server, or null.</param>
    /// <param name="problem">What is wrong with the text, or null.</param>
    /// <returns>False when the text cannot be used; it never throws for what the text says.</returns>
    public static bool TryLoad(
        NameServerOptions options, Instant now, ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out NameServer? server, [NotNullWhen(false)] out string? problem)
    {
        var loaded = new NameServer(options);
        problem = DatabaseJson.Read(utf8, options.Address, version => loaded._state.Owners.Meet(version.Owner, version.Version), record => loaded.Restore(now, record));
        server = problem is null ? loaded : null;
        return problem is null;
    }
}
