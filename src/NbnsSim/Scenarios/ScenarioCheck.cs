using System.Collections.Immutable;

namespace NbnsSim.Scenarios;

/// <summary>How a scenario is to be checked: what is to hold in it when what goes wrong.</summary>
public sealed record ScenarioCheck
{
    /// <summary>What stands before the time in the name of the property that a conflict is noticed within it.</summary>
    internal const string ConflictNoticedWithin = "conflict-noticed=";

    /// <summary>What properties a scenario can name, besides that one.</summary>
    internal static readonly string[] Known =
    [
        "one-owner", "one-owner-anywhere", "no-group-in-conflict", "no-4320", "no-4319-without-duplicate", "no-4320-without-duplicate", "nobody-refused", "claims-end", "held-names-answer",
        "names-are-with-server", "server-knows-names", "servers-names-are-held", "servers-agree", "conflict-noticed", "no-name-lost-to-a-stranger", "decisions-are-total",
        "nothing-throws", "bounded", "names-registered",
    ];

    /// <summary>The names of what is to hold; none for all that there is.</summary>
    public ImmutableArray<string> Properties { get; init; } = [];

    /// <summary>Reads the name of the property that a conflict is noticed within a time.</summary>
    internal static bool TryConflictNoticed(string name, out TimeSpan within)
    {
        within = default;
        return name.StartsWith(ConflictNoticedWithin, StringComparison.Ordinal) && ScenarioText.TryDelay(name[ConflictNoticedWithin.Length..], out within);
    }

    /// <summary>What may go wrong.</summary>
    public CheckFaults Faults { get; init; }

    /// <summary>How many faults one run may have.</summary>
    public int MaxFaults { get; init; }

    /// <summary>From when on nothing goes wrong; <see langword="null"/> for the scenario's end.</summary>
    public Instant? FaultsUntil { get; init; }

    /// <summary>How long the network is left alone after the scenario's end before what is to hold at the end is looked at; <see langword="null"/> for a minute.</summary>
    public TimeSpan? Quiet { get; init; }

    /// <summary>Whether commands of one time are tried in every order.</summary>
    public bool AnyOrder { get; init; }
}
