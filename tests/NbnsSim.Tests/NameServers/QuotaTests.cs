using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>One source cannot fill the server for the others.</summary>
public sealed class QuotaTests
{
    private static readonly Func<NameServerOptions, NameServerOptions> Shares = options => options.WithShares();

    [Test]
    [Reaches("S20.share")]
    public void RuleS20_ASourceGetsItsShareOfNamesAndTheOthersTheirs()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, options => options with { NamesPerSource = 3 });
        for (int i = 0; i < 3; i++)
            bench.Register($"AT{i}<20>", $"10.9.9.{i}", source: "10.0.0.66").Accepted();
        for (int i = 3; i < 10; i++)
            bench.Register($"AT{i}<20>", "10.9.9.9", source: "10.0.0.66").Refused(NbnsRcode.Refused);
        Assert.That(bench.Log().Select(entry => (entry.Id, entry.Address)), Is.EqualTo(new[] { (WinsEventId.SourceLimited, ServerBench.Ip("10.0.0.66")) }), "once");
        Assert.That(bench.Server.Statistics.Limited, Is.EqualTo(7));
        bench.Register("OTHER<20>", "10.0.0.5").Accepted();
        bench.Refresh("AT0<20>", "10.9.9.0", source: "10.0.0.66").Accepted();
        Assert.That(bench.Server.Count, Is.EqualTo(4));
    }

    [Test]
    public void RuleS20_WhatIsGoneIsNotCountedAnyMore()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured, options => options with { NamesPerSource = 2 });
        for (int i = 0; i < 10; i++)
        {
            bench.Register("ONE<20>", "10.0.0.5").Accepted();
            bench.Register("TWO<20>", "10.0.0.5").Accepted();
            bench.Register("THREE<20>", "10.0.0.5").Refused(NbnsRcode.Refused);
            bench.Release("ONE<20>", "10.0.0.5").HasFlags(0xB400);
            bench.Release("TWO<20>", "10.0.0.5").HasFlags(0xB400);
        }
    }

    [Test]
    public void RuleS20_MembersOfGroupsCountToo()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured, options => options with { NamesPerSource = 3 });
        bench.Register("LAB<00>", "10.0.0.5", group: true).Accepted();
        for (int i = 0; i < 3; i++)
            bench.Register("LAB<00>", $"10.9.9.{i}", group: true, source: "10.0.0.66").Accepted();
        bench.Register("LAB<00>", "10.9.9.9", group: true, source: "10.0.0.66").Refused(NbnsRcode.Refused);
        bench.Register("LAB<00>", "10.9.9.0", group: true, source: "10.0.0.66").Accepted();
        bench.Register("LAB<00>", "10.0.0.6", group: true).Accepted();
        bench.Release("LAB<00>", "10.9.9.1", group: true, source: "10.9.9.1");
        bench.Release("LAB<00>", "10.9.9.1", group: true, source: "10.0.0.5");
        Assert.That(bench.Record("LAB<00>")!.Addresses, Has.Length.EqualTo(4));
        bench.Register("LAB<00>", "10.9.9.9", group: true, source: "10.0.0.66").Accepted();
    }

    [Test]
    public void RuleS20_ASourceGetsItsShareOfWaitingClaimsAndTheOthersTheirs()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, Shares);
        for (int i = 0; i < 100; i++)
            bench.Register($"AT{i}<20>", $"10.8.8.{i}").Accepted();
        bench.Register("LAPTOP<20>", "10.0.0.4").Accepted();
        int challenged = 0, refused = 0;
        for (int i = 0; i < 100; i++)
        {
            var sent = bench.Register($"AT{i}<20>", "10.10.10.10");
            challenged += sent.Count(one => one.Opcode == NbnsOpcode.Query);
            refused += sent.Count(one => one.Flags == 0xAD85);
        }

        Assert.That((challenged, refused), Is.EqualTo((64, 36)));
        bench.Register("LAPTOP<20>", "10.0.0.5").Challenge();
        Assert.That(bench.Log().Count, Is.EqualTo(1));
        bench.Pass(TimeSpan.FromSeconds(4));
        bench.Query("LAPTOP<20>").Answers("10.0.0.5");
        Assert.That(bench.Server.TransactionCount, Is.Zero);
        bench.Register("AT99<20>", "10.10.10.10").Challenge();
    }

    [Test]
    public void RuleS20_AnOwnerIsAskedAboutSoManyNamesAtATimeWhoeverClaims()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, Shares);
        for (int i = 0; i < 200; i++)
            bench.Register($"AT{i}<20>", "10.8.8.8").Accepted();
        bench.Register("LAPTOP<20>", "10.0.0.4").Accepted();
        int asked = 0;
        for (int i = 0; i < 200; i++)
            asked += bench.Register($"AT{i}<20>", $"10.10.10.{i + 1}").Count(one => one.To.Address == ServerBench.Ip("10.8.8.8"));
        Assert.That(asked, Is.EqualTo(64));
        bench.Register("LAPTOP<20>", "10.0.0.5").Challenge();
        bench.Pass(TimeSpan.FromSeconds(4));
        bench.Register("AT199<20>", "10.10.10.200").Challenge();
    }

    [Test]
    [Reaches("S20.asked-enough")]
    public void RuleS20_OneClaimAsksABoundedNumberOfTimesAndWhoCouldNotBeAskedKeepsTheName()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, Shares);
        string[] addresses = [.. Enumerable.Range(1, 25).Select(i => $"10.7.0.{i}")];
        bench.RegisterMultihomed("AMP<20>", addresses[0]).Accepted();
        for (int i = 1; i < 25; i++)
            bench.Holds(bench.RegisterMultihomed("AMP<20>", addresses[i]).Challenge(), addresses).Accepted();
        var sent = bench.Register("AMP<20>", "10.0.0.3");
        sent.AddRange(bench.Pass(TimeSpan.FromMinutes(2)));
        Assert.That(sent.Count(one => one.Opcode == NbnsOpcode.Query), Is.EqualTo(12));
        Assert.That(sent[^1].Flags, Is.EqualTo(0xAD86));
    }

    [Test]
    public void RuleS20_WithinItsBudgetEveryAddressIsAskedThoughLessOften()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, Shares);
        string[] addresses = [.. Enumerable.Range(1, 6).Select(i => $"10.7.0.{i}")];
        bench.RegisterMultihomed("AMP<20>", addresses[0]).Accepted();
        for (int i = 1; i < 6; i++)
            bench.Holds(bench.RegisterMultihomed("AMP<20>", addresses[i]).Challenge(), addresses).Accepted();
        var sent = bench.Register("AMP<20>", "10.0.0.3");
        sent.AddRange(bench.Pass(TimeSpan.FromMinutes(2)));
        Assert.That(sent.Where(one => one.Opcode == NbnsOpcode.Query).GroupBy(one => one.To.Address).Select(one => one.Count()), Is.EqualTo(new[] { 2, 2, 2, 2, 2, 2 }));
        Assert.That(sent[^1].Flags, Is.EqualTo(0xAD80));
    }

    [Test]
    [Reaches("S20.full")]
    public void RuleS20_AFullServerSaysSoOnceAnHour()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002Secured, options => options with { MaxNames = 1 });
        for (int round = 0; round < 3; round++)
        {
            bench.Register("ONE<20>", "10.0.0.1").Accepted();
            bench.Register("TWO<20>", "10.0.0.2").Refused(NbnsRcode.ServerFailure);
            bench.Register("TWO<20>", "10.0.0.2").Refused(NbnsRcode.ServerFailure);
            Assert.That(bench.Log().Select(entry => entry.Id), Is.EqualTo(round == 1 ? [] : new[] { WinsEventId.ServerFull }));
            bench.Release("ONE<20>", "10.0.0.1").HasFlags(0xB400);
            bench.Now += TimeSpan.FromMinutes(round == 0 ? 59 : 1);
        }
    }

    [Test]
    public void RuleS20_RestoredNamesGoOnTheAccountOfTheirAddress()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, options => options with { NamesPerSource = 2 });
        bench.Register("ONE<20>", "10.0.0.1").Accepted();
        bench.Register("TWO<20>", "10.0.0.1").Accepted();
        var again = new NameServer(bench.Server.Options);
        foreach (var record in bench.Server.GetRecords())
            again.Restore(bench.Now, record);
        bench.Server = again;
        bench.Register("THREE<20>", "10.0.0.1").Refused(NbnsRcode.Refused);
        bench.Register("THREE<20>", "10.0.0.2").Accepted();
    }

    [Test]
    public void TheTableOfSourcesHoldsOnlyThoseThatHoldSomething()
    {
        var table = new SourceTable();
        var random = new Random(1);
        var names = new Dictionary<uint, int>();
        for (int i = 0; i < 20_000; i++)
        {
            uint address = (uint)random.Next(1, 500);
            int held = names.GetValueOrDefault(address);
            ushort source = table.FindOrAdd(new Ipv4Address(address));
            Assert.That(table[source].Names, Is.EqualTo(held));
            table.AddName(source);
            if (held > 0 || random.Next(2) == 0)
            {
                for (; held >= 0; held--)
                    table.RemoveName(source);
            }

            names[address] = held + 1;
        }

        Assert.That(table.Count, Is.EqualTo(names.Count(pair => pair.Value > 0)));
        foreach (uint address in names.Where(pair => pair.Value == 0).Select(pair => pair.Key))
            Assert.That(table.Find(new Ipv4Address(address)), Is.EqualTo(SourceTable.None));
    }

    [Test]
    public void SourcesBeyondTheTableAreNotCounted()
    {
        var table = new SourceTable();
        for (uint i = 1; i <= ushort.MaxValue; i++)
            table.AddName(table.FindOrAdd(new Ipv4Address(i)));
        Assert.That(table.FindOrAdd(new Ipv4Address(100_000)), Is.EqualTo(SourceTable.None));
        table.RemoveName(table.Find(new Ipv4Address(7)));
        Assert.That(table.FindOrAdd(new Ipv4Address(100_000)), Is.Not.EqualTo(SourceTable.None));
    }
}
