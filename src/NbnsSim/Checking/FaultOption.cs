using NbnsSim.Names;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>A fault that could come next.</summary>
/// <param name="Kind">What would go wrong: one flag.</param>
/// <param name="To">The machine that it would happen to; −1 for all receivers of a broadcast.</param>
/// <param name="From">Who sends the datagram, or whom an outsider's is sent from; −1 for none.</param>
/// <param name="Match">Which datagram.</param>
/// <param name="Name">The name that an outsider would speak of.</param>
/// <param name="Variant">Which way of corrupting it.</param>
internal readonly record struct FaultOption(CheckFaults Kind, int To, int From = -1, PacketMatch? Match = null, NetBiosName Name = default, int Variant = 0)
{
    /// <summary>Whether it is about the datagram that arrives next, rather than about what happens between two instants.</summary>
    public bool IsDelivery => Match is not null;
}
