using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Tests.House;

namespace NbnsSim.Tests.Scenarios;

/// <summary>Clauses that a whole network shows: scenario files, each named after its clause.</summary>
public sealed class ClauseScenarioTests
{
    [TestCase("rfc1001-15.5.3-flush-conflict", "rfc1002", "P")]
    [TestCase("rfc1001-15.5.3-flush-conflict", "rfc1002", "M")]
    [TestCase("rfc1001-15.5.3-flush-conflict", "rfc1002", "H")]
    [TestCase("rfc1001-15.5.1-name-server-restart", "rfc1002", "P")]
    [TestCase("rfc1001-15.5.1-name-server-restart", "rfc1002", "M")]
    [TestCase("rfc1001-15.5.1-name-server-restart", "rfc1002", "H")]
    [TestCase("rfc1001-15.5.1-name-server-restart", "nt3.5", "P")]
    [TestCase("rfc1001-15.5.1-name-server-restart", "nt4", "P")]
    [TestCase("rfc1001-15.5.1-name-server-restart", "w2k", "H")]
    [TestCase("q137780-secondary-name-server", "nt3.51", "P")]
    [TestCase("q137780-secondary-name-server", "nt4", "P")]
    [TestCase("q137780-secondary-name-server", "w2k", "P")]
    [TestCase("q137780-secondary-name-server", "w2k", "H")]
    public void ItsExpectationsAreMet(string file, string dialect, string nodeType)
    {
        Assert.That(NetBtDialect.TryFind(dialect, out var found), Is.True);
        string path = Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", "scenarios", file + ".json");
        string text = File.ReadAllText(path).Replace("\"nodeType\": \"P\"", $"\"nodeType\": \"{nodeType}\"", StringComparison.Ordinal);
        var results = new ScenarioRun(Scenario.Parse(System.Text.Encoding.UTF8.GetBytes(text), path), found).Run();
        Assert.That(results.Where(result => result.Outcome != ExpectationOutcome.Met), Is.Empty);
        Assert.That(results, Is.Not.Empty);
    }
}
