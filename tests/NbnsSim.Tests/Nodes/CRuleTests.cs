using NbnsSim.Messages;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
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
    public void RuleC2_NameInConflict_IsNotDefended()
    {
        var (bed, node) = InConflict();
        bed.SendRequest("10.0.0.9", null, 0x2910, "NAME<20>", "10.0.0.9");
        Assert.That(bed.From(node), Is.Empty);
    }

    [Test]
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
        Assert.That(bed.Result(node, delete).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.NameCount, Is.Zero);
        Assert.That(bed.Log, Is.Empty, "nothing of that makes traffic");
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
    public void RuleC3_RegisteringANameInConflict_FailsAtOnceWithoutTraffic()
    {
        var (bed, node) = InConflict(NetBtDialect.Windows2000);
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.NameConflict));
        Assert.That(bed.Log, Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void RefusedName_OnWindows2000_Logs4321_AndLeavesTheTable_OrStaysInConflict(bool keeps)
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Windows2000 with { KeepsRefusedNameInConflict = keeps });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x1111));
        bed.SendResponse("10.0.0.9", "10.0.0.1", 0xAD86, "NAME<20>", "10.0.0.9", id: 0x1111);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(keeps ? LocalNameState.Conflict : null));
        var logged = bed.Events["ALPHA"].Single();
        Assert.That((logged.Id, logged.Address, logged.InterfaceAddress), Is.EqualTo((4321, Ip("10.0.0.9"), Ip("10.0.0.1"))));
        Assert.That(logged.Reason!.Rule, Is.SameAs(EndNodeRules.RegistrationRefused));
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.1/2")]
    [Clause("MS-NBTE §3.1.5.1/2")]
    public void WildcardName_IsAddedWithoutTraffic_AndNeverDefended()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1");
        var id = bed.Do(node, now => node.AddName(now, Name("*NAME<20>")));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        bed.SendRequest("10.0.0.9", null, 0x2910, "*NAME<20>", "10.0.0.9");
        Assert.That(bed.From(node), Is.Empty);
    }
}
