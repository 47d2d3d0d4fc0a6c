using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>What becomes of a name, and of each that waits for it, when it is known whether its owner still holds it: see <see cref="Disputes"/>.</summary>
internal interface IDisputeVerdicts
{
    /// <summary>The owner was asked because a partner has another one for its name.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="dispute">What was asked.</param>
    /// <param name="replica">The partner's record.</param>
    /// <param name="isHeld">Whether the owner holds its name.</param>
    /// <param name="answer">The record of its answer, if it answered that it does.</param>
    void DecideReplica(Instant now, in ServerTransaction dispute, NameRecord replica, bool isHeld, NbnsResourceRecord answer);

    /// <summary>The owner was asked because its name's time has run out. Where it has gone and others wait for the name, the first of these has it, and nobody asks this.</summary>
    void DecideRemoval(Instant now, int slot, bool isHeld);

    /// <summary>The owner holds its name: a request against that.</summary>
    void Refuse(int slot, in ServerRequest request, NbnsResourceRecord answer);

    /// <summary>Nobody holds the name: the request that came first.</summary>
    void Award(int slot, in ServerRequest request);

    /// <summary>Nobody held the name, and another has been before: a request that came later.</summary>
    void TakeUpAgain(in ServerRequest request);
}
