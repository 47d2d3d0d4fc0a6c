using System.Globalization;
using NbnsSim.Audit;
using NbnsSim.Names;

namespace NbnsSim.Reports;

/// <summary>The pieces of an audit in words, as every form of the report has them.</summary>
internal static class AuditText
{
    private const int MaxListed = 8;

    public static ReportRole RoleOf(AuditAnswer answer) => answer switch { AuditAnswer.Yes => ReportRole.Positive, AuditAnswer.No => ReportRole.Negative, _ => ReportRole.Plain };

    /// <summary>An outcome in a word or two.</summary>
    public static string Word(AuditOutcome outcome) => outcome switch { AuditOutcome.GoesOn => "goes on", AuditOutcome.Breaks => "breaks", AuditOutcome.CannotTell => "cannot tell", _ => "no worse" };

    /// <summary>A question: who asks whom for what, and what it was told.</summary>
    public static string Describe(NameDependency one)
    {
        string what = NameSuffixes.Describe(one.Name, one.IsGroup) is { } meaning ? $"{one.Name} ({meaning})" : one.Name.ToString();
        string times = one.Questions > 1 ? string.Create(CultureInfo.InvariantCulture, $" {one.Questions:N0} times") : "";
        string told = one.Given.IsEmpty ? "" : $"; it was given {List(one.Given.Select(address => address.ToString()))}";
        string whom = one.Proxy is { } proxy ? $"by broadcast, which {proxy} answers for others," : one.AsksByBroadcast ? "by broadcast" : one.Server.ToString();
        return $"{Who(one.Client, one.ClientName)} asks {whom} for {what}{times}{told}.";
    }

    /// <summary>A machine that registers.</summary>
    public static string Describe(AuditRegistrant one) => $"{Who(one.Address, one.ComputerName)} registers {List(one.Names.Select(name => name.ToString()))}{(one.Asks ? "" : ", and asks for nothing")}.";

    /// <summary>A ground with its rule.</summary>
    public static string Describe(AuditGround ground) => $"{ground.Text}{(ground.Frames.IsEmpty ? "" : $" {FramesOf(ground.Frames)}.")} ({ground.Rule.Id}; {ground.Rule.Basis.Word()}: {ground.Rule.Source})";

    /// <summary>What can take the place, with its rule.</summary>
    public static string Describe(AuditReplacement one) => $"{one.Text}{(one.Frames.IsEmpty ? "" : $" {FramesOf(one.Frames)}.")} ({one.Rule.Id}; {one.Rule.Basis.Word()}: {one.Rule.Source})";

    /// <summary>A name with a role.</summary>
    public static string Describe(AuditRole role)
    {
        string holders = role.Holders.IsEmpty ? "nobody is seen to hold it" : $"held by {List(role.Holders.Select(address => address.ToString()))}";
        string askers = role.Askers == 0 ? "no client asks a name server for it" : $"{Count(role.Askers, "client asks", "clients ask")} a name server for it";
        return $"{role.Name}: {holders}; {askers}. {FramesOf(role.Frames)}. {role.Rule.Sentence} ({role.Rule.Basis.Word()}: {role.Rule.Source})";
    }

    /// <summary>A gap.</summary>
    public static string Describe(AuditGap gap) => $"{gap.Text}{(gap.WhatWouldTell.Length > 0 ? $" What would tell: {char.ToLowerInvariant(gap.WhatWouldTell[0])}{gap.WhatWouldTell[1..]}" : "")} ({gap.Rule.Id}; {gap.Rule.Basis.Word()}: {gap.Rule.Source})";

    /// <summary>A segment and its predicted load.</summary>
    public static string Describe(AuditSegment one)
    {
        string questions = Count(one.FoundAtOnce + one.NotFound, "question");
        string rate = one.PacketsPerSecond > 0 ? string.Create(CultureInfo.InvariantCulture, $", {Rate(one.PacketsPerSecond)} packets and {Rate(one.OctetsPerSecond)} octets a second on average") : "";
        return $"{Place(one)}: {Count(one.Clients, "client")}; {questions} ({one.FoundAtOnce.ToString("N0", CultureInfo.InvariantCulture)} found at once), {Count(one.Registrations, "registration")}, {Count(one.Releases, "release")}: {Count(one.Packets, "packet")}, {Count(one.Octets, "octet")}{rate}. Seen now: {Count(one.SeenNow, "broadcast")}.";
    }

    /// <summary>Where a segment is, and who says so.</summary>
    public static string Place(AuditSegment one) => one.Subnet is not { } subnet ? "Place not known"
        : one.IsGiven ? $"{subnet} (as given)" : string.Create(CultureInfo.InvariantCulture, $"{subnet}{(one.IsExact ? "" : " at least")} (by the broadcast in frame {one.Frame})");

    /// <summary>From when to when.</summary>
    public static string Span(WinsAuditVerdict verdict, WallClock clock) => verdict.Datagrams == 0 ? ""
        : $", {clock.At(verdict.Since).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} to {clock.At(verdict.Until).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {clock.Zone(verdict.Since)}";

    /// <summary>Frame numbers.</summary>
    public static string Frames(IReadOnlyList<long> frames) => List(frames.Select(frame => frame.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Frame numbers with what they are.</summary>
    public static string FramesOf(IReadOnlyList<long> frames) => $"{(frames.Count == 1 ? "Frame" : "Frames")} {Frames(frames)}";

    /// <summary>A machine.</summary>
    public static string Who(Ipv4Address address, string? name) => name is null ? address.ToString() : $"{name} {address}";

    /// <summary>A number and what it counts.</summary>
    public static string Count(long count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>A rate with three digits that mean something.</summary>
    public static string Rate(double rate) => rate == 0 ? "0" : rate >= 100 ? rate.ToString("N0", CultureInfo.InvariantCulture) : rate.ToString("G3", CultureInfo.InvariantCulture) is var text && text.Contains('E', StringComparison.Ordinal) ? "under 0.0001" : text;

    private static string List(IEnumerable<string> parts)
    {
        var all = parts.ToList();
        return string.Join(", ", all.Take(MaxListed)) + (all.Count > MaxListed ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - MaxListed:N0} more") : "");
    }
}
