using NbnsSim.Names;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>One fault of a counterexample.</summary>
/// <param name="Kind">What went wrong: one flag.</param>
/// <param name="At">When.</param>
/// <param name="Host">The machine that did not get the datagram as it was sent, or that crashed, restarted, was cut off or was told; empty for a broadcast that nobody got.</param>
/// <param name="From">Who sent the datagram; empty where there is none.</param>
/// <param name="Match">Which datagram it was; <see langword="null"/> where there is none.</param>
/// <param name="Name">The name that an outsider spoke of; <c>default</c> where none did.</param>
public sealed record CheckFault(CheckFaults Kind, Instant At, string Host, string From = "", PacketMatch? Match = null, NetBiosName Name = default)
{
    /// <summary>The fault in a sentence, without an end.</summary>
    public override string ToString()
    {
        string what = Match switch
        {
            { Kind: { } kind, Name: { } name } => $"{kind} about {name}",
            { Kind: { } kind } => kind.ToString(),
            _ => "a datagram",
        };
        string text = Kind switch
        {
            CheckFaults.Loss when Host.Length == 0 => $"nobody gets {From}'s broadcast {what}",
            CheckFaults.Loss => $"{Host} does not get {From}'s {what}",
            CheckFaults.Duplicate => $"{Host} gets {From}'s {what} twice",
            CheckFaults.Reorder => $"{Host} gets {From}'s {what} after the next",
            CheckFaults.Corrupt => $"{Host} gets {From}'s {what} with a changed octet",
            CheckFaults.Crash => $"{Host} crashes",
            CheckFaults.Restart => $"{Host} restarts and has forgotten everything",
            CheckFaults.Partition => $"{Host} is cut off",
            CheckFaults.ForgedRelease => $"an outsider tells {Host} to release {Name}",
            _ => $"an outsider tells {Host} that {Name} is in conflict",
        };
        return $"{At.ToShortString()} s: {text}";
    }
}
