using NbnsSim.Audit;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Audit.AuditOutcome;

namespace NbnsSim.Tests.Audit;

/// <summary>What an audit makes of captures that are written by hand, rule by rule.</summary>
public sealed class WinsAuditTests
{
    private const string Client = "10.0.1.5";
    private const string Near = "10.0.1.6";
    private const string Far = "10.0.2.6";

    private static readonly WinsAuditOptions Told = new() { Subnets = [Ipv4Subnet.Parse("10.0.1.0/24"), Ipv4Subnet.Parse("10.0.2.0/24"), Ipv4Subnet.Parse("10.0.9.0/24")] };

    // Every rule with a capture in which it decides.
    private static readonly Dictionary<AuditRule, (AuditOutcome? Outcome, Func<AuditWire> Capture)> Cases = new()
    {
        [AuditRules.ClientIsPointToPoint] = (Breaks, () => Told9().Register(Client, "PC<00>", OwnerNodeType.P).Register(Near, "FILES<20>").Ask(Client, "FILES<20>", Near)),
        [AuditRules.ClientFallsBack] = (GoesOn, () => Told9().Register(Client, "PC<00>").Register(Near, "FILES<20>").Ask(Client, "FILES<20>", Near)),
        [AuditRules.ClientSeenBroadcasting] = (GoesOn, () => Told9().AskAll(Client, "NOBODY<20>").Register(Near, "FILES<20>").Ask(Client, "FILES<20>", Near)),
        [AuditRules.ClientTypeNotSeen] = (CannotTell, () => Told9().Register(Near, "FILES<20>").Ask(Client, "FILES<20>", Near)),
        [AuditRules.HolderHears] = (GoesOn, () => Told9().Register(Client, "PC<00>").Register(Near, "FILES<20>").Ask(Client, "FILES<20>", Near)),
        [AuditRules.HolderSeenAnswering] = (GoesOn, () => Told9().Register(Client, "PC<00>").AskAll(Client, "OTHER<20>", Near).Ask(Client, "FILES<20>", Near)),
        [AuditRules.HolderIsPointToPoint] = (Breaks, () => Told9().Register(Client, "PC<00>").Register(Near, "FILES<20>", OwnerNodeType.P).Ask(Client, "FILES<20>", Near)),
        [AuditRules.HolderIsMixed] = (Breaks, () => Told9().Register(Client, "PC<00>").Register(Near, "FILES<20>", OwnerNodeType.M).Ask(Client, "FILES<20>", Near)),
        [AuditRules.HolderTypeNotSeen] = (CannotTell, () => Told9().Register(Client, "PC<00>").Ask(Client, "FILES<20>", Near)),
        [AuditRules.SameSegment] = (GoesOn, () => Told9().Register(Client, "PC<00>").Register(Near, "FILES<20>").Ask(Client, "FILES<20>", Near)),
        [AuditRules.OtherSegment] = (Breaks, () => Told9().Register(Client, "PC<00>").Register(Far, "FILES<20>").Ask(Client, "FILES<20>", Far)),
        [AuditRules.SegmentNotSeen] = (CannotTell, () => new AuditWire().Register(Client, "PC<00>").Register(Far, "FILES<20>").Ask(Client, "FILES<20>", Far)),
        [AuditRules.GroupIsBroadcast] = (NoWorse, () => Told9().Register(Client, "PC<00>").Register(Far, "GROUP<00>", isGroup: true).Ask(Client, "GROUP<00>", "255.255.255.255", isGroup: true)),
        [AuditRules.AnswerLeadsNowhere] = (NoWorse, () => Told9().Register(Client, "PC<00>").Ask(Client, "GROUP<1E>", "0.0.0.0", isGroup: true)),
        [AuditRules.MembersNotSeen] = (CannotTell, () => Told9().Register(Client, "PC<00>", OwnerNodeType.P).Ask(Client, "GROUP<00>", "255.255.255.255", isGroup: true)),
        [AuditRules.UnknownToServer] = (NoWorse, () => Told9().Register(Client, "PC<00>").Ask(Client, "NOBODY<20>")),
        [AuditRules.NotAnswered] = (CannotTell, () => Told9().Register(Client, "PC<00>").Ask(Client, "FILES<20>", given: null)),
        [AuditRules.Proxied] = (Breaks, () => Told9().Register(Near, "PROXY<00>").AskAll(Client, "FILES<20>", Near, Far, proxyAsks: Far)),
        [AuditRules.AnsweredForAnother] = (CannotTell, () => Told9().Register(Near, "PROXY<00>").AskAll(Client, "FILES<20>", Near, Far)),
        [AuditRules.PerhapsForOthers] = (CannotTell, () => SilentProxy()),
        [AuditRules.RegistersByBroadcast] = (GoesOn, () => Told9().Register(Client, "PC<00>")),
        [AuditRules.RegistersPointToPoint] = (Breaks, () => Told9().Register(Client, "PC<00>", OwnerNodeType.P)),
        [AuditRules.RegistersMixed] = (Breaks, () => Told9().Register(Client, "PC<00>", OwnerNodeType.M)),
        [AuditRules.RegistrantTypeNotSeen] = (CannotTell, () => OnlyGranted()),
        [AuditRules.ReplaceNodeType] = (Breaks, () => Told9().Register(Client, "PC<00>", OwnerNodeType.P).Register(Near, "FILES<20>").Ask(Client, "FILES<20>", Near)),
        [AuditRules.ReplaceLmHosts] = (Breaks, () => Told9().Register(Client, "PC<00>").Ask(Client, "FILES<20>", Far)),
        [AuditRules.ReplaceLmHostsQuoted] = (Breaks, () => Told9().Register(Client, "PC<00>").Ask(Client, "CORP<1B>", Far)),
        [AuditRules.ReplaceLmHostsDomain] = (Breaks, () => Told9().Register(Client, "PC<00>").Register(Far, "DC<00>").Ask(Client, "CORP<1C>", Far, isGroup: true)),
        [AuditRules.ReplaceDnsSeen] = (Breaks, () => Told9().Register(Client, "PC<00>").Dns(Client, "files", isAnswered: true).Ask(Client, "FILES<20>", Far)),
        [AuditRules.ReplaceDnsAsked] = (Breaks, () => Told9().Register(Client, "PC<00>").Dns(Client, "files", isAnswered: false, port: 5355).Ask(Client, "FILES<20>", Far)),
        [AuditRules.ReplaceDns] = (Breaks, () => Told9().Register(Client, "PC<00>").Dns(Client, "other", isAnswered: true).Ask(Client, "FILES<20>", Far)),
        [AuditRules.LoadQuery] = (null, () => Told9().Register(Client, "PC<00>")),
        [AuditRules.LoadClaim] = (null, () => Told9().Register(Client, "PC<00>")),
        [AuditRules.LoadRelease] = (null, () => Told9().Register(Client, "PC<00>")),
        [AuditRules.NoNameServer] = (null, () => Told9().AskAll(Client, "FILES<20>", Near)),
        [AuditRules.NarrowVantage] = (null, () => Told9().Register(Client, "PC<00>")),
        [AuditRules.ShorterThanLifetime] = (null, () => Told9().Register(Client, "PC<00>").Days(5).Ask(Client, "FILES<20>")),
        [AuditRules.LifetimeNotSeen] = (null, () => Told9().Register(Client, "PC<00>", lifetime: null)),
        [AuditRules.ShorterThanCycle] = (null, () => Told9().Register(Client, "PC<00>").Days(6.5).Ask(Client, "FILES<20>")),
        [AuditRules.RarerThanCapture] = (null, () => Told9().Register(Client, "PC<00>").Days(60).Ask(Client, "FILES<20>")),
        [AuditRules.OnlyRegistering] = (null, () => Told9().Register(Client, "PC<00>")),
        [AuditRules.NeverRegisters] = (null, () => Told9().Register(Client, "PC<00>").Days(7).Ask(Client, "FILES<20>", Far)),
        [AuditRules.SeveralServers] = (null, () => Told9().Register(Client, "PC<00>").Register(Near, "FILES<20>", server: "10.0.9.2")),
        [AuditRules.NotKept] = (null, () => new AuditWire(Told, maxPairs: 2).Register(Client, "PC<00>").Register(Client, "PC<03>").Register(Client, "PC<20>")),
        [AuditRules.DomainMasterBrowser] = (null, () => Told9().Register(Client, "CORP<1B>")),
        [AuditRules.DomainControllers] = (null, () => Told9().Register(Client, "PC<00>").Ask(Client, "CORP<1C>")),
        [AuditRules.SegmentMasterBrowser] = (null, () => Told9().Register(Client, "PC<00>").Ask(Client, "CORP<1D>")),
        [AuditRules.BrowserElections] = (null, () => Told9().Register(Client, "CORP<1E>", isGroup: true)),
        [AuditRules.MasterBrowsers] = (null, () => Told9().Register(Client, "<01><02>__MSBROWSE__<02><01>", isGroup: true)),
    };

