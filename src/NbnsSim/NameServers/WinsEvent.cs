using System.Globalization;
using NbnsSim.Names;

namespace NbnsSim.NameServers;

/// <summary>What a name server writes to its log. Numbers of 4000 and more are WINS' own event ids; the others only this library's.</summary>
public enum WinsEventId
{
    /// <summary>A release demand was answered by the node.</summary>
    ReleaseDemandAnswered = 1,

    /// <summary>A node did not answer a release demand, however often it was sent.</summary>
    ReleaseDemandUnanswered = 2,

    /// <summary>A partner's record was put in the place of one of this server's own.</summary>
    ReplicaTaken = 3,

    /// <summary>A partner's record was rejected: the owner of this server's own still holds the name.</summary>
    ReplicaRejected = 4,

    /// <summary>4129: a partner was asked to give a record a new version, so that it replicates (WINS event of version changes; text not documented here).</summary>
    VersionBumpRequested = 4129,

    /// <summary>4130: a record was given a new version at a partner's request (as 4129).</summary>
    VersionBumped = 4130,

    /// <summary>4236: a release was sent to a node whose name another server's record has taken, and its response is waited for (Q123171).</summary>
    ReleaseDemandSent = 4236,

    /// <summary>4249: a release was ignored because it was for a group where the record is unique, or the reverse (Q123171).</summary>
    ReleaseOfWrongType = 4249,

    /// <summary>4250: a release was ignored because its address is not the record's (Q123171).</summary>
    ReleaseOfWrongAddress = 4250,
}

/// <summary>An entry of a name server's log.</summary>
/// <param name="Time">When it happened.</param>
/// <param name="Id">What happened.</param>
/// <param name="Name">The name that it is about.</param>
/// <param name="Address">The node or server that it is about.</param>
public readonly record struct WinsEvent(Instant Time, WinsEventId Id, NetBiosName Name, Ipv4Address Address)
{
    /// <summary>The entry in words (this library's, not Windows').</summary>
    public override string ToString() => Id switch
    {
        WinsEventId.ReleaseDemandAnswered => Text($"{Address} answered the demand to release {Name}"),
        WinsEventId.ReleaseDemandUnanswered => Text($"{Address} did not answer the demand to release {Name}"),
        WinsEventId.ReplicaTaken => Text($"{Name} is {Address}'s now, as a partner has it"),
        WinsEventId.ReplicaRejected => Text($"a partner has {Name} at {Address}, but its owner here still holds it"),
        WinsEventId.VersionBumpRequested => Text($"asked server {Address} to give its record of {Name} a new version"),
        WinsEventId.VersionBumped => Text($"gave the record of {Name} a new version, as server {Address} asked"),
        WinsEventId.ReleaseDemandSent => Text($"told {Address} to release {Name}, and awaits its response"),
        WinsEventId.ReleaseOfWrongType => Text($"ignored a release of {Name} from {Address}: unique against group"),
        WinsEventId.ReleaseOfWrongAddress => Text($"ignored a release of {Name} from {Address}: not its address"),
        _ => Text($"{Name} {Address}"),
    };

    private string Text(FormattableString what) =>
        (int)Id < 4000 ? what.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"WINS {(int)Id}: {what}");
}
