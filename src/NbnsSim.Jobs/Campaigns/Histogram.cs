using System.Globalization;
using System.Text.Json;

namespace NbnsSim.Jobs.Campaigns;

/// <summary>
/// How often which value was seen. Values below a thousand are counted each by itself, greater ones by their first three digits, so that a histogram stays small; least, greatest and sum are
/// exact. All of it is whole numbers: several histograms are one, in whatever order they are added.
/// </summary>
internal sealed class Histogram
{
    private readonly SortedDictionary<long, long> _counts = [];
    private Int128 _sum;
    private long _least = long.MaxValue;
    private long _greatest = long.MinValue;

    /// <summary>How many values were seen.</summary>
    public long Count { get; private set; }

    /// <summary>Counts a value, which is not negative.</summary>
    public void Add(long value)
    {
        _least = Math.Min(_least, value);
        _greatest = Math.Max(_greatest, value);
        _sum += value;
        AddTo(Step(value), 1);
    }

    /// <summary>Counts what another one has counted.</summary>
    public void Add(Histogram other)
    {
        _least = Math.Min(_least, other._least);
        _greatest = Math.Max(_greatest, other._greatest);
        _sum += other._sum;
        foreach (var (value, count) in other._counts)
            AddTo(value, count);
    }

    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="name">The property's name.</param>
    /// <param name="isWhole">Whether every count is to be there; otherwise where the values lie.</param>
    public void Write(Utf8JsonWriter writer, string name, bool isWhole)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("count", Count);
        if (Count > 0)
        {
            writer.WriteNumber("least", _least);
            writer.WriteNumber("median", At(50));
            writer.WriteNumber("p90", At(90));
            writer.WriteNumber("p99", At(99));
            writer.WriteNumber("greatest", _greatest);
            writer.WritePropertyName("sum");
            writer.WriteRawValue(_sum.ToString(null, CultureInfo.InvariantCulture));
        }

        if (isWhole)
        {
            writer.WriteStartArray("counts");
            foreach (var (value, count) in _counts)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(value);
                writer.WriteNumberValue(count);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote whole.</summary>
    public static Histogram Read(JsonElement json)
    {
        var histogram = new Histogram();
        foreach (var pair in json.GetProperty("counts").EnumerateArray())
            histogram.AddTo(pair[0].GetInt64(), pair[1].GetInt64());
        if (histogram.Count == 0)
            return histogram;
        histogram._least = json.GetProperty("least").GetInt64();
        histogram._greatest = json.GetProperty("greatest").GetInt64();
        histogram._sum = Int128.Parse(json.GetProperty("sum").GetRawText(), CultureInfo.InvariantCulture);
        return histogram;
    }

    /// <summary>The value below which so many of a hundred lie: the smallest that at least so many do not exceed.</summary>
    private long At(int percent)
    {
        var wanted = (((Int128)Count * percent) + 99) / 100;
        foreach (var (value, count) in _counts)
        {
            wanted -= count;
            if (wanted <= 0)
                return Math.Max(value, _least);
        }

        return _greatest;
    }

    private static long Step(long value)
    {
        long unit = 1;
        while (value / unit >= 1_000)
            unit *= 10;
        return value / unit * unit;
    }

    private void AddTo(long step, long count)
    {
        Count += count;
        _counts[step] = _counts.GetValueOrDefault(step) + count;
    }
}
