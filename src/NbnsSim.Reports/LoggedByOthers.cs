using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Replay;

namespace NbnsSim.Reports;

/// <summary>An event that other dialects log and the chosen one does not.</summary>
/// <param name="Replay">The host, as the first of those dialects.</param>
/// <param name="Event">The event.</param>
/// <param name="Dialects">Who logs it.</param>
internal sealed record LoggedByOthers(CaptureReplay Replay, NetBtEvent Event, List<NetBtDialect> Dialects)
{
    /// <summary>The dialects as people call them.</summary>
    public string Titles => string.Join(", ", Dialects.Select(dialect => dialect.Title));

    /// <summary>Finds them, in the order of their times; one for each host, number and name.</summary>
    /// <param name="own">Hosts as the chosen dialect.</param>
    /// <param name="others">The same as others.</param>
    public static IEnumerable<LoggedByOthers> Find(IEnumerable<CaptureReplay> own, IEnumerable<CaptureReplays> others)
    {
        var known = own.SelectMany(replay => Events(replay).Select(logged => Key(replay, logged))).ToHashSet();
        var found = new Dictionary<(Ipv4Address, int, NetBiosName), LoggedByOthers>();
        foreach (var replay in others.SelectMany(some => some.Replays))
        {
            foreach (var logged in Events(replay))
            {
                if (known.Contains(Key(replay, logged)))
                    continue;
                if (!found.TryGetValue(Key(replay, logged), out var one))
                    found[Key(replay, logged)] = one = new LoggedByOthers(replay, logged, []);
                if (one.Dialects.LastOrDefault() != replay.Node.Options.Dialect)
                    one.Dialects.Add(replay.Node.Options.Dialect);
            }
        }

        return found.Values.OrderBy(one => one.Event.Time);
    }

    /// <summary>What a host logged.</summary>
    public static IEnumerable<NetBtEvent> Events(CaptureReplay replay) => replay.Entries.Select(entry => entry.Event).OfType<NetBtEvent>();

    private static (Ipv4Address, int, NetBiosName) Key(CaptureReplay replay, NetBtEvent logged) => (replay.Host.Address, logged.Id, logged.Name);
}
