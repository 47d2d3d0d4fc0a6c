using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Jobs.Tables;
using NbnsSim.Replay;
using NbnsSim.Testing.Traffic;

namespace NbnsSim.Jobs.Tests.Tables;

/// <summary>A diagnosis in tables is the diagnosis.</summary>
public sealed class DiagnosisTablesTests
{
    private string _folder = "";
    private CaptureDiagnosis _diagnosis = null!;
    private Verdict _verdict = null!;

    [OneTimeSetUp]
    public void WriteTables()
    {
        _folder = Directory.CreateTempSubdirectory("nbnssim-tables-").FullName;
        using var capture = new MemoryStream();
        TrafficFile.WriteCapture(TrafficClasses.Scored.First(one => one.Cause == "same-user").Play(1, backgroundHosts: 20), capture);
        capture.Position = 0;
        _diagnosis = CaptureFile.Diagnose(CaptureReader.Open(capture));
        _verdict = _diagnosis.Judge();
        Write(JobTables.Holdings, _diagnosis.Holdings);
        Write(JobTables.Decisions, _diagnosis.Findings.Select((finding, i) => new DecisionRow(i + 1, finding)));
        Write(JobTables.Incidents, _verdict.Incidents.Select((incident, i) => new IncidentRow(i + 1, incident)));
    }

    [OneTimeTearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void HoldingsAreThoseOfTheDiagnosis()
    {
        var expected = _diagnosis.Holdings.Select(it => new object?[]
        {
            it.Name.BaseName, (byte)it.Name.Suffix, it.Name.Scope.ToString(), it.Host, it.Address.ToString(), it.IsGroup, it.Since.Time.Nanoseconds, it.Since.Frame, it.Since.Rule?.Id,
            it.LastSeen.Time.Nanoseconds, it.LastSeen.Frame, it.Until?.Time.Nanoseconds, it.Until?.Frame, it.Until?.Rule?.Id,
        }).ToArray();
        Assert.That(Read(JobTables.Holdings, "* EXCLUDE (since, last_seen, until)"), Is.EqualTo(expected));
        Assert.That(expected, Has.Length.GreaterThan(20));
        Assert.That(expected.Any(row => row[^1] is not null) && expected.Any(row => row[^1] is null), Is.True);
    }

    [Test]
    public void DecisionsAreItsFindings()
    {
        var expected = _diagnosis.Findings.Select((it, i) => new object?[]
        {
            i + 1L, it.Time.Nanoseconds, it.Kind.ToString(), it.Name.BaseName, (byte)it.Name.Suffix, it.Name.Scope.ToString(), it.Host.ToString(), it.Other.ToString(), it.Text,
            it.Event?.Id, it.Event?.Rule.Id, it.Event?.Rule.Source, it.Frames,
        }).ToArray();
        Assert.That(Read(JobTables.Decisions, "* EXCLUDE (time)"), Is.EqualTo(expected));
        Assert.That(expected, Is.Not.Empty);
    }

    [Test]
    public void IncidentsAreItsVerdict()
    {
        var expected = _verdict.Incidents.Select((it, i) => new object?[]
        {
            i + 1L, it.Since.Nanoseconds, it.Until.Nanoseconds, it.Cause.Id, it.Cause.Title, it.Certainty.ToString(), it.Cause.Harm.ToString(), it.Count, it.Names.Select(name => name.ToString()),
            it.Parties.Select(party => party.Address.ToString()), it.Parties.Select(party => party.ComputerName ?? ""),
            it.Events.Select(one => one.Finding.Event!.Id).ToHashSet().Order(), it.Frames, it.Grounds, it.Unknown, it.Cause.Meaning, it.Cause.Advice, it.Cause.Source,
        }).ToArray();
        Assert.That(Read(JobTables.Incidents, "* EXCLUDE (since, until)"), Is.EqualTo(expected));
        Assert.That(expected.Select(row => row[3]), Does.Contain("same-user"));
    }

    private List<object?[]> Read(ITable table, string columns) => Duck.Rows($"SELECT {columns} FROM {{file}}", Path.Combine(_folder, table.FileName));

    private void Write<TRow>(Table<TRow> table, IEnumerable<TRow> rows)
    {
        using var writer = table.CreateIn(_folder);
        foreach (var row in rows)
            writer.Add(row);
        writer.Complete();
    }
}
