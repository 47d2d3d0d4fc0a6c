namespace NbnsSim.Playing;

/// <summary>What a step of a play goes on to.</summary>
[Flags]
public enum PlayStride
{
    /// <summary>The next thing, whatever it is: the smallest step that there is.</summary>
    Anything = 0,

    /// <summary>A datagram is sent, arrives or is lost.</summary>
    Datagram = 1,

    /// <summary>A machine decides something that an account tells of: not that it leaves alone what does not concern it.</summary>
    Decision = 2,

    /// <summary>A machine's timer goes off, or a step of the scenario is done.</summary>
    Timer = 4,
}
