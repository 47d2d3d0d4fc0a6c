using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Protocol;

namespace NbnsSim.Reports.Pasted;

/// <summary>A text that is no event: what it is, and what it means.</summary>
/// <param name="Form">What it is.</param>
/// <param name="Items">What it says, in its order.</param>
public sealed record PastedText(PastedForm Form, ImmutableArray<Explanation> Items)
{
    private const int MaxCharacters = 1 << 22;

    /// <summary>What the text is in one line; null for a text that is nothing that is known.</summary>
    public string? Title => Form switch
    {
        PastedForm.NameTable => "A machine's name table (nbtstat -n, -a or -A).",
        PastedForm.Cache => "A machine's cache of other machines' names (nbtstat -c).",
        PastedForm.Statistics => "How a machine resolves and registers names (nbtstat -r).",
        PastedForm.NmbdLog => "Lines of Samba's log.nmbd.",
        PastedForm.LmHosts => "An LMHOSTS file.",
        PastedForm.Sessions => "A machine's NetBIOS sessions (nbtstat -s or -S).",
        PastedForm.Answers => "Who answered for a name (nmblookup).",
        PastedForm.Message => "What nbtstat, nmblookup or Windows said.",
        _ => null,
    };

    /// <summary>What stands behind an address and a name in an LMHOSTS file, and nowhere else (MS-NBTE §2.2.3.1; #SG: is in Microsoft's own sample).</summary>
    private static readonly SearchValues<string> s_keywords = SearchValues.Create(["#PRE", "#DOM:", "#SG:", "#MH"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Recognises a text and says what it means; its form is <see cref="PastedForm.Unknown"/> where it is none of those that are known.</summary>
    /// <param name="text">The text; of more than four million characters the first ones are looked at.</param>
    public static PastedText Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxCharacters)
            text = text[..MaxCharacters];
        text = PastedEvent.Plain(text);
        if (NmbLookupPaste.Read(text) is { IsEmpty: false } answers)
            return new PastedText(PastedForm.Answers, answers);
        var table = NbtStatPaste.Read(text);
        if (table.Form != PastedForm.Unknown)
            return table;
        if (NmbdLog.Read(text) is { IsEmpty: false } lines)
            return new PastedText(PastedForm.NmbdLog, lines);
        return ReadLmHosts(text);
    }

    /// <summary>A file of which most lines begin with an address, or one that has what only LMHOSTS has: its other lines are mistakes then.</summary>
    private static PastedText ReadLmHosts(string text)
    {
        int addresses = 0;
        bool isSure = false;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var trimmed = line.Trim();
            int word = trimmed.IndexOfAny(' ', '\t');
            if (word > 0 && Ipv4Address.TryParse(trimmed[..word].ToString(), out _))
            {
                addresses++;
                isSure |= trimmed[word..].ContainsAny(s_keywords);
            }
            else if (!trimmed.IsEmpty && trimmed[0] != '#')
                addresses--;
        }

        if (addresses <= 0 && !isSure)
            return new PastedText(PastedForm.Unknown, []);
        var file = LmHostsFile.Parse(text);
        var items = ImmutableArray.CreateBuilder<Explanation>();
        foreach (var entry in file.Entries)
        {
            var (name, isGroup) = entry.GetNames().FirstOrDefault();
            string what = entry.SpecialGroup is { } special ? $"a member of the group {special}"
                : entry.Domain is { } domain ? $"a domain controller of {domain}"
                : entry.Suffix is { } suffix ? Names.NameSuffixes.Describe(suffix, isGroup) ?? "a name of its own kind" : "a computer, whatever is asked of it";
            items.Add(new Explanation($"{entry.Name}{(entry.Suffix is { } given ? string.Create(CultureInfo.InvariantCulture, $"<{(byte)given:X2}>") : "")} is at {entry.Address}",
                $"{what}; {(entry.IsPreloaded ? "in the cache from the start (#PRE), so that nobody is asked" : "looked up here only after WINS and broadcast found nothing")}.")
            {
                Line = entry.Line,
                Name = name,
                Address = entry.Address,
            });
        }

        foreach (var problem in file.Problems)
            items.Add(new Explanation($"Line {problem.Line.ToString(CultureInfo.InvariantCulture)}", problem.Problem) { Line = problem.Line, IsTrouble = true, Advice = ["Correct the line; nbtstat -R then loads the file again."] });
        return new PastedText(PastedForm.LmHosts, items.ToImmutable());
    }
}
