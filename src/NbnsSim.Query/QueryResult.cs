namespace NbnsSim.Query;

/// <summary>What a query gives.</summary>
/// <param name="Columns">The columns' names and types, in DuckDB's words.</param>
/// <param name="Rows">The rows, as they come; a value as DuckDB writes it, <see langword="null"/> for NULL. Can be read once.</param>
public sealed record QueryResult(IReadOnlyList<(string Name, string Type)> Columns, IEnumerable<string?[]> Rows);
