using System.Collections.Immutable;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports.Checks;

/// <summary>What kinds of faults are called on the command line and in output.</summary>
public static class CheckFaultNames
{
    private static readonly ImmutableArray<(CheckFaults Kind, string Name)> Names =
    [
        (CheckFaults.Loss, "loss"), (CheckFaults.Duplicate, "duplicate"), (CheckFaults.Reorder, "reorder"), (CheckFaults.Corrupt, "corrupt"), (CheckFaults.Crash, "crash"),
        (CheckFaults.Restart, "restart"), (CheckFaults.Partition, "partition"), (CheckFaults.ForgedRelease, "forged-release"), (CheckFaults.ForgedConflict, "forged-conflict"),
    ];

    /// <summary>All names.</summary>
    public static ImmutableArray<string> All { get; } = [.. Names.Select(one => one.Name)];

    /// <summary>The names of kinds.</summary>
    /// <param name="kinds">The kinds.</param>
    public static IEnumerable<string> Of(CheckFaults kinds) => Names.Where(one => (kinds & one.Kind) != CheckFaults.None).Select(one => one.Name);

    /// <summary>The kind of a name.</summary>
    /// <param name="name">Its name, such as <c>loss</c>.</param>
    /// <exception cref="FormatException">There is none.</exception>
    public static CheckFaults Parse(string name) => Names.FirstOrDefault(one => one.Name == name) is { Name: not null } found
        ? found.Kind
        : throw new FormatException($"'{name}' is no fault: expected {string.Join(", ", All)}.");
}
