using NbnsSim.Comparing;
using NbnsSim.Messages;
using NbnsSim.Playing;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Learning;

/// <summary>A lesson that somebody takes: its network at the moment of the question, and judgement by letting it go on.</summary>
/// <example>
/// <code>
/// var trial = new LessonTrial(Lessons.All[0]);
/// foreach (var answer in trial.Lesson.Answers)
///     Console.WriteLine($"{(trial.Judge(answer).IsRight ? "right" : "wrong")}: {answer.Text}");
/// </code>
/// </example>
public sealed class LessonTrial
{
    private readonly Scenario _scenario;
    private readonly Func<Simulator, PlayRecorder>? _record;

    /// <summary>Runs the lesson's scenario up to its moment.</summary>
    /// <param name="lesson">The lesson.</param>
    /// <param name="record">Makes what keeps what is shown; see <see cref="PlaySession"/>.</param>
    public LessonTrial(Lesson lesson, Func<Simulator, PlayRecorder>? record = null)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        (Lesson, _record) = (lesson, record);
        _scenario = BuiltInScenarios.Find(lesson.Scenario)!;
        Moment = Begin(_scenario);
    }

    /// <summary>The lesson.</summary>
    public Lesson Lesson { get; }

    /// <summary>How things stand when the question is asked. Leave it as it is: a fork may go on.</summary>
    public PlaySession Moment { get; }

    /// <summary>Lets the network go on to its end, and holds an answer against what came.</summary>
    /// <param name="answer">One of the lesson's answers.</param>
    public LessonVerdict Judge(LessonAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var future = Moment.Fork();
        bool isRight = Holds(answer.Claim, future);
        if (isRight || answer.Otherwise.IsEmpty)
            return new LessonVerdict(isRight, future, null);
        var otherwise = Begin(ScenarioChanges.Apply(_scenario, answer.Otherwise));
        return new LessonVerdict(false, future, Holds(answer.Claim, otherwise) ? otherwise : null);
    }

    private PlaySession Begin(Scenario scenario)
    {
        var session = new PlaySession(scenario, record: _record);
        session.RunTo(Lesson.At);
        return session;
    }

    /// <summary>Plays to the end, and looks whether it came as claimed.</summary>
    private static bool Holds(LessonClaim claim, PlaySession play)
    {
        var simulator = play.Simulator;
        int logged = simulator.Log.Count;
        int decided = play.Recorder.History.Entries.Count;
        var first = new FirstPacket();
        simulator.AddObserver(first);
        play.RunTo(play.End);
        return claim switch
        {
            NextPacketClaim packet => first.Kind == packet.Kind && (packet.From is null || packet.From == first.From),
            EventClaim { Id: 0 } => simulator.Log.Count == logged,
            EventClaim expected => simulator.Log.Skip(logged).Any(one => one.Event.Id == expected.Id && (expected.Host is null || simulator.NameOf(one.Host) == expected.Host)),
            DecisionClaim decision => play.Recorder.History.Entries.Skip(decided).Any(entry => entry.Decision.Rule == decision.Rule && entry.Host == decision.Host),
            HoldingClaim holding => simulator.FindHost(holding.Host) is { } host && simulator.NodeOf(host) is { } node && node.GetNameState(holding.Name) == holding.State,
            _ => false,
        };
    }

    private sealed class FirstPacket : SimulationObserver
    {
        public NbnsMessageKind? Kind { get; private set; }

        public string? From { get; private set; }

        public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
        {
            if (Kind is null)
                (Kind, From) = (NbnsPacket.TryParse(datagram.Payload, out var packet) ? NbnsClassification.Classify(packet) : NbnsMessageKind.Unknown, simulator.NameOf(datagram.Sender));
        }
    }
}
