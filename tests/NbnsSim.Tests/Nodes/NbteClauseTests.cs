using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>The sentences of MS-NBTE §3.1 that no rule's test shows already; <c>tests/CLAUSES.md</c> has them all.</summary>
public sealed class NbteClauseTests
{
    [Test]
    [Clause("MS-NBTE §3.1.1/1")]
    public void Interfaces_AreConfigured_InOrder()
    {
        var node = new EndNode("ALPHA", [EndNodeInterface.InSubnet(Ip("10.0.1.1")), EndNodeInterface.InSubnet(Ip("10.0.0.1"))], EndNodeOptions.Default);
        Assert.That((node.InterfaceCount, node.GetInterface(0).Address, node.GetInterface(1).Address), Is.EqualTo((2, Ip("10.0.1.1"), Ip("10.0.0.1"))));
    }

    [Test]
    [Clause("MS-NBTE §3.1.1/2")]
    public void LmHosts_IsNotReadUnlessItIsGiven()
    {
        Assert.That(EndNodeOptions.Default.LmHosts, Is.Null);
        Assert.That(new EndNode("ALPHA", EndNodeInterface.InSubnet(Ip("10.0.0.1")), EndNodeOptions.Default).GetCacheRows(Instant.MinValue), Is.Empty);
    }

