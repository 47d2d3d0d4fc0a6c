using NbnsSim.Names;
using NbnsSim.Wire;
using static NbnsSim.Tests.Messages.MessageVectors;

namespace NbnsSim.Tests.Wire;

/// <summary>Each packet of RFC 1002 §4.2 octet by octet, with a scope and without, into a buffer that just fits.</summary>
public sealed class NbnsEncoderTests
{
    private const string Scoped = "20 4542454d454a4544454643414341434143414341434143414341434143414144 01 58 00";

    private static readonly NetBiosName InScope = NetBiosName.Parse("ALICE<03>.X");
    private static readonly NbEntry Entry = new(new NbFlags(group: true, OwnerNodeType.M), Ipv4Address.Parse("10.0.0.2"));

    private delegate int Write(Span<byte> buffer, in NetBiosName name);

    private static IEnumerable<TestCaseData> Packets()
    {
        yield return Packet("4.2.2", "1234 2910 0001 0000 0000 0001 NAME 0020 0001 c00c 0020 0001 01020304 0006 c000 0a000002",
            (buffer, in name) => NbnsEncoder.WriteRequest(buffer, 0x1234, 0x2910, name, 0x0102_0304, Entry));
        yield return Packet("4.2.5", "1234 ad80 0000 0001 0000 0000 NAME 0020 0001 01020304 0006 c000 0a000002",
            (buffer, in name) => NbnsEncoder.WriteResponse(buffer, 0x1234, 0xAD80, name, 0x0102_0304, Entry));
        yield return Packet("4.2.12", "1234 0110 0001 0000 0000 0000 NAME 0020 0001", (buffer, in name) => NbnsEncoder.WriteQuery(buffer, 0x1234, 0x0110, name));
        yield return Packet("4.2.13", "1234 8580 0000 0001 0000 0000 NAME 0020 0001 01020304 000c c000 0a000002 0000 0a000003",
            (buffer, in name) => NbnsEncoder.WriteResponse(buffer, 0x1234, 0x8580, name, 0x0102_0304, [Entry, new NbEntry(default, Ipv4Address.Parse("10.0.0.3"))]));
        yield return Packet("4.2.14", "1234 8583 0000 0001 0000 0000 NAME 000a 0001 00000000 0000", (buffer, in name) => NbnsEncoder.WriteNegativeQueryResponse(buffer, 0x1234, 0x8583, name));
        yield return Packet("4.2.15", "1234 8100 0000 0000 0001 0001 NAME 0002 0001 01020304 0024" + Scoped + "POINTER 0001 0001 01020304 0004 0a000002",
            (buffer, in name) => NbnsEncoder.WriteRedirect(buffer, 0x1234, 0x8100, name, 0x0102_0304, InScope, Entry.Address));
        yield return Packet("4.2.16", "1234 bc00 0000 0001 0000 0000 NAME 0020 0001 01020304 0002 7ff0",
            (buffer, in name) => NbnsEncoder.WriteWack(buffer, 0x1234, 0xBC00, name, 0x0102_0304, new NbnsFlags(0xFFFF)));
        yield return Packet("4.2.17", "1234 0000 0001 0000 0000 0000 NAME 0021 0001", (buffer, in name) => NbnsEncoder.WriteQuery(buffer, 0x1234, 0, name, NbnsType.NBStat));
        const string Two = "414c49434520202020202020202020 03 0400 574f524b47524f5550202020202020 00 8400";
        const string Numbers = "020a00000002 01 02 0003 0004 0005 0006 0007 0008 00000009 0000000a 000b 000c 000d 000e 000f 0010 0011 0012 0013";
        NodeStatusName[] names = [new(Alice, new NameFlags(0x0400)), new(NetBiosName.Parse("WORKGROUP<00>"), new NameFlags(0x8400))];
        var statistics = new NodeStatistics(new MacAddress(0x020A_0000_0002), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        yield return Packet("4.2.18", "1234 8400 0000 0001 0000 0000 NAME 0021 0001 00000000 0053 02" + Two + Numbers,
            (buffer, in name) => NbnsEncoder.WriteNodeStatus(buffer, 0x1234, 0x8400, name, names, statistics));
        yield return Packet("4.2.18 octets", "1234 8400 0000 0001 0000 0000 NAME 0021 0001 00000000 0053 02" + Two + "020a" + new string('0', 88),
            (buffer, in name) => NbnsEncoder.WriteNodeStatus(buffer, 0x1234, 0x8400, name, 2, Octets(Two + "020a")));

        static TestCaseData Packet(string clause, string hex, Write write) => new TestCaseData(hex, write).SetArgDisplayNames(clause);
    }

    [TestCaseSource(nameof(Packets))]
    public void ThePacketStandsAsDrawn(string hex, Delegate write)
    {
        foreach (var (name, encoded, pointer) in new[] { (Alice, N, "c038"), (InScope, Scoped, "c03a") })
        {
            byte[] expected = Octets(hex.Replace("NAME", encoded, StringComparison.Ordinal).Replace("POINTER", pointer, StringComparison.Ordinal));
            byte[] buffer = new byte[expected.Length];
            buffer.AsSpan().Fill(0xA5);

            Assert.That(((Write)write)(buffer, name), Is.EqualTo(expected.Length));
            Assert.That(Convert.ToHexString(buffer), Is.EqualTo(Convert.ToHexString(expected)));
            Assert.That(NbnsPacket.TryParse(buffer, out var packet, out var error), Is.True, error.ToString());
            Assert.That(packet.Length, Is.EqualTo(expected.Length));
            Assert.That(
                () => ((Write)write)(new byte[expected.Length - 1], name),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains($"The packet takes {expected.Length} octets"));
        }
    }

    /// <summary>RFC 1002 §4.2.18 NUM_NAMES is one octet.</summary>
    [Test]
    public void ANodeStatusResponseCountsAtMost255Names()
    {
        byte[] buffer = new byte[10_000];
        int length = NbnsEncoder.WriteNodeStatus(buffer, 1, 0x8400, Alice, new NodeStatusName[255], default(NodeStatistics));
        Assert.That(length, Is.EqualTo(103 + (18 * 255)));
        Assert.That(() => NbnsEncoder.WriteNodeStatus(buffer, 1, 0x8400, Alice, new NodeStatusName[256], default(NodeStatistics)), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void StatisticsAreReadAsTheyAreWritten()
    {
        var statistics = new NodeStatistics(new MacAddress(0x020A_0000_0002), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        byte[] octets = new byte[NodeStatistics.Size + 1];

        statistics.Write(octets);

        Assert.That(octets[NodeStatistics.Size], Is.Zero);
        Assert.That(NodeStatistics.TryRead(octets.AsSpan(0, NodeStatistics.Size), out var read), Is.True);
        Assert.That(read, Is.EqualTo(statistics));
        Assert.That(NodeStatistics.TryRead(octets.AsSpan(0, NodeStatistics.Size - 1), out read), Is.False);
        Assert.That(read, Is.EqualTo(new NodeStatistics(statistics.UnitId)));
        Assert.That(NodeStatistics.TryRead(octets.AsSpan(0, 6), out read), Is.False);
        Assert.That(read, Is.EqualTo(new NodeStatistics(statistics.UnitId)));
        Assert.That(NodeStatistics.TryRead(octets.AsSpan(0, 5), out read), Is.False);
        Assert.That(read, Is.EqualTo(default(NodeStatistics)));
        Assert.That(() => statistics.Write(new byte[NodeStatistics.Size - 1]), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
