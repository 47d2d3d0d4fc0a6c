using System.Globalization;
using NbnsSim.Tests.House;

namespace NbnsSim.Query.Tests;

/// <summary>The README's queries are asked; its C# is run by <c>tests/package/query.sh</c>.</summary>
public sealed class ReadmeTests : OverSampleJob
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "src", "NbnsSim.Query", "README.md")).ReplaceLineEndings("\n");

    private static readonly string[] Queries = [.. Text.Split("```sql\n").Skip(1).Select(part => part.Split("```")[0])];

    [Test]
    public void EachOfFiveQueriesIsAnswered()
    {
        Assert.That(Queries, Has.Length.EqualTo(5));
        foreach (string sql in Queries)
            Assert.That(Query.Run(sql).Rows.ToList(), Is.Not.Empty, sql);
    }

    [Test]
    public void TheFirstNamesTheTenBusiestClaimants()
    {
        var expected = Job.Claims.GroupBy(row => row.Source, StringComparer.Ordinal).OrderByDescending(claims => claims.Count()).ThenBy(claims => claims.Key, StringComparer.Ordinal).Take(10)
            .Select(claims => string.Create(CultureInfo.InvariantCulture, $"{claims.Key} {claims.Count()} {claims.Select(row => (row.Name, row.Suffix, row.Scope)).Distinct().Count()}"));
        Assert.That(Query.Run(Queries[0]).Rows.Select(row => string.Join(' ', row)), Is.EqualTo(expected));
        Assert.That(expected.Count(), Is.EqualTo(10));
    }

    [Test]
    public void TheReadmeHasEveryReadyViewWithItsColumns()
    {
        foreach (var view in Query.Views.Where(view => view.Columns.All(column => column.Meaning.Length == 0)))
        {
            string row = Text.Split('\n').Single(line => line.StartsWith($"| `{view.Name}` |", StringComparison.Ordinal));
            if (view.Name is not ("claims" or "timeline"))
                Assert.That(row.Split('`').Where((_, i) => i % 2 == 1).Skip(1), Is.EqualTo(view.Columns.Select(column => column.Name)), view.Name);
        }
    }
}
