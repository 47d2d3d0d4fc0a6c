using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Names;

namespace NbnsSim.Protocol;

/// <summary>A line of an LMHOSTS file that maps a name.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Address">The address.</param>
/// <param name="Name">The name without suffix, at most fifteen octets; upper-cased unless it was quoted.</param>
/// <param name="Suffix">The sixteenth octet of a quoted name that spells it out (<c>"NAME           \0x14"</c>); null for a computer's name.</param>
public sealed record LmHostsEntry(int Line, Ipv4Address Address, string Name, NameSuffix? Suffix)
{
    /// <summary><c>#PRE</c>: loaded into the name cache at once.</summary>
    public bool IsPreloaded { get; init; }

    /// <summary><c>#DOM:</c> the domain whose controller it is.</summary>
    public string? Domain { get; init; }

    /// <summary><c>#MH</c>: one of several addresses.</summary>
    public bool IsMultihomed { get; init; }

    /// <summary><c>#SG</c>: the Internet group whose member it is.</summary>
    public string? SpecialGroup { get; init; }

    /// <summary>The names that a plain line is about: Workstation, Messenger and Server service, as WINS' import makes them.</summary>
    private static readonly NameSuffix[] ComputerSuffixes = [NameSuffix.Workstation, NameSuffix.Messenger, NameSuffix.Server];

    /// <summary>
    /// The names that the line gives its address to, without scope: a computer's unique <c>&lt;00&gt;</c>, <c>&lt;03&gt;</c> and <c>&lt;20&gt;</c>, or the
    /// one name that is quoted with its suffix; with <c>#DOM:</c> the domain's group <c>&lt;1C&gt;</c> too; with <c>#SG:</c> that group alone.
    /// </summary>
    public IEnumerable<(NetBiosName Name, bool IsGroup)> GetNames()
    {
        if (SpecialGroup is { } group)
            yield return (new NetBiosName(group, NameSuffix.Server), true);
        else if (Suffix is { } suffix)
            yield return (new NetBiosName(Name, suffix), false);
        else
        {
            foreach (var one in ComputerSuffixes)
                yield return (new NetBiosName(Name, one), false);
        }

        if (Domain is { } domain)
            yield return (new NetBiosName(domain, NameSuffix.DomainControllers), true);
    }
}

/// <summary>A line of an LMHOSTS file that could not be used.</summary>
/// <param name="Line">The line's number, from 1.</param>
/// <param name="Problem">What is wrong with it, and what was expected.</param>
public sealed record LmHostsProblem(int Line, string Problem);

/// <summary>
/// An LMHOSTS file (Windows' <c>lmhosts.sam</c>, Q101927): <c>address name #keywords</c>, one a line. <c>#INCLUDE</c> and blocks of alternates are named
/// as problems, for a file can only speak for itself here; any other <c>#</c> starts a comment.
/// </summary>
public sealed class LmHostsFile
{
    /// <summary>As many as a name server keeps of one name (MS-NBTE §3.2.1).</summary>
    private const int MaxAddresses = 25;

    private LmHostsFile(ImmutableArray<LmHostsEntry> entries, ImmutableArray<LmHostsProblem> problems)
    {
        Entries = entries;
        Problems = problems;
    }

    /// <summary>The mappings, in the file's order.</summary>
    public ImmutableArray<LmHostsEntry> Entries { get; }

    /// <summary>The lines that could not be used.</summary>
    public ImmutableArray<LmHostsProblem> Problems { get; }

    /// <summary>Reads a file; never throws for what it says.</summary>
    /// <param name="text">The file's text.</param>
    public static LmHostsFile Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var entries = ImmutableArray.CreateBuilder<LmHostsEntry>();
        var problems = ImmutableArray.CreateBuilder<LmHostsProblem>();
        int number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var rest = line.Trim();
            if (rest.IsEmpty)
                continue;
            if (rest[0] == '#')
            {
                if (IsDirective(rest))
                    problems.Add(new LmHostsProblem(number, $"'{Token(ref rest)}' is not followed: only the lines of this file are read"));
                continue;
            }

