using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Twins;

/// <summary>A name service packet of a capture or of a twin's run, as far as two of them are compared: what kind, about which name, from whom to whom, and when.</summary>
/// <param name="Frame">The frame of the capture, 1 for the first; of a run the number of the datagram.</param>
/// <param name="Time">When, from the capture's first name service packet.</param>
/// <param name="Kind">Which packet of RFC 1002 §4.2 it is.</param>
/// <param name="Name">The name that it is about.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Destination">Whom it was sent to; 255.255.255.255 for every broadcast, whatever its address.</param>
public sealed record TwinPacket(long Frame, Instant Time, NbnsMessageKind Kind, NetBiosName Name, Ipv4Address Source, Ipv4Address Destination)
{
    /// <summary>Whether it went to every station.</summary>
    public bool IsBroadcast => Destination == Ipv4Address.Broadcast;

    /// <summary>NAME_TRN_ID, which is not compared: a simulated machine draws its own.</summary>
    public ushort TransactionId { get; init; }

    /// <summary>The port that it came from, or for an answer went to: not compared, since a simulated machine asks from port 137.</summary>
    internal ushort AskersPort { get; init; }

    /// <summary>Whether it answers another.</summary>
    public bool IsResponse { get; init; }

    /// <summary>The broadcast address that it went to; default for a unicast.</summary>
    internal Ipv4Address BroadcastAddress { get; init; }

    /// <summary>The first NB_FLAGS and NB_ADDRESS; default where it has none.</summary>
    internal NbEntry Entry { get; init; }

    /// <summary>All addresses that it gives for the name.</summary>
    internal Ipv4Address[] Addresses { get; init; } = [];

    internal bool HasEntry => Addresses.Length > 0;

    internal uint TimeToLive { get; init; }

    internal bool RecursionDesired { get; init; }

    internal byte[] Payload { get; init; } = [];

    /// <summary>Makes one of a datagram.</summary>
    /// <returns>Null where it cannot be read, or is about no name.</returns>
    internal static TwinPacket? Read(long frame, Instant time, Ipv4Endpoint source, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> payload)
    {
        if (!NbnsPacket.TryParseLenient(payload, out var packet, out _) || !packet.Name.TryGetName(out var name))
            return null;
        var kind = NbnsClassification.Classify(packet);
        if (kind == NbnsMessageKind.Unknown)
            return null;
        var addresses = new List<Ipv4Address>();
        for (int i = 0; packet.HasEntry && i < packet.Record.EntryCount; i++)
            addresses.Add(packet.Record.GetEntry(i).Address);
        return new TwinPacket(frame, time, kind, name, source.Address, isBroadcast ? Ipv4Address.Broadcast : destination.Address)
        {
            TransactionId = packet.TransactionId,
            IsResponse = packet.IsResponse,
            BroadcastAddress = isBroadcast ? destination.Address : default,
            AskersPort = packet.IsResponse ? destination.Port : source.Port,
            Entry = packet.HasEntry ? packet.Record.FirstEntry : default,
            Addresses = [.. addresses],
            TimeToLive = packet.HasRecord ? packet.Record.TimeToLive.Seconds : 0,
            RecursionDesired = packet.Flags.RecursionDesired,
            Payload = payload.ToArray(),
        };
    }
}

/// <summary>What two packets have to share to be the same one of a capture and of its twin's run.</summary>
internal readonly record struct TwinKey(NbnsMessageKind Kind, NetBiosName Name, Ipv4Address Source, Ipv4Address Destination);
