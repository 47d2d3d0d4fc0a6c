using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NbnsSim.Names;

namespace NbnsSim.Protocol;

/// <summary>Reads LMHOSTS lines, and those of the files that they include.</summary>
/// <param name="open">Opens an included file, as <see cref="LmHostsFile.Parse"/> has it; null where nothing is included.</param>
internal sealed class LmHostsReader(Func<string, string?, LmHostsInclude?>? open)
{
    private const int MaxDepth = 8; // of files that include files
    private const int MaxFiles = 100;
    private const int MaxProblems = 1000; // more than anybody reads
    private const int MaxEntries = 1_000_000;
    private const int MaxQuoted = 40;

    private readonly List<string> _names = []; // of the files that are being read, the first aside
    private int _files;
    private bool _isStopped;

    public ImmutableArray<LmHostsEntry>.Builder Entries { get; } = ImmutableArray.CreateBuilder<LmHostsEntry>();

    public ImmutableArray<LmHostsProblem>.Builder Problems { get; } = ImmutableArray.CreateBuilder<LmHostsProblem>();

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its name; null for the first.</param>
    public void Read(string text, string? file)
    {
        int number = 0;
        int alternates = 0; // the line that a block of alternates begins on; 0 outside
        bool isChosen = false; // of the alternates one was read
        foreach (var line in text.AsSpan(SkipMark(text)).EnumerateLines())
        {
            number++;
            var rest = line.Trim();
            if (rest.IsEmpty || _isStopped)
                continue;
            if (rest[0] != '#')
            {
                string? problem = TryParse(number, rest, out var entry);
                if (problem is not null)
                    Report(file, number, problem);
                else if (Entries.Count < MaxEntries)
                    Entries.Add(entry!);
                else
                    Stop(file, number, $"there are more than {MaxEntries} mappings: what follows is not read");
                continue;
            }

            var keyword = Token(ref rest);
            if (keyword.Equals("#INCLUDE", StringComparison.OrdinalIgnoreCase))
            {
                if (alternates == 0 || !isChosen) // MS-NBTE §2.2.3.1: only one of the files in a block is used
                    isChosen = Include(rest.Trim('"').ToString(), file, number) || isChosen;
            }
            else if (keyword.Equals("#BEGIN_ALTERNATE", StringComparison.OrdinalIgnoreCase))
            {
                if (alternates != 0)
                    Report(file, number, $"#BEGIN_ALTERNATE within the block that begins on line {alternates}: expected #END_ALTERNATE first");
                (alternates, isChosen) = (number, false);
            }
            else if (keyword.Equals("#END_ALTERNATE", StringComparison.OrdinalIgnoreCase))
            {
                if (alternates == 0)
                    Report(file, number, "#END_ALTERNATE without #BEGIN_ALTERNATE before it");
                alternates = 0;
            }
        }

        if (alternates != 0 && !_isStopped)
            Report(file, alternates, "#BEGIN_ALTERNATE without #END_ALTERNATE behind it");
    }

    private bool Include(string path, string? file, int line)
    {
        if (path.Length == 0)
            return Report(file, line, "#INCLUDE names no file");
        if (open is null)
            return Report(file, line, $"'#INCLUDE {Shown(path)}' is not followed: only the lines of this file are read");
        if (path.StartsWith(@"\\", StringComparison.Ordinal) || path.StartsWith("//", StringComparison.Ordinal))
            return Report(file, line, $"'{Shown(path)}' is on another machine: it is not followed");
        if (_names.Count == MaxDepth)
            return Report(file, line, $"'{Shown(path)}' is not followed: files are included {MaxDepth} deep at most");
        if (_files == MaxFiles)
            return Report(file, line, $"'{Shown(path)}' is not followed: {MaxFiles} files are included at most");
        if (open(path, file) is not { } included)
            return Report(file, line, $"'{Shown(path)}' cannot be read");
        if (_names.Contains(included.Name, StringComparer.Ordinal)) // MS-NBTE §3.1.8.1: circular directives stop all further processing
            return Stop(file, line, $"'{Shown(path)}' includes itself: what follows is not read");
        _files++;
        _names.Add(included.Name);
        Read(included.Text, included.Name);
        _names.RemoveAt(_names.Count - 1);
        return true;
    }

    private bool Stop(string? file, int line, string problem)
    {
        _isStopped = true;
        return Report(file, line, problem);
    }

