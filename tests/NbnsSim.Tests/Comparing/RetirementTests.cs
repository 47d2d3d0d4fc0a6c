using NbnsSim.Audit;
using NbnsSim.Comparing;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Tests.Audit;
using NbnsSim.Tests.Twins;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Comparing;

/// <summary>What breaks when WINS is retired: what an audit says of a capture is what is lost when the scenario, or the capture's twin, runs without its name server.</summary>
public sealed class RetirementTests
{
    private const int Seeds = 60;

    [Test]
    public void OfTheBuiltInScenario_ItsTwin_AndTheAudit_TheSameQuestionsFail()
    {
        var scenario = BuiltInScenarios.Find("wins-retirement")!;
        var verdict = Judge(scenario);
        var said = Said(verdict);
        Assert.That(said.Select(one => $"{one.Client} {one.Name}"), Is.EquivalentTo(new[] { "10.1.0.10 DELTA       <20>", "10.1.0.10 OFFICE      <1C>" }).Or.EquivalentTo(new[] { "10.1.0.10 DELTA<20>", "10.1.0.10 OFFICE<1C>" }));
        Assert.That(LostQuestions(scenario), Is.EquivalentTo(said));
        Assert.That(LostQuestions(RoundTripTests.TwinOf(scenario).Scenario), Is.EquivalentTo(said), "and of the twin of the capture");
    }

    [Test]
    public void OfDrawnNetworks_WhatIsLostIsWhatTheAuditSays()
    {
        int lost = 0;
        int going = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var bed = new AuditBed(seed);
            var scenario = bed.ToScenario();
            var verdict = Judge(scenario, bed);
            Assert.That(LostQuestions(scenario), Is.EquivalentTo(Said(verdict)), $"seed {seed}");
            var whatIf = new WhatIf(scenario, "wins=none");
            Assert.That(Homeless(whatIf.Compare(), whatIf), Is.EquivalentTo(verdict.Registrants.Where(one => one.Outcome == AuditOutcome.Breaks).Select(one => one.Address)), $"seed {seed}");
            lost += Said(verdict).Count;
            going += verdict.Dependencies.Count(one => one.Outcome == AuditOutcome.GoesOn);
        }

        Assert.That(lost, Is.GreaterThan(Seeds), "the networks break enough to tell");
        Assert.That(going, Is.GreaterThan(Seeds / 2), "and enough goes on");
    }

    /// <summary>
    /// The twin of a capture knows no more than the capture: of a proxy that asked for somebody else, and did not answer, it takes the question for the proxy's own. An audit says of these that it cannot tell.
    /// </summary>
    [Test]
    public void OfDrawnNetworks_TheTwinsOfTheirCapturesLoseTheSame()
    {
        int lost = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var bed = new AuditBed(seed);
            var scenario = bed.ToScenario();
            var verdict = Judge(scenario, bed);
            var perhaps = verdict.Dependencies.Where(one => one.Grounds[0].Rule == AuditRules.PerhapsForOthers).Select(one => (one.Client, one.Name)).ToHashSet();
            var ofTwin = LostQuestions(RoundTripTests.TwinOf(scenario).Scenario);
            Assert.That(ofTwin.Except(perhaps), Is.EquivalentTo(Said(verdict)), $"seed {seed}");
            lost += ofTwin.Count;
        }

        Assert.That(lost, Is.GreaterThan(40));
    }

    private static WinsAuditVerdict Judge(Scenario scenario, AuditBed? bed = null)
    {
        using var capture = new MemoryStream();
        var run = new ScenarioRun(scenario);
        using (CaptureTap.Attach(run.Simulator, capture, leaveOpen: true))
            run.Run();
        var audit = new WinsAudit(new WinsAuditOptions { Subnets = bed?.Subnets ?? [.. scenario.Segments.Select(segment => segment.Subnet)] });
        AuditBed.Feed(capture.ToArray(), audit);
        return audit.Judge();
    }

    private static List<(Ipv4Address Client, NetBiosName Name)> Said(WinsAuditVerdict verdict) =>
        [.. verdict.Dependencies.Where(one => one.Outcome == AuditOutcome.Breaks).Select(one => (one.Client, one.Name))];

    /// <summary>Who finds which name, and does not without the name servers. An answer that leads to nobody finds nothing.</summary>
    private static HashSet<(Ipv4Address Client, NetBiosName Name)> LostQuestions(Scenario scenario)
    {
        var whatIf = new WhatIf(scenario, "wins=none");
        var simulator = whatIf.Before.Simulator;
        return
        [
            .. whatIf.Compare().Answers
                .Where(change => change is { IsLost: true, Step.Command: NodeCommand.Query } && change.Before!.Source != AnswerSource.OwnName && LeadsToAHolder(change))
                .Select(change => (simulator.AddressOf(simulator.FindHost(change.Host)!.Value), change.Name)),
        ];

        // 255.255.255.255 leads to whoever is in the group and hears broadcasts on the client's own segment, and to nobody else.
        bool LeadsToAHolder(AnswerChange change) => change.Before!.Entries.Any(entry => entry.Address != Ipv4Address.Broadcast)
            || scenario.Hosts.Any(host => host.Name != change.Host && host.Roles.HasFlag(HostRoles.Node) && host.Node.NodeType != OwnerNodeType.P
                && host.Interfaces[0].Segment == scenario.Hosts.First(one => one.Name == change.Host).Interfaces[0].Segment
                && simulator.NodeOf(simulator.FindHost(host.Name)!.Value)!.GetNameState(change.Name) == LocalNameState.Registered);
    }

    /// <summary>Machines that hold their computer name, and none without the name servers.</summary>
    private static IEnumerable<Ipv4Address> Homeless(RunComparison comparison, WhatIf whatIf) => comparison.Holders
        .Where(change => change.Kind == HolderChangeKind.Lost && change.Name == new NetBiosName(change.Host, NameSuffix.Workstation))
        .Select(change => whatIf.Before.Simulator.AddressOf(whatIf.Before.Simulator.FindHost(change.Host)!.Value));
}
