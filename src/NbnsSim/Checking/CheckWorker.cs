using System.Collections.Immutable;
using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>One who follows paths.</summary>
internal sealed class CheckWorker(CheckSearch search, ImmutableArray<ScenarioRun> starts, CheckOptions options)
{
    private readonly List<FaultOption> _faults = [];
    private readonly FaultOption[] _chosen = new FaultOption[options.MaxFaults];
    private readonly StateKey _key = new(starts, search.Reductions);
    private SimultaneousEvents? _simultaneous;
    private long _steps;
    private long _pairs;

    /// <summary>The paths that lead to states that nobody had seen.</summary>
    public List<CheckPath> Found { get; } = [];

    /// <summary>The earliest that does not hold.</summary>
    public CheckViolation? Violation { get; private set; }

    /// <summary>Follows the run in which nothing goes wrong.</summary>
    public void FollowFirst(CheckPath path)
    {
        var walk = new CheckWalk(starts[path.Order].Fork(), options, search.Properties);
        if (LookAt(walk, path))
            Found.Add(path with { Length = Follow(walk, path) });
        CountSteps();
    }

    /// <summary>Has one more fault come at some of a path's steps, and follows what becomes of each.</summary>
    /// <param name="path">The path.</param>
    /// <param name="from">From which step on.</param>
    /// <param name="to">Up to which, not included.</param>
    /// <param name="isLast">Whether no further fault comes behind it, so that nobody asks for what was found.</param>
    public void Extend(CheckPath path, int from, int to, bool isLast)
    {
        var walk = new CheckWalk(starts[path.Order].Fork(), options, search.Properties);
        Go(walk, path, from);
        while (walk.Position < to && !search.IsStopped && walk.Run.Simulator.Now <= search.Until)
        {
            int position = walk.Position, chosen = 0, after = -1;
            walk.ListFaults(_faults);
            for (int i = 0; i < path.Choices.Length; i++)
            {
                if (path.Choices[i].Position == position)
                    _chosen[chosen++] = _faults[after = path.Choices[i].Rank];
            }

            var faults = _faults.ToArray();
            if (chosen == 0 || _chosen[chosen - 1].IsDelivery)
            {
                for (int rank = after + 1; rank < faults.Length && !search.IsStopped; rank++)
                {
                    if (!GoesWith(faults[rank], chosen))
                        continue;
                    _chosen[chosen] = faults[rank];
                    Branch(walk, path.With(new CheckChoice(position, rank)), chosen + 1, isLast);
                }
            }

            if (!Move(walk, chosen))
                break;
        }

        CountSteps();
    }

    /// <summary>Faults of one datagram come to different receivers.</summary>
    private bool GoesWith(in FaultOption fault, int chosen)
    {
        for (int i = 0; i < chosen; i++)
        {
            if (!fault.IsDelivery || _chosen[i].To == fault.To || _chosen[i].To < 0)
                return false;
        }

        return true;
    }

    private void Branch(CheckWalk walk, CheckPath path, int chosen, bool isLast)
    {
        var branch = walk.Fork();
        if (!TryDo(branch, path, chosen) || !LookAt(branch, path))
            return;
        int length = Follow(branch, path);
        if (!isLast)
            Found.Add(path with { Length = length });
    }

    /// <summary>Goes on with nothing going wrong, up to a state that was seen, or to the end.</summary>
    /// <returns>How many steps that took.</returns>
    private int Follow(CheckWalk walk, CheckPath path)
    {
        int length = 0;
        while (!search.IsStopped && walk.Run.Simulator.Now <= search.Until && TryDo(walk, path, chosen: 0))
        {
            length++;
            if (!LookAt(walk, path))
                break;
        }

        return length;
    }

    /// <summary>Goes along a path to the step with a number; what is on the way was looked at.</summary>
    private void Go(CheckWalk walk, CheckPath path, int position)
    {
        int next = 0;
        while (walk.Position < position)
        {
            int chosen = 0;
            if (next < path.Choices.Length && path.Choices[next].Position == walk.Position)
            {
                walk.ListFaults(_faults);
                for (; next < path.Choices.Length && path.Choices[next].Position == walk.Position; next++)
                    _chosen[chosen++] = _faults[path.Choices[next].Rank];
            }

            if (!Move(walk, chosen))
                return;
        }
    }

    private bool Move(CheckWalk walk, int chosen)
    {
        _steps++;
        if (chosen == 0)
            return walk.Advance();
        walk.Do(_chosen.AsSpan(0, chosen));
        return true;
    }

    /// <summary>Makes a step that nobody has made yet; a machine that throws breaks what always holds.</summary>
    private bool TryDo(CheckWalk walk, CheckPath path, int chosen)
    {
        try
        {
            return Move(walk, chosen);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Break(new CheckViolation(path, CheckProperties.NothingThrows, $"{e.GetType().Name}: {e.Message}", walk.Run.Simulator.Now));
            return false;
        }
    }

    /// <summary>Holds all properties against a state.</summary>
    /// <returns>Whether it is new, and what follows matters.</returns>
    private bool LookAt(CheckWalk walk, CheckPath path)
    {
        var state = _key.Of(walk);
        bool isNew = search.Seen.Add(state);
        if (isNew)
            search.Count(state);
        if (isNew && search.Reductions.IsUnordered && !(_simultaneous ??= new SimultaneousEvents(_key)).Commute(walk))
        {
            search.FindOrder();
            return false;
        }

        bool hasLogged = walk.Run.Simulator.Log.Count > walk.FirstNew; // what was logged on the way is no part of the state that it leads to
        if (!isNew && !hasLogged && search.Reduces)
            return false;
        for (int i = 0; i < search.Properties.Length; i++)
        {
            var property = search.Properties[i];
            var moment = new CheckMoment(walk.Run, walk.FirstNew, walk.Histories.Of(i));
            if (property.Mode == CheckMode.Sometimes ? search.IsReached(i) : property.Mode == CheckMode.AtEnd && !moment.IsEnd)
                continue;
            if (property.Look(moment) is not { } text)
                continue;
            if (property.Mode == CheckMode.Sometimes)
            {
                search.Reach(i);
                continue;
            }

            Break(new CheckViolation(path, property, text, walk.Run.Simulator.Now));
            return false;
        }

        return (isNew || !search.Reduces) && !walk.Run.IsOver;
    }

    private void Break(CheckViolation violation)
    {
        if (Violation is null || violation.CompareTo(Violation) < 0)
            Violation = violation;
    }

    private void CountSteps()
    {
        search.CountSteps(_steps, (_simultaneous?.Pairs ?? 0) - _pairs);
        (_steps, _pairs) = (0, _simultaneous?.Pairs ?? 0);
    }
}
