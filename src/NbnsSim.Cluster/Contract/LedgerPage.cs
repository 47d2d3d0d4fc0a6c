namespace NbnsSim.Cluster.Contract;

/// <summary>What an entry of a ledger says.</summary>
internal enum LedgerKind
{
    /// <summary>A shard is committed: its facts.</summary>
    Committed,

    /// <summary>A shard could not be done: why.</summary>
    Failed,

    /// <summary>All there is to do is done: nothing is counted behind it.</summary>
    Sealed,

    /// <summary>The results lie in their folder: the summary.</summary>
    Combined,

    /// <summary>What could not be done is tried again, and the results are put together anew.</summary>
    Reopened,
}

/// <summary>One thing that is settled.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Id">The shard's id.</param>
/// <param name="Text">Facts, reason or summary.</param>
/// <param name="Weight">The shard's weight.</param>
/// <param name="Attempts">How often a failed shard was tried.</param>
[GenerateSerializer, Alias("nbnssim.entry.v1"), Immutable]
internal sealed record LedgerEntry([property: Id(0)] LedgerKind Kind, [property: Id(1)] string Id, [property: Id(2)] string Text, [property: Id(3)] long Weight, [property: Id(4)] int Attempts);

/// <summary>
/// A piece of a job's ledger, stored under an ETag of its own. Entries are only ever added to the last page: an activation that does not know the true end of the ledger
/// meets a page that was written behind its back, and cannot add to it.
/// </summary>
/// <param name="Spec">The job's specification; on the first page.</param>
/// <param name="Folder">The job's folder; on the first page.</param>
/// <param name="Entries">What is settled, in the order in which it was.</param>
[GenerateSerializer, Alias("nbnssim.page.v1"), Immutable]
internal sealed record LedgerPage([property: Id(0)] string Spec, [property: Id(1)] string Folder, [property: Id(2)] LedgerEntry[] Entries);
