using NbnsSim.Wire;
using static NbnsSim.Tests.Messages.MessageVectors;

namespace NbnsSim.Tests.Wire;

/// <summary>What cannot be read is refused with a word on what and at which octet.</summary>
public sealed class NbnsParseErrorTests
{
    private const string Q = "0020 0001";

    [TestCase("", NbnsParseErrorKind.Truncated, 0)]
    [TestCase("1234 0110 0001 0000 0000 00", NbnsParseErrorKind.Truncated, 11)]
    [TestCase("1234 0110 0001 0000 0000 0000 40 41" + Q, NbnsParseErrorKind.ReservedLabelType, 12)]
    [TestCase("1234 0110 0001 0000 0000 0000 80 41" + Q, NbnsParseErrorKind.ReservedLabelType, 12)]
    [TestCase("1234 0110 0001 0000 0000 0000 01 41 7f" + Q, NbnsParseErrorKind.ReservedLabelType, 14)]
    [TestCase("1234 0110 0001 0000 0000 0000 c00c" + Q, NbnsParseErrorKind.ForwardPointer, 12)] // to itself
    [TestCase("1234 0110 0001 0000 0000 0000 01 41 c00c" + Q, NbnsParseErrorKind.ForwardPointer, 14)] // to its own name: a loop
    [TestCase("1234 0110 0001 0000 0000 0000 c012" + Q + "00", NbnsParseErrorKind.ForwardPointer, 12)]
    [TestCase("1234 0110 0002 0000 0000 0000 00" + Q + "c011" + Q, NbnsParseErrorKind.ForwardPointer, 17)] // to itself, past a good question
    [TestCase("1234 0110 0001 0000 0000 0000 c000" + Q, NbnsParseErrorKind.PointerIntoHeader, 12)]
    [TestCase("1234 0110 0001 0000 0000 0000 c00b" + Q, NbnsParseErrorKind.PointerIntoHeader, 12)]
    [TestCase("1234 0110 0002 0000 0000 0000 00 0020 0401 c010" + Q, NbnsParseErrorKind.OverlappingName, 16)] // class 0x0401 read as a label of one octet, no end before octet 17
    [TestCase("1234 0110 0002 0000 0000 0000 00 0020 0141 c00f" + Q, NbnsParseErrorKind.OverlappingName, 17)] // the label ends where the pointer begins
    [TestCase("1234 0110 0002 0000 0000 0000 00 0020 c001 c00f" + Q, NbnsParseErrorKind.PointerIntoHeader, 15)]
    [TestCase("1234 0110 0002 0000 0000 0000 00 0020 00c0 c010" + Q, NbnsParseErrorKind.OverlappingName, 16)] // half a pointer before the pointer
    [TestCase("1234 0110 0001 0000 0000 0000 c0", NbnsParseErrorKind.CountsOverrun, 4)]
    [TestCase("1234 0110 0001 0000 0000 0000 02 4142 c0", NbnsParseErrorKind.CountsOverrun, 4)]
    [TestCase("1234 0110 0001 0000 0000 0000 02 4142 01 c0", NbnsParseErrorKind.Truncated, 17)]
    [TestCase("1234 0110 0001 0000 0000 0000 20 4142" + Q, NbnsParseErrorKind.Truncated, 19)]
    [TestCase("1234 0110 0001 0000 0000 0000 20 4142", NbnsParseErrorKind.CountsOverrun, 4)] // three octets where a question takes five
    [TestCase("1234 0110 0001 0000 0000 0000 20 414243 44", NbnsParseErrorKind.Truncated, 17)] // just the five
    [TestCase("1234 0110 0002 0000 0000 0000 00" + Q + "00 002000", NbnsParseErrorKind.CountsOverrun, 4)]
    [TestCase("1234 0110 0002 0000 0000 0000 00" + Q + "02 410020 00", NbnsParseErrorKind.Truncated, 22)]
    [TestCase("1234 8500 0000 0002 0000 0000 00 000a 0001 00000000 0000 00 000a 0001 00000000 00", NbnsParseErrorKind.CountsOverrun, 6)]
    [TestCase("1234 8500 0000 0002 0000 0000 00 000a 0001 00000000 0000 05 000a 0001 00000000 00", NbnsParseErrorKind.CountsOverrun, 6)]
    [TestCase("1234 8500 0000 0002 0000 0000 00 000a 0001 00000000 0000 05 000a 0001 00000000 00 00", NbnsParseErrorKind.Truncated, 34)]
    [TestCase("1234 0110 ffff 0000 0000 0000" + N + Q, NbnsParseErrorKind.CountsOverrun, 4)]
    [TestCase("1234 8500 0000 ffff 0000 0000" + N + Q, NbnsParseErrorKind.CountsOverrun, 6)]
    [TestCase("1234 8500 0000 0000 0002 0000" + N + "000a 0001 00000000 0000", NbnsParseErrorKind.CountsOverrun, 8)]
    [TestCase("1234 0110 0001 0000 0000 0001" + N + Q, NbnsParseErrorKind.CountsOverrun, 10)]
    [TestCase("1234 8500 0000 0001 0000 0000" + N + "0020 0001 00000000 0007 0000 0a000002", NbnsParseErrorKind.RecordDataOverrun, 56)]
    [TestCase("1234 8400 0000 0001 0000 0000" + N + "0021 0001 00000000 0001 01", NbnsParseErrorKind.NodeNamesOverrun, 56)]
    public void RefusalSaysWhatAndWhere(string hex, NbnsParseErrorKind kind, int offset)
    {
        Assert.That(NbnsPacket.TryParse(Octets(hex), out var packet, out var error), Is.False);
        Assert.That(error, Is.EqualTo(new NbnsParseError(kind, offset)), error.ToString());
        Assert.That(error.ToString(), Does.Contain($"octet {offset}"));
        PacketVisitor.VisitAll(packet);
    }

