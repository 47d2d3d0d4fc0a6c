using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Names;

namespace NbnsSim.Reports.Pasted;

/// <summary>Reads what <c>nmblookup NAME</c> printed: a line for each address that answered, <c>10.0.0.2 BRAVO&lt;00&gt;</c>.</summary>
internal static class NmbLookupPaste
{
    private const string Compare = "nmblookup -A with each address says whose name it is there, and whether as a group's.";

    /// <summary>Who answered; empty where the text has no such line.</summary>
    public static ImmutableArray<Explanation> Read(string text)
    {
        var answers = new List<(int Line, Ipv4Address Address, NetBiosName Name)>();
        int number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var trimmed = line.Trim();
            int blank = trimmed.IndexOf(' ');
            if (blank > 0 && trimmed.EndsWith(">") && Ipv4Address.TryParse(trimmed[..blank].ToString(), out var address) && NbtStatRow.IndexOfSuffix(trimmed) == trimmed.Length - 4
                && NetBiosName.TryParse(trimmed[(blank + 1)..].Trim().ToString(), out var name))
                answers.Add((number, address, name));
        }

        return [.. answers.GroupBy(answer => answer.Name).Select(Explain)];
    }

    private static Explanation Explain(IGrouping<NetBiosName, (int Line, Ipv4Address Address, NetBiosName Name)> answers)
    {
        var name = answers.Key;
        Ipv4Address[] addresses = [.. answers.Select(answer => answer.Address).Distinct()];
        string who = string.Join(", ", addresses);
        if (addresses.Length == 1)
        {
            return new Explanation($"{name} is at {who}", $"{NameSuffixes.Describe(name, isGroup: false) ?? "not documented what for"}; who asks by broadcast, or that server, finds it there.")
            {
                Line = answers.First().Line,
                Name = name,
                Address = addresses[0],
            };
        }

        bool isUnique = name.Suffix is NameSuffix.Server or NameSuffix.MasterBrowser or NameSuffix.DomainMasterBrowser; // these are no group's
        return new Explanation(string.Create(CultureInfo.InvariantCulture, $"{name} is at {addresses.Length} addresses: {who}"), isUnique
            ? "Either one machine has several addresses, or several machines hold one name."
            : "It is a group's name, which many may have, one machine has several addresses, or several machines hold one name.")
        {
            Line = answers.First().Line,
            Name = name,
            IsTrouble = isUnique,
            Advice = [Compare],
        };
    }
}
