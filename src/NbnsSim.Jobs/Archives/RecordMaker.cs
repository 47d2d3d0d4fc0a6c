using System.Buffers.Binary;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Archives;

/// <summary>Notes datagrams and frames as records; their payloads are the writer's business.</summary>
internal static class RecordMaker
{
    public static void Note(ref RunRecord record, in CapturedDatagram datagram)
    {
        var facts = DatagramFacts.Of(datagram);
        var flags = (facts.IsBroadcast ? RunFlags.Broadcast : RunFlags.None) | (facts.HasLink ? RunFlags.Link : RunFlags.None) | (facts.IsTruncated ? RunFlags.Truncated : RunFlags.None);
        record.Time = facts.Time.Nanoseconds;
        record.Frame = facts.FrameNumber;
        record.Source = facts.Source.Address.Value;
        record.Destination = facts.Destination.Address.Value;
        if (facts.IsIpv6)
        {
            flags |= RunFlags.Ipv6;
            record.Source = datagram.SourceIpv6.Value;
            record.Destination = datagram.DestinationIpv6.Value;
        }

        record.SourcePort = facts.Source.Port;
        record.DestinationPort = facts.Destination.Port;
        record.Identification = facts.Identification;
        record.SourceMac = 0;
        if (facts.SourceMac is { } station)
        {
            flags |= RunFlags.Station;
            record.SourceMac = station.Value;
        }

        record.Domain = facts.Domain;
        record.PayloadLength = facts.Payload.Length;
        record.OriginalLength = datagram.OriginalPayloadLength;
        record.TransactionId = facts.Payload.Length >= RunRecord.Prefix ? BinaryPrimitives.ReadUInt16BigEndian(facts.Payload) : facts.Payload.Length == 1 ? (ushort)(facts.Payload[0] << 8) : (ushort)0;
        record.PacketFlags = 0;
        record.NameHigh = record.NameLow = record.ScopeHash = 0;
        record.EntryAddress = 0;
        record.EntryFlags = record.KindOrLink = 0;
        if (NbnsPacket.TryParseLenient(facts.Payload, out var packet, out _))
            flags |= RunFlags.Readable | NotePacket(ref record, packet);
        record.Flags = flags;
    }

    public static void NoteFrame(ref RunRecord record, in CapturePacket packet)
    {
        record = default;
        record.Flags = RunFlags.Frame;
        record.Time = packet.Time.Nanoseconds;
        record.Frame = packet.FrameNumber;
        record.KindOrLink = (ushort)packet.LinkType;
        record.PayloadLength = packet.Data.Length;
        record.OriginalLength = packet.OriginalLength;
    }

    private static RunFlags NotePacket(ref RunRecord record, in NbnsPacket packet)
    {
        var flags = RunFlags.None;
        record.PacketFlags = packet.Flags.Value;
        record.KindOrLink = (ushort)NbnsClassification.Classify(packet);
        var name = packet.Name;
        if (name.TryGetOctets(out record.NameHigh, out record.NameLow))
        {
            flags |= RunFlags.Name;
            if (name.HasScope)
                record.ScopeHash = RunHash.Of(name.GetScope().Encoded);
        }

        if (packet.HasRecord && packet.Record is { HasEntry: true } first)
        {
            flags |= RunFlags.Entry;
            record.EntryAddress = first.FirstEntry.Address.Value;
            record.EntryFlags = first.FirstEntry.Flags.Value;
        }

        return flags;
    }
}
