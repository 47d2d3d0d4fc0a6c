using System.Collections.Frozen;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Narrative;

/// <summary>
/// Who held which name from when to when, made from decisions in the order in which they were made. A name that is being claimed is not held yet; one in
/// conflict is not held any more (RFC 1001 §15.1.3.5); one that is being released is, until it has left the table. A machine with several interfaces holds a
/// name on each for itself: a conflict on one leaves the others (MS-NBTE §3.1.4.1).
/// </summary>
/// <param name="limit">How many holdings are kept.</param>
internal sealed class NameTimeline(int limit)
{
    /// <summary>Name servers say of others that they hold something: that is no name in a table of their own.</summary>
    private static readonly FrozenSet<Rule> s_holds = NodeRules.All.Where(rule => rule.Kind == DecisionKind.Held).ToFrozenSet();

    /// <summary>A refused interface never held the name, and a release that is done on one of several has not emptied the table.</summary>
    private static readonly FrozenSet<Rule> s_ends = NodeRules.All
        .Where(rule => rule.Kind is DecisionKind.Marked or DecisionKind.GaveUp && rule != NodeRules.HeldInPart && rule != NodeRules.ReleaseDone).ToFrozenSet();

    private readonly List<NameHolding> _holdings = [];
    private byte _lastInterface;
    private readonly Dictionary<string, Dictionary<(NetBiosName Name, byte Interface), int>> _current = new(StringComparer.Ordinal);

    /// <summary>A copy that goes on by itself.</summary>
    public NameTimeline Clone()
    {
        var clone = new NameTimeline(limit) { _lastInterface = _lastInterface };
        clone._holdings.AddRange(_holdings);
        foreach (var (host, held) in _current)
            clone._current[host] = new Dictionary<(NetBiosName Name, byte Interface), int>(held);
        return clone;
    }

    /// <summary>All holdings, in the order in which they began.</summary>
    public IReadOnlyList<NameHolding> Holdings => _holdings;

    /// <summary>Takes the next decision.</summary>
    public void Add(long number, string host, in Decision decision, long frame)
    {
        var rule = decision.Rule;
        var moment = new NameMoment(decision.Time, rule, number, frame);
        if (s_holds.Contains(rule))
            Hold(host, decision, moment);
        else if (rule == NodeRules.Boot || rule == NodeRules.Crashes)
            Stop(host, moment); // it boots with an empty table, whatever became of the names that it had
        else if (s_ends.Contains(rule) && _current.TryGetValue(host, out var held))
        {
            for (byte i = 0; i <= _lastInterface; i++)
            {
                if ((rule.Kind == DecisionKind.GaveUp || i == decision.Interface) && held.Remove((decision.Name, i), out int index))
                    End(index, moment);
            }
        }
    }

    private void Stop(string host, NameMoment moment)
    {
        if (!_current.Remove(host, out var held))
            return;
        foreach (int index in held.Values)
            End(index, moment);
    }

    private void Hold(string host, in Decision decision, NameMoment moment)
    {
        if (!_current.TryGetValue(host, out var held))
            _current[host] = held = [];
        if (held.TryGetValue((decision.Name, decision.Interface), out int index))
            _holdings[index] = _holdings[index] with { LastSeen = moment };
        else if (_holdings.Count < limit)
        {
            _lastInterface = byte.Max(_lastInterface, decision.Interface);
            held[(decision.Name, decision.Interface)] = _holdings.Count;
            _holdings.Add(new NameHolding(decision.Name, host, decision.Address, decision.IsGroup, moment, moment) { Interface = decision.Interface });
        }
    }

    private void End(int index, NameMoment moment) => _holdings[index] = _holdings[index] with { LastSeen = moment, Until = moment };
}
