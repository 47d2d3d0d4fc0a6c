using System.Globalization;
using NbnsSim.Diagnosis;
using NbnsSim.Messages;
using NbnsSim.Scenarios;
using NbnsSim.Twins;

namespace NbnsSim.Reports;

/// <summary>A capture's twin for people and programs: what it has, what of that is inferred and how surely, and, where it was run, how far it agrees with the capture.</summary>
/// <param name="title">What the capture is called.</param>
/// <param name="twin">The twin.</param>
/// <param name="comparison">Its run beside the capture; null where it was not run.</param>
public sealed class TwinReport(string title, CaptureTwin twin, TwinComparison? comparison = null) : IReport
{
    private const int MaxShown = 40;

    /// <inheritdoc/>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var scenario = twin.Scenario;
        writer.WriteHeading($"The twin of {title}");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seen: {Counted(twin.Packets.Count, "name service packet")} of {Counted(scenario.Hosts.Length, "machine")}; made of them: {Counted(scenario.Segments.Length, "segment")}, {Counted(scenario.Steps.OfType<NodeStep>().Count(), "command")}, {Counted(scenario.Rules.Length, "loss", "losses")}, {Counted(scenario.Steps.OfType<SendStep>().Count(), "packet")} sent as captured"));
        if (twin.Unread > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"left out: {Counted(twin.Unread, "datagram")} that cannot be read, is about no name, or came over IPv6"));
        if (twin.BeyondMost > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"left out: {Counted(twin.BeyondMost, "packet")} behind the first {twin.Packets.Count:N0}"));
        foreach (var kind in twin.Inferences.GroupBy(inference => inference.Kind))
        {
            writer.WriteHeading($"Inferred: {Heading(kind.Key)}");
            WriteInferences(writer, [.. kind], MaxShown);
        }

        if (comparison is not null)
            WriteComparison(writer, comparison);
    }

    /// <inheritdoc/>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        ndjson.Write("twin", (twin, comparison), static (json, it) =>
        {
            json.WriteMoment(it.twin.Start);
            json.WriteString("scenario", it.twin.Scenario.Name);
            json.WriteNumber("packets", it.twin.Packets.Count);
            json.WriteNumber("unread", it.twin.Unread + it.twin.BeyondMost);
            json.WriteNumber("hosts", it.twin.Scenario.Hosts.Length);
            json.WriteNumber("segments", it.twin.Scenario.Segments.Length);
            json.WriteNumber("steps", it.twin.Scenario.Steps.Length);
            json.WriteNumber("losses", it.twin.Scenario.Rules.Length);
            if (it.comparison is not { } compared)
                return;
            json.WriteNumber("complete", compared.Complete);
            json.WriteNumber("reproduced", compared.Reproduced);
            json.WriteNumber("byHand", compared.ByHand);
            json.WriteNumber("extra", compared.Extra);
            json.WriteNumber("agreement", Math.Round(compared.Agreement, 2));
        });
        WriteInferences(ndjson, twin);
        foreach (var difference in comparison?.Differences ?? [])
        {
            ndjson.Write("twinDifference", (twin, difference), static (json, it) =>
            {
                var packet = it.difference.Packet;
                json.WriteMoment(it.twin.Start + (packet.Time - Instant.Epoch), it.difference.Kind == TwinDifferenceKind.Extra ? 0 : packet.Frame);
                json.WriteString("twinDifference", it.difference.Kind.ToString());
                json.WriteString("kind", packet.Kind.ToString());
                json.WriteName(packet.Name);
                json.WriteString("source", packet.Source.ToString());
                json.WriteString("destination", packet.Destination.ToString());
                json.WriteString("because", it.difference.Why);
            });
        }
    }

    /// <summary>A line for each, so many at most.</summary>
    internal static void WriteInferences(ReportWriter writer, IReadOnlyList<TwinInference> inferences, int most)
    {
        foreach (var inference in inferences.Take(most))
            writer.WriteWrapped($"{Word(inference.Certainty),-9} ", inference.Host.Length == 0 ? inference.Text : $"{inference.Host}: {inference.Text}");
        if (inferences.Count > most)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {inferences.Count - most:N0} more; the JSON has them all"));
    }

    /// <summary>An object for each.</summary>
    internal static void WriteInferences(NdjsonWriter ndjson, CaptureTwin twin)
    {
        foreach (var inference in twin.Inferences)
        {
            ndjson.Write("twinInference", inference, static (json, it) =>
            {
                json.WriteString("inference", it.Kind.ToString());
                json.WriteString("host", it.Host);
                json.WriteString("certainty", it.Certainty.ToString());
                json.WriteString("text", it.Text);
            });
        }
    }

    private static void WriteComparison(ReportWriter writer, TwinComparison compared)
    {
        writer.WriteHeading("The twin's run beside the capture");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"agreement: {compared.Agreement:0.0} %: {compared.Reproduced:N0} of {compared.Complete:N0} packets of whole exchanges come again (kind, name, both ends, order, and time within the retry interval)"));
        var counts = compared.Differences.GroupBy(difference => difference.Kind).ToDictionary(group => group.Key, group => group.Count());
        foreach (var (kind, count) in counts.OrderBy(one => one.Key))
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,8:N0}  {Meaning(kind)}"));
        if (compared.First is { } first)
        {
            writer.WriteWrapped("first difference: ", Describe(first));
            writer.WriteWrapped("           since: ", first.Why);
        }

        foreach (var group in compared.Differences.Where(difference => difference.Kind is not (TwinDifferenceKind.Incomplete or TwinDifferenceKind.ByHand)).GroupBy(difference => (difference.Kind, difference.Why)).Take(MaxShown))
        {
            var shown = group.First();
            string more = group.Count() > 1 ? string.Create(CultureInfo.InvariantCulture, $", and {group.Count() - 1:N0} more") : "";
            writer.WriteWrapped($"{Label(group.Key.Kind),-13} ", $"{Describe(shown)}{more}: {group.Key.Why}");
        }
    }

    private static string Describe(TwinDifference difference)
    {
        var packet = difference.Packet;
        string frame = difference.Kind == TwinDifferenceKind.Extra ? "" : string.Create(CultureInfo.InvariantCulture, $"frame {packet.Frame}, ");
        return $"{frame}{RunSeconds.Of(packet.Time)} s, {packet.Kind.Title()} {packet.Name} from {packet.Source} to {(packet.IsBroadcast ? "everybody" : packet.Destination.ToString())}";
    }

    private static string Label(TwinDifferenceKind kind) => kind switch
    {
        TwinDifferenceKind.Missing => "not again",
        TwinDifferenceKind.OutOfOrder => "out of order",
        TwinDifferenceKind.Extra => "besides",
        TwinDifferenceKind.ByHand => "by hand",
        _ => "incomplete",
    };

    private static string Meaning(TwinDifferenceKind kind) => kind switch
    {
        TwinDifferenceKind.Missing => "are not sent again",
        TwinDifferenceKind.ByHand => "are sent as they were captured, since no machine sends them by itself: not counted as reproduced",
        TwinDifferenceKind.OutOfOrder => "come again out of order",
        TwinDifferenceKind.Incomplete => "belong to exchanges that the capture has not whole: not counted",
        _ => "are sent by the twin besides",
    };

    private static string Heading(TwinInferenceKind kind) => kind switch
    {
        TwinInferenceKind.Machine => "which addresses are one machine's",
        TwinInferenceKind.Segment => "segments",
        TwinInferenceKind.NodeType => "what kind of node each machine is",
        TwinInferenceKind.Dialect => "what each machine behaves like",
        TwinInferenceKind.HeldName => "names held before the capture begins",
        TwinInferenceKind.Record => "what name servers had on record before",
        TwinInferenceKind.Loss => "losses",
        TwinInferenceKind.Restart => "restarts",
        _ => "what no machine sends by itself",
    };

    private static string Word(Certainty certainty) => certainty switch { Certainty.Proven => "proven", Certainty.Likely => "likely", _ => "possible" };

    private static string Counted(long count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");
}
