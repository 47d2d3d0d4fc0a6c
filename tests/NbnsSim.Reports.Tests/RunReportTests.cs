using System.Text.Json.Nodes;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Reports.Tests;

/// <summary>What somebody has of the reports who builds a network of his own.</summary>
public sealed class RunReportTests
{
    [Test]
    public void TheAccountOfANetworkOfOnesOwn_TellsWhatHappenedAndWhy()
    {
        var network = TwoMachines();
        var report = RunReport.Attach(network);
        Play(network);
        string account = report.Explain();
        Assert.That(account, Does.Contain("gets event 4320").And.Contain("B5.defend-unique").And.Not.Contain("\r"));
        Assert.That(account.Split('\n').Max(line => line.Length), Is.LessThanOrEqualTo(100));
    }

    [Test]
    public void AHostThatIsAddedAfterwards_HasALane()
    {
        var network = new Simulator(seed: 1);
        var report = RunReport.Attach(network);
        AddMachines(network);
        Play(network);
        using var text = new StringWriter { NewLine = "\n" };
        report.Write(new ReportWriter(text));
        Assert.That(text.ToString(), Does.Contain("ALPHA").And.Contain("10.0.0.2").And.Contain("── BRAVO: nbtstat -n"));
    }

    [Test]
    public void AScenariosRun_ExplainsItself_AsFarAsItHasGone()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739")!);
        Assert.That(run.Explain(), Is.Empty);
        run.Step();
        string begun = run.Explain();
        var report = RunReport.Attach(run);
        run.Run();
        string whole = run.Explain();
        Assert.That(whole, Does.Contain("gets event 4320"));
        Assert.That(begun, Does.Not.Contain("4320"));
        Assert.That(report.Explain(), Does.Contain("gets event 4320").And.Not.EqualTo(whole), "it was not there from the beginning");
    }

    [Test]
    public void AScenariosRun_ExplainsItself_AsAReportThatWasThere([Values("q131739", "split-brain", "lost-challenge")] string name)
    {
        var run = new ScenarioRun(BuiltInScenarios.Find(name)!, seed: 7);
        var report = RunReport.Attach(run);
        run.Run();
        Assert.That(run.Explain(), Is.EqualTo(report.Explain()));
    }

    [Test]
    public void EveryDatagramsCauseIsAnEarlierLine()
    {
        using var output = new MemoryStream();
        var network = TwoMachines();
        RunNdjson.Attach(network, new NdjsonWriter(output));
        Play(network);
        var decisions = new HashSet<long>();
        foreach (string line in System.Text.Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var json = JsonNode.Parse(line)!;
            if ((string)json["type"]! == "decision")
                Assert.That(decisions.Add((long)json["number"]!), Is.True);
            else if ((string)json["type"]! == "datagram")
                Assert.That(decisions, Does.Contain((long)json["causedBy"]!), line);
        }

        Assert.That(decisions, Is.Not.Empty);
    }

    [Test]
    public void WhatIsHostileIsEscapedInText()
    {
        using var text = new StringWriter { NewLine = "\n" };
        var writer = new ReportWriter(text, 80, (piece, role) => $"[{role}:{piece}]");
        writer.WriteLine("a\u001b[2J\u202e", ReportRole.Event);
        writer.WriteHeading("b\r");
        writer.WriteBlock("c\nd\u0007\n");
        writer.WriteWrapped("  ", "e\nf");
        Assert.That(text.ToString(), Does.StartWith("[Event:a\\u001b[2J\\u202e]\n\n[Title:── b\\r ").And.EndsWith("c\nd\\u0007\n  e\\nf\n"));
    }

    private static Simulator TwoMachines()
    {
        var network = new Simulator(seed: 1);
        AddMachines(network);
        return network;
    }

    private static void AddMachines(Simulator network)
    {
        var segment = network.AddSegment("LAN", Ipv4Subnet.Parse("10.0.0.0/24"), TimeSpan.FromMilliseconds(1));
        foreach (var (name, text) in new[] { ("ALPHA", "10.0.0.1"), ("BRAVO", "10.0.0.2") })
        {
            var address = Ipv4Address.Parse(text);
            network.AddHost(name, new EndNode(name, EndNodeInterface.InSubnet(address), new EndNodeOptions { Dialect = NetBtDialect.WindowsNt35 }, network.Seed), segment, address);
        }
    }

    private static void Play(Simulator network)
    {
        foreach (var machine in new[] { network.FindHost("ALPHA")!.Value, network.FindHost("BRAVO")!.Value })
        {
            network.Command<EndNode>(machine, "boot", (node, now) => node.Boot(now));
            network.RunFor(TimeSpan.FromSeconds(10));
            network.Command<EndNode>(machine, "logon JSMITH", (node, now) => node.Logon(now, "JSMITH"));
            network.RunFor(TimeSpan.FromSeconds(20));
        }
    }
}
