using System.Buffers;
using System.Text;
using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What a name server counts, in which order it tells what it has, and what is just inside or outside of a bound.</summary>
public sealed class NameServerBoundsTests
{
    private static readonly NetBiosName Fred = NetBiosName.Parse("FRED<20>");

    private static ServerBench One(NameServerDialect? dialect = null, Func<NameServerOptions, NameServerOptions>? change = null) =>
        new(dialect ?? NameServerDialect.Windows2000, change);

    private static ServerBench Two() => new(NameServerDialect.Windows2000, address: "10.0.1.250");

    private static string[] Names(IEnumerable<NameRecord> records) => [.. records.Select(record => record.Name.ToString())];

    private static string Json(NameServer server)
    {
        var octets = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(octets);
        server.Save(writer);
        Assert.That(writer.BytesPending, Is.Zero, "all of it is written when Save returns");
        return Encoding.UTF8.GetString(octets.WrittenSpan);
    }

    private static NameServer Load(string json)
    {
        Assert.That(NameServer.TryLoad(new NameServerOptions(), default, Encoding.UTF8.GetBytes(json), out var server, out var problem), Is.True, problem);
        return server!;
    }

    private static List<Sent> RegisterWithoutRecord(ServerBench bench, string name)
    {
        Span<byte> buffer = stackalloc byte[576];
        return bench.Deliver(buffer[..NbnsEncoder.WriteQuery(buffer, 7, NbnsFlagWords.RegistrationRequest, NetBiosName.Parse(name))], "10.0.0.9");
    }

    private static List<Sent> Wacks(ServerBench bench, Sent challenge, uint seconds)
    {
        Span<byte> buffer = stackalloc byte[576];
        int length = NbnsEncoder.WriteWack(buffer, challenge.Id, NbnsFlagWords.Wack, challenge.Name, seconds, new NbnsFlags(0));
        return bench.Deliver(buffer[..length], challenge.To.Address.ToString());
    }

