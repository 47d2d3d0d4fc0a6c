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

/// <summary>What a server does with a release that does not fit the record: another type, or an address that is none of its.</summary>
public enum ForeignReleasePolicy : byte
{
    /// <summary>Ignored, yet answered POSITIVE (WINS: Q123171; the answer observed through Samba).</summary>
    Ignore,

    /// <summary>Refused with ACT_ERR: "secure server may choose to disallow a node from deleting a name" (RFC 1002 §4.2.11, §5.1.4.1).</summary>
    Refuse,

    /// <summary>
    /// The entry is removed, for nodes correct a wrong one so (RFC 1002 §5.1.4.1, RFC 1001 §15.1.7(8)). Of a group only the member goes that the release names:
    /// by the letter the whole entry would go, and one node could take a group from all others.
    /// </summary>
    Remove,

    /// <summary>
    /// The owner of a name that no group has is asked: silent or denying it, its entry is removed, and the release answered POSITIVE; else it is refused with
    /// ACT_ERR (RFC 1001 §15.3.2, "a secure NBNS, issues queries to verify whether the information is, in fact, incorrect"). Members of groups are not
    /// asked (RFC 1002 §5.1.4.1): of a group it is refused.
    /// </summary>
    Verify,
}

/// <summary>What becomes of a record that another server owns when its node releases the name here (TechNet cc959256).</summary>
public enum ReplicaReleasePolicy : byte
{
    /// <summary>Released like a record of this server's own, which it now is (before Windows 2000).</summary>
    Released,

    /// <summary>Extinct at once, so that the owner learns of it; it is deleted when extinction interval and extinction timeout have passed (Windows 2000).</summary>
    Extinct,
}

/// <summary>What a group claim does to a static unique record.</summary>
public enum StaticGroupClaimPolicy : byte
{
    /// <summary>It is refused, like every claim on a static record (cc959221).</summary>
    Refuse,

    /// <summary>
    /// The record becomes a group of both addresses, and is static no more: NT 3.5, 3.51 and 4.0 before the fix (Q161432; that it is an Internet group, which
    /// alone keeps addresses, and ages, is inference).
    /// </summary>
    GroupOfBoth,

    /// <summary>The record gets the claim's address and stays static: NT 4.0 and a Windows 95 workgroup (Q166502; that it stays unique is inference).</summary>
    MoveRecord,
}

/// <summary>Whose positive answer to a challenge is the owner's. Every one must have the challenge's transaction id and name.</summary>
public enum AnswerSource : byte
{
    /// <summary>
    /// Only the one from the address that was asked: RFC 1001 §13.2.1, responses are matched by "the transaction ID and the IP address of the transaction
    /// partner". An owner whose host answers from another of its addresses loses its name.
    /// </summary>
    AskedAddress,

    /// <summary>
    /// Also one from another of the record's addresses, or one that lists both the address that was asked and the one that it comes from: a host with several
    /// addresses may answer from any of them (RFC 1122 §3.3.4.2), and RFC 1002 §5.1.4.1 keeps track by transaction id. A denial or a WACK counts from the
    /// record's addresses only.
    /// </summary>
    OwnersAddresses,
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
