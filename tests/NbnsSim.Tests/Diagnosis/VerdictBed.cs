using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Replay;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Diagnosis;

/// <summary>Captures a scenario's run from several places, spoils the captures, and has them judged.</summary>
internal sealed class VerdictBed
{
    private const int MaxHosts = 8;

    private readonly Dictionary<string, MemoryStream> _captures = new(StringComparer.Ordinal);

    /// <summary>Runs a scenario; <c>mirror</c> sees all segments, each of the first hosts what it sends and gets.</summary>
    public VerdictBed(Scenario scenario, ulong seed)
    {
        var run = new ScenarioRun(scenario, seed: seed);
        var writers = new List<CaptureWriter>();
        var mirror = Tap("mirror");
        for (int i = 0; i < run.Simulator.SegmentCount; i++)
            mirror.Add(run.Simulator, new SegmentId(i));
        run.Simulator.AddObserver(mirror);
        for (int i = 0; i < Math.Min(MaxHosts, run.Simulator.HostCount); i++)
            run.Simulator.AddObserver(Tap(run.Simulator.NameOf(new HostId(i))).Add(run.Simulator, new HostId(i)));
        run.Run();
        foreach (var writer in writers)
            writer.Dispose();

        CaptureTap Tap(string place)
        {
            var stream = _captures[place] = new MemoryStream();
            var writer = new CaptureWriter(stream, leaveOpen: true);
            writers.Add(writer);
            return new CaptureTap(writer);
        }
    }

    /// <summary>Where captures were taken.</summary>
    public IEnumerable<string> Places => _captures.Keys;

    /// <summary>The verdict on a capture of which so much is lost, and in which as much is out of order.</summary>
    public Verdict Judge(string place, uint lostPartsPerMillion = 0, ulong seed = 0)
    {
        var random = RandomStream.Derive(seed, place);
        using var datagrams = new DatagramReader(CaptureReader.Open(new MemoryStream(_captures[place].ToArray(), writable: false)), CaptureFile.NameService);
        var sightings = new List<Sighting>();
        while (datagrams.TryRead(out var one))
        {
            if (random.Chance(lostPartsPerMillion))
                continue;
            sightings.Add(new Sighting(one.FrameNumber, one.Time, one.Source, one.Destination, CaptureFile.IsBroadcast(one), one.Payload.ToArray(), one.SourceMac));
            if (sightings.Count > 1 && random.Chance(lostPartsPerMillion))
                (sightings[^1], sightings[^2]) = (sightings[^2], sightings[^1]);
        }

        var diagnosis = new CaptureDiagnosis();
        foreach (var it in sightings)
            diagnosis.Observe(it.Frame, it.Time, it.Source, it.Destination, it.IsBroadcast, it.Payload, it.Mac);
        diagnosis.Complete();
        return diagnosis.Judge();
    }

    private sealed record Sighting(long Frame, Instant Time, Ipv4Endpoint Source, Ipv4Endpoint Destination, bool IsBroadcast, byte[] Payload, MacAddress? Mac);
}
