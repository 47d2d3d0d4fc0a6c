using System.Security.Cryptography;
using NbnsSim.Jobs.Tables;

namespace NbnsSim.Query.Tests;

/// <summary>Tables and views of a job.</summary>
public sealed class JobQueryTests : OverSampleJob
{
    [Test]
    public void EveryTableOfTheJobIsThereAndThoseThatItHasNotAreNot()
    {
        Assert.That(Query.Views.Select(view => view.Name), Is.EqualTo(new[] { "captures", "datagrams", "holdings", "decisions", "incidents", "claims", "claimants", "owners", "conflicts", "timeline" }));
        Assert.That(Rows("SHOW TABLES").Select(row => row[0]), Is.EquivalentTo(Query.Views.Select(view => view.Name)));
        foreach (var view in Query.Views)
            Assert.That(Rows($"SELECT column_name, column_type FROM (DESCRIBE {view.Name})").Select(row => $"{row[0]} {row[1]}"), Is.EqualTo(view.Columns.Select(column => $"{column.Name} {column.Type}")));
    }

    [Test]
    public void ClaimantsAreCounted()
    {
        var expected = Job.Claims.GroupBy(row => row.Source, StringComparer.Ordinal).Select(claims => $"{claims.Key} {claims.Count()} {claims.Select(row => (row.Name, row.Suffix, row.Scope)).Distinct().Count()}").Order(StringComparer.Ordinal);
        Assert.That(Rows("SELECT source, claims, names FROM claimants").Select(row => string.Join(' ', row)).Order(StringComparer.Ordinal), Is.EqualTo(expected));
        Assert.That(expected.Count(), Is.GreaterThan(10));
        Assert.That(Rows("SELECT count(*) FROM claims")[0][0], Is.EqualTo($"{Job.Claims.Count()}"));
        Assert.That(
            Rows("SELECT first, last FROM claimants ORDER BY first LIMIT 1")[0][0], Is.EqualTo($"{Job.Claims.First().Time.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss.fff}".TrimEnd('0').TrimEnd('.') + "+00"));
    }

    [Test]
    public void OwnersAreThoseThatHoldToTheEnd() => Assert.That(
        Rows("SELECT name, suffix, address FROM owners").Select(row => string.Join(' ', row)),
        Is.EquivalentTo(Job.Owned.Select(it => $"{it.Name.BaseName} {(byte)it.Name.Suffix} {it.Address}")).And.Not.Empty);

    [Test]
    public void ConflictsGatherWhatTwoMachinesDispute()
    {
        var expected = Job.Diagnosis.Findings
            .Where(it => it.Kind is Diagnosis.FindingKind.RegistrationRefused or Diagnosis.FindingKind.ReleaseOfAnothersName or Diagnosis.FindingKind.ConflictDemand or Diagnosis.FindingKind.ConflictFlag or Diagnosis.FindingKind.TwoOwners)
            .GroupBy(it => (it.Name, it.Host, it.Other))
            .Select(one => $"{one.Key.Name.BaseName} {one.Key.Host} {one.Key.Other} {one.Count()} [{string.Join(", ", one.Select(it => it.Kind.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}] [{string.Join(", ", one.SelectMany(it => it.Frames).Distinct().Order())}]");
        Assert.That(Rows("SELECT name, host, other, times, kinds, datagrams FROM conflicts").Select(row => string.Join(' ', row)), Is.EquivalentTo(expected).And.Not.Empty);
    }

    [Test]
    public void TheTimelineHasAllInItsOrder()
    {
        var rows = Rows("SELECT time_ns, decision FROM timeline");
        Assert.That(rows, Has.Count.EqualTo(Job.Datagrams.Count + Job.Diagnosis.Findings.Count));
        Assert.That(rows.Select(row => long.Parse(row[0]!, System.Globalization.CultureInfo.InvariantCulture)), Is.Ordered);
        Assert.That(rows.Count(row => row[1] is not null), Is.EqualTo(Job.Diagnosis.Findings.Count));
    }

    [Test]
    public void EvidenceLeadsToTheDatagrams()
    {
        var rows = Rows("SELECT cause, datagram, frame FROM incidents, unnest(incidents.datagrams) AS t(datagram) JOIN datagrams USING (datagram) WHERE cause = 'duplicate-computer' ORDER BY datagram");
        var frames = Job.Verdict.Incidents.First(it => it.Cause.Id == "duplicate-computer").Frames;
        Assert.That(rows.Select(row => row[2]), Is.EqualTo(frames.Select(number => $"{Job.Datagrams[(int)number - 1].Frame}")));
    }

