using System.Collections.Immutable;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Playing;

/// <summary>
/// A scenario that somebody plays: step by step, forth and back, with things done by hand on the way. What was done becomes steps of the scenario, so that <see cref="ToScenario"/> gives one
/// that does the same by itself.
/// </summary>
/// <remarks>
/// Going back restores a fork that was kept and goes forth from there; forks are kept at intervals that grow with the play, at most <see cref="MaxForks"/> of them. What was taken back happens
/// again when the play goes on, until something is done by hand: that begins another future. Not for several threads at once.
/// </remarks>
/// <example>
/// <code>
/// var play = new PlaySession(BuiltInScenarios.Find("q131739")!);
/// while (play.Simulator.Log.Count == 0)
///     play.Step(PlayStride.Datagram);
/// Console.WriteLine($"{play.Simulator.Now} {play.Simulator.Log[0].Event.Id}"); // 45.001500000 4320
/// play.Back(PlayStride.Datagram);
/// play.Lose(play.Simulator.GetUnderWay()[0]); // BRAVO's release never arrives; it is sent again 0.75 s later
/// play.RunTo(play.End);
/// Console.WriteLine(play.Simulator.Log[0].Event.Time); // 45.751500000
/// var scenario = play.ToScenario(); // does the same by itself, and expects it
/// </code>
/// </example>
public sealed partial class PlaySession
{
    /// <summary>How many things can happen in one play: about 24 octets are kept for each.</summary>
    public const int MaxThings = 1_000_000;

    /// <summary>How many forks are kept to go back to.</summary>
    public const int MaxForks = 32;

