using System.Collections.Immutable;
using NbnsSim.Files;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Storage;

namespace NbnsSim.Jobs.Runs;

/// <summary>
/// Makes the runs of captures without a job: for those who have a scheduler of their own. Each call stands for itself; any number of processes may call it at a time, also for the same captures. A run that is
/// there and whole is not made again. <see cref="MergeSpec"/> puts together what was made.
/// </summary>
public sealed class RunExtraction
{
    private readonly ArchiveSpec _spec;
    private readonly RunStore _store;
    private readonly int _parallel;
    private readonly Action<JobProgress>? _progress;
    private readonly CancellationToken _stop;
    private readonly List<string> _problems = [];
    private long _done;
    private long _total;

    private RunExtraction(ArchiveSpec spec, int? parallel, Action<JobProgress>? progress, CancellationToken stop)
    {
        _spec = spec;
        _store = new RunStore(spec.Runs ?? throw new ArgumentException("Where do the runs go? The spec names no folder of runs.", nameof(spec)));
        _parallel = parallel is null or (>= 1 and <= 1_024) ? parallel ?? Environment.ProcessorCount : throw new ArgumentOutOfRangeException(nameof(parallel), parallel, "Expected 1 to 1,024.");
        (_progress, _stop) = (progress, stop);
        _store.Check(mustExist: false);
    }

    /// <summary>Makes the runs of captures.</summary>
    /// <param name="spec">Which captures, how large ones are cut, and in which folder runs live (<see cref="ArchiveSpec.Runs"/>).</param>
    /// <param name="parallel">How many runs are made at a time; null for one a core.</param>
    /// <param name="progress">Is told how far it is, from several threads one after the other; null for nobody.</param>
    /// <param name="stop">Ends it; runs that are made stay.</param>
    /// <exception cref="JobException">The folder of runs is none.</exception>
    /// <exception cref="OutputFailedException">It cannot be written.</exception>
    public static RunExtractionResult Extract(ArchiveSpec spec, int? parallel = null, Action<JobProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var extraction = new RunExtraction(spec, parallel, progress, stop);
        return extraction.Do(extraction.ExtractAll);
    }

    /// <summary>Makes the run of a range of one capture. Where its first record begins is guessed, or known, where the run that ends there was made before; a merge says which range is wanting where a guess was wrong.</summary>
    /// <param name="spec">The one capture, and in which folder runs live.</param>
    /// <param name="from">The first octet of the range.</param>
    /// <param name="to">The octet behind its last, at least <see cref="ArchiveSpec.MinShardOctets"/> more; null for the end of the file.</param>
    /// <param name="stop">Ends it.</param>
    /// <inheritdoc cref="Extract(ArchiveSpec, int?, Action{JobProgress}?, CancellationToken)" path="/exception"/>
    public static RunExtractionResult ExtractRange(ArchiveSpec spec, long from, long? to = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        if (to - from < ArchiveSpec.MinShardOctets)
            throw new ArgumentOutOfRangeException(nameof(to), to, $"A range has at least {ArchiveSpec.MinShardOctets} octets.");
        var extraction = new RunExtraction(spec with { ShardOctets = ArchiveSpec.MinShardOctets }, 1, null, stop);
        return extraction.Do(() => extraction.ExtractRange(from, to));
    }

    private RunExtractionResult Do(Action extract)
    {
        try
        {
            extract();
        }
        catch (Exception e) when (DiskFull.Is(e) && e is not OutputFailedException)
        {
            throw new OutputFailedException(e.Message, e);
        }

        return new RunExtractionResult(_store.Made, _store.Found, [.. _problems]);
    }

    private void ExtractAll()
    {
        var files = ManifestList.Of(_spec, _stop).Files;
        _total = files.Sum(file => file.Octets) * (_spec.Audit ? 2 : 1);
        Tell(0);
        ForEach(files.Where(file => !file.CanSplit), ExtractOne);
        foreach (var file in files.Where(file => file.CanSplit))
            ExtractOne(file);
    }

