using System.Globalization;
using System.Text.Json;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Jobs.Runs;

/// <summary>
/// Which shards a merge has: one that lists the inputs, and for each input one that finds its runs as far as they follow each other. Where they break off, a further one says so, by failing: so the job looks for
/// all of them again when it is asked for again.
/// </summary>
/// <param name="ledger">What is done.</param>
/// <param name="hasAudit">Whether runs with what an audit goes by are wanted, too.</param>
internal sealed class MergePlan(ArchiveLedger ledger, bool hasAudit)
{
    /// <summary>The shard that lists the inputs.</summary>
    public const string ListId = "list";

    private const string All = "-all";

    private readonly MergeList? _list = ledger.TryGetFacts(ListId) is { } list ? ArchiveJson.Read(list, RunJson.Default.MergeList) : null;

    /// <summary>All that is to be done now.</summary>
    public IReadOnlyList<Shard> Wanted() => _list is not null ? [.. WantedOf(isAudited: false), .. hasAudit ? WantedOf(isAudited: true) : []]
        : ledger.FailureOf(ListId) is null ? [ShardOf(ListId, new MergeShard(), 0)]
        : [];

    /// <summary>How far each input is, in their order, once nothing is to be done any more.</summary>
    public IEnumerable<FileState> Files() => StatesOf(isAudited: false);

    /// <summary>How far what an audit goes by is of each; nothing without an audit.</summary>
    public IEnumerable<FileState> Audits() => hasAudit ? StatesOf(isAudited: true) : [];

    private static Shard ShardOf(string id, MergeShard data, long weight) => new(id, JsonSerializer.Serialize(data, RunJson.Default.MergeShard), weight);

    private static string IdOf(int index, bool isAudited) => string.Create(CultureInfo.InvariantCulture, $"{(isAudited ? 'a' : 'f')}{index}");

    private IEnumerable<Shard> WantedOf(bool isAudited) => _list!.Paths.Select((path, index) => WantedOf(path, IdOf(index, isAudited), isAudited)).OfType<Shard>();

    private Shard? WantedOf(string path, string id, bool isAudited) =>
        !ledger.IsSettled(id) ? ShardOf(id, new MergeShard(path, IsAudited: isAudited), isAudited ? 0 : 1)
        : TryRead(id) is not { IsComplete: false } || ledger.IsSettled(id + All) ? null
        : ShardOf(id + All, new MergeShard(path, MustBeComplete: true, isAudited), 0);

    private IEnumerable<FileState> StatesOf(bool isAudited) => _list is not null ? _list.Paths.Select((path, index) => StateOf(path, IdOf(index, isAudited)))
        : throw new JobException($"The inputs cannot be listed: {ledger.FailureOf(ListId)} Name another folder for the job.");

    private FileState StateOf(string path, string id)
    {
        string? failure = ledger.FailureOf(id) ?? ledger.FailureOf(id + All);
        string from = TryRead(id + All) is null ? id : id + All;
        return TryRead(from) is { } merged
            ? new FileState(
                merged.Input.File, [.. merged.Pieces.Select(facts => new Piece(from, facts with { Change = merged.Input.Change }))], merged.Input.Sha256, merged.Input.File.Octets, failure)
            : new FileState(new ManifestFile(path, 0, 0, CanSplit: false, null), [], null, 0, failure);
    }

    private MergedInput? TryRead(string id) => ledger.TryGetFacts(id) is { } facts ? ArchiveJson.Read(facts, RunJson.Default.MergedInput) : null;
}
