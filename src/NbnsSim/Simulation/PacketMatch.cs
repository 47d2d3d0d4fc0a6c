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

    /// <summary>Carries a match, or that there is none.</summary>
    internal static void Carry(StateCodec codec, ref PacketMatch? match)
    {
        var one = match ?? new PacketMatch();
        byte parts = (byte)(match is null ? 0 : 1 | (one.Opcode is null ? 0 : 2) | (one.IsResponse is null ? 0 : 4) | (one.IsBroadcast is null ? 0 : 8)
            | (one.Rcode is null ? 0 : 16) | (one.Kind is null ? 0 : 32) | (one.Name is null ? 0 : 64));
        codec.Carry(ref parts);
        codec.Check(parts == 0 || ((parts & 1) == 1 && parts < 128), "A link rule matches what is not known");
        if (parts == 0)
            return;
        var (opcode, response, broadcast) = (one.Opcode.GetValueOrDefault(), one.IsResponse.GetValueOrDefault(), one.IsBroadcast.GetValueOrDefault());
        var (rcode, kind, name) = (one.Rcode.GetValueOrDefault(), one.Kind.GetValueOrDefault(), one.Name.GetValueOrDefault());
        codec.Carry(ref opcode, (NbnsOpcode)15);
        codec.Carry(ref response);
        codec.Carry(ref broadcast);
        codec.Carry(ref rcode, (NbnsRcode)15);
        codec.Carry(ref kind, (NbnsMessageKind)byte.MaxValue);
        codec.Carry(ref name);
        if (!codec.IsReading)
            return;
        match = new PacketMatch
        {
            Opcode = (parts & 2) != 0 ? opcode : null,
            IsResponse = (parts & 4) != 0 ? response : null,
            IsBroadcast = (parts & 8) != 0 ? broadcast : null,
            Rcode = (parts & 16) != 0 ? rcode : null,
            Kind = (parts & 32) != 0 ? kind : null,
            Name = (parts & 64) != 0 ? name : null,
        };
    }
}
