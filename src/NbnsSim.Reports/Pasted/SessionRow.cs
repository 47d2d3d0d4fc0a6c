using NbnsSim.Names;

namespace NbnsSim.Reports.Pasted;

/// <summary>Rows of <c>nbtstat -s</c> and <c>-S</c>: the sessions of a machine, over TCP 139.</summary>
internal static class SessionRow
{
    // the table's heading has a word for connection, whatever else it is called
    private static readonly string[] Headings = ["connection table", "verbindungstabelle", "table de connexion", "connexions netbios", "tabla de conexi", "tabella connessioni", "tabella di connessione"];

    private static readonly (string State, string Meaning)[] States =
    [
        ("connected", "The session is up"), ("verbunden", "The session is up"), ("connecté", "The session is up"),
        ("listening", "The name takes calls; nobody has called"), ("écoute", "The name takes calls; nobody has called"), ("abhör", "The name takes calls; nobody has called"),
        ("idle", "The endpoint is open, and cannot be called"), ("associated", "The endpoint has its address, and no session"),
        ("connecting", "The name of the other is being resolved, or the connection being made"), ("accepting", "A call is being taken"), ("reconnect", "The session is being made anew after a failure"),
        ("out-going", "The TCP connection is being made"), ("outbound", "The TCP connection is being made"), ("in-coming", "A call is being taken"), ("inbound", "A call is being taken"),
        ("disconnecting", "The session is being ended"), ("disconnected", "The session has ended"),
    ];

    /// <summary>Whether a line is the heading of such a table.</summary>
    public static bool IsHeading(ReadOnlySpan<char> line)
    {
        foreach (string heading in Headings)
        {
            if (NbtStatWords.IndexOf(line, heading) >= 0)
                return true;
        }

        return false;
    }

    /// <summary>What a row says; null where a line is no row of the table.</summary>
    public static Explanation? Read(ReadOnlySpan<char> line, int number)
    {
        string[] words = line.ToString().Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
        int at = Array.FindIndex(words, word => States.Any(state => NbtStatWords.IndexOf(word, state.State) == 0));
        if (at <= 0)
            return null;
        var state = States.First(one => NbtStatWords.IndexOf(words[at], one.State) == 0);
        string? way = words.ElementAtOrDefault(at + 1) switch { "In" => "the other called", "Out" => "this machine called", _ => null };
        var name = NbtStatRow.IndexOfSuffix(line) is var open and > 0 && NetBiosName.TryParse(line[..(open + 4)].ToString().Replace(" ", "", StringComparison.Ordinal), out var local) ? (NetBiosName?)local : null;
        return new Explanation(string.Join(' ', words), $"{state.Meaning}{(way is null ? "" : $"; {way}")}.")
        {
            Line = number,
            Name = name,
            Address = words.Skip(at).Select(word => Ipv4Address.TryParse(word, out var address) ? (Ipv4Address?)address : null).FirstOrDefault(address => address is not null),
        };
    }
}
