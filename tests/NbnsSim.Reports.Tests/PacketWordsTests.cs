using NbnsSim.Names;
using NbnsSim.Tests;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Tests;

public class PacketWordsTests
{
    private static readonly NetBiosName User = new("JSMITH", NameSuffix.Messenger);
    private static readonly NbEntry Unique = new(default, Ipv4Address.Parse("10.0.0.2"));
    private static readonly NbEntry Group = new(new NbFlags(group: true, OwnerNodeType.B), Ipv4Address.Parse("10.0.0.2"));

    private delegate int Writer(Span<byte> buffer);

    private static string Words(Writer write)
    {
        Span<byte> buffer = stackalloc byte[NbnsHeader.MaxDatagramLength];
        var (role, verb, subject, key) = PacketWords.Describe(buffer[..write(buffer)]);
        Assert.That(key, Does.StartWith("1234"));
        return $"{role}: {verb} {subject}";
    }

    private static string Request(ushort flags, NbEntry? entry = null) => Words(buffer => NbnsEncoder.WriteRequest(buffer, 0x1234, flags, User, 0, entry ?? Unique));

    private static string Response(ushort flags, params NbEntry[] entries) => Words(buffer => NbnsEncoder.WriteResponse(buffer, 0x1234, flags, User, 0, entries));

    /// <summary>The flags words are those of RFC 1002 §4.2.2 to §4.2.18.</summary>
    [Test]
    public void EveryPacketOfRfc1002_HasItsWords() => Assert.Multiple(() =>
    {
        Assert.That(Request(0x2910), Is.EqualTo("Plain: register JSMITH<03>"));
        Assert.That(Request(0x2910, Group), Is.EqualTo("Plain: register JSMITH<03> (group)"));
        Assert.That(Request(0x7900), Is.EqualTo("Plain: register (multi-homed) JSMITH<03>"));
        Assert.That(Request(0x2800), Is.EqualTo("Plain: update JSMITH<03>"));
        Assert.That(Request(0x2810), Is.EqualTo("Demand: claim (overwrite demand) JSMITH<03>"));
        Assert.That(Request(0x4000), Is.EqualTo("Plain: refresh JSMITH<03>"));
        Assert.That(Request(0x3000), Is.EqualTo("Demand: release JSMITH<03>"));
        Assert.That(Request(0x3010), Is.EqualTo("Demand: release JSMITH<03>"));
        Assert.That(Response(0xAD80, Unique), Is.EqualTo("Positive: granted: JSMITH<03>"));
        Assert.That(Response(0xAD86, Unique), Is.EqualTo("Negative: refused, ACT_ERR: JSMITH<03>"));
        Assert.That(Response(0xAD00, Unique), Is.EqualTo("Aside: challenge 10.0.0.2 for JSMITH<03>"));
        Assert.That(Response(0xAD87, default(NbEntry)), Is.EqualTo("Negative: conflict demand JSMITH<03>"));
        Assert.That(Response(0xB400, Unique), Is.EqualTo("Positive: released: JSMITH<03>"));
        Assert.That(Response(0xB406, Unique), Is.EqualTo("Negative: release refused, ACT_ERR: JSMITH<03>"));
        Assert.That(Response(0x8500, Unique), Is.EqualTo("Positive: at 10.0.0.2: JSMITH<03>"));
        Assert.That(Response(0x8500, Group, Group, Group), Is.EqualTo("Positive: at 10.0.0.2 and 2 more: JSMITH<03> (group)"));
        Assert.That(Words(buffer => NbnsEncoder.WriteQuery(buffer, 0x1234, 0x0110, User)), Is.EqualTo("Plain: query JSMITH<03>"));
        Assert.That(Words(buffer => NbnsEncoder.WriteQuery(buffer, 0x1234, 0x0000, User, NbnsType.NBStat)), Is.EqualTo("Plain: node status? JSMITH<03>"));
        Assert.That(Words(buffer => NbnsEncoder.WriteNegativeQueryResponse(buffer, 0x1234, 0x8583, User)), Is.EqualTo("Negative: no, NAM_ERR: JSMITH<03>"));
        Assert.That(Words(buffer => NbnsEncoder.WriteWack(buffer, 0x1234, 0xBC00, User, 9, new NbnsFlags(0x2900))), Is.EqualTo("Aside: wait 9 s for JSMITH<03>"));
    });

    [Test]
    public void WhatCannotBeRead_SaysWhy()
    {
        var (role, verb, subject, key) = PacketWords.Describe([1, 2, 3]);
        Assert.That((role, verb, subject, key), Is.EqualTo((ReportRole.Aside, "unreadable: the packet ends at octet 3 in the middle of a field", "", (string?)null)));
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EveryCapturedPacket_HasWords(string capture)
    {
        foreach (var frame in Oracle.Read(SharedFolder.OracleOf(SharedFolder.Require(capture))))
            Assert.That(PacketWords.Describe(Convert.FromHexString((string)frame["payload"]!)).Verb, Is.Not.Empty);
    }
}
