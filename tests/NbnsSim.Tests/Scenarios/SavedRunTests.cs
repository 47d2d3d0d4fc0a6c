using System.Globalization;
using System.Text;
using NbnsSim.Events;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Scenarios;

/// <summary>A run that is saved and loaded goes on as the one that was never interrupted.</summary>
public sealed class SavedRunTests
{
    private static IEnumerable<string> Names => BuiltInScenarios.Names;

    private static IEnumerable<NetBtDialect> Dialects => NetBtDialect.All;

    [TestCaseSource(nameof(Names))]
    public void EveryScenario_SavedAtManyMoments_GoesOnTheSame(string name)
    {
        var scenario = BuiltInScenarios.Find(name)!;
        var moments = Enumerable.Range(1, 3).Select(quarter => new Instant(scenario.End.Nanoseconds / 4 * quarter))
            .Concat(scenario.Steps.DistinctBy(step => step.At).Take(3).SelectMany(step => new[] { step.At, step.At + TimeSpan.FromMilliseconds(0.7), step.At + TimeSpan.FromMilliseconds(900) }))
            .Where(time => time < scenario.End);
        foreach (var moment in moments.Distinct())
            Compare(name, moment, null);
    }

    [TestCaseSource(nameof(Dialects))]
    public void EveryDialect_InEveryScenario_GoesOnTheSame(NetBtDialect dialect)
    {
        foreach (string name in Names)
            Compare(name, BuiltInScenarios.Find(name)!.Steps[^1].At + TimeSpan.FromMilliseconds(300), dialect);
    }

    [TestCase(28)]
    [TestCase(33)]
    [TestCase(50)]
    public void AMachineThatCameBackWithAnotherDialect_KeepsItWhereItIsLoaded(int seconds)
    {
        var scenario = BuiltInScenarios.Find("q131739")!;
        ScenarioStep[] steps =
        [
            new CrashStep(At(26)) { Hosts = ["ALPHA", "BRAVO"] },
            new RestartStep(At(27), Forgets: true) { Hosts = ["ALPHA"], Dialect = NetBtDialect.Windows2000 },
            new RestartStep(At(27), Forgets: true) { Hosts = ["BRAVO"] },
            new NodeStep(At(27), NodeCommand.Boot) { Hosts = ["ALPHA", "BRAVO"] },
            new CrashStep(At(32)) { Hosts = ["ALPHA"] },
            new RestartStep(At(32), Forgets: true) { Hosts = ["ALPHA"] }, // the dialect that it had last
            new NodeStep(At(32), NodeCommand.Boot) { Hosts = ["ALPHA"] },
        ];
        using var file = new MemoryStream();
        (scenario with { Steps = [.. scenario.Steps.Concat(steps).OrderBy(step => step.At)] }).Write(file);
        string text = Encoding.UTF8.GetString(file.ToArray());

        Compare("changed", text, At(seconds), null);

        var run = new ScenarioRun(Scenario.Parse(file.ToArray(), "changed.json"));
        run.Run();
        Assert.That((DialectOf(0), DialectOf(1)), Is.EqualTo((NetBtDialect.Windows2000, NetBtDialect.WindowsNt35)));

        NetBtDialect DialectOf(int host) => run.NodeOf(new HostId(host))!.Options.Dialect;
        static Instant At(int seconds) => Instant.Epoch + TimeSpan.FromSeconds(seconds);
    }

    private static void Compare(string name, Instant moment, NetBtDialect? dialect) => Compare(name, BuiltInScenarios.FindText(name)!, moment, dialect);

