using Parquet;
using Parquet.Schema;

namespace NbnsSim.Jobs.Tables;

/// <summary>A column that is being written (a time is two): takes the values of a row group's rows, then writes them.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
internal abstract class Column<TRow>
{
    /// <summary>The columns as documentation has them.</summary>
    public abstract IEnumerable<TableColumn> Descriptions { get; }

    /// <summary>The columns as Parquet has them.</summary>
    public abstract IEnumerable<Field> Fields { get; }

    /// <summary>The paths of those with texts that come again and again, which are written once for each row group.</summary>
    public virtual IEnumerable<string> RepeatedTexts => [];

    /// <summary>Takes a row's value.</summary>
    /// <returns>How many octets it takes in memory beside those that every row takes.</returns>
    public abstract long Add(in TRow row);

    /// <summary>Writes what was taken.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    /// <summary>Forgets what was taken.</summary>
    public abstract void Clear();
}

/// <summary>A row's value.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <typeparam name="T">The value.</typeparam>
internal delegate T ValueOf<TRow, out T>(in TRow row);
