using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Messages;

/// <summary>Every packet in both directions.</summary>
public sealed class NbnsMessageTests
{
    private static IEnumerable<TestCaseData> Vectors() =>
        MessageVectors.All.Select(v => new TestCaseData(v.Hex, v.Message).SetArgDisplayNames(v.Rule));

    private static IEnumerable<TestCaseData> Captured() =>
        MessageVectors.Captured.Select(c => new TestCaseData(c.Kind, c.Line, c.Hex).SetArgDisplayNames($"{c.Capture} frame {c.Frame}"));

    [TestCaseSource(nameof(Vectors))]
    public void MessageWritesTheVector(string hex, NbnsMessage message)
    {
        byte[] expected = MessageVectors.Octets(hex);
        byte[] buffer = new byte[expected.Length + 8];
        buffer.AsSpan().Fill(0xA5);

        int length = message.Write(buffer);

        Assert.That(Convert.ToHexString(buffer, 0, length), Is.EqualTo(Convert.ToHexString(expected)));
        Assert.That(message.Length, Is.EqualTo(length));
        Assert.That(message.ToArray(), Is.EqualTo(expected));
        Assert.That(buffer.AsSpan(length).ContainsAnyExcept((byte)0xA5), Is.False, "nothing is written behind the packet");
    }

    [TestCaseSource(nameof(Vectors))]
    public void VectorReadsAsTheMessage(string hex, NbnsMessage message)
    {
        byte[] octets = MessageVectors.Octets(hex);

        Assert.That(NbnsPacket.TryParse(octets, out var packet, out var error), Is.True, error.ToString());
        Assert.That(packet.Anomalies, Is.EqualTo(NbnsAnomalies.None));
        Assert.That(packet.Length, Is.EqualTo(octets.Length));
        Assert.That(NbnsParser.TryParseAny(octets, NbnsHeader.MaxNameLength, out var plain, out _), Is.True);
        Assert.That(PacketVisitor.VisitAll(plain), Is.EqualTo(PacketVisitor.VisitAll(packet)), "the short cuts see what the long way sees");
        Assert.That(NbnsClassification.Classify(packet), Is.EqualTo(message.Kind));
        Assert.That(NbnsMessage.TryRead(octets, out var read, out error), Is.True, error.ToString());
        Assert.That(read, Is.EqualTo(message).And.TypeOf(message.GetType()));
        Assert.That(read!.GetHashCode(), Is.EqualTo(message.GetHashCode()));
        Assert.That(read.ToString(), Does.StartWith(message.Kind.Title()).And.Contain("ALICE<03>"));
    }

    [TestCaseSource(nameof(Vectors))]
    public void EveryPrefixOfAVectorIsRefusedAndSaysWhere(string hex, NbnsMessage message)
    {
        byte[] octets = MessageVectors.Octets(hex);
        for (int length = 0; length < octets.Length; length++)
        {
            var prefix = octets.AsSpan(0, length).ToArray();
            Assert.That(NbnsPacket.TryParse(prefix, out var packet, out var error), Is.False, $"{message.Kind} cut to {length}");
            Assert.That(error.Kind, Is.Not.EqualTo(NbnsParseErrorKind.None));
            Assert.That(error.Offset, Is.InRange(0, length));
            Assert.That(error.ToString(), Does.Contain($"octet {error.Offset}"));
            PacketVisitor.VisitAll(packet);
            Assert.That(NbnsMessage.TryRead(prefix, out _, out var again), Is.False);
            Assert.That(again, Is.EqualTo(error));
        }
    }

    [TestCaseSource(nameof(Vectors))]
    public void TooSmallABufferIsTheCallersMistakeAndLeftAlone(string hex, NbnsMessage message)
    {
        for (int length = 0; length < message.Length; length++)
        {
            byte[] buffer = new byte[length];
            Assert.Throws<ArgumentOutOfRangeException>(() => message.Write(buffer), hex);
            Assert.That(buffer.AsSpan().ContainsAnyExcept((byte)0), Is.False);
        }
    }

    [Test]
    public void EveryKindHasAVector() =>
        Assert.That(MessageVectors.All.Select(v => v.Message.Kind).Distinct(), Is.EquivalentTo(Enum.GetValues<NbnsMessageKind>().Where(k => k != NbnsMessageKind.Unknown)));

