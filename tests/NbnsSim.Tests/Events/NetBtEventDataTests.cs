using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Events;
using NbnsSim.Reports;

namespace NbnsSim.Tests.Events;

public class NetBtEventDataTests
{
    /// <summary>The data as Q120752 prints it.</summary>
    private const string Q120752 = """
           0000:   00   00   04   00   01   00   54   00
           0008:   00   00   00   00   e0   10   00   c0
           0010:   00   00   00   00   00   00   00   00
           0018:   00   00   00   00   00   00   00   00
           0020:   00   00   00   00   00   00   00   00
           0028:   e7   1a   65   16
        """;

    /// <summary>The data as Q314696 prints it.</summary>
    private const string Q314696 = """
          Data:
          0000: 00040000 00540001 00000000 c00010e0
          0010: 00000000 00000000 00000000 00000000
          0020: 00000000 00000000 0168fc82
        """;

    private const string PlainHex = "0000040001005400" + "00000000e01000c0" + "000000000000000000000000000000000000000000000000" + "e71a6516";

    private static NetBtEventData Parse(string text)
    {
        Assert.That(NetBtEventData.TryParse(text, out var data, out string? error), Is.True, error);
        return data!;
    }

    [TestCase(Q120752, "22.101.26.231")]
    [TestCase(Q314696, "1.104.252.130")]
    public void PublishedDumps_YieldTheAddress(string text, string address)
    {
        var data = Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That(data.Address, Is.EqualTo(Ipv4Address.Parse(address)));
            Assert.That(data.Code, Is.EqualTo(0xC00010E0));
            Assert.That(data.Definition!.Id, Is.EqualTo(4320));
            Assert.That(data.Octets.Length, Is.EqualTo(NetBtEventData.Size));
            Assert.That(data.Remarks, Is.Empty);
        });
    }

    [TestCase(Q120752)]
    [TestCase(Q314696)]
    public void Write_MakesThePublishedOctets(string text)
    {
        var data = Parse(text);
        var octets = new byte[NetBtEventData.Size + 2];
        octets.AsSpan().Fill(0xA5);
        NetBtEventData.Write(octets, data.Code!.Value, data.Address!.Value);
        Assert.That(octets[..NetBtEventData.Size], Is.EqualTo(data.Octets.ToArray()));
        Assert.That(octets[NetBtEventData.Size..], Is.All.EqualTo(0xA5));
    }

    [Test]
    public void Write_RefusesAShortBuffer() =>
        Assert.That(() => NetBtEventData.Write(new byte[NetBtEventData.Size - 1], 0xC00010E0, default), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(PlainHex)]
    [TestCase("<Binary>" + PlainHex + "</Binary>")]
    [TestCase("0x" + PlainHex)]
    [TestCase("00 00 04 00 01 00 54 00 00 00 00 00 e0 10 00 c0 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 E7 1A 65 16")]
    [TestCase("00-00-04-00-01-00-54-00-00-00-00-00-E0-10-00-C0-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-00-E7-1A-65-16")]
    [TestCase("{0,0,4,0,1,0,0x54,0,0,0,0,0,0xe0,0x10,0,0xc0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0xe7,0x1a,0x65,0x16}")]
    [TestCase("00040000 00540001 00000000 c00010e0 00000000 00000000 00000000 00000000 00000000 00000000 16651ae7")]
    [TestCase("00000400 01005400 00000000 e01000c0 00000000 00000000 00000000 00000000 00000000 00000000 e71a6516")]
    [TestCase("0000: 00 00 04 00 01 00 54 00 0008: 00 00 00 00 e0 10 00 c0 0010: 00 00 00 00 00 00 00 00 0018: 00 00 00 00 00 00 00 00 0020: 00 00 00 00 00 00 00 00 0028: e7 1a 65 16")]
    [TestCase("0000: 00 00 04 00 01 00 54 00   ......T.\r\n0008: 00 00 00 00 e0 10 00 c0   .... ..A\r\n0010: 00 00 00 00 00 00 00 00   ........\r\n0018: 00 00 00 00 00 00 00 00   ........\r\n0020: 00 00 00 00 00 00 00 00   ........\r\n0028: e7 1a 65 16               c e.    \r\n")]
    [TestCase("In Words\n\n0000: 00040000 00540001 00000000 C00010E0\n0010: 00000000 00000000 00000000 00000000\n0020: 00000000 00000000 16651AE7\n\nIn Bytes\n\n0000: 00 00 04 00 01 00 54 00   ......T.\n0008: 00 00 00 00 E0 10 00 C0   ........\n0010: 00 00 00 00 00 00 00 00   ........\n0018: 00 00 00 00 00 00 00 00   ........\n0020: 00 00 00 00 00 00 00 00   ........\n0028: E7 1A 65 16               ..e.\n")]
    [TestCase("00000000: 00 00 04 00 01 00 54 00 00 00 00 00 e0 10 00 c0  ......T.........\n00000010: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................\n00000020: 00 00 00 00 00 00 00 00 e7 1a 65 16              ..........e.")]
    public void EveryUsualForm_IsRead(string text)
    {
        var data = Parse(text);
        Assert.Multiple(() =>
        {
            Assert.That(Convert.ToHexStringLower(data.Octets), Is.EqualTo(PlainHex));
            Assert.That(data.Address, Is.EqualTo(Ipv4Address.Parse("22.101.26.231")));
            Assert.That(data.Remarks, Is.Empty);
        });
    }

    [Test]
    public void CharacterColumnThatLooksLikeHex_IsNotTaken()
    {
        // The last row is short and its characters happen to be "ab cd": they stand where the column is.
        var data = Parse(Q120752.ReplaceLineEndings("\n").Replace("e7   1a   65   16", "61   62   20   63                                ab cd", StringComparison.Ordinal));
        Assert.That(data.Address, Is.EqualTo(Ipv4Address.Parse("99.32.98.97")));
        Assert.That(data.Octets.Length, Is.EqualTo(NetBtEventData.Size));
    }

    [TestCase("00", true)]
    [TestCase("0000040001005400 00000000e01000c0 0000000000000000 0000000000000000 0000000000000000 e71a65", true)]
    [TestCase("0000000004000000 00000000e11000c0 0000000000000000 0000000000000000 0000000000000000", false)]
    [TestCase(PlainHex, false)]
    public void Truncation_IsWhatTheHeaderSays(string text, bool truncated) => Assert.That(Parse(text).IsTruncated, Is.EqualTo(truncated));

    [TestCase("e7 1a 65 16", "22.101.26.231", "Only four octets were given; they are read as those at offset 28, the address.")]
    [TestCase("00 00 04 00 01 00", null, "The data ends after 6 octets: the event code stands at offsets 0C to 0F, the address at 28 to 2B.")]
    [TestCase("0000040001005400 00000000e01000c0", null, "The data ends after 16 octets: the address stands at offsets 28 to 2B.")]
    [TestCase("0000000004000000 00000000e11000c0", null, "The header says that 0 octets of data follow it: there is no address. Windows 2000 and later name the addresses of 4321 in its text.")]
    [TestCase("0000040001005400 00000000051000c0 0000000000000000 0000000000000000 0000000000000000 e71a6516", "22.101.26.231", "The code 0xC0001005 at offset 0C is not one of NetBT's events 4300 to 4322.")]
    [TestCase(PlainHex + "ffff", "22.101.26.231", "2 octets follow the data.")]
    public void PartialOrOddData_IsReported(string text, string? address, string remark)
    {
        var data = Parse(text);
        Assert.That(data.Address, Is.EqualTo(address is null ? (Ipv4Address?)null : Ipv4Address.Parse(address)));
        Assert.That(data.Remarks, Is.EqualTo(new[] { remark }));
    }

    [TestCase("0028: e7 1a 65 16")]
    [TestCase("0028: e7 1a 65 16   ..e.")]
    public void TheAddresssRowMayStandAlone(string row) => Assert.That(Parse(row).Address, Is.EqualTo(Ipv4Address.Parse("22.101.26.231")));

    [TestCase("", "There are no hex digits.")]
    [TestCase(null, "There are no hex digits.")]
    [TestCase("  \r\n ", "There are no hex digits.")]
    [TestCase("00 00 04 zz", "'z' in 'zz' is not a hex digit.")]
    [TestCase("00 000", "'000' has 3 hex digits: an octet takes two.")]
    [TestCase("0000: 00 00 04\n0008: 00", "The row at offset 0000 holds 3 octets where the next offset says 8.")]
    [TestCase("0008: 00 00", "The row at offset 0008 should be at 0000.")]
    [TestCase("0000: 00 00\n0002: hello", "'hello' at offset 0002 is neither an octet of two hex digits nor a word of four or eight.")]
    [TestCase("0000: 00 00\n0000: 00 01", "The two dumps differ.")]
    [TestCase("0000: 00 00\nffffffff: 00", "The row at offset FFFFFFFF does not follow that at 0000.")]
    public void TextThatIsNotHex_IsExplained(string? text, string error)
    {
        Assert.That(NetBtEventData.TryParse(text, out var data, out string? actual), Is.False);
        Assert.That(data, Is.Null);
        Assert.That(actual, Is.EqualTo(error));
    }

    [Test]
    public void TextWithoutEnd_IsRefused()
    {
        Assert.That(NetBtEventData.TryParse(new string('0', 1 << 17), out _, out string? error), Is.False);
        Assert.That(error, Does.Contain("too many"));
    }

    [Test]
    public void AnyText_IsReadOrExplained() =>
        Check.QuickThrowOnFailure(Prop.ForAll<string>(text =>
            NetBtEventData.TryParse(text, out var data, out string? error) ? data is not null && error is null : error is not null));

    [Test]
    public void AnyOctets_AreReadBackFromBothForms() => Check.QuickThrowOnFailure(Prop.ForAll<byte[]>(octets =>
    {
        if (octets.Length == 0)
            return true;
        bool bytes = Parse(EventViewerText.FormatBytes(octets)).Octets.SequenceEqual(octets);
        bool words = octets.Length % 4 != 0 || Parse(EventViewerText.FormatWords(octets)).Octets.SequenceEqual(octets);
        return bytes && words && NetBtEventData.Read(octets).Octets.SequenceEqual(octets);
    }));
}
