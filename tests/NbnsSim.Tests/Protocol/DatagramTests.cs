using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Protocol;

/// <summary>A datagram is read once, at the door; what is odd about it is told, and is for rules to judge.</summary>
public sealed class DatagramTests
{
    private static readonly Ipv4Endpoint s_source = Ipv4Endpoint.NameService(new Ipv4Address(0x0A000001));
    private static readonly Ipv4Endpoint s_destination = Ipv4Endpoint.NameService(new Ipv4Address(0x0A0000FF));

    [Test]
    public void ADatagram_SaysWhatItsOctetsSay_OnWhateverInterfaceItIsHeard()
    {
        byte[] octets = new byte[576];
        var name = NetBiosName.Parse("FRED<20>");
        int length = NbnsEncoder.WriteQuery(octets, 0x1234, 0x0110, name);
        var datagram = new Datagram(octets.AsSpan(0, length), s_source, s_destination, isBroadcast: true, decision: 9);
        var other = datagram.On(2);
        Assert.That((datagram.IsReadable, datagram.Error, datagram.Packet.TransactionId, datagram.Packet.NameOrDefault()), Is.EqualTo((true, default(NbnsParseError), (ushort)0x1234, name)));
        Assert.That((other.IsReadable, other.Packet.NameOrDefault(), other.InterfaceIndex, datagram.InterfaceIndex), Is.EqualTo((true, name, 2, 0)));
        Assert.That((other.Source, other.Destination, other.IsBroadcast, other.Decision, other.Payload.Length), Is.EqualTo((s_source, s_destination, true, 9, length)));
        Assert.That((datagram.Packet.TryGetNameOctets(out ulong high, out ulong low), high, low), Is.EqualTo((true, name.High, name.Low)));
    }

    [Test]
    public void OctetsThatCannotBeRead_SayWhy()
    {
        var datagram = new Datagram([0x12, 0x34, 0x01], s_source, s_destination, isBroadcast: false);
        Assert.That((datagram.IsReadable, datagram.Error, datagram.Packet.HasQuestion, datagram.Packet.NameOrDefault()), Is.EqualTo((false, new NbnsParseError(NbnsParseErrorKind.Truncated, 3), false, default(NetBiosName))));
        Assert.That(datagram.Packet.TryGetNameOctets(out _, out _), Is.False);
    }

    /// <summary>Scopes that RFC 1002 §4.1 has no room for, and Windows' name servers keep, can be read: who does not want them has a rule for that.</summary>
    [Test]
    public void LeniencyIsAValue()
    {
        byte[] labels = [63, .. Octets(63), 63, .. Octets(63), 63, .. Octets(63), 29, .. Octets(29)];
        byte[] octets = [0, 1, 1, 0x10, 0, 1, 0, 0, 0, 0, 0, 0, 32, .. "EGFCEFEECACACACACACACACACACACACA"u8, .. labels, 0, 0, 0x20, 0, 1];
        var name = new NetBiosName("FRED", (NameSuffix)0x20, NetBiosScope.FromEncoded(labels));
        var datagram = new Datagram(octets, s_source, s_destination, isBroadcast: false);
        Assert.That((datagram.IsReadable, datagram.Packet.Anomalies, datagram.Packet.NameOrDefault()), Is.EqualTo((true, NbnsAnomalies.LongName, name)));
        Assert.That(NbnsPacket.TryParse(octets, out _), Is.False);

        static byte[] Octets(int count) => [.. Enumerable.Repeat((byte)'X', count)];
    }
}
