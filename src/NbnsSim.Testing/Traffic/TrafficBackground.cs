using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Traffic;

/// <summary>
/// Machines that have nothing to do with a case and share its segment: B, P, M and H nodes from Windows NT 3.5 to Windows 10 and of Samba's habits, with workgroups and a name server of their own.
/// They start, log users on and off, look for one another, ask for names, join groups, register anew and shut down, and nothing of it is in anybody's way.
/// </summary>
internal static class TrafficBackground
{
    /// <summary>What recorded nmbd does otherwise than the RFC, in the switches that there are for it (each is observed, see its text).</summary>
    private static readonly NetBtDialect s_samba = NetBtDialect.Rfc1002 with
    {
        Name = "samba",
        Title = "Samba (habits that were observed)",
        ConflictDemandTakesGroupNames = false,
        DefendsAgainstUnicastOverwrite = true,
        AnswersWildcardQuery = true,
    };

    private static readonly NetBtDialect[] s_eras =
    [
        NetBtDialect.WindowsNt35, NetBtDialect.WindowsNt351, NetBtDialect.WindowsNt4, NetBtDialect.Windows2000, NetBtDialect.Windows10, s_samba,
    ];

    private static readonly OwnerNodeType[] s_types = [OwnerNodeType.B, OwnerNodeType.H, OwnerNodeType.P, OwnerNodeType.M];

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    public static void Add(TrafficNetwork net, int count, RandomStream random) => net.With(random, () =>
    {
        var server = net.AddServer(isMain: false, options: new NameServerOptions { Dialect = net.OneOf(NameServerDialect.WinsNt4, NameServerDialect.Windows2000) });
        net.Background[server.Id] = server;
        var byServer = new List<TrafficHost>();
        var byBroadcast = new List<TrafficHost>();
        string[] workgroups = [net.NewName(), net.NewName()];
        var (firstEra, firstType) = (net.Next(0, 5), net.Next(0, 3));
        for (uint i = 0; i < count; i++)
        {
            var dialect = s_eras[(firstEra + i) % s_eras.Length];
            var type = s_types[(firstType + i + (i / 12)) % s_types.Length]; // in time each era is of each type
            string workgroup = net.OneOf(workgroups);
            var one = net.AddPc(
                dialect: dialect, usesServer: false, boot: net.Within(0.1, 25),
                with: options => options with { NodeType = type, NameServers = type == OwnerNodeType.B ? [] : [server.Address], Workgroup = workgroup });
            net.Background[one.Id] = one;
            // What an M node asks by broadcast first, a proxy would look for at its own name server: that two of them know different names is no part of the case.
            if (type != OwnerNodeType.M || !net.HasProxy)
                (type == OwnerNodeType.B ? byBroadcast : byServer).Add(one);
            Live(net, one, dialect);
        }

        LookAround(net, byServer);
        LookAround(net, byBroadcast);
        if (byBroadcast.Count > 0) // one of them keeps the browse list
        {
            var (browser, master) = (byBroadcast[0], new NetBiosName(workgroups[0], NameSuffix.MasterBrowser));
            net.At(net.Within(32, 36), () => net.Node(browser, "keeps the browse list", (node, now) => node.AddName(now, master)));
            net.At(net.Within(37, 40), () => net.Node(browser, "keeps the browse list", (node, now) => node.AddGroupName(now, NetBiosName.MsBrowse)));
        }
    });

    /// <summary>A user comes, and may go; somebody registers anew; some shut down at the end of the day.</summary>
    private static void Live(TrafficNetwork net, TrafficHost one, NetBtDialect dialect)
    {
        if (net.Maybe())
        {
            string user = net.NewName();
            net.At(net.Within(33, 50), () => net.Logon(one, user));
            if (net.Maybe())
                net.At(net.Within(60, 75), () => net.Node(one, "logs off", (node, now) => node.Logoff(now, user)));
        }

        if (dialect.HasReleaseRefresh && net.Next(0, 5) == 0)
            net.At(net.Within(52, 58), () => net.Node(one, "nbtstat -RR", (node, now) => node.Refresh(now)));
        else if (net.Next(0, 5) == 0)
            net.At(net.Within(84, 92), () => net.Node(one, "shuts down", (node, now) => node.Shutdown(now)));
    }

    /// <summary>Machines that can find one another do so, before anybody shuts down.</summary>
    private static void LookAround(TrafficNetwork net, List<TrafficHost> hosts)
    {
        foreach (var one in hosts)
        {
            for (uint i = hosts.Count > 1 ? net.Next(0, 2) : 0; i > 0; i--)
            {
                var other = hosts[(int)net.Next(0, (uint)hosts.Count - 1)];
                var name = new NetBiosName(other.Name, net.OneOf(NameSuffix.Server, NameSuffix.Workstation));
                net.Ask(one, name, net.Within(38, 80));
            }

            if (hosts.Count > 1 && net.Next(0, 3) == 0)
            {
                var other = hosts[(int)net.Next(0, (uint)hosts.Count - 1)];
                net.At(net.Within(38, 80), () => net.Node(one, "asks for names", (node, now) => node.NodeStatus(now, other.Address)));
            }
        }
    }
}
