using NbnsSim.Conformance.Benches;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance;

/// <summary>A datagram that reached a station, read once.</summary>
internal sealed class SeenDatagram
{
    public SeenDatagram(BenchDatagram datagram)
    {
        Datagram = datagram;
        IsReadable = NbnsPacket.TryParseLenient(datagram.Octets.AsSpan(), out var packet, out _);
        if (datagram.Octets.Length >= NbnsHeader.Size)
        {
            TransactionId = (ushort)((datagram.Octets[0] << 8) | datagram.Octets[1]);
            Flags = new NbnsFlags((ushort)((datagram.Octets[2] << 8) | datagram.Octets[3]));
        }

        if (!IsReadable)
            return;
        Kind = NbnsClassification.Classify(packet);
        if ((packet.HasQuestion && packet.Question.Name.TryGetName(out var name)) || (packet.HasRecord && packet.Record.Name.TryGetName(out name)))
            Name = name;
    }

    public BenchDatagram Datagram { get; }

    /// <summary>Whether it is a packet at all.</summary>
    public bool IsReadable { get; }

    public ushort TransactionId { get; }

    public NbnsFlags Flags { get; }

    public NbnsMessageKind Kind { get; }

    /// <summary>The question's name, or the record's where there is no question; null where there is neither.</summary>
    public NetBiosName? Name { get; }

    /// <summary>Whether it ends an exchange: a response that does not ask to wait.</summary>
    public bool IsFinal => Flags.IsResponse && Flags.Opcode != NbnsOpcode.Wack;

    /// <summary>Reads it again, for what <see cref="CaseMatcher"/> looks at.</summary>
    public NbnsPacket Read() => NbnsPacket.TryParseLenient(Datagram.Octets.AsSpan(), out var packet, out _) ? packet : default;
}
