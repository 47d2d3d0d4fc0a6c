using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>What a node has to tell and nobody has asked for yet. Made when there is something.</summary>
internal sealed class NodeReports
{
    /// <summary>Nothing to tell; never changed.</summary>
    public static readonly NodeReports Empty = new();

    private const int Limit = 4096;

    private Queue<NetBtEvent>? _events; // made when there is one: a driver asks after every datagram
    private Queue<OperationResult>? _results;

    private Dictionary<NetBiosName, long>? _timers; // that came with a saved state, for who listens next

    /// <summary>The node's voice while somebody listens to its decisions; no part of its state.</summary>
    [field: NotState("a matter of who listens")]
    public DecisionTeller? Teller { get; private set; }

    /// <summary>Whether an event waits; a driver asks after every datagram, mostly in vain.</summary>
    public bool HasEvents => _events is { Count: > 0 };

    /// <summary>Somebody listens, or nobody any more.</summary>
    public void Listen(IDecisionSink? sink)
    {
        Teller = sink is null ? null : new DecisionTeller(sink, _timers);
        _timers = null;
    }

    public void Add(NetBtEvent logged) => Add(ref _events, logged);

    public void Add(OperationResult result) => Add(ref _results, result);

    public bool TryTake([NotNullWhen(true)] out NetBtEvent? logged)
    {
        logged = null;
        return _events is not null && _events.TryDequeue(out logged);
    }

    public bool TryTake([NotNullWhen(true)] out OperationResult? result)
    {
        result = null;
        return _results is not null && _results.TryDequeue(out result);
    }

    /// <summary>A copy, to which nobody listens.</summary>
    public NodeReports Fork() => new() { _events = _events is null ? null : new(_events), _results = _results is null ? null : new(_results) };

    public bool HasSameStateAs(NodeReports other) => (_events ?? []).SequenceEqual(other._events ?? []) && (_results ?? []).SequenceEqual(other._results ?? []);

    /// <summary>Carries what waits; a fingerprint has the events alone, which are about to be logged.</summary>
    public static void Carry(StateCodec codec, ref NodeReports? reports)
    {
        var carried = codec.IsReading ? new NodeReports() : reports ?? Empty;
        bool isEmpty = carried is { HasEvents: false } && (codec.IsFingerprint || (carried._results is not { Count: > 0 } && carried._timers is null && carried.Teller is null));
        codec.Carry(ref isEmpty);
        if (isEmpty)
        {
            reports = codec.IsReading ? null : reports;
            return;
        }

        if (codec.IsReading)
            reports = carried;
        codec.Carry(ref carried._events, Limit, static (codec, logged) => codec.Carry(logged));
        if (codec.IsFingerprint)
            return;
        codec.Carry(ref carried._results, Limit, static (codec, result) => OperationResult.Carry(codec, result));
        var timers = carried.Teller?.Timers ?? carried._timers;
        DecisionTeller.CarryTimers(codec, ref timers);
        if (codec.IsReading)
            carried._timers = timers;
    }

    private static void Add<T>(ref Queue<T>? queue, T item)
    {
        queue ??= new();
        if (queue.Count >= Limit)
            queue.Dequeue();
        queue.Enqueue(item);
    }
}
