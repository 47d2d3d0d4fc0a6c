namespace NbnsSim.Jobs.Tables;

/// <summary>A column of a table, as its documentation has it.</summary>
/// <param name="Name">Its name, in the style of SQL: <c>entry_address</c>.</param>
/// <param name="Type">Its type in DuckDB's words, such as <c>BIGINT</c> or <c>VARCHAR[]</c>.</param>
/// <param name="IsNullable">Whether it can be NULL. A list never is: it is empty.</param>
/// <param name="Meaning">What it says, with its unit.</param>
public sealed record TableColumn(string Name, string Type, bool IsNullable, string Meaning);
