using System.Text.Json;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Tests;

/// <summary><c>dialects</c> and <c>rules</c>: what machines do, as data.</summary>
public sealed class DialectsCommandTests
{
    [Test]
    public void WithoutAName_TheDialectsAreListed()
    {
        var run = ToolRun.Of("dialects");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Lines.Count(), Is.EqualTo(NetBtDialect.All.Length + NameServerDialect.All.Length + 3));
        Assert.That(run.Lines, Does.Contain("  nt3.51           Windows NT 3.51").And.Contain("  rfc1002-secured  RFC 1002, secured").And.Contain("One of them: nbnssim dialects nt4"));
    }

    [Test]
    public void AName_PrintsEveryBehaviourOfNodesAndNameServers()
    {
        var run = ToolRun.With([], ["dialects", "NT4"], width: 300);
        Assert.That(run.ExitCode, Is.Zero);
        var lines = run.Lines.ToList();
        Assert.That(lines, Has.Count.EqualTo(2 + DialectBehaviour.Of(NetBtDialect.WindowsNt4).Length + DialectBehaviour.Of(NameServerDialect.WinsNt4).Length));
        Assert.That(lines[0], Is.EqualTo("Windows NT 4.0"));
        Assert.That(lines, Does.Contain("  cacheTimeoutSurplus                      1min              documented: Q236901"));
        Assert.That(lines, Does.Contain("  defendsAgainstOwnAdapters                true              documented: Q102795, Q103470; turns N27.first-adapter"));
        Assert.That(lines, Does.Contain("  burstThreshold                           500               documented: Q154410, cc758322; turns W10.burst"));
    }

    [Test]
    public void LongLines_AreWrapped() => Assert.That(ToolRun.With([], ["dialects", "nt4"], width: 100).Lines.Max(line => line.Length), Is.LessThanOrEqualTo(100));

    [Test]
    public void Diff_PrintsWhatDiffers_WithTheRulesThatItTurns()
    {
        var run = ToolRun.With([], ["dialects", "--diff", "nt3.5", "nt3.51"], width: 300);
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Is.EqualTo("""
            Windows NT 3.5 → Windows NT 3.51
              asksNextServerAfterNegative: false → true
                false             documented: RFC 1002 §5.1.2.3 knows of one name server; Q137780
                true              documented: Q137780, Q222840
                turns N5.next-server  Where a name server is silent, or does not know a name, the next one is asked.
              releaseDemand: conflictOnName → conflictOnNameAndAddress
                conflictOnName    inferred: explains Q131739, which names no mechanism
                conflictOnNameAndAddress  inferred: that this is what Windows NT 3.51 corrected (Q131739)
                turns B5.own-table  A B node that hears somebody else's release purges its cache and leaves its own names alone.
                turns P6.release-deletes  A P or M node that receives a release of its name deletes the name and informs the user.
                turns N15.address-differs  A release is heeded only if it carries the node's own address.
                turns N15.own-address  A release of a held name that carries the node's own address makes Windows give the name up.
                turns N15.name-alone  Windows NT 3.5 takes a release of a name it holds for its own although the release carries another machine's address.
              releasesServerNameOnFirstAdapterOnly: false → true
                false             documented: RFC 1001 §15.4
                true              documented: Q184832
              skipsReleasesAtShutdown: false → true
                false             documented: RFC 1001 §15.4
                true              documented: Q140419
              unregisteredRefreshInterval: 0 → 10min
                0                 documented: Q164308
                10min             documented: Q164308

            """));
    }

    [Test]
    public void Diff_OfADialectWithItself_IsEmpty() => Assert.That(ToolRun.Of("dialects", "--diff", "w2k", "w2k", "--json"), Is.EqualTo(new ToolRun(0, "", "")));

    [Test]
    public void Json_IsAnObjectALine()
    {
        var all = ToolRun.Of("dialects", "--json").Lines.Select(Parse).ToList();
        Assert.That(all, Has.Count.EqualTo(NetBtDialect.All.Sum(dialect => DialectBehaviour.Of(dialect).Length) + NameServerDialect.All.Sum(dialect => DialectBehaviour.Of(dialect).Length)));
        Assert.That(all.Select(one => one.GetProperty("type").GetString()).Distinct(StringComparer.Ordinal), Is.EqualTo(new[] { "behaviour" }));
        var one = ToolRun.Of("dialects", "nt3.51", "--json").Lines.Select(Parse).Single(line => line.GetProperty("name").GetString() == "releasesRefusedUserName");
        Assert.That(one.GetRawText(), Is.EqualTo(
            "{\"schemaVersion\":1,\"type\":\"behaviour\",\"role\":\"node\",\"name\":\"releasesRefusedUserName\",\"dialect\":\"nt3.51\",\"value\":\"true\",\"basis\":\"inferred\"," +
            "\"source\":\"explains Q131739, which names no mechanism\",\"rules\":[\"N15.release-refused\",\"N15.refused-not-released\"]}"));
        var other = ToolRun.Of("dialects", "--diff", "rfc1002", "rfc1002-secured", "--json").Lines.Select(Parse).First();
        Assert.That(other.GetProperty("from").GetProperty("dialect").GetString(), Is.EqualTo("rfc1002"));
        Assert.That(other.GetProperty("to").GetProperty("basis").GetString(), Is.AnyOf("documented", "observed", "inferred"));
    }

    [TestCase(new[] { "dialects", "nt9" }, 3, "nbnssim: There is no dialect 'nt9': expected one of rfc1002, nt3.5, nt3.51, nt4, w2k, w10, w11, ws2025, rfc1002-secured.\n")]
    [TestCase(new[] { "dialects", "--diff", "nt3.51", "rfc1002-secured" }, 3, "nbnssim: 'nt3.51' and 'rfc1002-secured' cannot be compared: one is a node's, the other a name server's.\n")]
    public void WhatIsNotThere_EndsWith3(string[] arguments, int code, string error) => Assert.That(ToolRun.Of(arguments), Is.EqualTo(new ToolRun(code, "", error)));

    [TestCase("dialects", "--diff", "nt4")]
    [TestCase("dialects", "nt4", "--diff", "nt4", "w2k")]
    [TestCase("dialects", "nt4", "w2k")]
    public void BadArguments_EndWith2(params string[] arguments)
    {
        var run = ToolRun.Of(arguments);
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
        Assert.That(run.Error, Does.EndWith("Try 'nbnssim dialects --help'.\n"));
    }

    [Test]
    public void Rules_OfAGroup_SayWhatItIsAbout()
    {
        var run = ToolRun.With([], ["rules", "c6"], width: 300);
        Assert.That(run.Lines.First(), Is.EqualTo("C6"));
        Assert.That(run.Output, Does.Contain("about       a name that was refused everywhere leaves the table").And.Contain("C6.refused-kept"));
        Assert.That(ToolRun.With([], ["rules", "N14"], width: 300).Output, Does.Contain("a name has at most 255 octets"), "a group that leads to no decision");
        Assert.That(ToolRun.Of("rules", "--json").Lines.Count(), Is.EqualTo(RuleBook.All.Length));
        Assert.That(ToolRun.Of("rules", "Z1"), Is.EqualTo(new ToolRun(3, "", "nbnssim: There is no rule 'Z1': nbnssim rules lists them.\n")));
    }

    private static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
