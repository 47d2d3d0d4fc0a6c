using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Reports.EventLogs;

namespace NbnsSim.Reports.Pasted;

/// <summary>
/// Reads what somebody pasted of <c>nbtstat</c> in English, German or French, and of <c>nmblookup -A</c>: a row is whatever has a name, a suffix in angle brackets
/// and words behind it; how wide the columns are does not matter.
/// </summary>
internal static class NbtStatPaste
{
    private static readonly (string Word, string State)[] States =
    [
        ("deregist", "Deregistered"), ("regist", "Registered"), ("inscri", "Registered"), ("enregistr", "Registered"), ("conflict", "Conflict"), ("konflikt", "Conflict"), ("conflit", "Conflict"),
        ("released", "Released"), ("freigegeben", "Released"), ("libér", "Released"), ("permanent", "Registered"), ("active", "Registered"),
    ];

    private static readonly string[] NotFound = ["host not found", "host nicht gefunden", "hôte introuvable", "hôte non trouvé"];
    private static readonly string[] NothingInCache = ["no names in cache", "keine namen im cache", "aucun nom dans le cache", "aucun nom n'est dans le cache"];

    public static PastedText Read(string text)
    {
        var items = ImmutableArray.CreateBuilder<Explanation>();
        var names = new List<(NetBiosName Name, bool IsGroup, string State)>();
        var counts = new List<long>();
        bool isCache = false;
        string? mac = null;
        int number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (TryRow(line, out var name, out bool isGroup, out string state, out var address, out long life))
            {
                isCache |= address is not null;
                items.Add(address is { } at ? Cached(number, name, isGroup, at, life) : Held(number, name, isGroup, state));
                if (address is null)
                    names.Add((name, isGroup, state));
                continue;
            }

            var trimmed = line.Trim();
            if (trimmed.Contains("MAC", StringComparison.OrdinalIgnoreCase) && trimmed.IndexOf('=') is var sign and > 0)
                mac = trimmed[(sign + 1)..].Trim().ToString();
            else if (IsOneOf(trimmed, NotFound))
                items.Add(new Explanation("Host not found", "The machine did not answer: it is off, a firewall drops UDP 137, or NetBIOS over TCP/IP is switched off there (Q175935).") { Line = number, IsTrouble = true, Advice = ["Try nbtstat -A with its address; ping it; on it, see ipconfig /all for NetBIOS over TCP/IP."] });
            else if (IsOneOf(trimmed, NothingInCache))
                items.Add(new Explanation("No names in cache", "Nothing was resolved in the last ten minutes, and LMHOSTS has no #PRE entries.") { Line = number });
            else if (trimmed.IndexOf('=') is var equals and > 0 && long.TryParse(trimmed[(equals + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                && IsStatistic(trimmed[..equals]))
                counts.Add(count);
        }

        if (counts.Count is 4 && names.Count == 0)
            return new PastedText(PastedForm.Statistics, [.. Counted(counts)]);
        if (names.Count > 0)
            items.InsertRange(0, Summary(names, mac));
        return new PastedText(items.Count == 0 ? PastedForm.Unknown : isCache ? PastedForm.Cache : PastedForm.NameTable, items.ToImmutable());
    }

    private static bool TryRow(ReadOnlySpan<char> line, out NetBiosName name, out bool isGroup, out string state, out Ipv4Address? address, out long life)
    {
        (name, isGroup, state, address, life) = (default, false, "", null, 0);
        int open = line.IndexOf('<');
        while (open >= 0 && !(open + 3 < line.Length && char.IsAsciiHexDigit(line[open + 1]) && char.IsAsciiHexDigit(line[open + 2]) && line[open + 3] == '>'))
        {
            int next = line[(open + 1)..].IndexOf('<');
            open = next < 0 ? -1 : open + 1 + next;
        }

        if (open <= 0)
            return false;
        var given = line[..open].Trim();
        var rest = line[(open + 4)..].Trim();
        if (given.Length is 0 or > NetBiosName.BaseSize || given.ContainsAnyExceptInRange(' ', '\u00FF') || given.Contains(':'))
            return false;
        var suffix = (NameSuffix)byte.Parse(line.Slice(open + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        // consoles show the two control characters around __MSBROWSE__ as dots or boxes
        name = given.Contains("__MSBROWSE__", StringComparison.Ordinal) ? NetBiosName.MsBrowse : new NetBiosName(given, suffix);
        isGroup = rest.StartsWith("GR", StringComparison.OrdinalIgnoreCase) || rest.Contains("<GROUP>", StringComparison.OrdinalIgnoreCase);
        bool isUnique = rest.StartsWith("UNI", StringComparison.OrdinalIgnoreCase) || rest.StartsWith("EIN", StringComparison.OrdinalIgnoreCase);
        bool isSamba = rest.StartsWith("-", StringComparison.Ordinal) || rest.StartsWith("<GROUP>", StringComparison.OrdinalIgnoreCase);
        if (!isGroup && !isUnique && !isSamba)
            return false;
        foreach (var range in rest.SplitAny(" \t"))
        {
            if (Ipv4Address.TryParse(rest[range].ToString(), out var found))
                address = found;
            else if (address is not null && long.TryParse(rest[range], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds))
                life = seconds;
        }

        state = StateIn(rest);
        return true;
    }

    private static string StateIn(ReadOnlySpan<char> rest)
    {
        // Conflict comes before Registered where nmblookup shows several flags: <CONFLICT> <ACTIVE>
        if (rest.Contains("confli", StringComparison.OrdinalIgnoreCase) || rest.Contains("konflikt", StringComparison.OrdinalIgnoreCase))
            return "Conflict";
        if (rest.Contains("registering", StringComparison.OrdinalIgnoreCase) || rest.Contains("wird registriert", StringComparison.OrdinalIgnoreCase) || rest.Contains("en cours", StringComparison.OrdinalIgnoreCase))
            return "Registering";
        foreach (var (word, state) in States)
        {
            if (rest.Contains(word, StringComparison.OrdinalIgnoreCase))
                return state;
        }

        int last = rest.LastIndexOfAny(' ', '\t');
        return last < 0 ? "" : rest[(last + 1)..].ToString();
    }

    private static Explanation Held(int line, NetBiosName name, bool isGroup, string state)
    {
        string what = NameSuffixes.Describe(name, isGroup) ?? "not documented what for";
        bool isTrouble = state is "Conflict" or "Released";
        return new Explanation($"{name} {(isGroup ? "group" : "unique")}{(state.Length > 0 ? $", {state}" : "")}", state switch
        {
            "Conflict" => $"{what}. Another machine has the name, or said so: this one neither answers for it nor defends it (RFC 1001 §15.1.3.5). {EventAdvice.WhatIsLost(name)}",
            "Released" => $"{what}. Another machine released the name, and this one gave it up (Q120752). {EventAdvice.WhatIsLost(name)}",
            "Registering" => $"{what}. The machine still asks whether anybody objects.",
            "Deregistered" => $"{what}. The name was given up and will go.",
            _ => $"{what}.",
        })
        {
            Line = line,
            Name = name,
            IsTrouble = isTrouble,
            Advice = !isTrouble ? [] : [$"Find the other machine: the System log's NetBT events 4319, 4320 and 4321 have its address; or nbtstat -a {name.BaseName} from a third machine.", "Rename one of the two, or delete the stale WINS record; then nbtstat -RR, or restart."],
        };
    }

    private static Explanation Cached(int line, NetBiosName name, bool isGroup, Ipv4Address address, long life) =>
        new($"{name} is at {address}", $"{NameSuffixes.Describe(name, isGroup) ?? "not documented what for"}; {(life < 0 ? "preloaded from LMHOSTS (#PRE), for good" : string.Create(CultureInfo.InvariantCulture, $"forgotten in {life} s"))}.")
        {
            Line = line,
            Name = name,
            Address = address,
        };

    private static IEnumerable<Explanation> Summary(List<(NetBiosName Name, bool IsGroup, string State)> names, string? mac)
    {
        var computer = names.Find(one => !one.IsGroup && one.Name.Suffix == NameSuffix.Workstation);
        computer = computer.Name == default ? names.Find(one => !one.IsGroup && one.Name.Suffix == NameSuffix.Server) : computer;
        if (computer.Name == default)
            yield break;
        var group = names.Find(one => one.IsGroup && one.Name.Suffix is NameSuffix.Workstation or NameSuffix.BrowserElections);
        string[] users = [.. names.Where(one => !one.IsGroup && one.Name.Suffix == NameSuffix.Messenger && one.Name.BaseName != computer.Name.BaseName).Select(one => one.Name.BaseName)];
        yield return new Explanation($"The computer {computer.Name.BaseName}",
            $"{(group.Name == default ? "without a workgroup" : $"in the domain or workgroup {group.Name.BaseName}")}{(users.Length == 0 ? "" : $"; logged on: {string.Join(", ", users)}")}{(mac is null ? "" : $"; MAC address {mac}")}.");
        if (names.Exists(one => one.IsGroup && one.Name.BaseName == computer.Name.BaseName && one.Name.Suffix == NameSuffix.Workstation))
            yield return new Explanation("The computer is named like its workgroup", "One name cannot be unique and a group's: one of the two registrations fails.") { IsTrouble = true, Advice = ["Rename the computer."] };
    }

    private static bool IsStatistic(ReadOnlySpan<char> label) =>
        label.Contains("roadcast", StringComparison.OrdinalIgnoreCase) || label.Contains("erver", StringComparison.OrdinalIgnoreCase) || label.Contains("diffusion", StringComparison.OrdinalIgnoreCase)
        || label.Contains("serveur", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Explanation> Counted(List<long> counts)
    {
        string Number(int index) => counts[index].ToString(CultureInfo.InvariantCulture);
        yield return new Explanation($"{Number(0)} names resolved by broadcast, {Number(1)} by name server",
            counts[1] == 0 ? "Nothing came from a name server: none is configured, it does not answer, or it does not know the names." : counts[0] == 0 ? "The name server knew every name." : "What the name server does not know is asked for by broadcast.")
        {
            IsTrouble = false,
        };
        yield return new Explanation($"{Number(2)} names registered by broadcast, {Number(3)} with a name server",
            counts[3] == 0 ? "The machine is registered with no name server: machines of other segments cannot find it." : "The machine is registered with a name server.")
        {
            Advice = counts[3] == 0 ? ["Where there is a WINS server: see ipconfig /all for its address, then nbtstat -RR."] : [],
        };
    }

    private static bool IsOneOf(ReadOnlySpan<char> line, string[] texts)
    {
        foreach (string text in texts)
        {
            if (line.StartsWith(text, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