    private const int FirstInterval = 64; // things between forks
    private const long Tick = TimeSpan.NanosecondsPerTick; // what scenario files count times in

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1); // behind the scenario's end
    private static readonly TimeSpan Consequences = TimeSpan.FromSeconds(30);

    private readonly List<Thing> _things; // what happened; behind _position, what was taken back and happens again unless somebody acts
    private readonly List<Kept> _forks; // by position; the first is the beginning
    private readonly HashSet<ScenarioStep> _byHand;
    private ImmutableArray<ScenarioStep> _steps; // the scenario's and those by hand
    private ScenarioRun _run;
    private StrideWatch _watch = new();
    private int _interval = FirstInterval;
    private int _position;
    private int _named; // how many link rules were made

    /// <summary>Begins a play.</summary>
    /// <param name="scenario">The scenario; what it expects is left aside.</param>
    /// <param name="dialect">The dialect of hosts that have none of their own; null for the scenario's.</param>
    /// <param name="seed">The seed; null for the scenario's.</param>
    /// <param name="record">Makes what keeps what is shown; a <see cref="HistoryRecorder"/> unless given.</param>
    public PlaySession(Scenario scenario, NetBtDialect? dialect = null, ulong? seed = null, Func<Simulator, PlayRecorder>? record = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        Scenario = scenario with { Dialect = scenario.Dialect with { Preset = dialect ?? scenario.Dialect.Preset }, Seed = seed ?? scenario.Seed, Expectations = [] };
        End = scenario.End;
        _run = ScenarioRun.Unwatched(Scenario with { End = scenario.End + Longest }, null, null);
        _steps = _run.Steps;
        _byHand = new HashSet<ScenarioStep>(ReferenceEqualityComparer.Instance);
        _things = [];
        _forks = [];
        Recorder = record?.Invoke(_run.Simulator) ?? new HistoryRecorder(_run.Simulator);
        Watch();
        Keep();
    }

    private PlaySession(PlaySession other)
    {
        (Scenario, End) = (other.Scenario, other.End);
        _run = other._run.Fork();
        Recorder = other.Recorder.Fork(_run.Simulator);
        _steps = other._steps;
        _byHand = new HashSet<ScenarioStep>(other._byHand, ReferenceEqualityComparer.Instance);
        _things = [.. other._things];
        _forks = [.. other._forks];
        (_interval, _position, _named) = (other._interval, other._position, other._named);
        Watch();
    }

    /// <summary>The scenario as it began, without what it expects.</summary>
    public Scenario Scenario { get; }

    /// <summary>The network, to look at. It is another one after going back.</summary>
    public Simulator Simulator => _run.Simulator;

    /// <summary>What was recorded. It is another one after going back.</summary>
    public PlayRecorder Recorder { get; private set; }

    /// <summary>The dialect of hosts that have none of their own.</summary>
    public NetBtDialect Dialect => _run.Dialect;

    /// <summary>Up to when the play goes by itself: the scenario's end, or 30 s behind the last thing that was done by hand, or where <see cref="RunTo"/> went, whichever is latest.</summary>
    public Instant End { get; private set; }

    /// <summary>How many things have happened: events of the network, and steps.</summary>
    public int Position => _position;

    /// <summary>Whether nothing more happens up to <see cref="End"/>, or no more can be kept.</summary>
    public bool IsOver => _run.NextThing > End || _run.IsOver || _position == MaxThings;

    /// <summary>When the next thing happens.</summary>
    public Instant NextThing => _run.NextThing;

    /// <summary>The steps that were done by hand and those of the scenario, done or to come, in the order of time.</summary>
    public ImmutableArray<ScenarioStep> Steps => _steps;

    /// <summary>How many of the steps are done.</summary>
    public int StepCount => _run.StepCount;

    /// <summary>Whether somebody did a step by hand, and not the scenario.</summary>
    /// <param name="step">One of <see cref="Steps"/>.</param>
    public bool IsByHand(ScenarioStep step) => _byHand.Contains(step);

    /// <summary>A copy that goes on by itself: another future from here.</summary>
    public PlaySession Fork() => new(this);

    /// <summary>Goes on to the next thing of a kind.</summary>
    /// <param name="stride">The kind.</param>
    /// <returns>Whether there was one; if not, the time is <see cref="End"/>, or no more can be kept.</returns>
    public bool Step(PlayStride stride = PlayStride.Anything)
    {
        while (!IsOver)
        {
            Advance();
            if (Fits(_things[_position - 1], stride))
                return true;
        }

        if (_position < MaxThings)
            Simulator.RunUntil(End);
        return false;
    }

    /// <summary>Goes on to a time, and lets everything happen up to and at it; further than <see cref="End"/> where that is wanted, but no more than a day behind the scenario's.</summary>
    /// <param name="time">The time; nothing happens where it has passed.</param>
    public void RunTo(Instant time)
    {
        if (time > Scenario.End + Longest)
            time = Scenario.End + Longest;
        End = Max(End, time);
        while (_run.NextThing <= time && !IsOver)
            Advance();
        if (_position < MaxThings)
            Simulator.RunUntil(time);
    }

    /// <summary>Goes back to right behind the thing of a kind that came before the last one, or to the beginning.</summary>
    /// <param name="stride">The kind.</param>
    /// <returns>False at the beginning.</returns>
    public bool Back(PlayStride stride = PlayStride.Anything)
    {
        if (_position == 0)
            return false;
        int target = _position - 1;
        while (target > 0 && !Fits(_things[target - 1], stride))
            target--;
        GoTo(target);
        return true;
    }

    /// <summary>Goes back to a time; what happened up to and at it has happened.</summary>
    /// <param name="time">The time; nothing happens where it is yet to come.</param>
    public void BackTo(Instant time)
    {
        if (time >= Simulator.Now)
            return;
        GoTo(CountUpTo(time));
        Simulator.RunUntil(time);
    }

    /// <summary>Goes to where so many things have happened, back or forth.</summary>
    /// <param name="position">How many; where fewer can happen up to <see cref="End"/>, there.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public void GoTo(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        var kept = _forks[_forks.FindLastIndex(fork => fork.Position <= position)];
        if (position <= _position || kept.Position > _position) // at the same place too: time may have passed since
        {
            _run = kept.Run.Fork();
            _run.TakeSteps(_steps);
            Recorder = kept.Recorder.Fork(_run.Simulator);
            _position = kept.Position;
            Watch();
        }

        while (_position < position && (_position < _things.Count || !IsOver))
            Advance();
    }

    private static bool Fits(Thing thing, PlayStride stride) => stride == PlayStride.Anything || (thing.Kinds & stride) != PlayStride.Anything;

    private static Instant Max(Instant one, Instant other) => one > other ? one : other;

    /// <summary>How many things happened up to and at a time.</summary>
    private int CountUpTo(Instant time)
    {
        int count = _position;
        while (count > 0 && _things[count - 1].Time > time)
            count--;
        return count;
    }

    private void Watch()
    {
        _watch = new StrideWatch();
        Simulator.AddObserver(Recorder);
        Simulator.AddObserver(_watch);
    }

    private void Advance()
    {
        _run.Advance();
        Note();
    }

    /// <summary>Keeps what just happened.</summary>
    private void Note()
    {
        var thing = new Thing(Simulator.Now, _watch.Take());
        if (_position == _things.Count)
            _things.Add(thing);
        _position++;
        if (_position % _interval == 0 && _forks[^1].Position < _position)
            Keep();
    }

    private void Keep()
    {
        var run = _run.Fork();
        _forks.Add(new Kept(_position, run, Recorder.Fork(run.Simulator)));
        if (_forks.Count <= MaxForks)
            return;
        _interval *= 2;
        _forks.RemoveAll(fork => fork.Position % _interval != 0);
    }

    /// <summary>Something that happened.</summary>
    private readonly record struct Thing(Instant Time, PlayStride Kinds);

    /// <summary>A fork to go back to; itself it never goes on.</summary>
    private sealed record Kept(int Position, ScenarioRun Run, PlayRecorder Recorder);
}
