using NbnsSim.Names;

namespace NbnsSim.Narrative;

/// <summary>
/// One machine's time with one name: who held what from when to when, and why it ended. A simulation, a replay and a capture that is only looked at tell it
/// alike: the first two from the machine's decisions, the last from frames.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Host">The machine, as it is called there.</param>
/// <param name="Address">The address that it holds the name with; of several the first that was told. 0.0.0.0 where none was.</param>
/// <param name="IsGroup">Whether it is held as a group name.</param>
/// <param name="Since">What made it the machine's, or what first showed that it is.</param>
/// <param name="LastSeen">What last showed that the machine still held it.</param>
/// <param name="Until">What ended it; <see langword="null"/> where nothing did.</param>
public sealed record NameHolding(NetBiosName Name, string Host, Ipv4Address Address, bool IsGroup, NameMoment Since, NameMoment LastSeen, NameMoment? Until = null)
{
    /// <summary>On which of the machine's interfaces, 0 for the first; a capture tells interfaces apart by their addresses, and has 0.</summary>
    public int Interface { get; init; }
}
