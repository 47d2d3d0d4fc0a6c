using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Tests;

public class NbtStatTests
{
    private static readonly Ipv4Address Node = Ipv4Address.Parse("10.57.9.54");

    private static NbtStatNameRow Row(string name, NbtStatStatus status = NbtStatStatus.Registered, bool group = false) => new(NetBiosName.Parse(name), group, status);

    [Test]
    public void LocalNames_AsQ139608PrintsThem()
    {
        NbtStatNameRow[] rows = [Row("NTWINSCLIENT<00>"), Row("NTWINSDOM<00>", group: true), Row("NEWUSER<03>", NbtStatStatus.Conflict)];
        Assert.That(NbtStat.FormatLocalNames(Node, NetBiosScope.Empty, rows), Is.EqualTo("""
            Node IpAddress: [10.57.9.54] Scope Id: []

                          NetBIOS Local Name Table

               Name                 Type        Status
               ---------------------------------------------
               NTWINSCLIENT   <00>  UNIQUE      Registered
               NTWINSDOM      <00>  GROUP       Registered
               NEWUSER        <03>  UNIQUE      Conflict

            """));
    }

    [Test]
    public void LocalNames_AsLaterConsolesShowThem()
    {
        NbtStatNameRow[] rows = [Row("NAIVE<00>", group: true), Row("NAIVE-DC1<00>", NbtStatStatus.Conflict), Row("<01><02>__MSBROWSE__<02><01>", group: true)];
        Assert.That(NbtStat.FormatLocalNames(Node, NetBiosScope.Parse("LAB"), rows, NbtStatStyle.Windows2000, "Ethernet 2"), Is.EqualTo("""
            Ethernet 2:
            Node IpAddress: [10.57.9.54] Scope Id: [LAB]

                            NetBIOS Local Name Table

                   Name               Type         Status
                ---------------------------------------------
                NAIVE          <00>  GROUP       Registered
                NAIVE-DC1      <00>  UNIQUE      Conflict
                ..__MSBROWSE__.<01>  GROUP       Registered

            """));
    }

    [Test]
    public void LocalNames_WithoutAny_SaysSo() =>
        Assert.That(NbtStat.FormatLocalNames(Node, NetBiosScope.Empty, []), Is.EqualTo("Node IpAddress: [10.57.9.54] Scope Id: []\n\n   No names in cache\n"));

    [TestCase(NbtStatStatus.Registering, "Registering")]
    [TestCase(NbtStatStatus.Registered, "Registered")]
    [TestCase(NbtStatStatus.Conflict, "Conflict")]
    [TestCase(NbtStatStatus.Released, "Released")]
    [TestCase(NbtStatStatus.Deregistered, "Deregistered")]
    public void EveryStatus_HasItsWord(NbtStatStatus status, string word) =>
        Assert.That(NbtStat.FormatLocalNames(Node, NetBiosScope.Empty, [Row("FRED<20>", status)]), Does.EndWith($"\n   FRED           <20>  UNIQUE      {word}\n"));

    [Test]
    public void Cache_AsQ150800PrintsIt()
    {
        NbtStatCacheRow[] rows =
        [
            new(NetBiosName.Parse("globe<1B>"), false, Ipv4Address.Parse("199.199.199.1"), NbtStatCacheRow.Preloaded),
            new(NetBiosName.Parse("MONGO<20>"), false, Ipv4Address.Parse("10.0.0.2"), 660),
            new(NetBiosName.Parse("GLOBE<1C>"), true, Ipv4Address.Parse("199.199.199.101"), 12),
        ];
        Assert.That(NbtStat.FormatCache(Node, NetBiosScope.Empty, rows), Is.EqualTo("""
            Node IpAddress: [10.57.9.54] Scope Id: []

                             NetBIOS Remote Cache Name Table

                   Name              Type       Host Address    Life [sec]
               ------------------------------------------------------------
               globe          <1B>  UNIQUE      199.199.199.1       -1
               MONGO          <20>  UNIQUE      10.0.0.2            660
               GLOBE          <1C>  GROUP       199.199.199.101     12

            """));
    }

