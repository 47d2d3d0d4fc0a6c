using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Reports;

/// <summary>A verdict in words: what it comes to, and for each incident who, what, how sure, how bad, what to do, what it is not, and the frames.</summary>
internal static class VerdictText
{
    private const int MaxShown = 6;
    private const int MaxIncidents = 50;

    /// <summary>What a capture comes to, in one sentence.</summary>
    public static string Sentence(Verdict verdict, string? about)
    {
        string of = about is null ? "" : $" of {about}";
        int grave = verdict.Incidents.Count(incident => incident.Cause.Harm != Harm.None && incident.Certainty != Certainty.Possible);
        return verdict.Conclusion switch
        {
            Conclusion.NothingToSee => "There was nothing to look at: no name service packets.",
            Conclusion.NothingWrong when about is not null && verdict.Incidents.IsEmpty => $"Nothing about {about} stands out.",
            Conclusion.NothingWrong => "Nothing is wrong in what this capture shows: nobody was refused a name, told of a conflict or told to give a name up, no name has two holders, and whoever was asked answered.",
            Conclusion.Harmless => $"Nothing is wrong{of}. {(verdict.Incidents.Length == 1 ? "One thing looks" : "Some things look")} like trouble and {(verdict.Incidents.Length == 1 ? "does" : "do")} no harm:",
            Conclusion.CannotTell => $"Something happened{of}, and this capture does not show enough to say what:",
            _ => grave == 1 ? $"One thing is wrong{of}:" : string.Create(CultureInfo.InvariantCulture, $"{grave} things are wrong{of}:"),
        };
    }

