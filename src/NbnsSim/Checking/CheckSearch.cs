using System.Collections.Immutable;
using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>One search, faults by faults: what all workers share.</summary>
internal sealed class CheckSearch
{
    private const int StepsInPart = 8;

    private readonly ImmutableArray<ScenarioRun> _starts;
    private readonly CheckOptions _options;
    private readonly Action<CheckProgress>? _progress;
    private readonly CancellationToken _stop;
    private readonly bool[] _reached;
    private readonly Action<UInt128>? _found;
    private long _states;
    private long _steps;
    private bool _isOutOfBounds;
    private bool _hasOrder;
    private long _pairs;

    public CheckSearch(
        ImmutableArray<ScenarioRun> starts, ImmutableArray<CheckProperty> properties, CheckOptions options, CheckReductions reductions, Instant until, Action<CheckProgress>? progress, Action<UInt128>? found, CancellationToken stop)
    {
        (_starts, Properties, _options, Reductions, Until, _progress, _found, _stop) = (starts, properties, options, reductions, until, progress, found, stop);
        _reached = new bool[properties.Length];
    }

    /// <summary>What is to hold.</summary>
    public ImmutableArray<CheckProperty> Properties { get; }

    /// <summary>What is after this time does not matter any more.</summary>
    public Instant Until { get; }

    /// <summary>Which states were seen.</summary>
    public SeenStates Seen { get; } = new();

    /// <summary>What is left out besides.</summary>
    public CheckReductions Reductions { get; }

    /// <summary>Whether states that were seen are not followed again.</summary>
    public bool Reduces => _options.Reduces;

    /// <summary>Whether to stop before the work is done.</summary>
    public bool IsStopped => Volatile.Read(ref _isOutOfBounds);

    public Outcome Run()
    {
        var paths = _starts.Select((_, order) => new CheckPath(order, [])).ToList();
        int complete = -1, firstSteps = 0;
        CheckViolation? violation = null;
        for (int faults = 0; faults <= _options.MaxFaults && violation is null && !IsStopped; faults++)
        {
            var parts = PartsOf(paths, faults);
            (paths, violation) = Look(parts, faults);
            firstSteps = faults == 0 ? paths.Select(path => path.Length).DefaultIfEmpty().Max() : firstSteps;
            if (!IsStopped)
                complete = faults;
        }

        return new Outcome(
            violation, complete == _options.MaxFaults, complete, firstSteps, Interlocked.Read(ref _states), Interlocked.Read(ref _steps), Names(reached: true), Names(reached: false))
        {
            HasOrder = _hasOrder,
            Pairs = Interlocked.Read(ref _pairs),
        };
    }

    /// <summary>A new state was reached.</summary>
    public void Count(UInt128 state)
    {
        _found?.Invoke(state);
        if (Interlocked.Increment(ref _states) >= _options.MaxStates || _stop.IsCancellationRequested)
            Volatile.Write(ref _isOutOfBounds, true);
    }

    /// <summary>Steps were made, and pairs of events tried in both orders.</summary>
    public void CountSteps(long steps, long pairs)
    {
        Interlocked.Add(ref _steps, steps);
        Interlocked.Add(ref _pairs, pairs);
    }

    /// <summary>The order of what happens at one time makes a difference: all of it was for nothing.</summary>
    public void FindOrder()
    {
        _hasOrder = true;
        Volatile.Write(ref _isOutOfBounds, true);
    }

    /// <summary>A property that is to hold sometimes does.</summary>
    public void Reach(int property) => Volatile.Write(ref _reached[property], true);

    /// <summary>Whether it did.</summary>
    public bool IsReached(int property) => Volatile.Read(ref _reached[property]);

    /// <summary>The first run is one part; of the later ones each is cut, so that all workers have some of it.</summary>
    private List<Part> PartsOf(List<CheckPath> paths, int faults)
    {
        if (faults == 0)
            return [.. paths.Select(path => new Part(path, 0, 0))];
        var parts = new List<Part>();
        foreach (var path in paths)
        {
            int first = Math.Max(0, path.Last), end = path.Last + path.Length + 1;
            if (faults == 1)
                (first, end) = (Math.Max(first, _options.FirstFaultAt.Start.Value), _options.FirstFaultAt.End.IsFromEnd ? end : Math.Min(end, _options.FirstFaultAt.End.Value));
            for (int from = first; from < end; from += StepsInPart)
                parts.Add(new Part(path, from, Math.Min(from + StepsInPart, end)));
        }

        return parts;
    }

    private (List<CheckPath> Next, CheckViolation? Violation) Look(List<Part> parts, int faults)
    {
        int next = 0, done = 0;
        var workers = Enumerable.Range(0, Math.Min(_options.Workers, Math.Max(1, parts.Count))).Select(_ => new CheckWorker(this, _starts, _options)).ToList();
        _options.RunAll([.. workers.Select(worker => (Action)(() => Work(worker)))]);
        var paths = workers.SelectMany(worker => worker.Found).ToList();
        paths.Sort();
        return (paths, workers.Select(worker => worker.Violation).Where(violation => violation is not null).Min());

        void Work(CheckWorker worker)
        {
            for (int part = Interlocked.Increment(ref next) - 1; part < parts.Count && !IsStopped; part = Interlocked.Increment(ref next) - 1)
            {
                if (faults == 0)
                    worker.FollowFirst(parts[part].Path);
                else
                    worker.Extend(parts[part].Path, parts[part].From, parts[part].To, isLast: faults == _options.MaxFaults);
                _progress?.Invoke(new CheckProgress(faults, Interlocked.Read(ref _states), Interlocked.Increment(ref done), parts.Count));
            }
        }
    }

    private ImmutableArray<string> Names(bool reached) =>
        [.. Properties.Where((property, index) => property.Mode == CheckMode.Sometimes && _reached[index] == reached).Select(property => property.Name)];

    /// <summary>Some steps of a path at which one more fault is to come.</summary>
    private readonly record struct Part(CheckPath Path, int From, int To);

    /// <summary>What a search found.</summary>
    public sealed record Outcome(
        CheckViolation? Violation, bool IsComplete, int CompleteFaults, int FirstSteps, long States, long Steps, ImmutableArray<string> Reached, ImmutableArray<string> NotReached)
    {
        /// <summary>Whether the order of what happens at one time makes a difference.</summary>
        public bool HasOrder { get; init; }

        /// <summary>How many pairs of events were tried in both orders.</summary>
        public long Pairs { get; init; }
    }
}
