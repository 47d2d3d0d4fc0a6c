using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;
using static NbnsSim.Tests.Nodes.NodeBed;
using static NbnsSim.Tests.Nodes.ScriptedServer;

namespace NbnsSim.Tests.Nodes;

/// <summary>
/// What a node says of what it does, decision by decision, in some hundred small scenes. <c>Fixtures/node-says.txt</c> has it; run with NBNSSIM_RECORD=1 to write
/// that file anew, and read what has changed. <see cref="DecisionLines"/> says what stands in a line.
/// </summary>
public sealed class NodeSaysTests
{
    private const string Server = "10.0.0.200";
    private const string Second = "10.0.0.201";
    private const string Owner = "10.0.0.77";
    private static readonly NetBiosName s_name = Name("NAME<20>");
    private static readonly NetBiosName s_other = Name("OTHER<20>");

    private static readonly (string Title, Func<Scene> Make, Action<Scene> Play)[] s_scenes =
    [
        ("a B node boots", () => new(OwnerNodeType.B), s => s.Do(s.Node.Boot).Run(40)),
        ("an H node boots", () => new(OwnerNodeType.H), s => s.Do(s.Node.Boot).Run(40)),
        ("a P node without a name server boots", () => new(OwnerNodeType.P, servers: []), s => s.Do(s.Node.Boot).Run(40)),
        ("a B node's boot is refused", () => new(OwnerNodeType.B, NetBtDialect.Windows2000), s => s.With("ALPHA<00>").Do(s.Node.Boot).Run(40)),
        ("a B node's boot is refused and the name kept", () => new(OwnerNodeType.B, NetBtDialect.Rfc1002 with { KeepsRefusedNameInConflict = true }), s => s.With("ALPHA<00>").Do(s.Node.Boot).Run(40)),
        ("a boot ends the one before", () => new(OwnerNodeType.B), s => s.Do(s.Node.Boot).Do(s.Node.Boot)),
        ("a B node claims a name", () => new(OwnerNodeType.B), s => s.Add().Run(5)),
        ("a claim lasts as long as the conflict timer", () => new(OwnerNodeType.B, NetBtDialect.Rfc1002 with { Timing = NetBtTiming.Rfc1002 with { ConflictTimeout = TimeSpan.FromMilliseconds(750) } }), s => s.Add().Run(5)),
        ("a B node joins a group", () => new(OwnerNodeType.B), s => s.Do(now => s.Node.AddGroupName(now, s_name, 7)).Run(5)),
        ("an M node claims a name", () => new(OwnerNodeType.M), s => s.Add().Run(5)),
        ("a P node claims a name that another holds", () => new(OwnerNodeType.P), s => s.On(NameRegistrationRequest, Respond(0xAD00, 0, Owner)).Add().Answer(Owner, 0x8500, 7)),
        ("a P node claims a name that another denies", () => new(OwnerNodeType.P), s => s.On(NameRegistrationRequest, Respond(0xAD00, 0, Owner)).Add().Negative(Owner, 0x8583, 7)),
        ("a P node skips the update", () => new(OwnerNodeType.P, NetBtDialect.Rfc1002 with { SkipsUpdateAfterDenial = true }), s => s.On(NameRegistrationRequest, Respond(0xAD00, 0, Owner)).Add().Negative(Owner, 0x8583, 7)),
        ("a P node claims a name of a silent owner", () => new(OwnerNodeType.P), s => s.On(NameRegistrationRequest, Respond(0xAD00, 0, Owner)).Add().Run(30)),
        ("a P node is refused a name", () => new(OwnerNodeType.P, NetBtDialect.Windows2000), s => s.On(NameRegistrationRequest, Respond(0xAD86)).Add()),
        ("a P node is refused a name for another reason", () => new(OwnerNodeType.P, NetBtDialect.Windows2000), s => s.On(NameRegistrationRequest, Respond(0xAD85)).Add()),
        ("a P node has to wait", () => new(OwnerNodeType.P), s => s.On(NameRegistrationRequest, Wack(2)).Add().Run(10)),
        ("a P node has to wait no time", () => new(OwnerNodeType.P), s => s.On(NameRegistrationRequest, Wack(0)).Add().Run(10)),
        ("a P node's server is silent", () => new(OwnerNodeType.P), s => s.Down().Add().Run(30)),
        ("a P node's server is silent and it keeps trying", () => new(OwnerNodeType.P, NetBtDialect.WindowsNt4), s => s.Down().Add().Run(130)),
        ("an H node's server is silent", () => new(OwnerNodeType.H, NetBtDialect.WindowsNt4), s => s.Down().Add().Run(10).Up().Run(150)),
        ("the segment refuses what the server grants", () => new(OwnerNodeType.M, NetBtDialect.Rfc1002 with { Timing = NetBtTiming.Rfc1002 with { ConflictTimeout = TimeSpan.FromSeconds(8) } }), s => s.Add().Run(2).Answer(Owner, 0xAD86, 7).Run(10)),
        ("the segment refuses what the server has yet to grant", () => new(OwnerNodeType.M, NetBtDialect.Rfc1002 with { Timing = NetBtTiming.Rfc1002 with { ConflictTimeout = TimeSpan.FromSeconds(8) } }), s => s.On(NameRegistrationRequest, Silence).Add().Run(2).Answer(Owner, 0xAD86, 7).Answer(Server, 0xAD80, 7, 600).Run(30)),
        ("the segment and the server refuse", () => new(OwnerNodeType.M, NetBtDialect.Rfc1002 with { Timing = NetBtTiming.Rfc1002 with { ConflictTimeout = TimeSpan.FromSeconds(8) } }), s => s.On(NameRegistrationRequest, Silence).Add().Run(2).Answer(Owner, 0xAD86, 7).Answer(Server, 0xAD86, 7).Run(30)),
        ("the segment refuses and the server is silent", () => new(OwnerNodeType.M, NetBtDialect.Rfc1002 with { Timing = NetBtTiming.Rfc1002 with { ConflictTimeout = TimeSpan.FromSeconds(8) } }), s => s.Down().Add().Run(2).Answer(Owner, 0xAD86, 7).Run(30)),
        ("a name is here already", () => new(OwnerNodeType.B), s => s.Hold().Add().Do(now => s.Node.AddGroupName(now, s_name))),
        ("a name is in conflict", () => new(OwnerNodeType.B), s => s.Hold().Answer(Owner, 0xAD87, 9).Add().Do(now => s.Node.Query(now, s_name)).Do(now => s.Node.NodeStatus(now, s_name)).Ask(Owner, 0x0110, null).Ask(Owner, 0x0100, "10.0.0.1").Status(Owner, "NAME<20>").Claim(Owner, null, 0x2910).Answer(Owner, 0xAD87, 9)),
        ("a group is demanded", () => new(OwnerNodeType.B, NetBtDialect.Rfc1002 with { ConflictDemandTakesGroupNames = false }), s => s.Hold(isGroup: true).Answer(Owner, 0xAD87, 9)),
        ("a refusal that answers nothing", () => new(OwnerNodeType.B), s => s.Hold().Answer(Owner, 0xAD86, 9).Answer(Owner, 0xAD86, 9, name: "OTHER<20>")),
        ("a refusal that answers nothing counts", () => new(OwnerNodeType.B, NetBtDialect.Windows2000), s => s.Hold().Answer(Owner, 0xAD86, 9)),
        ("a stranger's conflict", () => new(OwnerNodeType.P, NetBtDialect.Windows2000 with { NoNameReleaseOnDemand = true }), s => s.Hold().Answer(Owner, 0xAD87, 9).Release(Owner, "10.0.0.1").Answer(Server, 0xAD87, 9)),
        ("a demand while a granted claim is watched", () => new(OwnerNodeType.B, NetBtDialect.Rfc1002), s => s.Add().Run(0.9).Answer(Owner, 0xAD87, 9)),
        ("a demand while a claim runs", () => new(OwnerNodeType.B), s => s.Add().Answer(Owner, 0xAD87, 9)),
        ("an asterisk name is refused", () => new(OwnerNodeType.B), s => s.Do(now => s.Node.AddName(now, Name("*ODD<20>")))),
        ("an asterisk name is added", () => new(OwnerNodeType.B, NetBtDialect.Windows2000), s => s.Do(now => s.Node.AddName(now, Name("*ODD<20>"))).Claim(Owner, null, 0x2910, "*ODD<20>").Release(Owner, "10.0.0.1", "*ODD<20>").Answer(Owner, 0xAD87, 9, name: "*ODD<20>").Do(now => s.Node.DeleteName(now, Name("*ODD<20>")))),
        ("there is no room", () => new(OwnerNodeType.B, change: o => o with { MaxTransactions = 1 }), s => s.Do(now => s.Node.Query(now, s_other, 8)).Add().Do(now => s.Node.AddGroupName(now, s_name)).Do(now => s.Node.Query(now, s_name)).Do(now => s.Node.NodeStatus(now, Ip(Owner))).Do(now => s.Node.NodeStatus(now, s_name))),
        ("there is no room for names", () => new(OwnerNodeType.B), s => s.Fill().Add()),
        ("a machine that is off", () => new(OwnerNodeType.B), s => s.Do(s.Node.Shutdown).Add().Do(now => s.Node.Query(now, s_name)).Do(now => s.Node.NodeStatus(now, s_name)).Do(now => s.Node.NodeStatus(now, Ip(Owner))).Do(now => s.Node.DeleteName(now, s_name)).Do(s.Node.Refresh).Ask(Owner, 0x0110, null).Ask(Owner, 0x0100, "10.0.0.1")),
        ("a shutdown", () => new(OwnerNodeType.B, NetBtDialect.Windows2000), s => s.Hold().Do(s.Node.Shutdown).Run(5)),
        ("a shutdown that leaves names", () => new(OwnerNodeType.B, NetBtDialect.WindowsNt4), s => s.Hold("ALPHA<00>").Hold("LAB<1C>", true).Hold().Do(s.Node.Shutdown).Run(5)),
        ("a boot ends a shutdown", () => new(OwnerNodeType.B), s => s.Hold().Do(s.Node.Shutdown).Do(s.Node.Boot)),
        ("a user logs on and off", () => new(OwnerNodeType.B), s => s.Do(now => s.Node.Logon(now, "JSMITH", 7)).Run(5).Do(now => s.Node.Logoff(now, "JSMITH", 8)).Run(5)),
        ("a user's name is refused and released", () => new(OwnerNodeType.B, NetBtDialect.WindowsNt35), s => s.With("JSMITH<03>").Do(now => s.Node.Logon(now, "JSMITH", 7)).Run(10)),
        ("a user's name is refused at the server and released", () => new(OwnerNodeType.P, NetBtDialect.WindowsNt35), s => s.On(NameRegistrationRequest, Respond(0xAD86)).Do(now => s.Node.Logon(now, "JSMITH", 7)).Run(10)),
        ("a B node gives a name up", () => new(OwnerNodeType.B), s => s.Hold().Do(now => s.Node.DeleteName(now, s_name, 7)).Run(5).Do(now => s.Node.DeleteName(now, s_name))),
        ("a name that is claimed is deleted", () => new(OwnerNodeType.B), s => s.Add().Do(now => s.Node.DeleteName(now, s_name, 8)).Run(5)),
        ("a name in conflict is deleted", () => new(OwnerNodeType.B, NetBtDialect.WindowsNt4), s => s.Hold().Answer(Owner, 0xAD87, 9).Do(now => s.Node.DeleteName(now, s_name, 8)).Run(5)),
        ("an H node gives a name up", () => new(OwnerNodeType.H), s => s.Hold().Do(now => s.Node.DeleteName(now, s_name, 7)).Run(5)),
        ("an H node's release is refused", () => new(OwnerNodeType.H), s => s.Hold().On(NameReleaseRequest, Respond(0xB406)).Do(now => s.Node.DeleteName(now, s_name, 7)).Run(5)),
        ("a P node's release is refused", () => new(OwnerNodeType.P), s => s.Hold().On(NameReleaseRequest, Respond(0xB406)).Do(now => s.Node.DeleteName(now, s_name, 7)).Run(5)),
        ("a P node's release is not answered", () => new(OwnerNodeType.P), s => s.Hold().Down().Do(now => s.Node.DeleteName(now, s_name, 7)).Run(30)),
        ("a P node corrects its server", () => new(OwnerNodeType.P), s => s.Do(now => s.Node.CorrectNameServer(now, s_name, Ip(Owner), true, 7)).Run(5)),
        ("a P node's correction is refused", () => new(OwnerNodeType.P), s => s.On(NameReleaseRequest, Respond(0xB406)).Do(now => s.Node.CorrectNameServer(now, s_name, Ip(Owner), false, 7)).Run(5)),
        ("a B node has nothing to correct", () => new(OwnerNodeType.B), s => s.Do(now => s.Node.CorrectNameServer(now, s_name, Ip(Owner)))),
        ("a correction for which there is no room", () => new(OwnerNodeType.P, change: o => o with { MaxTransactions = 1 }), s => s.Down().Do(now => s.Node.Query(now, s_other, 8)).Do(now => s.Node.CorrectNameServer(now, s_name, Ip(Owner)))),
        ("a B node looks for a name", () => new(OwnerNodeType.B), s => s.Do(now => s.Node.Query(now, s_name, 7)).Answer(Owner, 0x8500, 7).Answer(Owner, 0x8500, 7).Answer("10.0.0.78", 0x8500, 7, address: "10.0.0.78").Run(5).Do(now => s.Node.Query(now, s_name))),
        ("a B node looks for a name that nobody has", () => new(OwnerNodeType.B), s => s.Do(now => s.Node.Query(now, s_name, 7)).Run(5)),
        ("a node looks for its own name", () => new(OwnerNodeType.B), s => s.Hold(isGroup: true).Do(now => s.Node.Query(now, s_name)).Do(now => s.Node.NodeStatus(now, s_name))),
        ("an H node looks for a name that only the segment has", () => new(OwnerNodeType.H), s => s.Do(now => s.Node.Query(now, s_name, 7)).Answer(Owner, 0x8500, 7).Answer(Server, 0x8580, 7).Run(5)),
        ("a P node finds a name", () => new(OwnerNodeType.P), s => s.On(NameQueryRequest, Respond(0x8580, 0, Owner)).Do(now => s.Node.Query(now, s_name, 7))),
        ("a P node looks for a name that its servers do not know", () => new(OwnerNodeType.P, NetBtDialect.WindowsNt4, servers: [Server, Second]), s => s.Do(now => s.Node.Query(now, s_name, 7)).Run(10)),
        ("a P node is sent on", () => new(OwnerNodeType.P), s => s.On(NameQueryRequest, Redirect(Second)).Do(now => s.Node.Query(now, s_name, 7)).Run(5)),
        ("a P node is sent round in a circle", () => new(OwnerNodeType.P), s => s.On(NameQueryRequest, Redirect(Server), Redirect(Server), Redirect(Server), Redirect(Server), Redirect(Server)).Do(now => s.Node.Query(now, s_name, 7)).Run(5)),
        ("LMHOSTS knows a name", () => new(OwnerNodeType.B, change: o => o with { LmHosts = LmHostsFile.Parse($"{Owner} NAME\n10.0.0.78 OTHER #PRE\n") }), s => s.Do(now => s.Node.Query(now, s_name, 7)).Run(5).Do(now => s.Node.Query(now, s_other))),
        ("another node is asked for its names", () => new(OwnerNodeType.B), s => s.With("NAME<20>").Do(now => s.Node.NodeStatus(now, Ip(Owner), s_name, 7)).Run(5).Do(now => s.Node.NodeStatus(now, Ip("10.0.0.99"), null, 8)).Run(20)),
        ("another node is asked for its names by one of them", () => new(OwnerNodeType.B), s => s.With("NAME<20>").Do(now => s.Node.NodeStatus(now, s_name)).Run(5)),
        ("cached, preloaded, purged", () => new(OwnerNodeType.B), s => s.Preload().Do(now => s.Node.Query(now, s_other)).Purge()),
        ("a name is refreshed", () => new(OwnerNodeType.P), s => s.Add().Run(7000)),
        ("a refresh is refused", () => new(OwnerNodeType.P), s => s.Add().On(NameRefreshRequest, Respond(0xAD86)).Run(7000)),
        ("a refresh is not answered", () => new(OwnerNodeType.P), s => s.Add().Down().Run(6200)),
        ("a name is to be refreshed before it is held", () => new(OwnerNodeType.M, NetBtDialect.Rfc1002 with { Timing = NetBtTiming.Rfc1002 with { ConflictTimeout = TimeSpan.FromSeconds(8) } }), s => s.Grants(3).Add().Run(10)),
        ("a captured host's name is refreshed", () => new(OwnerNodeType.P), s => s.Hold().Refresh()),
        ("names are registered anew", () => new(OwnerNodeType.H, NetBtDialect.WindowsNt4), s => s.Hold().Do(s.Node.Refresh).Do(s.Node.Refresh)),
        ("names are registered anew by broadcast", () => new(OwnerNodeType.B, NetBtDialect.WindowsNt4), s => s.Hold().Hold("LAB<00>", true).Do(s.Node.Refresh).Run(5)),
        ("names cannot be registered anew", () => new(OwnerNodeType.B, NetBtDialect.WindowsNt35), s => s.Do(s.Node.Refresh)),
        ("the secondary server is turned to, and the primary again", () => new(OwnerNodeType.P, NetBtDialect.WindowsNt4, servers: [Server, Second]), s => s.Down().Add().Run(10).Up().Run(610)),
        ("there is nothing to switch back with", () => new(OwnerNodeType.P, NetBtDialect.WindowsNt4, servers: [Server, Second]), s => s.Down().Do(now => s.Node.Query(now, s_name, 7)).Run(610)),
        ("an address changes", () => new(OwnerNodeType.B), s => s.Hold().Move().Run(10)),
        ("an address changes and the server is silent", () => new(OwnerNodeType.P, NetBtDialect.Rfc1002 with { UnansweredReclaimIsConflict = true }), s => s.Add().Down().Move().Run(60)),
        ("a release ends while an address changes", () => new(OwnerNodeType.B), s => s.Hold().Do(now => s.Node.DeleteName(now, s_name, 7)).Move().Run(10)),
        ("claims by others", () => new(OwnerNodeType.B), s => s.Hold().Hold("GROUP<1E>", true).Claim(Owner, null, 0x2910).Claim(Owner, null, 0x2910, "GROUP<1E>").Claim(Owner, null, 0x2910, "GROUP<1E>", true).Claim(Owner, null, 0x2910, "OTHER<20>").Claim(Owner, "10.0.0.1", 0x2800)),
        ("claims by others of a P node's name", () => new(OwnerNodeType.P), s => s.Hold().Claim(Owner, "10.0.0.1", 0x2900).Claim(Owner, null, 0x2910).Claim(Owner, "10.0.0.1", 0x2910)),
        ("claims on a name that is not registered yet", () => new(OwnerNodeType.B), s => s.Add().Claim(Owner, null, 0x2910).Ask(Owner, 0x0110, null).Status(Owner, "NAME<20>").Release(Owner, null)),
        ("overwrites", () => new(OwnerNodeType.B), s => s.Do(now => s.Node.Query(now, s_name, 7)).Answer(Owner, 0x8500, 7).Claim("10.0.0.78", null, 0x2810).Claim("10.0.0.78", null, 0x2810, "OTHER<20>").Release("10.0.0.78", null)),
        ("an overwrite that is sent to one node alone", () => new(OwnerNodeType.B, NetBtDialect.Windows2000), s => s.Hold().Claim(Owner, "10.0.0.1", 0x2800)),
        ("queries", () => new(OwnerNodeType.B), s => s.Hold().Ask(Owner, 0x0110, null).Ask(Owner, 0x0100, "10.0.0.1").Ask(Owner, 0x0100, "10.0.0.1", "OTHER<20>").Ask(Owner, 0x0110, null, "OTHER<20>").Ask(Owner, 0x0110, null, "*").Status(Owner, "*").Status(Owner, "OTHER<20>").Status(Owner, "NAME<20>")),
        ("queries of a Windows node", () => new(OwnerNodeType.B, NetBtDialect.Windows2000), s => s.Ask(Owner, 0x0100, "10.0.0.1", "OTHER<20>").Ask(Owner, 0x0110, null, "*").Ask(Owner, 0x0100, "10.0.0.1", "*")),
        ("releases that a B node hears", () => new(OwnerNodeType.B), s => s.Hold().Release(Owner, null).Release(Owner, "10.0.0.1").Release(Owner, null, "OTHER<20>")),
        ("releases that a P node hears", () => new(OwnerNodeType.P), s => s.Hold().Release(Server, "10.0.0.1").Release(Server, "10.0.0.1").Release(Owner, "10.0.0.1")),
        ("releases that Windows hears of names that it does not have", () => new(OwnerNodeType.H, NetBtDialect.Windows2000), s => s.Release(Server, "10.0.0.1").Release(Owner, "10.0.0.1").Hold().Do(now => s.Node.DeleteName(now, s_name, 7)).Release(Server, "10.0.0.1")),
        ("releases that an M node hears", () => new(OwnerNodeType.M), s => s.Hold().Hold("GROUP<1E>", true).Release(Owner, null, "GROUP<1E>", true).Release(Owner, null)),
        ("releases that NT 3.5 hears", () => new(OwnerNodeType.B, NetBtDialect.WindowsNt35), s => s.Hold().Release(Owner, null).Release(Owner, "10.0.0.1").Release("10.0.0.1", "10.0.0.1")),
        ("releases that NT 3.51 hears", () => new(OwnerNodeType.B, NetBtDialect.WindowsNt351), s => s.Hold().Hold("GROUP<1E>", true).Release(Owner, null).Release(Owner, "10.0.0.1", address: "10.0.0.1").Release(Owner, "10.0.0.1", address: "10.0.0.1").Release(Owner, "10.0.0.1", "GROUP<1E>", true, "10.0.0.1")),
        ("releases that Windows 2000 hears", () => new(OwnerNodeType.B, NetBtDialect.Windows2000 with { IgnoresBroadcastRelease = true }), s => s.Hold().Hold("GROUP<1E>", true).Release(Owner, null, address: "10.0.0.1").Release(Owner, "10.0.0.1", "GROUP<1E>", true, "10.0.0.1")),
        ("what is not for it", () => new(OwnerNodeType.B), s => s.Hold().Raw("10.0.0.9", "0102").Answer(Owner, 0x8500, 99).Answer("10.0.0.1", 0x8500, 99).Raw(Owner, "000129100000000000000000").Answer(Owner, 0x9000, 99)),
        ("answers by others than who was asked", () => new(OwnerNodeType.P), s => s.Down().Add().Answer(Owner, 0xAD80, 7).Answer(Server, 0xB400, 7).Do(now => s.Node.NodeStatus(now, Ip("10.0.0.99"), s_other, 8)).Answer(Owner, 0x8500, 8, name: "OTHER<20>")),
        ("a proxy", () => new(OwnerNodeType.H, change: o => o with { EnableProxy = true, EnableProxyRegCheck = true }), s => s.On(NameQueryRequest, Respond(0x8580, 0, "10.9.0.7"), Respond(0x8580, 0, Owner)).Ask(Owner, 0x0110, null, "FAR<20>").Ask(Owner, 0x0110, null, "FAR<20>").Claim(Owner, null, 0x2910, "FAR<20>").Claim("10.9.0.7", null, 0x2910, "FAR<20>").Ask(Owner, 0x0110, null, "NEAR<20>").Ask(Owner, 0x0110, null, "NEAR<20>").Ask(Owner, 0x0110, null, "NOBODY<20>").Claim(Owner, null, 0x2910, "*").Ask(Owner, 0x0110, null, "*")),
        ("a proxy whose server is silent", () => new(OwnerNodeType.H, NetBtDialect.WindowsNt4, change: o => o with { EnableProxy = true }), s => s.Down().Ask(Owner, 0x0110, null, "FAR<20>").Ask(Owner, 0x0110, null, "FAR<20>").Run(6).Ask(Owner, 0x0110, null, "FAR<20>").Claim(Owner, null, 0x2910, "FAR<20>")),
        ("a host with two addresses claims a name", () => new(OwnerNodeType.H, NetBtDialect.WindowsNt4, second: true), s => s.On(MultihomedNameRegistrationRequest, Respond(0xAD80, 6000), Respond(0xAD86)).Add()),
        ("a host with two addresses has a name refused on the first", () => new(OwnerNodeType.H, NetBtDialect.WindowsNt4, second: true), s => s.On(MultihomedNameRegistrationRequest, Respond(0xAD86), Respond(0xAD80, 6000)).Add()),
        ("a host with two addresses gives a name up", () => new(OwnerNodeType.H, NetBtDialect.WindowsNt4, second: true), s => s.Hold().Do(now => s.Node.DeleteName(now, s_name, 7)).Run(5)),
        ("a host with two addresses owes a claim", () => new(OwnerNodeType.H, NetBtDialect.WindowsNt4, second: true), s => s.On(MultihomedNameRegistrationRequest, Respond(0xAD80, 6000), Silence, Silence, Silence).Add().Run(300)),
        ("an adapter hears the other", () => new(OwnerNodeType.B, NetBtDialect.WindowsNt4, second: true), s => s.Hold().Claim("10.0.1.1", null, 0x2910).Claim("10.0.0.1", "10.0.1.1", 0x2900)),
    ];

