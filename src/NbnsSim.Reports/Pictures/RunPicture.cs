using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Diagnosis;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Reports.Pictures;

/// <summary>
/// The picture of a simulation: what its machines decided, and beside it what somebody would make of it who saw the wire alone. It knows what happens after it was
/// attached.
/// </summary>
/// <example>
/// <code>
/// var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
/// var picture = RunPicture.Attach(run); // before the first step
/// var results = run.Run();
/// picture.Draw(results).WriteHtml(page);
/// </code>
/// </example>
public sealed class RunPicture
{
    private const int MaxSteps = 100_000;
    private const int MaxLines = 200;
    private const int MaxEvents = 20;
    private const int MaxChains = 6;
    private const int MaxActs = 60;
    private const int LargeNetwork = 100; // hosts; of a larger one only what led to what stands out is told
    private const int MaxIncidents = 10;

    private readonly Simulator _simulator;
    private readonly ScenarioRun? _run;
    private readonly RunRecorder _recorder;
    private readonly Witness _witness = new();
    private readonly ServerTables _servers;

    private RunPicture(Simulator simulator, ScenarioRun? run)
    {
        (_simulator, _run) = (simulator, run);
        _recorder = new RunRecorder(simulator, MaxSteps, largest: int.MaxValue);
        simulator.AddObserver(_recorder);
        _servers = new ServerTables(simulator);
        simulator.AddObserver(_witness);
    }

    /// <summary>Begins to watch a simulation.</summary>
    /// <param name="simulator">The simulation.</param>
    public static RunPicture Attach(Simulator simulator)
    {
        ArgumentNullException.ThrowIfNull(simulator);
        return new RunPicture(simulator, null);
    }

    /// <summary>Begins to watch a scenario's run.</summary>
    /// <param name="run">The run, before its first step.</param>
    public static RunPicture Attach(ScenarioRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new RunPicture(run.Simulator, run);
    }

    /// <summary>Draws what happened up to now; the simulation is not to go on after it.</summary>
    /// <param name="results">What became of the scenario's expectations; default to say nothing of them.</param>
    public Picture Draw(ImmutableArray<ExpectationResult> results = default)
    {
        var history = _recorder.History;
        var clock = new PictureClock(null);
        var standing = new Standing(history);
        var grounds = new Grounds(history);
        var verdict = _witness.Judge();
        ImmutableArray<Incident> incidents = [.. verdict.Incidents.Take(MaxIncidents)];
        var proven = incidents.SelectMany(incident => incident.Frames).ToHashSet();
        var (lanes, steps) = _recorder.Ladder();
        foreach (var packet in steps.Select(step => step.Packet).OfType<LadderPacket>())
            packet.IsEvidence = standing.Has(packet.Decision) || (packet.Frame > 0 && proven.Contains(packet.Frame));
        var about = standing.Roots.Select(root => root.Decision.Name).Concat(incidents.SelectMany(incident => incident.Names)).ToHashSet();
        return new Picture(new PictureContent
        {
            Title = _run is { } run ? $"{run.Scenario.Name}: {run.Scenario.Title}" : "Simulation",
            Headline = Headline(standing, verdict),
            Summary = Summary(results),
            EvidenceFrames = [.. steps.Select(step => step.Packet).OfType<LadderPacket>().Where(packet => packet is { IsEvidence: true, Frame: > 0 }).Select(packet => packet.Frame).Order().Take(Incident.MaxFrames)],
            FilterNote = "The frames of a capture of every segment, as run --capture writes it.",
            Clock = clock,
            Incidents = incidents,
            Ladder = LadderDrawing.Of(lanes, steps, MaxLines, grounds.Of),
            Names = NameTables.Of(history.Holdings, history, Instant.Epoch, _simulator.Now, about.Contains, _servers.Rows(about.Contains)),
            Events = standing.Events(clock, "logs", MaxEvents),
            Chains = standing.Chains(MaxChains),
            Account = [.. Acts(standing).Take(MaxActs).Select(act => (act.Time, string.Join(' ', act.Sentences.Select(sentence => sentence.Text))))],
            Notes = Notes(verdict, standing),
        });
    }

