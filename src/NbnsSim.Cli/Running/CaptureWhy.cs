using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Running;

/// <summary>Replays all hosts of a capture together, so that causes are followed from one to the next.</summary>
internal static class CaptureWhy
{
    private const int MaxShown = 12;

    public static WhyAccount Tell(Terminal terminal, string path, Stream input, string host, string? at, NetBtDialect? dialect, WallClock clock)
    {
        var passes = new CapturePasses(terminal, path, input);
        var hosts = passes.FindHosts(asked: null, out _);
        var machine = Find(hosts, host, path);
        var replays = new CaptureReplays(hosts.Hosts, dialect ?? NetBtDialect.Windows2000, eventsOnly: true, keepsDecisions: true);
        var others = CapturePasses.InOtherDialects(dialect is null && hosts.MayLogEvents(machine) ? [machine] : [], NetBtDialect.Windows2000);
        bool damaged = passes.Replay([replays, .. others], at is not null && ReplayPoint.TryParse(at, out var point) ? point : default, clock);
        return new WhyAccount(
            replays.Decisions!, replays.LabelOf(machine), passes.Until, time => string.Create(CultureInfo.InvariantCulture, $"{clock.At(time):HH:mm:ss.ffffff}"), name => Hints(replays, machine, others, name), damaged);
    }

    private static IEnumerable<string> Hints(CaptureReplays replays, ReplayHost machine, CaptureReplays[] others, NetBiosName name)
    {
        if (replays.Decisions!.DroppedCount > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{replays.Decisions.DroppedCount:N0} later decisions were not kept: --at ends earlier.");
        var own = replays.Replays.First(replay => replay.Host == machine).Entries.Select(entry => entry.Event).OfType<Events.NetBtEvent>().Where(logged => logged.Name == name).Select(logged => logged.Id).ToHashSet();
        foreach (var other in others)
        {
            foreach (var logged in other.Replays[0].Entries.Select(entry => entry.Event).OfType<Events.NetBtEvent>().Where(logged => logged.Name == name && !own.Contains(logged.Id)).DistinctBy(logged => logged.Id))
                yield return string.Create(CultureInfo.InvariantCulture, $"{other.Replays[0].Node.Options.Dialect.Title} would log {logged.Id} here: --dialect {other.Replays[0].Node.Options.Dialect.Name}.");
        }
    }

    private static ReplayHost Find(CaptureHosts hosts, string host, string path)
    {
        if (Ipv4Address.TryParse(host, out var address) && hosts.Find(address) is { } addressed)
            return addressed;
        ReplayHost[] named = [.. hosts.Hosts.Where(known => string.Equals(known.ComputerName, host, StringComparison.OrdinalIgnoreCase)).Take(MaxShown + 1)];
        return named switch
        {
            [var only] => only,
            [] => throw new BadInputException($"{CaptureFiles.Title(path)}: no host '{host}' sends name service datagrams. {Senders(hosts)}"),
            _ => throw new BadInputException($"{CaptureFiles.Title(path)}: several machines are called {named[0].ComputerName}: give an address, such as {string.Join(" or ", named.Take(MaxShown).Select(one => one.Address))}."),
        };
    }

    /// <summary>Who sends something in a capture, for messages.</summary>
    public static string Senders(CaptureHosts hosts)
    {
        var senders = hosts.Hosts;
        if (senders.Count == 0)
            return "Nobody sends any.";
        string more = senders.Count > MaxShown ? string.Create(CultureInfo.InvariantCulture, $" and {senders.Count - MaxShown} more") : "";
        return $"These send some: {string.Join(", ", senders.Take(MaxShown).Select(host => host.ComputerName == "HOST" ? host.Address.ToString() : $"{host.Address} ({host.ComputerName})"))}{more}.";
    }
}
