using System.Collections.Immutable;
using System.Globalization;

namespace NbnsSim.Audit;

/// <summary>The answer of an audit in a sentence or two.</summary>
internal static class AuditSentence
{
    public static string Of(
        AuditAnswer answer, ImmutableArray<NameDependency> dependencies, ImmutableArray<AuditRegistrant> registrants, ImmutableArray<AuditServer> servers, ImmutableArray<AuditGap> gaps)
    {
        var broken = dependencies.Where(one => one.Outcome == AuditOutcome.Breaks).ToList();
        int without = registrants.Count(one => one.Outcome == AuditOutcome.Breaks);
        switch (answer)
        {
            case AuditAnswer.No:
                var parts = new List<string>();
                if (broken.Count > 0)
                {
                    int clients = broken.Select(one => one.Client).Distinct().Count();
                    int names = broken.Select(one => one.Name).Distinct().Count();
                    parts.Add($"{Count(clients, "client", "clients")} would not find {Count(names, "name", "names")} any more");
                }

                if (without > 0)
                    parts.Add($"{Count(without, "machine", "machines")} could not register {(without == 1 ? "its" : "their")} names");
                return $"No: as things stand, {string.Join(", and ", parts)}.";
            case AuditAnswer.Yes:
                int going = dependencies.Count(one => one.Outcome == AuditOutcome.GoesOn);
                return going == 0
                    ? "Yes: nobody is given an answer by a name server in this capture that a broadcast would not find, and whoever registers there can do so by broadcast."
                    : $"Yes: {Count(going, "question that a client puts", "questions that clients put")} to a name server {(going == 1 ? "finds its" : "find their")} answer by broadcast too, and whoever registers there can do so by broadcast.";
            default:
                int open = dependencies.Count(one => one.Outcome == AuditOutcome.CannotTell) + registrants.Count(one => one.Outcome == AuditOutcome.CannotTell);
                return servers.IsEmpty ? "It cannot be told yet: nobody speaks with a name server in this capture."
                    : open > 0 ? $"It cannot be told yet: of {Count(open, "question or registration", "questions and registrations")} the capture does not show what would become."
                    : $"It cannot be told yet: nothing that is seen would break, but {Lowered(gaps.First(gap => gap.PreventsYes).Text)}";
        }
    }

    private static string Lowered(string text) => char.IsAsciiLetterUpper(text[0]) ? char.ToLowerInvariant(text[0]) + text[1..] : text;

    /// <summary>A number and what it counts.</summary>
    internal static string Count(int count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many)}");
}
