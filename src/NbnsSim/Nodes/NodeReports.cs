using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>What a node has to tell and nobody has asked for yet. Made when there is something.</summary>
internal sealed class NodeReports
{
    /// <summary>Nothing to tell; never changed.</summary>
    public static readonly NodeReports Empty = new();

    private const int Limit = 4096;

    public Queue<NetBtEvent> Events { get; private init; } = new();

    public Queue<OperationResult> Results { get; private init; } = new();

    /// <summary>The node's voice while somebody listens to its decisions; no part of its state.</summary>
    public DecisionTeller? Teller { get; set; }

    public void Add(NetBtEvent logged)
    {
        if (Events.Count >= Limit)
            Events.Dequeue();
        Events.Enqueue(logged);
    }

    public void Add(OperationResult result)
    {
        if (Results.Count >= Limit)
            Results.Dequeue();
        Results.Enqueue(result);
    }

    public bool HasSameStateAs(NodeReports other) => Events.SequenceEqual(other.Events) && Results.SequenceEqual(other.Results);

    public NodeReports Clone() => new() { Events = new(Events), Results = new(Results) };
}