    private static string Headline(Standing standing, Verdict verdict)
    {
        string logged = standing.Sentence("logs");
        string seen = verdict.Incidents.IsEmpty ? "" : $"{VerdictText.Capital(verdict.Incidents[0].Cause.Title)}.";
        return logged.Length + seen.Length == 0 ? "Nobody logs an event, and nothing is wrong in what went over the wire." : $"{logged} {seen}".Trim();
    }

    private IEnumerable<Narrative.Act> Acts(Standing standing) => _recorder.History.Acts()
        .Where(act => _simulator.HostCount <= LargeNetwork || act.Sentences.Any(sentence => sentence.Decisions.Any(standing.Has)));

    private List<string> Summary(ImmutableArray<ExpectationResult> results)
    {
        var summary = new List<string>();
        if (_run is { } run)
        {
            if (run.Scenario.Description.Length > 0)
                summary.Add(run.Scenario.Description);
            summary.Add(string.Create(CultureInfo.InvariantCulture, $"{run.Dialect.Title}, seed {run.Simulator.Seed}.{(run.Scenario.Sources.IsEmpty ? "" : $" Sources: {string.Join(", ", run.Scenario.Sources)}.")}"));
        }

        if (!results.IsDefaultOrEmpty)
        {
            int met = results.Count(result => result.Outcome == ExpectationOutcome.Met);
            int applicable = results.Count(result => result.Outcome != ExpectationOutcome.NotApplicable);
            summary.Add(string.Create(CultureInfo.InvariantCulture, $"{met} of {applicable} expectations are met."));
            summary.AddRange(results.Where(result => result.Outcome == ExpectationOutcome.NotMet).Take(MaxEvents).Select(result => $"Not met: {result.Expectation.Description}. Seen: {result.Seen}."));
        }

        return summary;
    }

    private List<string> Notes(Verdict verdict, Standing standing)
    {
        var history = _recorder.History;
        var notes = new List<string>
        {
            string.Create(CultureInfo.InvariantCulture, $"A simulation of {_simulator.HostCount:N0} hosts, up to {(_simulator.Now - Instant.Epoch).TotalSeconds:0.###} s; {_simulator.SentCount:N0} packets were sent. Events, name tables and causes are the machines' own decisions."),
            $"The verdict is what somebody makes of the wire alone: {VerdictText.Headline(verdict, null)}",
        };
        if (standing.EventCount > MaxEvents)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{MaxEvents:N0} of {standing.EventCount:N0} events are shown."));
        if (verdict.Incidents.Length > MaxIncidents)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{MaxIncidents:N0} of {verdict.Incidents.Length:N0} incidents are shown."));
        int acts = Acts(standing).Count();
        if (acts > MaxActs)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"The first {MaxActs:N0} of {acts:N0} acts are told."));
        if (_servers.IsIncomplete)
            notes.Add("Of the name servers' records there were more changes than are kept.");
        if (_recorder.DroppedSteps > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{_recorder.DroppedSteps:N0} later packets and events were not kept."));
        if (history.DroppedCount > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{history.DroppedCount:N0} later decisions were not kept; name tables and causes end before them."));
        return notes;
    }

    /// <summary>Somebody who sees the wire of every segment, and nothing else.</summary>
    private sealed class Witness : SimulationObserver
    {
        private readonly CaptureDiagnosis _diagnosis = new();
        private long _frames;
        private long _last;

        public override void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame)
        {
            _frames++;
            if (datagram.Number <= _last && frame.TimeToLive != SimulatedFrame.InitialTimeToLive)
                return; // once more, behind a router
            _last = datagram.Number;
            _diagnosis.Observe(_frames, simulator.Now, datagram.Source, datagram.Destination, datagram.IsBroadcast, datagram.Payload, frame.Source);
        }

        public Verdict Judge()
        {
            _diagnosis.Complete();
            return _diagnosis.Judge();
        }
    }
}
