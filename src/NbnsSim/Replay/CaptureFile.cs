using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Replay;

/// <summary>Whole captures through the first pass, the replay and the diagnosis: what most callers want.</summary>
/// <example>
/// <code>
/// var replay = CaptureFile.Replay(path, Ipv4Address.Parse("10.0.0.1"), NetBtDialect.WindowsNt35);
/// foreach (var entry in replay.Entries.Where(entry =&gt; entry.Event is not null))
///     Console.WriteLine($"frame {entry.Frame}: Windows NT 3.5 logs {entry.Event!.Id} about {entry.Event.Name}");
/// </code>
/// </example>
public static class CaptureFile
{
    /// <summary>
    /// How a capture is read here: the name service's datagrams, and each once though it was captured in several places within 50 ms. No
    /// node repeats itself so soon (RFC 1002 §6: 250 ms).
    /// </summary>
    public static DatagramReaderOptions NameService { get; } = new() { Port = Ipv4Endpoint.NameServicePort, SightingWindow = TimeSpan.FromMilliseconds(50) };

    /// <summary>
    /// Whether a datagram went to every station. Where the link layer was not captured, the packet's own B bit is all there is (RFC 1002
    /// §4.2.1.1): a subnet's broadcast address looks like any other.
    /// </summary>
    /// <param name="datagram">The datagram.</param>
    public static bool IsBroadcast(in CapturedDatagram datagram) =>
        CaptureDiagnosis.IsBroadcast(datagram);

    /// <summary>The same by the facts of a datagram.</summary>
    /// <param name="facts">The facts.</param>
    public static bool IsBroadcast(in DatagramFacts facts) =>
        facts.IsBroadcast || (!facts.HasLink && NbnsPacket.TryParseLenient(facts.Payload, out var packet, out _) && packet.Flags.IsBroadcast);

    /// <summary>
    /// A datagram between port 137 and another service's port is that service's, unless it can be read as a name service packet: a reply
    /// may go to any port, but a service below 1024 asks from its own.
    /// </summary>
    /// <param name="datagram">The datagram, from or to port 137.</param>
    public static bool IsNameService(in CapturedDatagram datagram)
    {
        int other = datagram.SourcePort == Ipv4Endpoint.NameServicePort ? datagram.DestinationPort : datagram.SourcePort;
        return other is Ipv4Endpoint.NameServicePort or >= 1024 || NbnsPacket.TryParseLenient(datagram.Payload, out _, out _);
    }

    /// <summary>First pass: who speaks NBNS in the capture. Reads it to its end.</summary>
    /// <param name="capture">The capture, at its beginning; IPv6 and other ports are passed over.</param>
    public static CaptureHosts FindHosts(CaptureReader capture)
    {
        var hosts = new CaptureHosts();
        using var datagrams = new DatagramReader(capture, NameService);
        while (datagrams.TryRead(out var datagram))
        {
            if (!datagram.IsIpv6)
                hosts.Observe(datagram.FrameNumber, datagram.Source, datagram.Destination, IsBroadcast(datagram), datagram.Payload);
        }

        return hosts;
    }

    /// <summary>Second pass: an end node in the place of one of its hosts.</summary>
    /// <param name="capture">The capture, at its beginning again.</param>
    /// <param name="host">The host, from <see cref="CaptureHosts.Find"/>.</param>
    /// <param name="dialect">Which era or vendor the node behaves like.</param>
    /// <param name="untilTime">Where to stop: frames later than this are not replayed, timers up to it are run; null for the end.</param>
    /// <param name="untilFrame">The last frame to replay; null for the end.</param>
    public static CaptureReplay Replay(CaptureReader capture, ReplayHost host, NetBtDialect dialect, Instant? untilTime = null, long? untilFrame = null)
    {
        var replay = new CaptureReplay(host, dialect);
        using var datagrams = new DatagramReader(capture, NameService);
        bool stopped = false;
        while (!stopped && datagrams.TryRead(out var datagram))
        {
            stopped = datagram.Time > untilTime || datagram.FrameNumber > untilFrame;
            if (!stopped && !datagram.IsIpv6)
                replay.Observe(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, IsBroadcast(datagram), datagram.Payload);
        }

        if (untilTime is { } time && replay.Frame > 0)
            replay.AdvanceTo(time);
        replay.Complete();
        return replay;
    }

    /// <summary>Second pass: end nodes in the place of all its hosts.</summary>
    /// <param name="capture">The capture, at its beginning again.</param>
    /// <param name="hosts">The hosts, from <see cref="CaptureHosts.Hosts"/>.</param>
    /// <param name="dialect">Which era or vendor the nodes behave like.</param>
    /// <param name="keepsDecisions">Whether <see cref="CaptureReplays.Decisions"/> keeps what the nodes decide.</param>
    public static CaptureReplays ReplayAll(CaptureReader capture, IEnumerable<ReplayHost> hosts, NetBtDialect dialect, bool keepsDecisions = false)
    {
        var replays = new CaptureReplays(hosts, dialect, keepsDecisions: keepsDecisions);
        using var datagrams = new DatagramReader(capture, NameService);
        while (datagrams.TryRead(out var datagram))
        {
            if (!datagram.IsIpv6)
                replays.Observe(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, IsBroadcast(datagram), datagram.Payload);
        }

        replays.Complete();
        return replays;
    }

    /// <summary>Both passes over a file.</summary>
    /// <param name="path">A pcap, pcapng or snoop file, gzipped or not.</param>
    /// <param name="host">The address of the host to stand in for.</param>
    /// <param name="dialect">Which era or vendor the node behaves like.</param>
    /// <returns>The replay, at the end of the capture; its host has sent nothing where the capture does not know it.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is no capture.</exception>
    public static CaptureReplay Replay(string path, Ipv4Address host, NetBtDialect dialect)
    {
        var hosts = FindHosts(CaptureReader.Open(path));
        return Replay(CaptureReader.Open(path), hosts.Find(host) ?? ReplayHost.Unknown(host), dialect);
    }

    /// <summary>What the wire alone tells: who held which name when, and what went wrong. Reads the capture to its end.</summary>
    /// <param name="capture">The capture, at its beginning.</param>
    public static CaptureDiagnosis Diagnose(CaptureReader capture)
    {
        var diagnosis = new CaptureDiagnosis();
        using var datagrams = new DatagramReader(capture, NameService);
        while (datagrams.TryRead(out var datagram))
            diagnosis.Observe(datagram);

        diagnosis.Complete();
        return diagnosis;
    }

    /// <summary>The same for a file.</summary>
    /// <param name="path">A pcap, pcapng or snoop file, gzipped or not.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is no capture.</exception>
    public static CaptureDiagnosis Diagnose(string path) => Diagnose(CaptureReader.Open(path));

    /// <summary>The same for several files that are one capture: merged by time, frames numbered over all, what several saw counted once.</summary>
    /// <param name="paths">The files, in any order.</param>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="InvalidDataException">One is no capture.</exception>
    public static CaptureDiagnosis Diagnose(IEnumerable<string> paths)
    {
        var captures = new List<CaptureReader>();
        try
        {
            foreach (string path in paths)
                captures.Add(CaptureReader.Open(path));
        }
        catch
        {
            captures.ForEach(capture => capture.Dispose());
            throw;
        }

        return Diagnose(CaptureReader.Merge(captures));
    }
}
