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
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001" + N + "0020 0001 00000000 0006 0000 0a000002 00", NbnsAnomalies.UncompressedName | NbnsAnomalies.TrailingOctets)]
    [TestCase("1234 2910 0001 0000 0000 0002" + N + "0020 0001" + N + "0020 0001 00000000" + Entry + N + "0020 0001 00000000" + Entry, NbnsAnomalies.UncompressedName)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0002 c00c 0020 0002 00000000" + Entry, NbnsAnomalies.UnknownClass)]
    [TestCase("1234 2910 0002 0000 0000 0001" + N + "0020 0002" + N + "0020 0002 c00c 0020 0001 00000000" + Entry, NbnsAnomalies.UnknownClass)]
    [TestCase("1234 2910 0001 0000 0000 0002" + N + "0020 0001 c00c 0020 0002 00000000" + Entry + "c00c 0020 0002 00000000" + Entry, NbnsAnomalies.UnknownClass)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000 000c 0400 0a000002 0400 0a000002", NbnsAnomalies.ReservedNbFlags)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000 000c 0000 0a000002 0400 0a000002", NbnsAnomalies.ReservedNbFlags)]
    [TestCase("1234 2910 0001 0000 0000 0002" + N + "0020 0001 c00c 0020 0001 00000000 0007 0000 0a000002 00 c00c 0020 0001 00000000 0007 0000 0a000002 00", NbnsAnomalies.OddNbLength)]
    [TestCase("1234 2910 0001 0000 0000 0003" + N + "0020 0001 c00c 0020 0001 00000000" + Entry + "c00c 0021 0001 00000000 0000 c00c 0021 0001 00000000 0001 00", NbnsAnomalies.ShortStatistics)]
    [TestCase("1234 2910 0002 0000 0000 0001" + N + "0020 0001 00 0020 0001 c00c 0020 0001 00000000" + Entry, NbnsAnomalies.IllegalName)]
    [TestCase("1234 2910 0003 0000 0000 0001" + N + "0020 0001 00 0020 0001 00 0020 0001 c00c 0020 0001 00000000" + Entry, NbnsAnomalies.IllegalName)]
    [TestCase("1234 2910 0003 0000 0000 0001" + N + "0020 0001 01 41 00 0020 0001 01 41 00 0020 0001 c00c 0020 0001 00000000" + Entry, NbnsAnomalies.IllegalName)]
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
    [TestCase("7070454d454a4544454643414341434143414341434143414341434143414144", NbnsAnomalies.LowerCaseName)]
    [TestCase("5151454d454a4544454643414341434143414341434143414341434143414144", NbnsAnomalies.IllegalName)]
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
    [TestCase("3f 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e 00",
        "(<00><01><02><03><04><05><06><07><08><09><0a><0b><0c><0d><0e><0f><10><11><12><13><14><15><16><17><18><19><1a><1b><1c><1d><1e><1f>"
        + "<00><01><02><03><04><05><06><07><08><09><0a><0b><0c><0d><0e><0f><10><11><12><13><14><15><16><17><18><19><1a><1b><1c><1d><1e>)")]
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

    /// <summary>NSD_NAME is of type NS and a whole name; NSD_IP_ADDR is of type A and four octets (RFC 1002 §4.2.15).</summary>
    [TestCase("0002", "0002 4142", false, false)]
    [TestCase("0002", "0000", false, false)]
    [TestCase("0002", "0003 014100", true, false)]
    [TestCase("0002", "0004 0a000009", false, false)]
    [TestCase("0001", "0003 014100", false, false)]
    [TestCase("0001", "0004 0a000009", false, true)]
    [TestCase("0001", "0006 00000a000009", false, false)]
    [TestCase("000a", "0004 0a000009", false, false)]
    public void ARecordIsAServersNameOrAddressByTypeAndLength(string type, string data, bool isName, bool isAddress)
    {
        Assert.That(NbnsPacket.TryParse(Octets("1239 8100 0000 0001 0000 0000" + N + type + "0001 00000000" + data), out var packet), Is.True);
        Assert.That(packet.Record.TryGetServerName(out _), Is.EqualTo(isName));
        Assert.That(packet.Record.TryGetServerAddress(out var address), Is.EqualTo(isAddress));
        Assert.That(address, Is.EqualTo(isAddress ? Ipv4Address.Parse("10.0.0.9") : default));
    }

    [Test]
    public void RecordsKnowTheirSections()
    {
        const string Empty = "00 000a 0001 00000000 0000";
        string hex = "1239 8500 0000 0002 0001 0003" + Empty + Empty + Empty + Empty + Empty + Empty;
        Assert.That(NbnsPacket.TryParse(Octets(hex), out var packet), Is.True);
        var sections = new List<NbnsSection>();
        foreach (var record in packet.Records)
            sections.Add(record.Section);
        Assert.That(sections, Is.EqualTo(new[]
        {
            NbnsSection.Answer, NbnsSection.Answer, NbnsSection.Authority, NbnsSection.Additional, NbnsSection.Additional, NbnsSection.Additional,
        }));
    }

    /// <summary>RFC 1002 §4.2.6 draws a record that no count counts: it is taken where it fills the packet.</summary>
    [Test]
    public void AnUncountedRecordIsTakenWhereItFillsAResponse()
    {
        const string Record = N + "0020 0001 00000000" + Entry;
        AssertThat("1239 ad86 0000 0000 0000 0000" + Record, 1, NbnsAnomalies.UncountedRecord);
        AssertThat("1239 ad86 0000 0000 0000 0000" + N + "0020 0002 00000000" + Entry, 1, NbnsAnomalies.UncountedRecord | NbnsAnomalies.UnknownClass);
        AssertThat("1239 ad86 0000 0000 0000 0000" + Record + "00", 0, NbnsAnomalies.TrailingOctets);
        AssertThat("1239 ad86 0000 0000 0000 0000" + Record[..^2], 0, NbnsAnomalies.TrailingOctets);
        AssertThat("1239 2d86 0000 0000 0000 0000" + Record, 0, NbnsAnomalies.TrailingOctets);
        AssertThat("1239 ad86 0000 0001 0000 0000" + Record + Record, 1, NbnsAnomalies.TrailingOctets);

        static void AssertThat(string hex, int records, NbnsAnomalies anomalies)
        {
            Assert.That(NbnsPacket.TryParse(Octets(hex), out var packet, out var error), Is.True, error.ToString());
            Assert.That((packet.Records.Count, packet.Anomalies), Is.EqualTo((records, anomalies)));
            if (records > 0 && packet.AnswerCount == 0)
                Assert.That(packet.Record.Section, Is.EqualTo(NbnsSection.Uncounted));
        }
    }

    /// <summary>A packet is read word by word as far as it goes.</summary>
    [Test]
    public void AHeaderThatIsCutIsReadAsFarAsItGoes()
    {
        byte[] header = Octets("0102 0304 0506 0708 090a 0b0c");
        for (int length = 0; length <= header.Length; length++)
        {
            Assert.That(NbnsPacket.TryParse(header.AsSpan(0, length), out var packet, out var error), Is.False);
            int[] words = [packet.TransactionId, packet.Flags.Value, packet.QuestionCount, packet.AnswerCount, packet.AuthorityCount, packet.AdditionalCount];
            Assert.That(words, Is.EqualTo(Enumerable.Range(0, 6).Select(i => (2 * i) + 2 <= length ? (((2 * i) + 1) << 8) | ((2 * i) + 2) : 0)));
            Assert.That(packet.Length, Is.EqualTo(length));
            Assert.That(error.Kind, Is.EqualTo(length < 12 ? NbnsParseErrorKind.Truncated : NbnsParseErrorKind.CountsOverrun));
            Assert.That(packet.Bytes.Length, Is.EqualTo(length));
        }

        Assert.That(NbnsPacket.TryParse(Octets("1239 8500 0000 0000 0000 0000"), out var empty), Is.True);
        Assert.That((empty.Length, empty.Anomalies), Is.EqualTo((12, NbnsAnomalies.None)));
    }

    /// <summary>What stands in the header is not taken for a record: the transaction is 0x0020, the number of type NB.</summary>
    [TestCase("0020 8500 0000 0000 0000 0000", NbnsMessageKind.Unknown)]
    [TestCase("0021 8400 0000 0000 0000 0000", NbnsMessageKind.Unknown)]
    [TestCase("0020 0110 0000 0000 0000 0000", NbnsMessageKind.Unknown)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 000a 0001 00000000" + Entry, NbnsMessageKind.Unknown)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000006 0004 00000a00", NbnsMessageKind.Unknown)]
    [TestCase("1234 2910 0001 0000 0000 0001" + N + "0020 0001 c00c 0020 0001 00000000" + Entry, NbnsMessageKind.NameRegistrationRequest)]
    public void OnlyARecordIsTakenForARecord(string hex, NbnsMessageKind kind)
    {
        Assert.That(NbnsPacket.TryParse(Octets(hex), out var packet, out var error), Is.True, error.ToString());
        Assert.That(NbnsClassification.Classify(packet), Is.EqualTo(kind));
    }

    /// <summary>Each differs from the name in one thing.</summary>
    [TestCase("ALICE<03>", true)]
    [TestCase("ALICE<20>", false)]
    [TestCase("BLICE<03>", false)]
    [TestCase("ALICE<03>.X", false)]
    public void ANameIsItselfInOctetsAndScope(string other, bool same)
    {
        Assert.That(NbnsPacket.TryParse(Octets(Registration), out var packet), Is.True);
        Assert.That(packet.Name.Is(NetBiosName.Parse(other)), Is.EqualTo(same));
        Assert.That(packet.Record.Name.Is(NetBiosName.Parse(other)), Is.EqualTo(same), "by its pointer");
        Assert.That(NbnsPacket.TryParse(Octets("1234 0110 0001 0000 0000 0000 02 4142 00 0020 0001"), out packet), Is.True);
        Assert.That(packet.Name.Is(new NetBiosName(0, 0)), Is.False, "what is no name has no octets");
    }

    [Test]
    public void WalksStandBeforeTheFirstUntilTheyMove()
    {
        Assert.That(NbnsPacket.TryParse(Octets(Registration), out var packet), Is.True);
        var questions = packet.Questions.GetEnumerator();
        Assert.That(questions.Current.Type, Is.EqualTo(default(NbnsType)));
        Assert.That(questions.MoveNext(), Is.True);
        Assert.That((questions.Current.Type, questions.Current.Class), Is.EqualTo((NbnsType.NB, (ushort)1)));
        Assert.That(questions.MoveNext(), Is.False);
        var records = packet.Records.GetEnumerator();
        Assert.That((records.Current.Data.Length, records.Current.Type), Is.EqualTo((0, default(NbnsType))));
        Assert.That(records.MoveNext(), Is.True);
        Assert.That(records.Current.Data.Length, Is.EqualTo(6));
        Assert.That(records.MoveNext(), Is.False);
    }

    [Test]
    public void QuestionsAreWalkedOneByOne()
    {
        Assert.That(NbnsPacket.TryParse(Octets("1234 0110 0003 0000 0000 0000" + N + "0020 0001" + "01 41 00 0021 0002 c00c 0001 0003"), out var packet), Is.True);
        var read = new List<(string, int, int)>();
        foreach (var question in packet.Questions)
            read.Add((question.Name.ToString(), (int)question.Type, question.Class));
        Assert.That(read, Is.EqualTo(new[] { ("ALICE<03>", 0x20, 1), ("(A)", 0x21, 2), ("ALICE<03>", 1, 3) }));
    }

    [Test]
    public void SeveralAddressesAreAllThere()
    {
        string hex = "1239 8580 0000 0001 0000 0000" + N + "0020 0001 00000000 0012 6000 0a000001 6000 0a000002 e000 0a000003";
        Assert.That(NbnsPacket.TryParse(Octets(hex), out var packet), Is.True);
        Assert.That(packet.Record.EntryCount, Is.EqualTo(3));
        Assert.That(packet.Record.GetEntry(2), Is.EqualTo(new NbEntry(new NbFlags(group: true, OwnerNodeType.H), Ipv4Address.Parse("10.0.0.3"))));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = NbnsPacket.TryParse(Octets(hex), out var again) ? again.Record.GetEntry(3) : default);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _ = NbnsPacket.TryParse(Octets(hex + "000000000000"), out var again) ? again.Record.GetEntry(3) : default, "what trails the record is none of it");
    }

    [Test]
    public void NodeStatusWithoutAllStatisticsIsRead()
    {
        string names = "01 414c49434520202020202020202020 03 0400";
        Assert.That(NbnsPacket.TryParse(Octets("1239 8400 0000 0001 0000 0000" + N + "0021 0001 00000000 0019" + names + "020a00000002"), out var packet), Is.True);
        Assert.That(packet.Anomalies, Is.EqualTo(NbnsAnomalies.ShortStatistics));
        Assert.That(packet.Record.GetNodeName(0).Name, Is.EqualTo(Alice));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = NbnsPacket.TryParse(Octets("1239 8400 0000 0001 0000 0000" + N + "0021 0001 00000000 0025" + names + names), out var two) ? two.Record.GetNodeName(1) : default);
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
                    sum += record.TimeToLive.Seconds;
            }

            if (round == 1)
                Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        }

        Assert.That(sum, Is.Not.Zero);
    }
}
