using NbnsSim.Jobs.Tables;
using NbnsSim.Query.Tool;

namespace NbnsSim.Query.Tests;

/// <summary>The tool: what it prints and ends with.</summary>
public sealed class QueryToolTests
{
    private SampleJob _job = null!;

    [OneTimeSetUp]
    public void MakeJob() => _job = new SampleJob();

    [OneTimeTearDown]
    public void RemoveJob() => _job.Dispose();

    [Test]
    public void AQueryIsPrinted()
    {
        string number = $"{_job.Datagrams.Count}";
        Assert.That(Run(_job.Folder, "SELECT count(*) AS n FROM datagrams"), Is.EqualTo((QueryTool.Done, $"{"n".PadLeft(number.Length)}\n{new string('-', number.Length)}\n{number}\n", "")));
        Assert.That(Run(_job.Folder, "SELECT count(*) AS n FROM datagrams", "--json"), Is.EqualTo((QueryTool.Done, $"{{\"n\":{number}}}\n", "")));
        Assert.That(Run("--csv", _job.Folder, "SELECT count(*) AS n FROM datagrams"), Is.EqualTo((QueryTool.Done, $"n\r\n{number}\r\n", "")));
    }

    [Test]
    public void TheListHasEveryViewAndColumn()
    {
        var (code, output, error) = Run(_job.Folder, "--list");
        Assert.That((code, error), Is.EqualTo((QueryTool.Done, "")));
        using var query = JobQuery.Open(_job.Folder);
        foreach (var view in query.Views)
        {
            string part = output[output.IndexOf($"{view.Name}: {view.Meaning}\n", StringComparison.Ordinal)..].Split("\n\n")[0];
            Assert.That(part.Split('\n').Skip(1).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))), Is.EqualTo(view.Columns.Select(column => $"{column.Name} {column.Type} {column.Meaning}".TrimEnd())));
        }
    }

    [Test]
    public void AMistakeInTheQueryEndsWithTwo()
    {
        Assert.That(Run(_job.Folder, "SELECT 1 +"), Is.EqualTo((QueryTool.BadQuery, "", "nbnssim-query: Parser Error: syntax error at end of input\n")));
        Assert.That(Run(_job.Folder, "SELECT 'x'::INTEGER FROM captures").Code, Is.EqualTo(2));
    }

    [Test]
    public void NoJobEndsWithThree()
    {
        var (code, output, error) = Run(Path.Combine(_job.Folder, "no\u001b[2J"), "SELECT 1");
        Assert.That((code, output), Is.EqualTo((QueryTool.BadInput, "")));
        Assert.That(error, Does.StartWith("nbnssim-query: There are no results of a job in '").And.Contain("no\\u001b[2J"));
        string damaged = Directory.CreateDirectory(Path.Combine(_job.Folder, "damaged")).FullName;
        byte[] table = File.ReadAllBytes(Path.Combine(_job.Results, JobTables.Datagrams.FileName));
        File.WriteAllBytes(Path.Combine(damaged, JobTables.Datagrams.FileName), table[..(table.Length / 2)]);
        Assert.That(Run(damaged, "SELECT 1").Code, Is.EqualTo(3));
    }

    [TestCase("There is no query. What can be asked: --list.", "{job}")]
    [TestCase("--list takes no query.", "{job}", "SELECT 1", "--list")]
    [TestCase("Only one of --json, --csv and --list.", "{job}", "SELECT 1", "--json", "--csv")]
    [TestCase("Unrecognized command or argument 'SELECT 2'.", "{job}", "SELECT 1", "SELECT 2")]
    public void ACommandLineThatIsWrongIsSaid(string mistake, params string[] arguments)
    {
        var (code, output, error) = Run([.. arguments.Select(argument => argument.Replace("{job}", _job.Folder, StringComparison.Ordinal))]);
        Assert.That((code, output, error), Is.EqualTo((QueryTool.BadQuery, "", $"nbnssim-query: {mistake}\nTry 'nbnssim-query --help'.\n")));
    }

    [Test]
    public void HelpIsPrintedWhereNothingIsAsked() => Assert.That(Run().Output, Does.Contain("LIMIT 10").And.EqualTo(Run("--help").Output));

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        return (QueryTool.Run(arguments, output, error), output.ToString(), error.ToString());
    }
}
