namespace NbnsSim.NameServers;

/// <summary>What becomes of a name when a partner's record of it meets the one that is here.</summary>
internal enum ReplicaVerdict
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
