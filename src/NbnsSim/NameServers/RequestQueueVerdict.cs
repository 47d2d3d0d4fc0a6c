namespace NbnsSim.NameServers;

/// <summary>What becomes of a request that comes while a server may be busy.</summary>
internal enum RequestQueueVerdict
{
    /// <summary>The server is free: it is served at once.</summary>
    Served,

    /// <summary>It waits for its turn.</summary>
    Waits,

    /// <summary>A burst: it is granted without a look at the database, for a short time.</summary>
    GrantedUnseen,

    /// <summary>The queue is full: it is lost.</summary>
    Lost,
}
