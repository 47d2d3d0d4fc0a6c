using NbnsSim.Captures;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Replay;

/// <summary>
/// Whatever a scenario's hosts log, the replay of its capture logs, and the diagnosis of it tells: the same events for the same names on
/// the same hosts, in every dialect.
/// </summary>
public sealed class ScenarioAgreementTests
{
    /// <summary>What the capture shows, and the host does not log, as it never got the packet: a capture shows what is sent, not what is lost behind it.</summary>
    private static readonly Dictionary<string, (Predicate<NetBtDialect> In, string Event, string Because)> LostBehindTheCapture = new(StringComparer.Ordinal)
    {
        ["q97491-lost-reply"] = (dialect => dialect.LogsRefusedRegistration, "10.0.0.2 4321 JSMITH<03>", "ALPHA's refusal is captured and then lost; the host that gets it logs 4321"),
    };

    private static IEnumerable<TestCaseData> Cases() =>
        from name in BuiltInScenarios.Names
        from dialect in NetBtDialect.All
        select new TestCaseData(name, dialect.Name).SetArgDisplayNames(name, dialect.Name);

    [TestCaseSource(nameof(Cases))]
    public void RunReplayAndDiagnosisAgree(string scenarioName, string dialectName)
    {
        Assert.That(NetBtDialect.TryFind(dialectName, out var dialect), Is.True);
        var scenario = BuiltInScenarios.Find(scenarioName)!;
        using var stream = new MemoryStream();
        var run = Record(scenario, dialect!, stream);

        // Hosts by their addresses: the log of a host, whatever address a packet went to.
        var hosts = scenario.Hosts.SelectMany((host, index) => host.Interfaces.Select(one => (one.Address, index))).ToDictionary(it => it.Address, it => it.index);
        var logged = run.Simulator.Log
            .Where(entry => IsInACapture(entry.Event))
            .Select(entry => Line(scenario.Hosts[entry.Host.Index].Interfaces[0].Address, entry.Event.Id, entry.Event.Name))
            .ToList();
        if (LostBehindTheCapture.TryGetValue(scenarioName, out var lost) && lost.In(dialect!))
        {
            Assert.That(logged, Has.No.Member(lost.Event), "no exception any more: " + lost.Because);
            logged.Add(lost.Event);
        }

        var known = CaptureFile.FindHosts(Open(stream));
        var replayed = new List<string>();
        foreach (var group in known.Hosts.GroupBy(host => DialectOf(scenario.Hosts[hosts[host.Address]], run.Dialect))) // each host as what it is
        {
            foreach (var replay in CaptureFile.ReplayAll(Open(stream), group, group.Key).Replays)
                replayed.AddRange(replay.Entries.Where(entry => entry.Event is not null).Select(entry => Line(replay.Host.Address, entry.Event!.Id, entry.Event.Name)));
        }

        var diagnosed = CaptureFile.Diagnose(Open(stream)).Findings
            .Where(finding => finding.Host != Ipv4Address.Any && finding.IsLoggedBy(DialectOf(scenario.Hosts[hosts[finding.Host]], run.Dialect)))
            .Select(finding => Line(finding.Host, finding.Event!.Id, finding.Name));
        Assert.Multiple(() =>
        {
            Assert.That(replayed, Is.EquivalentTo(logged), "replay");
            Assert.That(diagnosed, Is.EquivalentTo(logged), "diagnosis");
        });
    }

