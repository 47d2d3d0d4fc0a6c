namespace NbnsSim.Jobs.Tables;

/// <summary>A table of a job's result; <see cref="JobTables"/> has all of them.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <remarks>The file is Apache Parquet, compressed by Zstandard. The same rows make the same octets: there is no clock, no random number and no path in it.</remarks>
public sealed class Table<TRow> : ITable
{
    private readonly Func<Column<TRow>>[] _columns;

    internal Table(string name, string meaning, params Func<Column<TRow>>[] columns)
    {
        Name = name;
        Meaning = meaning;
        _columns = columns;
        Columns = [.. columns.SelectMany(make => make().Descriptions)];
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Meaning { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <inheritdoc/>
    public string FileName => Name + ".parquet";

    /// <summary>Begins a file of this table in a folder.</summary>
    /// <param name="folder">The folder; a file of that name in it is written anew.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be.</exception>
    public TableWriter<TRow> CreateIn(string folder) => Create(File.Create(Path.Combine(folder, FileName)));

    /// <summary>Begins a file of this table.</summary>
    /// <param name="output">Where it goes; it is closed with the writer. It need not be able to seek.</param>
    public TableWriter<TRow> Create(Stream output) => new(Name, [.. _columns.Select(make => make())], output);
}
