using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>What a node has to tell and nobody has asked for yet. Made when there is something.</summary>
internal sealed class NodeReports
{
    /// <summary>Nothing to tell; never changed.</summary>
    public static readonly NodeReports Empty = new();

    private const int Limit = 4096;

    private readonly Queue<NetBtEvent> _events = new();
    private readonly Queue<OperationResult> _results = new();

    public NodeReports()
    {
    }

    private NodeReports(NodeReports other)
    {
        _events = new(other._events);
        _results = new(other._results);
    }

    /// <summary>The node's voice while somebody listens to its decisions; no part of its state.</summary>
    public DecisionTeller? Teller { get; set; }

    public void Add(NetBtEvent logged)
    {
        if (_events.Count >= Limit)
            _events.Dequeue();
        _events.Enqueue(logged);
    }

    public void Add(OperationResult result)
    {
        if (_results.Count >= Limit)
            _results.Dequeue();
        _results.Enqueue(result);
    }

    public bool TryTake([NotNullWhen(true)] out NetBtEvent? logged) => _events.TryDequeue(out logged);

    public bool TryTake([NotNullWhen(true)] out OperationResult? result) => _results.TryDequeue(out result);

    /// <summary>A copy, to which nobody listens.</summary>
    public NodeReports Fork() => new(this);

    public bool HasSameStateAs(NodeReports other) => _events.SequenceEqual(other._events) && _results.SequenceEqual(other._results);
}
