namespace NbnsSim.Tests.Diagnosis.Seeds;

/// <summary>All cases: each cause in the ways in which it comes about, and what only looks like one.</summary>
internal static partial class SeededCases
{
    public static IReadOnlyList<SeededCase> All { get; } = [.. Conflicts, .. Outsiders, .. NearMisses];
}
