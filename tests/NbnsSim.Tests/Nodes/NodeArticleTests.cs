using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>What single clauses of the RFCs and single articles of Microsoft's say of end nodes, beside the numbered rules of the node types.</summary>
public sealed class NodeArticleTests
{
    private static NetBtDialect Dialect(string name)
    {
        Assert.That(NetBtDialect.TryFind(name, out var found), Is.True);
        return found!;
    }

    private static (NodeBed Bed, EndNode Node, ScriptedServer Primary, ScriptedServer Secondary) WithTwoServers(string dialect, OwnerNodeType type = OwnerNodeType.P)
    {
        var bed = new NodeBed();
        var primary = new ScriptedServer(bed);
        var secondary = new ScriptedServer(bed, "10.0.0.201");
        var node = bed.Add("ALPHA", "10.0.0.1", Dialect(dialect), options => options with { NodeType = type, NameServers = [primary.Address, secondary.Address] });
        return (bed, node, primary, secondary);
    }

    [TestCase(true, 0.9, OperationOutcome.Refused)]
    [TestCase(true, 1, OperationOutcome.Succeeded)]
    [TestCase(false, 0.9, OperationOutcome.Succeeded)]
    [Reaches("N1.conflict-timer")]
    public void RuleN1_AnObjection_CountsUntilCONFLICT_TIMERHasRun(bool lasts, double after, OperationOutcome outcome)
    {
        // RFC 1001 §15.2.1; RFC 1002 §5.1.1.1 ends after 3 × 250 ms
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Rfc1002 with { ClaimLastsConflictTimer = lasts });
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.RunSeconds(after);
        Assert.That(bed.Log.Select(sent => (sent.Milliseconds, sent.Flags)).Last(), Is.EqualTo((750, (ushort)0x2810)));
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x1111);
        bed.RunSeconds(1);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(outcome));
        Assert.That(node.NameCount, Is.EqualTo(outcome == OperationOutcome.Succeeded ? 1 : 0));
        Assert.That(bed.Events["ALPHA"], Is.Empty);
    }

    [Test]
    public void RuleN1_WindowsTriesTakeLonger_SoTheNameIsOwnedWithTheDemand()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt35);
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.Result(node, id).CompletedAt, Is.EqualTo(Instant.FromMilliseconds(2250)));
    }

    [Test]
    [Reaches("T8.held-from-start")]
    public void RuleN2_EachOfManyNames_IsFoundByItsOctetsAndScope()
    {
        // 250 names, more than half of them deleted again, some twice in another scope
        var bed = new NodeBed();
        var node = new EndNode("ALPHA", EndNodeInterface.InSubnet(Ip("10.0.0.1")), new EndNodeOptions { NodeType = OwnerNodeType.M, Dialect = NetBtDialect.Rfc1002 });
        bed.Add(node);
        var held = new List<NetBiosName>();
        for (int i = 0; i < 250; i++)
        {
            held.Add(Name(i % 10 == 9 ? $"NAME{i - 1}<20>.SIDE" : $"NAME{i}<20>"));
            Assert.That(node.AssumeName(bed.Now, held[^1], isGroup: false), Is.True);
        }

        for (int left = 250; left >= 0; left -= 25)
        {
            for (int i = 0; i < 250; i++)
            {
                var name = held.ElementAtOrDefault(i);
                bed.Log.Clear();
                bed.SendQuery("10.0.0.9", "10.0.0.1", 0, i < held.Count ? name.ToString() : $"GONE{i}<20>");
                Assert.That(bed.From(node).Single().Kind, Is.EqualTo(i < held.Count ? PositiveNameQueryResponse : NegativeNameQueryResponse));
            }

            for (int i = 0; i < 25 && held.Count > 0; i++)
            {
                var gone = held[i * 7 % held.Count];
                held.Remove(gone);
                bed.SendRequest("10.0.0.200", "10.0.0.1", 0x3000, gone.ToString(), "10.0.0.1");
                Assert.That(node.GetNameState(gone), Is.Null);
                bed.Log.Clear();
                bed.SendQuery("10.0.0.9", "10.0.0.1", 0, gone.ToString());
                Assert.That(bed.From(node).Single().Kind, Is.EqualTo(NegativeNameQueryResponse));
            }

            Assert.That(node.NameCount, Is.EqualTo(held.Count));
        }
    }

    [TestCase("nt3.5", false)]
    [TestCase("rfc1002", false)]
    [TestCase("nt3.51", true)]
    [TestCase("nt4", true)]
    [TestCase("w2k", true)]
    public void RuleN5_TheSecondaryNameServer_IsAskedAlsoAfterANegativeAnswer_FromNt351On(string dialect, bool asked)
    {
        // Q137780
        var (bed, node, primary, secondary) = WithTwoServers(dialect);
        secondary.Then(NameQueryRequest, Respond(0x8580, 1000, "10.0.9.9"));
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(10);
        Assert.That((primary.Received.Count, secondary.Received.Count), Is.EqualTo((1, asked ? 1 : 0)));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(asked ? OperationOutcome.Succeeded : OperationOutcome.NotFound));
        bed.Do(node, now => node.Query(now, Name("THIRD<20>")));
        Assert.That(primary.Received, Has.Count.EqualTo(2), "the primary is not left for it");
    }

    [Test]
    [Reaches("N5.next-server")]
    public void RuleN5_WhoeverOfTheServersIsSilent_TheNegativeAnswerOfTheOtherStands()
    {
        var (bed, node, primary, secondary) = WithTwoServers("w2k");
        secondary.IsDown = true;
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(10);
        Assert.That((primary.Received.Count, secondary.Received.Count), Is.EqualTo((1, 3)));
        Assert.That((bed.Result(node, id).Outcome, bed.Result(node, id).Responder, bed.Result(node, id).Rcode), Is.EqualTo((OperationOutcome.NotFound, primary.Address, NbnsRcode.NameError)));
        primary.Received.Clear();
        bed.Do(node, now => node.Query(now, Name("THIRD<20>")));
        Assert.That(primary.Received, Has.Count.EqualTo(1), "no WinsDownTimeout: a server has answered");
    }

    [Test]
    public void RuleN5_AnErrorThatIsNotNoSuchName_IsTheAnswer()
    {
        var (bed, node, primary, secondary) = WithTwoServers("w2k");
        primary.Then(NameQueryRequest, sent =>
        {
            var buffer = new byte[576];
            return buffer[..NbnsEncoder.WriteNegativeQueryResponse(buffer, sent.TransactionId, 0x8582, sent.Name)];
        });
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(10);
        Assert.That(secondary.Received, Is.Empty);
        Assert.That(bed.Result(node, id).Rcode, Is.EqualTo((NbnsRcode)2));
    }

    [TestCase("nt4", 1500, 3000)]
    [TestCase("w2k", 0, 0)]
    [TestCase("nt3.51", 0, 0)]
    [Reaches("N6.pause")]
    public void RuleN6_Nt4_Waits1500MillisecondsAfterEachNegativeAnswer_ForNothing(string dialect, int second, int segment)
    {
        // Q219357, corrected in Service Pack 5
        var (bed, node, _, secondary) = WithTwoServers(dialect, OwnerNodeType.H);
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(20);
        Assert.That(secondary.Received.Single().Milliseconds, Is.EqualTo(second));
        Assert.That(bed.Log.First(sent => sent.IsBroadcast).Milliseconds, Is.EqualTo(segment), "then the segment is asked");
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NotFound));
    }

    [TestCase("rfc1002", 600)]
    [TestCase("nt3.5", 600)]
    [TestCase("nt4", 660)]
    [TestCase("w2k", 600)]
    public void RuleN7_Nt4_RemembersANameForAMinuteMore(string dialect, int seconds)
    {
        // Q236901
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", Dialect(dialect));
        bed.Do(node, now => node.Query(now, Name("OTHER<20>"), 0x100));
        bed.SendResponse("10.0.0.7", "10.0.0.1", 0x8500, "OTHER<20>", "10.0.0.7", id: 0x100);
        Assert.That(node.GetCacheRows(bed.Now).Single().LifeSeconds, Is.EqualTo(seconds));
    }

    [TestCase("nt3.5", true)]
    [TestCase("nt3.51", false)]
    [TestCase("nt4", false)]
    [TestCase("w2k", true)]
    [TestCase("rfc1002", true)]
    public void RuleN8_Nt351AndNt4_LeaveTheirMainNamesUnreleasedAtShutdown(string dialect, bool all)
    {
        // Q140419
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", Dialect(dialect));
        bed.Do(node, node.Boot);
        bed.RunSeconds(30);
        bed.Do(node, now => node.AddGroupName(now, Name("LAB<1C>")));
        bed.Do(node, now => node.Logon(now, "JSMITH"));
        bed.RunSeconds(30);
        bed.Log.Clear();
        var shutdown = bed.Do(node, node.Shutdown);
        bed.RunSeconds(30);
        string[] released = ["LAB<00>", "ALPHA<20>", "LAB<1E>", "JSMITH<03>"];
        Assert.That(
            bed.From(node).Where(sent => sent.Kind == NameReleaseDemand).Select(sent => sent.Name.ToString()).Distinct(StringComparer.Ordinal),
            Is.EquivalentTo(all ? [.. released, "ALPHA<00>", "ALPHA<03>", "LAB<1C>"] : released));
        Assert.That(bed.Result(node, shutdown).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That((node.IsShutDown, node.NameCount), Is.EqualTo((true, 0)));
    }

    [TestCase("nt3.5", false)]
    [TestCase("nt3.51", false)]
    [TestCase("nt4", true)]
    [TestCase("w2k", true)]
    [Reaches("N9.no-release-refresh")]
    public void RuleN9_NbtstatRR_IsThereFromNt4On_AndReleasesAtBothNameServers(string dialect, bool there)
    {
        // Q188598, Q247559
        var (bed, node, primary, secondary) = WithTwoServers(dialect);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        primary.Received.Clear();
        var id = bed.Do(node, node.Refresh);
        bed.RunSeconds(10);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(there ? OperationOutcome.Succeeded : OperationOutcome.NotAvailable));
        Assert.That(primary.Received.Select(sent => sent.Flags), Is.EqualTo(there ? [0x3000, 0x2900] : Array.Empty<ushort>()));
        Assert.That(secondary.Received.Select(sent => sent.Flags), Is.EqualTo(there ? [0x3000] : Array.Empty<ushort>()));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [TestCase("rfc1002", 0x6600, 0xE400)]
    [TestCase("nt4", 0x4400, 0xC400)]
    [TestCase("w2k", 0x4400, 0xC400)]
    public void RuleN12_NodeStatusOfAnHNode_AndOfItsPermanentName(string dialect, int own, int group)
    {
        // RFC 1002 §4.2.18: PRM; nmap's patterns of Windows: 0x4400, 0xC400
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", Dialect(dialect), options => options with { NameServers = [server.Address] });
        bed.Do(node, now => node.AddName(now, Name("ALPHA<00>")));
        bed.Do(node, now => node.AddGroupName(now, Name("LAB<00>")));
        bed.Do(node, now => node.AddName(now, Name("ALPHA<20>")));
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0, "*", NbnsType.NBStat);
        Assert.That(NbnsPacket.TryParse(bed.From(node).Last().Bytes, out var packet), Is.True);
        Assert.That(packet.Record.GetNodeName(0).Flags.Value, Is.EqualTo(own));
        Assert.That(packet.Record.GetNodeName(1).Flags.Value, Is.EqualTo(group));
        Assert.That(packet.Record.GetNodeName(2).Flags.IsPermanent, Is.False);
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0, "ALPHA<20>");
        Assert.That(bed.From(node).Last().Entry.Flags.OwnerNodeType, Is.EqualTo(OwnerNodeType.H), "Q189101");
    }

    [TestCase(0x0110, NbnsType.NB)]
    [TestCase(0x0000, NbnsType.NBStat)]
    [TestCase(0x2910, NbnsType.NB)]
    public void RuleN13_ARequestOfAnotherClassThanIN_IsNotAnswered(int flags, NbnsType type)
    {
        // RFC 1002 §4.2.1.2, §4.2.1.3
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        bed.Log.Clear();
        var bytes = new byte[576];
        int length = flags == 0x2910 ? NbnsEncoder.WriteRequest(bytes, 1, 0x2910, Name("NAME<20>"), 0, new NbEntry(default, Ip("10.0.0.9"))) : NbnsEncoder.WriteQuery(bytes, 1, (ushort)flags, Name("NAME<20>"), type);
        Assert.That(bytes[49], Is.EqualTo(1), "QUESTION_CLASS");
        bed.Send("10.0.0.9", flags == 0 ? "10.0.0.1" : null, bytes.AsSpan(0, length));
        Assert.That(bed.From(node).Count(), Is.EqualTo(1), "control");
        bytes[49] = 2;
        bed.Send("10.0.0.9", flags == 0 ? "10.0.0.1" : null, bytes.AsSpan(0, length));
        Assert.That(bed.From(node).Count(), Is.EqualTo(1));
    }

    [Test]
    [Reaches("N13.class")]
    public void RuleN13_AResponseOfAnotherClassThanIN_IsNoAnswer()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        var id = bed.Do(node, now => node.Query(now, Name("OTHER<20>"), 0x100));
        var bytes = new byte[576];
        int length = NbnsEncoder.WriteResponse(bytes, 0x100, 0x8500, Name("OTHER<20>"), 0, new NbEntry(default, Ip("10.0.0.7")));
        Assert.That(bytes[49], Is.EqualTo(1), "RR_CLASS");
        bytes[49] = 2;
        bed.Send("10.0.0.7", "10.0.0.1", bytes.AsSpan(0, length));
        bed.RunSeconds(5);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NotFound));
    }

    [Test]
    [Reaches("N14.long-name")]
    public void RuleN14_ANameOfMoreThan255Octets_IsNotRead()
    {
        // RFC 1002 §4.1
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", null, options => options with { NodeType = OwnerNodeType.M });
        foreach (var (extra, answered) in new[] { (0, true), (1, false) })
        {
            // a query for a name that the node does not have; an M node says so: 33 + 3 × 64 + 29 + 1 = 255
            var bytes = new List<byte> { 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 32 };
            bytes.AddRange(Enumerable.Repeat((byte)'A', 32));
            foreach (int label in (int[])[63, 63, 63, 28 + extra])
            {
                bytes.Add((byte)label);
                bytes.AddRange(Enumerable.Repeat((byte)'X', label));
            }

            bytes.AddRange((byte[])[0, 0, 0x20, 0, 1]);
            Assert.That(bytes, Has.Count.EqualTo(12 + 255 + extra + 4));
            bed.Log.Clear();
            bed.Send("10.0.0.9", "10.0.0.1", bytes.ToArray());
            Assert.That(bed.From(node).Any(), Is.EqualTo(answered));
        }
    }

    [TestCase("nt3.51", 1)]
    [TestCase("rivals", 0)]
    [Reaches("N15.own-address")]
    public void RuleN15_TheRivalReadingsOfWhatNt351Corrected_AreSwitches(string reading, int events)
    {
        var (bed, alpha) = User(reading == "rivals" ? NetBtDialect.WindowsNt351 with { TakesUserNameReleaseSilently = true } : NetBtDialect.WindowsNt351);
        bed.SendRequest("10.0.0.9", "10.0.0.1", 0x3000, "JSMITH<03>", "10.0.0.1"); // a name server's, Q136571
        Assert.That(alpha.GetNameState(Name("JSMITH<03>")), Is.EqualTo(LocalNameState.Conflict), "obeyed in either");
        Assert.That(bed.Events["ALPHA"], Has.Count.EqualTo(events));
        Assert.That(bed.From(alpha).Last().Flags, Is.EqualTo(0xB400));
    }

    [TestCase(false, LocalNameState.Conflict)]
    [TestCase(true, LocalNameState.Registered)]
    [Reaches("N15.broadcast-release", "N15.name-alone")]
    public void RuleN15_ABroadcastRelease_MayBeForTheCacheAlone(bool ignores, LocalNameState state)
    {
        var (bed, alpha) = User(NetBtDialect.WindowsNt35 with { IgnoresBroadcastRelease = ignores });
        bed.SendRequest("10.0.0.9", null, 0x3010, "JSMITH<03>", "10.0.0.9");
        Assert.That(alpha.GetNameState(Name("JSMITH<03>")), Is.EqualTo(state));
        bed.SendRequest("10.0.0.9", "10.0.0.1", 0x3000, "JSMITH<03>", "10.0.0.9");
        Assert.That(alpha.GetNameState(Name("JSMITH<03>")), Is.EqualTo(LocalNameState.Conflict), "one sent to this node alone counts all the same");
    }

    [Test]
    public void RuleN15_MatchedOnTheNameAlone_ASisterDomainControllersRelease_PutsTheDomainIntoConflict()
    {
        // a report of NT 4.0 with Service Packs 3 and 4: DOMAIN<1C> in conflict, 4320 with a sister domain controller's address
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4 with { ReleaseDemand = ReleaseDemandRule.ConflictOnName, TakesBroadcastGroupRelease = true });
        bed.Do(node, now => node.AddGroupName(now, Name("LAB<1C>")));
        bed.RunSeconds(10);
        bed.SendRequest("10.0.0.2", null, 0x3010, "LAB<1C>", "10.0.0.2", group: true);
        Assert.That(node.GetNameState(Name("LAB<1C>")), Is.EqualTo(LocalNameState.Conflict));
        Assert.That(bed.Events["ALPHA"].Select(logged => (logged.Id, logged.Address)), Is.EqualTo([(4320, Ip("10.0.0.2"))]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void EventsThatAreInferred_AreSwitches(bool logs)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed).Then(NameRefreshRequest, Respond(0xAD86));
        var dialect = NetBtDialect.Windows2000 with { LogsRefusedRefresh = logs, LogsMissingNameServer = logs };
        var node = bed.Add("ALPHA", "10.0.0.1", dialect, options => options with { NameServers = [server.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(3000);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Conflict));
        Assert.That(bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo(logs ? [4319] : Array.Empty<int>()));
        var lonely = bed.Add("BETA", "10.0.0.2", dialect, options => options with { NodeType = OwnerNodeType.H });
        bed.Do(lonely, lonely.Boot);
        Assert.That(bed.Events["BETA"].Select(logged => logged.Id), Is.EqualTo(logs ? [4303] : Array.Empty<int>()));
    }

    private static (NodeBed Bed, EndNode Node) User(NetBtDialect dialect)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", dialect);
        bed.Do(node, now => node.Logon(now, "JSMITH"));
        bed.RunSeconds(10);
        return (bed, node);
    }
}