    private static IEnumerable<string> Ids() => AuditRules.All.Select(rule => rule.Id);

    [TestCaseSource(nameof(Ids))]
    public void ARuleDecides_WhereItIsTheCase(string id)
    {
        var rule = AuditRules.All.Single(one => one.Id == id);
        var (outcome, capture) = Cases[rule];
        var verdict = capture().Verdict;
        if (outcome is not { } expected)
        {
            Assert.That(verdict.Gaps.Select(gap => gap.Rule).Concat(verdict.Roles.Select(role => role.Rule)).Concat(verdict.LoadRules), Does.Contain(rule));
            return;
        }

        var grounds = verdict.Dependencies.Select(one => (one.Outcome, one.Grounds, one.Replacements)).Concat(verdict.Registrants.Select(one => (one.Outcome, one.Grounds, one.Replacements)));
        var deciding = grounds.Where(one => one.Grounds.Any(ground => ground.Rule == rule) || one.Replacements.Any(other => other.Rule == rule)).ToList();
        Assert.That(deciding, Is.Not.Empty);
        Assert.That(deciding.Select(one => one.Outcome), Is.All.EqualTo(expected));
    }

    [Test]
    public void RulesHaveIdsOfTheirOwn_AndSayWhatTheyRestOn()
    {
        Assert.That(AuditRules.All.Select(rule => rule.Id), Is.Unique.And.All.Match("^[a-z][a-z0-9-]+$"));
        Assert.That(AuditRules.All.Select(rule => rule.Source), Is.All.Not.Empty);
        Assert.That(AuditRules.All.Select(rule => rule.Sentence), Is.All.EndsWith("."));
    }

