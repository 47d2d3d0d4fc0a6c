namespace NbnsSim.NameServers;

/// <summary>What kind of name a record is, numbered as in the record flags of MS-WINSRA §2.2.10.1.</summary>
public enum NameRecordType : byte
{
    /// <summary>0: one owner at one address.</summary>
    Unique = 0,

    /// <summary>1: a normal group; Windows' servers keep no member of it and answer 255.255.255.255 (Q130232).</summary>
    NormalGroup = 1,

    /// <summary>2: an Internet group ("special group"), such as a domain's <c>&lt;1C&gt;</c>: at most 25 members are kept (MS-NBTE appendix A).</summary>
    InternetGroup = 2,

    /// <summary>3: one owner at several addresses, at most 25 (MS-NBTE §3.2.1).</summary>
    Multihomed = 3,
}

/// <summary>Where a record stands in its life, numbered as in the record flags of MS-WINSRA §2.2.10.1.</summary>
public enum NameRecordState : byte
{
    /// <summary>0: registered; queries find it.</summary>
    Active = 0,

    /// <summary>1: released by its owner, or not refreshed in time; kept so that its owner may come back. Never sent to partners (MS-WINSRA §3.2.5.1).</summary>
    Released = 1,

    /// <summary>2: extinct; kept, and replicated, so that partners learn that it is gone.</summary>
    Tombstone = 2,
}