    private static IEnumerable<string> Titles() => s_scenes.Select(scene => scene.Title);

    /// <summary>Every rule of the book has one sentence; which of them a node names, and of whom, is what accounts are made of.</summary>
    [TestCaseSource(nameof(Titles))]
    public void ANodeSaysWhatItDecides(string title) => DecisionLines.Compare("node-says.txt", title, Titles(), Told);

    private static string Told(string title)
    {
        var scene = s_scenes.Single(scene => scene.Title == title);
        var played = scene.Make();
        scene.Play(played);
        return played.ToString();
    }

    private sealed class Scene
    {
        private readonly NodeBed _bed = new();
        private readonly ScriptedServer _server;
        private readonly DecisionLines _lines = new();

        public Scene(OwnerNodeType type, NetBtDialect? dialect = null, Func<EndNodeOptions, EndNodeOptions>? change = null, string[]? servers = null, bool second = false)
        {
            _server = new ScriptedServer(_bed, Server);
            _ = new ScriptedServer(_bed, Second);
            Node = _bed.Add(
                "ALPHA", "10.0.0.1", dialect,
                options =>
                {
                    options = options with { NodeType = type, NameServers = [.. (servers ?? (type == OwnerNodeType.B ? [] : [Server])).Select(Ip)] };
                    return change is null ? options : change(options);
                },
                second ? ["10.0.1.1"] : []);
            Node.Decisions = _lines;
        }

