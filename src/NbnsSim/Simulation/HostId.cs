namespace NbnsSim.Simulation;

/// <summary>A host of a simulator: the first one added is 0. Good in that simulator and its forks.</summary>
/// <param name="Index">Its place in the order in which hosts were added.</param>
public readonly record struct HostId(int Index);
