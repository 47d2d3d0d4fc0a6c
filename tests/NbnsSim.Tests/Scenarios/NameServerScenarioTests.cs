using System.Text;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Scenarios;

namespace NbnsSim.Tests.Scenarios;

/// <summary>What scenario files say of name servers: static mappings, replication, speed.</summary>
public sealed class NameServerScenarioTests
{
    private const string Right = """
        {
          "name": "test",
          "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
          "hosts": [
            { "name": "WINS1", "role": "nameServer", "address": "10.0.0.1", "nameServer": { "requestsPerSecond": 100, "burstThreshold": 60 } },
            { "name": "WINS2", "role": "both", "address": "10.0.0.2", "nameServer": { "static": [
              { "name": "PRINTER<20>", "addresses": ["10.0.0.9"] },
              { "name": "CLUB<1C>", "type": "internetGroup", "addresses": ["ALPHA", "10.0.0.4"] },
              { "name": "CLUB<00>", "type": "normalGroup" }
            ] } },
            { "name": "ALPHA", "address": "10.0.0.3" }
          ],
          "steps": [
            { "at": "1s", "do": "crash", "host": "WINS2" },
            { "at": "2s", "do": "replicate", "host": "WINS1", "from": "WINS2", "note": "which has nothing to give" },
            { "at": "3s", "do": "restart", "host": "WINS2" },
            { "at": "4s", "do": "replicate", "host": ["WINS1", "WINS2"], "from": ["WINS1", "WINS2"] }
          ],
          "end": "1min"
        }
        """;

    [Test]
    public void StaticMappings_AreThereFromTheStart_AndAfterARestart()
    {
        var run = new ScenarioRun(Read(Right));
        Assert.That(Find(run, "WINS2", "PRINTER<20>")?.IsStatic, Is.True);
        Assert.That(Find(run, "WINS2", "CLUB<1C>")?.Addresses.Select(one => one.Address.ToString()), Is.EquivalentTo(["10.0.0.3", "10.0.0.4"]));
        run.Run();
        Assert.That(Find(run, "WINS2", "CLUB<00>")?.Type, Is.EqualTo(NameRecordType.NormalGroup));
    }

    [Test]
    public void Replicate_PullsFromPartnersThatAreUp()
    {
        var run = new ScenarioRun(Read(Right));
        run.Step();
        run.Step();
        Assert.That(Find(run, "WINS1", "PRINTER<20>"), Is.Null, "the partner is down");
        run.Step();
        run.Step();
        Assert.That(Find(run, "WINS1", "PRINTER<20>"), Is.Null, "what is under way to it is sent again in a second");
        run.Run();
        Assert.That(Find(run, "WINS1", "PRINTER<20>")?.Owner, Is.EqualTo(Ipv4Address.Parse("10.0.0.2")));
    }

    [Test]
    public void SpeedAndBurstThreshold_AreTheServers()
    {
        var server = Read(Right).Hosts[0].NameServer;
        Assert.That((server.RequestsPerSecond, server.Dialect.BurstThreshold), Is.EqualTo((100, 60)));
    }

    [TestCase("partners", true, true)]
    [TestCase("pullsFrom", true, false)]
    [TestCase("notifies", false, true)]
    public void Partners_ArePulledFrom_AndNotified(string property, bool pulls, bool notifies)
    {
        string text = Right.Replace("\"burstThreshold\": 60", $"\"burstThreshold\": 60, \"{property}\": [\"WINS2\", \"WINS1\", \"10.0.9.9\", \"WINS2\"]", StringComparison.Ordinal);
        var options = Read(text).Hosts[0].NameServer;
        Ipv4Address[] others = [Ipv4Address.Parse("10.0.0.2"), Ipv4Address.Parse("10.0.9.9")];
        Assert.That(options.PullsFrom, Is.EqualTo(pulls ? others : []), "once each, and itself not");
        Assert.That(options.Notifies, Is.EqualTo(notifies ? others : []));
    }

    [Test]
    public void Partners_AreNoMoreThan64()
    {
        string many = string.Join(", ", Enumerable.Range(1, 65).Select(i => $"\"10.0.8.{i}\""));
        string text = Right.Replace("\"burstThreshold\": 60", $"\"burstThreshold\": 60, \"partners\": [{many}]", StringComparison.Ordinal);
        Assert.That(Scenario.TryParse(System.Text.Encoding.UTF8.GetBytes(text), "test.json", out _, out var mistakes), Is.False);
        Assert.That(mistakes.Single().ToString(), Does.Contain("A name server has at most 64 partners."));
    }

    [TestCase("[\"10.0.0.9\"]", "[\"10.0.0.9\", \"10.0.0.8\"]", "A unique name has one address.")]
    [TestCase(", \"addresses\": [\"ALPHA\", \"10.0.0.4\"]", "", "A mapping of this type has 1 to 25 addresses.")]
    [TestCase("\"normalGroup\"", "\"group\"", "'type' must be 'unique', 'normalGroup', 'internetGroup' or 'multihomed', not \"group\".")]
    [TestCase("\"burstThreshold\": 60", "\"burstThreshold\": 60, \"partners\": [\"NOBODY\"]", "'partners' must be an address such as \"10.0.0.1\", or the name of a host, not \"NOBODY\".")]
    [TestCase("\"from\": \"WINS2\"", "\"from\": \"ALPHA\"", "'from': 'ALPHA' is no name server.")]
    [TestCase("\"burstThreshold\": 60", "\"burstThreshold\": 5001", "'burstThreshold' must be a whole number from 0 to 5000, not 5001.")]
    public void AMistakeIsReported(string right, string wrong, string mistake)
    {
        string changed = Right.Replace(right, wrong, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(Right));
        Assert.That(Scenario.TryParse(Encoding.UTF8.GetBytes(changed), "test.json", out _, out var mistakes), Is.False);
        Assert.That(mistakes.Select(one => one.Message), Is.EqualTo([mistake]));
    }

    private static Scenario Read(string text) => Scenario.Parse(Encoding.UTF8.GetBytes(text), "test.json");

    private static NameRecord? Find(ScenarioRun run, string host, string name) =>
        run.NameServerOf(run.Simulator.FindHost(host)!.Value)!.FindRecord(NetBiosName.Parse(name));
}
