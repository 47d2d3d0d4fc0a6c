using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Twins;

namespace NbnsSim.Tests.Twins;

/// <summary>A scenario that is run, captured, made a twin of and run again sends the same packets, but for what no wire shows.</summary>
public sealed class RoundTripTests
{
    /// <summary>Scenarios of which a capture does not show all that matters, with the least agreement and what is not seen.</summary>
    private static readonly Dictionary<string, (double Least, string Since)> Unseen = new(StringComparer.Ordinal)
    {
        ["lost-challenge"] = (79, "the name server asks again under another id, and which of its questions was lost shows nowhere"),
        ["ms00-047-forged-conflict"] = (96, "a forger's datagram is nobody's command"),
        ["ms00-047-forged-release"] = (95, "a forger's datagram is nobody's command"),
        ["q131739-wins"] = (97, "replication is TCP: the release that follows it has no cause on the wire"),
        ["q131739-wins-w2k"] = (90, "replication is TCP: the questions that follow it have no cause on the wire"),
        ["q164016-static-multihomed"] = (97, "what an administrator has entered passes no wire"),
        ["q242053-stale-mapping"] = (95, "what an administrator has entered passes no wire"),
        ["q314696-group-release"] = (94, "a release that is sent by hand is nobody's command"),
        ["q315259-challenge-unanswered"] = (84, "replication is TCP: the questions that follow it have no cause on the wire"),
        ["q97491-lost-reply"] = (95, "what became of the last answer shows nowhere"),
        ["siblings-1c"] = (97, "a release that is sent by hand is nobody's command"),
        ["wins-partition"] = (89, "replication is TCP: what a name server has from its partner passes no wire that was captured"),
    };

    private static IEnumerable<string> Names => BuiltInScenarios.Names.Where(name => !name.StartsWith("power-cut", StringComparison.Ordinal)); // a thousand machines: by themselves below

    [Test]
    public void TheTwinOfARunSendsTheSamePackets([ValueSource(nameof(Names))] string name, [Values("rfc1002", "nt3.5", "nt4", "w2k")] string dialect)
    {
        var (_, compared) = RoundTrip(BuiltInScenarios.Find(name)!, NetBtDialect.All.Single(one => one.Name == dialect));
        Assert.That(compared.Captured, Is.GreaterThan(0));
        Assert.That(compared.Complete, Is.GreaterThanOrEqualTo(compared.Captured * 3 / 4));
        if (Unseen.TryGetValue(name, out var unseen))
            Assert.That(compared.Agreement, Is.GreaterThanOrEqualTo(unseen.Least).And.LessThan(100), unseen.Since);
        else
            Assert.That(compared.Differences.Where(difference => difference.Kind is not (TwinDifferenceKind.Incomplete or TwinDifferenceKind.Extra)), Is.Empty);
    }

    /// <summary>A name server that cannot keep up is no server whose datagrams get lost: its pace is read off its answers.</summary>
    [TestCase("power-cut", false)]
    [TestCase("power-cut-burst", true)]
    public void TheTwinOfAServerThatCannotKeepUp_WorksItsQueueOffAtItsPace(string name, bool grantsUnseen)
    {
        var (twin, compared) = RoundTrip(BuiltInScenarios.Find(name)!);
        var server = twin.Scenario.Hosts.Single(host => host.Roles.HasFlag(HostRoles.NameServer)).NameServer;
        Assert.That((server.RequestsPerSecond, server.Dialect.BurstThreshold > 0), Is.EqualTo((150, grantsUnseen)));
        Assert.That(twin.Inferences.Where(inference => inference.Kind is TwinInferenceKind.Loss or TwinInferenceKind.Injected), Is.Empty);
        Assert.That(compared.Agreement, Is.EqualTo(100));
    }

    /// <summary>A name server that has been silent is silent still where the capture ends amid a question to it: its twin does not answer then, and nobody logs what was not logged.</summary>
    [Test]
    public void AServerThatWasSilentBeforeTheEnd_IsSilentAtTheEnd()
    {
        var twin = TwinOf(BuiltInScenarios.Find("wins-retirement")!);
        var run = new ScenarioRun(twin.Scenario);
        run.Run();
        Assert.That(run.Simulator.Log.Select(logged => logged.Event.Id), Is.EqualTo(new[] { 4321 }), "as in the scenario itself");
    }