    [Test]
    public void HNodesOfOneSegmentForAWeek_AreAYes()
    {
        var verdict = Week(OwnerNodeType.H).Verdict;
        Assert.That(verdict.Answer, Is.EqualTo(AuditAnswer.Yes), verdict.Sentence);
        Assert.That(verdict.Sentence, Is.EqualTo("Yes: 1 question that a client puts to a name server finds its answer by broadcast too, and whoever registers there can do so by broadcast."));
    }

    [Test]
    public void TheSameForADay_CannotBeTold()
    {
        var verdict = Week(OwnerNodeType.H, days: 1).Verdict;
        Assert.That(verdict.Answer, Is.EqualTo(AuditAnswer.CannotTellYet));
        Assert.That(verdict.Sentence, Does.StartWith("It cannot be told yet: nothing that is seen would break, but 10.0.9.1 grants names for 6 days"));
        Assert.That(verdict.Gaps.Where(gap => gap.PreventsYes).Select(gap => gap.Rule), Is.EqualTo(new[] { AuditRules.ShorterThanLifetime, AuditRules.ShorterThanCycle }));
    }

    [Test]
    public void PNodes_AreANo_HoweverShort()
    {
        var verdict = Week(OwnerNodeType.P, days: 0).Verdict;
        Assert.That(verdict.Answer, Is.EqualTo(AuditAnswer.No));
        Assert.That(verdict.Sentence, Is.EqualTo("No: as things stand, 1 client would not find 1 name any more, and 2 machines could not register their names."));
    }

