using Parquet;
using Parquet.Schema;

namespace NbnsSim.Jobs.Tables;

/// <summary>A column of numbers or truth values, none of them missing.</summary>
internal sealed class ValueColumn<TRow, T>(string name, string meaning, ValueOf<TRow, T> value) : Column<TRow>
    where T : unmanaged
{
    private readonly DataField _field = new(name, typeof(T), isNullable: false);
    private readonly ColumnValues<T> _values = new();

    public override IEnumerable<TableColumn> Descriptions => [new(name, SqlTypes.Of<T>(), false, meaning)];

    public override IEnumerable<Field> Fields => [_field];

    public override long Add(in TRow row)
    {
        _values.Add(value(row));
        return 0;
    }

    public override Task WriteAsync(ParquetRowGroupWriter group) => group.WriteAsync<T>(_field, _values.Memory);

    public override void Clear() => _values.Clear();
}

/// <summary>A column of numbers or truth values, some of them missing.</summary>
internal sealed class OptionalColumn<TRow, T>(string name, string meaning, ValueOf<TRow, T?> value) : Column<TRow>
    where T : unmanaged
{
    private readonly DataField _field = new(name, typeof(T), isNullable: true);
    private readonly ColumnValues<T?> _values = new();

    public override IEnumerable<TableColumn> Descriptions => [new(name, SqlTypes.Of<T>(), true, meaning)];

    public override IEnumerable<Field> Fields => [_field];

    public override long Add(in TRow row)
    {
        _values.Add(value(row));
        return 0;
    }

    public override Task WriteAsync(ParquetRowGroupWriter group) => group.WriteAsync<T>(_field, _values.Memory);

    public override void Clear() => _values.Clear();
}

/// <summary>
/// A time: a column with its milliseconds as TIMESTAMP, and one that ends in <c>_ns</c> with all of it, in nanoseconds since 1970.
/// </summary>
/// <remarks>
/// Milliseconds, since Parquet.Net 6.1.0 writes the least and the greatest time of a row group in milliseconds whatever the unit is (its issue 769): with microseconds, readers would
/// pass over row groups in which there is what they look for.
/// </remarks>
internal abstract class TimeColumn<TRow>(string name, string meaning, bool isNullable) : Column<TRow>
{
    public override IEnumerable<TableColumn> Descriptions =>
    [
        new(name, "TIMESTAMP WITH TIME ZONE", isNullable, meaning + ", UTC, to the millisecond"),
        new(name + "_ns", "BIGINT", isNullable, $"all of `{name}`, in nanoseconds since 1970-01-01T00:00:00Z"),
    ];

    public override IEnumerable<Field> Fields => [Milliseconds, Nanoseconds];

    protected DateTimeDataField Milliseconds { get; } = new(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Millis, isNullable);

    protected DataField Nanoseconds { get; } = new(name + "_ns", typeof(long), isNullable);

    // towards the past, as Instant itself rounds: the package rounds towards 1970
    protected static DateTime ToMilliseconds(Instant time)
    {
        const long nanoseconds = 1_000_000;
        return DateTime.UnixEpoch.AddTicks(((time.Nanoseconds / nanoseconds) - (time.Nanoseconds % nanoseconds < 0 ? 1 : 0)) * TimeSpan.TicksPerMillisecond);
    }
}

/// <summary>A time that is never missing.</summary>
internal sealed class GivenTimeColumn<TRow>(string name, string meaning, ValueOf<TRow, Instant> value) : TimeColumn<TRow>(name, meaning, isNullable: false)
{
    private readonly ColumnValues<DateTime> _milliseconds = new();
    private readonly ColumnValues<long> _nanoseconds = new();

    public override long Add(in TRow row)
    {
        var time = value(row);
        _milliseconds.Add(ToMilliseconds(time));
        _nanoseconds.Add(time.Nanoseconds);
        return 0;
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group)
    {
        await group.WriteAsync(Milliseconds, _milliseconds.Memory).ConfigureAwait(false);
        await group.WriteAsync(Nanoseconds, _nanoseconds.Memory).ConfigureAwait(false);
    }

    public override void Clear()
    {
        _milliseconds.Clear();
        _nanoseconds.Clear();
    }
}

/// <summary>A time that may be missing.</summary>
internal sealed class OptionalTimeColumn<TRow>(string name, string meaning, ValueOf<TRow, Instant?> value) : TimeColumn<TRow>(name, meaning, isNullable: true)
{
    private readonly ColumnValues<DateTime?> _milliseconds = new();
    private readonly ColumnValues<long?> _nanoseconds = new();

    public override long Add(in TRow row)
    {
        var time = value(row);
        _milliseconds.Add(time is { } known ? ToMilliseconds(known) : null);
        _nanoseconds.Add(time?.Nanoseconds);
        return 0;
    }

    public override async Task WriteAsync(ParquetRowGroupWriter group)
    {
        await group.WriteAsync<DateTime>(Milliseconds, _milliseconds.Memory).ConfigureAwait(false);
        await group.WriteAsync<long>(Nanoseconds, _nanoseconds.Memory).ConfigureAwait(false);
    }

    public override void Clear()
    {
        _milliseconds.Clear();
        _nanoseconds.Clear();
    }
}
