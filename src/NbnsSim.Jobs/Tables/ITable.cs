namespace NbnsSim.Jobs.Tables;

/// <summary>A table of a job's result, whatever its rows are: a Parquet file with its name.</summary>
public interface ITable
{
    /// <summary>Its name, such as <c>datagrams</c>.</summary>
    string Name { get; }

    /// <summary>What a row is, in a sentence.</summary>
    string Meaning { get; }

    /// <summary>Its columns, in the order of the file.</summary>
    IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The name of its file in the folder of results: <c>datagrams.parquet</c>.</summary>
    string FileName { get; }
}
