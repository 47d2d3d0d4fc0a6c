using System.Globalization;
using NbnsSim.Cluster.Contract;
using Orleans.Storage;

namespace NbnsSim.Cluster.Tests;

/// <summary>
/// A grain storage that outlives silos, as Redis does, and heeds ETags as it does. A write can be made to fail: before anything is stored, or behind it, so that the writer does
/// not know.
/// </summary>
internal sealed class SharedStorage : IGrainStorage
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string, GrainId), (string ETag, object State)> _states = [];
    private int _writes;

    /// <summary>What is to happen at a write, by its number.</summary>
    public Func<int, Fault> FaultAt { get; set; } = _ => Fault.None;

    public int Writes => _writes;

    /// <summary>How much was written of ledgers, in characters.</summary>
    public long CharactersWritten { get; private set; }

    /// <summary>How much at most by one write.</summary>
    public long LongestWrite { get; private set; }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
        {
            bool exists = _states.TryGetValue((stateName, grainId), out var stored);
            (grainState.RecordExists, grainState.ETag) = (exists, exists ? stored.ETag : null);
            if (exists)
                grainState.State = (T)stored.State;
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var fault = FaultAt(Interlocked.Increment(ref _writes));
        if (fault == Fault.Before)
            return Task.FromException(new IOException("The storage is out of reach (a test)."));
        lock (_lock)
        {
            string? there = _states.TryGetValue((stateName, grainId), out var stored) ? stored.ETag : null;
            if (there != grainState.ETag)
                return Task.FromException(new InconsistentStateException($"{stateName} of {grainId} was written by another."));
            if (grainState.State is LedgerPage page)
            {
                long characters = page.Entries.Sum(entry => entry.Id.Length + (long)entry.Text.Length);
                (CharactersWritten, LongestWrite) = (CharactersWritten + characters, Math.Max(LongestWrite, characters));
            }

            string next = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
            _states[(stateName, grainId)] = (next, grainState.State!);
            if (fault == Fault.Behind)
                return Task.FromException(new IOException("The storage's answer is lost (a test)."));
            (grainState.ETag, grainState.RecordExists) = (next, true);
        }

        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
            _states.Remove((stateName, grainId));
        return Task.CompletedTask;
    }
}

/// <summary>What happens to a write.</summary>
internal enum Fault
{
    None,
    Before,
    Behind,
}