    /// <summary>The same with the gravest incident: what a page begins with.</summary>
    public static string Headline(Verdict verdict, string? about)
    {
        string sentence = Sentence(verdict, about);
        if (verdict.Incidents.IsEmpty)
            return sentence;
        string more = verdict.Incidents.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $", and {verdict.Incidents.Length - 1} more") : "";
        string title = verdict.Incidents[0].Cause.Title;
        return $"{sentence.TrimEnd(':', '.')}: {char.ToLowerInvariant(title[0])}{title[1..]}{more}.";
    }

    /// <summary>Writes the incidents.</summary>
    public static void Write(ReportWriter writer, Verdict verdict, Func<Instant, string> moment, NetBtDialect? dialect)
    {
        int number = 0;
        foreach (var incident in verdict.Incidents.Take(MaxIncidents))
        {
            writer.WriteLine();
            writer.WriteWrapped(string.Create(CultureInfo.InvariantCulture, $"{++number,3}. "), $"{Capital(incident.Cause.Title)} ({Word(incident)}).");
            string when = $"{moment(incident.Since)}{(incident.Until > incident.Since ? $" to {moment(incident.Until)}" : "")}; {(incident.Frames.Length == 1 ? "frame" : "frames")} {List(FrameRanges.InWords(incident.Frames), 16)}";
            foreach (var (head, text) in Lines(incident, when, dialect, MaxShown))
                writer.WriteWrapped($"     {head,-10} ", text);
        }

        if (verdict.Incidents.Length > MaxIncidents)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {verdict.Incidents.Length - MaxIncidents:N0} more"));
    }

    /// <summary>What there is to say of an incident, each under its head.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="when">When it was.</param>
    /// <param name="dialect">What the machines behave like; null for every preset.</param>
    /// <param name="most">How many grounds, events and unknowns to list.</param>
    public static IEnumerable<(string Head, string Text)> Lines(Incident incident, string when, NetBtDialect? dialect, int most)
    {
        if (!incident.Names.IsEmpty)
            yield return ("Names", Names(incident.Names));
        if (!incident.Parties.IsEmpty)
            yield return ("Machines", List(incident.Parties.Select(Describe)));
        yield return ("When", when);
        yield return ("What", incident.Cause.Meaning);
        yield return ("Shown by", string.Join(" ", incident.Grounds.Take(most).Select(Sentence)) + (incident.Grounds.Length > most ? string.Create(CultureInfo.InvariantCulture, $" And {incident.Grounds.Length - most} more.") : ""));
        foreach (string logged in Events(incident, dialect).Take(most))
            yield return ("Event", logged);
        if (!incident.Unknown.IsEmpty)
            yield return ("Not known", string.Join("; ", incident.Unknown.Take(most)) + ".");
        if (!incident.RuledOut.IsEmpty)
            yield return ("It is not", string.Join("; ", incident.RuledOut.Select(other => $"{other.Cause.Id} ({other.Because})")) + ".");
        yield return ("To do", incident.Cause.Advice);
        if (incident.Cause.Source.Length > 0)
            yield return ("Source", incident.Cause.Source);
    }

    /// <summary>How sure it is and what it does, in words.</summary>
    public static string Word(Incident incident) => $"{incident.Certainty switch { Certainty.Proven => "proven", Certainty.Likely => "likely", _ => "possible" }}; {Word(incident.Cause.Harm)}";

    /// <summary>Which events it means for which logs; of one dialect, or of every one that logs something.</summary>
    public static IEnumerable<string> Events(Incident incident, NetBtDialect? dialect) => incident.Events
        .Where(one => dialect is null || one.Finding.IsLoggedBy(dialect))
        .Select(one => $"{Event(one, dialect)} ({one.Finding.Event!.Rule.Basis.Word()}: {one.Finding.Event.Rule.Source})")
        .Distinct(StringComparer.Ordinal);

    /// <summary>An event: which, about which name, on which machine, of which system.</summary>
    public static string Event(PredictedEvent one, NetBtDialect? dialect) => string.Create(
        CultureInfo.InvariantCulture,
        $"{one.Finding.Event!.Id} for {one.Name} on {(one.Host == Ipv4Address.Any ? "whoever holds it" : one.Host.ToString())}{(dialect is null ? $" if it is {Systems(one.Finding.LoggedBy)}" : $" as {dialect.Title}")}");

    private static string Word(Harm harm) => harm switch
    {
        Harm.None => "no harm",
        Harm.Nuisance => "a nuisance",
        Harm.Service => "somebody is not found, or does not find others",
        _ => "a matter of security",
    };

    /// <summary>A machine: what it is called, its address, its adapter.</summary>
    public static string Describe(IncidentParty party) => (party.ComputerName is null ? "" : $"{party.ComputerName} ") + party.Address + (party.Mac is { } mac ? $" [{mac}]" : "");

    /// <summary>The systems that would log an event: <c>Windows NT 3.5, NT 3.51 or 2000</c>.</summary>
    public static string Systems(ImmutableArray<NetBtDialect> dialects)
    {
        const string Windows = "Windows ";
        if (dialects.Length == NetBtDialect.All.Length)
            return "any Windows system";
        string last = "";
        var titles = new List<string>();
        foreach (var dialect in dialects)
        {
            titles.Add(dialect.Title.StartsWith(Windows, StringComparison.Ordinal) && last.StartsWith(Windows, StringComparison.Ordinal) ? dialect.Title[Windows.Length..] : dialect.Title);
            last = dialect.Title;
        }

        return titles.Count < 2 ? string.Concat(titles) : $"{string.Join(", ", titles.Take(titles.Count - 1))} or {titles[^1]}";
    }

    /// <summary>A ground as a sentence.</summary>
    public static string Sentence(string text) => Capital(text) + (text.EndsWith('.') ? "" : ".");

    /// <summary>The same with a capital letter first.</summary>
    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Names, and what their suffixes stand for.</summary>
    public static string Names(IReadOnlyCollection<NetBiosName> names)
    {
        string list = List(names.Select(name => name.ToString()));
        var meanings = names.Select(name => (name.Suffix, Meaning: Meaning(name))).Where(one => one.Meaning is not null).DistinctBy(one => one.Suffix).ToList();
        return meanings.Count == 0 ? list
            : names.Count == 1 ? $"{list} ({meanings[0].Meaning})"
            : $"{list} ({List(meanings.Select(one => string.Create(CultureInfo.InvariantCulture, $"<{(byte)one.Suffix:X2}> {one.Meaning}")))})";
    }

    /// <summary>Whether a name is a machine's or a group's is not looked at: of the names that both have, it is told which may be meant.</summary>
    private static string? Meaning(NetBiosName name) => (NameSuffixes.Describe(name, isGroup: false), NameSuffixes.Describe(name, isGroup: true)) switch
    {
        ({ } machine, { } group) when name.Suffix == NameSuffix.Workstation => $"{machine}, or a {group}",
        var (machine, group) => machine ?? group,
    };

    /// <summary>The first of several, and how many more there are.</summary>
    public static string List(IEnumerable<string> parts, int most = 8)
    {
        var all = parts.ToList();
        return string.Join(", ", all.Take(most)) + (all.Count > most ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - most} more") : "");
    }
}
