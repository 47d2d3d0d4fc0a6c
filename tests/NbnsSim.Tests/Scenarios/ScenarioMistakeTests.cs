using System.Text;
using NbnsSim.Scenarios;

namespace NbnsSim.Tests.Scenarios;

/// <summary>A mistake is reported where it stands, with what was expected there.</summary>
public sealed class ScenarioMistakeTests
{
    private const string Right = """
        {
          "name": "test",
          "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
          "hosts": [
            { "name": "ALPHA", "address": "10.0.0.1" },
            { "name": "BRAVO", "address": "10.0.0.2", "role": "none" }
          ],
          "rules": [{ "name": "wall", "fault": "loss" }],
          "steps": [
            { "at": "1s", "do": "boot", "host": "ALPHA", "id": "boot" },
            { "at": "2s", "do": "logon", "host": "ALPHA", "user": "JSMITH" },
            { "at": "3s", "do": "send", "host": "BRAVO", "to": "ALPHA", "packet": "nameConflictDemand", "name": "ALPHA<00>" }
          ],
          "end": "9s",
          "expect": [
            { "expect": "event", "id": 4319, "host": "ALPHA" },
            { "expect": "result", "of": "boot", "outcome": "succeeded" }
          ]
        }
        """;

    [Test]
    public void TheScenarioIsRightToBeginWith() => Assert.That(Mistakes(Right), Is.Empty);

