using System.Buffers;
using System.Text;
using System.Text.Json;
using NbnsSim.Jobs.Campaigns;

namespace NbnsSim.Jobs.Tests.Campaigns;

/// <summary>Counts that add up to the same in whatever order.</summary>
public sealed class HistogramTests
{
    [Test]
    public void PartsAreTheWholeInAnyOrder()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var random = new RandomStream(seed);
            var whole = new Histogram();
            var parts = Enumerable.Range(0, 4).Select(_ => new Histogram()).ToList();
            for (int i = 0; i < 200; i++)
            {
                long value = (long)(random.NextUInt64() >> (1 + (int)random.Next(63)));
                whole.Add(value);
                parts[(int)random.Next(4)].Add(value);
            }

            var sum = new Histogram();
            foreach (var part in parts.OrderBy(_ => random.NextUInt64()))
                sum.Add(Histogram.Read(JsonDocument.Parse(Json(part, isWhole: true)).RootElement.GetProperty("h")));
            Assert.That(Json(sum, isWhole: true), Is.EqualTo(Json(whole, isWhole: true)), $"seed {seed}");
        }
    }

    [Test]
    public void GreatValuesAreCountedByTheirFirstThreeDigits()
    {
        var histogram = new Histogram();
        foreach (long value in new[] { 999, 999, 1_000, 1_009, 123_456 })
            histogram.Add(value);
        Assert.That(Json(histogram, isWhole: true), Is.EqualTo(
            """{"h":{"count":5,"least":999,"median":1000,"p90":123000,"p99":123000,"greatest":123456,"sum":127463,"counts":[[999,2],[1000,2],[123000,1]]}}"""));
    }

    [Test]
    public void AnEmptyOneHasNoValues() => Assert.That(Json(new Histogram(), isWhole: false), Is.EqualTo("""{"h":{"count":0}}"""));

    [Test]
    public void OfAHundredValuesThePercentilesAreThose()
    {
        var histogram = new Histogram();
        for (int value = 1; value <= 100; value++)
            histogram.Add(value);
        Assert.That(Json(histogram, isWhole: false), Is.EqualTo("""{"h":{"count":100,"least":1,"median":50,"p90":90,"p99":99,"greatest":100,"sum":5050}}"""));
    }

    private static string Json(Histogram histogram, bool isWhole)
    {
        var octets = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(octets))
        {
            writer.WriteStartObject();
            histogram.Write(writer, "h", isWhole);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(octets.WrittenSpan);
    }
}
