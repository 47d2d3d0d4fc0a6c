using System.Globalization;
using NbnsSim.Reports;

namespace NbnsSim.Conformance.Reports;

/// <summary>Verdicts, levels and roles as reports print them.</summary>
internal static class ReportWords
{
    /// <summary>All verdicts, in the order of a summary.</summary>
    public static IReadOnlyList<ConformanceVerdict> Verdicts { get; } =
        [ConformanceVerdict.Pass, ConformanceVerdict.Dialect, ConformanceVerdict.Fail, ConformanceVerdict.Unsupported, ConformanceVerdict.NotApplicable];

    /// <summary>As a summary counts it: <c>passed</c>.</summary>
    public static string Counted(this ConformanceVerdict verdict) => verdict switch
    {
        ConformanceVerdict.Pass => "passed",
        ConformanceVerdict.Dialect => "dialect",
        ConformanceVerdict.Fail => "failed",
        ConformanceVerdict.Unsupported => "unsupported",
        _ => "not applicable",
    };

    /// <summary>As JSON and pages spell it: <c>notApplicable</c>.</summary>
    public static string Symbol(this ConformanceVerdict verdict) => verdict == ConformanceVerdict.NotApplicable ? "notApplicable" : verdict.ToString().ToLowerInvariant();

    /// <summary>One character for it.</summary>
    public static string Mark(this ConformanceVerdict verdict) => verdict switch
    {
        ConformanceVerdict.Pass => "✓",
        ConformanceVerdict.Dialect => "≈",
        ConformanceVerdict.Fail => "✗",
        ConformanceVerdict.Unsupported => "○",
        _ => "–",
    };

    /// <summary>What it looks like in text.</summary>
    public static ReportRole Role(this ConformanceVerdict verdict) => verdict switch
    {
        ConformanceVerdict.Pass => ReportRole.Positive,
        ConformanceVerdict.Dialect => ReportRole.Demand,
        ConformanceVerdict.Fail => ReportRole.Negative,
        _ => ReportRole.Aside,
    };

    /// <summary>As documents write it: <c>MUST</c>.</summary>
    public static string Word(this ConformanceLevel level) => level.ToString().ToUpperInvariant();

    /// <summary>As whom: <c>node or server</c>.</summary>
    public static string Word(this ConformanceRole role) => role.ToString().Replace("Any", "node, server", StringComparison.Ordinal).Replace(", ", " or ", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>By whose documents.</summary>
    public static string Documents(this ConformanceOptions options) => (options.Profile switch
    {
        ConformanceProfile.Windows => "RFC 1001, RFC 1002 and what Windows documents",
        ConformanceProfile.Samba => "RFC 1001, RFC 1002 and what Samba is known to do",
        _ => "RFC 1001, RFC 1002, MS-NBTE and the articles that cases name",
    }) + (options.Strict ? ", strictly" : "");

    /// <summary>Where a case comes from: its clause, and the others that it names.</summary>
    public static string Sources(this ConformanceCase test) => string.Join(", ", test.Also.Prepend(test.Citation).Distinct(StringComparer.Ordinal));

    /// <summary>What the peer did, and for a dialect who says so.</summary>
    public static string Seen(this ConformanceResult result) => result.Source is null
        ? result.Words
        : $"{result.Words} ({result.Source}{(result.Profile is null ? "" : $"; profile {result.Profile.Replace(" ", " and ", StringComparison.Ordinal)}")})";

    /// <summary>A number of things: <c>1 case</c>, <c>1,024 cases</c>.</summary>
    public static string Count(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");

    /// <summary>How long, for people: <c>0.5 s</c>, <c>4 min 10 s</c>.</summary>
    public static string Duration(TimeSpan time) => time < TimeSpan.FromMinutes(2)
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.##} s")
        : time < TimeSpan.FromHours(2)
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min");
}
