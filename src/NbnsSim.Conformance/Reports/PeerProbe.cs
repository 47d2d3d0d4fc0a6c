using NbnsSim.Conformance.Benches;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Reports;

/// <summary>What a peer shows of itself when it is asked: whether it is a name server, and its node type.</summary>
/// <param name="IsServer">Whether it grants a claim of a name that nobody has: a name server does (RFC 1002 §5.1.4.1), a node is silent.</param>
/// <param name="NodeType">The node type of its names (RFC 1002 §4.2.18, ONT); null where it gives no node status.</param>
internal readonly record struct PeerProbe(bool IsServer, OwnerNodeType? NodeType)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    /// <summary>Asks it: a node status, a claim of a name that nobody has, and its release where it was granted.</summary>
    public static PeerProbe Ask(IConformanceBench bench, ulong seed)
    {
        var random = RandomStream.Derive(seed, "probe");
        var name = new NetBiosName($"NBNSSIM{random.NextUInt32() & 0xFFFFFF:X6}", (NameSuffix)0x20);
        bool isServer = Answer(bench, new PacketData { Kind = "registration", Name = name.ToString() }, random.NextUInt32()) is { } claimed
            && NbnsClassification.Classify(Read(claimed)) == NbnsMessageKind.PositiveNameRegistrationResponse;
        if (isServer)
            Answer(bench, new PacketData { Kind = "release", Name = name.ToString() }, random.NextUInt32());
        OwnerNodeType? type = Answer(bench, new PacketData { Kind = "status", Name = "*" }, random.NextUInt32()) is { } status && Read(status) is { Record: { Type: NbnsType.NBStat, NodeNameCount: > 0 } record } && record.Data.Length > NodeStatusName.Size
            ? record.GetNodeName(0).Flags.OwnerNodeType
            : null;
        return new PeerProbe(isServer, type);
    }

    private static NbnsPacket Read(byte[] octets) => NbnsPacket.TryParseLenient(octets, out var packet, out _) ? packet : default;

    private static byte[]? Answer(IConformanceBench bench, PacketData question, uint random)
    {
        ushort id = (ushort)random;
        bench.Send(0, bench.Subject, false, new CasePacketWriter(new CaseNameBook(SubjectNames.None, "PROBE"), Ipv4Address.Parse).Write(question, bench.Stations[0], false, id));
        var until = bench.Now + AnswerTime;
        while (bench.TryReceive(until, out var datagram))
        {
            var seen = new SeenDatagram(datagram);
            if (datagram.Source.Address == bench.Subject.Address && seen is { IsReadable: true, IsFinal: true } && seen.TransactionId == id)
                return [.. datagram.Octets];
        }

        return null;
    }
}
