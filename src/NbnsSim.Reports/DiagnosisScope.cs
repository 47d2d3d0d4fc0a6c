using System.Globalization;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Protocol;

namespace NbnsSim.Reports;

/// <summary>What of a diagnosis is told.</summary>
public sealed record DiagnosisScope
{
    /// <summary>Everything.</summary>
    public static DiagnosisScope All { get; } = new();

    /// <summary>Which names; <see langword="null"/> for all.</summary>
    public NetBiosNameFilter? Names { get; init; }

    /// <summary>Of which machine; <see langword="null"/> for all.</summary>
    public Ipv4Address? Host { get; init; }

    /// <summary>Only what makes a machine log this event; <see langword="null"/> for all.</summary>
    public int? EventId { get; init; }

    /// <summary>What the machines behave like, for the events that they log; <see langword="null"/> for every preset.</summary>
    public NetBtDialect? Dialect { get; init; }

    /// <summary>What is looked for, in words such as <c>a name JSMITH&lt;03&gt; and event 4320</c>; <see langword="null"/> for everything.</summary>
    public string? About
    {
        get
        {
            string?[] parts = [Names is null ? null : $"a name {Names}", Host?.ToString(), EventId is { } id ? $"event {id.ToString(CultureInfo.InvariantCulture)}" : null];
            string about = string.Join(" and ", parts.Where(part => part is not null));
            return about.Length == 0 ? null : about;
        }
    }

    internal bool Fits(Incident incident) =>
        (Names is null || incident.Names.Any(name => Names.Includes(name)))
        && (Host is not { } host || incident.Parties.Any(party => party.Address == host) || incident.Events.Any(one => one.Host == host))
        && (EventId is not { } id || incident.Events.Any(one => one.Finding.Event!.Id == id && (Dialect is null || one.Finding.IsLoggedBy(Dialect))));

    internal bool Fits(Finding finding) =>
        (Names?.Includes(finding.Name) ?? true) && (Host is not { } host || finding.Host == host || finding.Other == host)
        && (EventId is not { } id || (finding.Event?.Id == id && (Dialect is null || finding.IsLoggedBy(Dialect))));

    internal bool Fits(NameHolding holding) => (Names?.Includes(holding.Name) ?? true) && (Host is not { } host || holding.Address == host);
}
