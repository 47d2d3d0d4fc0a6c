using NbnsSim.NameServers;
using NbnsSim.Reports.Pictures;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports.Tests;

/// <summary>What the slider shows of a name server's database is what is in it, and each change has the rule by which the server made it.</summary>
public sealed class ServerTablesTests
{
    private static IEnumerable<string> Scenarios => BuiltInScenarios.Names;

    [TestCaseSource(nameof(Scenarios))]
    public void AtTheEndItIsTheDatabase(string scenario)
    {
        var run = new ScenarioRun(BuiltInScenarios.Find(scenario)!);
        var tables = new ServerTables(run.Simulator);
        run.Run();
        var rows = tables.Rows(_ => false).ToList();
        var shown = rows.Where(row => row.Spans[^1].To is null).Select(row => (row.Host, row.Name, row.IsGroup, IsActive: row.Spans[^1].Standing == NameStanding.Held));
        var held = run.Simulator.Hosts().SelectMany(host => run.Simulator.NameServerOf(host)?.GetRecords() ?? [], (host, record) =>
            ($"{run.Simulator.NameOf(host)}, names registered with it", record.Name, record.IsGroup, IsActive: record.State == NameRecordState.Active));
        Assert.That(shown, Is.EquivalentTo(held));
        Assert.That(rows.SelectMany(row => row.Spans).Where(span => span.From > Instant.Epoch).Select(span => span.Began), Is.All.Not.Empty, "each begins by a rule");
        Assert.That(rows.SelectMany(row => row.Spans).Where(span => span.To is not null).Select(span => span.Ended), Is.All.Not.Empty, "each ends by a rule");
        Assert.That(rows.SelectMany(row => row.Spans.Zip(row.Spans.Skip(1))).All(pair => pair.First.To <= pair.Second.From), "one after another");
    }

    [Test]
    public void AReplicaTakesTheRecordsPlace()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("q131739-wins")!);
        var tables = new ServerTables(run.Simulator);
        run.Run();
        var rows = tables.Rows(_ => false).Where(row => row.Name.ToString() == "JSMITH<03>").ToDictionary(row => row.Host[..5], row => row.Spans.Select(span => $"{span.Text} by {span.Began}"), StringComparer.Ordinal);
        Assert.That(rows["WINS1"], Is.EqualTo(new[] { "10.1.0.10 by S1.added", "10.2.0.10 by W13.overrules" }));
        Assert.That(rows["WINS2"], Is.EqualTo(new[] { "10.2.0.10 by S1.added" }));
    }

    [Test]
    public void EachMemberJoinsAGroupByItself()
    {
        var run = new ScenarioRun(BuiltInScenarios.Find("siblings-1c")!);
        var tables = new ServerTables(run.Simulator);
        run.Run();
        var row = tables.Rows(_ => false).Single(row => row.Name.ToString() == "OFFICE<1C>");
        Assert.That(row.Spans.Select(span => $"{span.Text} by {span.Began}"), Is.EqualTo(new[]
        {
            "10.0.0.11 by S4.group-added", "10.0.0.11, 10.0.0.12 by S4.joined", "10.0.0.11, 10.0.0.12, 10.0.0.13 by S4.joined", "10.0.0.12, 10.0.0.13 by S9.member", "10.0.0.13 by S9.member",
        }));
    }
}