    [Test]
    public void WhatStandsBeforeTheFaultCanBeRead()
    {
        byte[] octets = Octets("1234 2910 0001 0000 0000 0001" + N + Q + "c00c 0020 0001 00000000 0006 0000 0a");

        Assert.That(NbnsPacket.TryParse(octets, out var packet, out var error), Is.False);
        Assert.That(error.Kind, Is.EqualTo(NbnsParseErrorKind.RecordDataOverrun));
        Assert.That(packet.TransactionId, Is.EqualTo(0x1234));
        Assert.That(packet.Question.Name.Is(Alice), Is.True);
        Assert.That(packet.HasRecord, Is.False);
        Assert.That(packet.Length, Is.EqualTo(50));
    }

    /// <summary>RFC 1002 §4.1: 255 octets with length octets and root label.</summary>
    [TestCase(28, true)]
    [TestCase(29, false)]
    public void NamesHaveAtMost255Octets(int lastLabel, bool accepted)
    {
        byte[] buffer = new byte[400];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteHeader(1, NbnsFlagWords.QueryRequest, questions: 1);
        writer.WriteLabel(Octets(N).AsSpan(1, 32));
        for (int i = 0; i < 3; i++)
            writer.WriteLabel(new byte[63]);
        writer.WriteLabel(new byte[lastLabel]);
        writer.WriteLabel([]);
        writer.WriteTypeAndClass(NbnsType.NB);

        Assert.That(NbnsPacket.TryParse(writer.Written, out var packet, out var error), Is.EqualTo(accepted));
        Assert.That(error.Kind, Is.EqualTo(accepted ? NbnsParseErrorKind.None : NbnsParseErrorKind.NameTooLong));
        Assert.That(NbnsPacket.TryParseLenient(writer.Written, out packet, out _), Is.True);
        Assert.That(packet.Anomalies, Is.EqualTo(accepted ? NbnsAnomalies.None : NbnsAnomalies.LongName));
        Assert.That(packet.Name.GetScope().Encoded.Length, Is.EqualTo((3 * 64) + 1 + lastLabel));
    }

