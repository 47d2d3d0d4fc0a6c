using System.Globalization;
using NbnsSim.Comparing;
using NbnsSim.Narrative;
using NbnsSim.Scenarios;
using NbnsSim.Twins;

namespace NbnsSim.Reports;

/// <summary>What is gained and lost by changes of a scenario, and where its two runs part: as text and as NDJSON.</summary>
/// <param name="scenario">The scenario as it is.</param>
/// <param name="changes">The changes, as they were asked for.</param>
/// <param name="comparison">Its two runs.</param>
public sealed class WhatIfReport(Scenario scenario, IReadOnlyList<string> changes, RunComparison comparison) : IReport
{
    private const int MaxShown = 30;
    private const int MaxUntouched = 8; // changes of which a changed run shows nothing

    /// <summary>The capture's twin that the scenario is, with how far it agrees with the capture; null for a scenario of its own.</summary>
    public (CaptureTwin Twin, TwinComparison Compared)? Twin { get; init; }

    /// <summary>What it is about: the scenario and the changes.</summary>
    public string Title => $"{scenario.Name}, what if: {string.Join(", ", changes)}";

    /// <summary>What it comes to, in a sentence.</summary>
    public string Headline => WhatIfWords.Headline(comparison);

    /// <inheritdoc/>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteWrapped("", Title, ReportRole.Title);
        writer.WriteWrapped("", string.Create(CultureInfo.InvariantCulture, $"{scenario.Title}; seed {scenario.Seed}"));
        writer.WriteLine();
        writer.WriteWrapped("", Headline, comparison.IsChanged ? ReportRole.Negative : ReportRole.Positive);
        if (Twin is { } twin)
            WriteTwin(writer, twin.Twin, twin.Compared);
        WriteEffects(writer);
        Section(writer, "Events gained and lost", comparison.Events, WhatIfWords.Describe);
        Section(writer, "Owners gained and lost", [.. comparison.Holders.Where(change => change.Kind != HolderChangeKind.OtherTimes)], change => WhatIfWords.Describe(change, comparison));
        int other = comparison.Holders.Count(change => change.Kind == HolderChangeKind.OtherTimes);
        if (other > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{other:N0} {(other == 1 ? "name is" : "names are")} held by the same, from or to other times"));
        Section(writer, "Commands that end otherwise", comparison.Answers, change => WhatIfWords.Describe(change, comparison));
        Section(writer, "What name servers have in the end", [.. WhatIfWords.Records(comparison)], line => line);
        WriteFork(writer);
        if (comparison.NotCompared > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"not compared: {comparison.NotCompared:N0} later decisions and packets, for which there was no room"));
    }

    /// <inheritdoc/>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        WhatIfNdjson.Write(ndjson, scenario, changes, comparison, Twin?.Compared);
        if (Twin is { } twin)
            TwinReport.WriteInferences(ndjson, twin.Twin);
    }

    private static void WriteTwin(ReportWriter writer, CaptureTwin twin, TwinComparison compared)
    {
        writer.WriteHeading("Of the capture's twin, not of the capture");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"agreement: {compared.Agreement:0.0} %: as it is, the twin sends {compared.Reproduced:N0} of {compared.Complete:N0} packets of whole exchanges again"));
        TwinReport.WriteInferences(writer, [.. twin.Inferences.Where(inference => inference.Certainty != Diagnosis.Certainty.Proven)], MaxUntouched);
    }

    private void WriteEffects(ReportWriter writer)
    {
        writer.WriteHeading(comparison.IsSame ? "Unchanged, because" : "What is changed, and what the runs show of it");
        if (comparison.Effects.IsEmpty)
            writer.WriteLine("the scenario is the same: it was so already");
        var shown = comparison.IsSame ? comparison.Effects : [.. comparison.Effects.Where(effect => effect.Rules.IsEmpty || effect.Before + effect.After > 0)];
        foreach (var effect in shown.Take(MaxShown))
        {
            writer.WriteWrapped("", effect.Text);
            writer.WriteWrapped("    ", effect.Seen, ReportRole.Aside);
        }

        var untouched = comparison.Effects.Except(shown).ToList();
        if (untouched.Count > 0)
            writer.WriteWrapped("", string.Create(CultureInfo.InvariantCulture, $"and {untouched.Count:N0} more, whose rules nobody reached: {string.Join("; ", untouched.Take(MaxUntouched).Select(effect => effect.Text))}{(untouched.Count > MaxUntouched ? " …" : "")}"), ReportRole.Aside);
        if (comparison.IsSame)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"all {comparison.Before.Entries.Count:N0} decisions that were compared are the same, and so is every packet but for its transaction id"));
    }

    private static void Section<T>(ReportWriter writer, string title, IReadOnlyList<T> items, Func<T, WhatIfLine> describe)
    {
        if (items.Count == 0)
            return;
        writer.WriteHeading(title);
        foreach (var item in items.Take(MaxShown))
        {
            var line = describe(item);
            writer.WriteWrapped($"{line.Change,-10} ", line.Text, line.Change == "lost" ? ReportRole.Negative : line.Change == "gained" ? ReportRole.Positive : ReportRole.Plain);
            if (line.Because.Length > 0)
                writer.WriteWrapped(new string(' ', 11), line.Because, ReportRole.Aside);
        }

        if (items.Count > MaxShown)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {items.Count - MaxShown:N0} more; the JSON has them all"));
    }

    private void WriteFork(ReportWriter writer)
    {
        if (comparison.FirstDecision is null && comparison.FirstPacket is null)
            return;
        writer.WriteHeading("Where the runs part");
        if (comparison.FirstDecision is { } decided)
        {
            writer.WriteLine($"first different decision: {RunSeconds.Of(decided.Time)} s, {decided.Host}");
            WriteSide(writer, "as it is", comparison.Before, decided.Before);
            WriteSide(writer, "what if", comparison.After, decided.After);
        }

        if (comparison.FirstPacket is not { } sent)
            return;
        writer.WriteLine($"first different packet: {RunSeconds.Of(sent.Time)} s, {sent.Host}");
        writer.WriteWrapped("  as it is  ", WhatIfWords.Describe(sent.Before));
        writer.WriteWrapped("  what if   ", WhatIfWords.Describe(sent.After));
    }

    /// <summary>What was decided there, and the chain behind it.</summary>
    private static void WriteSide(ReportWriter writer, string side, DecisionHistory history, HistoryEntry? entry)
    {
        writer.WriteWrapped($"  {side,-8}  ", entry is null ? "it decides nothing then" : history.Describe(entry));
        if (entry is null)
            return;
        writer.WriteWrapped(new string(' ', 12), WhatIfWords.Grounds(entry), ReportRole.Aside);
        foreach (var link in history.ChainOf(entry).Skip(1).Take(2))
            writer.WriteWrapped("            ← ", $"{RunSeconds.Of(link.Decision.Time)} s, {history.Describe(link)}", ReportRole.Aside);
    }
}
