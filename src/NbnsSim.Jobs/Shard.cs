namespace NbnsSim.Jobs;

/// <summary>One piece of a job's work, as data that travels to whoever does it.</summary>
/// <param name="Id">
/// What it is called within its job: 1 to 100 of the characters <c>a</c> to <c>z</c>, <c>0</c> to <c>9</c>, <c>-</c>, <c>_</c> and <c>.</c>, and no <c>.</c> at the beginning. The same work has the same id.
/// </param>
/// <param name="Data">What there is to do: JSON of the kind's own.</param>
/// <param name="Weight">How much it is, for progress: octets, runs.</param>
public sealed record Shard(string Id, string Data, long Weight);