    private static void Compare(string name, string text, Instant moment, NetBtDialect? dialect)
    {
        var whole = new ScenarioRun(Scenario.Parse(Encoding.UTF8.GetBytes(text), name + ".json"), dialect);
        var wholeTrace = new Recorder(whole.Simulator);
        whole.RunUntil(moment);
        var saved = new MemoryStream();
        whole.Save(saved, Encoding.UTF8.GetBytes(text), name + ".json");
        int mark = wholeTrace.Lines.Count;

        saved.Position = 0;
        var loaded = ScenarioRun.Load(saved);
        Assert.That(loaded.Simulator.Fingerprint(), Is.EqualTo(whole.Simulator.Fingerprint()));
        var again = new MemoryStream();
        loaded.Save(again, Encoding.UTF8.GetBytes(text), name + ".json");
        Assert.That(again.ToArray().AsSpan().SequenceEqual(saved.ToArray()), Is.True, $"{name} at {moment}: the octets of what was loaded are those that were saved");

        var loadedTrace = new Recorder(loaded.Simulator);
        var expected = whole.Run();
        var results = loaded.Run();
        Assert.That(loadedTrace.Lines, Is.EqualTo(wholeTrace.Lines.Skip(mark)), $"{name} at {moment}");
        Assert.That(results.Select(result => result.ToString()), Is.EqualTo(expected.Select(result => result.ToString())));
        Assert.That(loaded.Results.Select(result => $"{result.Host} {result.Step?.Description} {result.Result}"), Is.EqualTo(whole.Results.Select(result => $"{result.Host} {result.Step?.Description} {result.Result}")));
        Assert.That(loaded.Simulator.Log.Select(logged => $"{logged.Host} {logged.Event} {logged.Event.Time} {logged.Event.Reason} {logged.Event.Message}"), Is.EqualTo(whole.Simulator.Log.Select(logged => $"{logged.Host} {logged.Event} {logged.Event.Time} {logged.Event.Reason} {logged.Event.Message}")));
    }

    /// <summary>All that an observer can hear, decisions with their numbers and causes included.</summary>
    private sealed class Recorder : SimulationObserver
    {
        public Recorder(Simulator simulator) => simulator.AddObserver(this);

        public List<string> Lines { get; } = [];

        public override bool HearsDecisions => true;

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision) => Add(
            simulator,
            $"{number} {host} {decision.Rule.Id} {decision.Name} {decision.Peer} {decision.Address} {decision.TransactionId} {decision.Cause.Kind} {decision.Cause.Decision} {decision.Try}/{decision.Tries}");

        public override void Sent(Simulator simulator, in SimulatedDatagram datagram) =>
            Add(simulator, $"{datagram.Number} {datagram.Source} > {datagram.Destination} {datagram.IsBroadcast} {datagram.Decision} {Convert.ToHexString(datagram.Payload)}");

        public override void Carried(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame) =>
            Add(simulator, $"{datagram.Number} on {frame.Segment}: {frame.Source} > {frame.Destination} {frame.TimeToLive} {frame.Identification}");

        public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex) =>
            Add(simulator, $"{datagram.Number} reaches {receiver}/{interfaceIndex} from {frame.Source}");

        public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate) => Add(simulator, $"{datagram.Number} {fate.Kind} {fate.Receiver} {fate.Rule?.Name} {fate.Delay} {fate.Octet}");

        public override void MessageSent(Simulator simulator, HostId sender, ReplicationMessage message) => Add(simulator, $"{sender} {message} {message.Association} {message.Decision}");

        public override void MessageDiverted(Simulator simulator, HostId sender, ReplicationMessage message, in DeliveryFate fate) => Add(simulator, $"{sender} {message} {fate.Kind} {fate.Delay}");

        public override void Logged(Simulator simulator, HostId host, NetBtEvent logged) => Add(simulator, $"{host} logs {logged}");

        public override void Commanded(Simulator simulator, HostId host, string description) => Add(simulator, $"{host} is told to {description}");

        public override void TimedOut(Simulator simulator, HostId host) => Add(simulator, $"{host} times out");

        public override void HostChanged(Simulator simulator, HostId host, bool isUp) => Add(simulator, $"{host} up {isUp}");

        public override void RuleChanged(Simulator simulator, LinkRule rule, bool isAdded) => Add(simulator, $"{rule.Name} {isAdded}");

        private void Add(Simulator simulator, FormattableString text) => Lines.Add($"{simulator.Now.Nanoseconds} {text.ToString(CultureInfo.InvariantCulture)}");
    }
}
