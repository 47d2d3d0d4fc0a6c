using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Jobs.Tables;
using NbnsSim.Messages;
using NbnsSim.Narrative;
using NbnsSim.Replay;
using NbnsSim.Testing.Traffic;

namespace NbnsSim.Query.Tests;

/// <summary>The results of a job over one capture: two computers with one name, among many others.</summary>
internal sealed class SampleJob : IDisposable
{
    /// <summary>A computer's name that would act on a terminal.</summary>
    public const string Hostile = "x\u001b[2J\u202ey";

    public SampleJob()
    {
        Directory.CreateDirectory(Results);
        using var capture = new MemoryStream();
        TrafficFile.WriteCapture(TrafficClasses.Scored.First(one => one.Cause == "duplicate-computer").Play(1, backgroundHosts: 30), capture);
        long octets = capture.Length;
        capture.Position = 0;
        var rows = new DatagramRows();
        using (var datagrams = new DatagramReader(CaptureReader.Open(capture), CaptureFile.NameService))
        {
            while (datagrams.TryRead(out var it))
            {
                Datagrams.Add(rows.Read(
                    new DatagramRow { Number = Datagrams.Count + 1, Time = it.Time, Capture = 1, Frame = it.FrameNumber, IsBroadcast = it.IsBroadcast }, it.Source, it.Destination, it.SourceMac, it.Payload));
                Diagnosis.Observe(Datagrams.Count, it.Time, it.Source, it.Destination, it.IsBroadcast, it.Payload, it.SourceMac);
            }
        }

        Diagnosis.Complete();
        Verdict = Diagnosis.Judge();
        Write(JobTables.Captures, [new CaptureRow { Capture = 1, Path = $"captures/{Hostile}.pcapng", Octets = octets, Frames = Datagrams.Count, Datagrams = Datagrams.Count }]);
        Write(JobTables.Datagrams, Datagrams);
        Write(JobTables.Holdings, Diagnosis.Holdings);
        Write(JobTables.Decisions, Diagnosis.Findings.Select((finding, i) => new DecisionRow(i + 1, finding)));
        Write(JobTables.Incidents, Verdict.Incidents.Select((incident, i) => new IncidentRow(i + 1, incident)));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("nbnssim job's [1] ").FullName; // a path that would be a pattern, or end a literal

    public string Results => Path.Combine(Folder, "results");

    public List<DatagramRow> Datagrams { get; } = [];

    public IEnumerable<DatagramRow> Claims => Datagrams.Where(row => row.Kind is NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.NameOverwriteDemand
        or NbnsMessageKind.NameOverwriteRequest or NbnsMessageKind.MultihomedNameRegistrationRequest);

    public CaptureDiagnosis Diagnosis { get; } = new();

    public Verdict Verdict { get; }

    public IEnumerable<NameHolding> Owned => Diagnosis.Holdings.Where(holding => holding.Until is null);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private void Write<TRow>(Table<TRow> table, IEnumerable<TRow> rows)
    {
        using var writer = table.CreateIn(Results);
        foreach (var row in rows)
            writer.Add(row);
        writer.Complete();
    }
}
