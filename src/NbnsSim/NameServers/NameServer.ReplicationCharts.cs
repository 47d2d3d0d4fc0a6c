using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>
/// Which of two records of a name stays when a partner's meets another: the flow charts of MS-WINSRA §3.2.5.5 (figures 3 to 8; NT 4.0 and later, by
/// §6), and the rules of Q136571 (NT 3.5 and 3.51). Each method is one chart, in its order.
/// </content>
/// <remarks>
/// In figure 6 "yes" and "no" are taken to be swapped at "is the existing record a unique name or multi-homed machine", and at the question below it: as
/// printed, a group would be asked whether it is a normal group only where it is a unique name, and a tombstone would replace an active group
/// (<see cref="NameServerDialect.NormalGroupsAsPrinted"/>). Partners send active records and tombstones only (§3.2.5.4); what
/// comes as released all the same is judged as a tombstone is (§3.2.5.5: released and tombstoned records do not overwrite an active one).
/// </remarks>
public sealed partial class NameServer
{
    /// <summary>Whether a record of a partner's takes the place of another, by the dialect's rules.</summary>
    private Verdict Judge(in NameSlot own, NameRecord replica)
    {
        if (_owners[own.Owner] == replica.Owner)
            return Verdict.Replace; // figures 3 and 6, Q136571: its owner's news
        if (own.IsStatic && !GivesWay(own, replica))
            return Verdict.Keep;
        if (replica.IsStatic && !own.IsStatic && GoesFirst(own, replica))
            return Verdict.Replace;
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
        NameRecordType.Unique => Options.MigrateOn && !own.IsGroup,
        NameRecordType.InternetGroup => own.Type == NameRecordType.InternetGroup && replica.Name.Suffix != NameSuffix.DomainControllers,
        NameRecordType.Multihomed => Options.MigrateOn && own.Type == NameRecordType.Multihomed,
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
    private Verdict JudgeUnique(in NameSlot own, NameRecord replica)
    {
        if (own.Type == NameRecordType.NormalGroup)
            return Verdict.Keep; // C3: in any state
        if (!own.IsActive)
            return Verdict.Replace;
        if (own.IsGroup)
            return Verdict.Keep;
        if (!IsActive(replica))
            return own.Owner == 0 && own.Type == NameRecordType.Unique ? Verdict.Renew : Verdict.Keep; // C3 gives a multi-homed record no new version
        return own.Owner == 0 && IsDisputed(own, replica) ? Verdict.Challenge : Verdict.Replace;
    }

    /// <summary>Figure 6: a normal group.</summary>
    private Verdict JudgeNormalGroup(in NameSlot own, NameRecord replica)
    {
        if (!own.IsActive)
            return Verdict.Replace;
        if (Dialect.NormalGroupsAsPrinted)
            return !own.IsGroup || IsActive(replica) ? Verdict.Keep : own.Owner == 0 ? Verdict.Overrule : Verdict.Replace;
        if (own.IsGroup)
            return own.Type == NameRecordType.NormalGroup && own.Owner == 0 && IsActive(replica) ? Verdict.Replace : Verdict.Keep;
        if (!IsActive(replica))
            return Verdict.Keep;
        return own.Owner == 0 ? Verdict.Overrule : Verdict.Replace;
    }

    /// <summary>Chart C4: an Internet group.</summary>
    private static Verdict JudgeInternetGroup(in NameSlot own, NameRecord replica)
    {
        if (!own.IsActive)
            return own.State == NameRecordState.Released && own.Type == NameRecordType.NormalGroup ? Verdict.Keep : Verdict.Replace;
        if (own.Type == NameRecordType.InternetGroup && IsActive(replica))
            return Verdict.Merge;
        if (own.Type == NameRecordType.InternetGroup)
            return own.Owner == 0 ? Verdict.Renew : Verdict.Replace;
        return !own.IsGroup && own.Owner == 0 && IsActive(replica) ? Verdict.Overrule : Verdict.Keep;
    }

    /// <summary>Chart C5: a multi-homed name.</summary>
    private Verdict JudgeMultihomed(in NameSlot own, NameRecord replica)
    {
        if (!own.IsActive)
            return own.State == NameRecordState.Released && own.Type == NameRecordType.NormalGroup ? Verdict.Keep : Verdict.Replace;
        if (own.IsGroup)
            return Verdict.Keep;
        if (!IsActive(replica))
            return own.Owner == 0 ? Verdict.Renew : Verdict.Keep;
        return own.Owner == 0 && IsDisputed(own, replica) ? Verdict.Challenge : Verdict.Replace;
    }

    /// <summary>
    /// Q136571. Of two groups of different kinds it says nothing: the first stays, as in MS-WINSRA's charts. "The group entry is kept" is taken to hold
    /// for a normal group in any state, as in chart C3, and else where both are active: what is gone is replaced, whatever it was.
    /// </summary>
    private Verdict JudgeByArticle(in NameSlot own, NameRecord replica)
    {
        if (own.Type == NameRecordType.NormalGroup && replica.Type == NameRecordType.Unique)
            return Verdict.Keep;
        if (!own.IsActive)
            return Verdict.Replace;
        if (!IsActive(replica))
            return Verdict.Keep;
        if (own.IsGroup)
        {
            if (own.Type != replica.Type)
                return Verdict.Keep;
            return own.Type == NameRecordType.InternetGroup ? Verdict.Merge : Verdict.Replace;
        }

        if (own.Type == NameRecordType.Multihomed && !replica.IsGroup && !replica.IsStatic && Dialect.KeepsMultihomed)
            return Verdict.Keep; // a static mapping is said to conflict with a multi-homed registration all the same (Q164016)
        bool isTold = own.Owner == 0 && (replica.IsGroup || Dialect.ReleasesSameAddress || HasOthers(own, replica));
        return isTold ? Verdict.Overrule : Verdict.Replace;
    }

    private static bool IsActive(NameRecord replica) => replica.State == NameRecordState.Active;

    /// <summary>Charts C3 and C5: whether an address is left once those are taken away that the replica has too, or that its owner gave (C2: another address).</summary>
    private bool IsDisputed(in NameSlot own, NameRecord replica)
    {
        for (int i = 0; _names.TryGetAddress(own, i, out var address, out ushort owner); i++)
        {
            if (IsDisputed(address, owner, replica))
                return true;
        }

        return false;
    }

    private bool IsDisputed(Ipv4Address address, ushort owner, NameRecord replica) => !replica.Has(address) && _owners[owner] != replica.Owner;

    private bool HasOthers(in NameSlot own, NameRecord replica)
    {
        for (int i = 0; _names.TryGetAddress(own, i, out var address); i++)
        {
            if (!replica.Has(address))
                return true;
        }

        return false;
    }

    private Rule RuleOf(Verdict verdict, in NameSlot own, NameRecord replica) => verdict switch
    {
        Verdict.Keep when own.IsStatic => ServerRules.StaticRecordStays,
        Verdict.Keep => ServerRules.RecordStays,
        Verdict.Renew => ServerRules.RecordRenewed,
        Verdict.Merge => ServerRules.MembersMerged,
        Verdict.Challenge => ServerRules.ReplicaDispute,
        Verdict.Overrule => ServerRules.ReplicaOverrules,
        _ when replica.IsStatic && !own.IsStatic && _owners[own.Owner] != replica.Owner && own.IsActive => ServerRules.StaticReplicaReplaces,
        _ => ServerRules.ReplicaReplaces,
    };

    private enum Verdict
    {
        /// <summary>The replica takes the record's place.</summary>
        Replace,

        /// <summary>The record stays.</summary>
        Keep,

        /// <summary>The record stays, and gets a new version.</summary>
        Renew,

        /// <summary>Members of both are kept.</summary>
        Merge,

        /// <summary>The record's owner is asked.</summary>
        Challenge,

        /// <summary>The replica takes the record's place, and the node that had the name is told.</summary>
        Overrule,
    }
}
