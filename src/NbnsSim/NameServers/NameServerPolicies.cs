namespace NbnsSim.NameServers;

/// <summary>What a server does when a unique name is claimed that it has with another address.</summary>
public enum OwnershipCheck : byte
{
    /// <summary>"Non-secured": the claimant is told who owns the name and asks there itself (END-NODE CHALLENGE, RFC 1002 §4.2.7, §5.1.4).</summary>
    ByClaimant,

    /// <summary>"Secured": the server asks the owner and lets the claimant wait (RFC 1002 §5.1.4; every WINS).</summary>
    ByServer,
}

/// <summary>What a server does with a NAME OVERWRITE REQUEST that reaches it by unicast: a registration with RD clear (RFC 1002 §4.2.3).</summary>
public enum OverwritePolicy : byte
{
    /// <summary>A registration like another. Real clients clear RD in registrations too: RD alone tells nothing (observed with Samba).</summary>
    AsRegistration,

    /// <summary>The entry is replaced: what a non-secured server does (RFC 1002 §5.1.4).</summary>
    Replace,

    /// <summary>Refused with IMP_ERR: what a secured server does (RFC 1002 §4.2.6, §5.1.4).</summary>
    Refuse,
}

/// <summary>What a server keeps of a normal group.</summary>
public enum GroupStorage : byte
{
    /// <summary>No member: the answer is 255.255.255.255 (WINS, Q130232).</summary>
    LimitedBroadcast,

    /// <summary>Its members, at most 25; the group fades out as they lapse (RFC 1001 §15.1.3.4, MS-NBTE §3.2.5.1).</summary>
    Members,

    /// <summary>The member that came last: the letter of the pseudo-code in RFC 1002 §5.1.4.</summary>
    LastMember,
}

/// <summary>A demand that tells a node to stop using a name (RFC 1001 §15.5.3).</summary>
public enum NodeDemand : byte
{
    /// <summary>No demand.</summary>
    None,

    /// <summary>NAME CONFLICT DEMAND: the node marks the name as in conflict (RFC 1002 §4.2.8).</summary>
    Conflict,

    /// <summary>NAME RELEASE DEMAND: the node gives the name up (RFC 1002 §4.2.9).</summary>
    Release,
}

/// <summary>Who wins when an active record of a server's own meets a partner's with another address.</summary>
public enum ReplicationConflictRule : byte
{
    /// <summary>The replica, at once; the address that this server had is told to release the name (NT 3.5 and 3.51, Q136571).</summary>
    ReplicaWins,

    /// <summary>The owner of this server's record is challenged: only where it does not answer does the replica win (NT 4.0 and later, MS-WINSRA §3.2.5.5).</summary>
    ChallengeOwner,
}