        public EndNode Node { get; }

        public override string ToString() => _lines.ToString();

        public Scene Do(Func<Instant, OperationId> command)
        {
            _bed.Do(Node, command);
            return this;
        }

        public Scene Add() => Do(now => Node.AddName(now, s_name, 7));

        public Scene Run(double seconds)
        {
            _bed.RunSeconds(seconds);
            return this;
        }

        public Scene Hold(string name = "NAME<20>", bool isGroup = false)
        {
            Assert.That(Node.AssumeName(_bed.Now, Name(name), isGroup), Is.True);
            return this;
        }

        public Scene Fill()
        {
            Node.Decisions = null;
            for (int i = 0; i < EndNodeOptions.MaxNames; i++)
                Hold($"N{i}<20>");
            Node.Decisions = _lines;
            return this;
        }

        /// <summary>Another node has a name.</summary>
        public Scene With(string name)
        {
            _bed.Add("BETA", Owner).AssumeName(_bed.Now, Name(name), isGroup: false);
            return this;
        }

        public Scene On(NbnsSim.Messages.NbnsMessageKind kind, params Func<Sent, byte[]?>[] answers)
        {
            foreach (var answer in answers)
                _server.Then(kind, answer);
            return this;
        }

        public Scene Grants(uint seconds)
        {
            _server.Grants = seconds;
            return this;
        }

