namespace NbnsSim.Jobs.Archives;

/// <summary>What is done of an archive, and what could not be.</summary>
/// <param name="committed">What is done, by the shard's id.</param>
/// <param name="failures">Why the others could not be, by the shard's id.</param>
internal sealed class ArchiveLedger(IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyDictionary<string, string> failures)
{
    /// <summary>What a shard came to; null where it is not done.</summary>
    public string? TryGetFacts(string id) => committed.TryGetValue(id, out var shard) ? shard.Facts : null;

    /// <summary>What a shard came to, read; null where it is not done.</summary>
    public PieceFacts? TryRead(string id) => TryGetFacts(id) is { } facts ? ArchiveJson.Read(facts, ArchiveJson.Default.PieceFacts) : null;

    /// <summary>Why a shard could not be done; null where that is not so.</summary>
    public string? FailureOf(string id) => failures.GetValueOrDefault(id);

    /// <summary>Whether a shard is done, or could not be.</summary>
    public bool IsSettled(string id) => committed.ContainsKey(id) || failures.ContainsKey(id);
}
