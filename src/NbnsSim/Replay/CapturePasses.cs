using NbnsSim.Captures;
using NbnsSim.Protocol;

namespace NbnsSim.Replay;

/// <summary>A capture read several times, twice for a replay: what a host held before the capture began only shows later in it. First <see cref="FindHosts"/>, then <see cref="Replay"/>.</summary>
/// <param name="open">Opens the capture at its beginning, once for each pass.</param>
public sealed class CapturePasses(Func<CaptureReader> open)
{
    /// <summary>Looks at a datagram.</summary>
    /// <param name="datagram">The datagram; good until this returns.</param>
    /// <returns>Whether there is more to read.</returns>
    public delegate bool Visitor(in CapturedDatagram datagram);

    /// <summary>Told of each datagram that is read: how many octets of the file were read so far, and its frame.</summary>
    public Action<long, long>? Progress { get; init; }

    /// <summary>Told of the end of each pass, also where it fails.</summary>
    public Action? Ended { get; init; }

    /// <summary>When the first datagram was captured; <see langword="null"/> where there is none, or before <see cref="FindHosts"/>.</summary>
    public Instant? First { get; private set; }

    /// <summary>Datagrams that were captured more than once, and counted once.</summary>
    public long RepeatedSightings { get; private set; }

    /// <summary>What of the capture could not be read in the last pass; <see langword="null"/> where all could.</summary>
    public CaptureDamage? Damage { get; private set; }

    /// <summary>How many damaged places there were.</summary>
    public long DamageCount { get; private set; }

    /// <summary>The first pass: who speaks.</summary>
    /// <param name="asked">An address that is asked for.</param>
    /// <param name="addressed">Whether something is sent to that address.</param>
    public CaptureHosts FindHosts(Ipv4Address? asked, out bool addressed)
    {
        var hosts = new CaptureHosts();
        bool found = false;
        ForEach((in CapturedDatagram datagram) =>
        {
            First ??= datagram.Time;
            found |= asked == datagram.Destination.Address;
            hosts.Observe(datagram.FrameNumber, datagram.Source, datagram.Destination, CaptureFile.IsBroadcast(datagram), datagram.Payload);
            return true;
        });
        addressed = found;
        return hosts;
    }

    /// <summary>Hosts as machines of every other dialect: what only another system would log is worth a word.</summary>
    /// <param name="hosts">The hosts.</param>
    /// <param name="dialect">The dialect to leave out.</param>
    public static IReadOnlyList<CaptureReplays> InOtherDialects(IReadOnlyList<ReplayHost> hosts, NetBtDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(hosts);
        return hosts.Count == 0 ? [] : [.. NetBtDialect.All.Where(other => other != dialect).Select(other => new CaptureReplays(hosts, other, eventsOnly: true))];
    }

    /// <summary>The second pass.</summary>
    /// <param name="all">What takes the datagrams.</param>
    /// <param name="untilTime">Where to stop: frames later than this are not replayed, timers up to it are run; null for the end.</param>
    /// <param name="untilFrame">The last frame to replay; null for the end.</param>
    public void Replay(IReadOnlyList<CaptureReplays> all, Instant? untilTime = null, long? untilFrame = null)
    {
        ArgumentNullException.ThrowIfNull(all);
        CaptureReplays[] each = [.. all]; // going through an array allocates nothing
        ForEach((in CapturedDatagram datagram) =>
        {
            if (datagram.Time > untilTime || datagram.FrameNumber > untilFrame)
                return false;
            bool isBroadcast = CaptureFile.IsBroadcast(datagram);
            foreach (var some in each)
                some.Observe(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, isBroadcast, datagram.Payload);
            return true;
        });
        foreach (var some in each)
        {
            if (untilTime is { } time && some.Frame > 0)
                some.AdvanceTo(time);
            some.Complete();
        }
    }

    /// <summary>One pass by itself: the name service's IPv4 datagrams of the capture, until there are no more or <paramref name="visit"/> has seen enough.</summary>
    /// <param name="visit">Looks at a datagram, and says whether it wants more.</param>
    public void ForEach(Visitor visit)
    {
        ArgumentNullException.ThrowIfNull(visit);
        using var capture = open();
        using var datagrams = new DatagramReader(capture, CaptureFile.NameService);
        try
        {
            while (datagrams.TryRead(out var datagram))
            {
                Progress?.Invoke(capture.Position, datagram.FrameNumber);
                if (!datagram.IsIpv6 && !visit(datagram))
                    break;
            }
        }
        finally
        {
            Ended?.Invoke();
        }

        (RepeatedSightings, Damage, DamageCount) = (datagrams.RepeatedSightings, capture.Damage, capture.DamageCount);
    }
}
