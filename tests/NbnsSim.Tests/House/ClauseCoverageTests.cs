using System.Reflection;
using System.Text;

namespace NbnsSim.Tests.House;

/// <summary>
/// Every MUST and SHOULD sentence that <c>tests/clauses</c> lists has a test that carries its number, or says why nothing can prove it here;
/// <c>tests/CLAUSES.md</c> shows both. Run with NBNSSIM_RECORD=1 to write that file anew.
/// </summary>
/// <remarks>
/// A file of <c>tests/clauses</c> starts with <c># DOCUMENT, what of it</c>. Each further line is <c>§section/number | MUST | the sentence in short,
/// own words</c>, and where nothing here can prove it a fourth part, <c>| why</c>. Sections are numbered as the document does, sentences from 1 in each.
/// </remarks>
public sealed class ClauseCoverageTests
{
    [Test]
    public void EverySentenceHasATestOrAReason()
    {
        var tests = Tests();
        Assert.That(Files().SelectMany(file => file.Clauses).Where(clause => clause.Why is null && !tests.ContainsKey(clause.Id)).Select(clause => clause.Id), Is.Empty);
    }

    [Test]
    public void NoSentenceWithATestSaysThatItCannotHaveOne()
    {
        var tests = Tests();
        Assert.That(Files().SelectMany(file => file.Clauses).Where(clause => clause.Why is not null && tests.ContainsKey(clause.Id)).Select(clause => clause.Id), Is.Empty);
    }

    [Test]
    public void EveryTestsClauseIsListedOnce()
    {
        var listed = Files().SelectMany(file => file.Clauses).Select(clause => clause.Id).ToList();
        Assert.Multiple(() =>
        {
            Assert.That(listed, Is.Not.Empty);
            Assert.That(listed, Is.Unique);
            Assert.That(Tests().Keys.Except(listed, StringComparer.Ordinal), Is.Empty);
        });
    }

    [Test]
    public void TheTableOfClausesIsUpToDate()
    {
        string file = Path.Combine(Repository.Root, "tests", "CLAUSES.md");
        string table = Table();
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, table);
        Assert.That(File.ReadAllText(file), Is.EqualTo(table), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }

    private static IEnumerable<ClauseFile> Files() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "clauses"), "*.txt").Order(StringComparer.Ordinal).Select(Read);

    private static ClauseFile Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        Assert.That(lines.FirstOrDefault(), Does.StartWith("# "), path);
        string title = lines[0][2..];
        string document = title.Split(',')[0];
        var clauses = new List<Clause>();
        foreach (string line in lines.Skip(1).Where(line => line.Length > 0))
        {
            string[] parts = line.Split(" | ");
            Assert.That(parts, Has.Length.InRange(3, 4), line);
            Assert.That(parts[0], Does.Match("^§[0-9A-Za-z.<>]+/[0-9]+$"), line);
            Assert.That(parts[1], Is.AnyOf("MUST", "SHOULD"), line);
            clauses.Add(new Clause($"{document} {parts[0]}", parts[1], parts[2], parts.ElementAtOrDefault(3)));
        }

        return new ClauseFile(title, clauses);
    }

    private static SortedDictionary<string, List<string>> Tests()
    {
        var tests = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var method in typeof(ClauseCoverageTests).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)))
        {
            foreach (var clause in method.GetCustomAttributes<ClauseAttribute>())
            {
                Assert.That(method.GetCustomAttributes().Any(attribute => attribute is TestAttribute or TestCaseAttribute or TestCaseSourceAttribute), method.Name);
                if (!tests.TryGetValue(clause.Clause, out var names))
                    tests[clause.Clause] = names = [];
                names.Add($"{method.DeclaringType!.Name}.{method.Name}");
            }
        }

        return tests;
    }

    private static string Table()
    {
        var tests = Tests();
        var text = new StringBuilder("# Sentences of the documents and the tests that prove them\n\nEvery MUST and SHOULD of the sections below in short; the tests carry their numbers. Written by `ClauseCoverageTests`.\n");
        foreach (var file in Files())
        {
            text.Append("\n## ").Append(file.Title).Append("\n\n| no. | | sentence | tests, or why there is none |\n|---|---|---|---|\n");
            foreach (var clause in file.Clauses)
            {
                string names = tests.TryGetValue(clause.Id, out var found) ? string.Join("<br>", found.Order(StringComparer.Ordinal).Select(name => $"`{name}`")) : clause.Why ?? "none";
                text.Append("| ").Append(clause.Id).Append(" | ").Append(clause.Force).Append(" | ").Append(clause.Text).Append(" | ").Append(names).Append(" |\n");
            }
        }

        return text.ToString();
    }

    private sealed record Clause(string Id, string Force, string Text, string? Why);

    private sealed record ClauseFile(string Title, List<Clause> Clauses);
}
