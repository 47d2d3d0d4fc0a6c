using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Replay;

/// <summary>A host of a capture, as far as its own packets tell: what an end node that stands in for it has to start with.</summary>
/// <param name="Address">Its address.</param>
/// <param name="ComputerName">Its computer name, guessed from its unique names; <c>HOST</c> where none tells.</param>
/// <param name="NodeType">Its node type, as its NB_FLAGS say (RFC 1002 §4.2.1.3 ONT); null where none tells.</param>
/// <param name="NameServers">Whom it sent unicast registrations, refreshes and releases to, first seen first.</param>
/// <param name="NamesFromStart">Names that it must have held before the capture began: it defended, answered for or refreshed them without claiming them.</param>
/// <param name="Scope">The scope of its names.</param>
/// <param name="Datagrams">How many NBNS datagrams it sent.</param>
public sealed record ReplayHost(
    Ipv4Address Address,
    string ComputerName,
    OwnerNodeType? NodeType,
    ImmutableArray<Ipv4Address> NameServers,
    ImmutableArray<NameFromStart> NamesFromStart,
    NetBiosScope Scope,
    long Datagrams)
{
    /// <summary>Where it broadcast to, beside 255.255.255.255: its subnet's broadcast address. Empty where it did not.</summary>
    public ImmutableArray<Ipv4Address> BroadcastAddresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Whether it hears a broadcast: of another subnet's it hears nothing. A host that never broadcast may hear any.</summary>
    /// <param name="destination">Where the broadcast goes.</param>
    public bool Hears(Ipv4Address destination) => BroadcastAddresses.IsEmpty || destination == Ipv4Address.Broadcast || BroadcastAddresses.Contains(destination);

    /// <summary>A host of which nothing is known.</summary>
    /// <param name="address">Its address.</param>
    public static ReplayHost Unknown(Ipv4Address address) => new(address, "HOST", null, [], [], NetBiosScope.Empty, 0);
}

/// <summary>A name that a host held before the capture began; an inference from a later frame.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsGroup">Whether it is a group name.</param>
/// <param name="Frame">The frame that shows it.</param>
public readonly record struct NameFromStart(NetBiosName Name, bool IsGroup, long Frame);
