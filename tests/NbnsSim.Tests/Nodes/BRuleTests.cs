using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>The broadcast node, RFC 1002 §5.1.1.</summary>
public sealed class BRuleTests
{
    [Test]
    [Clause("MS-NBTE §3.1.4.1/1")]
    [Reaches("B1.demand")]
    public void RuleB1_Registration_IsBroadcastThreeTimes_ThenDemanded()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        var id = bed.Do(node, now => node.AddName(now, Name("ALPHA<00>"), 0x1234));
        Assert.That(node.GetNameState(Name("ALPHA<00>")), Is.EqualTo(LocalNameState.Registering));
        bed.RunSeconds(5);

        Assert.That(bed.Log.Select(sent => sent.Milliseconds), Is.EqualTo([0, 250, 500, 750]));
        Assert.That(bed.Log.Select(sent => sent.Flags), Is.EqualTo([0x2910, 0x2910, 0x2910, 0x2810]));
        Assert.That(bed.Log.All(sent => sent.IsBroadcast && sent.TransactionId == 0x1234 && sent.TimeToLive == 0 && sent.Destination == new Ipv4Endpoint(Ip("10.0.0.255"), 137) && sent.Entry == new NbEntry(new NbFlags(false, OwnerNodeType.B), Ip("10.0.0.1"))), Is.True);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.GetNameState(Name("ALPHA<00>")), Is.EqualTo(LocalNameState.Registered));
        Assert.That(node.PollTimeout(), Is.Null);
    }

    [Test]
    [Reaches("B1.claim")]
    public void RuleB1_RegistrationOfTheFirstVector_IsOctetForOctetThat()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALICE", "10.0.0.2");
        bed.Do(node, now => node.AddName(now, Name("ALICE<03>"), 0x1234));
        Assert.That(Convert.ToHexStringLower(bed.Log[0].Bytes), Is.EqualTo(
            "12342910000100000000000120" + "4542454d454a4544454643414341434143414341434143414341434143414144" + "0000200001c00c0020000100000000000600000a000002"));
    }

    [Test]
    [Reaches("B1.nobody-objected")]
    public void RuleB1_WindowsRegistration_IsAsRecorded()
    {
        // observed on Windows XP and 7: three requests and the demand, 750 ms apart, one transaction id, TTL 300000
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4);
        bed.Do(node, now => node.AddName(now, Name("ALPHA<00>")));
        bed.RunSeconds(5);
        Assert.That(bed.Log.Select(sent => sent.Milliseconds), Is.EqualTo([0, 750, 1500, 2250]));
        Assert.That(bed.Log.Select(sent => sent.TimeToLive), Is.All.EqualTo(300_000));
        Assert.That(bed.Log.Select(sent => sent.TransactionId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    [Reaches("B1.joined")]
    public void RuleB1_GroupRegistration_SetsG()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.Do(node, now => node.AddGroupName(now, Name("LAB<00>")));
        bed.RunSeconds(5);
        Assert.That(bed.Log, Has.Count.EqualTo(4));
        Assert.That(bed.Log.Select(sent => sent.Entry.Flags.IsGroup), Is.All.True);
        Assert.That(node.GetName(0).IsGroup, Is.True);
    }

    [Test]
    public void RuleB1_NegativeResponse_FailsTheRegistration()
    {
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1");
        var beta = bed.Add("BETA", "10.0.0.2");
        bed.Do(alpha, now => alpha.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        var id = bed.Do(beta, now => beta.AddName(now, Name("NAME<20>")));

        var result = bed.Result(beta, id);
        Assert.That(result.Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(result.Responder, Is.EqualTo(alpha.Address));
        Assert.That(result.Rcode, Is.EqualTo(NbnsRcode.ActiveError));
        Assert.That(beta.GetNameState(Name("NAME<20>")), Is.Null);
        bed.RunSeconds(5);
        Assert.That(bed.From(beta).Count(), Is.EqualTo(1), "a refused claim is not repeated, nor demanded");
    }

    [Test]
    public void RuleB1_NegativeResponseWithAnotherTransactionId_IsNoObjection()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x2222);
        bed.RunSeconds(5);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
    }

    [TestCase(0xAD80, Description = "POSITIVE")]
    [TestCase(0xAD00, Description = "END-NODE CHALLENGE")]
    [TestCase(0xBC00, Description = "WACK")]
    [Reaches("D1.unexpected-response")]
    public void RuleB1_PositiveResponsesAndChallenges_AreIgnored(int flags)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.SendResponse("10.0.0.9", "10.0.0.1", (ushort)flags, "NAME<20>", "10.0.0.9", id: 0x1111, ttl: 60);
        bed.RunSeconds(0.999);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registering));
        bed.RunSeconds(0.001);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
    }

    [Test]
    [Reaches("B1.refused")]
    public void RuleB1_ConflictDemandAsAnswer_FailsTheRegistration()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD87, "NAME<20>", "10.0.0.1", id: 0x1111);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(bed.Events["ALPHA"], Is.Empty);
    }

    [Test]
    [Reaches("B2.first-answer")]
    public void RuleB2_Query_FirstPositiveResponse_IsTheAnswerAtOnce()
    {
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1");
        var beta = bed.Add("BETA", "10.0.0.2");
        bed.Do(alpha, now => alpha.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        var id = bed.Do(beta, now => beta.Query(now, Name("NAME<20>")));
        var result = bed.Result(beta, id);
        Assert.That(result.Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(result.Source, Is.EqualTo(AnswerSource.Broadcast));
        Assert.That(result.Entries.Single().Address, Is.EqualTo(alpha.Address));
        Assert.That(bed.From(beta).Single().Flags, Is.EqualTo(0x0110));
        Assert.That(bed.From(alpha).Last().Flags, Is.EqualTo(0x8500));
    }

    [Test]
    [Reaches("B2.query", "B2.not-found")]
    public void RuleB2_QueryForNobody_IsBroadcastThreeTimes()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.Add("BETA", "10.0.0.2");
        var id = bed.Do(node, now => node.Query(now, Name("NOBODY<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.Log.Select(sent => sent.Milliseconds), Is.EqualTo([0, 250, 500]));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NotFound));
        Assert.That(bed.Result(node, id).CompletedAt, Is.EqualTo(Instant.FromMilliseconds(750)));
    }

    private static (NodeBed Bed, EndNode Node) Asking(bool firstIsGroup)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.Do(node, now => node.Query(now, Name("NAME<20>"), 0x4321));
        bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, "NAME<20>", "10.0.0.7", firstIsGroup, id: 0x4321);
        bed.Log.Clear();
        return (bed, node);
    }

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    [Reaches("B3.second-owner")]
    public void RuleB3_SecondAnswerWhileConflictTimerRuns_ItsSenderIsToldOfTheConflict(bool firstIsGroup, bool secondIsGroup)
    {
        var (bed, node) = Asking(firstIsGroup);
        Assert.That(node.GetCacheRows(bed.Now), Has.Length.EqualTo(1));
        bed.RunSeconds(0.9);
        bed.SendResponse("10.0.0.8", "10.0.0.1", 0x8500, "NAME<20>", "10.0.0.8", secondIsGroup, id: 0x4321);

        var demand = bed.From(node).Single();
        Assert.That(demand.Kind, Is.EqualTo(NameConflictDemand));
        Assert.That(demand.Flags, Is.EqualTo(0xAD87));
        Assert.That(demand.Destination, Is.EqualTo(new Ipv4Endpoint(Ip("10.0.0.8"), 137)));
        Assert.That(demand.IsBroadcast, Is.False);
        Assert.That(demand.TransactionId, Is.EqualTo(0x4321));
        Assert.That(demand.Entry, Is.EqualTo(new NbEntry(default, Ipv4Address.Any)));
        Assert.That(node.GetCacheRows(bed.Now), Is.Empty, "the cache entry is purged");
    }

    [Test]
    [Reaches("B3.same-answer")]
    public void RuleB3_SecondAnswerOfTheSameGroup_IsNoConflict()
    {
        var (bed, node) = Asking(firstIsGroup: true);
        bed.SendResponse("10.0.0.8", "10.0.0.1", 0x8500, "NAME<20>", "10.0.0.8", group: true, id: 0x4321);
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
    public void RuleB3_DuplicateOfTheFirstAnswer_IsNoConflict()
    {
        var (bed, node) = Asking(firstIsGroup: false);
        bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, "NAME<20>", "10.0.0.7", id: 0x4321);
        Assert.That(bed.From(node), Is.Empty);
        Assert.That(node.GetCacheRows(bed.Now), Has.Length.EqualTo(1));
    }

    [TestCase(true, false, "10.0.0.7")]
    [TestCase(false, true, "10.0.0.7")]
    [TestCase(false, false, "10.0.0.77")]
    public void RuleB3_TheSameResponderWithOtherData_IsNoDuplicate(bool firstIsGroup, bool secondIsGroup, string address)
    {
        // RFC 1001 §13.1.1, §15.1.3.5: a duplicate has the same NetBIOS information
        var (bed, node) = Asking(firstIsGroup);
        bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, "NAME<20>", address, secondIsGroup, id: 0x4321);
        Assert.That(bed.From(node).Select(sent => (sent.Flags, sent.Destination.Address)), Is.EqualTo([((ushort)0xAD87, Ip("10.0.0.7"))]));
        Assert.That(node.GetCacheRows(bed.Now), Is.Empty);
    }

    [Test]
    public void RuleB3_AfterAConflictDemand_AllThatIsCachedOfThatNodeGoes()
    {
        // RFC 1001 §15.1.8
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        foreach (var (name, address, id) in new[] { ("ONE<20>", "10.0.0.8", (ushort)1), ("TWO<20>", "10.0.0.7", (ushort)2), ("NAME<20>", "10.0.0.7", (ushort)3) })
        {
            bed.Do(node, now => node.Query(now, Name(name), id));
            bed.SendResponse(address, "10.0.0.1", 0x8500, name, address, id: id);
        }

        node.PreloadName(bed.Now, Name("FIXED<20>"), Ip("10.0.0.8"));
        bed.SendResponse("10.0.0.8", "10.0.0.1", 0x8500, "NAME<20>", "10.0.0.8", id: 3);
        Assert.That(node.GetCacheRows(bed.Now).Select(row => row.Name.ToString()), Is.EqualTo(["TWO<20>", "FIXED<20>"]));
    }

    [Test]
    [Reaches("D1.unknown-transaction", "B3.timer-ends")]
    public void RuleB3_AnswerAfterConflictTimer_IsIgnored()
    {
        var (bed, node) = Asking(firstIsGroup: false);
        bed.RunSeconds(1);
        bed.SendResponse("10.0.0.8", "10.0.0.1", 0x8500, "NAME<20>", "10.0.0.8", id: 0x4321);
        Assert.That(bed.From(node), Is.Empty);
        Assert.That(node.PollTimeout(), Is.Null);
    }

    [Test]
    [Reaches("B4.release", "B4.released")]
    public void RuleB4_Release_IsBroadcastThreeTimes()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        bed.Log.Clear();
        var id = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>"), 0x1235));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Releasing));
        bed.RunSeconds(5);
        Assert.That(bed.Log.Select(sent => sent.Milliseconds), Is.EqualTo([5000, 5250, 5500]));
        Assert.That(bed.Log.All(sent => sent.Flags == 0x3010 && sent.IsBroadcast && sent.TransactionId == 0x1235 && sent.Bytes.Length == 68), Is.True);
        Assert.That(node.NameCount, Is.Zero);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
    }

    private static (NodeBed Bed, EndNode Node) Holding(string name, bool group = false, NetBtDialect? dialect = null)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", dialect);
        bed.Do(node, now => group ? node.AddGroupName(now, Name(name)) : node.AddName(now, Name(name)));
        bed.RunSeconds(5);
        bed.Log.Clear();
        return (bed, node);
    }

    [TestCase(false, false)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    [Reaches("B5.defend-unique", "B5.defend-group")]
    public void RuleB5_UniqueRegistrationOfNameInTable_IsAnsweredNegativeActErr(bool ours, bool theirs)
    {
        var (bed, node) = Holding("NAME<20>", ours);
        bed.SendRequest("10.0.0.9", null, 0x2910, "NAME<20>", "10.0.0.9", theirs, id: 0x3456);
        var answer = bed.From(node).Single();
        Assert.That(answer.Kind, Is.EqualTo(NegativeNameRegistrationResponse));
        Assert.That(answer.Flags, Is.EqualTo(0xAD86));
        Assert.That(answer.TransactionId, Is.EqualTo(0x3456));
        Assert.That(answer.Destination, Is.EqualTo(new Ipv4Endpoint(Ip("10.0.0.9"), 137)));
        Assert.That(answer.Entry, Is.EqualTo(new NbEntry(new NbFlags(ours, OwnerNodeType.B), node.Address)), "RDATA is the owner's");
    }

    [Test]
    [Reaches("B5.group-joined")]
    public void RuleB5_GroupRegistrationOfOurGroup_IsNotObjectedTo()
    {
        var (bed, node) = Holding("LAB<00>", group: true);
        bed.SendRequest("10.0.0.9", null, 0x2910, "LAB<00>", "10.0.0.9", group: true);
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
    [Reaches("B5.answer-query")]
    public void RuleB5_QueryForOurName_IsAnsweredToTheAskersPort()
    {
        var (bed, node) = Holding("NAME<20>");
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>", sourcePort: 40_000);
        var answer = bed.From(node).Single();
        Assert.That(answer.Kind, Is.EqualTo(PositiveNameQueryResponse));
        Assert.That(answer.Flags, Is.EqualTo(0x8500));
        Assert.That(answer.Destination, Is.EqualTo(new Ipv4Endpoint(Ip("10.0.0.9"), 40_000)));
        Assert.That(answer.Entry.Address, Is.EqualTo(node.Address));
    }

    [TestCase(null)]
    [TestCase("10.0.0.1")]
    [Reaches("B5.not-ours", "B5.silent-miss")]
    public void RuleB5_QueryMiss_IsNotAnswered(string? destination)
    {
        var (bed, node) = Holding("NAME<20>");
        bed.SendQuery("10.0.0.9", destination, (ushort)(destination is null ? 0x0110 : 0x0100), "OTHER<20>");
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
    [Reaches("B5.purge-cache", "B5.own-table")]
    public void RuleB5_Release_PurgesTheCache_AndLeavesTheTable()
    {
        var (bed, node) = Holding("NAME<20>");
        bed.Do(node, now => node.Query(now, Name("REMOTE<20>"), 0x1111));
        bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, "REMOTE<20>", "10.0.0.7", id: 0x1111);
        Assert.That(node.GetCacheRows(bed.Now), Has.Length.EqualTo(1));
        bed.SendRequest("10.0.0.7", null, 0x3010, "REMOTE<20>", "10.0.0.7");
        bed.SendRequest("10.0.0.7", null, 0x3010, "NAME<20>", "10.0.0.1");
        Assert.That(node.GetCacheRows(bed.Now), Is.Empty);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        Assert.That(bed.Events["ALPHA"], Is.Empty);
    }

    [Test]
    [Reaches("B5.overwrite", "B5.correct-cache")]
    public void RuleB5_OverwriteDemand_CorrectsTheCache_AndLeavesTheTable()
    {
        var (bed, node) = Holding("NAME<20>");
        bed.Do(node, now => node.Query(now, Name("REMOTE<20>"), 0x1111));
        bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, "REMOTE<20>", "10.0.0.7", id: 0x1111);
        bed.SendRequest("10.0.0.8", null, 0x2810, "REMOTE<20>", "10.0.0.8");
        bed.SendRequest("10.0.0.8", null, 0x2810, "UNKNOWN<20>", "10.0.0.8");
        bed.SendRequest("10.0.0.8", null, 0x2810, "NAME<20>", "10.0.0.8");
        Assert.That(node.GetCacheRows(bed.Now).Single().Address, Is.EqualTo(Ip("10.0.0.8")));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [TestCase("*")]
    [TestCase("NAME<20>")]
    public void RuleB5_NodeStatusForOwnedName_ListsTheNames(string asked)
    {
        var (bed, node) = Holding("NAME<20>");
        bed.Do(node, now => node.AddGroupName(now, Name("LAB<00>")));
        bed.RunSeconds(5);
        bed.Log.Clear();
        var asker = bed.Add("BETA", "10.0.0.2");
        var id = bed.Do(asker, now => asker.NodeStatus(now, node.Address, Name(asked)));
        var result = bed.Result(asker, id);
        Assert.That(result.Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(result.Names.Select(name => (name.Name.ToString(), name.Flags.Value)), Is.EqualTo([("NAME<20>", (ushort)0x0400), ("LAB<00>", (ushort)0x8400)]));
        Assert.That(result.UnitId, Is.EqualTo(MacAddress.FromIpv4(node.Address)));
        Assert.That(bed.Log[0].Flags, Is.EqualTo(0x0000));
        Assert.That(bed.Log[1].Flags, Is.EqualTo(0x8400));
        Assert.That(bed.Log[1].Bytes, Has.Length.EqualTo(103 + (18 * 2)));
    }

    [TestCase("rfc1002", 0x2800, false)]
    [TestCase("rfc1002", 0x2810, false)]
    [TestCase("w2k", 0x2800, true)]
    [TestCase("w2k", 0x2810, true)]
    public void RuleB5_AnOverwriteSentToThisNodeAlone_IsForTheCache_OrByTheSwitchAClaim(string dialect, int flags, bool answered)
    {
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node) = Holding("NAME<20>", dialect: found);
        bed.SendRequest("10.0.0.8", "10.0.0.1", (ushort)flags, "NAME<20>", "10.0.0.8");
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo(answered ? [0xAD86] : Array.Empty<ushort>()));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [TestCase(0x2800)]
    [TestCase(0x2810)]
    public void RuleB5_AnOverwriteSentToThisNodeAlone_CorrectsTheCache(int flags)
    {
        var (bed, node) = Holding("NAME<20>");
        bed.Do(node, now => node.Query(now, Name("REMOTE<20>"), 0x1111));
        bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, "REMOTE<20>", "10.0.0.7", id: 0x1111);
        bed.SendRequest("10.0.0.8", "10.0.0.1", (ushort)flags, "REMOTE<20>", "10.0.0.8");
        Assert.That(node.GetCacheRows(bed.Now).Single().Address, Is.EqualTo(Ip("10.0.0.8")));
    }

    [Test]
    public void RuleB5_AClaimThatCarriesTheOwnersAddress_IsRefusedLikeAnyOther()
    {
        // RFC 1002 §5.1.1.5 compares no address
        var (bed, node) = Holding("NAME<20>");
        bed.SendRequest("10.0.0.9", null, 0x2910, "NAME<20>", "10.0.0.1");
        Assert.That(bed.From(node).Single().Flags, Is.EqualTo(0xAD86));
    }

    [TestCase(true, true)]
    [TestCase(false, false)]
    [Reaches("B5.status")]
    public void RuleB5_NodeStatusForTheWildcard_IsAnswered_ThoughTheLetterHasItForPAndMNodes(bool answers, bool answered)
    {
        // stated deviation: RFC 1002 §5.1.1.5 against RFC 1001 §15.1.7(2) and every B node there is
        var (bed, node) = Holding("NAME<20>", dialect: NetBtDialect.Rfc1002 with { AnswersStatusWildcard = answers });
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0000, "*", NbnsType.NBStat);
        Assert.That(bed.From(node).Any(), Is.EqualTo(answered));
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0000, "NAME<20>", NbnsType.NBStat);
        Assert.That(bed.From(node).Last().Kind, Is.EqualTo(NodeStatusResponse));
    }

    [Test]
    [Reaches("B5.no-status")]
    public void RuleB5_NodeStatusForAnotherName_IsNotAnswered()
    {
        var (bed, node) = Holding("NAME<20>");
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0000, "OTHER<20>", NbnsType.NBStat);
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
    public void NodeStatus_ListsAtMost26Names_AndSaysSo()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        for (int i = 0; i < 27; i++)
            bed.Do(node, now => node.AddName(now, Name($"NAME{i}<20>")));
        bed.RunSeconds(5);
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0000, "*", NbnsType.NBStat);
        var answer = bed.From(node).Last();
        Assert.That(answer.Flags, Is.EqualTo(0x8600), "TC");
        Assert.That(answer.Bytes, Has.Length.EqualTo(103 + (18 * 26)));
    }

    [Test]
    public void ARegisteringName_IsNeitherDefendedNorAnsweredFor()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.Log.Clear();
        bed.SendRequest("10.0.0.9", null, 0x2910, "NAME<20>", "10.0.0.9");
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>");
        Assert.That(bed.From(node), Is.Empty);
    }
}
