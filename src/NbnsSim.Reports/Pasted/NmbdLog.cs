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

    private const string WrongServer = "A machine sends its registrations to this one as to a WINS server; nmbd is none here, or could not read the request.";
    private const string CorrectServer = "Correct the WINS address on that machine (ipconfig /all there shows it; DHCP option 44 sets it), or set 'wins support = yes' here.";

    private static readonly Phrase[] Phrases =
    [
        new("responses received for a query", true, "Several machines answered for one name that was asked for by broadcast: two of them hold it, or one with several addresses or adapters answered on each.",
            "The lines \"This response was from IP\" below name them: compare their MAC addresses (nmblookup -A, arp -n); two machines: rename one.") { IsDispute = true },
        new("This response was from IP", false, "One of the machines that answered, and the address that it gave."),
        new("rejected our name registration", true, "The server or the holder of the name refused it.", "nmblookup -A with the refusing address says who holds the name; a stale record is to be deleted from the WINS server.") { IsDispute = true },
        new("NT_STATUS_CONFLICTING_ADDRESSES", true, "Another machine, or the WINS server, objected to the registration: it has another owner for the name.", "nmblookup NAME says who holds it; a stale record is to be deleted from the WINS server."),
        new("failed to become a local master", true, "A name of the master browser's could not be registered, most often because another machine is master browser already: this one is none.",
            "Harmless where another is. nmblookup 'WORKGROUP#1d' says which."),
        new("failed to become a domain master", true, "A name of the domain master browser's or domain controllers' could not be registered: another machine has it, or the WINS server refused or was silent.",
            "Only one machine, the primary domain controller, may have 'domain master = yes'; nmblookup 'WORKGROUP#1b' says who has the name."),
        new("Failed to register", true, "The name was refused, or the WINS server did not answer: this machine goes without it.", "See the lines before it for who refused; nmblookup NAME says who holds it.") { IsDispute = true, NeedsName = true },
        new("already a domain master browser", true, "Another machine is the domain master browser of the workgroup.", "Only one machine, the primary domain controller, may have 'domain master = yes'."),
        new("is announcing itself as a local master browser", true, "Two machines think that they are master browser; an election settles it.",
            "Harmless once. Where it recurs, one does not hear the other's broadcasts (a firewall, a wrong netmask or broadcast address), or both always win: set 'os level' lower on one."),
        new("is now a local master browser", false, "This machine won the election and keeps the segment's list of servers."),
        new("is now a domain master browser", false, "This machine collects the lists of all segments."),
        new("has stopped being a local master browser", false, "Another machine won an election, or nmbd ends."),
        new("Unable to find the Domain Master Browser", true, "Nobody answered for the domain master browser's name <1B>: the lists of several segments are not joined.", "Harmless on a single segment. Otherwise: is the primary domain controller up, and do both use the same WINS server?"),
        new("differs from question name", true, "The answer to a registration is about another name than was asked for: nmbd does not take it, and goes on as if nobody had answered.",
            "Whoever answered is at fault: nbnssim decode on a capture of UDP 137 shows who."),
        new("unicast name registration request received", true, WrongServer, CorrectServer),
        new("unicast name refresh request received", true, WrongServer, CorrectServer),
        new("unicast name release request received", true, WrongServer, CorrectServer),
        new("Multihomed registration request must be", true, WrongServer, CorrectServer),
        new("should be sent to WINS server", true, WrongServer, CorrectServer),
        new("timed out registering", true, "The WINS server did not answer a registration.", "Is it up, does 'wins server' in smb.conf name it, and does no firewall drop UDP 137 to it?"),
        new("Marking wins server", true, "The WINS server did not answer, and is not asked for a while.", "Is it up, does 'wins server' in smb.conf name it, and does no firewall drop UDP 137 to it?"),
        new("Packet send failed", true, "The system did not let a datagram out: a local firewall, or a network that is not there.", "Look at the firewall's rules for UDP 137 and 138, and at 'interfaces' in smb.conf."),
        new("status request for name", false, "A machine asked for this one's table of names under a name that this one does not have.") { NeedsName = true },
        new("in conflict", true, "A name is in conflict: another machine holds it.", "nmblookup NAME says who holds it: rename one of the two machines.") { IsDispute = true, NeedsName = true },
    ];

    /// <summary>What the lines mean; empty where no line is one of nmbd's.</summary>
    public static ImmutableArray<Explanation> Read(string text)
    {
        var found = ImmutableArray.CreateBuilder<Explanation>();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            var line = lines[i].AsSpan();
            foreach (var phrase in Phrases)
            {
                if (!line.Contains(phrase.Text, StringComparison.OrdinalIgnoreCase))
                    continue;
                var name = NameIn(line);
                if (phrase.NeedsName && name is null)
                    continue;
                string more = phrase.IsDispute && name is { } disputed && (disputed.Suffix is not (NameSuffix.Workstation or NameSuffix.Server) || phrase != Phrases[0]) ? " " + EventAdvice.WhatIsLost(disputed) : "";
                string code = Code(i + 1 < lines.Length && line.TrimEnd().EndsWith("error") ? $"{lines[i].TrimEnd()} {lines[i + 1].TrimStart()}" : lines[i]);
                found.Add(new Explanation(Shorten(line.Trim()), phrase.Meaning + code + more)
                {
                    Line = i + 1,
                    Name = name,
                    Address = AddressIn(line),
                    IsTrouble = phrase.IsTrouble,
                    Advice = phrase.Advice is null ? [] : [phrase.Advice],
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

    /// <summary>Words that nmbd writes.</summary>
    /// <param name="Text">The words.</param>
    /// <param name="IsTrouble">Whether something is wrong.</param>
    /// <param name="Meaning">What they mean.</param>
    /// <param name="Advice">What to do; null for nothing.</param>
    private sealed record Phrase(string Text, bool IsTrouble, string Meaning, string? Advice = null)
    {
        /// <summary>Whether a name is in dispute.</summary>
        public bool IsDispute { get; init; }

        /// <summary>Whether others write such words too, so that only a name with its suffix makes the line nmbd's.</summary>
        public bool NeedsName { get; init; }
    }

    private static string Shorten(ReadOnlySpan<char> line) => line.Length <= 160 ? line.ToString() : string.Concat(line[..160], "…");
}
