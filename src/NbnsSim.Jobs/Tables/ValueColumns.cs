using Parquet;
using Parquet.Schema;

namespace NbnsSim.Jobs.Tables;

/// <summary>A column of numbers or truth values, none of them missing.</summary>
internal sealed class ValueColumn<TRow, T>(string name, string meaning, ValueOf<TRow, T> value) : Column<TRow>
    where T : unmanaged
{
    private readonly DataField _field = new(name, typeof(T), isNullable: false);
    private readonly List<T> _values = [];

    public override IEnumerable<TableColumn> Descriptions => [new(name, SqlTypes.Of<T>(), false, meaning)];

    public override IEnumerable<Field> Fields => [_field];

    public override long Add(in TRow row)
    {
        _values.Add(value(row));
        return 0;
    }

    public override Task WriteAsync(ParquetRowGroupWriter group) => group.WriteAsync<T>(_field, _values.ToArray().AsMemory());

    public override void Clear() => _values.Clear();
}

/// <summary>A column of numbers or truth values, some of them missing.</summary>
internal sealed class OptionalColumn<TRow, T>(string name, string meaning, ValueOf<TRow, T?> value) : Column<TRow>
    where T : unmanaged
{
    private readonly DataField _field = new(name, typeof(T), isNullable: true);
    private readonly List<T?> _values = [];

    public override IEnumerable<TableColumn> Descriptions => [new(name, SqlTypes.Of<T>(), true, meaning)];

    public override IEnumerable<Field> Fields => [_field];

    public override long Add(in TRow row)
    {
        _values.Add(value(row));
        return 0;
    }

    public override Task WriteAsync(ParquetRowGroupWriter group) => group.WriteAsync<T>(_field, _values.ToArray().AsMemory());

    public override void Clear() => _values.Clear();
}

/// <summary>
/// A time: a column with its milliseconds as TIMESTAMP, and one that ends in <c>_ns</c> with all of it, in nanoseconds since 1970.
/// </summary>
/// <remarks>
/// Milliseconds, since Parquet.Net 6.1.0 writes the least and the greatest time of a row group in milliseconds whatever the unit is (its issue 769): with microseconds, readers would
/// pass over row groups in which there is what they look for.
/// </remarks>
internal sealed class TimeColumn<TRow>(string name, string meaning, bool isNullable, ValueOf<TRow, Instant?> value) : Column<TRow>
{
    private readonly DateTimeDataField _milliseconds = new(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Millis, isNullable);
    private readonly DataField _nanoseconds = new(name + "_ns", typeof(long), isNullable);
    private readonly List<Instant?> _values = [];

    public override IEnumerable<TableColumn> Descriptions =>
    [
        new(name, "TIMESTAMP WITH TIME ZONE", isNullable, meaning + ", UTC, to the millisecond"),
        new(name + "_ns", "BIGINT", isNullable, $"all of `{name}`, in nanoseconds since 1970-01-01T00:00:00Z"),
    ];

    public override IEnumerable<Field> Fields => [_milliseconds, _nanoseconds];

    public override long Add(in TRow row)
    {
        _values.Add(value(row));
        return 0;
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group)
    {
        if (isNullable)
        {
            await group.WriteAsync<DateTime>(_milliseconds, _values.Select(ToMilliseconds).ToArray().AsMemory()).ConfigureAwait(false);
            await group.WriteAsync<long>(_nanoseconds, _values.Select(time => time?.Nanoseconds).ToArray().AsMemory()).ConfigureAwait(false);
        }
        else
        {
            await group.WriteAsync<DateTime>(_milliseconds, _values.Select(time => ToMilliseconds(time)!.Value).ToArray().AsMemory()).ConfigureAwait(false);
            await group.WriteAsync<long>(_nanoseconds, _values.Select(time => time!.Value.Nanoseconds).ToArray().AsMemory()).ConfigureAwait(false);
        }
    }

    public override void Clear() => _values.Clear();

    // towards the past, as Instant itself rounds: the package rounds towards 1970
    private static DateTime? ToMilliseconds(Instant? time)
    {
        const long nanoseconds = 1_000_000;
        return time is not { } known ? null
            : DateTime.UnixEpoch.AddMilliseconds((known.Nanoseconds / nanoseconds) - (known.Nanoseconds % nanoseconds < 0 ? 1 : 0));
    }
}
