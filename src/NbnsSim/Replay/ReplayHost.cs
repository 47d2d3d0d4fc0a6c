using System.Collections.Immutable;
using System.Numerics;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Replay;

/// <summary>A host of a capture, as far as its own packets tell: what an end node that stands in for it has to start with.</summary>
/// <param name="Address">Its address; of several, the one it first sent from.</param>
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
    /// <summary>
    /// The addresses of its further interfaces: it answered for a name of its own with all of them, and they claim that name too
    /// (MS-NBTE §3.1.5.1).
    /// </summary>
    public ImmutableArray<Ipv4Address> OtherAddresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// Whether it serves names: it granted registrations, asked for patience, or refused what was registered with it (RFC 1002 §5.1.4).
    /// A replay stands in for end nodes: what such a host answers for others is not held against anything.
    /// </summary>
    public bool IsNameServer { get; init; }

    /// <summary>Where it broadcast to, beside 255.255.255.255: its subnet's broadcast address. Empty where it did not.</summary>
    public ImmutableArray<Ipv4Address> BroadcastAddresses { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>How many addresses it has.</summary>
    public int AddressCount => 1 + OtherAddresses.Length;

    /// <summary>One of its addresses.</summary>
    /// <param name="index">0 to <see cref="AddressCount"/> − 1.</param>
    public Ipv4Address AddressOf(int index) => index == 0 ? Address : OtherAddresses[index - 1];

    /// <summary>Which of its addresses this is; -1 where it is another's.</summary>
    /// <param name="address">The address.</param>
    public int IndexOf(Ipv4Address address) => address == Address ? 0 : OtherAddresses.IndexOf(address) is >= 0 and int index ? index + 1 : -1;

    /// <summary>
    /// Whether it hears a broadcast: of another subnet's it hears nothing. A host that never broadcast itself may hear any that its address
    /// fits to: the ones at the end of 10.1.255.255 bound that subnet from above.
    /// </summary>
    /// <param name="destination">Where the broadcast goes.</param>
    public bool Hears(Ipv4Address destination)
    {
        if (destination == Ipv4Address.Broadcast || BroadcastAddresses.Contains(destination))
            return true;
        if (!BroadcastAddresses.IsEmpty)
            return false;
        for (int i = 0; i < AddressCount; i++)
        {
            if (BroadcastDomain.MayHear(AddressOf(i), destination))
                return true;
        }

        return false;
    }

    /// <summary>The interface that a broadcast comes in on: the one nearest to the destination, or where that does not tell, to the sender.</summary>
    /// <param name="source">Who broadcasts.</param>
    /// <param name="destination">Where to.</param>
    public int InterfaceFor(Ipv4Address source, Ipv4Address destination)
    {
        int nearest = 0;
        if (OtherAddresses.IsEmpty)
            return nearest;
        uint near = destination == Ipv4Address.Broadcast ? source.Value : destination.Value;
        for (int i = 1; i < AddressCount; i++)
        {
            if (BitOperations.LeadingZeroCount(AddressOf(i).Value ^ near) > BitOperations.LeadingZeroCount(AddressOf(nearest).Value ^ near))
                nearest = i;
        }

        return nearest;
    }

    /// <summary>A host of which nothing is known.</summary>
    /// <param name="address">Its address.</param>
    public static ReplayHost Unknown(Ipv4Address address) => new(address, "HOST", null, [], [], NetBiosScope.Empty, 0);
}

/// <summary>A name that a host held before the capture began; an inference from a later frame.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsGroup">Whether it is a group name.</param>
/// <param name="Frame">The frame that shows it.</param>
public readonly record struct NameFromStart(NetBiosName Name, bool IsGroup, long Frame);
