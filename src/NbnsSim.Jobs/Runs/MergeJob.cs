using System.Globalization;
using System.Text.Json;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Jobs.Runs;

/// <summary>Finds the runs of an archive and puts them together.</summary>
internal sealed class MergeJob(MergeSpec spec) : IJobWork
{
    private readonly List<RunStore> _stores = [.. spec.Runs.Select(folder => new RunStore(folder))];

    /// <inheritdoc/>
    public IReadOnlyList<Shard> Next(IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyCollection<string> failed)
    {
        if (!committed.ContainsKey(MergePlan.ListId))
            _stores.ForEach(store => store.Check(mustExist: true));
        return new MergePlan(new ArchiveLedger(committed, failed.ToDictionary(id => id, _ => "", StringComparer.Ordinal)), spec.Audit).Wanted();
    }

    /// <inheritdoc/>
    public string Run(Shard shard, string folder, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(shard);
        var data = ArchiveJson.Read(shard.Data, RunJson.Default.MergeShard);
        return data.Path is null
            ? JsonSerializer.Serialize(new MergeList([.. ManifestList.Once(spec.Inputs ?? AllInputs())]), RunJson.Default.MergeList)
            : JsonSerializer.Serialize(Find(InputOf(data.Path), data, stop), RunJson.Default.MergedInput);
    }

    /// <inheritdoc/>
    public string Combine(
        IReadOnlyDictionary<string, CommittedShard> committed, IReadOnlyList<FailedShard> failed, Func<string, string> folderOf, string resultFolder, CancellationToken stop)
    {
        var plan = new MergePlan(new ArchiveLedger(committed, failed.ToDictionary(one => one.Id, one => one.Reason, StringComparer.Ordinal)), spec.Audit);
        return ArchiveJob.Combine(spec.Archive, ArchiveJob.CapturesOf(plan.Files()), [.. plan.Audits()], folderOf, resultFolder, stop);
    }

    private string Named => string.Join(" and ", spec.Runs.Select(folder => $"'{VisibleText.Escape(folder)}'"));

    private List<string> AllInputs()
    {
        List<string> paths = [.. _stores.SelectMany(store => store.Inputs()).Select(input => input.File.Path)];
        return paths.Count > 0 ? paths : throw new JobException($"Nothing was extracted into {Named}.");
    }

    private RunInput InputOf(string path)
    {
        RunInput? known = null;
        foreach (var input in _stores.Select(store => store.TryFindInput(path)).OfType<RunInput>())
        {
            if (known is not null && known.Sha256 != input.Sha256)
                throw new JobException($"It is known with different contents in {Named}: merge them apart.");
            known ??= input;
        }

        return known ?? throw new JobException($"It was not extracted into {Named}.");
    }

    private MergedInput Find(RunInput input, MergeShard wanted, CancellationToken stop)
    {
        if (input.Sha256 is null)
            return new MergedInput(input, [], IsComplete: true); // it is empty
        var pieces = new List<PieceFacts>();
        var there = _stores.SelectMany(store => store.RunsOf(input.File.Octets, input.Sha256)).Where(run => run.Entry.Key.IsAudited == wanted.IsAudited).ToLookup(run => run.Entry.Facts.Begin ?? -1);
        long begin = 0;
        byte[]? head = [];
        var damaged = new List<string>();
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var next = there[begin]
                .Where(run => run.Entry.Facts.Head.AsSpan().SequenceEqual(head) && (IsLast(run, input) || run.Entry.Facts.End > begin))
                .OrderByDescending(run => IsLast(run, input)).ThenByDescending(run => run.Entry.Facts.End)
                .FirstOrDefault(run =>
                {
                    bool isWhole = RunStore.IsWhole(run);
                    if (!isWhole)
                        damaged.Add($"'{run.Folder}'");
                    return isWhole;
                });
            if (next is null)
                break;
            pieces.Add(next.Entry.Facts with { Run = next.Folder });
            if (IsLast(next, input))
                return new MergedInput(input, pieces, IsComplete: true);
            (begin, head) = (next.Entry.Facts.End, next.Entry.Facts.EndHead);
        }

        if (!wanted.MustBeComplete)
            return new MergedInput(input, pieces, IsComplete: false);
        string message = string.Create(CultureInfo.InvariantCulture, $"There is no run of it{(wanted.IsAudited ? " for an audit" : "")} in {Named} that begins at octet {begin} of {input.File.Octets}");
        throw new JobException(damaged.Count == 0 ? $"{message}." : $"{message} and is not damaged: {string.Join(" and ", damaged)}.");
    }

    /// <summary>Whether nothing is left to be read behind a run.</summary>
    private static bool IsLast(StoredRun run, RunInput input) => run.Entry.Key.To >= input.File.Octets || run.Entry.Facts.End >= input.File.Octets || run.Entry.Facts.EndHead is null;
}
