using System.Text.Json;
using NbnsSim.Audit;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Events;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Scenarios;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Fuzz;

/// <summary>A kind of input that comes from outside.</summary>
internal enum InputKind
{
    /// <summary>A scenario's JSON.</summary>
    Scenario,

    /// <summary>An LMHOSTS file.</summary>
    LmHosts,

    /// <summary>A name server's database as JSON.</summary>
    Names,

    /// <summary>A pasted event.</summary>
    Event,

    /// <summary>A capture: pcap, pcapng, snoop, compressed or not.</summary>
    Capture,

    /// <summary>A capture in which something happens: read, diagnosed, audited and replayed.</summary>
    Traffic,
}

/// <summary>Reads an input as the tool does, and uses what it says.</summary>
internal static class InputReaders
{
    /// <summary>Reads an input.</summary>
    /// <returns>Whether it was taken.</returns>
    /// <exception cref="InvalidOperationException">What a reader promises does not hold.</exception>
    public static bool Read(InputKind kind, byte[] input) => kind switch
    {
        InputKind.Scenario => ReadScenario(input),
        InputKind.LmHosts => ReadLmHosts(input),
        InputKind.Names => ReadNames(input),
        InputKind.Event => ReadEvent(input),
        InputKind.Capture => ReadCapture(input),
        _ => ReadTraffic(input),
    };

    private static bool ReadScenario(byte[] input)
    {
        bool isRight = Scenario.TryParse(input, "fuzz.json", out var scenario, out var mistakes);
        Require(isRight == mistakes.IsEmpty && isRight == (scenario is not null), "a scenario has mistakes or is one");
        Require(mistakes.All(mistake => mistake.Line > 0 && mistake.Column > 0 && VisibleText.IndexOfHidden(mistake.ToString()) < 0), "a mistake has a place and shows");
        if (scenario is null)
            return false;
        bool isQuick = scenario.Hosts.Length <= 60 && scenario.End < Instant.Epoch + TimeSpan.FromHours(2);
        var run = new ScenarioRun(scenario);
        if (isQuick)
            Require(run.Run().All(result => result.Outcome != ExpectationOutcome.Pending), "a run ends");
        return true;
    }

    private static bool ReadLmHosts(byte[] input)
    {
        string text = System.Text.Encoding.Latin1.GetString(input);
        var file = LmHostsFile.Parse(text, (path, from) => path.Length % 3 == 0 ? null : new LmHostsInclude(path, from is null ? text : "10.0.0.1 FRED"));
        Require(file.Problems.All(problem => VisibleText.IndexOfHidden(problem.Format("lmhosts")) < 0), "a problem shows");
        var server = new NameServer(new NameServerOptions());
        server.AddStatic(Instant.Epoch, file);
        foreach (var (name, _) in file.Entries.Take(10).SelectMany(entry => entry.GetNames()))
            Require(!file.Find(name, out _).IsEmpty, "what is listed is found");
        return file.Problems.IsEmpty;
    }

    private static bool ReadNames(byte[] input)
    {
        var now = Instant.FromUnixTime(1000);
        if (!NameServer.TryLoad(new NameServerOptions { Address = Ipv4Address.Parse("10.0.0.1") }, now, input, out var server, out string? problem))
        {
            Require(VisibleText.IndexOfHidden(problem) < 0, "a problem shows");
            return false;
        }

        server.HandleTimeout(now + TimeSpan.FromDays(400));
        using var saved = new MemoryStream();
        using (var writer = new Utf8JsonWriter(saved))
            server.Save(writer);
        Require(NameServer.TryLoad(server.Options, now, saved.ToArray(), out _, out problem), $"what is saved can be loaded: {problem}");
        return true;
    }

    private static bool ReadEvent(byte[] input)
    {
        if (!PastedEvent.TryParse(PastedEvent.Decode(input), out var pasted, out string? error))
        {
            Require(VisibleText.IndexOfHidden(error) < 0, "an error shows");
            return false;
        }

        _ = pasted.Message;
        return pasted.Definition is not null;
    }

    private static bool ReadCapture(byte[] input)
    {
        if (!CaptureReader.TryOpen(input, out var capture, out string? problem))
        {
            Require(problem.Length > 0, "a reason is given");
            return false;
        }

        using var reader = new DatagramReader(capture);
        while (reader.TryRead(out var datagram))
        {
            _ = datagram.Packet.Comments.ToString();
            _ = (datagram.SourceMac, datagram.DestinationMac, datagram.VerifyUdpChecksum(), datagram.VerifyIpChecksum());
            if (NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _))
                PacketVisitor.VisitAll(packet);
        }

        _ = capture.Damage?.ToString();
        return reader.DatagramCount > 0;
    }

    private static bool ReadTraffic(byte[] input)
    {
        var diagnosis = new CaptureDiagnosis();
        var audit = new WinsAudit();
        var hosts = new CaptureHosts();
        long last = 0;
        bool isCapture = ForEach(input, (in CapturedDatagram datagram) =>
        {
            last = datagram.FrameNumber;
            diagnosis.Observe(datagram);
            audit.Observe(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.Payload);
            hosts.Observe(datagram.FrameNumber, datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.Payload);
        });
        if (!isCapture)
            return false;
        diagnosis.Complete();
        var verdict = diagnosis.Judge();
        Require(verdict.Incidents.All(incident => !incident.Frames.IsEmpty && incident.Frames.All(frame => frame > 0 && frame <= last)), "an incident rests on frames of the capture");
        Require(verdict.Conclusion != Conclusion.Found || verdict.Incidents.Any(incident => incident.Cause.Harm != Harm.None), "what is found harms");
        _ = audit.Judge();
        var replays = new CaptureReplays(hosts.Hosts, NetBtDialect.WindowsNt35, keepsDecisions: true);
        ForEach(input, (in CapturedDatagram datagram) => replays.Observe(datagram.FrameNumber, datagram.Time, datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.Payload));
        replays.Complete();
        return last > 0;
    }

    /// <summary>Goes through the datagrams of a capture.</summary>
    /// <returns>Whether it is one.</returns>
    internal static bool ForEach(byte[] input, Visit visit, DatagramReaderOptions? options = null)
    {
        if (!CaptureReader.TryOpen(input, out var capture, out _))
            return false;
        using var datagrams = new DatagramReader(capture, options ?? CaptureFile.NameService);
        while (datagrams.TryRead(out var datagram))
            visit(datagram);
        return true;
    }

    /// <summary>Takes a datagram.</summary>
    internal delegate void Visit(in CapturedDatagram datagram);

    private static void Require(bool condition, string what)
    {
        if (!condition)
            throw new InvalidOperationException("not so: " + what);
    }
}
