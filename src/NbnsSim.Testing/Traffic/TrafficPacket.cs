using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Simulation;

namespace NbnsSim.Testing.Traffic;

/// <summary>A datagram of generated traffic, with the decision that sent it.</summary>
public sealed class TrafficPacket
{
    internal TrafficPacket()
    {
    }

    /// <summary>Which datagram of the simulation it is, in the order of sending; the first is 1.</summary>
    public required long Number { get; init; }

    /// <summary>The machine that sent it, whatever address it put there.</summary>
    public required HostId Sender { get; init; }

    /// <summary>The address and port that it says it is from.</summary>
    public required Ipv4Endpoint Source { get; init; }

    /// <summary>The address and port that it goes to.</summary>
    public required Ipv4Endpoint Destination { get; init; }

    /// <summary>Whether it goes to every station on the segment.</summary>
    public required bool IsBroadcast { get; init; }

    /// <summary>The UDP payload as it was sent.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>Which packet of RFC 1002 §4.2 it is.</summary>
    public required NbnsMessageKind Kind { get; init; }

    /// <summary>The name that it is about; default where it cannot be read.</summary>
    public required NetBiosName Name { get; init; }

    /// <summary>NAME_TRN_ID (RFC 1002 §4.2.1.1); 0 where it cannot be read.</summary>
    public required ushort TransactionId { get; init; }

    /// <summary>By which rule it was sent; <see langword="null"/> where its sender says none.</summary>
    public required Rule? Rule { get; init; }

    /// <summary>The repeats of a request, and only they, have this in common.</summary>
    public (HostId Sender, Ipv4Address Source, Ipv4Address Destination, ushort Id, NbnsMessageKind Kind, NetBiosName Name) Request => (Sender, Source.Address, Destination.Address, TransactionId, Kind, Name);

    /// <inheritdoc/>
    public override string ToString() => $"{Number} {Source} > {Destination}: {Kind} {Name} {Rule?.Id}";
}