    [Test]
    public void ACaptureTakenAtAClient_IsNoYes_OneTakenAtTheServerIs()
    {
        var atClient = new AuditWire(Told);
        var atServer = new AuditWire(Told);
        foreach (var wire in (AuditWire[])[atClient, atServer])
            wire.Register(Client, "PC<00>").Days(8);
        Assert.That(atClient.Ask(Client, "NOBODY<20>").Verdict.Gaps.Select(gap => gap.Rule), Does.Contain(AuditRules.NarrowVantage), "it may have been taken at either of the two");
        Assert.That(atServer.Ask(Near, "NOBODY<20>").Verdict.Gaps.Select(gap => gap.Rule), Does.Not.Contain(AuditRules.NarrowVantage));
    }

    /// <summary>Broadcasts of any service show the subnet: from its own end upwards, and no further than its broadcast address has ones.</summary>
    [TestCase("10.0.1.6", "10.0.1.255", "10.0.1.5", GoesOn)]
    [TestCase("10.0.1.6", "10.0.1.255", "10.0.2.5", Breaks)]
    [TestCase("10.0.1.200", "10.0.1.255", "10.0.1.5", CannotTell)] // 10.0.1.192/26 at least, 10.0.1.0/24 at most
    [TestCase("10.0.1.200", "255.255.255.255", "10.0.1.201", CannotTell)]
    [TestCase("10.0.1.6", "10.0.3.255", "10.0.2.5", GoesOn)] // 10.0.1.6 is in no subnet with that broadcast address but 10.0.0.0/22
    public void SubnetsShowInBroadcasts(string holder, string broadcast, string client, AuditOutcome outcome)
    {
        var verdict = new AuditWire().Announce(holder, broadcast).Register(client, "PC<00>").Register(holder, "FILES<20>").Ask(client, "FILES<20>", holder).Verdict;
        Assert.That(verdict.Dependencies.Single().Outcome, Is.EqualTo(outcome), string.Join(' ', verdict.Dependencies.Single().Grounds.Select(ground => ground.Text)));
    }

    [Test]
    public void AChallengeOfTheServer_IsNoQuestionToOne()
    {
        var wire = Told9().Register(Client, "PC<00>");
        wire.Ask(AuditWire.Server, "PC<00>", Client, server: Client);
        Assert.That(wire.Verdict.Dependencies, Is.Empty);
        Assert.That(wire.Verdict.Servers.Select(server => server.Address), Is.EqualTo(new[] { Ipv4Address.Parse(AuditWire.Server) }));
    }

    /// <summary>An end node may set RA in a denial: that makes it no name server.</summary>
    [Test]
    public void ADenialOfAnEndNode_MakesItNoNameServer()
    {
        var verdict = Told9().Ask(Client, "NOBODY<20>", server: Near).Verdict;
        Assert.That((verdict.Servers.Length, verdict.Dependencies.Length), Is.EqualTo((0, 0)));
    }

    [Test]
    public void TriesOfOneQuestion_CountOnce()
    {
        var wire = Told9().Register(Client, "PC<00>");
        byte[] query = new byte[50];
        NbnsEncoder.WriteQuery(query, 7, NbnsFlagWords.QueryRequest, NetBiosName.Parse("FILES<20>"));
        for (int i = 0; i < 3; i++)
            wire.Observe(Ipv4Endpoint.NameService(Ipv4Address.Parse(Client)), Ipv4Endpoint.NameService(Ipv4Address.Parse(AuditWire.Server)), false, query);
        Assert.That(wire.Verdict.Dependencies.Single().Questions, Is.EqualTo(1));
    }