    [Test]
    [Reaches("D3.unreadable")]
    public void EachDatagramIsCounted()
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Query("FRED<20>").Answers("10.0.0.1");
        bench.Deliver([1, 2, 3], "10.0.0.1");
        var counted = bench.Server.Statistics;
        Assert.That((counted.Datagrams, counted.Registrations, counted.Queries, counted.QueriesFound, counted.Unreadable), Is.EqualTo((3L, 1L, 1L, 1L, 1L)));
    }

    [Test]
    public void EachStateThatANameLeavesIsCounted()
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Pass(TimeSpan.FromDays(60));
        Assert.That(bench.Server.Count, Is.Zero);
        Assert.That(bench.Server.Statistics.Expired, Is.EqualTo(3), "released, a tombstone, gone");
    }

    [Test]
    [Reaches("D3.unknown-transaction")]
    public void AResponseThatNobodyWaitsForIsIgnored()
    {
        var bench = One();
        bench.Holds(new Sent(Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.1")), 7, 0, Fred, NbnsType.NB, 0, []), "10.0.0.1");
        Assert.That(bench.Server.Statistics.Ignored, Is.EqualTo(1));
    }

    [Test]
    [Reaches("S11.time-spent")]
    public void RuleS11_AWackAtTheEndOfAllWaitingIsIgnored()
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.9").Challenge();
        Wacks(bench, challenge, 60);
        Assert.That(bench.Server.Statistics.Ignored, Is.Zero);
        bench.Now += bench.Server.Dialect.MaxWackWait;
        Wacks(bench, challenge, 60);
        Assert.That(bench.Server.Statistics.Ignored, Is.EqualTo(1));
        Assert.That(bench.Server.PollTimeout(), Is.EqualTo(bench.Now));
    }

    [Test]
    public void WhoAsksForLessTimeIsAskedAgainEarlier()
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("JANE<20>", "10.0.0.2").Accepted();
        bench.Register("JOHN<20>", "10.0.0.3").Accepted();
        var fred = bench.Register("FRED<20>", "10.0.0.9").Challenge();
        var jane = bench.Register("JANE<20>", "10.0.0.9").Challenge();
        var john = bench.Register("JOHN<20>", "10.0.0.9").Challenge();
        Wacks(bench, fred, 30);
        Wacks(bench, jane, 10);
        Wacks(bench, john, 20);
        foreach (var next in (Sent[])[jane, john, fred])
        {
            Assert.That(bench.Pass(TimeSpan.FromSeconds(9)), Is.Empty);
            Assert.That(bench.Pass(TimeSpan.FromSeconds(1)).Challenge().Name, Is.EqualTo(next.Name));
            bench.Holds(next, next.To.Address.ToString()).Refused(NbnsRcode.ActiveError);
        }
    }

    [Test]
    public void ANegativeAnswerOfAStrangerIsIgnoredThoughItListsTheOwner()
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        var challenge = bench.Register("FRED<20>", "10.0.0.9").Challenge();
        Span<byte> buffer = stackalloc byte[576];
        NbEntry[] entries = [new(new NbFlags(0x6000), ServerBench.Ip("10.0.0.1")), new(new NbFlags(0x6000), ServerBench.Ip("10.0.0.5"))];
        const int negative = NbnsFlagWords.QueryResponse | (int)NbnsRcode.NameError;
        int length = NbnsEncoder.WriteResponse(buffer, challenge.Id, negative, challenge.Name, 0, entries);
        Assert.That(bench.Deliver(buffer[..length], "10.0.0.5"), Is.Empty);
        Assert.That(bench.Server.Statistics.Ignored, Is.EqualTo(1));
        bench.Holds(challenge, "10.0.0.1").Refused(NbnsRcode.ActiveError);
    }

    [Test]
    [Reaches("D3.malformed")]
    public void Rfc1002_4_2_6_ARegistrationWithoutARecordIsAFormatError() =>
        RegisterWithoutRecord(One(), "FRED<20>").Refused(NbnsRcode.FormatError);

    [Test]
    public void RuleW10_OnlyWhatHasARecordIsAnsweredUnseen()
    {
        var bench = One(NameServerDialect.WinsNt4 with { BurstThreshold = 1 }, options => options with { RequestsPerSecond = 10 });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        Assert.That(bench.Register("JANE<20>", "10.0.0.2"), Is.Empty, "it waits: no burst yet");
        Assert.That(RegisterWithoutRecord(bench, "JOHN<20>"), Is.Empty);
        Assert.That((bench.Server.WaitingRequests, bench.Server.Statistics.BurstAnswers), Is.EqualTo((2, 0L)));
        bench.Register("JACK<20>", "10.0.0.3").Accepted();
        Assert.That((bench.Server.WaitingRequests, bench.Server.Statistics.BurstAnswers), Is.EqualTo((2, 1L)));
        Assert.That(bench.Pass(TimeSpan.FromSeconds(1)).Select(sent => sent.Rcode), Is.EqualTo(new[] { NbnsRcode.Success, NbnsRcode.FormatError }));
    }

    [Test]
    [Reaches("S5.redirect")]
    public void ARedirectForWhichThereIsNoRoomIsDropped()
    {
        var elsewhere = new NameServerRedirect(NetBiosName.Parse("OTHER"), ServerBench.Ip("10.0.1.250"));
        var bench = One(change: options => options with { Redirect = elsewhere, MaxQueuedOctets = NbnsHeader.MaxDatagramLength });
        Assert.That(bench.Query("FRED<20>"), Is.Empty, "three names as long as can be do not fit");
        Assert.That(bench.Server.Statistics.Dropped, Is.EqualTo(1));
    }

    [Test]
    public void ADemandHoldsItsScopeNoLongerThanItTakes()
    {
        var one = One(NameServerDialect.Windows2000 with { RejectedReplicaDemand = NodeDemand.Conflict }, options => options with { MaxScopes = 1 });
        var two = Two();
        one.Register("FRED<20>.LAB", "10.0.0.1").Accepted();
        two.Register("FRED<20>.LAB", "10.0.1.2").Accepted();
        ServerBench.Pull(one.Now, one.Server, two.Server);
        var demand = one.Holds(one.Drain().Challenge(), "10.0.0.1").HasFlags(0xAD87);
        Assert.That((demand.To.Address, demand.Name.ToString()), Is.EqualTo((ServerBench.Ip("10.0.1.2"), "FRED<20>.LAB")));
        one.Register("JANE<20>.OTHER", "10.0.0.1").Refused(NbnsRcode.ServerFailure);
        one.Pass(TimeSpan.FromDays(60));
        one.Register("JANE<20>.OTHER", "10.0.0.1").Accepted();
    }

    [Test]
    public void ALabelHas63OctetsAtMost()
    {
        string scope = new('S', NetBiosScope.MaxLabelLength);
        var bench = One(change: options => options with { JournalsChanges = true });
        bench.Register($"FRED<20>.{scope}", "10.0.0.1").Accepted();
        Assert.That(NameRecord.TryRead(Octets(bench.Server), out var record), Is.True);
        Assert.That(record!.Name.ToString(), Is.EqualTo($"FRED<20>.{scope}"));
        string json = Json(bench.Server);
        Assert.That(Names(Load(json).GetRecords()), Is.EqualTo(new[] { $"FRED<20>.{scope}" }));

        string tooLong = json.Replace("\"3F53", "\"405353", StringComparison.Ordinal);
        Assert.That(tooLong, Is.Not.EqualTo(json));
        Assert.That(NameServer.TryLoad(new NameServerOptions(), default, Encoding.UTF8.GetBytes(tooLong), out _, out var problem), Is.False);
        Assert.That(problem, Does.Contain("labels"));
    }

    [TestCase(0x00, true)]
    [TestCase(0x04, true)]
    [TestCase(0x08, true)]
    [TestCase(0x0C, false, Description = "there are three states")]
    public void AStateThatThereIsNotIsNotRead(byte state, bool isRead)
    {
        var bench = One(change: options => options with { JournalsChanges = true });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        byte[] octets = Octets(bench.Server);
        octets[1] |= state;
        Assert.That(NameRecord.TryRead(octets, out _), Is.EqualTo(isRead));
    }

    private static byte[] Octets(NameServer server)
    {
        Assert.That(server.TryPollChange(out var change), Is.True);
        byte[] octets = new byte[NameRecord.MaxEncodedLength];
        return octets.AsSpan(0, change.WriteRecord(octets)).ToArray();
    }

    [TestCase(0x0000, "B")]
    [TestCase(0x2000, "P")]
    [TestCase(0x4000, "M")]
    [TestCase(0x6000, "H")]
    public void ANodesTypeIsSavedByItsLetter(int nodeType, string letter)
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1", nodeType: (ushort)nodeType).Accepted();
        string json = Json(bench.Server);
        Assert.That(json, Does.Contain($"\"nodeType\":\"{letter}\""));
        Assert.That(Load(json).FindRecord(Fred)!.Addresses[0].NodeType, Is.EqualTo((OwnerNodeType)(nodeType >> 13)));
    }

    [Test]
    public void WhatTheFileHasBesidesIsPassedOver()
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        string json = Json(bench.Server);
        string more = json.Replace("\"records\":", "\"note\":{\"by\":[{}]},\"records\":", StringComparison.Ordinal)
            .Replace("\"name\":", "\"note\":{\"by\":[{}]},\"scope\":null,\"name\":", StringComparison.Ordinal);
        Assert.That(Names(Load(more).GetRecords()), Is.EqualTo(new[] { "FRED<20>" }));
        Assert.That(Load(more).GetRecords(), Is.EqualTo(Load(json).GetRecords()), "no scope is the empty one");
    }

    [Test]
    public void NamesOfOneKindAreInTheOrderOfTheirScopes()
    {
        var bench = One();
        foreach (string scope in (string[])["C", "A", "B"])
            bench.Register($"FRED<20>.{scope}", "10.0.0.1").Accepted();
        Assert.That(Names(bench.Server.GetRecords()), Is.EqualTo(new[] { "FRED<20>.A", "FRED<20>.B", "FRED<20>.C" }));
    }

    [Test]
    [Reaches("W13.version")]
    public void UpdatesAreInTheOrderOfTheirVersions()
    {
        var bench = One();
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("JANE<20>", "10.0.0.2").Accepted();
        bench.Server.Replicas.BumpVersion(bench.Now, Fred, ServerBench.Ip("10.0.1.250"));
        Assert.That(Names(bench.Server.View.RecordsOf(bench.Now, bench.Server.Options.Address, 1, ulong.MaxValue)), Is.EqualTo(new[] { "JANE<20>", "FRED<20>" }));
    }

    [Test]
    public void TheLogSaysWhoseReplicaWasTaken()
    {
        var (one, two) = (One(NameServerDialect.WinsNt35), Two());
        one.Register("FRED<20>", "10.0.0.1").Accepted();
        two.Register("FRED<20>", "10.0.1.2").Accepted();
        ServerBench.Pull(one.Now, one.Server, two.Server);
        Assert.That(one.Log().Single(entry => entry.Id == WinsEventId.ReplicaTaken).Address, Is.EqualTo(ServerBench.Ip("10.0.1.2")));
    }

    [Test]
    [Reaches("W12.added")]
    public void AReplicaThatStaysForeverIsVerifiedAfterAStart()
    {
        var (one, two) = (One(), Two());
        two.Register("FRED<20>", "10.0.1.1").Accepted();
        ServerBench.Pull(one.Now, one.Server, two.Server);
        var restarted = new NameServer(one.Server.Options);
        Assert.That(restarted.Restore(one.Now, one.Record("FRED<20>")! with { Expires = Instant.MaxValue }), Is.True);
        Assert.That(ServerBench.Pull(one.Now, restarted, two.Server).Verified, Is.EqualTo(1));
    }

    [Test]
    public void ServersWithOtherNamesAreNotInTheSameState()
    {
        var (one, two) = (One(), One());
        one.Server.AddStatic(one.Now, Fred, NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
        two.Server.AddStatic(two.Now, Fred, NameRecordType.Unique, ServerBench.Ip("10.0.0.2"));
        Assert.That(one.Server.HasSameStateAs(two.Server), Is.False);
        Assert.That(one.Server.HasSameStateAs(one.Server.Fork()), Is.True);
    }

    [Test]
    [Reaches("T10.static", "T10.remove")]
    public void AStaticNameThatIsRemovedIsGoneWhereNoTombstonesAreKept()
    {
        var bench = One(NameServerDialect.Rfc1002NonSecured);
        bench.Server.AddStatic(bench.Now, Fred, NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
        Assert.That(bench.Server.Remove(bench.Now, Fred), Is.True);
        Assert.That((bench.Server.Count, bench.Record("FRED<20>")), Is.EqualTo((0, (NameRecord?)null)));
    }

    [Test]
    [Reaches("W3.merged")]
    public void RuleW3_AsWindows2000HasItAnOwnersAnswerDropsWhatItDoesNotList()
    {
        var bench = One();
        bench.RegisterMultihomed("MH<20>", "10.0.0.1").Accepted();
        bench.Holds(bench.RegisterMultihomed("MH<20>", "10.0.0.2").Challenge(), "10.0.0.1", "10.0.0.2").Accepted();
        bench.Holds(bench.RegisterMultihomed("MH<20>", "10.0.0.3").Challenge(), "10.0.0.1", "10.0.0.3").Accepted();
        bench.Query("MH<20>").Answers("10.0.0.1", "10.0.0.3");
    }

    [Test]
    public void Rfc1002_5_1_4_AnyPositiveAnswerOfTheOwnerKeepsOthersOut()
    {
        var bench = One(NameServerDialect.Rfc1002Secured);
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Holds(bench.Register("FRED<20>", "10.0.0.2").Challenge(), "10.0.0.1", "10.0.0.2").Refused(NbnsRcode.ActiveError);
        bench.Query("FRED<20>").Answers("10.0.0.1");
    }

    [Test]
    public void EachDialectHasATitleOfItsOwn()
    {
        string[] titles = [.. NameServerDialect.All.Select(dialect => dialect.Title)];
        Assert.That(titles, Is.Unique.And.All.Match("^(RFC 1002|WINS), ."));
    }

    /// <summary>MS-NBTE §3.2.5.1, §3.2.5.3: the oldest address goes; where replicas go first, the oldest of them.</summary>
    [TestCase(false, "10.0.0.1")]
    [TestCase(true, "10.0.2.3")]
    public void AFullGroupLosesItsOldestAddress_OrItsOldestReplica(bool replicasFirst, string leaves)
    {
        var one = One(NameServerDialect.Windows2000 with { ReplicasLeaveFirst = replicasFirst, OwnMembersLead = false });
        one.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        var own = one.Record("LAB<1C>")!.Addresses[0];
        string[] addresses = [.. Enumerable.Range(1, 25).Select(i => i is 3 or 7 ? $"10.0.2.{i}" : $"10.0.0.{i}")];
        var members = addresses.Select((address, i) => own with { Address = ServerBench.Ip(address), Owner = i is 2 or 6 ? ServerBench.Ip("10.0.2.250") : own.Owner });
        one.Server.Restore(one.Now, one.Record("LAB<1C>")! with { Addresses = [.. members] });
        one.Register("LAB<1C>", "10.0.0.99", group: true).Accepted();
        one.Query("LAB<1C>").Answers([.. addresses.Where(address => address != leaves), "10.0.0.99"]);
    }

    /// <summary>A name is looked at when the first of its addresses runs out.</summary>
    [Test]
    public void AnAddressThatIsGrantedLessTimeRunsOutFirst()
    {
        var one = One(NameServerDialect.Windows2000 with { GrantsRequestedTime = true, LifetimeMultiple = 1, ScavengingInterval = null });
        one.Register("LAB<1C>", "10.0.0.1", group: true, ttl: 10_000).Accepted();
        one.Register("LAB<1C>", "10.0.0.2", group: true, ttl: 100).Accepted();
        Assert.That(one.Server.PollTimeout(), Is.LessThanOrEqualTo(one.Now + TimeSpan.FromSeconds(100)));
        one.Pass(TimeSpan.FromSeconds(101));
        one.Query("LAB<1C>").Answers("10.0.0.1");
    }

    /// <summary>Q167365: the domain master browser leads the list of domain controllers, also where that has one address, and is not said twice.</summary>
    [TestCase("10.0.0.2", "10.0.0.1", "10.0.0.2")]
    [TestCase("10.0.0.1", "10.0.0.1")]
    public void TheDomainMasterLeadsAGroupOfOne(string controller, params string[] expected)
    {
        var one = One();
        one.Register("LAB<1B>", "10.0.0.1").Accepted();
        one.Register("LAB<1C>", controller, group: true).Accepted();
        one.Query("LAB<1C>").Answers(expected);
    }

    /// <summary>An owner that is asked about as many names as it may be is not asked about one more, at whichever of its addresses the turn has come.</summary>
    [Test]
    public void RuleS20_AnAddressThatIsAskedEnoughIsNotAskedInItsTurn()
    {
        var bench = One(NameServerDialect.Windows2000, options => options with { ChallengesPerOwner = 1 });
        bench.RegisterMultihomed("MH<20>", "10.0.0.1").Accepted();
        bench.Holds(bench.RegisterMultihomed("MH<20>", "10.0.0.2").Challenge(), "10.0.0.1", "10.0.0.2").Accepted();
        bench.Register("OTHER<20>", "10.0.0.2").Accepted();
        var busy = bench.Register("OTHER<20>", "10.0.0.9").Challenge();
        Assert.That(busy.To.Address, Is.EqualTo(ServerBench.Ip("10.0.0.2")));
        bench.Denies(bench.Register("MH<20>", "10.0.0.9").Challenge()).Refused(NbnsRcode.ActiveError);

        bench.Holds(busy, "10.0.0.2").Refused(NbnsRcode.ActiveError);
        var next = bench.Denies(bench.Register("MH<20>", "10.0.0.9").Challenge()).Challenge();
        Assert.That(next.To.Address, Is.EqualTo(ServerBench.Ip("10.0.0.2")));
        bench.Denies(next).Accepted();
    }

    /// <summary>RFC 1002 has no order for those who wait; each has its own time.</summary>
    [Test]
    public void ThreeDisputesEndInTheOrderOfTheirTimes()
    {
        var bench = One();
        foreach (string name in (string[])["FRED<20>", "JANE<20>", "JOHN<20>"])
            bench.Register(name, "10.0.0.1").Accepted();
        bench.Register("FRED<20>", "10.0.0.9").Challenge();
        bench.Pass(TimeSpan.FromMilliseconds(100));
        bench.Register("JANE<20>", "10.0.0.9").Challenge();
        bench.Pass(TimeSpan.FromMilliseconds(100));
        bench.Register("JOHN<20>", "10.0.0.9").Challenge();
        var sent = bench.Pass(TimeSpan.FromSeconds(10)).Where(one => one.IsResponse).Select(one => (one.Name.BaseName, one.Rcode));
        Assert.That(sent, Is.EqualTo(new[] { ("FRED", NbnsRcode.Success), ("JANE", NbnsRcode.Success), ("JOHN", NbnsRcode.Success) }));
    }
}
