using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Rules;

namespace NbnsSim.Testing;

/// <summary>A packet that the name server on a <see cref="NameServerBench"/> sent.</summary>
/// <param name="To">Where to.</param>
/// <param name="Octets">The UDP payload.</param>
/// <param name="Message">What it says; null where it is none of the packets of <see cref="NbnsMessageKind"/>.</param>
/// <param name="Rule">By which rule it was sent; null where the server named none.</param>
public sealed record BenchPacket(Ipv4Endpoint To, ImmutableArray<byte> Octets, NbnsMessage? Message, Rule? Rule)
{
    /// <summary>Receiver, packet and rule on one line.</summary>
    public override string ToString() => $"to {To.Address}: {NbnsDescription.Describe(Octets.AsSpan())}{(Rule is null ? "" : $" ({Rule.Id})")}";
}
