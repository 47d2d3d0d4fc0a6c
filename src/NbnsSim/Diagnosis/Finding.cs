using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Diagnosis;

/// <summary>What a finding is about.</summary>
public enum FindingKind : byte
{
    /// <summary>A host's claim to a name was refused.</summary>
    RegistrationRefused,

    /// <summary>A host released a name that another host holds: what Q131739 and Q120752 are about.</summary>
    ReleaseOfAnothersName,

    /// <summary>A host released a name, and nothing shows who held it.</summary>
    ReleaseOfUnknownHoldersName,

    /// <summary>A host, normally a name server, told the holder of a name to release it.</summary>
    ReleaseDemand,

    /// <summary>A host was told that its name is in conflict.</summary>
    ConflictDemand,

    /// <summary>Two hosts hold the same unique name at once, and can hear one another or share a name server.</summary>
    TwoOwners,

    /// <summary>Hosts hold the same unique name in networks that do not hear one another, as far as the capture shows.</summary>
    SeparateOwners,

    /// <summary>A node status shows a name in conflict.</summary>
    ConflictFlag,

    /// <summary>Nobody answered a registration, refresh or release sent to a name server.</summary>
    NameServerSilent,

    /// <summary>A host answered a broadcast query with an address that is not its own.</summary>
    ForeignAddress,

    /// <summary>A release carried the address of a name's holder but came from another station.</summary>
    ForeignStation,

    /// <summary>One machine holds a name at two addresses, at once or one after the other.</summary>
    SameMachine,

    /// <summary>A host answered with an address at which others do not reach it.</summary>
    UnreachableAddress,

    /// <summary>A response missed the port that the request came from.</summary>
    WrongPort,

    /// <summary>A name server gave out another address than the one where the name is held.</summary>
    StaleAnswer,

    /// <summary>A name server gave out the address of a machine that has gone, for a name that it left there.</summary>
    DeadRegistration,

    /// <summary>A host's claim to a name that another holds broke off, and no refusal is in the capture.</summary>
    ClaimBrokenOff,

    /// <summary>Two hosts of one segment are master browser of the same group.</summary>
    TwoMasterBrowsers,

    /// <summary>A packet breaks the format.</summary>
    Malformed,

    /// <summary>A host claims a name that has nothing in it that can be read, or that is padded with zeros.</summary>
    OddName,
}

/// <summary>One thing worth knowing about a capture, with the frames that prove it.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Time">When it showed.</param>
/// <param name="Name">The name concerned.</param>
/// <param name="Host">The host concerned: whose claim, whose name, whose event log; of several addresses the first seen. 0.0.0.0 where the capture does not show who it is.</param>
/// <param name="Other">The other party: who refused, released, demanded, or holds the name too.</param>
/// <param name="Frames">The frames that prove it, in order.</param>
/// <param name="Text">One sentence that says it.</param>
/// <param name="Event">The NetBT event that <paramref name="Host"/> logs then, or null.</param>
public sealed record Finding(
    FindingKind Kind,
    Instant Time,
    NetBiosName Name,
    Ipv4Address Host,
    Ipv4Address Other,
    IReadOnlyList<long> Frames,
    string Text,
    FindingEvent? Event = null)
{
    private static readonly FindingFacts s_noFacts = new();

    /// <summary>The dialects whose hosts log <see cref="Event"/>: all that would, but those that had logged one for this name before and hold it no more.</summary>
    public ImmutableArray<NetBtDialect> LoggedBy { get; init => field = value.IsDefault ? [] : value; } = Event?.Presets ?? [];

    /// <summary>What else the frames tell, for the rules that look for the cause.</summary>
    internal FindingFacts Facts { get; init; } = s_noFacts;

    /// <summary>Whether <see cref="Host"/> logs <see cref="Event"/> if it behaves like this.</summary>
    /// <param name="dialect">What it behaves like.</param>
    public bool IsLoggedBy(NetBtDialect dialect)
    {
        ArgumentNullException.ThrowIfNull(dialect);
        if (Event is null || (dialect.TakesUserNameReleaseSilently && Event.Id == Events.NetBtEventId.NameRelease && Name.Suffix == NameSuffix.Messenger))
            return false;
        return NetBtDialect.All.Contains(dialect) ? LoggedBy.Contains(dialect) : Event.IsLoggedBy(dialect);
    }
}