    /// <summary>
    /// The chain of causes behind an event, in the run and in the replay of its capture: the same rules at the same hosts, as far back as end nodes stand in for all
    /// that had a part in it: no capture has what a name server decides, or that somebody sent a datagram by hand. Repeats of a request count as one.
    /// </summary>
    [TestCaseSource(nameof(Cases))]
    public void ChainsOfCausesAgree(string scenarioName, string dialectName)
    {
        Assert.That(NetBtDialect.TryFind(dialectName, out var dialect), Is.True);
        if (LostBehindTheCapture.ContainsKey(scenarioName))
            return; // a host that gets what the run loses decides otherwise
        var scenario = BuiltInScenarios.Find(scenarioName)!;
        using var stream = new MemoryStream();
        HistoryObserver? observer = null;
        Record(scenario, dialect!, stream, simulator => simulator.AddObserver(observer = new HistoryObserver(simulator)));
        var known = CaptureFile.FindHosts(Open(stream));
        var replays = CaptureFile.ReplayAll(Open(stream), known.Hosts, dialect!, keepsDecisions: true);
        bool sameEverywhere = scenario.Hosts.All(host => DialectOf(host, dialect!) == dialect);
        foreach (var logged in replays.Decisions!.Entries.Where(entry => entry.Decision.Event is not null))
        {
            var chain = replays.Decisions.ChainOf(logged);
            Assert.That(chain[1..], Is.Not.Empty, $"{logged.Host} {logged.Decision}");
            string host = NameIn(scenario, known, replays, logged.Host);
            var inTheRun = observer!.History.Entries.FirstOrDefault(entry => entry.Host == host && entry.Decision.Event?.Id == logged.Decision.Event!.Id && entry.Decision.Name == logged.Decision.Name);
            if (inTheRun is null || !sameEverywhere)
                continue; // a host with a dialect of its own is replayed as another here
            var expected = observer.History.ChainOf(inTheRun).TakeWhile(link => !ServerRules.All.Contains(link.Decision.Rule) && link.Decision.Rule != NodeRules.SentByHand);
            Assert.That(
                Links(chain, label => NameIn(scenario, known, replays, label)), Is.EqualTo(Links(expected, name => name)));
            Assert.That(chain.Where(link => link.Decision.Cause.Kind == DecisionCauseKind.Datagram).Select(link => link.Frame), Has.All.GreaterThan(0));
        }
    }

    private static List<string> Links(IEnumerable<HistoryEntry> chain, Func<string, string> nameOf)
    {
        var links = new List<string>();
        foreach (var link in chain)
        {
            if (link.Decision.Rule == NodeRules.LearningMode || link.Decision.Rule == NodeRules.LearnedNothing)
                continue; // a capture has the query, not how long its sender waited for other protocols
            if (link.Decision.Rule.Kind == DecisionKind.Told && link.Decision.Rule != NodeRules.Logon)
                break; // that a claim was part of a boot, the wire does not show
            string text = $"{nameOf(link.Host)} {link.Decision.Rule.Id}";
            if (links.LastOrDefault() != text)
                links.Add(text);
        }

        return links;
    }

    /// <summary>What the scenario calls a host of the capture.</summary>
    private static string NameIn(Scenario scenario, CaptureHosts known, CaptureReplays replays, string label)
    {
        var host = known.Hosts.First(host => replays.LabelOf(host) == label);
        return scenario.Hosts.First(one => one.Interfaces.Any(attachment => host.IndexOf(attachment.Address) >= 0)).Name;
    }

    /// <summary>4303 and its like are logged without a packet: a capture of the wire cannot show that a host was configured without a name server.</summary>
    private static bool IsInACapture(NetBtEvent logged) => logged.Id is NetBtEventId.DuplicateName or NetBtEventId.NameRelease or NetBtEventId.DuplicateNameError;

    private static NetBtDialect DialectOf(ScenarioHost host, NetBtDialect dialect) => host.Dialect is { } own ? own.Make() : dialect;

    private static string Line(Ipv4Address host, int id, NetBiosName name) => $"{host} {id} {name}";

    private static ScenarioRun Record(Scenario scenario, NetBtDialect dialect, MemoryStream stream, Action<Simulator>? watch = null)
    {
        using var writer = new CaptureWriter(stream, leaveOpen: true);
        var run = new ScenarioRun(scenario, dialect);
        var tap = new CaptureTap(writer);
        for (int i = 0; i < scenario.Segments.Length; i++)
            tap.Add(run.Simulator, new SegmentId(i));
        run.Simulator.AddObserver(tap);
        watch?.Invoke(run.Simulator);
        run.Run();
        writer.Flush();
        return run;
    }

    private static CaptureReader Open(MemoryStream stream)
    {
        stream.Position = 0;
        return CaptureReader.Open(stream, leaveOpen: true);
    }
}
