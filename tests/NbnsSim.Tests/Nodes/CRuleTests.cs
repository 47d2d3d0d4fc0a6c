using NbnsSim.Messages;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Tests.House;
using NbnsSim.Wire;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>Names in conflict, RFC 1001 §15.1.3.5.</summary>
public sealed class CRuleTests
{
    private static (NodeBed Bed, EndNode Node) InConflict(NetBtDialect? dialect = null)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", dialect);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD87, "NAME<20>", "0.0.0.0");
        bed.Log.Clear();
        return (bed, node);
    }

    [Test]
    public void RuleC1_ConflictDemand_MarksANameInTheTable()
    {
        var (bed, node) = InConflict();
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Conflict));
        Assert.That(node.GetNameRows().Single().Status, Is.EqualTo(NbtStatStatus.Conflict));
        Assert.That(bed.Events["ALPHA"].Select(logged => (logged.Id, logged.Address)), Is.EqualTo([(4319, Ip("10.0.0.9"))]));
    }

    [Test]
    [Reaches("C1.nothing-to-mark")]
    public void RuleC1_ASecondConflictDemand_ChangesNothing()
    {
        var (bed, _) = InConflict();
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD87, "NAME<20>", "0.0.0.0");
        Assert.That(bed.Events["ALPHA"], Has.Count.EqualTo(1));
    }

    [Test]
    public void RuleC1_ConflictDemandForAnotherName_IsIgnored()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD87, "OTHER<20>", "0.0.0.0");
        Assert.That(bed.Events["ALPHA"], Is.Empty);
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void RuleC1_OnlyTheReceiverMarksIt()
    {
        var bed = new NodeBed();
        var alpha = bed.Add("ALPHA", "10.0.0.1");
        var beta = bed.Add("BETA", "10.0.0.2");
        bed.Loses = (sent, _) => sent.Kind == NbnsMessageKind.NegativeNameRegistrationResponse;
        bed.Do(alpha, now => alpha.AddName(now, Name("NAME<20>")));
        bed.Do(beta, now => beta.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        bed.SendResponse("10.0.0.9", "10.0.0.2", 0xAD87, "NAME<20>", "0.0.0.0");
        Assert.That(alpha.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        Assert.That(beta.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Conflict));
    }

    [Test]
    [Reaches("C2.not-defended")]
    public void RuleC2_NameInConflict_IsNotDefended()
    {
        var (bed, node) = InConflict();
        bed.SendRequest("10.0.0.9", null, 0x2910, "NAME<20>", "10.0.0.9");
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
    [Reaches("C2.not-answered")]
    public void RuleC2_NameInConflict_IsNotAnsweredFor()
    {
        var (bed, node) = InConflict();
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>");
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0100, "NAME<20>");
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
    public void RuleC2_OnlyDeletingWorks_OtherCommandsReturnNameConflict()
    {
        var (bed, node) = InConflict();
        var add = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        var query = bed.Do(node, now => node.Query(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, add).Outcome, Is.EqualTo(OperationOutcome.NameConflict));
        Assert.That(bed.Result(node, query).Outcome, Is.EqualTo(OperationOutcome.NameConflict));
        var delete = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        Assert.That(bed.Log.Select(sent => sent.Kind), Has.All.EqualTo(NbnsMessageKind.NameReleaseDemand), "nothing else makes traffic");
        bed.RunSeconds(5);
        Assert.That(bed.Result(node, delete).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.NameCount, Is.Zero);
    }

    [TestCase("rfc1002", 3)]
    [TestCase("nt3.5", 0)]
    [TestCase("w2k", 0)]
    public void RuleC5_DeletingANameInConflict_ReleasesItByTheRfc_AndSilentlyInWindows(string dialect, int releases)
    {
        // RFC 1002 §5.1.1.4 exempts no name; that Windows keeps silent is inferred
        NetBtDialect.TryFind(dialect, out var found);
        var (bed, node) = InConflict(found);
        var delete = bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo(Enumerable.Repeat((ushort)0x3010, releases)));
        Assert.That(bed.Result(node, delete).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.NameCount, Is.Zero);
    }

    [TestCase(0xB400)]
    [TestCase(0xB406)]
    public void RuleC5_DeletingANameInConflict_OfAPNode_IsReleasedAtTheServer_AndGoesWhateverItSays(int answer)
    {
        // RFC 1002 §5.1.2.4; RFC 1001 §15.1.3.5: deleting is the only way out
        var bed = new NodeBed();
        var server = new ScriptedServer(bed).Then(NbnsMessageKind.NameReleaseRequest, ScriptedServer.Respond((ushort)answer));
        var node = bed.Add("ALPHA", "10.0.0.1", null, options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.SendResponse("10.0.0.200", "10.0.0.1", 0xAD87, "NAME<20>", "0.0.0.0");
        server.Received.Clear();
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        Assert.That(server.Received.Select(sent => sent.Flags), Is.EqualTo([0x3000]));
        Assert.That(node.NameCount, Is.Zero);
    }

    [TestCase(OwnerNodeType.P, null)]
    [TestCase(OwnerNodeType.M, null)]
    [TestCase(OwnerNodeType.H, null)]
    [TestCase(OwnerNodeType.B, LocalNameState.Conflict)]
    [Reaches("C4.answered-again")]
    public void RuleC4_AReleaseFromTheNameServer_FlushesANameInConflict_AndIsAnswered(OwnerNodeType type, LocalNameState? left)
    {
        // RFC 1001 §15.5.3
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", null, options => options with { NodeType = type, NameServers = [server.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(2);
        bed.SendResponse("10.0.0.200", "10.0.0.1", 0xAD87, "NAME<20>", "0.0.0.0");
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Conflict));
        bed.Log.Clear();
        bed.SendRequest("10.0.0.200", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1", id: 0x1235);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(left));
        Assert.That(bed.From(node).Select(sent => $"{sent.Flags:x4} {sent.TransactionId:x4} {sent.Entry.Address}"), Is.EqualTo(left is null ? ["b400 1235 10.0.0.1"] : Array.Empty<string>()));
        Assert.That(bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo(left is null ? new[] { 4319, 4320 } : [4319]), "the user is told");
        if (left is not null)
            return;

        bed.Log.Clear();
        bed.SendRequest("10.0.0.200", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1", id: 0x1235);
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo([0xB400]), "its repeat is answered too: the first answer may be lost");
        bed.SendRequest("10.0.0.66", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1");
        Assert.That(bed.From(node).Count(), Is.EqualTo(1), "a stranger's release of what the node does not have is not");

        bed.Log.Clear();
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        Assert.That(bed.From(node).Select(sent => sent.Kind), Has.None.EqualTo(NbnsMessageKind.NameReleaseRequest), "re-acquired without a release (RFC 1001 §15.1.7(3))");
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void RuleC2_NodeStatusAskedByANameInConflict_IsNotAnswered()
    {
        // RFC 1002 §5.1.1.5: "will not be used for purposes of processing incoming request packets"
        var (bed, node) = InConflict();
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0000, "NAME<20>", NbnsType.NBStat);
        Assert.That(bed.From(node), Is.Empty);
    }

    [TestCase(true, true)]
    [TestCase(false, false)]
    [Reaches("C1.group")]
    public void RuleC1_AConflictDemandForAGroupName_MarksIt_UnlessTheSwitchSaysUniqueNamesOnly(bool takes, bool marked)
    {
        // RFC 1002 §5.1.1.5 exempts no group; §4.2.8 has G = 0 in every demand
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Rfc1002 with { ConflictDemandTakesGroupNames = takes });
        bed.Do(node, now => node.AddGroupName(now, Name("LAB<00>")));
        bed.RunSeconds(5);
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD87, "LAB<00>", "0.0.0.0");
        Assert.That(node.GetNameState(Name("LAB<00>")), Is.EqualTo(marked ? LocalNameState.Conflict : LocalNameState.Registered));
    }

    [Test]
    public void RuleC2_NodeStatus_ShowsTheConflict()
    {
        var (bed, node) = InConflict();
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0000, "*", NbnsType.NBStat);
        Assert.That(NbnsPacket.TryParse(bed.From(node).Single().Bytes, out var packet), Is.True);
        Assert.That(packet.Record.GetNodeName(0).Flags.Value, Is.EqualTo(0x0C00));
    }

    [Test]
    public void RuleC3_QueryToThisNodeAlone_ForANameInConflict_IsAnsweredNegativeByWindows()
    {
        var (bed, node) = InConflict(NetBtDialect.Windows2000);
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>");
        Assert.That(bed.From(node), Is.Empty, "a broadcast is met with silence");
        bed.SendQuery("10.0.0.9", "10.0.0.1", 0x0100, "NAME<20>");
        Assert.That(bed.From(node).Single().Flags, Is.EqualTo(0x8503));
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.1/4")]
    [Reaches("C3.name-in-conflict")]
    public void RuleC3_RegisteringANameInConflict_FailsAtOnceWithoutTraffic()
    {
        var (bed, node) = InConflict(NetBtDialect.Windows2000);
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NameConflict));
        Assert.That(bed.Log, Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    [Reaches("C6.refused-kept", "E1.4321")]
    public void RefusedName_OnWindows2000_Logs4321_AndLeavesTheTable_OrStaysInConflict(bool keeps)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000 with { KeepsRefusedNameInConflict = keeps });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x1111);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(keeps ? LocalNameState.Conflict : null));
        var logged = bed.Events["ALPHA"].Single();
        Assert.That((logged.Id, logged.Address, logged.InterfaceAddress), Is.EqualTo((4321, Ip("10.0.0.9"), Ip("10.0.0.1"))));
        Assert.That(logged.Reason!.Rule, Is.SameAs(NodeRules.LogsRefusal));
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.1/2")]
    [Clause("MS-NBTE §3.1.5.1/2")]
    [Reaches("T2.add-name", "N20.wildcard")]
    public void WildcardName_IsAddedWithoutTraffic_AndNeverDefended()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000);
        var id = bed.Do(node, now => node.AddName(now, Name("*NAME<20>")));
        Assert.That((bed.Result(node, id).Outcome, bed.Result(node, id).CompletedAt), Is.EqualTo((OperationOutcome.Succeeded, bed.Now)), "at once");
        Assert.That(node.GetNameState(Name("*NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        bed.SendRequest("10.0.0.9", null, 0x2910, "*NAME<20>", "10.0.0.9");
        bed.RunSeconds(5);
        Assert.That(bed.From(node), Is.Empty);
    }
}
