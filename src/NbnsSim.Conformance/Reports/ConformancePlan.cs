using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Reports;

namespace NbnsSim.Conformance.Reports;

/// <summary>What would be sent for cases, to whom and for how long, before anything is.</summary>
public sealed class ConformancePlan : IReport
{
    private static readonly SubjectNames Names = new([new NetBiosName("UNIQUE", (NameSuffix)0x20), new NetBiosName("UNIQUE", (NameSuffix)0x00)], [new NetBiosName("GROUP", (NameSuffix)0x00)], new NetBiosName("SERVER", (NameSuffix)0x20));

    private readonly ImmutableArray<(ConformanceCase Case, string? Obstacle, int Datagrams, int Broadcasts, TimeSpan Time)> _cases;
    private readonly string _destination;

    /// <summary>Plans cases.</summary>
    /// <param name="cases">The cases.</param>
    /// <param name="options">How they would be run.</param>
    /// <param name="subject">The peer.</param>
    /// <param name="stations">The runner's own addresses.</param>
    /// <param name="broadcast">Where broadcasts would go; null for nowhere.</param>
    /// <param name="isVirtual">Whether it would all be simulated.</param>
    internal ConformancePlan(IEnumerable<ConformanceCase> cases, ConformanceOptions options, string subject, ImmutableArray<Ipv4Address> stations, Ipv4Address? broadcast, bool isVirtual)
    {
        var writer = new CasePacketWriter(new CaseNameBook(Names, "PLANNING"), static word => Ipv4Address.TryParse(word, out var address) ? address : Ipv4Address.Any);
        _cases = [.. cases.Select(test => CaseDemands.Obstacle(test, options, stations.Length, broadcast is not null, isVirtual) is { } obstacle
            ? (test, obstacle, 0, 0, TimeSpan.Zero)
            : (test, null, Count(test, writer, isBroadcast: null), Count(test, writer, isBroadcast: true), TimeOf(test)))];
        _destination = $"to {subject}, from {string.Join(", ", stations)}; {(broadcast is null ? "no broadcasts" : $"broadcasts to {broadcast}")}";
    }

    /// <summary>How many datagrams are sent at most, beside answers to what the peer asks.</summary>
    public int Datagrams => _cases.Sum(one => one.Datagrams);

    /// <summary>How many of them are broadcast.</summary>
    public int Broadcasts => _cases.Sum(one => one.Broadcasts);

    /// <summary>How long it takes at most, starts of the peer aside.</summary>
    public TimeSpan Time => _cases.Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Time);

    /// <summary>All of it in a sentence.</summary>
    public string Sentence => string.Create(CultureInfo.InvariantCulture, $"{ReportWords.Count(_cases.Count(one => one.Obstacle is null), "case")}: at most {ReportWords.Count(Datagrams, "datagram")}, {ReportWords.Count(Broadcasts, "broadcast")} among them, {_destination}, and answers to what the peer asks; {ReportWords.Duration(Time)} at most.");

    /// <summary>Writes it as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var (test, obstacle, datagrams, broadcasts, time) in _cases)
        {
            string what = obstacle is not null ? $"nothing: {obstacle}" : $"{ReportWords.Count(datagrams, "datagram"),-14}{(broadcasts == 0 ? "" : $"{broadcasts} broadcast"),-14}{ReportWords.Duration(time)}";
            writer.WriteWrapped($"  {test.Id,-14} ", what, obstacle is null ? ReportRole.Plain : ReportRole.Aside);
        }

        writer.WriteLine();
        writer.WriteWrapped("", Sentence);
        writer.WriteLine("Nothing was sent.");
    }

    /// <summary>Writes it as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var planned in _cases)
        {
            ndjson.Write("conformancePlan", planned, static (json, it) =>
            {
                json.WriteString("id", it.Case.Id);
                if (it.Obstacle is not null)
                    json.WriteString("obstacle", it.Obstacle);
                json.WriteNumber("datagrams", it.Datagrams);
                json.WriteNumber("broadcasts", it.Broadcasts);
                json.WriteNumber("seconds", it.Time.TotalSeconds);
            });
        }
    }

    /// <summary>What the steps send, and what is asked afterwards whether the peer still answers.</summary>
    private static int Count(ConformanceCase test, CasePacketWriter writer, bool? isBroadcast)
    {
        int count = isBroadcast == true || test.Role == ConformanceRole.Client ? 0 : CaseDemands.Probes;
        foreach (var step in test.Data.Steps.Where(step => isBroadcast is null || step.To == "all"))
        {
            if (step.On is not null)
                continue;
            count += step.Noise;
            if ((step.Send ?? step.Given) is { } packet)
                count += (step.Times ?? 1) * (step.Each is null ? 1 : writer.Write(packet, Ipv4Address.Any, step.To == "all", 0).Length);
        }

        return count;
    }

    private static TimeSpan TimeOf(ConformanceCase test) => test.Data.Steps.Aggregate(
        test.Role == ConformanceRole.Client ? TimeSpan.Zero : CaseDemands.Probes * CaseDemands.ProbeTime, (sum, step) => sum + CaseDemands.Duration(step));
}
