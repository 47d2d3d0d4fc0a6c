using System.Buffers.Binary;
using System.Security.Cryptography;
using NbnsSim.Jobs.Tables;

namespace NbnsSim.Jobs.Tests.Tables;

/// <summary>What is remembered of payloads gives each its own sum.</summary>
public sealed class PayloadSumsTests
{
    [Test]
    public void EachPayloadHasItsOwnSumHoweverOftenItComesAndWhateverCameBetween()
    {
        var random = new Random(1);
        var sums = new PayloadSums();
        byte[][] all = [.. Enumerable.Range(0, 4 * PayloadSums.Places).Select(i => Octets(random, i % 140))]; // more than are remembered, and longer; the empty one too
        foreach (int i in Enumerable.Range(0, all.Length).Concat(random.GetItems(Enumerable.Range(0, all.Length).ToArray(), 20_000)))
        {
            for (int time = 0; time < 3; time++)
                Assert.That(sums.Of(all[i]), Is.EqualTo(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(all[i]))));
        }
    }

    [Test]
    public void APayloadIsNoneThatItBeginsAs()
    {
        var sums = new PayloadSums();
        byte[] payload = new byte[128];
        for (int length = 0; length <= payload.Length; length++)
            Assert.That(sums.Of(payload.AsSpan(0, length)), Is.EqualTo(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(payload.AsSpan(0, length)))));
    }

    private static byte[] Octets(Random random, int length)
    {
        byte[] octets = new byte[length];
        random.NextBytes(octets);
        return octets;
    }
}
