namespace NbnsSim.Testing.Traffic;

/// <summary>A rule for Suricata, and beside it what it says in terms of the packet, which its expected counts come from.</summary>
/// <param name="Id">Its sid.</param>
/// <param name="Title">Its msg.</param>
/// <param name="Header">Protocol, addresses, ports.</param>
/// <param name="Body">What it looks for, in Suricata's language.</param>
/// <param name="Matches">The same of a datagram.</param>
/// <param name="Note">What it cannot tell.</param>
internal sealed record SuricataRule(int Id, string Title, string Header, string Body, Func<TrafficSighting, IReadOnlySet<Ipv4Address>, bool> Matches, string Note)
{
    /// <summary>How many matches it takes before it alerts, once for each <see cref="Seconds"/>; 0 for an alert for each.</summary>
    public int Count { get; init; }

    /// <summary>The length of a window in seconds.</summary>
    public int Seconds { get; init; }

    /// <summary>Whether matches are counted by who they go to, rather than by who they are from.</summary>
    public bool ByDestination { get; init; }

    /// <summary>As a line of a rule file.</summary>
    public string Text
    {
        get
        {
            string threshold = Count == 0 ? "" : FormattableString.Invariant($" threshold:type both, track {(ByDestination ? "by_dst" : "by_src")}, count {Count}, seconds {Seconds};");
            return FormattableString.Invariant($"alert {Header} (msg:\"{Title}\"; {Body}{threshold} sid:{Id}; rev:1;)");
        }
    }

    /// <summary>How many alerts there are, as Suricata's manual has "threshold: type both": one when a window's count is reached, and a window begins with the first match after the last.</summary>
    public int Alerts(TrafficRun run, IReadOnlySet<Ipv4Address> servers)
    {
        int alerts = 0;
        var windows = new Dictionary<Ipv4Address, (Instant Since, int Matches)>();
        foreach (var sighting in run.Mirror.Where(sighting => Matches(sighting, servers)))
        {
            if (Count == 0)
            {
                alerts++;
                continue;
            }

            var key = ByDestination ? sighting.Packet.Destination.Address : sighting.Packet.Source.Address;
            (Instant since, int matches) = windows.TryGetValue(key, out var known) && sighting.Time - known.Since <= TimeSpan.FromSeconds(Seconds) ? known : (sighting.Time, 0);
            windows[key] = (since, ++matches);
            alerts += matches == Count ? 1 : 0;
        }

        return alerts;
    }
}
