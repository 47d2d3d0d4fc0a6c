using System.Text.Json;
using System.Text.Json.Nodes;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Vectors.Tests;

/// <summary>Our codec against every packet: its verdict, the kind, each field, what is odd, and the octet of a mistake.</summary>
public sealed class PacketVectorTests
{
    private static IEnumerable<TestCaseData> Readable => Cases(vector => vector.Verdict != VectorVerdict.Invalid);

    private static IEnumerable<TestCaseData> AsDrawn => Cases(vector => vector.Verdict == VectorVerdict.Valid);

    private static IEnumerable<TestCaseData> Meaningless => Cases(vector => vector.Error is { IsReadable: true });

    private static IEnumerable<TestCaseData> Unreadable => Cases(vector => vector.Error is { IsReadable: false });

    [TestCaseSource(nameof(Readable))]
    public void APacketIsReadAsTheClauseHasIt(PacketVector vector)
    {
        var octets = vector.Octets.Span;
        Assert.That(NbnsPacket.TryParse(octets, out var packet, out var error), Is.True, error.ToString());
        AssertFields(vector.Fields, packet);
        Assert.That(packet.Anomalies, Is.EqualTo(Anomalies(vector.Odd)));
        Assert.That(NbnsClassification.Classify(packet).Title(), Is.EqualTo(vector.Kind));
        if (vector.Id == "header/wack-of-no-name")
            return; // RFC 1002 §4.2.16 lets a WACK come without a name; our message values always have one
        Assert.That(NbnsMessage.TryRead(octets, out var message, out error), Is.True, error.ToString());
        Assert.That(message!.Kind.Title(), Is.EqualTo(vector.Kind));
    }

    [TestCaseSource(nameof(AsDrawn))]
    public void APacketThatIsAsDrawnIsWrittenAgain(PacketVector vector)
    {
        Assert.That(NbnsMessage.TryRead(vector.Octets.Span, out var message, out var error), Is.True, error.ToString());
        byte[] written = new byte[message!.Length];
        Assert.That(message!.Write(written), Is.EqualTo(written.Length));
        Assert.That(NbnsMessage.TryRead(written, out var again, out error), Is.True, error.ToString());
        Assert.That(again, Is.EqualTo(message));
    }

    [TestCaseSource(nameof(Meaningless))]
    public void APacketWithoutMeaningSaysWhatIsMissing(PacketVector vector)
    {
        var octets = vector.Octets.Span;
        Assert.That(NbnsPacket.TryParse(octets, out var packet, out var error), Is.True, error.ToString());
        AssertFields(vector.Fields, packet);
        Assert.That(packet.Anomalies, Is.EqualTo(Anomalies(vector.Odd)));
        Assert.That(NbnsMessage.TryRead(octets, out _, out error), Is.False);
        AssertError(vector.Error!, error);
    }

    [TestCaseSource(nameof(Unreadable))]
    public void OctetsThatCannotBeReadSayWhere(PacketVector vector)
    {
        var octets = vector.Octets.Span;
        Assert.That(NbnsPacket.TryParse(octets, out _, out var error), Is.False);
        AssertError(vector.Error!, error);
        Assert.That(NbnsMessage.TryRead(octets, out _, out error), Is.False);
        AssertError(vector.Error!, error);
        bool isLenient = vector.Json.TryGetProperty("lenient", out var lenient);
        Assert.That(NbnsPacket.TryParseLenient(octets, out var packet, out _), Is.EqualTo(isLenient));
        if (!isLenient)
            return;
        AssertFields(lenient.GetProperty("fields"), packet);
        Assert.That(packet.Anomalies, Is.EqualTo(Anomalies(lenient.GetProperty("odd").EnumerateArray().Select(odd => odd.GetString()!))));
    }

    /// <summary>Every mistake and every anomaly that the codec knows stands in a vector, and so does every kind.</summary>
    [Test]
    public void NothingThatTheCodecKnowsIsLeftOut()
    {
        var packets = TestVectors.Packets;
        var known = packets
            .SelectMany(vector => vector.Odd.Append(vector.Error?.What ?? "None").Append(vector.Kind ?? "").Append(vector.Json.TryGetProperty("lenient", out _) ? "LongName" : ""))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(packets.Count(vector => vector.Verdict != VectorVerdict.Invalid), Is.GreaterThanOrEqualTo(300));
            Assert.That(packets.Count(vector => vector.Verdict == VectorVerdict.Invalid), Is.GreaterThanOrEqualTo(200));
            Assert.That(packets.Select(vector => vector.Id), Is.Unique);
            Assert.That(Enum.GetNames<NbnsParseErrorKind>().Where(name => !known.Contains(name)), Is.Empty, "mistakes");
            Assert.That(Enum.GetNames<NbnsAnomalies>().Where(name => !known.Contains(name)), Is.Empty, "anomalies");
            Assert.That(
                Enum.GetValues<NbnsMessageKind>().Where(kind => kind != NbnsMessageKind.Unknown && !known.Contains(kind.Title())), Is.Empty, "kinds");
        });
    }

    private static IEnumerable<TestCaseData> Cases(Func<PacketVector, bool> wanted) =>
        TestVectors.Packets.Where(wanted).Select(vector => new TestCaseData(vector).SetArgDisplayNames(vector.Id));

    private static void AssertFields(JsonElement wanted, in NbnsPacket packet) =>
        Assert.That(JsonDifference.Between(JsonNode.Parse(wanted.GetRawText()), JsonNode.Parse(DecodedPacket.Read(packet).ToJsonString())), Is.Empty);

    private static void AssertError(VectorError wanted, NbnsParseError found) =>
        Assert.That((found.Kind.ToString(), found.Offset), Is.EqualTo((wanted.What, wanted.Octet)));

    /// <summary>What is odd, as far as the codec has a word for it; it does not judge everything that the vectors name.</summary>
    private static NbnsAnomalies Anomalies(IEnumerable<string> odd) =>
        odd.Aggregate(NbnsAnomalies.None, (all, one) => Enum.TryParse<NbnsAnomalies>(one, out var anomaly) ? all | anomaly : all);
}
