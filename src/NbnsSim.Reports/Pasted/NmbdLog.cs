using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Reports.EventLogs;

namespace NbnsSim.Reports.Pasted;

/// <summary>Reads lines of Samba's <c>log.nmbd</c> about names in dispute, as they stand in administrators' questions.</summary>
internal static class NmbdLog
{
    private static readonly SearchValues<char> BeforeName = SearchValues.Create(" \t\"'=:,");

    private static readonly (string Text, bool IsTrouble, string Meaning, string? Advice)[] Lines =
    [
        ("responses received for a query", true, "Several machines answered for one name that was asked for by broadcast: two of them hold it, or one with several addresses or adapters answered on each.",
            "The lines \"This response was from IP\" below name them: compare their MAC addresses (nmblookup -A, arp -n); two machines: rename one."),
        ("This response was from IP", false, "One of the machines that answered, and the address that it gave.", null),
        ("rejected our name registration", true, "The server or the holder of the name refused it.", "nmblookup -A with the refusing address says who holds the name; a stale record is to be deleted from the WINS server."),
        ("Failed to register", true, "The name was refused, or the WINS server did not answer: this machine goes without it.", "See the lines before it for who refused; nmblookup NAME says who holds it."),
        ("already a domain master browser", true, "Another machine is the domain master browser of the workgroup.", "Only one machine, the primary domain controller, may have 'domain master = yes'."),
        ("is announcing itself as a local master browser", true, "Two machines think that they are master browser; an election settles it.",
            "Harmless once. Where it recurs, one does not hear the other's broadcasts (a firewall, a wrong netmask or broadcast address), or both always win: set 'os level' lower on one."),
        ("is now a local master browser", false, "This machine won the election and keeps the segment's list of servers.", null),
        ("is now a domain master browser", false, "This machine collects the lists of all segments.", null),
        ("has stopped being a local master browser", false, "Another machine won an election.", null),
        ("Unable to find the Domain Master Browser", true, "Nobody has registered the domain master browser's name <1B>: the lists of several segments are not joined.", "Harmless on a single segment. Otherwise: is the primary domain controller up, and do both use the same WINS server?"),
        ("Packet send failed", true, "The system did not let a datagram out: a local firewall, or a network that is not there.", "Look at the firewall's rules for UDP 137 and 138, and at 'interfaces' in smb.conf."),
        ("in conflict", true, "A name is in conflict: another machine holds it.", "nmblookup NAME says who holds it: rename one of the two machines."),
        ("Ignoring", false, "nmbd did not take part in it.", null),
    ];

    /// <summary>What the lines mean; empty where no line is one of nmbd's.</summary>
    public static ImmutableArray<Explanation> Read(string text)
    {
        var found = ImmutableArray.CreateBuilder<Explanation>();
        int number = 0;
        bool isNmbd = text.Contains("nmbd", StringComparison.OrdinalIgnoreCase) || text.Contains("Samba", StringComparison.OrdinalIgnoreCase)
            || text.Contains("responses received for a query", StringComparison.Ordinal) || text.Contains("rejected our name registration", StringComparison.Ordinal);
        if (!isNmbd)
            return [];
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            foreach (var (words, isTrouble, meaning, advice) in Lines)
            {
                if (!line.Contains(words, StringComparison.OrdinalIgnoreCase))
                    continue;
                var name = NameIn(line);
                string more = isTrouble && name is { } disputed ? " " + EventAdvice.WhatIsLost(disputed) : "";
                found.Add(new Explanation(Shorten(line.Trim()), meaning + Code(line) + more)
                {
                    Line = number,
                    Name = name,
                    Address = AddressIn(line),
                    IsTrouble = isTrouble,
                    Advice = advice is null ? [] : [advice],
                });
                break;
            }
        }

        return found.ToImmutable();
    }

    /// <summary>What an error code of a refusal says (RFC 1002 §4.2.6).</summary>
    private static string Code(ReadOnlySpan<char> line)
    {
        int at = line.IndexOf("error code", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return "";
        var digits = line[(at + "error code".Length)..].TrimStart();
        int end = digits.IndexOfAnyExceptInRange('0', '9');
        return (end < 0 ? digits : digits[..end]) switch
        {
            "1" => " Code 1: the server did not understand the request.",
            "2" => " Code 2: the server failed.",
            "4" => " Code 4: the server does not do that.",
            "5" => " Code 5: refused by the server's policy.",
            "6" => " Code 6: another machine owns the name.",
            "7" => " Code 7: the name is in conflict, several machines own it.",
            _ => "",
        };
    }

    private static NetBiosName? NameIn(ReadOnlySpan<char> line)
    {
        for (int open = line.IndexOf('<'), from = 0; open >= 0;)
        {
            if (open + 3 < line.Length && line[open + 3] == '>'
                && byte.TryParse(line.Slice(open + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte suffix))
            {
                var before = line[from..open].TrimEnd();
                var word = before[(before.LastIndexOfAny(BeforeName) + 1)..];
                if (word.Length is > 0 and <= NetBiosName.BaseSize && !word.ContainsAnyExceptInRange(' ', '\u00FF'))
                    return new NetBiosName(word, (NameSuffix)suffix);
            }

            int next = line[(open + 1)..].IndexOf('<');
            from = open + 1;
            open = next < 0 ? -1 : from + next;
        }

        return null;
    }

    /// <summary>The address behind the word IP, else the first: where both stand, the other is a subnet.</summary>
    private static Ipv4Address? AddressIn(ReadOnlySpan<char> line)
    {
        int at = line.IndexOf(" IP ", StringComparison.Ordinal);
        var rest = at < 0 ? line : line[(at + 4)..];
        foreach (var range in rest.SplitAny(" \t,;()\"'"))
        {
            if (Ipv4Address.TryParse(rest[range].TrimEnd('.').ToString(), out var address))
                return address;
        }

        return null;
    }

    private static string Shorten(ReadOnlySpan<char> line) => line.Length <= 160 ? line.ToString() : string.Concat(line[..160], "…");
}
