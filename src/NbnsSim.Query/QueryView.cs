using NbnsSim.Jobs.Tables;

namespace NbnsSim.Query;

/// <summary>Something that a query can be asked of.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Meaning">What a row is, in a sentence.</param>
/// <param name="Columns">Its columns; only those of a table say what they mean.</param>
public sealed record QueryView(string Name, string Meaning, IReadOnlyList<TableColumn> Columns);
