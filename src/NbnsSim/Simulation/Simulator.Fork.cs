namespace NbnsSim.Simulation;

/// <content>Two futures from one present.</content>
public sealed partial class Simulator
{
    private Simulator(Simulator other)
    {
        Seed = other.Seed;
        _queue = other._queue.Clone();
        _packets = other._packets.Clone();
        _log.AddRange(other._log);
        (_now, _eventCount, _sentCount, _deliveryCount) = (other._now, other._eventCount, other._sentCount, other._deliveryCount);
        _decisionCount = other._decisionCount; // datagrams and transactions under way refer to decisions by their numbers
        (_lastTimedOut, _lastTimeout, _timeoutsAtOneInstant) = (other._lastTimedOut, other._lastTimeout, other._timeoutsAtOneInstant);

        foreach (var segment in other._segments)
            _segments.Add(segment.Clone());
        _segmentByName = new Dictionary<string, int>(other._segmentByName, StringComparer.Ordinal);
        _routers.AddRange(other._routers);
        _nextHops = other._nextHops; // never changed once made
        HostCount = other.HostCount;
        _hosts = (HostState[])other._hosts.Clone();
        for (int i = 0; i < HostCount; i++)
            _hosts[i].Endpoint = _hosts[i].Endpoint.Fork();
        _interfaceCount = other._interfaceCount;
        _interfaces = (InterfaceState[])other._interfaces.Clone();
        _interfaceByAddress = (int[])other._interfaceByAddress.Clone();
        _names = (string?[]?)other._names?.Clone();
        _macs = other._macs is null ? null : new Dictionary<uint, MacAddress>(other._macs);
        _hostByName = other._hostByName is null ? null : new Dictionary<string, int>(other._hostByName, StringComparer.Ordinal);

        foreach (var stream in other._streams)
            _streams.Add(stream.Clone());
        _streamByEnds = new Dictionary<(int, int), int>(other._streamByEnds);

        foreach (var rule in other._rules)
            _rules.Add(rule.Clone());
        _activeRules.AddRange(other._activeRules.Select(rule => _rules[rule.Index]));
        _activeNames.UnionWith(other._activeNames);
        _selected = new RuleState[_activeRules.Count];
    }

    /// <summary>
    /// A copy that lives on by itself: endpoints, datagrams under way, timers, rules, draws. Left alone, both go the same way; whatever is
    /// done to one never shows in the other. Ids are good in both. The copy has no observers.
    /// </summary>
    public Simulator Fork() => new(this);
}
