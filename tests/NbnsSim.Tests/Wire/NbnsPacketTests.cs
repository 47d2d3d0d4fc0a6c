using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;
using static NbnsSim.Tests.Messages.MessageVectors;

namespace NbnsSim.Tests.Wire;

/// <summary>What real stacks send is read, whatever RFC 1002 §4.2 draws; what is odd about it is told.</summary>
public sealed class NbnsPacketTests
{
    private const string Entry = "0006 0000 0a000002";
    private const string Registration = "1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000" + Entry;

    [TestCase(Registration, NbnsAnomalies.None)]
    [TestCase(Registration + "00", NbnsAnomalies.TrailingOctets)]
    [TestCase("1234 2970 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000" + Entry, NbnsAnomalies.ReservedHeaderBits)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001" + N + "0020 0001 00000000" + Entry, NbnsAnomalies.UncompressedName)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000 0006 0400 0a000002", NbnsAnomalies.ReservedNbFlags)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000 0007 0000 0a000002 00", NbnsAnomalies.OddNbLength)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0002 c00c 0020 0001 00000000" + Entry, NbnsAnomalies.UnknownClass)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 00ff 00000000" + Entry, NbnsAnomalies.UnknownClass)]
    public void OddPacketsAreReadAndFlagged(string hex, NbnsAnomalies anomalies)
    {
        Assert.That(NbnsPacket.TryParse(Octets(hex), out var packet, out var error), Is.True, error.ToString());
        Assert.That(packet.Anomalies, Is.EqualTo(anomalies));
        Assert.That(packet.TransactionId, Is.EqualTo(0x1234));
        Assert.That(NbnsClassification.Classify(packet), Is.EqualTo(NbnsMessageKind.NameRegistrationRequest));
        Assert.That(packet.Name.Is(Alice), Is.True);
        Assert.That(packet.Record.Name.Is(Alice), Is.True);
        Assert.That(packet.Record.Section, Is.EqualTo(NbnsSection.Additional));
        Assert.That(packet.Record.FirstEntry.Address, Is.EqualTo(Address));
        PacketVisitor.VisitAll(packet);
    }

    [TestCase("6542454d454a4544454643414341434143414341434143414341434143414144", NbnsAnomalies.LowerCaseName)]
    [TestCase("6562656d656a6564656663616361636163616361636163616361636163616164", NbnsAnomalies.LowerCaseName)]
    [TestCase("5142454d454a4544454643414341434143414341434143414341434143414144", NbnsAnomalies.IllegalName)]
    [TestCase("0042454d454a4544454643414341434143414341434143414341434143414144", NbnsAnomalies.IllegalName)]
    public void NamesThatAreNotHalfAsciiAreFlaggedAndHaveNoOctets(string label, NbnsAnomalies anomalies)
    {
        Assert.That(NbnsPacket.TryParse(Octets("1234 0110 0001 0000 0000 0000 20" + label + "00 0020 0001"), out var packet, out var error), Is.True, error.ToString());
        Assert.That(packet.Anomalies, Is.EqualTo(anomalies));
        Assert.That(packet.Name.TryGetName(out _), Is.False);
        Assert.That(packet.Name.FirstLabel.ToArray(), Is.EqualTo(Octets(label)));
        Assert.That(packet.Name.ToString(), Does.StartWith("("));
        PacketVisitor.VisitAll(packet);
    }

    [TestCase("00", "()")]
    [TestCase("02 4142 00", "(AB)")]
    [TestCase("02 4142 03 582e01 00", "(AB).X<2e><01>")]
    public void ShortNamesAreFlaggedAndPrinted(string name, string printed)
    {
        Assert.That(NbnsPacket.TryParse(Octets("1234 0110 0001 0000 0000 0000" + name + "0020 0001"), out var packet, out var error), Is.True, error.ToString());
        Assert.That(packet.Anomalies, Is.EqualTo(NbnsAnomalies.IllegalName));
        Assert.That(packet.Name.ToString(), Is.EqualTo(printed));
        PacketVisitor.VisitAll(packet);
    }

    [Test]
    public void ScopesAreReadThroughPointersToo()
    {
        // The record's name is a label of its own and a pointer into the question's scope: 20 …<03> C02D.
        string hex = "1234 2910 0001 0000 0000 0001" + N[..^2] + "07 4558414d504c45 03 434f4d 00 0020 0001"
            + N[..^2] + "c02d 0020 0001 00000000" + Entry;
        Assert.That(NbnsPacket.TryParse(Octets(hex), out var packet, out var error), Is.True, error.ToString());

        var name = NetBiosName.Parse("ALICE<03>.EXAMPLE.COM");
        Assert.That(packet.Name.Is(name), Is.True);
        Assert.That(packet.Record.Name.Is(name), Is.True);
        Assert.That(packet.Record.Name.Is(Alice), Is.False);
        Assert.That(packet.Name.ScopeIs(NetBiosScope.Parse("example.com")), Is.False, "scopes are case-sensitive: Q163112");
        Assert.That(packet.Record.Name.TryGetName(out var read), Is.True);
        Assert.That(read, Is.EqualTo(name));
        PacketVisitor.VisitAll(packet);
    }

    [Test]
    public void ARedirectPointsIntoTheDataOfItsAuthorityRecord()
    {
        string hex = "1239 8100 0000 0000 0001 0001" + N + "0002 0001 00000000 0022" + N + "c038 0001 0001 00000000 0004 0a000009";
        Assert.That(NbnsPacket.TryParse(Octets(hex), out var packet, out var error), Is.True, error.ToString());
        Assert.That(packet.Record.Section, Is.EqualTo(NbnsSection.Authority));
        Assert.That(packet.Record.TryGetServerName(out var server), Is.True);
        Assert.That(server.Is(Alice), Is.True);
        var sections = new List<NbnsSection>();
        foreach (var record in packet.Records)
            sections.Add(record.Section);
        Assert.That(sections, Is.EqualTo(new[] { NbnsSection.Authority, NbnsSection.Additional }));
    }

    [Test]
    public void SeveralAddressesAreAllThere()
    {
        string hex = "1239 8580 0000 0001 0000 0000" + N + "0020 0001 00000000 0012 6000 0a000001 6000 0a000002 e000 0a000003";
        Assert.That(NbnsPacket.TryParse(Octets(hex), out var packet), Is.True);
        Assert.That(packet.Record.EntryCount, Is.EqualTo(3));
        Assert.That(packet.Record.GetEntry(2), Is.EqualTo(new NbEntry(new NbFlags(group: true, OwnerNodeType.H), Ipv4Address.Parse("10.0.0.3"))));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = NbnsPacket.TryParse(Octets(hex), out var again) ? again.Record.GetEntry(3) : default);
    }

    [Test]
    public void NodeStatusWithoutAllStatisticsIsRead()
    {
        string names = "01 414c49434520202020202020202020 03 0400";
        Assert.That(NbnsPacket.TryParse(Octets("1239 8400 0000 0001 0000 0000" + N + "0021 0001 00000000 0019" + names + "020a00000002"), out var packet), Is.True);
        Assert.That(packet.Anomalies, Is.EqualTo(NbnsAnomalies.ShortStatistics));
        Assert.That(packet.Record.GetNodeName(0).Name, Is.EqualTo(Alice));
        Assert.That(NodeStatistics.TryRead(packet.Record.StatisticsData, out var statistics), Is.False);
        Assert.That(statistics.UnitId, Is.EqualTo(new MacAddress(0x020A_0000_0002)));
    }

    [Test]
    public void NodeStatusWithoutAnyDataIsReadAsNoNames()
    {
        Assert.That(NbnsPacket.TryParse(Octets("1239 8400 0000 0001 0000 0000" + N + "0021 0001 00000000 0000"), out var packet), Is.True);
        Assert.That(packet.Anomalies, Is.EqualTo(NbnsAnomalies.ShortStatistics));
        Assert.That(packet.Record.NodeNameCount, Is.Zero);
        Assert.That(packet.Record.StatisticsData.Length, Is.Zero);
        Assert.That(NbnsMessage.TryRead(packet, out var message), Is.True);
        Assert.That(message, Is.EqualTo(new NodeStatusResponse(0x1239, Alice, [])));
    }

    [Test]
    public void DefaultViewsAnswerEmpty()
    {
        PacketVisitor.VisitAll(default);
        Assert.That(default(NbnsQuestion).Type, Is.EqualTo(default(NbnsType)));
        Assert.That(default(NbnsResourceRecord).Data.Length, Is.Zero);
        Assert.That(default(NbnsNameView).ToString(), Is.EqualTo("()"));
        Assert.That(default(NbnsPacket).Question.Name.Is(Alice), Is.False);
    }

    [Test]
    public void ParsingAllocatesNothing()
    {
        byte[][] packets = [.. All.Select(v => Octets(v.Hex)), .. Captured.Select(c => Octets(c.Hex)), new byte[5], Octets(Registration)[..60]];
        ulong sum = 0;
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (byte[] octets in packets)
            {
                sum += NbnsPacket.TryParse(octets, out var packet, out _) ? 1u : 0;
                packet.Name.TryGetName(out var name);
                sum += (ulong)NbnsClassification.Classify(packet) + name.Low + packet.Record.FirstEntry.Address.Value;
                foreach (var record in packet.Records)
                    sum += record.TimeToLive;
            }

            if (round == 1)
                Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        }

        Assert.That(sum, Is.Not.Zero);
    }
}
