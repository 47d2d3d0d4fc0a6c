using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>Answers that come late, twice or from somebody else, and commands that come in between.</summary>
public sealed class LateAnswerTests
{
    [Test]
    [Reaches("T9.cancelled")]
    public void BootBeforeTheShutdownIsDone_RegistersEveryNameAnew()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4);
        bed.Do(node, node.Boot);
        bed.RunSeconds(20);
        bed.Do(node, node.Shutdown);
        bed.RunSeconds(0.1);
        var boot = bed.Do(node, node.Boot);
        bed.RunSeconds(20);
        Assert.That(bed.Result(node, boot).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.NameCount, Is.EqualTo(5));
        Assert.That(Enumerable.Range(0, 5).Select(i => node.GetName(i).State), Has.All.EqualTo(LocalNameState.Registered));
    }

    [Test]
    [Reaches("T6.shutdown")]
    public void Shutdown_PutsAnEndToQueries_WhichThenHaveAResult()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4);
        var query = bed.Do(node, now => node.Query(now, Name("NOBODY<20>")));
        var status = bed.Do(node, now => node.NodeStatus(now, Ip("10.0.0.77")));
        bed.Do(node, node.Shutdown);
        Assert.That(bed.Result(node, query).Outcome, Is.EqualTo(OperationOutcome.Cancelled));
        Assert.That(bed.Result(node, status).Outcome, Is.EqualTo(OperationOutcome.Cancelled));
    }

    [Test]
    public void ALateAnswerOfTheSecondaryServer_DoesNotUndoTheSwitchBack()
    {
        // Q247559: the secondary is asked only where the primary is silent
        var (bed, node, primary, secondary) = WithTwoServers();
        secondary.Then(NameQueryRequest, Wack(60));
        bed.RunSeconds(598);
        bed.Do(node, now => node.Query(now, Name("OTHER<20>"), 0x4711));
        primary.IsDown = false;
        bed.RunSeconds(10); // the primary answers the refresh that tries it
        bed.SendResponse("10.0.0.201", "10.0.0.1", 0x8580, "OTHER<20>", "10.0.0.9", id: 0x4711);
        primary.Received.Clear();
        secondary.Received.Clear();
        bed.Do(node, now => node.Query(now, Name("NEXT<20>")));
        Assert.That((primary.Received.Count, secondary.Received.Count), Is.EqualTo((1, 0)));
    }

    [Test]
    public void TryingThePrimaryInVain_AddsNoRefreshAtTheSecondary()
    {
        var (bed, _, _, secondary) = WithTwoServers(grants: 518_400);
        secondary.Received.Clear();
        bed.RunSeconds(3700); // all six tries
        Assert.That(secondary.Received, Is.Empty, "the next refresh is due after three days (Q153713)");
    }

    [Test]
    public void AnUpdateThatItsServerNeverAnswers_BecomesAClaimAtTheNext()
    {
        // RFC 1002 §5.1.2.1: an update request follows the server's own challenge
        var bed = new NodeBed();
        var (primary, secondary) = (new ScriptedServer(bed), new ScriptedServer(bed, "10.0.0.201"));
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.Rfc1002, options => options with { NodeType = OwnerNodeType.P, NameServers = [primary.Address, secondary.Address] });
        primary.Then(NameRegistrationRequest, Respond(0xAD00, 0, "10.0.0.77"));
        for (int i = 0; i < 3; i++)
            primary.Then(NameOverwriteRequest, Silence);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(40);
        Assert.That(secondary.Kinds, Is.EqualTo([NameRegistrationRequest]));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
    }

    [Test]
    public void ADeadRedirectTarget_IsNotTheServersSilence()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NodeType = OwnerNodeType.P, NameServers = [server.Address] });
        server.Then(NameQueryRequest, Redirect("10.0.0.99"));
        bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(6);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered), "WinsDownTimeout is for servers that do not answer");
    }

    [Test]
    [Reaches("C4.repeated")]
    public void ARepeatedReleaseDemand_IsAnsweredAgain_ButLoggedOnce()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt35);
        bed.Do(node, now => node.Logon(now, "JSMITH"));
        bed.RunSeconds(5);
        bed.Log.Clear();
        for (int i = 0; i < 3; i++)
            bed.SendRequest("10.0.0.200", "10.0.0.1", 0x3000, "JSMITH<03>", "10.0.0.1");
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo([0xB400, 0xB400, 0xB400]));
        Assert.That(bed.Events["ALPHA"], Has.Count.EqualTo(1));
    }

    [Test]
    public void TheNameServersLateAnswer_IsNoConflictWithTheOwners()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed) { IsDown = true };
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [server.Address] });
        var beta = bed.Add("BETA", "10.0.0.2", NetBtDialect.WindowsNt4);
        bed.Do(beta, now => beta.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(5);
        bed.Do(node, now => node.Query(now, Name("NAME<20>"), 0x4711));
        bed.RunSeconds(4.6);
        bed.Log.Clear();
        bed.SendResponse("10.0.0.200", "10.0.0.1", 0x8580, "NAME<20>", "10.0.0.66", id: 0x4711);
        Assert.That(bed.From(node), Is.Empty);
        Assert.That(node.GetCacheRows(bed.Now).Single().Address, Is.EqualTo(Ip("10.0.0.2")));
    }

    [Test]
    public void AChangeOfAddressDuringARelease_StillReleasesTheOldOne()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [server.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        server.Then(NameReleaseRequest, Silence).Then(NameReleaseDemand, Silence);
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.0.51")));
        bed.RunSeconds(5);
        Assert.That(server.Received.Skip(1).Select(sent => sent.Entry.Address), Is.EqualTo(new[] { Ip("10.0.0.1"), Ip("10.0.0.1") }));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    [Reaches("T7.change-address")]
    public void AChangeOfAddressDuringAClaim_ClaimsTheNewOne()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [server.Address] });
        server.Then(NameRegistrationRequest, Wack(60));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>"), 0x4711));
        node.ChangeAddress(bed.Now, EndNodeInterface.InSubnet(Ip("10.0.0.51")));
        bed.Settle();
        bed.SendResponse("10.0.0.200", "10.0.0.51", 0xAD80, "NAME<20>", "10.0.0.1", id: 0x4711); // to the claim of the old address
        Assert.That(server.Received.Select(sent => sent.Entry.Address), Is.EqualTo(new[] { Ip("10.0.0.1"), Ip("10.0.0.51") }));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
    }

    private static (NodeBed Bed, EndNode Node, ScriptedServer Primary, ScriptedServer Secondary) WithTwoServers(uint grants = 6000)
    {
        var bed = new NodeBed();
        var primary = new ScriptedServer(bed) { IsDown = true };
        var secondary = new ScriptedServer(bed, "10.0.0.201") { Grants = grants };
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [primary.Address, secondary.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(6);
        Assert.That(secondary.Kinds, Is.EqualTo([NameRegistrationRequest]));
        return (bed, node, primary, secondary);
    }
}
