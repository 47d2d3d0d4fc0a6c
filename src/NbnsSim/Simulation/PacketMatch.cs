using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Simulation;

/// <summary>Which datagrams a <see cref="LinkRule"/> is about: those that fit every part that is set. A predicate as data.</summary>
public sealed record PacketMatch
{
    /// <summary>The packet's OPCODE.</summary>
    public NbnsOpcode? Opcode { get; init; }

    /// <summary>Whether R is set: a response, or a name conflict demand.</summary>
    public bool? IsResponse { get; init; }

    /// <summary>Whether the datagram goes by broadcast; the packet's own B bit does not count.</summary>
    public bool? IsBroadcast { get; init; }

    /// <summary>The packet's RCODE.</summary>
    public NbnsRcode? Rcode { get; init; }

    /// <summary>Which packet of RFC 1002 §4.2 it is.</summary>
    public NbnsMessageKind? Kind { get; init; }

    /// <summary>The name that it is about.</summary>
    public NetBiosName? Name { get; init; }

    /// <summary>Whether a datagram fits.</summary>
    /// <param name="datagram">The datagram; one that cannot be read fits only where no part of the packet is asked for.</param>
    public bool Matches(in Datagram datagram)
    {
        ref readonly var packet = ref datagram.Packet;
        if (IsBroadcast is { } broadcast && broadcast != datagram.IsBroadcast)
            return false;
        if (Opcode is null && IsResponse is null && Rcode is null && Kind is null && Name is null)
            return true;
        return datagram.IsReadable
            && (Opcode is not { } opcode || packet.Opcode == opcode)
            && (IsResponse is not { } response || packet.IsResponse == response)
            && (Rcode is not { } rcode || packet.Rcode == rcode)
            && (Kind is not { } kind || NbnsClassification.Classify(packet) == kind)
            && (Name is not { } name || (packet.Name.TryGetName(out var found) && found == name));
    }
}