    [TestCase("\"lan\",", "\"lan\" ;", "test.json(3,32): ';' is invalid after a value. Expected either ',', '}', or ']'.")]
    [TestCase("\"name\": \"test\",", "", "test.json(1,1): a scenario needs 'name': a short name such as \"q131739\".")]
    [TestCase("\"10.0.0.0/24\"", "\"10.0.0.0\"", "test.json(3,43): 'subnet' must be a subnet such as \"10.0.0.0/24\", not \"10.0.0.0\".")]
    [TestCase("\"10.0.0.2\"", "\"10.0.0.1\"", "test.json(6,5): 'BRAVO': 'ALPHA' has 10.0.0.1 already.")]
    [TestCase("\"10.0.0.2\"", "\"10.0.1.2\"", "test.json(6,5): 'BRAVO': 10.0.1.2 is not a host's address in 10.0.0.0/24 of segment 'lan'.")]
    [TestCase("\"name\": \"BRAVO\"", "\"name\": \"ALPHA\"", "test.json(6,5): There is a host 'ALPHA' already.")]
    [TestCase("\"name\": \"BRAVO\", ", "\"name\": \"BRAVO\", \"nam\": 1, ", "test.json(6,24): a host has no 'nam': expected 'name', 'role', 'count', 'interfaces', 'address', 'segment', 'mac', 'dialect', 'nodeType', 'workgroup', 'scope', 'enableProxy', 'enableProxyRegCheck', 'publicNetwork', 'randomAdapter', 'singleResponse', 'lmHosts', 'held', 'nameServer' or 'nameServers'.")]
    [TestCase("\"role\": \"none\"", "\"role\": \"none\", \"role\": \"none\"", "test.json(6,63): 'role' is given twice.")]
    [TestCase("\"role\": \"none\"", "\"role\": 1", "test.json(6,55): 'role' must be 'node', 'nameServer', 'both' or 'none', not a number.")]
    [TestCase("\"name\": \"BRAVO\"", "\"name\": \"ANAMETHATISTOOLONG\"", "test.json(6,15): 'name' must be the computer's name, at most 15 characters, not \"ANAMETHATISTOOLONG\".")]
    [TestCase("\"fault\": \"loss\"", "\"fault\": \"lost\"", "test.json(8,40): 'fault' must be 'loss', 'partition', 'delay', 'duplicate', 'reorder', 'corrupt' or 'hold', not \"lost\".")]
    [TestCase("\"fault\": \"loss\"", "\"fault\": \"loss\", \"to\": \"segment:wan\"", "test.json(8,54): There is no segment 'wan': expected 'lan'.")]
    [TestCase("\"fault\": \"loss\"", "\"fault\": \"loss\", \"to\": \"GAMMA\"", "test.json(8,54): 'to' must be the name of a host, or \"segment:\" and the name of a segment, not \"GAMMA\".")]
    [TestCase("\"fault\": \"loss\"", "\"fault\": \"loss\", \"probability\": \"101%\"", "test.json(8,63): 'probability' must be a probability such as \"25%\" or \"0.01%\", not \"101%\".")]
    [TestCase("\"fault\": \"loss\"", "\"fault\": \"loss\", \"count\": 0", "test.json(8,57): 'count' must be a whole number from 1 to 2147483647, not 0.")]
    [TestCase("\"fault\": \"loss\"", "\"fault\": \"loss\", \"delay\": \"1s\"", "test.json(8,13): Link rule 'wall' delays nothing: 'delay' and 'jitter' are for 'delay', 'duplicate' and 'reorder'.")]
    [TestCase("\"fault\": \"loss\"", "\"fault\": \"reorder\"", "test.json(8,13): Link rule 'wall' needs 'delay' or 'jitter'.")]
    [TestCase("\"do\": \"boot\", \"host\": \"ALPHA\"", "\"do\": \"boot\", \"host\": []", "test.json(10,41): 'host' must have at least one host in it.")]
    [TestCase("\"id\": 4319,", "\"id\": 4319, \"atLeast\": 5, \"atMost\": 2,", "test.json(16,5): 'atLeast' 5 is more than 'atMost' 2.")]
    [TestCase("\"at\": \"2s\"", "\"at\": \"0.5s\"", "test.json(11,5): Steps stand in the order of time: this one, at 0.500000000 s, comes behind one at 1.000000000 s.")]
    [TestCase("\"at\": \"2s\"", "\"at\": 2", "test.json(11,13): 'at' must be a duration such as \"0.5ms\", \"20s\", \"10min\" or \"4d\", not a number.")]
    [TestCase("\"at\": \"2s\"", "\"at\": \"2 parsecs\"", "test.json(11,13): 'at' must be a duration such as \"0.5ms\", \"20s\", \"10min\" or \"4d\", not \"2 parsecs\".")]
    [TestCase("\"do\": \"boot\", \"host\": \"ALPHA\"", "\"do\": \"boot\", \"host\": \"BRAVO\"", "test.json(10,41): 'host': 'BRAVO' is no node.")]
    [TestCase("\"do\": \"boot\", \"host\": \"ALPHA\"", "\"do\": \"boot\", \"host\": \"GAMMA\"", "test.json(10,41): 'host' must be the name of a host ('ALPHA' or 'BRAVO'), not \"GAMMA\".")]
    [TestCase("\"fault\": \"loss\"", "\"fault\": \"loss\", \"datagram\": 7", "test.json(8,13): Link rule 'wall' needs a host in 'from': 'datagram' is the number of one of its datagrams.")]
    [TestCase("\"do\": \"boot\"", "\"do\": \"restart\", \"forget\": false, \"dialect\": \"nt4\"", "test.json(10,5): A machine that comes back with another dialect has forgotten everything: 'forget' must be true.")]
    [TestCase("\"do\": \"boot\"", "\"do\": \"start\"", "test.json(10,25): 'do' must be 'boot', 'addName', 'addGroupName', 'deleteName', 'logon', 'logoff', 'query', 'nodeStatus', 'refresh', 'purgeCache', 'shutdown', 'correctNameServer' or 'refreshName', or 'crash', 'restart', 'addRule', 'removeRule', 'send', 'replicate' or 'push', not \"start\".")]
    [TestCase(", \"user\": \"JSMITH\"", "", "test.json(11,5): a step needs 'user': the user's name, at most 15 characters.")]
    [TestCase("\"name\": \"ALPHA<00>\"", "\"name\": \"ALPHA<0>\"", "test.json(12,105): 'name' must be a NetBIOS name such as \"JSMITH<03>\", not \"ALPHA<0>\".")]
    [TestCase("\"packet\": \"nameConflictDemand\"", "\"packet\": \"nodeStatusResponse\"", "test.json(12,5): A packet of this kind is sent as 'octets'.")]
    [TestCase("\"end\": \"9s\"", "\"end\": \"2s\"", "test.json(14,10): 'end' must not be before the last step, at 3.000000000 s.")]
    [TestCase("\"id\": 4319", "\"id\": \"4319\"", "test.json(16,32): 'id' must be a whole number from 1 to 65535, not a string.")]
    [TestCase("\"id\": 4319,", "\"id\": 4319, \"at\": \"10s\",", "test.json(16,44): 'at' must not be after the end, at 9.000000000 s.")]
    [TestCase("\"id\": 4319,", "\"id\": 4319, \"dialects\": [\"nt5\"],", "test.json(16,50): There is no dialect \"nt5\": expected 'rfc1002', 'nt3.5', 'nt3.51', 'nt4', 'w2k', 'w10', 'w11' or 'ws2025'.")]
    [TestCase("\"of\": \"boot\"", "\"of\": \"reboot\"", "test.json(17,33): There is no command with the id \"reboot\": expected 'boot'.")]
    [TestCase("\"expect\": \"event\"", "\"expect\": \"entry\"", "test.json(16,17): 'expect' must be 'event', 'name', 'packets', 'result', 'record' or 'decision', not \"entry\".")]
    [TestCase("\"expect\": \"event\", \"id\": 4319", "\"expect\": \"decision\", \"rule\": \"B5.defend-uniqe\"", "test.json(16,37): There is no rule \"B5.defend-uniqe\": expected the id of one of the rule book, such as B5.defend-unique. Did you mean 'B5.defend-unique'?")]
    [TestCase("\"expect\": \"event\", \"id\": 4319", "\"expect\": \"decision\", \"rule\": \"nothing of the kind\"", "test.json(16,37): There is no rule \"nothing of the kind\": expected the id of one of the rule book, such as B5.defend-unique.")]
    [TestCase("\"expect\": \"event\", \"id\": 4319", "\"expect\": \"decision\", \"rule\": 7", "test.json(16,37): 'rule' must be the id of a rule, such as B5.defend-unique, not a number.")]
    [TestCase("\"expect\": \"event\", \"id\": 4319", "\"expect\": \"decision\"", "test.json(16,5): an expectation needs 'rule': the id of a rule, such as B5.defend-unique.")]
    [TestCase("\"id\": 4319,", "\"id\": 4319, \"because\": \"see C1.conflict-demnd (RFC 1001 §15.1.3.5)\",", "test.json(16,49): There is no rule \"C1.conflict-demnd\": expected the id of one of the rule book, such as B5.defend-unique. Did you mean 'C1.conflict-demand'?")]
    public void AMistakeIsReportedWhereItStandsWithWhatWasExpected(string right, string wrong, string mistake)
    {
        string changed = Right.Replace(right, wrong, StringComparison.Ordinal);
        Assert.That(changed, Is.Not.EqualTo(Right));

        Assert.That(Mistakes(changed), Does.Contain(mistake).And.Length.LessThanOrEqualTo(2), "and no more than one that follows from it");
    }