    [Test]
    public void NoTwoVectorsAreEqual()
    {
        var messages = MessageVectors.All.Select(v => v.Message).ToArray();
        for (int i = 0; i < messages.Length; i++)
        {
            for (int j = 0; j < messages.Length; j++)
                Assert.That(messages[i].Equals(messages[j]), Is.EqualTo(i == j), $"{messages[i]} and {messages[j]}");
        }
    }

    [TestCaseSource(nameof(Captured))]
    public void CapturedPacketReadsAndDescribesItself(NbnsMessageKind kind, string line, string hex)
    {
        byte[] octets = MessageVectors.Octets(hex);

        Assert.That(NbnsMessage.TryRead(octets, out var message, out var error), Is.True, error.ToString());
        Assert.That(message!.Kind, Is.EqualTo(kind));
        Assert.That(NbnsDescription.Describe(octets), Is.EqualTo(line));
        Assert.That(message.ToString(), Is.EqualTo(line));
        // All but the WACK of type NULL, which RFC 1002 §4.2.16 prints beside the number of NB, come back octet for octet.
        if (octets[47] != 0x0A || kind != NbnsMessageKind.WaitForAcknowledgementResponse)
            Assert.That(Convert.ToHexStringLower(message.ToArray()), Is.EqualTo(hex));
        Assert.That(NbnsMessage.TryRead(message.ToArray(), out var again, out _), Is.True);
        Assert.That(again, Is.EqualTo(message));
    }

    /// <summary>RFC 1002 §4.2.6, §4.2.11 and §4.2.14 draw ANCOUNT 0 above a record.</summary>
    [TestCase("1235 ad86 0000 0000 0000 0000" + MessageVectors.N + "0020 0001 00000000 0006 0000 0a000002", NbnsMessageKind.NegativeNameRegistrationResponse)]
    [TestCase("1237 b406 0000 0000 0000 0000" + MessageVectors.N + "0020 0001 00000000 0006 0000 0a000002", NbnsMessageKind.NegativeNameReleaseResponse)]
    [TestCase("1239 8503 0000 0000 0000 0000" + MessageVectors.N + "000a 0001 00000000 0000", NbnsMessageKind.NegativeNameQueryResponse)]
    public void RefusalWithAnUncountedRecordReadsLikeOneThatCountsIt(string hex, NbnsMessageKind kind)
    {
        byte[] octets = MessageVectors.Octets(hex);
        byte[] counted = [.. octets];
        counted[7] = 1;

        Assert.That(NbnsPacket.TryParse(octets, out var packet), Is.True);
        Assert.That(packet.Anomalies, Is.EqualTo(NbnsAnomalies.UncountedRecord));
        Assert.That(packet.Record.Section, Is.EqualTo(NbnsSection.Uncounted));
        Assert.That(packet.Trailing.Length, Is.Zero);
        Assert.That(NbnsMessage.TryRead(packet, out var message), Is.True);
        Assert.That(message!.Kind, Is.EqualTo(kind));
        Assert.That(message.ToArray(), Is.EqualTo(counted));
    }

    [Test]
    public void AMessageNeedsAKnownPacketAndAReadableName()
    {
        byte[] unknown = MessageVectors.Octets("1239 1800 0001 0000 0000 0000" + MessageVectors.N + "0020 0001");
        Assert.That(NbnsMessage.TryRead(unknown, out var message, out var error), Is.False);
        Assert.That(message, Is.Null);
        Assert.That(error, Is.EqualTo(new NbnsParseError(NbnsParseErrorKind.UnknownPacket, 2)));

        byte[] illegal = MessageVectors.Octets("1239 0110 0001 0000 0000 0000" + MessageVectors.N.Replace("4542", "5A42", StringComparison.Ordinal) + "0020 0001");
        Assert.That(NbnsMessage.TryRead(illegal, out _, out error), Is.False);
        Assert.That(error, Is.EqualTo(new NbnsParseError(NbnsParseErrorKind.UnreadableName, 12)));
    }