    /// <summary>A name of sixteen pointers is read, one of seventeen is not.</summary>
    [TestCase(16, true)]
    [TestCase(17, false)]
    public void NamesHaveAtMostSixteenPointers(int pointers, bool accepted)
    {
        byte[] buffer = new byte[1000];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteHeader(1, 0x8500, answers: 2);
        writer.WriteLabel([]);
        writer.WriteRecordHead(NbnsType.Null, 0, (ushort)(2 * (pointers - 1)));
        int last = NbnsHeader.Size;
        for (int i = 1; i < pointers; i++)
        {
            int here = writer.Length;
            writer.WritePointer(last);
            last = here;
        }

        int name = writer.Length;
        writer.WritePointer(last);
        writer.WriteRecordHead(NbnsType.Null, 0, 0);

        Assert.That(NbnsPacket.TryParse(writer.Written, out _, out var error), Is.EqualTo(accepted));
        Assert.That(error.Kind, Is.EqualTo(accepted ? NbnsParseErrorKind.None : NbnsParseErrorKind.TooManyPointers));
        Assert.That(error.Offset, accepted ? Is.Zero : Is.LessThan(name), "the one too many is the last of the chain");
    }

    /// <summary>RFC 1002 §4.1: OFFSET has fourteen bits.</summary>
    [Test]
    public void PointersReachAllOfThePacket()
    {
        byte[] buffer = new byte[1000];
        var writer = new NbnsPacketWriter(buffer);
        writer.WriteHeader(1, 0x8500, answers: 3);
        writer.WriteLabel([]);
        writer.WriteRecordHead(NbnsType.Null, 0, 500);
        writer.WriteOctets(new byte[500]);
        int name = writer.Length;
        writer.WriteName(Alice.WithScope(NbnsSim.Names.NetBiosScope.Parse("X")));
        writer.WriteRecordHead(NbnsType.Null, 0, 0);
        writer.WritePointer(name);
        writer.WriteRecordHead(NbnsType.Null, 0, 0);

        Assert.That(NbnsPacket.TryParse(writer.Written, out var packet, out var error), Is.True, error.ToString());
        var names = new List<string>();
        foreach (var record in packet.Records)
            names.Add(record.Name);
        Assert.That(names, Is.EqualTo(new[] { "()", "ALICE<03>.X", "ALICE<03>.X" }));
    }

    [TestCase(NbnsParseErrorKind.None, "no error")]
    [TestCase(NbnsParseErrorKind.Truncated, "the packet ends at octet 7 in the middle of a field")]
    [TestCase(NbnsParseErrorKind.ReservedLabelType, "reserved label type at octet 7")]
    [TestCase(NbnsParseErrorKind.ForwardPointer, "the name pointer at octet 7 does not point backwards")]
    [TestCase(NbnsParseErrorKind.PointerIntoHeader, "the name pointer at octet 7 points into the header")]
    [TestCase(NbnsParseErrorKind.TooManyPointers, "the name pointer at octet 7 is one too many in its name")]
    [TestCase(NbnsParseErrorKind.OverlappingName, "the labels at octet 7 run into the name that points to them")]
    [TestCase(NbnsParseErrorKind.NameTooLong, "the name at octet 7 is too long")]
    [TestCase(NbnsParseErrorKind.RecordDataOverrun, "the record data at octet 7 goes past the end of the packet")]
    [TestCase(NbnsParseErrorKind.NodeNamesOverrun, "the node status data at octet 7 holds fewer names than it says")]
    [TestCase(NbnsParseErrorKind.CountsOverrun, "the count at octet 7 promises more than the packet can hold")]
    [TestCase(NbnsParseErrorKind.UnknownPacket, "the flags at octet 7 and the records make none of the known packets")]
    [TestCase(NbnsParseErrorKind.QuestionMissing, "the count at octet 7 is 0, but the packet needs a question")]
    [TestCase(NbnsParseErrorKind.RecordMissing, "the count at octet 7 is 0, but the packet needs a record")]
    [TestCase(NbnsParseErrorKind.AddressMissing, "the record whose fields are at octet 7 holds no NB_FLAGS and address")]
    [TestCase(NbnsParseErrorKind.UnreadableName, "the name at octet 7 is not a NetBIOS name")]
    [TestCase((NbnsParseErrorKind)200, "200 at octet 7")]
    public void AnErrorSaysWhatAndWhere(NbnsParseErrorKind kind, string words) => Assert.That(new NbnsParseError(kind, 7).ToString(), Is.EqualTo(words));

    [Test]
    public void EveryKindOfErrorHasItsOwnWords() =>
        Assert.That(Enum.GetValues<NbnsParseErrorKind>().Select(k => new NbnsParseError(k, 7).ToString()), Is.Unique.And.All.Not.Match("^[A-Z]"));
}
