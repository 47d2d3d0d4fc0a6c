using NbnsSim.Names;
using NbnsSim.Wire;
using PacketDotNet;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>Datagrams and frames that several tests use.</summary>
internal static class Frames
{
    public static readonly Ipv4Endpoint Source = new(new Ipv4Address(0x0A000002), 137);
    public static readonly Ipv4Endpoint Broadcast = new(new Ipv4Address(0x0A0000FF), 137);

    public static byte[] Registration(string name = "JSMITH<03>", ushort transactionId = 0x1234)
    {
        byte[] buffer = new byte[NbnsEncoder.MaxRequestLength];
        int length = NbnsEncoder.WriteRequest(
            buffer, transactionId, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, NetBiosName.Parse(name), 300_000,
            new NbEntry(new NbFlags(group: false, OwnerNodeType.B), Source.Address));
        return buffer[..length];
    }

    public static byte[] NodeStatus()
    {
        byte[] buffer = new byte[NbnsHeader.MaxDatagramLength];
        NodeStatusName[] names =
        [
            new(NetBiosName.Parse("ALPHA<00>"), new NameFlags(0x0400)),
            new(NetBiosName.Parse("WORKGROUP<00>"), new NameFlags(0x8400)),
        ];
        int length = NbnsEncoder.WriteNodeStatus(buffer, 7, NbnsFlagWords.NodeStatusResponse, NetBiosName.Wildcard, names, default);
        return buffer[..length];
    }

    public static byte[] Ethernet(ReadOnlySpan<byte> datagram) =>
        NameServiceFrame.Create(MacAddress.FromIpv4(Source.Address), MacAddress.Broadcast, Source, Broadcast, datagram, 1).Bytes;

    /// <summary>The IPv4 packet of <see cref="Ethernet"/>, without its Ethernet header.</summary>
    public static byte[] Ipv4(ReadOnlySpan<byte> datagram) => Ethernet(datagram)[14..];

    public static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static byte[] EthernetHeader(ushort type) => Join(Hex("ffffffffffff 02000a000002"), [(byte)(type >> 8), (byte)type]);

    /// <summary>An IPv4 header around <paramref name="payload"/>; its checksum is left zero, which PacketDotNet does not mind.</summary>
    public static byte[] Ipv4Header(byte protocol, byte[] payload)
    {
        int length = 20 + payload.Length;
        return Join([0x45, 0, (byte)(length >> 8), (byte)length, 0, 1, 0, 0, 64, protocol, 0, 0], Hex("c0a80001 c0a80002"), payload);
    }

    public static Packet Parse(byte[] frame) => Packet.ParsePacket(LinkLayers.Ethernet, frame);
}
