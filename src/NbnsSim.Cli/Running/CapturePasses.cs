using NbnsSim.Captures;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Running;

/// <summary>A capture read twice for a replay: what a host held before the capture began only shows later in it.</summary>
/// <param name="terminal">Where damage and progress are told.</param>
/// <param name="path">What the capture is called.</param>
/// <param name="input">The capture, which can be read from its start again.</param>
internal sealed class CapturePasses(Terminal terminal, string path, Stream input)
{
    private Instant? _first;

    /// <summary>Where the second pass stops; <see langword="null"/> for the end.</summary>
    public Instant? Until { get; private set; }

    /// <summary>Datagrams that were captured more than once, and counted once.</summary>
    public long RepeatedSightings { get; private set; }

    /// <summary>The first pass: who speaks.</summary>
    /// <param name="asked">An address that is asked for.</param>
    /// <param name="addressed">Whether something is sent to that address.</param>
    public CaptureHosts FindHosts(Ipv4Address? asked, out bool addressed)
    {
        var hosts = new CaptureHosts();
        bool found = false;
        CaptureFiles.Walk(terminal, path, input, (in CapturedDatagram datagram) =>
        {
            _first ??= datagram.Time;
            found |= asked == datagram.Destination.Address;
            hosts.Observe(datagram.FrameNumber, datagram.Source, datagram.Destination, CaptureFile.IsBroadcast(datagram), datagram.Payload);
            return true;
        });
        addressed = found;
        return hosts;
    }

    /// <summary>Hosts as machines of every other dialect: what only another system would log is worth a word.</summary>
    public static CaptureReplays[] InOtherDialects(List<ReplayHost> hosts, NetBtDialect dialect) =>
        hosts.Count == 0 ? [] : [.. NetBtDialect.All.Where(other => other != dialect).Select(other => new CaptureReplays(hosts, other, eventsOnly: true))];

    /// <summary>The second pass.</summary>
    /// <param name="all">What takes the datagrams.</param>
    /// <param name="at">Where to stop.</param>
    /// <param name="clock">By which clock.</param>
    /// <returns>Whether the capture is damaged, which is said.</returns>
    public bool Replay(CaptureReplays[] all, ReplayPoint at, WallClock clock)
    {
        Until = at.TimeIn(_first ?? default, clock);
        bool damaged = CaptureFiles.Walk(terminal, path, input, (in CapturedDatagram datagram) =>
        {
            if (datagram.Time > Until || datagram.FrameNumber > at.Frame)
                return false;
            bool isBroadcast = CaptureFile.IsBroadcast(datagram);
            foreach (var some in all)
                some.Observe(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, isBroadcast, datagram.Payload);
            return true;
        }, datagrams => RepeatedSightings = datagrams.RepeatedSightings);
        foreach (var some in all)
        {
            if (Until is { } time && some.Frame > 0)
                some.AdvanceTo(time);
            some.Complete();
        }

        return damaged;
    }
}
