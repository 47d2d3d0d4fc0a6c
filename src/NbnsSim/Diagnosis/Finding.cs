using NbnsSim.Events;
using NbnsSim.Names;

namespace NbnsSim.Diagnosis;

/// <summary>What a finding is about.</summary>
public enum FindingKind : byte
{
    /// <summary>A host's claim to a name was refused.</summary>
    RegistrationRefused,

    /// <summary>A host released a name that another host holds: what Q131739 and Q120752 are about.</summary>
    ReleaseOfAnothersName,

    /// <summary>A host, normally a name server, told the holder of a name to release it.</summary>
    ReleaseDemand,

    /// <summary>A host was told that its name is in conflict.</summary>
    ConflictDemand,

    /// <summary>Two hosts hold the same unique name at once.</summary>
    TwoOwners,

    /// <summary>A node status shows a name in conflict.</summary>
    ConflictFlag,

    /// <summary>Nobody answered a registration, refresh or release sent to a name server.</summary>
    NameServerSilent,
}

/// <summary>One thing worth knowing about a capture, with the frames that prove it.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Time">When it showed.</param>
/// <param name="Name">The name concerned.</param>
/// <param name="Host">The host concerned: whose claim, whose name, whose event log.</param>
/// <param name="Other">The other party: who refused, released, demanded, or holds the name too.</param>
/// <param name="Frames">The frames that prove it, in order.</param>
/// <param name="Text">One sentence that says it.</param>
/// <param name="EventId">The NetBT event that Windows hosts of some era log then, or null: see <see cref="NetBtEventId"/>.</param>
/// <param name="EventBasis">How well it is known that they log it; null without an event.</param>
/// <param name="Source">The document behind <paramref name="EventBasis"/>, or what the inference rests on.</param>
public sealed record Finding(
    FindingKind Kind,
    Instant Time,
    NetBiosName Name,
    Ipv4Address Host,
    Ipv4Address Other,
    IReadOnlyList<long> Frames,
    string Text,
    int? EventId = null,
    Basis? EventBasis = null,
    string? Source = null);