            string? problem = TryParse(number, rest, out var entry);
            if (problem is null)
                entries.Add(entry!);
            else
                problems.Add(new LmHostsProblem(number, problem));
        }

        return new LmHostsFile(entries.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>Looks a name up: a unique name has the address of the first line that maps it, and as long as those lines have <c>#MH</c>, of the next too (MS-NBTE §3.1.8); a group, of every line.</summary>
    /// <param name="name">The name; its scope does not count, for the file knows none.</param>
    /// <param name="isGroup">Whether it is a group.</param>
    /// <returns>The addresses, at most 25; none where no line maps the name.</returns>
    public ImmutableArray<Ipv4Address> Find(NetBiosName name, out bool isGroup)
    {
        var found = ImmutableArray.CreateBuilder<Ipv4Address>();
        isGroup = false;
        bool hasMany = true;
        foreach (var entry in Entries)
        {
            foreach (var (mapped, group) in entry.GetNames())
            {
                bool isOfMany = group || entry.IsMultihomed;
                if ((mapped.High, mapped.Low) != (name.High, name.Low) || found.Count == MaxAddresses || (found.Count > 0 && !(hasMany && group == isGroup)))
                    continue;
                (isGroup, hasMany) = (group, isOfMany);
                found.Add(entry.Address);
            }
        }

        return found.ToImmutable();
    }

    private static string? TryParse(int number, ReadOnlySpan<char> rest, out LmHostsEntry? entry)
    {
        entry = null;
        string addressText = Token(ref rest).ToString();
        if (!Ipv4Address.TryParse(addressText, out var address))
            return $"'{addressText}' is not an IPv4 address: expected a line such as '10.0.0.2 FRED #PRE'";
        if (!TryName(ref rest, out string name, out NameSuffix? suffix))
            return "expected a name of 1 to 15 characters behind the address, or one in quotes of 15 and \\0xhh";
        entry = new LmHostsEntry(number, address, name, suffix);
        while (!rest.IsEmpty && rest[0] == '#')
        {
            var keyword = Token(ref rest);
            if (keyword.Equals("#PRE", StringComparison.OrdinalIgnoreCase))
                entry = entry with { IsPreloaded = true };
            else if (keyword.Equals("#MH", StringComparison.OrdinalIgnoreCase))
                entry = entry with { IsMultihomed = true };
            else if (keyword.StartsWith("#DOM:", StringComparison.OrdinalIgnoreCase) && IsName(keyword[5..]))
                entry = entry with { Domain = Upper(keyword[5..]) };
            else if (keyword.StartsWith("#SG:", StringComparison.OrdinalIgnoreCase) && IsName(keyword[4..]))
                entry = entry with { SpecialGroup = Upper(keyword[4..]) };
            else if (keyword.StartsWith("#DOM:", StringComparison.OrdinalIgnoreCase) || keyword.StartsWith("#SG:", StringComparison.OrdinalIgnoreCase))
                return $"'{keyword}' names no domain or group of 1 to 15 characters";
            else
                break; // a comment
        }

        return null;
    }

    private static bool TryName(ref ReadOnlySpan<char> rest, out string name, out NameSuffix? suffix)
    {
        suffix = null;
        name = "";
        if (rest.IsEmpty || rest[0] != '"')
        {
            var token = Token(ref rest);
            name = Upper(token);
            return IsName(token) && token[0] != '#';
        }

        rest = rest[1..];
        int end = rest.IndexOf('"');
        if (end < 0)
            return false;
        var quoted = rest[..end];
        rest = rest[(end + 1)..].TrimStart();
        int escape = quoted.IndexOf("\\0x", StringComparison.OrdinalIgnoreCase);
        if (escape >= 0)
        {
            if (!byte.TryParse(quoted[(escape + 3)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
                return false;
            suffix = (NameSuffix)octet;
            quoted = quoted[..escape];
        }

        name = quoted.TrimEnd().ToString();
        return IsName(name);
    }

    /// <summary>Letters a to z alone: what a code page makes of others is Windows' secret, and some have no upper case in Latin-1.</summary>
    private static string Upper(ReadOnlySpan<char> text)
    {
        var upper = text.ToArray();
        System.Text.Ascii.ToUpperInPlace(upper, out _);
        return new string(upper);
    }

    private static bool IsName(ReadOnlySpan<char> text) => text.Length is >= 1 and <= NetBiosName.BaseSize && text.IndexOfAnyExceptInRange('\0', '\u00FF') < 0;

    private static bool IsDirective(ReadOnlySpan<char> line) =>
        line.StartsWith("#INCLUDE", StringComparison.OrdinalIgnoreCase) || line.StartsWith("#BEGIN_ALTERNATE", StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes the text up to the next white space.</summary>
    private static ReadOnlySpan<char> Token(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAny(' ', '\t');
        var token = end < 0 ? rest : rest[..end];
        rest = rest[token.Length..].TrimStart();
        return token;
    }
}
