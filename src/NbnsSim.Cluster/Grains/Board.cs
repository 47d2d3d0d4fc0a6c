using NbnsSim.Cluster.Contract;

namespace NbnsSim.Cluster.Grains;

/// <summary>Who works on what: the units of a job that are open, their grants and the workers there are. In memory alone, and part of one grain: it is called by one thread at a time.</summary>
internal sealed class Board(WorkerOptions options, TimeProvider time)
{
    private readonly Dictionary<string, Unit> _units = new(StringComparer.Ordinal);
    private readonly Queue<Unit> _waiting = new();
    private readonly HashSet<Unit> _out = [];
    private readonly Dictionary<SiloAddress, int> _slots = [];
    private readonly Dictionary<SiloAddress, string> _refusals = [];

    /// <summary>The workers there are.</summary>
    internal IReadOnlyList<SiloAddress> Silos { get; set; } = [];

    internal bool IsEmpty => _units.Count == 0;

    internal long WeightOpen { get; private set; }

    internal int ShardsOpen => _units.Count - (_units.ContainsKey(Workers.Worker.CombineUnit) ? 1 : 0);

    /// <summary>Why nobody takes anything; null where somebody does, or where nobody is there.</summary>
    internal string? Refusal => Silos.Count > 0 && Silos.All(_refusals.ContainsKey) ? _refusals[Silos[0]] : null;

    internal void Add(Unit unit)
    {
        if (!_units.TryAdd(unit.Id, unit))
            return;
        WeightOpen += unit.Weight;
        _waiting.Enqueue(unit);
    }

    internal void Remove(string id)
    {
        if (!_units.Remove(id, out var unit))
            return;
        WeightOpen -= unit.Weight;
        _out.Remove(unit);
    }

    /// <summary>Takes a unit back from whoever has it by this grant; null where it is settled, or out on another.</summary>
    internal Unit? Take(string id, string grant)
    {
        if (!_units.TryGetValue(id, out var unit) || unit.Grant != grant)
            return null;
        Wait(unit);
        return unit;
    }

    /// <summary>Gives the next unit to the worker with the most room; null where none waits or nobody has room.</summary>
    internal Unit? Grant()
    {
        while (_waiting.TryPeek(out var unit))
        {
            if (unit.Grant != null || !_units.ContainsKey(unit.Id))
            {
                _waiting.Dequeue(); // settled meanwhile
                continue;
            }

            var busy = _out.CountBy(u => u.Silo!).ToDictionary();
            var free = Silos.Where(s => !_refusals.ContainsKey(s)).Select(s => (Silo: s, Room: _slots.GetValueOrDefault(s, 1) - busy.GetValueOrDefault(s))).Where(s => s.Room > 0);
            if (free.OrderByDescending(s => s.Room).FirstOrDefault().Silo is not { } silo)
                return null;
            _waiting.Dequeue();
            (unit.Grant, unit.Silo, unit.Alive) = (Guid.NewGuid().ToString("N"), silo, time.GetTimestamp());
            _out.Add(unit);
            return unit;
        }

        return null;
    }

    internal void Accepted(SiloAddress silo, Acceptance acceptance)
    {
        if (acceptance.Refusal != null)
            _refusals[silo] = acceptance.Refusal;
        else
            _slots[silo] = acceptance.Slots;
    }

    internal void Heard(string id, string grant, long now)
    {
        if (_units.TryGetValue(id, out var unit) && unit.Grant == grant)
            unit.Alive = now;
    }

    /// <summary>The units whose worker is gone or was silent for longer than its lease; they wait again.</summary>
    internal List<Unit> Overdue()
    {
        List<Unit> overdue = [.. _out.Where(u => !Silos.Contains(u.Silo!) || time.GetElapsedTime(u.Alive) > options.Lease)];
        foreach (var unit in overdue)
        {
            unit.Lost++;
            Wait(unit);
        }

        return overdue;
    }

    private void Wait(Unit unit)
    {
        _out.Remove(unit);
        (unit.Grant, unit.Silo) = (null, null);
        _waiting.Enqueue(unit);
    }
}
