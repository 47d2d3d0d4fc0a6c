using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Checking;

/// <summary>
/// What a property remembers of a run besides the state it has come to: an observer whose memory is a part of what states are told apart by, so that two ways to one network that a property will judge
/// differently are two.
/// </summary>
/// <remarks>
/// A state that was seen is not looked at again: whatever makes the property fail has to be written. What no longer counts is to be left out, or each state is a new one.
/// </remarks>
public abstract class CheckHistory : SimulationObserver
{
    /// <summary>A copy that goes on by itself.</summary>
    public abstract CheckHistory Fork();

    /// <summary>Writes what the judgement still depends on into a fingerprint.</summary>
    /// <param name="codec">Where to; nothing is ever read from it.</param>
    /// <param name="simulator">The network.</param>
    public abstract void WriteState(StateCodec codec, Simulator simulator);
}
