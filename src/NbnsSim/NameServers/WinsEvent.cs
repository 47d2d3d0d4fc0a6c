using System.Globalization;
using NbnsSim.Names;
using NbnsSim.Protocol;

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

    /// <summary>A release was sent to a node whose name another server's record has taken, and its response is waited for. WINS has no event for that.</summary>
    ReleaseDemandSent = 5,

    /// <summary>A source was refused because it has had its share (<see cref="NameServerOptions.NamesPerSource"/>, <see cref="NameServerOptions.ClaimsPerSource"/>).</summary>
    SourceLimited = 6,

    /// <summary>A claim was refused because a table of the server, or all that may be asked of an owner, is full.</summary>
    ServerFull = 7,

    /// <summary>4129: this server is going to tell a partner to give a record a new version, after a clash of an owned record with a replica, both active (Q123169).</summary>
    VersionBumpRequested = 4129,

    /// <summary>4130: a partner told this server to give a record a new version, after such a clash (Q123169).</summary>
    VersionBumped = 4130,

    /// <summary>4236: the response to a name query or release of the server differed in the name or in the opcode, and was thrown away (Q123171).</summary>
    ResponseDiffers = 4236,

    /// <summary>4249: a release was ignored because it was for a group where the record is unique, or the reverse (Q123171).</summary>
    ReleaseOfWrongType = 4249,

    /// <summary>4250: a release was ignored because the record does not have its address, or not that of the requestor (Q123171).</summary>
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
        WinsEventId.SourceLimited => Text($"refused {Name} to {Address}: it has had its share"),
        WinsEventId.ServerFull => Text($"refused {Name} to {Address}: the server is full"),
        WinsEventId.ResponseDiffers => Text($"threw away a response from {Address}: it differs in name or opcode from what was asked about {Name}"),
        WinsEventId.VersionBumpRequested => Text($"asked server {Address} to give its record of {Name} a new version"),
        WinsEventId.VersionBumped => Text($"gave the record of {Name} a new version, as server {Address} asked"),
        WinsEventId.ReleaseDemandSent => Text($"told {Address} to release {Name}, and awaits its response"),
        WinsEventId.ReleaseOfWrongType => Text($"ignored a release of {Name} from {Address}: unique against group"),
        WinsEventId.ReleaseOfWrongAddress => Text($"ignored a release of {Name} from {Address}: not its address"),
        _ => Text($"{Name} {Address}"),
    };

    internal static void Carry(StateCodec codec, ref WinsEvent entry)
    {
        var (time, id, name, address) = (entry.Time, entry.Id, entry.Name, entry.Address);
        codec.Carry(ref time);
        codec.Carry(ref id, WinsEventId.ReleaseOfWrongAddress);
        codec.Carry(ref name);
        codec.Carry(ref address);
        entry = new WinsEvent(time, id, name, address);
    }

    private string Text(FormattableString what) =>
        (int)Id < 4000 ? what.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"WINS {(int)Id}: {what}");
}
