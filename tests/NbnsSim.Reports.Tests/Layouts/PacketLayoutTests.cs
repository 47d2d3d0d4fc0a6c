using System.Text.Json;
using NbnsSim.Reports.Layouts;
using NbnsSim.Tests.House;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Tests.Layouts;

/// <summary>A packet field by field, and what people paste as one.</summary>
public sealed class PacketLayoutTests
{
    private static readonly Lazy<byte[][]> s_packets = new(static () =>
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "vectors", "packets.json")));
        return [.. Octets(file.RootElement)];
    });

    [Test]
    public void EachOctetOfEveryVectorBelongsToAField_AndFieldsFollowEachOther()
    {
        Assert.That(s_packets.Value, Has.Length.GreaterThan(200));
        foreach (byte[] packet in s_packets.Value)
            IsCovered(packet);
    }

    [Test]
    public void SoDoesEachPrefixOfThem_AndWhatIsWrongIsSaid()
    {
        foreach (byte[] packet in s_packets.Value.Where(packet => packet.Length < 300))
        {
            for (int length = 0; length < packet.Length; length += 5)
            {
                var layout = IsCovered(packet[..length]);
                Assert.That(layout.Problem is null, Is.EqualTo(NbnsPacket.TryParseLenient(packet.AsSpan(0, length), out _, out _)));
            }
        }
    }

    [Test]
    public void SoDoesEachOctetOfPacketsThatWereChanged()
    {
        var random = new Random(131739);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = [.. s_packets.Value[random.Next(s_packets.Value.Length)]];
            for (int change = random.Next(1, 4); change > 0 && packet.Length > 0; change--)
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            IsCovered(packet);
        }
    }

    [Test]
    public void ARegistrationIsTakenApartAsRfc1002Draws()
    {
        var layout = PacketLayout.Of(PacketExamples.All[0].Octets);
        string[] names = [.. layout.Fields.Select(field => field.Name)];
        Assert.That(names, Is.EqualTo(new[]
        {
            "NAME_TRN_ID", "R", "OPCODE", "AA", "TC", "RD", "RA", "0 0", "B", "RCODE", "QDCOUNT", "ANCOUNT", "NSCOUNT", "ARCOUNT", "QUESTION_NAME", "QUESTION_TYPE", "QUESTION_CLASS",
            "RR_NAME", "RR_TYPE", "RR_CLASS", "TTL", "RDLENGTH", "G", "ONT", "reserved", "NB_ADDRESS",
        }));
        var opcode = layout.Fields[2];
        Assert.That((opcode.Offset, opcode.Length, opcode.Value, opcode.Bits, opcode.Clause), Is.EqualTo((2, 2, "5, registration", ".010 1... .... ....", "RFC 1002 §4.2.1.1")));
        Assert.That(layout.Fields[^1].Value, Is.EqualTo("10.0.0.2"));
        Assert.That(layout.Fields.Single(field => field.Name == "RR_NAME").Value, Is.EqualTo("JSMITH<03>, a pointer to octet 12"));
    }

    [Test]
    public void EachExampleIsThePacketThatItsTitleSays()
    {
        Assert.That(PacketExamples.All, Has.Count.EqualTo(14));
        foreach (var (title, octets) in PacketExamples.All)
        {
            Assert.That(Messages.NbnsDescription.Describe(octets), Does.StartWith(title[..title.IndexOf(" (", StringComparison.Ordinal)]));
            Assert.That(IsCovered(octets).Fields.Select(field => field.Name), Has.None.EqualTo("(rest)").And.None.EqualTo("RDATA"), title);
        }
    }

    [Test]
    public void EachDiagramIsMadeOfWholeRows()
    {
        foreach (var format in PacketFormat.All)
            Assert.That(format.Cells.Sum(cell => cell.Bits) % 16, Is.Zero, format.Title);
    }

    [TestCase("f80f2910", "f80f2910")]
    [TestCase("F8 0F\n29 10", "f80f2910")]
    [TestCase("f8:0f:29:10", "f80f2910")]
    [TestCase("0xf8, 0x0f, 0x29, 0x10", "f80f2910")]
    [TestCase("\\xf8\\x0f\\x29", "f80f29")]
    [TestCase("0000  f8 0f 29 10 00 01 00 00 00 00 00 01 20 45 4b 46   ..)......... EKF\n0010  44 45   DE", "f80f29100001000000000001204" + "54b464445")]
    [TestCase("00000000: f80f 2910 0001 0000  ..).....", "f80f291000010000")]
    [TestCase("", "")]
    public void OctetsAreReadInEveryUsualForm(string text, string expected)
    {
        Assert.That(HexText.TryRead(text, 1_000, out byte[] octets, out string? problem), Is.True, problem);
        Assert.That(Convert.ToHexStringLower(octets), Is.EqualTo(expected));
    }

    [TestCase("f80", "Line 1: 'f80' is no row of whole octets in hex.")]
    [TestCase("f8\nhello\u001b[31m", "Line 2: 'hello\\u001b[31m' is no row of whole octets in hex.")]
    [TestCase("0011223344556677", "There are more than 4 octets: no datagram holds so many.")]
    public void WhatIsNoHexIsTold(string text, string problem)
    {
        Assert.That(HexText.TryRead(text, 4, out byte[] octets, out string? told), Is.False);
        Assert.That((told, octets.Length), Is.EqualTo((problem, 0)));
    }

    private static PacketLayout IsCovered(byte[] packet)
    {
        var layout = PacketLayout.Of(packet);
        int next = 0;
        for (int i = 0; i < layout.Fields.Count; i++)
        {
            var field = layout.Fields[i];
            bool isSameWord = i > 0 && field.Bits is not null && layout.Fields[i - 1].Bits is not null && field.Offset == layout.Fields[i - 1].Offset;
            Assert.That(field.Offset, Is.EqualTo(isSameWord ? layout.Fields[i - 1].Offset : next), Convert.ToHexString(packet));
            Assert.That(field.Length, Is.GreaterThan(0));
            next = field.Offset + field.Length;
        }

        Assert.That(next, Is.EqualTo(packet.Length), Convert.ToHexString(packet));
        return layout;
    }

    /// <summary>Everything in the file that is a packet in hex.</summary>
    private static IEnumerable<byte[]> Octets(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Octets),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => property.Name == "hex" ? [Convert.FromHexString(property.Value.GetString()!)] : Octets(property.Value)),
        _ => [],
    };
}