    [Test]
    public void Cache_AsLaterConsolesShowIt()
    {
        NbtStatCacheRow[] rows = [new(NetBiosName.Parse("FIFTEENCHARNAME<20>"), false, Ipv4Address.Parse("192.168.0.43"), 127)];
        Assert.That(NbtStat.FormatCache(Ipv4Address.Parse("192.168.0.6"), NetBiosScope.Empty, rows, NbtStatStyle.Windows2000, "Network Bridge"), Is.EqualTo("""
            Network Bridge:
            Node IpAddress: [192.168.0.6] Scope Id: []

                              NetBIOS Remote Cache Name Table

                    Name              Type       Host Address    Life [sec]
                ------------------------------------------------------------
                FIFTEENCHARNAME<20>  UNIQUE          192.168.0.43        127

            """));
    }

    [Test]
    public void Cache_WithoutAny_SaysSo() =>
        Assert.That(NbtStat.FormatCache(Node, NetBiosScope.Empty, [], NbtStatStyle.Windows2000), Is.EqualTo("Node IpAddress: [10.57.9.54] Scope Id: []\n\n    No names in cache\n"));

    [Test]
    public void RemoteNames_HaveTheColumnsOfLocalNamesAndTheMac()
    {
        NbtStatNameRow[] rows =
        [
            NbtStatNameRow.FromNodeStatus(NetBiosName.Parse("LINUX<20>"), new NameFlags(NameFlags.ActiveBit)),
            NbtStatNameRow.FromNodeStatus(NetBiosName.Parse("DOMAIN<00>"), new NameFlags(NameFlags.ActiveBit | NameFlags.GroupBit)),
            NbtStatNameRow.FromNodeStatus(NetBiosName.Parse("USER<03>"), new NameFlags(NameFlags.ActiveBit | NameFlags.ConflictBit)),
            NbtStatNameRow.FromNodeStatus(NetBiosName.Parse("GONE<03>"), new NameFlags(NameFlags.ActiveBit | NameFlags.DeregisteringBit)),
        ];
        Assert.That(NbtStat.FormatRemoteNames(Node, NetBiosScope.Empty, rows, MacAddress.Read([0x00, 0x00, 0xC1, 0x10, 0xB8, 0xBB])), Is.EqualTo("""
            Node IpAddress: [10.57.9.54] Scope Id: []

                     NetBIOS Remote Machine Name Table

               Name                 Type        Status
               ---------------------------------------------
               LINUX          <20>  UNIQUE      Registered
               DOMAIN         <00>  GROUP       Registered
               USER           <03>  UNIQUE      Conflict
               GONE           <03>  UNIQUE      Deregistered

               MAC Address = 00-00-C1-10-B8-BB

            """));
    }

    [Test]
    public void RemoteNames_AsLaterConsolesShowThem() =>
        Assert.That(NbtStat.FormatRemoteNames(Node, NetBiosScope.Empty, [Row("PROPNET<00>")], MacAddress.Broadcast, NbtStatStyle.Windows2000), Is.EqualTo("""
            Node IpAddress: [10.57.9.54] Scope Id: []

                       NetBIOS Remote Machine Name Table

                   Name               Type         Status
                ---------------------------------------------
                PROPNET        <00>  UNIQUE      Registered

                MAC Address = FF-FF-FF-FF-FF-FF

            """));

    [Test]
    public void RemoteNames_WithoutAnswer_SayWhatQ175935Says() =>
        Assert.That(NbtStat.FormatRemoteNames(Node, NetBiosScope.Empty, [], null), Is.EqualTo("Node IpAddress: [10.57.9.54] Scope Id: []\n\n   Host not found.\n"));

    [Test]
    public void Statistics_ListCountersAndNames() =>
        Assert.That(NbtStat.FormatStatistics(new NbtStatStatistics(3, 1, 204, 0), [NetBiosName.Parse("BRAVO<20>"), NetBiosName.Parse("LABGROUP<1B>")]), Is.EqualTo("""
            NetBIOS Names Resolution and Registration Statistics
            ----------------------------------------------------

            Resolved By Broadcast     = 3
            Resolved By Name Server   = 1

            Registered By Broadcast   = 204
            Registered By Name Server = 0

                NetBIOS Names Resolved By Broadcast
            ---------------------------------------------
                       BRAVO          <20>
                       LABGROUP       <1B>

            """));

    [Test]
    public void Statistics_WithoutNames_LeaveTheListOut() =>
        Assert.That(NbtStat.FormatStatistics(default, [], NbtStatStyle.Windows2000), Is.EqualTo("""
                NetBIOS Names Resolution and Registration Statistics
                ----------------------------------------------------

                Resolved By Broadcast     = 0
                Resolved By Name Server   = 0

                Registered By Broadcast   = 0
                Registered By Name Server = 0

            """));
}