    [Test]
    public void AllMistakesAreReportedInTheOrderOfTheFile()
    {
        var mistakes = Mistakes(Right
            .Replace("\"9s\"", "9", StringComparison.Ordinal)
            .Replace("\"10.0.0.1\"", "\"10.0.0.256\"", StringComparison.Ordinal)
            .Replace("\"loss\"", "null", StringComparison.Ordinal));

        Assert.That(mistakes.Select(mistake => mistake.Split(':')[0]), Is.EqualTo(new[] { "test.json(5,35)", "test.json(8,40)", "test.json(14,10)" }));
    }

    [Test]
    public void ColumnsCountCharactersAndNotOctets() =>
        Assert.That(Mistakes("{ \"name\": \"ÄÖÜ€😀\", \"nme\": 1, \"segments\": [], \"hosts\": [], \"steps\": [], \"end\": \"1s\" }"), Has.Exactly(1).StartsWith("test.json(1,21): a scenario has no 'nme'"));

    [Test]
    public void AByteOrderMarkIsNoMistake() => Assert.That(Mistakes("\uFEFF" + Right), Is.Empty);

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("null")]
    [TestCase("{")]
    [TestCase("{\"name\": \"\\ud800\"}")]
    [TestCase("{\"hosts\": 3, \"segments\": {}, \"steps\": null, \"rules\": \"x\", \"expect\": true, \"routers\": [1], \"name\": [], \"end\": {}, \"dialect\": 5}")]
    public void RubbishIsReportedAndNothingThrown(string text) => Assert.That(Mistakes(text), Is.Not.Empty);

    [Test]
    public void EveryPrefixAndEveryChangedOctetIsReadOrReported()
    {
        byte[] everything = Encoding.UTF8.GetBytes(ScenarioSchemaTests.Everything());
        for (int length = 0; length < everything.Length - 4; length += 7)
            Assert.That(Scenario.TryParse(everything.AsSpan(0, length), "test.json", out _, out _), Is.False);
        var random = new RandomStream(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] changed = [.. everything];
            changed[random.Next((uint)changed.Length)] = (byte)random.Next(256);
            Assert.That(() => Scenario.TryParse(changed, "test.json", out _, out _), Throws.Nothing);
        }
    }

    [Test]
    public void ParseThrowsWithTheMistakesAndLoadReadsAFile()
    {
        var error = Assert.Throws<ScenarioException>(() => Scenario.Parse("{}"u8, "test.json"));
        Assert.That(error!.Mistakes, Has.Length.GreaterThan(3));

        string path = Path.Combine(TestContext.CurrentContext.TestDirectory, "right.json");
        File.WriteAllText(path, Right);
        Assert.That(Scenario.Load(path).Name, Is.EqualTo("test"));
        using var stream = File.OpenRead(path);
        Assert.That(Scenario.Read(stream, "a stream").Name, Is.EqualTo("test"));
        error = Assert.Throws<ScenarioException>(() => Scenario.Read(Stream.Null, "a stream"));
        Assert.That(error!.Message, Does.StartWith("a stream(1,1): The file is empty"));
    }

    /// <summary>What cannot be read has no value that could be wrong a second time.</summary>
    [TestCase("\"10.0.0.2\"", "\"10.0.0.2.1\"")]
    [TestCase("\"10.0.0.2\"", "10002")]
    [TestCase("\"10.0.0.2\"", "\"10.0.0.300\"")]
    [TestCase("\"address\": \"10.0.0.2\", ", "")]
    public void AnAddressThatIsNone_IsOneMistake(string right, string wrong) =>
        Assert.That(Mistakes(Right.Replace(right, wrong, StringComparison.Ordinal)), Has.Length.EqualTo(1).And.All.Contains("'address'"));

    private static string[] Mistakes(string text)
    {
        bool isRight = Scenario.TryParse(Encoding.UTF8.GetBytes(text), "test.json", out var scenario, out var mistakes);
        Assert.That(isRight, Is.EqualTo(mistakes.IsEmpty));
        Assert.That(scenario is not null, Is.EqualTo(isRight));
        return [.. mistakes.Select(mistake => mistake.ToString())];
    }

    [TestCase("{}", true)]
    [TestCase("\uFEFF \r\n\t{", true)]
    [TestCase("// why", true)]
    [TestCase("name: x", false)]
    [TestCase("", false)]
    public void AFileThatMayBeAScenario_IsToldByItsBeginning(string text, bool expected)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(text)) { Position = text.Length };
        Assert.That((Scenario.IsLikely(file), file.Position), Is.EqualTo((expected, 0)));
    }
}