    private bool Report(string? file, int line, string problem)
    {
        if (Problems.Count < MaxProblems)
            Problems.Add(new LmHostsProblem(line, problem) { File = file });
        return false;
    }

    /// <summary>What is quoted of the file: not too much of it, and nothing that acts on a terminal.</summary>
    private static string Shown(ReadOnlySpan<char> text) => VisibleText.Escape(text.Length <= MaxQuoted ? text.ToString() : $"{text[..MaxQuoted]}…");

    /// <summary>A byte order mark, as itself or as its octets read one by one.</summary>
    private static int SkipMark(string text) => text.StartsWith('\uFEFF') ? 1 : text.StartsWith("\u00EF\u00BB\u00BF", StringComparison.Ordinal) ? 3 : 0;

    /// <summary>What stands before two hex digits in a quoted name.</summary>
    private const string Escape = "\\0x";

    private static string? TryParse(int number, ReadOnlySpan<char> rest, out LmHostsEntry? entry)
    {
        entry = null;
        string addressText = Token(ref rest).ToString();
        if (!Ipv4Address.TryParse(addressText, out var address))
            return $"'{Shown(addressText)}' is not an IPv4 address: expected a line such as '10.0.0.2 FRED #PRE'";
        if (!TryName(ref rest, out string name, out NameSuffix? suffix))
            return "expected a name of 1 to 15 characters behind the address, or one in quotes of 15 and \\0xhh";
        entry = new LmHostsEntry(number, address, name, suffix);
        while (!rest.IsEmpty && rest[0] == '#')
        {
            var keyword = Token(ref rest);
            if (keyword.Equals("#PRE", StringComparison.OrdinalIgnoreCase))
                entry = entry with { IsPreloaded = true };
            else if (keyword.Equals("#NOFNR", StringComparison.OrdinalIgnoreCase))
                continue; // how the server is called by name: nothing to the name service
            else if (keyword.Equals("#MH", StringComparison.OrdinalIgnoreCase))
                entry = entry with { IsMultihomed = true };
            else if (keyword.StartsWith("#DOM:", StringComparison.OrdinalIgnoreCase) && IsName(keyword[5..]))
                entry = entry with { Domain = Upper(keyword[5..]) };
            else if (keyword.StartsWith("#SG:", StringComparison.OrdinalIgnoreCase) && IsName(keyword[4..]))
                entry = entry with { SpecialGroup = Upper(keyword[4..]) };
            else if (keyword.StartsWith("#DOM:", StringComparison.OrdinalIgnoreCase) || keyword.StartsWith("#SG:", StringComparison.OrdinalIgnoreCase))
                return $"'{Shown(keyword)}' names no domain or group of 1 to 15 characters";
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
            int mark = token.IndexOf('#');
            if (mark > 0 && token.Length == mark + 3 && byte.TryParse(token[(mark + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte samba))
            {
                suffix = (NameSuffix)samba; // as Samba's lmhosts(5) writes it
                token = token[..mark];
            }
            else if (mark > 0)
            {
                rest = string.Concat(token[mark..], " ", rest); // a keyword or a comment without the space before it
                token = token[..mark];
            }

            name = Upper(token);
            return IsName(token) && mark != 0;
        }

        rest = rest[1..];
        int end = rest.IndexOf('"');
        if (end < 0)
            return false;
        var quoted = rest[..end];
        rest = rest[(end + 1)..].TrimStart();
        var octets = new StringBuilder(NetBiosName.Size);
        for (int escape = quoted.IndexOf(Escape, StringComparison.OrdinalIgnoreCase); escape >= 0; escape = quoted.IndexOf(Escape, StringComparison.OrdinalIgnoreCase))
        {
            octets.Append(quoted[..escape]);
            var digits = quoted[(escape + Escape.Length)..];
            if (digits.Length < 2 || !byte.TryParse(digits[..2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte octet))
                return false;
            quoted = digits[2..];
            if (quoted.IsEmpty)
                suffix = (NameSuffix)octet; // MS-NBTE §2.2.3.2: any octet may stand so, and the last one is the sixteenth
            else
                octets.Append((char)octet);
        }

        name = octets.Append(quoted).ToString().TrimEnd(' ');
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

    /// <summary>Takes the text up to the next white space.</summary>
    private static ReadOnlySpan<char> Token(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAny(' ', '\t');
        var token = end < 0 ? rest : rest[..end];
        rest = rest[token.Length..].TrimStart();
        return token;
    }
}