    // A release or a registration without its record once ended a name server (CVE-2026-3238): it is refused, and the octet named.
    [TestCase("3000 0001 0000 0000 0000", "", NbnsParseErrorKind.RecordMissing, 10)]
    [TestCase("7900 0001 0000 0000 0000", "", NbnsParseErrorKind.RecordMissing, 10)]
    [TestCase("2910 0001 0000 0000 0000", "", NbnsParseErrorKind.RecordMissing, 10)]
    [TestCase("4000 0001 0000 0000 0000", "", NbnsParseErrorKind.RecordMissing, 10)]
    [TestCase("4800 0001 0000 0000 0000", "", NbnsParseErrorKind.RecordMissing, 10)]
    [TestCase("7900 0001 0000 0000 0001", "C00C 0020 0001 00000000 0000", NbnsParseErrorKind.AddressMissing, 60)]
    [TestCase("7900 0001 0000 0000 0001", "C00C 0020 0001 00000000 0004 00000A00", NbnsParseErrorKind.AddressMissing, 60)]
    [TestCase("2910 0001 0000 0000 0001", "C00C 0001 0001 00000000 0004 0A000001", NbnsParseErrorKind.AddressMissing, 52)]
    [TestCase("8500 0001 0000 0000 0000", "", NbnsParseErrorKind.RecordMissing, 6)]
    [TestCase("AD80 0001 0000 0000 0000", "", NbnsParseErrorKind.RecordMissing, 6)]
    [TestCase("BC00 0001 0000 0000 0000", "", NbnsParseErrorKind.RecordMissing, 6)]
    [TestCase("8500 0001 0001 0000 0000", "C00C 0020 0001 00000000 0005 0000000A00", NbnsParseErrorKind.AddressMissing, 60)]
    [TestCase("1800 0001 0000 0000 0000", "", NbnsParseErrorKind.UnknownPacket, 2)]
    [TestCase("9800 0001 0001 0000 0000", "C00C 0020 0001 00000000 0000", NbnsParseErrorKind.UnknownPacket, 2)]
    [TestCase("8500 0001 0001 0000 0000", "C00C 000A 0001 00000000 0000", NbnsParseErrorKind.UnknownPacket, 2)]
    public void WhatAPacketMissesIsNamedWithItsOctet(string header, string record, NbnsParseErrorKind kind, int offset)
    {
        byte[] octets = MessageVectors.Octets("1239 " + header + MessageVectors.N + "0020 0001" + record);
        Assert.That(NbnsPacket.TryParseLenient(octets, out var packet, out _), Is.True);
        Assert.That(NbnsClassification.Classify(packet), Is.EqualTo(NbnsMessageKind.Unknown));
        Assert.That(NbnsMessage.TryRead(octets, out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(new NbnsParseError(kind, offset)));
        Assert.That(error.ToString(), Does.Contain($"at octet {offset} "));
    }

    /// <summary>A refusal without question and record (RFC 1002 §4.2.14 draws one, counted or not) names nothing.</summary>
    [TestCase(0x8583)]
    [TestCase(0x8500)]
    [TestCase(0xAD86)]
    public void AResponseOfNothingButAHeaderMissesItsRecord(int flags)
    {
        byte[] octets = MessageVectors.Octets($"1239 {flags:X4} 0000 0000 0000 0000");
        Assert.That(NbnsMessage.TryRead(octets, out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(new NbnsParseError(NbnsParseErrorKind.RecordMissing, 6)));
    }

    [TestCase("0110 0000 0000 0000 0000", 4)]
    [TestCase("3000 0000 0000 0000 0000", 4)]
    public void APacketWithoutAQuestionIsNamedWithItsOctet(string header, int offset)
    {
        Assert.That(NbnsMessage.TryRead(MessageVectors.Octets("1239 " + header), out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(new NbnsParseError(NbnsParseErrorKind.QuestionMissing, offset)));
    }

    [Test]
    public void ConstructorsRefuseWhatNoPacketCanSay()
    {
        var tooLong = NetBiosScope.FromEncoded([.. Enumerable.Repeat<byte[]>([3, 1, 2, 3], 56).SelectMany(l => l)]);
        var name = MessageVectors.Alice;
        var entry = default(NbEntry);
        Assert.That(() => new NameQueryRequest(1, name.WithScope(tooLong)), Throws.ArgumentException.With.Message.StartsWith("The scope takes 224 octets: a name has room for 221"));
        Assert.Throws<ArgumentException>(() => _ = new RedirectNameQueryResponse(1, name, name.WithScope(tooLong), default));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new NegativeNameRegistrationResponse(1, name, NbnsRcode.Success, entry));
        Assert.That(
            () => new NegativeNameRegistrationResponse(1, name, NbnsRcode.ConflictError, entry),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("CFT_ERR makes it a NameConflictDemand"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = new NegativeNameReleaseResponse(1, name, NbnsRcode.Success, entry));
        Assert.That(() => new NegativeNameQueryResponse(1, name, (NbnsRcode)16), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("an RCODE of 1 to 15"));
        Assert.That(new NegativeNameQueryResponse(1, name, (NbnsRcode)15).Flags.Rcode, Is.EqualTo((NbnsRcode)15));
        Assert.That(() => new PositiveNameQueryResponse(1, name, []), Throws.ArgumentException.With.Message.Contains("has 1 to 10922 addresses"));
        Assert.Throws<ArgumentException>(() => _ = new PositiveNameQueryResponse(1, name, [.. new NbEntry[PositiveNameQueryResponse.MaxEntries + 1]]));
        Assert.That(() => new NodeStatusResponse(1, name, new NodeStatusName[256]), Throws.ArgumentException.With.Message.Contains("has at most 255 names"));
    }

    [Test]
    public void ANodeStatusListsItsNamesAndStatistics()
    {
        NodeStatusName[] names = [new(MessageVectors.Alice, new NameFlags(0x0400)), new(NetBiosName.Parse("WORKGROUP<00>"), new NameFlags(0x8400))];
        var statistics = new NodeStatistics(new MacAddress(0x0000_C110_B8BB), GoodSends: 7);
        var message = new NodeStatusResponse(1, NetBiosName.Wildcard, names, statistics);

        Assert.That(message.Names, Is.EqualTo(names));
        Assert.That(message.Names[1].Flags.IsGroup, Is.True);
        Assert.That(message.Statistics, Is.EqualTo(statistics));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = message.Names[2]);
        Assert.That(new NodeStatusResponse(1, NetBiosName.Wildcard, names).Statistics, Is.EqualTo(default(NodeStatistics)));
        Assert.That(new NodeStatusResponse(1, NetBiosName.Wildcard, [], statistics).Names, Is.Empty);
        Assert.That(message.UnitId, Is.EqualTo(statistics.UnitId));
        Assert.That(message.Flags.IsTruncated, Is.False);
        Assert.That(new NodeStatusResponse(1, NetBiosName.Wildcard, names, isTruncated: true).Flags.IsTruncated, Is.True);

        var walk = message.Names.GetEnumerator();
        Assert.That(walk.MoveNext() && walk.MoveNext() && !walk.MoveNext(), Is.True);
        walk.Reset();
        Assert.That(walk.MoveNext(), Is.True);
        Assert.That(walk.Current, Is.EqualTo(names[0]));
    }

    /// <summary>A sender may cut the statistics, even before UNIT_ID: what is not there is no address.</summary>
    [TestCase("0013", "", null)]
    [TestCase("0018", "020a000000", null)]
    [TestCase("0019", "020a00000002", 0x020A_0000_0002L)]
    [TestCase("001a", "020a0000000207", 0x020A_0000_0002L)]
    public void ANodeStatusHasTheUnitIdThatItCarries(string length, string statistics, long? unitId)
    {
        byte[] octets = MessageVectors.Octets("1239 8400 0000 0001 0000 0000" + MessageVectors.N + "0021 0001 00000000" + length + "01 414c49434520202020202020202020 03 0400" + statistics);
        Assert.That(NbnsMessage.TryRead(octets, out var message, out var error), Is.True, error.ToString());
        Assert.That(((NodeStatusResponse)message!).UnitId, Is.EqualTo(unitId is null ? (MacAddress?)null : new MacAddress((ulong)unitId.Value)));
        Assert.That(((NodeStatusResponse)message).Names, Has.Count.EqualTo(1));
    }

    [Test]
    public void MessagesDifferInEachOfTheirParts()
    {
        var entry = new NbEntry(default, MessageVectors.Address);
        var message = new NameRegistrationRequest(1, MessageVectors.Alice, entry, 5);
        NbnsMessage[] others =
        [
            new NameRegistrationRequest(2, MessageVectors.Alice, entry, 5), new NameRegistrationRequest(1, MessageVectors.Alice, entry, 5, isBroadcast: true),
            new NameRegistrationRequest(1, MessageVectors.Alice.WithSuffix(NameSuffix.Server), entry, 5), new NameRegistrationRequest(1, MessageVectors.Alice, default, 5),
            new NameRegistrationRequest(1, MessageVectors.Alice, entry, 6), new MultihomedNameRegistrationRequest(1, MessageVectors.Alice, entry, 5),
        ];
        foreach (var other in others)
            Assert.That(message.Equals(other) || other.Equals(message), Is.False, other.ToString());
        NbnsMessage? none = null;
        Assert.That(message.Equals(none), Is.False);
        Assert.That(message.Equals(new NameRegistrationRequest(1, MessageVectors.Alice, entry, 5)), Is.True);
        Assert.That(new[] { message, others[0], others[1], others[5] }.Select(one => one.GetHashCode()), Is.Unique, "transaction and flags are hashed as they are");
    }

    /// <summary>RFC 1002 §4.2.15: a redirect needs a server's name; the first address is the server's.</summary>
    [Test]
    public void ARedirectIsReadWithItsFirstAddress()
    {
        const string Head = "1239 8100 0000 0000 0001 0002" + MessageVectors.N + "0002 0001 00000e10";
        const string Addresses = "c038 0001 0001 00000e10 0004 0a000009 c038 0001 0001 00000e10 0004 0a00000a";
        Assert.That(NbnsMessage.TryRead(MessageVectors.Octets(Head + "0022" + MessageVectors.N + Addresses), out var message, out var error), Is.True, error.ToString());
        Assert.That(((RedirectNameQueryResponse)message!).ServerAddress, Is.EqualTo(Ipv4Address.Parse("10.0.0.9")));

        foreach (string data in new[] { "0003 014100", "0002 0a00" })
        {
            Assert.That(NbnsMessage.TryRead(MessageVectors.Octets(Head + data + Addresses.Replace("c038", "c00c", StringComparison.Ordinal)), out message, out error), Is.False);
            Assert.That((message, error), Is.EqualTo(((NbnsMessage?)null, new NbnsParseError(NbnsParseErrorKind.UnreadableName, 56))));
        }
    }

    /// <summary>RFC 1002 §4.2.16: OPCODE and NM_FLAGS of the request; a sender may leave them out.</summary>
    [TestCase("0000", 0)]
    [TestCase("0001 29", 0)]
    [TestCase("0002 a91f", 0x2910)]
    [TestCase("0003 291000", 0x2910)]
    public void AWaitNamesTheRequestThatHasToWait(string data, int request)
    {
        byte[] octets = MessageVectors.Octets("1238 bc00 0000 0001 0000 0000" + MessageVectors.N + "000a 0001 00000009" + data);
        Assert.That(NbnsMessage.TryRead(octets, out var message, out var error), Is.True, error.ToString());
        Assert.That((int)((WaitForAcknowledgementResponse)message!).Request.Value, Is.EqualTo(request));
    }

    [Test]
    public void AMessageThatIsReadTakesAtMost200Octets()
    {
        byte[][] packets = [.. MessageVectors.All.Select(v => MessageVectors.Octets(v.Hex)), .. MessageVectors.Captured.Select(c => MessageVectors.Octets(c.Hex))];
        foreach (byte[] octets in packets)
        {
            NbnsMessage.TryRead(octets, out _, out _);
            long before = GC.GetAllocatedBytesForCurrentThread();
            bool read = NbnsMessage.TryRead(octets, out var message, out _);
            long taken = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(read, Is.True);
            Assert.That(taken, Is.InRange(40, 200), message!.ToString());
        }
    }

    [Test]
    public void TheLongestMessagesRead()
    {
        var scope = NetBiosScope.Parse(string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 28)));
        var name = MessageVectors.Alice.WithScope(scope);
        NbnsMessage[] longest =
        [
            new NameRegistrationRequest(1, name, default),
            new RedirectNameQueryResponse(1, name, name, default),
            new PositiveNameQueryResponse(1, name, [.. new NbEntry[PositiveNameQueryResponse.MaxEntries]]),
            new NodeStatusResponse(1, name, new NodeStatusName[NodeStatusResponse.MaxNames]),
        ];
        foreach (var message in longest)
        {
            Assert.That(NbnsMessage.TryRead(message.ToArray(), out var read, out var error), Is.True, error.ToString());
            Assert.That(read, Is.EqualTo(message));
            Assert.That(read!.ToString(), Does.StartWith(message.Kind.Title()));
        }

        Assert.That(longest[0].Length, Is.EqualTo(NbnsEncoder.MaxRequestLength));
    }
}
