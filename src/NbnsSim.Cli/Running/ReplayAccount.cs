using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Running;

/// <summary>What a replay has to tell.</summary>
/// <param name="Title">What the capture is called.</param>
/// <param name="Dialect">What the nodes behaved like.</param>
/// <param name="Replays">The replays.</param>
/// <param name="Others">The same hosts, those that may log something in any dialect, in every other dialect.</param>
/// <param name="RepeatedSightings">Datagrams that were captured more than once, and counted once.</param>
/// <param name="DatagramsOfOthers">Datagrams of hosts beyond those that can be kept.</param>
/// <param name="All">All of them, with what they decided.</param>
/// <param name="Clock">How times are printed.</param>
internal sealed record ReplayAccount(
    string Title, NetBtDialect Dialect, IReadOnlyList<CaptureReplay> Replays, IReadOnlyList<CaptureReplays> Others, long RepeatedSightings, long DatagramsOfOthers, CaptureReplays All,
    WallClock Clock)
{
    /// <summary>What the nodes decided; <see langword="null"/> where that is not kept.</summary>
    public DecisionHistory? Decisions => All.Decisions;

    /// <summary>What <see cref="Decisions"/> calls a host.</summary>
    public string LabelOf(ReplayHost host) => All.LabelOf(host);

    /// <summary>Events of other dialects that the chosen one does not log: the host, the event, and who logs it.</summary>
    public List<(CaptureReplay Replay, NetBtEvent Event, List<NetBtDialect> Dialects)> LoggedByOthers()
    {
        var own = Replays.SelectMany(replay => Events(replay).Select(logged => Key(replay, logged))).ToHashSet();
        var found = new Dictionary<(Ipv4Address, int, NetBiosName), (CaptureReplay, NetBtEvent, List<NetBtDialect>)>();
        foreach (var replay in Others.SelectMany(others => others.Replays))
        {
            foreach (var logged in Events(replay))
            {
                if (own.Contains(Key(replay, logged)))
                    continue;
                if (!found.TryGetValue(Key(replay, logged), out var known))
                    found[Key(replay, logged)] = known = (replay, logged, []);
                if (known.Item3.LastOrDefault() != replay.Node.Options.Dialect)
                    known.Item3.Add(replay.Node.Options.Dialect);
            }
        }

        return [.. found.Values.OrderBy(it => it.Item2.Time)];
    }

    private static IEnumerable<NetBtEvent> Events(CaptureReplay replay) => replay.Entries.Select(entry => entry.Event).OfType<NetBtEvent>();

    private static (Ipv4Address, int, NetBiosName) Key(CaptureReplay replay, NetBtEvent logged) => (replay.Host.Address, logged.Id, logged.Name);
}