    [TestCase("COPY (SELECT 1) TO '{file}' (USE_TMP_FILE false)", "single SELECT")]
    [TestCase("SELECT 1; COPY (SELECT 1) TO '{file}' (USE_TMP_FILE false)", "single SELECT")]
    [TestCase("SELECT 1) ; COPY (SELECT 1) TO '{file}' (USE_TMP_FILE false); FROM (SELECT 1", "syntax error")]
    [TestCase("FROM query('COPY (SELECT 1) TO ''{nested}'' (USE_TMP_FILE false)')", "single SELECT")]
    [TestCase("EXPLAIN ANALYZE COPY (SELECT 1) TO '{file}' (USE_TMP_FILE false)", "single SELECT")]
    [TestCase("EXPORT DATABASE '{folder}/export'", "single SELECT")]
    [TestCase("ATTACH '{folder}/other.db'", "single SELECT")]
    [TestCase("INSTALL httpfs", "single SELECT")]
    [TestCase("SET enable_external_access = true", "single SELECT")]
    [TestCase("CREATE TABLE t (i INTEGER)", "single SELECT")]
    [TestCase("DROP VIEW datagrams", "single SELECT")]
    [TestCase("", "single SELECT")]
    [TestCase("FROM read_text('/etc/hostname')", "disabled by configuration")]
    [TestCase("FROM read_csv('/dev/stdin')", "disabled by configuration")]
    [TestCase("FROM '{folder}/secret.csv'", "disabled by configuration")]
    [TestCase("FROM read_blob('{folder}/secret.csv')", "disabled by configuration")]
    [TestCase("FROM glob('{folder}/*')", "disabled by configuration")]
    [TestCase("FROM read_parquet('{folder}/results/*.parquet')", "disabled by configuration")]
    [TestCase("FROM read_parquet('https://example.com/a.parquet')", "")]
    [TestCase("SELECT getenv('HOME')", "getenv")]
    public void NothingButTheJobsTablesIsReadAndNothingIsWritten(string sql, string because)
    {
        File.WriteAllText(Path.Combine(Job.Folder, "secret.csv"), "a,b\n1,2\n");
        string file = Path.Combine(Job.Results, JobTables.Datagrams.FileName);
        byte[] before = SHA256.HashData(File.ReadAllBytes(file));
        string[] files = Directory.GetFileSystemEntries(Job.Folder, "*", SearchOption.AllDirectories);
        string asked = sql.Replace("{nested}", file.Replace("'", "", StringComparison.Ordinal), StringComparison.Ordinal).Replace("{file}", file.Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{folder}", Job.Folder.Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.That(() => Rows(asked), Throws.TypeOf<QueryException>().With.Message.Contains(because).And.Message.Not.Contain("\n"));
        Assert.That(Directory.GetFileSystemEntries(Job.Folder, "*", SearchOption.AllDirectories), Is.EqualTo(files));
        Assert.That(SHA256.HashData(File.ReadAllBytes(file)), Is.EqualTo(before));
        Assert.That(Rows("SELECT count(*) FROM datagrams")[0][0], Is.EqualTo($"{Job.Datagrams.Count}"), "it still answers");
    }

    [TestCase("selec 1", "Parser Error: syntax error at or near \"selec\"")]
    [TestCase("SELECT nope FROM owners", "Binder Error: Referenced column \"nope\" not found in FROM clause!; Candidate bindings: \"scope\", \"name\", \"host\"")]
    [TestCase("SELECT 'x'::INTEGER FROM owners", "Conversion Error: Could not convert string 'x' to INT32")]
    [TestCase("SELECT \"\u001b[2J\" FROM owners", "Binder Error: Referenced column \"\\u001b[2J\" not found in FROM clause!")]
    public void AMistakeIsSaidInALine(string sql, string message) =>
        Assert.That(() => Rows(sql), Throws.TypeOf<QueryException>().With.Message.StartsWith(message).And.Message.Not.Contain("\n").And.Message.Not.Contain("\u001b"));

    [Test]
    public void TheFolderOfResultsAloneWillDo()
    {
        using var query = JobQuery.Open(Job.Results);
        Assert.That(query.Run("SELECT count(*) FROM datagrams").Rows.Single(), Is.EqualTo(new[] { $"{Job.Datagrams.Count}" }));
    }

    [Test]
    public void WhereThereAreNoTablesItIsSaid()
    {
        string empty = Directory.CreateDirectory(Path.Combine(Job.Folder, "empty")).FullName;
        Assert.That(() => JobQuery.Open(empty), Throws.TypeOf<FileNotFoundException>().With.Message.Contains("no results of a job"));
        Assert.That(() => JobQuery.Open(Path.Combine(empty, "none")), Throws.TypeOf<FileNotFoundException>());
        File.WriteAllText(Path.Combine(empty, JobTables.Runs.FileName), "PAR1 is not enough");
        Assert.That(() => JobQuery.Open(empty), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("runs.parquet is no table: "));
        Directory.Delete(empty, recursive: true);
    }

    // more than fits into the memory that it may take goes to a folder that is gone afterwards
    [Test]
    public void NothingIsLeftBehind()
    {
        string spill;
        using (var query = JobQuery.Open(Job.Folder))
        {
            spill = query.Run("SELECT current_setting('temp_directory')").Rows.Single()[0]!;
            Assert.That(query.Run("SELECT count(*) FROM (SELECT hash(i) AS h FROM range(200_000) AS t(i) ORDER BY h)").Rows.Single()[0], Is.EqualTo("200000"));
        }

        Assert.That(spill, Does.StartWith(Path.GetTempPath()));
        Assert.That(Directory.Exists(spill), Is.False);
    }

    private List<string?[]> Rows(string sql) => [.. Query.Run(sql).Rows];
}
