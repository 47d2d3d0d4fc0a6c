using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NbnsSim.Names;

namespace NbnsSim.Audit;

/// <summary>Lines for an LMHOSTS file that give a name the addresses that a name server gave it (MS-NBTE §2.2.3).</summary>
internal static class LmHostsAdvice
{
    private const int AddressWidth = 16;

    /// <summary>The rule and the lines; no lines where the file cannot say it.</summary>
    /// <param name="name">The name; its scope does not count, for the file knows none.</param>
    /// <param name="isGroup">Whether it is a group's.</param>
    /// <param name="addresses">Its addresses.</param>
    /// <param name="computerOf">What the machine of an address is called; null where that is not known.</param>
    public static (AuditRule Rule, ImmutableArray<string> Lines) Of(in NetBiosName name, bool isGroup, IReadOnlyList<Ipv4Address> addresses, Func<Ipv4Address, string?> computerOf)
    {
        var known = addresses.Where(address => address.IsUnicast).ToList();
        if (string.IsNullOrWhiteSpace(name.BaseName))
            return (AuditRules.ReplaceLmHosts, []); // the file has no name of blanks alone
        if (isGroup)
        {
            string? keyword = name.Suffix switch { NameSuffix.DomainControllers => "#DOM", NameSuffix.Server => "#SG", _ => null };
            string group = name.BaseName;
            if (keyword is null || !IsPlain(group))
                return (AuditRules.ReplaceLmHostsDomain, []);
            return (AuditRules.ReplaceLmHostsDomain, [.. known.Select(address => computerOf(address) is { } computer && IsPlain(computer)
                ? $"{Padded(address)}{computer} #PRE {keyword}:{group}"
                : $"# {Padded(address)}(its computer name is not in the capture) #PRE {keyword}:{group}")]);
        }

        string several = known.Count > 1 ? " #MH" : "";
        string plain = name.BaseName;
        bool isComputer = name.Suffix is NameSuffix.Workstation or NameSuffix.Messenger or NameSuffix.Server && IsPlain(plain);
        string written = isComputer ? plain : Quoted(name);
        return (isComputer ? AuditRules.ReplaceLmHosts : AuditRules.ReplaceLmHostsQuoted, [.. known.Select(address => $"{Padded(address)}{written} #PRE{several}")]);
    }

    /// <summary>Each line once; a line that another says too, with more behind it, not at all.</summary>
    public static ImmutableArray<string> Join(IEnumerable<string> lines)
    {
        var all = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            if (known.Add(line))
                all.Add(line);
        }

        foreach (string line in all)
        {
            if (line.IndexOf(" #DOM:", StringComparison.Ordinal) is > 0 and var at)
                known.Remove(line[..at]);
        }

        return [.. all.Where(known.Contains)];
    }

    /// <summary>Whether a name means itself as it stands: the file is read in capitals, and ends names at white space and <c>#</c>.</summary>
    private static bool IsPlain(string name)
    {
        foreach (char one in name)
        {
            if (one is not ((>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '_' or '.' or '$' or '!' or '@' or '%' or '&' or '~' or '(' or ')' or '{' or '}' or '^'))
                return false;
        }

        return name.Length is > 0 and <= NetBiosName.BaseSize;
    }

    private static string Quoted(in NetBiosName name)
    {
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        name.CopyTo(octets);
        var text = new StringBuilder("\"");
        foreach (byte octet in octets[..NetBiosName.BaseSize])
        {
            if (octet is >= 0x20 and < 0x7F and not (byte)'"' and not (byte)'\\')
                text.Append((char)octet);
            else
                text.Append(CultureInfo.InvariantCulture, $"\\0x{octet:X2}");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\\0x{octets[NetBiosName.BaseSize]:X2}\"").ToString();
    }

    private static string Padded(Ipv4Address address) => address.ToString().PadRight(AddressWidth);
}
