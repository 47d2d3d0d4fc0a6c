using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Diagnosis;

namespace NbnsSim.Audit;

/// <summary>What a capture cannot tell of what becomes of a network without its name server.</summary>
internal sealed class AuditGaps(AuditTables tables, WinsAuditOptions options, Vantage vantage, ImmutableArray<AuditServer> servers, TimeSpan length, long incompleteFrom)
{
    /// <summary>What WINS of Windows NT 4.0 grants (Q154414).</summary>
    private static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(144);

    private readonly ImmutableArray<AuditGap>.Builder _gaps = ImmutableArray.CreateBuilder<AuditGap>();

    public ImmutableArray<AuditGap> Build(ImmutableArray<NameDependency> dependencies, ImmutableArray<AuditRegistrant> registrants)
    {
        if (servers.IsEmpty)
        {
            Add(AuditRules.NoNameServer, "Nobody speaks with a name server in this capture.", "A capture at the name server, or at a mirror port that its traffic passes.", preventsYes: true);
            return _gaps.ToImmutable();
        }

        if (vantage.Kind != VantageKind.ManyHosts && !IsTakenAtServer())
        {
            Add(
                AuditRules.NarrowVantage, $"The capture may have been taken at one client: what others ask {List(servers.Select(server => server.Address))} is not in it.",
                "A capture at the name server, or at a mirror port that its traffic passes.", preventsYes: true);
        }

        Lifetimes();
        if (length < options.Cycle)
        {
            Add(
                AuditRules.ShorterThanCycle, $"The capture is {Words(length)} long: a name that is asked for once in {Words(options.Cycle)} may not be in it.",
                $"A capture of at least {Words(options.Cycle)}.", preventsYes: true);
        }

        Add(AuditRules.RarerThanCapture, $"What is asked for less often than once in {Words(length)} may not be in it: at the end of a month, when something fails over.", "Knowing of such uses, or a longer capture.", preventsYes: false);
        int quiet = registrants.Count(one => !one.Asks);
        if (quiet > 0)
        {
            Add(
                AuditRules.OnlyRegistering, string.Create(CultureInfo.InvariantCulture, $"{AuditSentence.Count(quiet, "machine only registers or refreshes", "machines only register or refresh")} and {(quiet == 1 ? "asks" : "ask")} for nothing in this capture."),
                "", preventsYes: false);
        }

        NeverRegistering(dependencies);
        if (servers.Length > 1)
        {
            Add(
                AuditRules.SeveralServers, $"There are several name servers: {List(servers.Select(server => server.Address))}. Whether they are partners, and who uses one where this capture was not taken, is not in it.",
                "A capture at each name server.", preventsYes: false);
        }

        if (incompleteFrom != 0)
            Add(AuditRules.NotKept, string.Create(CultureInfo.InvariantCulture, $"From frame {incompleteFrom} on there is more than is kept."), "Captures of a part of the network each.", preventsYes: true);
        return _gaps.ToImmutable();
    }

    private bool IsTakenAtServer() => vantage.Kind == VantageKind.OneHost && vantage.Other == default && tables.IsServer(vantage.Host);

    /// <summary>Within the time to live that it was granted, every client that is up shows itself (RFC 1001 §15.1.3.2).</summary>
    private void Lifetimes()
    {
        var longest = servers.MaxBy(server => server.LongestLifetime ?? TimeSpan.Zero)!;
        if (longest.LongestLifetime is { } lifetime)
        {
            if (length < lifetime)
            {
                Add(
                    AuditRules.ShorterThanLifetime,
                    string.Create(CultureInfo.InvariantCulture, $"{longest.Address} grants names for {Words(lifetime)} (frame {longest.LifetimeFrame}), and the capture is {Words(length)} long: machines that use it need not have shown themselves."),
                    $"A capture of at least {Words(lifetime)}.", preventsYes: true);
            }
        }
        else if (length < UsualLifetime || servers.Any(server => server.GrantsForEver))
        {
            Add(
                AuditRules.LifetimeNotSeen,
                servers.Any(server => server.GrantsForEver) ? "Names are granted for ever: clients need not show themselves again." : "No grant is in the capture, so how soon every client must show itself is not known.",
                $"A capture of at least {Words(UsualLifetime)}.", preventsYes: length < UsualLifetime);
        }
    }

    private void NeverRegistering(ImmutableArray<NameDependency> dependencies)
    {
        var lifetime = servers.Max(server => server.LongestLifetime) ?? UsualLifetime;
        var strangers = new SortedSet<Ipv4Address>();
        foreach (var one in dependencies)
        {
            foreach (var address in one.Given)
            {
                if (address.IsUnicast && !(tables.FindHost(address) is >= 0 and var host && tables.Hosts[host].HasRegistered) && !tables.IsServer(address))
                    strangers.Add(address);
            }
        }

        if (strangers.Count == 0)
            return;
        Add(
            AuditRules.NeverRegisters,
            $"{List(strangers)} {(strangers.Count == 1 ? "is" : "are")} given out and not seen to register{(length < lifetime ? ", which a capture of this length need not show" : "")}: static mappings, what a partner sent, or machines whose time had not come.",
            length < lifetime ? $"A capture of at least {Words(lifetime)}, or the name server's list of static mappings." : "The name server's list of static mappings.", preventsYes: false);
    }

    private void Add(AuditRule rule, string text, string whatWouldTell, bool preventsYes) => _gaps.Add(new AuditGap(rule, text, whatWouldTell, preventsYes));

    private static string List(IEnumerable<Ipv4Address> addresses)
    {
        var all = addresses.ToList();
        return string.Join(", ", all.Take(8)) + (all.Count > 8 ? string.Create(CultureInfo.InvariantCulture, $" and {all.Count - 8:N0} more") : "");
    }

    /// <summary>A duration in the unit that fits: 6 days, 2.5 hours.</summary>
    internal static string Words(TimeSpan time)
    {
        (double value, string unit) = time.TotalDays >= 1 ? (time.TotalDays, "day") : time.TotalHours >= 1 ? (time.TotalHours, "hour") : time.TotalMinutes >= 1 ? (time.TotalMinutes, "minute") : (time.TotalSeconds, "second");
        value = Math.Floor(value * 10) / 10; // rounded down: what is almost enough is not enough
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {unit}{(value == 1 ? "" : "s")}");
    }
}
