using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace NbnsSim.Jobs.Tables;

/// <summary>
/// Writes a table row by row. At most <see cref="RowsInGroup"/> rows, or some 32 MiB of their texts and lists, are held in memory; then they are written as a row group.
/// </summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <remarks>
/// Call <see cref="Complete"/> when all rows are there: a file without it has no end, and no reader takes it for a table. Not for several threads at a time.
/// </remarks>
public sealed class TableWriter<TRow> : IDisposable
{
    /// <summary>The most rows that are written at once.</summary>
    public const int RowsInGroup = 65_536;

    private const long MaxOctetsInGroup = 32 << 20;

    private readonly Column<TRow>[] _columns;
    private readonly Stream _output;
    private readonly ParquetWriter _writer;
    private int _rows;
    private long _octets;
    private bool _isComplete;

    internal TableWriter(string table, Column<TRow>[] columns, Stream output)
    {
        _columns = columns;
        _output = output;
        var schema = new ParquetSchema(columns.SelectMany(column => column.Fields));
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Optimal };
        foreach (string path in columns.SelectMany(column => column.RepeatedTexts))
            options.ColumnEncodingHints[path] = EncodingHint.Dictionary;
        _writer = Wait(ParquetWriter.CreateAsync(schema, output, options));
        _writer.CustomMetadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["nbnssim.table"] = table };
    }

    /// <summary>How many rows there are.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds a row.</summary>
    /// <param name="row">The row.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Add(in TRow row)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        foreach (var column in _columns)
            _octets += column.Add(row);
        Rows++;
        if (++_rows == RowsInGroup || _octets >= MaxOctetsInGroup)
            WriteGroup();
    }

    /// <summary>Writes what is left, and the end of the file.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Complete()
    {
        if (_isComplete)
            return;
        if (_rows > 0)
            WriteGroup();
        _isComplete = true;
        Wait(_writer.DisposeAsync().AsTask());
        _output.Flush();
    }

    /// <summary>Closes the file. Without <see cref="Complete"/> it is of no use.</summary>
    public void Dispose()
    {
        _isComplete = true;
        _output.Dispose(); // the writer has nothing of its own to close, and would write an end
    }

    private void WriteGroup()
    {
        using var group = _writer.CreateRowGroup();
        foreach (var column in _columns)
        {
            Wait(column.WriteAsync(group));
            column.Clear();
        }

        group.CompleteValidate();
        (_rows, _octets) = (0, 0);
    }

    // The package has no other methods than asynchronous ones; what they wait for is the file.
    private static void Wait(Task task) => task.GetAwaiter().GetResult();

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
