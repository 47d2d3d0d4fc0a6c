using System.Text;
using NbnsSim.Jobs.Tables;
using NbnsSim.Tests.House;

namespace NbnsSim.Jobs.Tests.Tables;

/// <summary>The README's columns are those of the files.</summary>
public sealed class TableReadmeTests
{
    private const string Begin = "<!-- tables: begin -->\n";
    private const string End = "<!-- tables: end -->";

    [Test]
    public void TheReadmeHasTheColumns()
    {
        string file = Path.Combine(Repository.Root, "src", "NbnsSim.Jobs", "README.md");
        string readme = File.ReadAllText(file).ReplaceLineEndings("\n");
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = readme.IndexOf(End, StringComparison.Ordinal);
        string written = Write();
        string expected = readme[..begin] + written + readme[end..];
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, readme = expected);
        Assert.That(readme, Is.EqualTo(expected), "run once with NBNSSIM_RECORD=1 to record a change that is meant");
    }

    private static string Write()
    {
        var text = new StringBuilder();
        foreach (var table in JobTables.All)
        {
            text.Append($"\n### `{table.Name}`\n\n{table.Meaning}.\n\n| column | type | meaning |\n|---|---|---|\n");
            foreach (var column in table.Columns)
                text.Append($"| `{column.Name}` | {column.Type}{(column.IsNullable ? ", NULL" : "")} | {column.Meaning} |\n");
        }

        return text.Append('\n').ToString();
    }
}
