using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Replay;

namespace NbnsSim.Reports;

/// <summary>All hosts of a capture replayed together, so that causes are followed from one to the next.</summary>
public sealed class CaptureWhy
{
    private readonly CaptureReplays _replays;
    private readonly ReplayHost _machine;
    private readonly IReadOnlyList<CaptureReplays> _others;
    private readonly WallClock _clock;

    /// <summary>Replays the hosts: the second pass.</summary>
    /// <param name="passes">The capture, its first pass done.</param>
    /// <param name="hosts">What the first pass found.</param>
    /// <param name="machine">Whose names are asked for, one of them.</param>
    /// <param name="dialect">What the nodes behave like; null for Windows 2000, and then <see cref="Tell"/> says what another would have logged.</param>
    /// <param name="at">Where to stop.</param>
    /// <param name="clock">How times are printed.</param>
    public CaptureWhy(CapturePasses passes, CaptureHosts hosts, ReplayHost machine, NetBtDialect? dialect, ReplayPoint at, WallClock clock)
    {
        ArgumentNullException.ThrowIfNull(passes);
        ArgumentNullException.ThrowIfNull(hosts);
        (_machine, _clock) = (machine, clock);
        _replays = new CaptureReplays(hosts.Hosts, dialect ?? NetBtDialect.Windows2000, eventsOnly: true, keepsDecisions: true);
        _others = CapturePasses.InOtherDialects(dialect is null && hosts.MayLogEvents(machine) ? [machine] : [], NetBtDialect.Windows2000);
        Until = at.TimeIn(passes.First ?? default, clock);
        passes.Replay([_replays, .. _others], Until, at.Frame);
    }

    /// <summary>What all machines decided.</summary>
    public DecisionHistory History => _replays.Decisions!;

    /// <summary>The machine, as the history calls it.</summary>
    public string Host => _replays.LabelOf(_machine);

    /// <summary>Up to when; <see langword="null"/> for the end.</summary>
    public Instant? Until { get; }

    /// <summary>What became of a name at the machine, with a word about decisions that were not kept, and about what another dialect would have logged.</summary>
    /// <param name="name">The name.</param>
    /// <param name="dialectHint">Follows a sentence about another dialect: how to ask for it; null for nothing.</param>
    public WhyReport Tell(NetBiosName name, Func<NetBtDialect, string>? dialectHint = null) => new(History, Host, name, Until)
    {
        Moment = time => string.Create(CultureInfo.InvariantCulture, $"{_clock.At(time):HH:mm:ss.ffffff}"),
        Hints = [.. Hints(name, dialectHint)],
    };

    private IEnumerable<string> Hints(NetBiosName name, Func<NetBtDialect, string>? dialectHint)
    {
        if (History.DroppedCount > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{History.DroppedCount:N0} later decisions were not kept: an earlier end shows more.");
        foreach (var one in LoggedByOthers.Find(_replays.Replays.Where(replay => replay.Host == _machine), _others).Where(one => one.Event.Name == name))
            yield return string.Create(CultureInfo.InvariantCulture, $"{one.Titles} would log {one.Event.Id} here{dialectHint?.Invoke(one.Dialects[0])}.");
    }
}
