using System.Globalization;
using DuckDB.NET.Data;
using NbnsSim.Jobs.Tables;

namespace NbnsSim.Query;

/// <summary>
/// A job's tables in DuckDB, for queries in SQL: a view for each table, by its name, and ready views such as <c>claimants</c>. Queries read these files and nothing else:
/// DuckDB is told so and locked before the first, and takes no statement but a query.
/// </summary>
public sealed class JobQuery : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly string _spill = Path.Combine(Path.GetTempPath(), "nbnssim-query-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    private JobQuery()
    {
    }

    /// <summary>What queries can be asked of, tables first.</summary>
    public IReadOnlyList<QueryView> Views { get; private set; } = [];

    /// <summary>Opens the tables of a job.</summary>
    /// <param name="job">The job's folder, or its folder of results: whichever has the tables.</param>
    /// <exception cref="FileNotFoundException">There are no tables.</exception>
    /// <exception cref="InvalidDataException">A file is no table.</exception>
    public static JobQuery Open(string job)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        ITable[] tables = [];
        string folder = "";
        foreach (string place in (string[])[Path.Combine(job, "results"), job])
        {
            folder = Path.GetFullPath(place);
            tables = [.. JobTables.All.Where(table => File.Exists(Path.Combine(folder, table.FileName)))];
            if (tables.Length > 0)
                break;
        }

        if (tables.Length == 0)
            throw new FileNotFoundException($"There are no results of a job in '{VisibleText.Escape(job)}': no file such as {Path.Combine("results", JobTables.Datagrams.FileName)}.");
        var query = new JobQuery();
        try
        {
            query.Prepare(folder, tables);
            return query;
        }
        catch
        {
            query.Dispose();
            throw;
        }
    }

    /// <summary>Asks a query. It is checked here, and done while its rows are read.</summary>
    /// <param name="sql">One SELECT, DESCRIBE, SHOW or SUMMARIZE in DuckDB's SQL.</param>
    /// <exception cref="QueryException">It is none, or names what is not there. Reading rows throws it where a value cannot be computed.</exception>
    public QueryResult Run(string sql) => Run(sql, "COLUMNS(*)::VARCHAR");

    /// <summary>Asks a query and writes its rows. What in them would act on a terminal is escaped in each format.</summary>
    /// <param name="sql">The query, as for <see cref="Run(string)"/>.</param>
    /// <param name="format">How its rows are written.</param>
    /// <param name="output">Where to.</param>
    /// <exception cref="QueryException">The query cannot be done.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public void Write(string sql, QueryFormat format, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        RowWriter.Write(Run(sql, format == QueryFormat.NdJson ? "to_json(COLUMNS(*))" : "COLUMNS(*)::VARCHAR"), format, output);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        if (Directory.Exists(_spill))
            Directory.Delete(_spill, recursive: true);
    }

    private void Prepare(string folder, ITable[] tables)
    {
        _connection.Open();
        Execute("SET TimeZone = 'UTC'");
        var views = new List<QueryView>();
        foreach (var table in tables)
        {
            string file = Literal(Path.Combine(folder, table.FileName));
            try
            {
                Execute($"CREATE VIEW {table.Name} AS FROM read_parquet({file})");
            }
            catch (DuckDBException e)
            {
                throw new InvalidDataException($"{table.FileName} is no table: {OneLine(e)}", e);
            }

            views.Add(new QueryView(table.Name, table.Meaning, table.Columns));
        }

        foreach (var view in ReadyView.All.Where(view => view.Needs.All(need => tables.Any(table => table.Name == need))))
        {
            Execute($"CREATE VIEW {view.Name} AS {view.Sql}");
            views.Add(new QueryView(view.Name, view.Meaning, [.. Describe($"FROM {view.Name}").Select(column => new TableColumn(column.Name, column.Type, true, ""))]));
        }

        Views = views;

        // From here on nothing but these files can be read, nothing can be loaded, and none of that can be undone. What does not fit into memory goes to a folder of its own.
        Execute($"SET temp_directory = {Literal(_spill)}");
        Execute("SET autoinstall_known_extensions = false");
        Execute("SET autoload_known_extensions = false");
        Execute($"SET allowed_paths = [{string.Join(", ", tables.Select(table => Literal(Path.Combine(folder, table.FileName))))}]");
        Execute("SET enable_external_access = false");
        Execute("SET lock_configuration = true");
    }

    // DuckDB's query() takes one SELECT and nothing else: the files that can be read can be written over by a COPY.
    private QueryResult Run(string sql, string columns)
    {
        ArgumentNullException.ThrowIfNull(sql);
        string query = $"FROM query({Literal(sql)})";
        return new QueryResult(Describe(query), Rows($"SELECT {columns} {query}"));
    }

    private List<(string Name, string Type)> Describe(string query) => [.. Rows($"SELECT column_name, column_type FROM (DESCRIBE {query})").Select(row => (row[0]!, row[1]!))];

    private IEnumerable<string?[]> Rows(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.UseStreamingMode = true;
        using var reader = Try(command.ExecuteReader);
        while (Try(reader.Read))
        {
            string?[] row = new string?[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetString(i);
            yield return row;
        }
    }

    private void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static T Try<T>(Func<T> act)
    {
        try
        {
            return act();
        }
        catch (DuckDBException e)
        {
            throw new QueryException(OneLine(e), e);
        }
    }

    // What is wrong and what may be meant; behind an empty line DuckDB shows the statement, which is not the one that was asked.
    private static string OneLine(DuckDBException e)
    {
        string message = e.Message.ReplaceLineEndings("\n");
        int end = message.IndexOf("\n\n", StringComparison.Ordinal);
        return VisibleText.Escape((end < 0 ? message : message[..end]).Trim().Replace("\n", "; ", StringComparison.Ordinal));
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
