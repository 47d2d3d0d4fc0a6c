using System.Collections;
using DuckDB.NET.Data;

namespace NbnsSim.Jobs.Tests.Tables;

/// <summary>DuckDB, which reads what Parquet.Net wrote and shares no code with it.</summary>
internal static class Duck
{
    /// <summary>The rows of a query; a list is a <see cref="List{T}"/> of objects, NULL is null.</summary>
    /// <param name="sql">The query; <c>{file}</c> stands for the file.</param>
    /// <param name="file">A Parquet file.</param>
    public static List<object?[]> Rows(string sql, string file)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql.Replace("{file}", $"read_parquet('{file}')", StringComparison.Ordinal).Replace("{path}", $"'{file}'", StringComparison.Ordinal);
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            object?[] row = new object?[reader.FieldCount];
            for (int i = 0; i < row.Length; i++)
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i) is var value && value is IEnumerable list and not string ? list.Cast<object>().ToList() : value;
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>The first value of the first row.</summary>
    public static object? Value(string sql, string file) => Rows(sql, file)[0][0];
}
