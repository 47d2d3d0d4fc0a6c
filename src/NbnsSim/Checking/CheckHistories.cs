using System.Collections.Immutable;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>What the properties of a check remember of one run.</summary>
internal sealed class CheckHistories
{
    private readonly CheckHistory?[] _histories; // of each property, where it has one
    private readonly Simulator _simulator;

    /// <summary>Begins to remember.</summary>
    /// <param name="properties">The properties.</param>
    /// <param name="simulator">The network, at the beginning of the run.</param>
    public CheckHistories(ImmutableArray<CheckProperty> properties, Simulator simulator)
        : this([.. properties.Select(property => property.Remember?.Invoke())], simulator)
    {
    }

    private CheckHistories(CheckHistory?[] histories, Simulator simulator)
    {
        (_histories, _simulator) = (histories, simulator);
        foreach (var history in histories)
        {
            if (history is not null)
                simulator.AddObserver(history);
        }

        if (Array.Exists(histories, history => history is not null))
            Write = WriteAll;
    }

    /// <summary>Writes all memories into a fingerprint; <see langword="null"/> where there are none.</summary>
    public Action<StateCodec>? Write { get; }

    /// <summary>What a property remembers.</summary>
    /// <param name="property">Its place among the properties.</param>
    public CheckHistory? Of(int property) => _histories[property];

    /// <summary>Goes on with a copy of the network.</summary>
    /// <param name="simulator">The copy.</param>
    public CheckHistories Fork(Simulator simulator) => new(Write is null ? _histories : Array.ConvertAll(_histories, history => history?.Fork()), simulator);

    private void WriteAll(StateCodec codec)
    {
        foreach (var history in _histories)
            history?.WriteState(codec, _simulator);
    }
}