    /// <summary>RFC 1002 §5.1.1: a question that is answered takes one packet, another three, a claim four, a release three.</summary>
    [Test]
    public void TheLoad_FollowsTheRules()
    {
        var wire = Told9().Register(Client, "PC<00>").Register(Near, "FILES<20>").Register(Near, "FILES<20>", isRefresh: true).Ask(Client, "FILES<20>", Near).Ask(Client, "NOBODY<20>").Release(Client, "PC<00>");
        var segment = wire.Verdict.Segments.Single();
        Assert.Multiple(() =>
        {
            Assert.That((segment.Clients, segment.FoundAtOnce, segment.NotFound, segment.Registrations, segment.Releases), Is.EqualTo((2, 1, 1, 2, 1)));
            Assert.That(segment.Packets, Is.EqualTo(1 + 3 + (2 * 4) + 3));
            Assert.That(segment.Octets, Is.EqualTo(((1 + 3) * (50 + 42)) + (((2 * 4) + 3) * (68 + 42))));
            Assert.That(segment.PacketsPerSecond, Is.EqualTo(segment.Packets / wire.Verdict.Length.TotalSeconds).Within(1e-9));
            Assert.That(wire.Verdict.BusiestMinutePackets, Is.EqualTo((2 * 3) + (2 * 4) + 3));
        });
    }

    /// <summary>Whatever octets a name has, its LMHOSTS line says that name, and shows nothing that is hidden.</summary>
    [Test]
    public void LmHostsLines_ReadBack_WhateverTheNameIs()
    {
        var random = new RandomStream(1);
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        int quoted = 0;
        for (int i = 0; i < 2_000; i++)
        {
            for (int at = 0; at < octets.Length; at++)
                octets[at] = (byte)(random.Chance(700_000) ? 'A' + random.Next(26) : random.Next(256));
            if (octets[0] == '*')
                continue;
            var name = new NetBiosName(octets);
            var wire = Told9().Register(Client, "PC<00>").Ask(Client, name, Far);
            var lines = wire.Verdict.LmHosts;
            Assert.That(lines, Has.Length.EqualTo(1), name.ToString());
            Assert.That(VisibleText.IndexOfHidden(lines[0]), Is.Negative);
            var file = LmHostsFile.Parse(lines[0]);
            Assert.That(file.Problems, Is.Empty, lines[0]);
            Assert.That(file.Find(name, out bool isGroup), Is.EqualTo(new[] { Ipv4Address.Parse(Far) }), lines[0]);
            Assert.That(isGroup, Is.False);
            quoted += lines[0].Contains('"', StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.That(quoted, Is.GreaterThan(1_000));
    }

    [Test]
    public void ADomainsLine_CarriesTheControllersName_OrSaysThatItIsNotKnown()
    {
        var known = Told9().Register(Client, "PC<00>").Register(Far, "DC1<20>").Ask(Client, "CORP<1C>", $"{Far} 10.0.2.7", isGroup: true).Verdict;
        Assert.That(known.LmHosts, Is.EqualTo(new[] { "10.0.2.6        DC1 #PRE #DOM:CORP", "# 10.0.2.7        (its computer name is not in the capture) #PRE #DOM:CORP" }));
        Assert.That(LmHostsFile.Parse(string.Join('\n', known.LmHosts)).Find(NetBiosName.Parse("CORP<1C>"), out _), Is.EqualTo(new[] { Ipv4Address.Parse(Far) }));
    }

    [Test]
    public void TheFrames_ProveIt()
    {
        var one = Told9().Register(Client, "PC<00>").Ask(Client, "FILES<20>", Far).Verdict.Dependencies.Single();
        Assert.That(one.Frames, Is.EqualTo(new long[] { 3, 4 }), "the question and the answer");
    }

    /// <summary>Octets that are no packet, and packets from and to anywhere, throw nothing and make nothing of themselves.</summary>
    [Test]
    public void WhateverComes_IsTaken()
    {
        var random = new RandomStream(2);
        for (int round = 0; round < 200; round++)
        {
            var wire = Told9().Register(Client, "PC<00>").Ask(Client, "FILES<20>", Far);
            for (int i = 0; i < 50; i++)
            {
                byte[] payload = new byte[random.Next(120)];
                for (int at = 0; at < payload.Length; at++)
                    payload[at] = (byte)(random.Chance(500_000) ? 0 : random.Next(256));
                ushort[] ports = [137, 138, 53, 5353, 5355, 40_000];
                wire.Observe(new Ipv4Endpoint(new Ipv4Address(random.NextUInt32()), ports[random.Next(6)]), new Ipv4Endpoint(new Ipv4Address(random.NextUInt32()), ports[random.Next(6)]), random.Chance(500_000), payload);
            }

            Assert.That(wire.Verdict.Dependencies.Select(one => one.Name.ToString()), Does.Contain("FILES<20>"));
        }
    }

    /// <summary>
    /// Thousands of clients in tens of segments, all in one group and all asking for it: what is looked at, and what is kept, grows with the pairs and no faster. Counted,
    /// not timed.
    /// </summary>
    [Test]
    public void TenThousandClients_CostTenTimesAThousand()
    {
        var (few, fewPairs) = Crowd(1_000);
        var (many, manyPairs) = Crowd(10_000);
        Assert.That(manyPairs, Is.EqualTo(10 * fewPairs));
        Assert.That(many, Is.LessThanOrEqualTo(11 * few));

        static (long Steps, int Pairs) Crowd(int clients)
        {
            var wire = new AuditWire(new WinsAuditOptions { Subnets = [.. Enumerable.Range(0, 40).Select(i => Ipv4Subnet.Parse($"10.1.{i}.0/24"))] });
            for (int i = 0; i < clients; i++)
            {
                string address = $"10.1.{i / 250}.{1 + (i % 250)}";
                wire.Register(address, $"PC{i}<00>").Register(address, "EVERYBODY<00>", isGroup: true).Register(address, "CORP<1E>", isGroup: true);
                wire.Ask(address, "EVERYBODY<00>", "255.255.255.255", isGroup: true).Ask(address, "FILES<20>", "10.1.0.1").Ask(address, $"NOBODY{i % 100}<20>");
            }

            var verdict = wire.Verdict;
            return (wire.Steps, verdict.Dependencies.Length + verdict.Registrants.Length);
        }
    }

    /// <summary>A capture cut anywhere is judged by what is in it, and proves nothing by frames that are not.</summary>
    [Test]
    public void EveryPrefixOfACapture_IsJudgedByItself()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var bed = new AuditBed(seed);
            byte[] capture = bed.Run(hasServer: true).Capture;
            for (int length = 28; length < capture.Length; length += length < 4_096 ? 1 : 997)
            {
                var audit = new WinsAudit(new WinsAuditOptions { Subnets = bed.Subnets });
                long last = AuditBed.Feed(capture.AsSpan(0, length).ToArray(), audit);
                var verdict = audit.Judge();
                Assert.That(verdict.Answer, Is.Not.EqualTo(AuditAnswer.Yes), "it is minutes long");
                Assert.That(verdict.Dependencies.SelectMany(one => one.Frames).Concat(verdict.Registrants.SelectMany(one => one.Frames)), Is.All.InRange(1, last));
            }
        }
    }

