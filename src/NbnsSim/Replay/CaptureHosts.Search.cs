using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace NbnsSim.Replay;

/// <summary>Machines by what people call them.</summary>
public sealed partial class CaptureHosts
{
    private const int MaxShown = 12;

    /// <summary>Finds a machine by an address of its or by its computer name.</summary>
    /// <param name="text">The address, or the name in any case.</param>
    /// <param name="host">The machine, or null.</param>
    /// <param name="problem">Why there is none, in sentences: nobody is called so, and who else sends, or several are.</param>
    /// <returns>Whether exactly one is called so.</returns>
    public bool TryFind(string text, [NotNullWhen(true)] out ReplayHost? host, [NotNullWhen(false)] out string? problem)
    {
        host = Ipv4Address.TryParse(text, out var address) ? Find(address) : null;
        ReplayHost[] named = host is not null ? [host] : [.. Hosts.Where(known => string.Equals(known.ComputerName, text, StringComparison.OrdinalIgnoreCase)).Take(MaxShown + 1)];
        (host, problem) = named switch
        {
            [var only] => (only, null),
            [] => ((ReplayHost?)null, (string?)$"no host '{VisibleText.Escape(text)}' sends name service datagrams. {DescribeSenders()}"),
            _ => (null, $"several machines are called {named[0].ComputerName}: give an address, such as {string.Join(" or ", named.Take(MaxShown).Select(one => one.Address))}."),
        };
        return host is not null;
    }

    /// <summary>Who sends something, in a sentence: the first twelve, and how many more.</summary>
    public string DescribeSenders()
    {
        var senders = Hosts;
        if (senders.Count == 0)
            return "Nobody sends any.";
        string more = senders.Count > MaxShown ? string.Create(CultureInfo.InvariantCulture, $" and {senders.Count - MaxShown} more") : "";
        return $"These send some: {string.Join(", ", senders.Take(MaxShown).Select(host => host.ComputerName == "HOST" ? host.Address.ToString() : $"{host.Address} ({host.ComputerName})"))}{more}.";
    }
}
