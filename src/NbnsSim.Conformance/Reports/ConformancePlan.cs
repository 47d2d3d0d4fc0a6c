using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Reports;

namespace NbnsSim.Conformance.Reports;

/// <summary>What would be sent for cases, to whom and for how long, before anything is.</summary>
public sealed class ConformancePlan : IReport
{
    private static readonly SubjectNames Names = new([new NetBiosName("UNIQUE", (NameSuffix)0x20), new NetBiosName("UNIQUE", (NameSuffix)0x00)], [new NetBiosName("GROUP", (NameSuffix)0x00)], new NetBiosName("SERVER", (NameSuffix)0x20));

    private readonly ImmutableArray<(ConformancePlanPart Part, ImmutableArray<PlannedCase> Cases)> _parts;
    private readonly string _where;

    /// <summary>Plans cases.</summary>
    /// <param name="parts">What the peer may show itself to be, and the cases for that: one of them is run.</param>
    /// <param name="options">How they would be run.</param>
    /// <param name="subject">The peer.</param>
    /// <param name="broadcast">Where broadcasts would go; null for nowhere.</param>
    /// <param name="isVirtual">Whether it would all be simulated.</param>
    internal ConformancePlan(IReadOnlyList<ConformancePlanPart> parts, ConformanceOptions options, string subject, Ipv4Address? broadcast, bool isVirtual)
    {
        var writer = new CasePacketWriter(new CaseNameBook(Names, "PLANNING"), static word => Ipv4Address.TryParse(word, out var address) ? address : Ipv4Address.Any);
        _parts = [.. parts.Select(part => (part, part.Cases.Select(test => CaseDemands.Obstacle(test, options, part.Lanes[0].Length, broadcast is not null, isVirtual) is { } obstacle
            ? new PlannedCase(test, obstacle, 0, 0, TimeSpan.Zero)
            : new PlannedCase(test, null, Count(test, writer, isBroadcast: null), Count(test, writer, isBroadcast: true), TimeOf(test))).ToImmutableArray()))];
        _where = $"All go to {subject}, {(broadcast is null ? "nothing is broadcast" : $"broadcasts go to {broadcast}")}, and what the peer asks is answered.";
    }

    /// <summary>How many datagrams are sent at most, beside answers to what the peer asks.</summary>
    public int Datagrams => _parts.Max(part => part.Cases.Sum(one => one.Datagrams));

    /// <summary>How many of them are broadcast.</summary>
    public int Broadcasts => _parts.Max(part => part.Cases.Sum(one => one.Broadcasts));

    /// <summary>How long it takes at most, starts of the peer aside.</summary>
    public TimeSpan Time => _parts.Max(TimeOf);

    /// <summary>All of it in a sentence.</summary>
    public string Sentence => $"{string.Join("; ", _parts.Select(Told))}. {_where}";

    private IEnumerable<PlannedCase> Cases => _parts.SelectMany(part => part.Cases).DistinctBy(one => one.Case).OrderBy(one => ConformanceCatalogue.All.IndexOf(one.Case));

    /// <summary>Writes it as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var (test, obstacle, datagrams, broadcasts, time) in Cases)
        {
            string what = obstacle is not null ? $"nothing: {obstacle}" : $"{ReportWords.Count(datagrams, "datagram"),-14}{(broadcasts == 0 ? "" : $"{broadcasts} broadcast"),-14}{ReportWords.Duration(time)}";
            writer.WriteWrapped($"  {test.Id,-14} ", what, obstacle is null ? ReportRole.Plain : ReportRole.Aside);
        }

        writer.WriteLine();
        string sentence = Sentence;
        writer.WriteWrapped("", char.ToUpperInvariant(sentence[0]) + sentence[1..]);
        writer.WriteLine("Nothing was sent.");
    }

    /// <summary>Writes it as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        foreach (var planned in Cases)
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

    private static string Told((ConformancePlanPart Part, ImmutableArray<PlannedCase> Cases) it)
    {
        var (part, cases) = it;
        string stations = string.Join(" and ", part.Lanes.Select(lane => string.Join(", ", lane)));
        string broadcasts = cases.Sum(one => one.Broadcasts) is > 0 and int count ? $", {ReportWords.Count(count, "broadcast")} among them" : "";
        string lanes = part.Lanes.Length == 1 ? "" : $", {part.Lanes.Length} cases at a time";
        return string.Create(CultureInfo.InvariantCulture, $"{part.Condition}{ReportWords.Count(cases.Count(one => one.Obstacle is null), "case")}: at most {ReportWords.Count(cases.Sum(one => one.Datagrams), "datagram")}{broadcasts}, from {stations}, in {ReportWords.Duration(TimeOf(it))} at most{lanes}");
    }

    /// <summary>Of several lanes none is idle while a case waits: no case begins after an equal share of the time.</summary>
    private static TimeSpan TimeOf((ConformancePlanPart Part, ImmutableArray<PlannedCase> Cases) it)
    {
        var sum = it.Cases.Aggregate(TimeSpan.Zero, (sum, one) => sum + one.Time);
        return it.Part.Lanes.Length == 1 ? sum : (sum / it.Part.Lanes.Length) + it.Cases.Max(one => one.Time);
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

/// <summary>What a peer may show itself to be, and what is run then.</summary>
/// <param name="Condition">How a sentence about it begins.</param>
/// <param name="Cases">The cases.</param>
/// <param name="Lanes">The runner's stations; several lanes run a case each at the same time.</param>
internal sealed record ConformancePlanPart(string Condition, ImmutableArray<ConformanceCase> Cases, ImmutableArray<ImmutableArray<Ipv4Address>> Lanes);

/// <summary>What a case sends at most, and for how long; an obstacle where it sends nothing.</summary>
internal sealed record PlannedCase(ConformanceCase Case, string? Obstacle, int Datagrams, int Broadcasts, TimeSpan Time);