    private static AuditWire Told9() => new(Told);

    private static AuditWire Week(OwnerNodeType type, double days = 8) =>
        Told9().Register(Client, "PC<00>", type).Register(Near, "FILES<20>", type).Ask(Client, "FILES<20>", Near).Days(days).Register(Near, "FILES<20>", type, isRefresh: true);

    /// <summary>A broadcast, and right behind it another machine's question to the name server for the same name, whose answer it does not give on.</summary>
    private static AuditWire SilentProxy()
    {
        var wire = Told9().Register(Near, "PROXY<00>").AskAll(Client, "FILES<20>");
        wire.Now += TimeSpan.FromMilliseconds(-990);
        return wire.Ask(Near, "FILES<20>", Far);
    }

    /// <summary>A grant whose request is not in the capture.</summary>
    private static AuditWire OnlyGranted()
    {
        var wire = Told9();
        byte[] payload = new byte[100];
        int length = NbnsEncoder.WriteResponse(payload, 1, NbnsFlagWords.RegistrationResponse, NetBiosName.Parse("PC<00>"), 518_400, new NbEntry(default, Ipv4Address.Parse(Client)));
        wire.Observe(Ipv4Endpoint.NameService(Ipv4Address.Parse(AuditWire.Server)), Ipv4Endpoint.NameService(Ipv4Address.Parse(Client)), false, payload.AsSpan(0, length));
        return wire;
    }
}
