using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>
/// Which of two records of a name stays when a partner's meets another: the flow charts of MS-WINSRA §3.2.5.5 (figures 3 to 8; NT 4.0 and later, by
/// §6), and the rules of Q136571 (NT 3.5 and 3.51). Each method is one chart, in its order. Reads the server's tables, and changes nothing.
/// </summary>
/// <remarks>
/// In figure 6 "yes" and "no" are taken to be swapped at "is the existing record a unique name or multi-homed machine", and at the question below it: as
/// printed, a group would be asked whether it is a normal group only where it is a unique name, and a tombstone would replace an active group
/// (<see cref="NameServerDialect.NormalGroupsAsPrinted"/>). Partners send active records and tombstones only (§3.2.5.4); what
/// comes as released all the same is judged as a tombstone is (§3.2.5.5: released and tombstoned records do not overwrite an active one).
/// </remarks>
/// <param name="state">The server's.</param>
internal sealed class ReplicaCharts(ServerState state)
{
    private readonly NameDatabase _names = state.Names;
    private readonly OwnerTable _owners = state.Owners;

    private NameServerDialect Dialect => state.Dialect;

    /// <summary>Whether a record of a partner's takes the place of another, by the dialect's rules.</summary>
    public ReplicaVerdict Judge(in NameSlot own, NameRecord replica)
    {
        if (_owners[own.Owner] == replica.Owner)
            return ReplicaVerdict.Replace; // figures 3 and 6, Q136571: its owner's news
        if (own.IsStatic && !GivesWay(own, replica))
            return ReplicaVerdict.Keep;
        if (replica.IsStatic && !own.IsStatic && GoesFirst(own, replica))
            return ReplicaVerdict.Replace;
        if (Dialect.ReplicationConflicts == ReplicationConflictRule.ReplicaWins)
            return JudgeByArticle(own, replica);
        return replica.Type switch
        {
            NameRecordType.Unique => JudgeUnique(own, replica),
            NameRecordType.NormalGroup => JudgeNormalGroup(own, replica),
            NameRecordType.InternetGroup => JudgeInternetGroup(own, replica),
            _ => JudgeMultihomed(own, replica),
        };
    }

    /// <summary>
    /// Figures 3 and 6: a static record is kept, save an Internet group that is not a domain's against another, and with migration on what is no group:
    /// a unique name or a multi-homed one against a unique name, a multi-homed one against another.
    /// </summary>
    private bool GivesWay(in NameSlot own, NameRecord replica) => replica.Type switch
    {
        NameRecordType.Unique => state.Options.MigrateOn && !own.IsGroup,
        NameRecordType.InternetGroup => own.Type == NameRecordType.InternetGroup && replica.Name.Suffix != NameSuffix.DomainControllers,
        NameRecordType.Multihomed => state.Options.MigrateOn && own.Type == NameRecordType.Multihomed,
        _ => false,
    };

    /// <summary>
    /// Figure 3: a static unique name takes a dynamic record's place outright. Figure 6 does not ask whether a group is static; Q199159 has a domain's
    /// static group take a dynamic one's place too. Q136571 knows no such rule.
    /// </summary>
    private bool GoesFirst(in NameSlot own, NameRecord replica) =>
        (replica.Type == NameRecordType.Unique && Dialect.ReplicationConflicts == ReplicationConflictRule.ChallengeOwner)
        || (Dialect.StaticDomainsReplace && replica.Type == NameRecordType.InternetGroup && own.Type == NameRecordType.InternetGroup
            && replica.Name.Suffix == NameSuffix.DomainControllers);

    /// <summary>Charts C2 and C3: a unique name.</summary>
    private ReplicaVerdict JudgeUnique(in NameSlot own, NameRecord replica)
    {
        if (own.Type == NameRecordType.NormalGroup)
            return ReplicaVerdict.Keep; // C3: in any state
        if (!own.IsActive)
            return ReplicaVerdict.Replace;
        if (own.IsGroup)
            return ReplicaVerdict.Keep;
        if (!IsActive(replica))
            return own.Owner == 0 && own.Type == NameRecordType.Unique ? ReplicaVerdict.Renew : ReplicaVerdict.Keep; // C3 gives a multi-homed record no new version
        return own.Owner == 0 && IsDisputed(own, replica) ? ReplicaVerdict.Challenge : ReplicaVerdict.Replace;
    }

    /// <summary>Figure 6: a normal group.</summary>
    private ReplicaVerdict JudgeNormalGroup(in NameSlot own, NameRecord replica)
    {
        if (!own.IsActive)
            return ReplicaVerdict.Replace;
        if (Dialect.NormalGroupsAsPrinted)
            return !own.IsGroup || IsActive(replica) ? ReplicaVerdict.Keep : own.Owner == 0 ? ReplicaVerdict.Overrule : ReplicaVerdict.Replace;
        if (own.IsGroup)
            return own.Type == NameRecordType.NormalGroup && own.Owner == 0 && IsActive(replica) ? ReplicaVerdict.Replace : ReplicaVerdict.Keep;
        if (!IsActive(replica))
            return ReplicaVerdict.Keep;
        return own.Owner == 0 ? ReplicaVerdict.Overrule : ReplicaVerdict.Replace;
    }

