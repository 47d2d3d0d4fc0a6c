using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Reports.EventLogs;

namespace NbnsSim.Reports.Pasted;

/// <summary>
/// Reads what somebody pasted of <c>nbtstat</c>, in whatever language and however it was wrapped or quoted, and of <c>nmblookup -A</c>, nmap's and nbtscan's tables:
/// a row is whatever has a name, a suffix in angle brackets and words behind it.
/// </summary>
internal static class NbtStatPaste
{
    private static readonly SearchValues<char> MacCharacters = SearchValues.Create("0123456789abcdefABCDEF-:");

    public static PastedText Read(string text)
    {
        var items = ImmutableArray.CreateBuilder<Explanation>();
        var names = new List<(NetBiosName Name, bool? IsGroup)>();
        var counts = new List<long>();
        var forms = new HashSet<PastedForm>();
        bool isTable = text.Contains("NetBIOS", StringComparison.OrdinalIgnoreCase);
        bool isSessions = false;
        string? mac = null;
        var unread = new List<(int Line, string Text)>();
        foreach (var (number, line) in Rows(text))
        {
            isSessions = SessionRow.IsHeading(line) || (isSessions && !line.Contains("NetBIOS", StringComparison.OrdinalIgnoreCase));
            if (isSessions)
            {
                if (SessionRow.Read(line, number) is { } session)
                {
                    items.Add(session);
                    forms.Add(PastedForm.Sessions);
                    continue;
                }
            }
            else if (NbtStatRow.TryRead(line, out var row) || (isTable && NbtStatRow.TryReadWithoutSuffix(line, out row)))
            {
                items.Add(row.Address is { } at ? Cached(number, row, at) : Held(number, row));
                forms.Add(row.Address is null ? PastedForm.NameTable : PastedForm.Cache);
                if (row is { Address: null, Name: { } name })
                    names.Add((name, row.IsGroup));
                continue;
            }
            else if (NbtStatRow.IndexOfSuffix(line) > 0)
            {
                unread.Add((number, line.Trim()));
            }

            var trimmed = line.AsSpan().Trim();
            if (MacAddress(trimmed) is { } address)
            {
                mac = address;
            }
            else if (SystemMessage.Find(trimmed, number) is var (form, message))
            {
                items.Add(message);
                forms.Add(form);
            }
            else if (trimmed.IndexOf('=') is var equals and > 0 && long.TryParse(trimmed[(equals + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long count) && IsStatistic(trimmed[..equals]))
            {
                counts.Add(count);
            }
        }

        if (counts.Count is 4 && names.Count == 0)
            return new PastedText(PastedForm.Statistics, [.. Counted(counts)]);
        if (forms.Overlaps([PastedForm.NameTable, PastedForm.Cache]))
            items.AddRange(unread.Select(one => new Explanation(one.Text, "This row was not understood.") { Line = one.Line, Advice = ["Paste the rows that were not understood as nbtstat prints them in English (chcp 437 in the console first)."] }));
        if (names.Count > 0)
            items.InsertRange(0, Summary(names, mac));
        PastedForm[] order = names.Count > 0 && items.All(item => item.Address is null)
            ? [PastedForm.NameTable] : [PastedForm.Cache, PastedForm.NameTable, PastedForm.Sessions, PastedForm.Message];
        return new PastedText(order.FirstOrDefault(forms.Contains), items.ToImmutable());
    }

    /// <summary>The lines with their numbers; several rows in one, as after a paste that lost its line breaks, are taken apart, and a row that was wrapped is put together.</summary>
    private static IEnumerable<(int Number, string Line)> Rows(string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            int first = NbtStatRow.IndexOfSuffix(line);
            int second = first < 0 ? -1 : NbtStatRow.IndexOfSuffix(line, first + 1);
            int number = i + 1;
            if (second > 0 && Begin(line, second) is var next && NbtStatRow.TryRead(line.AsSpan(Begin(line, first), next - Begin(line, first)), out _))
            {
                for (int suffix = first; suffix >= 0; suffix = second)
                {
                    second = NbtStatRow.IndexOfSuffix(line, suffix + 1);
                    int start = Begin(line, suffix);
                    yield return (number, second < 0 ? line[start..] : line[start..Begin(line, second)]);
                }

                continue;
            }

            if (first >= 0 && i + 1 < lines.Length && NbtStatRow.IndexOfSuffix(lines[i + 1]) < 0 && (!NbtStatRow.TryRead(line, out var row) || row.State.Length == 0)
                && row.Address is null && NbtStatRow.TryRead($"{line.TrimEnd()} {lines[i + 1].TrimStart()}", out var joined) && joined is { IsStateKnown: true, State.Length: > 0 })
                line = $"{line.TrimEnd()} {lines[++i].TrimStart()}";
            yield return (number, line);
        }
    }

    /// <summary>Where the word before a suffix begins.</summary>
    private static int Begin(string line, int suffix) => line.AsSpan(0, line.AsSpan(0, suffix).TrimEnd().Length).LastIndexOfAny(" \t") + 1;

    private static string? MacAddress(ReadOnlySpan<char> line)
    {
        bool isLine = line.Contains("MAC", StringComparison.OrdinalIgnoreCase) || line.StartsWith("Adapter address", StringComparison.OrdinalIgnoreCase);
        var value = isLine ? line[(line.LastIndexOfAny('=', ' ') + 1)..] : default;
        return value.Length == 17 && !value.ContainsAnyExcept(MacCharacters) ? value.ToString() : null;
    }

    private static Explanation Held(int line, NbtStatRow row)
    {
        string kind = row.IsGroup switch { true => "group", false => "unique", null => "unique or group" };
        bool isTrouble = row.State is "Conflict" or "Released";
        string what = row.Name is not { } known ? "its suffix in angle brackets is missing, as where a web page or mail program took it for markup" : NameSuffixes.Describe(known, row.IsGroup == true) ?? "not documented what for";
        string lost = row.Name is { } name ? " " + EventAdvice.WhatIsLost(name, row.IsGroup == true) : "";
        string other = $"Find the other machine: the System log's NetBT events 4319, 4320 and 4321 have its address; or nbtstat -a {row.Name?.BaseName ?? row.Given} from a third machine.";
        return new Explanation($"{row.Name?.ToString() ?? row.Given} {kind}{(row.State.Length > 0 ? $", {row.State}" : "")}", row.State switch
        {
            "Conflict" => $"{what}. Another machine has the name, or said so: this one neither answers for it nor defends it (RFC 1001 §15.1.3.5).{lost}",
            "Released" => $"{what}. Another machine released the name, and this one gave it up (Q120752).{lost}",
            "Registering" => $"{what}. The machine still asks whether anybody objects.",
            "Deregistered" => $"{what}. The name was given up and will go.",
            _ => row.IsStateKnown ? $"{what}." : $"{what}. What '{row.State}' says is not known.",
        })
        {
            Line = line,
            Name = row.Name,
            IsTrouble = isTrouble,
            Advice = isTrouble ? [other, "Rename one of the two, or delete the stale WINS record; then nbtstat -RR, or restart."]
                : row.IsStateKnown ? [] : [$"Look up what '{row.State}' means: a name in conflict or released is lost, a registered one is held."],
        };
    }

    private static Explanation Cached(int line, NbtStatRow row, Ipv4Address address)
    {
        string what = row.Name is { } name ? NameSuffixes.Describe(name, row.IsGroup == true) ?? "not documented what for" : "not documented what for";
        string life = row.Life switch { null => "", < 0 => "; preloaded from LMHOSTS (#PRE), for good", var seconds => string.Create(CultureInfo.InvariantCulture, $"; forgotten in {seconds} s") };
        return new Explanation($"{row.Name} is at {address}", $"{what}{life}.") { Line = line, Name = row.Name, Address = address };
    }

    private static IEnumerable<Explanation> Summary(List<(NetBiosName Name, bool? IsGroup)> names, string? mac)
    {
        var computer = names.Find(one => one.IsGroup == false && one.Name.Suffix == NameSuffix.Workstation);
        computer = computer.Name == default ? names.Find(one => one.IsGroup == false && one.Name.Suffix == NameSuffix.Server) : computer;
        if (computer.Name == default)
            yield break;
        var group = names.Find(one => one.IsGroup == true && one.Name.Suffix is NameSuffix.Workstation or NameSuffix.BrowserElections);
        string[] users = [.. names.Where(one => one.IsGroup == false && one.Name.Suffix == NameSuffix.Messenger && one.Name.BaseName != computer.Name.BaseName).Select(one => one.Name.BaseName)];
        yield return new Explanation($"The computer {computer.Name.BaseName}",
            $"{(group.Name == default ? "no domain or workgroup is in this table" : $"in the domain or workgroup {group.Name.BaseName}")}{(users.Length == 0 ? "" : $"; logged on: {string.Join(", ", users)}")}{(mac is null ? "" : $"; MAC address {mac}")}.");
        if (names.Exists(one => one.IsGroup == true && one.Name.BaseName == computer.Name.BaseName && one.Name.Suffix == NameSuffix.Workstation))
            yield return new Explanation("The computer is named like its workgroup", "One name cannot be unique and a group's: one of the two registrations fails.") { IsTrouble = true, Advice = ["Rename the computer."] };
    }

    private static bool IsStatistic(ReadOnlySpan<char> label) =>
        label.Contains("roadcast", StringComparison.OrdinalIgnoreCase) || label.Contains("erver", StringComparison.OrdinalIgnoreCase) || label.Contains("diffusion", StringComparison.OrdinalIgnoreCase)
        || label.Contains("serveur", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<Explanation> Counted(List<long> counts)
    {
        string Number(int index) => counts[index].ToString(CultureInfo.InvariantCulture);
        yield return new Explanation($"{Number(0)} names resolved by broadcast, {Number(1)} by name server",
            counts[1] == 0 ? "Nothing came from a name server: none is configured, it does not answer, it does not know the names, or nothing was asked." : counts[0] == 0 ? "All that was resolved came from the name server." : "What the name server does not know is asked for by broadcast.")
        {
            IsTrouble = false,
        };
        yield return new Explanation($"{Number(2)} names registered by broadcast, {Number(3)} with a name server",
            counts[3] == 0 ? "The machine is registered with no name server: machines of other segments cannot find it." : "The machine is registered with a name server.")
        {
            Advice = counts[3] == 0 ? ["Where there is a WINS server: see ipconfig /all for its address, then nbtstat -RR."] : [],
        };
    }
}