        public Scene Down()
        {
            _server.IsDown = true;
            return this;
        }

        public Scene Up()
        {
            _server.IsDown = false;
            return this;
        }

        public Scene Move()
        {
            Node.ChangeAddress(_bed.Now, EndNodeInterface.InSubnet(Ip("10.0.0.2")));
            _bed.Settle();
            return this;
        }

        public Scene Preload()
        {
            Node.PreloadName(_bed.Now, s_other, Ip(Owner));
            return this;
        }

        public Scene Purge()
        {
            Node.PurgeCache(_bed.Now);
            return this;
        }

        public Scene Refresh()
        {
            Assert.That(Node.RefreshName(_bed.Now, s_name, 7), Is.True);
            _bed.Settle();
            return this;
        }

        public Scene Answer(string from, ushort flags, ushort id, uint ttl = 0, string name = "NAME<20>", string address = Owner)
        {
            _bed.SendResponse(from, "10.0.0.1", flags, name, address, id: id, ttl: ttl);
            return this;
        }

        public Scene Negative(string from, ushort flags, ushort id)
        {
            var buffer = new byte[576];
            int length = NbnsEncoder.WriteNegativeQueryResponse(buffer, id, flags, s_name);
            _bed.Send(from, "10.0.0.1", buffer.AsSpan(0, length));
            return this;
        }

        public Scene Claim(string from, string? to, ushort flags, string name = "NAME<20>", bool isGroup = false)
        {
            _bed.SendRequest(from, to, flags, name, from, isGroup, id: 50);
            return this;
        }

        public Scene Release(string from, string? to, string name = "NAME<20>", bool isGroup = false, string? address = null)
        {
            _bed.SendRequest(from, to, (ushort)(to is null ? 0x3010 : 0x3000), name, address ?? from, isGroup, id: 51);
            return this;
        }

        public Scene Ask(string from, ushort flags, string? to, string name = "NAME<20>")
        {
            _bed.SendQuery(from, to, flags, name, id: 52);
            return this;
        }

        public Scene Status(string from, string name)
        {
            _bed.SendQuery(from, "10.0.0.1", 0, name, NbnsType.NBStat, id: 53);
            return this;
        }

        public Scene Raw(string from, string octets)
        {
            _bed.Send(from, "10.0.0.1", Convert.FromHexString(octets));
            return this;
        }
    }
}
