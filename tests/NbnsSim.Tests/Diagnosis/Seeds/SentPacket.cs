using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Diagnosis.Seeds;

/// <summary>A datagram of a simulated network, with the decision that sent it.</summary>
internal sealed class SentPacket
{
    public required long Number { get; init; }

    public required HostId Sender { get; init; }

    public required Ipv4Endpoint Source { get; init; }

    public required Ipv4Endpoint Destination { get; init; }

    public required bool IsBroadcast { get; init; }

    public required byte[] Payload { get; init; }

    public required NbnsMessageKind Kind { get; init; }

    public required NetBiosName Name { get; init; }

    public required ushort TransactionId { get; init; }

    /// <summary>By which rule it was sent; <see langword="null"/> where its sender says none.</summary>
    public required Rule? Rule { get; init; }

    /// <summary>The repeats of a request, and only they, have this in common.</summary>
    public (HostId Sender, Ipv4Address Source, Ipv4Address Destination, ushort Id, NbnsMessageKind Kind, NetBiosName Name) Request => (Sender, Source.Address, Destination.Address, TransactionId, Kind, Name);

    public override string ToString() => $"{Number} {Source} > {Destination}: {Kind} {Name} {Rule?.Id}";
}

/// <summary>A datagram as a capture has it.</summary>
internal readonly record struct Sighting(SentPacket Packet, Instant Time, MacAddress Mac, byte[] Payload);
