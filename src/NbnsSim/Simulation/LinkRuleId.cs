namespace NbnsSim.Simulation;

/// <summary>A link rule of a simulator: the first one added is 0. Good in that simulator and its forks.</summary>
/// <param name="Index">Its place in the order in which rules were added.</param>
public readonly record struct LinkRuleId(int Index);
