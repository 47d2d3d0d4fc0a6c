namespace NbnsSim.Reports.Pasted;

/// <summary>What <c>nbtstat</c>, <c>nmblookup</c> and Windows say in a line of their own.</summary>
internal static class SystemMessage
{
    private const string SeeAdapter = "Try nbtstat -A with its address; ping it; on it, see ipconfig /all for NetBIOS over TCP/IP.";

    private static readonly (string[] Texts, PastedForm Form, bool IsTrouble, string Subject, string Meaning, string? Advice)[] Known =
    [
        (["host not found", "host nicht gefunden", "hôte introuvable", "hôte non trouvé", "host no encontrado", "host non trovato", "host niet gevonden"], PastedForm.Message, true, "Host not found",
            "The machine did not answer: it is off, a firewall drops UDP 137, or NetBIOS over TCP/IP is switched off there (Q175935).", SeeAdapter),
        (["no reply from"], PastedForm.Message, true, "No reply", "The machine did not answer nmblookup: it is off, a firewall drops UDP 137, or NetBIOS over TCP/IP is switched off there.", SeeAdapter),
        (["name_query failed to find name"], PastedForm.Message, true, "The name was not found", "Nobody answered nmblookup for this name: no machine of the segment has it, or its answer was lost.",
            "nmblookup -U SERVER -R NAME asks a WINS server; nmblookup 'NAME#20' asks for another suffix."),
        (["no names in cache", "keine namen im cache", "aucun nom dans le cache", "aucun nom n'est dans le cache", "no hay nombres en la caché"], PastedForm.Cache, false, "No names in cache",
            "Nothing was resolved in the last ten minutes, and LMHOSTS has no #PRE entries.", null),
        (["no connections", "keine verbindungen", "aucune connexion"], PastedForm.Sessions, false, "No connections", "No NetBIOS session is up and no name waits for one: file sharing uses TCP 445 instead, or nothing.", null),
        (["netbt is not bound to any devices"], PastedForm.Message, true, "NetBT is not bound to any devices", "NetBIOS over TCP/IP runs on no adapter: this machine has no names and answers for none.",
            "Where it is wanted: switch it on in the adapter's TCP/IP settings, tab WINS, and see that the adapter has an address."),
        (["failed to access netbt driver"], PastedForm.Message, true, "Failed to access NetBT driver", "The driver netbt.sys is not loaded.", "See the System log for NetBT's events 4300 to 4322 at the last start, and whether the service NetBT is disabled."),
        (["failed release and refresh"], PastedForm.Message, true, "Failed release and refresh", "nbtstat -RR did not go through: the names stay as they were.", "Wait two minutes, for one such command at a time is taken; run it as an administrator."),
        (["the netbios names registered by this computer have been refreshed"], PastedForm.Message, false, "The names have been refreshed",
            "nbtstat -RR sent releases and registrations to the WINS server; whether they were accepted nbtstat -n shows.", null),
        (["successful purge and preload"], PastedForm.Message, false, "The cache was purged", "nbtstat -R emptied the cache and loaded the #PRE entries of LMHOSTS.", null),
        (["failed to purge the nbt remote cache"], PastedForm.Message, true, "Failed to purge the cache", "nbtstat -R was not allowed to, or NetBT is not bound to an adapter.", "Run it as an administrator."),
        (["a duplicate name exists on the network"], PastedForm.Message, true, "A duplicate name exists on the network",
            "System error 52. At the start of a machine: another one holds its name. At a connection: the server is not called what it was asked for, as with an alias in DNS.",
            "At the start: see the System log for a NetBT event 4319 to 4321 with the other's address, and rename one of the two. With an alias: connect by the server's own name, or let the server take others (DisableStrictNameChecking, Q281308)."),
    ];

    /// <summary>What a line says; null where it is none of these.</summary>
    public static (PastedForm Form, Explanation Item)? Find(ReadOnlySpan<char> line, int number)
    {
        var trimmed = line.Trim();
        foreach (var (texts, form, isTrouble, subject, meaning, advice) in Known)
        {
            foreach (string text in texts)
            {
                if (NbtStatWords.IndexOf(trimmed, text) is var at && (at == 0 || (at > 0 && text.Length > 30)))
                    return (form, new Explanation(subject, meaning) { Line = number, IsTrouble = isTrouble, Advice = advice is null ? [] : [advice] });
            }
        }

        return null;
    }
}