    /// <summary>Chart C4: an Internet group.</summary>
    private static ReplicaVerdict JudgeInternetGroup(in NameSlot own, NameRecord replica)
    {
        if (!own.IsActive)
            return own.State == NameRecordState.Released && own.Type == NameRecordType.NormalGroup ? ReplicaVerdict.Keep : ReplicaVerdict.Replace;
        if (own.Type == NameRecordType.InternetGroup && IsActive(replica))
            return ReplicaVerdict.Merge;
        if (own.Type == NameRecordType.InternetGroup)
            return own.Owner == 0 ? ReplicaVerdict.Renew : ReplicaVerdict.Replace;
        return !own.IsGroup && own.Owner == 0 && IsActive(replica) ? ReplicaVerdict.Overrule : ReplicaVerdict.Keep;
    }

    /// <summary>Chart C5: a multi-homed name.</summary>
    private ReplicaVerdict JudgeMultihomed(in NameSlot own, NameRecord replica)
    {
        if (!own.IsActive)
            return own.State == NameRecordState.Released && own.Type == NameRecordType.NormalGroup ? ReplicaVerdict.Keep : ReplicaVerdict.Replace;
        if (own.IsGroup)
            return ReplicaVerdict.Keep;
        if (!IsActive(replica))
            return own.Owner == 0 ? ReplicaVerdict.Renew : ReplicaVerdict.Keep;
        return own.Owner == 0 && IsDisputed(own, replica) ? ReplicaVerdict.Challenge : ReplicaVerdict.Replace;
    }

    /// <summary>
    /// Q136571. Of two groups of different kinds it says nothing: the first stays, as in MS-WINSRA's charts. "The group entry is kept" is taken to hold
    /// for a normal group in any state, as in chart C3, and else where both are active: what is gone is replaced, whatever it was.
    /// </summary>
    private ReplicaVerdict JudgeByArticle(in NameSlot own, NameRecord replica)
    {
        if (own.Type == NameRecordType.NormalGroup && replica.Type == NameRecordType.Unique)
            return ReplicaVerdict.Keep;
        if (!own.IsActive)
            return ReplicaVerdict.Replace;
        if (!IsActive(replica))
            return ReplicaVerdict.Keep;
        if (own.IsGroup)
        {
            if (own.Type != replica.Type)
                return ReplicaVerdict.Keep;
            return own.Type == NameRecordType.InternetGroup ? ReplicaVerdict.Merge : ReplicaVerdict.Replace;
        }

        if (own.Type == NameRecordType.Multihomed && !replica.IsGroup && !replica.IsStatic && Dialect.KeepsMultihomed)
            return ReplicaVerdict.Keep; // a static mapping is said to conflict with a multi-homed registration all the same (Q164016)
        bool isTold = own.Owner == 0 && (replica.IsGroup || Dialect.ReleasesSameAddress || HasOthers(own, replica));
        return isTold ? ReplicaVerdict.Overrule : ReplicaVerdict.Replace;
    }

    private static bool IsActive(NameRecord replica) => replica.State == NameRecordState.Active;

    /// <summary>Charts C3 and C5: whether an address is left once those are taken away that the replica has too, or that its owner gave (C2: another address).</summary>
    public bool IsDisputed(in NameSlot own, NameRecord replica)
    {
        for (int i = 0; _names.TryGetAddress(own, i, out var address, out ushort owner); i++)
        {
            if (IsDisputed(address, owner, replica))
                return true;
        }

        return false;
    }

    /// <summary>Whether the replica neither has an address of a record nor its owner gave it.</summary>
    public bool IsDisputed(Ipv4Address address, ushort owner, NameRecord replica) => !replica.Has(address) && _owners[owner] != replica.Owner;

    /// <summary>Whether a record has an address that the replica does not have.</summary>
    public bool HasOthers(in NameSlot own, NameRecord replica)
    {
        for (int i = 0; _names.TryGetAddress(own, i, out var address); i++)
        {
            if (!replica.Has(address))
                return true;
        }

        return false;
    }

    /// <summary>The rule that a verdict follows.</summary>
    public Rule RuleOf(ReplicaVerdict verdict, in NameSlot own, NameRecord replica) => verdict switch
    {
        ReplicaVerdict.Keep when own.IsStatic => ServerRules.StaticRecordStays,
        ReplicaVerdict.Keep => ServerRules.RecordStays,
        ReplicaVerdict.Renew => ServerRules.RecordRenewed,
        ReplicaVerdict.Merge => ServerRules.MembersMerged,
        ReplicaVerdict.Challenge => ServerRules.ReplicaDispute,
        ReplicaVerdict.Overrule => ServerRules.ReplicaOverrules,
        _ when replica.IsStatic && !own.IsStatic && _owners[own.Owner] != replica.Owner && own.IsActive => ServerRules.StaticReplicaReplaces,
        _ => ServerRules.ReplicaReplaces,
    };
}
