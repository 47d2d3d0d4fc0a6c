using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Tests.House;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>Microsoft's hybrid node.</summary>
public sealed class HRuleTests
{
    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) Make(NetBtDialect? dialect = null, Func<EndNodeOptions, EndNodeOptions>? with = null)
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", dialect ?? NetBtDialect.WindowsNt4, options => (with?.Invoke(options) ?? options) with { NameServers = [server.Address] });
        return (bed, node, server);
    }

    [Test]
    [Clause("MS-NBTE §3.1.4.1/1")]
    public void RuleH1_Registration_GoesToTheServer_AndIsNotBroadcast()
    {
        var (bed, node, server) = Make();
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(server.Received.Single().Entry.Flags.OwnerNodeType, Is.EqualTo(OwnerNodeType.H));
        Assert.That(bed.Log.Any(sent => sent.IsBroadcast), Is.False);
    }

    [Test]
    public void RuleH1_Registration_RefusedByTheServer_IsNotBroadcast()
    {
        var (bed, node, server) = Make();
        server.Then(NameRegistrationRequest, Respond(0xAD86));
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Refused));
        Assert.That(bed.Log.Any(sent => sent.IsBroadcast), Is.False);
    }

    [Test]
    [Reaches("H1.then-by-broadcast")]
    public void RuleH1_Registration_SilentServer_IsBroadcast_AsRecorded()
    {
        // observed on Windows XP: to the server 1.5 s apart, then by broadcast 750 ms apart and the demand, all with one transaction id
        var (bed, node, server) = Make();
        server.IsDown = true;
        var id = bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.From(node).Select(sent => (sent.Milliseconds, sent.Flags)), Is.EqualTo(
        [
            (0, (ushort)0x2900), (1500, (ushort)0x2900), (3000, (ushort)0x2900),
            (4500, (ushort)0x2910), (5250, (ushort)0x2910), (6000, (ushort)0x2910), (6750, (ushort)0x2810),
        ]));
        Assert.That(bed.From(node).Select(sent => sent.TransactionId).Distinct().Count(), Is.EqualTo(1));
        Assert.That(bed.Result(node, id).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.GetStatistics().RegisteredByBroadcast, Is.EqualTo(1));
    }

    [Test]
    public void RuleH2_RegisteredByBroadcast_KeepsTryingTheServer()
    {
        var (bed, node, server) = Make();
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        int asked = server.Received.Count;
        bed.RunSeconds(120); // an eighth of InitialRefreshT.O.
        Assert.That(server.Received, Has.Count.EqualTo(asked + 3));
        Assert.That(node.GetName(0).IsWithNameServer, Is.False);
        server.IsDown = false;
        bed.RunSeconds(130);
        Assert.That(server.Received.Last().Kind, Is.EqualTo(NameRegistrationRequest));
        Assert.That(node.GetName(0).IsWithNameServer, Is.True);
        Assert.That(node.GetName(0).TimeToLive.Seconds, Is.EqualTo(6000));
        server.Received.Clear();
        bed.RunSeconds(3000);
        Assert.That(server.Received.Single().Kind, Is.EqualTo(NameRefreshRequest));
    }

    [Test]
    public void RuleH2_WhileTheServerIsSilent_ActsAsABNode()
    {
        var (bed, node, server) = Make();
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        bed.Log.Clear();
        bed.SendRequest("10.0.0.9", null, 0x2910, "NAME<20>", "10.0.0.9");
        bed.SendQuery("10.0.0.9", null, 0x0110, "NAME<20>");
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo([0xAD86, 0x8500]));
    }

    [Test]
    public void RuleH2_LateRegistration_RefusedByTheServer_IsAConflict()
    {
        var (bed, node, server) = Make();
        server.IsDown = true;
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        server.IsDown = false;
        server.Then(NameRegistrationRequest, Respond(0xAD86));
        bed.RunSeconds(130);
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Conflict));
        Assert.That(bed.Events["ALPHA"].Single().Id, Is.EqualTo(4319));
    }

    private static (NodeBed Bed, EndNode Node, ScriptedServer Server) Holding(Func<EndNodeOptions, EndNodeOptions>? with = null)
    {
        var (bed, node, server) = Make(with: with);
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.Log.Clear();
        server.Received.Clear();
        return (bed, node, server);
    }

    [Test]
    public void RuleH3_Release_TakenByTheServer_IsNotBroadcast()
    {
        var (bed, node, _) = Holding();
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo([0x3000]));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void RuleH3_Release_RefusedByTheServer_IsBroadcast()
    {
        var (bed, node, server) = Holding();
        server.Then(NameReleaseRequest, Respond(0xB406));
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo([0x3000, 0x3010, 0x3010, 0x3010]));
        Assert.That(node.NameCount, Is.Zero);
    }

    [Test]
    public void RuleH3_Release_SilentServer_IsBroadcast()
    {
        var (bed, node, server) = Holding();
        server.IsDown = true;
        bed.Do(node, now => node.DeleteName(now, Name("NAME<20>")));
        bed.RunSeconds(30);
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo([0x3000, 0x3000, 0x3000, 0x3010, 0x3010, 0x3010]));
    }

    [Test]
    [Reaches("H4.own-name", "H4.cache", "H4.lmhosts")]
    public void RuleH4_Lookup_OwnName_Cache_Server_Broadcast_LmHosts()
    {
        var (bed, node, server) = Holding(options => options with { LmHosts = LmHostsFile.Parse("10.0.9.9 other\n10.0.9.8 last") });
        var own = bed.Do(node, now => node.Query(now, Name("NAME<20>")));
        Assert.That(bed.Result(node, own).Source, Is.EqualTo(AnswerSource.OwnName));
        Assert.That(bed.Log, Is.Empty);

        server.Then(NameQueryRequest, Respond(0x8580, 0, "10.0.0.7"));
        bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(659);
        var cached = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(bed.Result(node, cached).Source, Is.EqualTo(AnswerSource.Cache));
        Assert.That(server.Received, Has.Count.EqualTo(1));
        bed.RunSeconds(1); // CacheTimeout: ten minutes, and the minute of Q236901
        bed.Log.Clear();

        var beta = bed.Add("BETA", "10.0.0.2");
        bed.Do(beta, now => beta.AddName(now, Name("OTHER<20>")));
        bed.RunSeconds(5);
        var asked = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(bed.From(node).Select(sent => sent.Flags), Is.EqualTo([0x0100, 0x0110]), "the server does not know: ask the segment");
        Assert.That(bed.Result(node, asked).Source, Is.EqualTo(AnswerSource.Broadcast));

        bed.Log.Clear();
        var last = bed.Do(node, now => node.Query(now, Name("LAST<20>")));
        bed.RunSeconds(10);
        Assert.That(bed.From(node).Select(sent => sent.Flags).Distinct(), Is.EqualTo([0x0100, 0x0110]));
        Assert.That(bed.Result(node, last).Source, Is.EqualTo(AnswerSource.LmHosts));
        Assert.That(bed.Result(node, last).Entries.Single().Address, Is.EqualTo(Ip("10.0.9.8")));
    }

    [Test]
    [Clause("MS-NBTE §3.1.3/1")]
    [Clause("MS-NBTE §3.1.3/2")]
    public void RuleH5_DefaultType_IsHWhereAServerIsConfigured_ElseB()
    {
        Assert.That(new EndNodeOptions().Plan, Is.SameAs(NodePlan.B));
        Assert.That(new EndNodeOptions { NameServers = [Ip("10.0.0.200")] }.Plan, Is.SameAs(NodePlan.H));
        Assert.That(new EndNodeOptions { NodeType = OwnerNodeType.M }.Plan, Is.SameAs(NodePlan.M));
    }

    [Test]
    [Reaches("E1.4320")]
    public void Nt35_WinsTellsTheOwnerToRelease_4320WithTheServersAddress()
    {
        var bed = new NodeBed();
        var server = new ScriptedServer(bed);
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt35, options => options with { NameServers = [server.Address] });
        bed.Do(node, now => node.Logon(now, "JSMITH"));
        bed.Log.Clear();
        bed.SendRequest("10.0.0.200", "10.0.0.1", 0x3000, "JSMITH<03>", "10.0.0.1");
        Assert.That(bed.Events["ALPHA"].Select(logged => (logged.Id, logged.Address)), Is.EqualTo([(4320, server.Address)]));
        Assert.That(bed.From(node).Single().Flags, Is.EqualTo(0xB400));
        Assert.That(node.GetNameState(Name("JSMITH<03>")), Is.EqualTo(LocalNameState.Conflict));
    }

    [Test]
    [Reaches("N10.release-from-stranger")]
    public void NoNameReleaseOnDemand_ExceptFromTheNodesOwnNameServer()
    {
        // the label of the policy; MS00-047
        var (bed, node, _) = Make(NetBtDialect.Windows2000 with { NoNameReleaseOnDemand = true });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.Do(node, now => node.AddName(now, Name("NAME<03>")));
        bed.SendRequest("10.0.0.66", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1");
        bed.SendResponse("10.0.0.66", "10.0.0.1", 0xAD87, "NAME<03>", "0.0.0.0");
        Assert.That(bed.Events["ALPHA"], Is.Empty);
        bed.SendRequest("10.0.0.200", "10.0.0.1", 0x3000, "NAME<20>", "10.0.0.1");
        bed.SendResponse("10.0.0.200", "10.0.0.1", 0xAD87, "NAME<03>", "0.0.0.0");
        Assert.That(bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo([4320, 4319]));
    }

    [Test]
    public void Secondary_IsAskedOnlyWhenThePrimaryIsSilent_AndSwitchedBackFrom()
    {
        // Q247559
        var bed = new NodeBed();
        var primary = new ScriptedServer(bed) { IsDown = true };
        var secondary = new ScriptedServer(bed, "10.0.0.201") { Grants = 518_400 };
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [primary.Address, secondary.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(10);
        Assert.That(primary.Received, Has.Count.EqualTo(3));
        Assert.That(secondary.Received, Has.Count.EqualTo(1));
        bed.Do(node, now => node.AddName(now, Name("NAME<03>")));
        Assert.That(primary.Received, Has.Count.EqualTo(3), "the secondary is asked first now");
        Assert.That(secondary.Received, Has.Count.EqualTo(2));
        Assert.That(bed.Log.Any(sent => sent.IsBroadcast), Is.False);

        bed.RunSeconds(1200);
        Assert.That(primary.Received, Has.Count.EqualTo(9), "tried again every ten minutes");
        primary.IsDown = false;
        bed.RunSeconds(600);
        Assert.That(primary.Received.Skip(9).Select(sent => (sent.Name.ToString(), sent.Kind)), Is.EqualTo(
            [("NAME<20>", NameRefreshRequest), ("NAME<03>", NameRefreshRequest)]), "when it answers it hears of every name");
        var query = bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(10);
        Assert.That(bed.Result(node, query).Outcome, Is.EqualTo(OperationOutcome.NotFound));
        Assert.That(primary.Kinds.Last(), Is.EqualTo(NameQueryRequest));
    }

    [Test]
    public void SwitchBack_IsGivenUpAfterAnHour()
    {
        var bed = new NodeBed();
        var primary = new ScriptedServer(bed) { IsDown = true };
        var secondary = new ScriptedServer(bed, "10.0.0.201") { Grants = 518_400 };
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NameServers = [primary.Address, secondary.Address] });
        bed.Do(node, now => node.AddName(now, Name("NAME<20>")));
        bed.RunSeconds(7200);
        Assert.That(primary.Received, Has.Count.EqualTo(3 + (6 * 3)));
    }

    [Test]
    public void WinsDownTimeout_SilentServersAreLeftAloneForAWhile()
    {
        var (bed, node, server) = Make();
        server.IsDown = true;
        bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        bed.RunSeconds(10); // 4.5 s with the server, then the segment
        Assert.That(server.Received, Has.Count.EqualTo(3));
        bed.Do(node, now => node.Query(now, Name("OTHER<20>")));
        Assert.That(server.Received, Has.Count.EqualTo(3));
        bed.RunSeconds(9.5); // 15 s after the last silence
        bed.Do(node, now => node.Query(now, Name("THIRD<20>")));
        Assert.That(server.Received, Has.Count.EqualTo(4));
    }

    [Test]
    [Reaches("T5.release-refresh", "N9.too-soon")]
    public void ReleaseRefresh_ReleasesAndRegistersAnew_AtMostOnceInTwoMinutes()
    {
        // Q188598
        var (bed, node, server) = Holding();
        var first = bed.Do(node, node.Refresh);
        Assert.That(server.Kinds, Is.EqualTo([NameReleaseRequest, NameRegistrationRequest]));
        Assert.That(bed.Result(node, first).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.GetNameState(Name("NAME<20>")), Is.EqualTo(LocalNameState.Registered));
        bed.RunSeconds(119);
        var second = bed.Do(node, node.Refresh);
        Assert.That(bed.Result(node, second).Outcome, Is.EqualTo(OperationOutcome.Refused));
        bed.RunSeconds(1);
        var third = bed.Do(node, node.Refresh);
        Assert.That(bed.Result(node, third).Outcome, Is.EqualTo(OperationOutcome.Succeeded));
        Assert.That(node.GetName(0).RefreshAt, Is.EqualTo(bed.Now + TimeSpan.FromSeconds(3000)));
    }

    [Test]
    [Reaches("E1.4303")]
    public void BootWithoutNameServer_OfANodeThatWantsOne_Logs4303()
    {
        var bed = new NodeBed();
        var node = bed.Add("ALPHA", "10.0.0.1", NetBtDialect.WindowsNt4, options => options with { NodeType = OwnerNodeType.H });
        bed.Do(node, node.Boot);
        bed.RunSeconds(60);
        Assert.That(bed.Events["ALPHA"].Select(logged => logged.Id), Is.EqualTo([4303]));
        Assert.That(bed.Events["ALPHA"][0].Reason!.Rule, Is.SameAs(NodeRules.LogsNoNameServer));
        Assert.That(node.NameCount, Is.EqualTo(5), "it registers by broadcast");
    }
}
