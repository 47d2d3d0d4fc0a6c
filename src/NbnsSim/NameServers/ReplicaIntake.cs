using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>What becomes of partners' records here: which are news, which are late or find no room, and for each known name what <see cref="ReplicaCharts"/> say is done.</summary>
/// <param name="state">The server's.</param>
/// <param name="scavenger">Its names in time.</param>
/// <param name="disputes">Where owners are asked.</param>
/// <param name="charts">Which of two records stays.</param>
/// <param name="settlement">What is then done.</param>
/// <param name="writer">How a partner's record is written.</param>
internal sealed class ReplicaIntake(ServerState state, Scavenger scavenger, Disputes disputes, ReplicaCharts charts, ReplicaSettlement settlement, RecordWriter writer)
{
    private readonly NameDatabase _names = state.Names;
    private readonly OwnerTable _owners = state.Owners;

    private NameServerDialect Dialect => state.Dialect;

    /// <summary>Whether a partner knows an owner's records further than this server does (MS-WINSRA §3.2.5.1). Its own ones too, which it may have lost: <see cref="NameServerDialect.RecoversOwnRecords"/>.</summary>
    public bool TryKnowLess(Ipv4Address address, ulong version, out ulong known)
    {
        known = _owners.TryFind(address, out ushort owner) ? _owners.HighestOf(owner) : 0;
        return version > known && (address != state.Options.Address || Dialect.RecoversOwnRecords);
    }

    /// <summary>Takes in what a partner has sent, and settles conflicts by the dialect's rule.</summary>
    public ReplicationResult Receive(Instant now, ImmutableArray<NameRecord> records)
    {
        var result = new ReplicationResult();
        var bumps = ImmutableArray.CreateBuilder<VersionBump>();
        var refused = new HashSet<Ipv4Address>(); // owners of whom there was no room for a record: what they have is to be told again
        ulong known = Dialect.RecoversOwnRecords ? _owners.HighestOf(0) : ulong.MaxValue;
        foreach (var own in records)
        {
            if (own.Owner == state.Options.Address && own.Version > known)
                _owners.Meet(0, own.Version); // MS-WINSRA §3.1.1.2: the next one must be greater
        }

        foreach (var replica in records)
        {
            if (replica.Owner == state.Options.Address && replica.Version <= known)
                continue;
            int slot = scavenger.Find(replica.Name, now);
            bool isNew = slot == NameSlot.None;
            if (RecordWriter.IsEmpty(replica) || (!isNew && IsStale(_names[slot], replica)))
            {
                result = result with { Rejected = result.Rejected + 1 };
                state.Voice.Say(now, replica.Name, ServerRules.ReplicaStale, replica.Owner);
            }
            else if (!writer.TryGetOwners(replica) || (isNew && !writer.TryAdd(replica.Name, out slot)))
            {
                refused.Add(replica.Owner);
                state.Voice.Say(now, replica.Name, ServerRules.ReplicaRefused, replica.Owner);
            }
            else if (isNew)
                result = Insert(now, slot, replica, result);
            else if (!TrySettle(now, slot, replica, bumps, ref result))
                refused.Add(replica.Owner);
            if (!refused.Contains(replica.Owner))
                _owners.Meet(replica.Owner, replica.Version);
        }

        return result with { VersionBumps = bumps.ToImmutable() };
    }

    private ReplicationResult Insert(Instant now, int slot, NameRecord replica, ReplicationResult result)
    {
        writer.WriteReplica(slot, replica, now);
        state.Voice.Say(now, slot, ServerRules.ReplicaAdded, replica.Owner);
        return result with { Added = result.Added + 1 };
    }

    /// <summary>Does with a partner's record of a known name what the dialect's rules say.</summary>
    /// <returns>False where it had to be left, because too many owners are being asked already.</returns>
    private bool TrySettle(Instant now, int slot, NameRecord replica, ImmutableArray<VersionBump>.Builder bumps, ref ReplicationResult result)
    {
        var verdict = charts.Judge(_names[slot], replica);
        state.Voice.Say(now, slot, charts.RuleOf(verdict, _names[slot], replica), replica.Owner, replica.Addresses.Length > 0 ? replica.Addresses[0].Address : default);
        if (verdict is not (ReplicaVerdict.Keep or ReplicaVerdict.Renew))
            disputes.End(now, slot); // what is in dispute is about to change
        switch (verdict)
        {
            case ReplicaVerdict.Keep:
                result = result with { Rejected = result.Rejected + 1 };
                break;
            case ReplicaVerdict.Renew:
                settlement.Reject(now, slot, replica);
                result = result with
                {
                    Rejected = result.Rejected + 1,
                    Renewed = result.Renewed + 1,
                    NotifiesPartners = result.NotifiesPartners || replica.Type == NameRecordType.InternetGroup, // chart C4
                };
                break;
            case ReplicaVerdict.Merge:
                result = settlement.MergeGroup(now, slot, replica) ? result with { Merged = result.Merged + 1 } : result with { Rejected = result.Rejected + 1 };
                break;
            case ReplicaVerdict.Challenge:
                if (!disputes.TryAskForReplica(slot, replica, now))
                    return false;
                result = result with { Challenged = result.Challenged + 1 };
                break;
            case ReplicaVerdict.Overrule:
                settlement.Overrule(now, slot, replica);
                result = result with { Replaced = result.Replaced + 1 };
                if (Dialect.ReplicationConflicts == ReplicationConflictRule.ReplicaWins)
                {
                    bumps.Add(new VersionBump(replica.Name, replica.Owner)); // Q136571: its version is counted up, so that it goes on to others
                    state.Log.Add(new WinsEvent(now, WinsEventId.VersionBumpRequested, replica.Name, replica.Owner));
                }

                break;
            default:
                settlement.Supersede(now, slot, replica);
                result = result with { Replaced = result.Replaced + 1 };
                break;
        }

        return true;
    }

    /// <summary>Gives a record of this server's own a new version because a partner asks for it (Q136571), so that every partner pulls it.</summary>
    public void BumpVersion(Instant now, in NetBiosName name, Ipv4Address partner)
    {
        int slot = scavenger.Find(name, now);
        if (slot == NameSlot.None || _names[slot].Owner != 0 || !_names[slot].IsActive)
        {
            state.Voice.Say(now, name, ServerRules.VersionNotBumped, partner);
            return;
        }

        state.Voice.Say(now, name, ServerRules.VersionBumped, partner, partner);
        settlement.Renew(slot, now);
        state.Log.Add(new WinsEvent(now, WinsEventId.VersionBumped, name, partner));
    }

    /// <summary>
    /// Whether a replica comes late: a version of its owner's that is no older is here, or is in dispute. Versions only grow (MS-WINSRA §3.1.1.2), and
    /// batches may come in any order.
    /// </summary>
    private bool IsStale(in NameSlot own, NameRecord replica)
    {
        var disputed = own.Challenge == NameSlot.None ? null : state.Transactions[own.Challenge].Replica;
        return (_owners[own.Owner] == replica.Owner && own.Version >= replica.Version)
            || (disputed is not null && disputed.Owner == replica.Owner && disputed.Version >= replica.Version);
    }
}