    [Test]
    [Clause("MS-NBTE §3.1.4/1")]
    public void ClaimsQueriesAndReleases_AreBroadcastOnEveryInterface()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000, null, "10.0.1.1");
        void Check(string what)
        {
            bed.RunSeconds(10);
            foreach (var kind in bed.Log.GroupBy(sent => sent.Flags))
                Assert.That(kind.Select(sent => sent.Destination.Address).Distinct(), Is.EquivalentTo([Ip("10.0.0.255"), Ip("10.0.1.255")]), $"{what} {kind.Key:X4}");
            Assert.That(bed.Log, Is.Not.Empty);
            bed.Log.Clear();
        }

        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Check("claim");
        bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Check("query");
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        Check("release");
    }

    [TestCase("NAME<7F>")]
    [TestCase("lower case<00>")]
    [TestCase("<00><01><02><03><04><05><06><07><08><09><0A><0B><0C><0D><0E><0F>")]
    [Clause("MS-NBTE §3.1.4.1/3")]
    [Clause("MS-NBTE §3.1.4.2/1")]
    public void AnySixteenOctets_AreANameToClaimAndToFind(string name)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000);
        var asker = bed.Add("BETA", "10.0.0.2", NetBtDialect.Windows2000);
        bed.Do(node, now => node.AddName(now, Name(name)));
        bed.RunSeconds(10);
        Assert.That(node.GetNameState(Name(name)), Is.EqualTo(LocalNameState.Registered));
        var id = bed.Do(asker, now => asker.Query(now, Name(name)));
        Assert.That(bed.Result(asker, id).Entries.Single().Address, Is.EqualTo(node.Address));
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.2/3")]
    public void ABNode_AsksNoNameServer_TheOthersDo()
    {
        foreach (var type in Enum.GetValues<OwnerNodeType>())
        {
            var bed = new NodeBed();
            var server = new ScriptedServer(bed);
            var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000, options => options with { NodeType = type, NameServers = [server.Address] });
            bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
            bed.RunSeconds(10);
            Assert.That(server.Received, Has.Count.EqualTo(type == OwnerNodeType.B ? 0 : 1), type.ToString());
        }
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.2/4")]
    public void EachNameServer_IsAskedInTurn_UntilOneResponds()
    {
        var bed = new NodeBed();
        ScriptedServer[] servers = [.. Enumerable.Range(200, 4).Select(i => new ScriptedServer(bed, $"10.0.0.{i}") { IsDown = i < 202 })];
        servers[2].Then(NameQueryRequest, Respond(0x8580, 0, "10.0.0.7"));
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000, options => options with { NodeType = OwnerNodeType.P, NameServers = [.. servers.Select(server => server.Address)] });
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(30);
        Assert.That(servers.Select(server => server.Received.Count), Is.EqualTo([3, 3, 1, 0]));
        Assert.That(bed.Result(node, id).Responder, Is.EqualTo(servers[2].Address));
    }

    [TestCase(0xB400, false)]
    [TestCase(0xB406, true)]
    [TestCase(0, true)]
    [Clause("MS-NBTE §3.1.7/3")]
    [Clause("MS-NBTE §3.1.7/4")]
    public void AfterAChangeOfAddress_AnHNode_ReleasesTheOldOneAtTheServer_AndByBroadcastOnlyWhereThatFails(int answer, bool broadcasts)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000, options => options with { NameServers = [server.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.Log.Clear();
        for (int i = 0; i < 3; i++)
            server.Then(NameReleaseRequest, answer == 0 ? Silence : Respond((ushort)answer));
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.0.2")));
        bed.RunSeconds(40);
        var sent = bed.From(node).ToList();
        Assert.That(sent[0].Flags, Is.EqualTo(0x3000));
        Assert.That(sent.Where(one => one.Flags is 0x3000 or 0x3010).Select(one => one.Entry.Address), Is.All.EqualTo(Ip("10.0.0.1")), "it is the old address that goes");
        Assert.That(sent.Count(one => one.Flags == 0x3010), Is.EqualTo(broadcasts ? 3 : 0));
        Assert.That(sent.FindLastIndex(one => one.Flags is 0x3000 or 0x3010), Is.LessThan(sent.FindIndex(one => one.Flags is 0x2900 or 0x2910)), "then the name is claimed for the new one");
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    [Clause("MS-NBTE §3.1.8/2")]
    [Clause("MS-NBTE §3.1.8/3")]
    [Clause("MS-NBTE §3.1.8/6")]
    public void LmHosts_IsReadLineByLine_AsLongAsTheLinesThatMatchHaveMH()
    {
        var file = LmHostsFile.Parse("10.1.0.1 one\n10.1.0.2 two #MH\n10.1.0.9 one #MH\n10.1.0.3 TWO\n10.1.0.4 two #MH");
        Assert.That(file.Find(Name("ONE<20>"), out _), Is.EqualTo([Ip("10.1.0.1")]));
        Assert.That(file.Find(Name("TWO<20>"), out _), Is.EqualTo([Ip("10.1.0.2"), Ip("10.1.0.3")]));
    }

    [Test]
    [Clause("MS-NBTE §3.1.8/7")]
    public void LmHosts_ANameOfSixteenOctets_IsTakenAsItIs()
    {
        var file = LmHostsFile.Parse("10.1.0.1 \"appname        \\0x14\"\n10.1.0.2 \"appname        \\0x14\"");
        Assert.That(file.Find(Name("appname<14>"), out _), Is.EqualTo([Ip("10.1.0.1")]));
        Assert.That(file.Find(Name("APPNAME<14>"), out _), Is.Empty);
    }

    [TestCase("LAB<1C>", "10.1.0.4")]
    [TestCase("DC1<20>", "10.1.0.4")]
    [Clause("MS-NBTE §3.1.8/4")]
    [Clause("MS-NBTE §3.1.8/5")]
    public void LmHosts_WhatIsPreloaded_IsTheAnswerAtOnce(string name, string address)
    {
        var bed = new NodeBed();
        var file = LmHostsFile.Parse("10.1.0.4 dc1 #PRE #DOM:lab\n10.1.0.5 dc2 #DOM:lab\n10.1.0.6 dc1");
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000, options => options with { LmHosts = file });
        var id = bed.Do(node, now => node.Query(now, Name(name)));
        Assert.That(bed.Result(node, id).Entries.Select(entry => entry.Address), Is.EqualTo([Ip(address)]));
        Assert.That(bed.Log, Is.Empty);
    }
}
