using System.Buffers.Binary;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Replay;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Diagnosis;

/// <summary>One capture of several broadcast domains: a trunk's mirror port, with the same subnet in several VLANs.</summary>
public sealed class BroadcastDomainTests
{
    private static readonly Ipv4Address s_all = Ipv4Address.Parse("10.0.0.255");
    private static readonly NetBiosName s_user = NetBiosName.Parse("JSMITH<03>");
    private static readonly NetBiosName s_computer = NetBiosName.Parse("FILESRV<20>");

    private readonly byte[] _packet = new byte[NbnsEncoder.MaxRequestLength];
    private MemoryStream _capture = null!;
    private CaptureWriter _writer = null!;
    private Instant _now;
    private ushort _id;
    private ushort _identification;

    [SetUp]
    public void SetUp()
    {
        _capture = new MemoryStream();
        (_writer, _now) = (new CaptureWriter(_capture, leaveOpen: true), Instant.Epoch + TimeSpan.FromDays(1));
    }

    [TearDown]
    public void TearDown()
    {
        _writer.Dispose();
        _capture.Dispose();
    }

    [Test]
    public void AReleaseInAnotherVlanTakesNoName()
    {
        Claim("10.0.0.1", s_user, 10);
        Release("10.0.0.2", s_user, 1, 20);
        var verdict = Judge();
        Assert.That(verdict.Incidents.Select(incident => incident.Cause), Is.EqualTo(new[] { Causes.ReleaseSeen }));
    }

    /// <summary>The near miss: in the same VLAN it does.</summary>
    [Test]
    public void AReleaseInTheSameVlanDoes()
    {
        Claim("10.0.0.1", s_user, 10);
        Release("10.0.0.2", s_user, 1, 10);
        var verdict = Judge();
        Assert.That(verdict.Incidents.Select(incident => incident.Cause), Has.None.EqualTo(Causes.ReleaseSeen).And.Not.Empty);
    }

    [Test]
    public void OneNameInTwoVlansIsNoConflict_ThoughTheSubnetIsTheSame()
    {
        Claim("10.0.0.1", s_computer, 10);
        Claim("10.0.0.2", s_computer, 20);
        var verdict = Judge();
        Assert.That((verdict.Conclusion, verdict.Incidents.Single().Cause), Is.EqualTo((Conclusion.Harmless, Causes.SeparateNetworks)));
    }

    [Test]
    public void OneNameInOneVlanIsAConflict()
    {
        Claim("10.0.0.1", s_computer, 10);
        Claim("10.0.0.2", s_computer, 10);
        Assert.That(Judge().Incidents.Select(incident => incident.Cause), Has.None.EqualTo(Causes.SeparateNetworks).And.Not.Empty);
    }

    [Test]
    public void TwoServiceTagsAroundTheSameVlanAreTwoDomains()
    {
        Claim("10.0.0.1", s_computer, 100, 10);
        Claim("10.0.0.2", s_computer, 200, 10);
        Assert.That(Judge().Incidents.Single().Cause, Is.EqualTo(Causes.SeparateNetworks));
    }

    /// <summary>An address that two VLANs have belongs to a machine in each: its release bears nobody's address but its own.</summary>
    [Test]
    public void TheSameAddressInAnotherVlanIsNotForged()
    {
        Claim("10.0.0.1", s_computer, 10);
        Release("10.0.0.1", s_user, 2, 20);
        Assert.That(Judge().Incidents.Select(incident => incident.Cause), Has.None.EqualTo(Causes.ForgedDemand));
    }

    [Test]
    public void AFrameWithoutATagMayBeOfAnyVlan()
    {
        Claim("10.0.0.1", s_user, 10);
        Release("10.0.0.2", s_user, 1);
        Assert.That(Judge().Incidents.Select(incident => incident.Cause), Has.None.EqualTo(Causes.ReleaseSeen).And.Not.Empty);
    }

    private void Claim(string host, NetBiosName name, params ReadOnlySpan<ushort> vlans)
    {
        var address = Ipv4Address.Parse(host);
        _id++;
        for (int i = 0; i < 3; i++)
            Send(address, 1, vlans, NbnsEncoder.WriteRequest(_packet, _id, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, address)));
        Send(address, 1, vlans, NbnsEncoder.WriteRequest(_packet, _id, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, address)));
        _now += TimeSpan.FromMinutes(1);
    }

    private void Release(string host, NetBiosName name, byte station, params ReadOnlySpan<ushort> vlans)
    {
        var address = Ipv4Address.Parse(host);
        Send(address, station, vlans, NbnsEncoder.WriteRequest(_packet, ++_id, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, address)));
    }

    /// <summary>An Ethernet frame with tags (IEEE 802.1Q).</summary>
    private void Send(Ipv4Address source, byte station, ReadOnlySpan<ushort> vlans, int length)
    {
        Span<byte> plain = stackalloc byte[256];
        int octets = UdpFrame.Write(
            plain, new MacAddress(0x0200_0000_0000 | ((ulong)station << 8) | (source.Value & 0xFF)), new MacAddress(0xFFFF_FFFF_FFFF), new Ipv4Endpoint(source, 137), new Ipv4Endpoint(s_all, 137),
            _packet.AsSpan(0, length), ++_identification);
        byte[] frame = new byte[octets + (4 * vlans.Length)];
        plain[..12].CopyTo(frame);
        for (int i = 0; i < vlans.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12 + (4 * i)), 0x8100);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(14 + (4 * i)), vlans[i]);
        }

        plain[12..octets].CopyTo(frame.AsSpan(12 + (4 * vlans.Length)));
        _writer.Write(_now, frame);
        _now += TimeSpan.FromMilliseconds(250);
    }

    private Verdict Judge()
    {
        _writer.Dispose();
        return CaptureFile.Diagnose(CaptureReader.Open(_capture.ToArray())).Judge();
    }
}
