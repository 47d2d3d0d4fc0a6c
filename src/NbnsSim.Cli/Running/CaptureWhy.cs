using System.Globalization;
using NbnsSim.Captures;
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
        var hosts = new CaptureHosts();
        Instant? first = null;
        CaptureFiles.Walk(terminal, path, input, (in CapturedDatagram datagram) =>
        {
            first ??= datagram.Time;
            hosts.Observe(datagram.FrameNumber, datagram.Source, datagram.Destination, CaptureFile.IsBroadcast(datagram), datagram.Payload);
            return true;
        });
        var machine = Find(hosts, host, path);
        var replays = new CaptureReplays(hosts.Hosts, dialect ?? NetBtDialect.Windows2000, eventsOnly: true, keepsDecisions: true);
        CaptureReplays[] others = dialect is not null || !hosts.MayLogEvents(machine) ? [] : [.. NetBtDialect.All.Where(other => other != NetBtDialect.Windows2000).Select(other => new CaptureReplays([machine], other, eventsOnly: true))];
        var point = at is not null && ReplayPoint.TryParse(at, out var parsed) ? parsed : default;
        var until = point.TimeIn(first ?? default, clock);
        bool damaged = CaptureFiles.Walk(terminal, path, input, (in CapturedDatagram datagram) =>
        {
            if (datagram.Time > until || datagram.FrameNumber > point.Frame)
                return false;
            bool isBroadcast = CaptureFile.IsBroadcast(datagram);
            foreach (var some in others.Prepend(replays))
                some.Observe(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, isBroadcast, datagram.Payload);
            return true;
        }, static _ => { });
        foreach (var some in others.Prepend(replays))
        {
            if (until is { } time && some.Frame > 0)
                some.AdvanceTo(time);
            some.Complete();
        }

        return new WhyAccount(
            replays.Decisions!, replays.LabelOf(machine), until, time => string.Create(CultureInfo.InvariantCulture, $"{clock.At(time):HH:mm:ss.ffffff}"), name => Hints(replays, machine, others, name), damaged);
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
