using System.Runtime.Intrinsics;
using System.Text;
using NbnsSim.Names;

namespace NbnsSim.Tests.Names;

/// <summary>First-level encoding, RFC 1001 §14.1.</summary>
public sealed class HalfAsciiTests
{
    [Test]
    public void FredEncodesAsTheRfcPrintsIt()
    {
        var name = NetBiosName.Parse("FRED<20>");
        byte[] letters = new byte[32];

        HalfAscii.Encode(name.High, name.Low, letters);

        Assert.That(Encoding.ASCII.GetString(letters), Is.EqualTo("EGFCEFEECACACACACACACACACACACACA"));
        Assert.That(HalfAscii.TryDecode(letters, out ulong high, out ulong low), Is.True);
        Assert.That(new NetBiosName(high, low), Is.EqualTo(name));

        HalfAscii.EncodeScalar(name.High, name.Low, letters.AsSpan());
        Assert.That(Encoding.ASCII.GetString(letters), Is.EqualTo("EGFCEFEECACACACACACACACACACACACA"));
        Assert.That(HalfAscii.TryDecodeScalar(letters, out ulong first, out ulong second), Is.True);
        Assert.That((first, second), Is.EqualTo((high, low)));
    }

    /// <summary>Every octet value at every one of the 32 places, legal and illegal: the vector form agrees with the plain one in words and verdict.</summary>
    [Test]
    public void VectorDecodeEqualsScalarForEveryOctetAtEveryPlace()
    {
        byte[] letters = new byte[33];
        for (int place = 0; place < 32; place++)
        {
            for (int octet = 0; octet <= 255; octet++)
            {
                for (int i = 0; i < 32; i++)
                    letters[i] = (byte)('A' + ((i * 7) & 0xF));
                letters[place] = (byte)octet;

                bool expected = HalfAscii.TryDecodeScalar(letters, out ulong high, out ulong low);
                bool actual = HalfAscii.TryDecodeVector(ref letters[0], out var words);

                Assert.That((actual, words[0], words[1]), Is.EqualTo((expected, high, low)), $"octet {octet} at {place}");
                Assert.That(HalfAscii.IsValid(letters), Is.EqualTo(expected));
                Assert.That(expected, Is.EqualTo(octet is >= 'A' and <= 'P'));
            }
        }
    }

    [Test]
    public void VectorFormsEqualScalarOnRandomOctets()
    {
        var random = new RandomStream(1);
        byte[] letters = new byte[32];
        byte[] again = new byte[32];
        for (int run = 0; run < 100_000; run++)
        {
            for (int i = 0; i < 32; i += 8)
                BitConverter.TryWriteBytes(letters.AsSpan(i), random.NextUInt64());
            bool expected = HalfAscii.TryDecodeScalar(letters, out ulong high, out ulong low);
            Assert.That((HalfAscii.TryDecodeVector(ref letters[0], out var words), words[0], words[1]), Is.EqualTo((expected, high, low)));

            HalfAscii.EncodeScalar(high, low, letters);
            HalfAscii.EncodeVector(high, low, ref again[0]);
            Assert.That(again, Is.EqualTo(letters));
        }
    }

    /// <summary>The instruction that this processor has, and the form for those that have none.</summary>
    [Test]
    public void EveryOctetFindsItsPlaceFromNetworkOrder()
    {
        byte[] octets = [.. Enumerable.Range(1, 16).Select(octet => (byte)octet)];
        var loaded = Vector128.Create(octets);
        var words = Vector128.Create(0x0102030405060708, 0x090A0B0C0D0E0F10UL);

        Assert.That(HalfAscii.FromNetworkOrder(loaded), Is.EqualTo(words));
        Assert.That(HalfAscii.FromNetworkOrderByWord(loaded), Is.EqualTo(words));
    }

    [Test]
    public void ShortSpansAreTheCallersMistake()
    {
        Assert.That(HalfAscii.IsValid("EGFCEFEECACACACACACACACACACACACA"u8), Is.True, "32 octets are enough");
        Assert.That(() => HalfAscii.Encode(0, 0, new byte[31]), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("takes 32 octets"));
        Assert.Throws<ArgumentOutOfRangeException>(() => HalfAscii.TryDecode(new byte[31], out _, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => HalfAscii.Encode(0, 0, new byte[31]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HalfAscii.IsValid(new byte[31]));
    }
}