    /// <summary>Extracts a file as an archive of it alone would; what cannot be read is a problem of this file.</summary>
    private void ExtractOne(ManifestFile file) => Guard(file, () =>
    {
        var committed = new Dictionary<string, CommittedShard>(StringComparer.Ordinal);
        var ledger = new ArchiveLedger(committed, ImmutableDictionary<string, string>.Empty);
        long? octets = file.CanSplit ? _spec.ShardOctets : null;
        var plan = new FilePlan(file, 0, octets, isSummed: true, isShared: true);
        List<FilePlan> plans = _spec.Audit ? [plan, new FilePlan(file, 0, octets, isSummed: false, isAudited: true, isShared: true)] : [plan];
        if (KnownSum(file) is { } known)
            Add(new Shard(plan.SumId, "", 0), new PieceFacts { Sha256 = known, Octets = file.Octets });
        for (var wanted = new List<Shard>(); plans.ConvertAll(one => one.Advance(ledger, wanted)).Contains(false); wanted.Clear())
        {
            ForEach(wanted, shard =>
            {
                Add(shard, Run(ArchiveJson.Read(shard.Data, ArchiveJson.Default.ShardData)));
                Tell(shard.Weight);
            });
        }

        var state = plan.StateOf(ledger);
        _store.Note(new RunInput(file, state.Sum, state.Pieces.Select(piece => piece.Facts.Change).FirstOrDefault(change => change is not null)));

        void Add(Shard shard, PieceFacts facts)
        {
            lock (committed)
                committed.Add(shard.Id, new CommittedShard(shard.Id, ArchiveJson.Of(facts), shard.Weight));
        }
    });

    private void ExtractRange(long from, long? to)
    {
        var files = ManifestList.Of(_spec, _stop).Files;
        if (files is not [var file])
            throw new JobException($"A range is of one capture, and these are {files.Count}.");
        Guard(file, () =>
        {
            if (from >= file.Octets)
                throw new JobException($"It has {file.Octets} octets, and none from {from} on.");
            if (!file.CanSplit)
                throw new JobException("It can only be read from its beginning: extract it as a whole.");
            string? sum = KnownSum(file) ?? (Run(new ShardData(ShardKind.Sum, file)) is { } read && read.Octets == file.Octets ? read.Sha256 : null);
            byte[]? head = from == 0 ? [] : sum is null ? null
                : _store.RunsOf(file.Octets, sum).Select(run => run.Entry.Facts).FirstOrDefault(facts => facts.End == from && facts.EndHead is not null)?.EndHead;
            Run(new ShardData(ShardKind.Range, file, from, to ?? file.Octets, head, Sha256: sum));
            if (_spec.Audit)
                Run(new ShardData(ShardKind.Range, file, from, to ?? file.Octets, head, IsAudited: true, Sha256: sum));
            _store.Note(new RunInput(file, sum, null));
        });
    }

    private string? KnownSum(ManifestFile file) => _store.TryFindInput(file.Path) is { } known && InputSource.IsSame(file, known.File) ? known.Sha256 : null;

    private PieceFacts Run(ShardData data)
    {
        string own = _store.MakeTemporary();
        try
        {
            var facts = _store.Extract(data, own, _stop);
            return facts.Run is not null || data.Kind == ShardKind.Sum ? facts : throw new JobException("It changed while it was read: extract it again.");
        }
        finally
        {
            _store.DeleteTemporary(own);
        }
    }

    /// <summary>Notes what keeps a file from being extracted, the others being none the worse for it.</summary>
    private void Guard(ManifestFile file, Action extract)
    {
        try
        {
            if (file.Problem is { } problem)
                throw new JobException(problem);
            extract();
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutputFailedException) && !DiskFull.Is(e))
        {
            lock (_problems)
                _problems.Add($"{VisibleText.Escape(file.Path)}: {LocalJob.ReasonOf(e)}");
        }
    }

    /// <summary>Does something for each of many, some at a time; the first that fails ends it.</summary>
    private void ForEach<T>(IEnumerable<T> all, Action<T> act)
    {
        try
        {
            Parallel.ForEach(all, new ParallelOptions { MaxDegreeOfParallelism = _parallel, CancellationToken = _stop }, act);
        }
        catch (AggregateException e)
        {
            throw e.InnerExceptions.FirstOrDefault(DiskFull.Is) ?? e.InnerExceptions[0];
        }
    }

    private void Tell(long weight)
    {
        lock (_problems)
        {
            _done += weight;
            _progress?.Invoke(new JobProgress(Math.Min(_done, _total), _total, _store.Made + _store.Found, 0, _problems.Count, 0, null));
        }
    }
}
