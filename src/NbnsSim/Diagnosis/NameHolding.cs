using NbnsSim.Names;

namespace NbnsSim.Diagnosis;

/// <summary>One host's time with one name, as far as the capture shows it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Host">The holder's address, as its packets claim it.</param>
/// <param name="IsGroup">Whether it is held as a group name.</param>
/// <param name="Evidence">What showed the holding first.</param>
/// <param name="Since">When that was; the host may have held the name before.</param>
/// <param name="SinceFrame">The frame that shows it, 1 for the first of the capture.</param>
/// <param name="LastSeen">When a frame last showed the holding.</param>
/// <param name="LastSeenFrame">That frame.</param>
/// <param name="End">What ended it, if anything in the capture did.</param>
/// <param name="Until">When it ended; meaningless while <paramref name="End"/> is <see cref="HoldingEnd.None"/>.</param>
/// <param name="UntilFrame">The frame that ended it; 0 while nothing did.</param>
public sealed record NameHolding(
    NetBiosName Name,
    Ipv4Address Host,
    bool IsGroup,
    HoldingEvidence Evidence,
    Instant Since,
    long SinceFrame,
    Instant LastSeen,
    long LastSeenFrame,
    HoldingEnd End = HoldingEnd.None,
    Instant Until = default,
    long UntilFrame = 0);