    /// <summary>Names that are released at the name server and claimed again at once are one command, <c>nbtstat -RR</c>.</summary>
    [Test]
    public void ARefreshOfAllNamesIsOneCommand([Values("nt4", "w2k")] string dialect)
    {
        var scenario = BuiltInScenarios.Find("wins-retirement")!;
        scenario = scenario with
        {
            Steps = [scenario.Steps[0], new NodeStep(Instant.FromMilliseconds(50_000), NodeCommand.Refresh) { Hosts = ["ALPHA"] }],
            Expectations = [],
            End = Instant.FromMilliseconds(60_000),
        };
        var (twin, compared) = RoundTrip(scenario, NetBtDialect.All.Single(one => one.Name == dialect));
        Assert.That(twin.Scenario.Steps.OfType<NodeStep>().Where(step => step.At > Instant.FromMilliseconds(49_000)).Select(step => step.Command), Is.EqualTo(new[] { NodeCommand.Refresh }));
        Assert.That((compared.Agreement, compared.ByHand), Is.EqualTo((100.0, 0)));
    }

    [Test]
    public void MoreNamesThanANodeHasAreSentAsCaptured_AndThatIsWhy()
    {
        var scenario = BuiltInScenarios.Find("wins-retirement")!;
        var claims = Enumerable.Range(0, 300).Select(i => new NodeStep(Instant.FromMilliseconds(20_000 + (i * 20)), NodeCommand.AddName) { Hosts = [i < 150 ? "ALPHA" : "BRAVO"], Name = NetBiosName.Parse($"N{i}<20>") });
        scenario = scenario with { Steps = [scenario.Steps[0], .. claims], Expectations = [], End = Instant.FromMilliseconds(60_000) };
        using var capture = new MemoryStream();
        var run = new ScenarioRun(scenario);
        using (CaptureTap.Attach(run.Simulator, capture, leaveOpen: true))
            run.Run();
        byte[] octets = capture.ToArray();
        byte[] bravo = [10, 1, 0, 11];
        for (int at = octets.AsSpan().IndexOf(bravo); at >= 0; at = octets.AsSpan().IndexOf(bravo))
            octets[at + 3] = 10; // BRAVO's claims come from ALPHA's address, as a flood's do
        var twin = CaptureTwin.Make(CaptureReader.Open(new MemoryStream(octets)), "flood");
        Assert.That(twin.Inferences.Count(inference => inference.Text.EndsWith("it claims more than the 254 names that a node can have", StringComparison.Ordinal)), Is.Positive);
    }

    /// <summary>A server that has time shows no pace, however many ask.</summary>
    [Test]
    public void AServerThatKeepsUp_HasNoPace([ValueSource(nameof(Names))] string name) =>
        Assert.That(TwinOf(BuiltInScenarios.Find(name)!).Scenario.Hosts.Where(host => host.NameServer.RequestsPerSecond > 0), Is.Empty);

    [TestCaseSource(nameof(Names))]
    public void TheTwinIsTheSameAsAFile(string name)
    {
        var (twin, compared) = RoundTrip(BuiltInScenarios.Find(name)!);
        using var file = new MemoryStream();
        twin.Scenario.Write(file);
        var read = Scenario.Parse(file.ToArray(), "twin.json");
        var run = new ScenarioRun(read);
        run.Run();
        Assert.That(run.Simulator.SentCount, Is.EqualTo(compared.Sent + read.Steps.OfType<SendStep>().Count()));
    }

    internal static (CaptureTwin Twin, TwinComparison Comparison) RoundTrip(Scenario scenario, NetBtDialect? dialect = null)
    {
        var twin = TwinOf(scenario, dialect);
        return (twin, twin.Compare());
    }

    internal static CaptureTwin TwinOf(Scenario scenario, NetBtDialect? dialect = null)
    {
        using var capture = new MemoryStream();
        var run = new ScenarioRun(scenario, dialect);
        using (CaptureTap.Attach(run.Simulator, capture, leaveOpen: true))
            run.Run();
        capture.Position = 0;
        return CaptureTwin.Make(CaptureReader.Open(capture), scenario.Name);
    }
}
