namespace NbnsSim.Checking;

/// <summary>How far a check is.</summary>
/// <param name="Faults">How many faults the runs have that are being looked at.</param>
/// <param name="States">How many different states were looked at.</param>
/// <param name="Done">How many parts of the work with so many faults are done.</param>
/// <param name="Parts">How many there are.</param>
public readonly record struct CheckProgress(int Faults, long States, int Done, int Parts);
