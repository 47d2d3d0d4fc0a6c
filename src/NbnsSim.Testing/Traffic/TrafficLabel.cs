namespace NbnsSim.Testing.Traffic;

/// <summary>What is true of one frame.</summary>
/// <param name="Role">What it is to what happens.</param>
/// <param name="Party">Who sent it.</param>
/// <param name="IsMalicious">Whether an attacker sent it. What it makes others send, an answer to a spoofed request say, is not.</param>
/// <param name="HostName">The name of the machine that sent it.</param>
public sealed record TrafficLabel(TrafficRole Role, TrafficParty Party, bool IsMalicious, string HostName);
