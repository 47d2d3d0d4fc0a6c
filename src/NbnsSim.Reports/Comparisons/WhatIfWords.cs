using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Comparing;
using NbnsSim.Messages;
using NbnsSim.Narrative;
using NbnsSim.Nodes;
using NbnsSim.NameServers;

namespace NbnsSim.Reports;

/// <summary>A comparison of two runs in words, for text and pages alike.</summary>
internal static class WhatIfWords
{
    private const int MaxListed = 6;

    public static string Headline(RunComparison comparison)
    {
        if (comparison.IsSame)
            return "Unchanged: the machines decide and send the same.";
        if (!comparison.IsChanged)
            return "Nothing is gained or lost: the runs differ on the way alone.";
        string[] counts =
        [
            .. Counted("event", comparison.Events.Count(change => change.IsGained), comparison.Events.Count(change => !change.IsGained)),
            .. Counted("owner", comparison.Holders.Count(change => change.Kind is HolderChangeKind.Gained or HolderChangeKind.GainedMeanwhile), comparison.Holders.Count(change => change.Kind is HolderChangeKind.Lost or HolderChangeKind.LostMeanwhile)),
            .. Counted("successful command", comparison.Answers.Count(change => change.IsGained), comparison.Answers.Count(change => change.IsLost)),
            .. comparison.Answers.Count(change => !change.IsGained && !change.IsLost) is > 0 and var otherwise ? [Count(otherwise, "command") + (otherwise == 1 ? " ends otherwise" : " end otherwise")] : Array.Empty<string>(),
            .. comparison.Records.IsEmpty ? [] : new[] { Count(comparison.Records.Length, "record") + " of name servers otherwise" },
        ];
        return $"Changed: {string.Join("; ", counts)}.";
    }

    public static WhatIfLine Describe(EventChange change) => new(
        WordOf(change),
        string.Create(CultureInfo.InvariantCulture, $"{RunSeconds.Of(change.Event.Time)} s, {change.Host} logs event {change.Event.Id} about {change.Event.Name}{(change.Event.Address == default ? "" : $", with {change.Event.Address}")}"),
        change.Decision is { } decision ? decision.Decision.Rule.ToString() : "");

    public static WhatIfLine Describe(HolderChange change, RunComparison comparison)
    {
        bool isGone = change.Kind is HolderChangeKind.Lost or HolderChangeKind.LostMeanwhile;
        return new WhatIfLine(
            WordOf(change.Kind), $"{change.Host}: {change.Name}{(change.IsGroup ? " (group)" : "")}; as it is {Times(change.Before)}, what if {Times(change.After)}",
            change.Because is { } because ? isGone ? Because("what if", comparison.After, because) : Because("as it is", comparison.Before, because) : "");
    }

    public static WhatIfLine Describe(AnswerChange change, RunComparison comparison) => new(
        WordOf(change),
        $"{RunSeconds.Of(change.Step.At)} s, {change.Host}: {change.Step.Description}{(change.Name == default || change.Name == change.Step.Name ? "" : $", {change.Name}")}; as it is {Outcome(change.Before)}, what if {Outcome(change.After)}",
        change.Because is { } because ? Because("what if", comparison.After, because) : "");

    /// <summary>What became of name servers' records; those of a name server that has none any more in one line.</summary>
    public static IEnumerable<WhatIfLine> Records(RunComparison comparison)
    {
        foreach (var server in comparison.Records.GroupBy(change => change.Server, StringComparer.Ordinal))
        {
            if (server.Count() > MaxListed && (server.All(change => change.After is null) || server.All(change => change.Before is null)))
            {
                yield return new WhatIfLine(server.First().After is null ? "lost" : "gained", $"{server.Key}: {Count(server.Count(), "record")}: {string.Join(", ", server.Take(MaxListed).Select(change => change.Name))} …");
                continue;
            }

            foreach (var change in server)
                yield return new WhatIfLine(WordOf(change), $"{server.Key}: {change.Name}; as it is {Record(change.Before)}, what if {Record(change.After)}");
        }
    }

    public static string Describe(ComparedPacket? packet) => packet is null ? "it sends nothing then"
        : $"{NbnsDescription.Describe(packet.Payload.AsSpan())}, from {packet.Source} to {(packet.IsBroadcast ? "everybody" : packet.Destination.ToString())}";

    /// <summary>The rule of a decision, and where its telling does not have them, the name and the other machine.</summary>
    public static string Grounds(HistoryEntry entry)
    {
        var decision = entry.Decision;
        string about = decision.Rule.Telling is not null || decision.Name == default ? "" : $", about {decision.Name}{(decision.Peer == default ? "" : $" of {decision.Peer.Address}")}";
        return $"{decision.Rule}{about}";
    }

    public static string WordOf(EventChange change) => change.IsGained ? "gained" : "lost";

    public static string WordOf(AnswerChange change) => change.IsGained ? "gained" : change.IsLost ? "lost" : "otherwise";

    public static string WordOf(RecordChange change) => change.Before is null ? "gained" : change.After is null ? "lost" : "otherwise";

    public static string WordOf(HolderChangeKind kind) => kind switch
    {
        HolderChangeKind.Gained => "gained",
        HolderChangeKind.Lost => "lost",
        HolderChangeKind.GainedMeanwhile => "meanwhile+",
        HolderChangeKind.LostMeanwhile => "meanwhile-",
        _ => "otherwise",
    };

    private static string Because(string side, DecisionHistory history, HistoryEntry entry) => $"{side}, {RunSeconds.Of(entry.Decision.Time)} s: {history.Describe(entry)} ({entry.Decision.Rule.Id})";

    private static string Times(ImmutableArray<NameHolding> holdings) => holdings.IsEmpty ? "never held"
        : "held " + string.Join(" and ", holdings.Take(3).Select(holding => $"from {RunSeconds.Of(holding.Since.Time)} s {(holding.Until is { } until ? $"to {RunSeconds.Of(until.Time)} s" : "to the end")}")) + (holdings.Length > 3 ? " …" : "");

    private static string Outcome(OperationResult? result)
    {
        if (result is null)
            return "it does not end";
        string found = result.Entries.IsEmpty ? "" : $", {string.Join(", ", result.Entries.Take(4).Select(entry => entry.Address))}";
        return $"{OutcomeWord(result.Outcome)}{found}{(result.Responder == default ? "" : $" by {result.Responder}")}";
    }

    private static string OutcomeWord(OperationOutcome outcome) => outcome switch
    {
        OperationOutcome.Succeeded => "succeeded",
        OperationOutcome.Refused => "refused",
        OperationOutcome.NoAnswer => "not answered",
        OperationOutcome.NotFound => "not found",
        OperationOutcome.NameConflict => "the name is in conflict",
        OperationOutcome.AlreadyHere => "it has the name already",
        OperationOutcome.NotHere => "it has not the name",
        OperationOutcome.Cancelled => "cancelled",
        OperationOutcome.NotRunning => "it is shut down",
        OperationOutcome.OutOfResources => "out of resources",
        OperationOutcome.NotAvailable => "not available",
        _ => "no name that can be added",
    };

    private static string Record(NameRecord? record) => record is null ? "none"
        : $"{record.State.ToString().ToLowerInvariant()}, {string.Join(", ", record.Addresses.Take(4).Select(member => member.Address))}";

    private static IEnumerable<string> Counted(string what, int gained, int lost)
    {
        if (gained > 0)
            yield return $"{Count(gained, what)} gained";
        if (lost > 0)
            yield return $"{Count(lost, what)} lost";
    }

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
