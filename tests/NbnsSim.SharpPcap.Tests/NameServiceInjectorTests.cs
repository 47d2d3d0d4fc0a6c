using NbnsSim.Captures;
using PacketDotNet;
using SharpPcap;
using SharpPcap.LibPcap;

namespace NbnsSim.SharpPcap.Tests;

/// <summary>Injecting: never by accident.</summary>
public sealed class NameServiceInjectorTests
{
    [Test]
    public void WithoutPermissionNothingIsInjected()
    {
        using var lan = new SimulatedLan();
        Assert.That(() => new NameServiceInjector(lan.Device, "sim:lan", allowInjection: false), Throws.InvalidOperationException.With.Message.Contains("not allowed"));
    }

    [TestCase("eth0")]
    [TestCase("")]
    [TestCase("SIM:LAN")]
    public void ADeviceThatWasNotNamedIsRefused(string named)
    {
        using var lan = new SimulatedLan();
        Assert.That(() => new NameServiceInjector(lan.Device, named, allowInjection: true), Throws.InvalidOperationException.With.Message.Contains("sim:lan"));
    }

    [Test]
    public void ALinkThatIsNoEthernetIsRefused()
    {
        Libpcap.Require();
        using var file = new PcapFile(1);
        using var writer = new CaptureFileWriterDevice(file.Path);
        writer.Open(new DeviceConfiguration { LinkLayerType = LinkLayers.Null });
        Assert.That(() => new NameServiceInjector(writer, file.Path, allowInjection: true), Throws.InstanceOf<NotSupportedException>());
    }

    [Test]
    public void BothWaysOfSendingMakeTheSameFrame()
    {
        Libpcap.Require();
        using var file = new PcapFile(1);
        using (var writer = new CaptureFileWriterDevice(file.Path))
        {
            writer.Open(new DeviceConfiguration { LinkLayerType = LinkLayers.Ethernet });
            var injector = new NameServiceInjector(writer, file.Path, allowInjection: true);
            var mac = MacAddress.FromIpv4(Frames.Source.Address);
            injector.Send(mac, MacAddress.Broadcast, Frames.Source, Frames.Broadcast, Frames.Registration());
            var built = NameServiceFrame.Create(mac, MacAddress.Broadcast, Frames.Source, Frames.Broadcast, Frames.Registration(), identification: 1);
            var ip = built.Extract<IPv4Packet>();
            ip.TimeToLive = 128;
            ip.UpdateIPChecksum();
            injector.Send(built);
            Assert.That(injector.SentCount, Is.EqualTo(2));
        }

        using var reader = CaptureReader.Open(file.Path);
        Assert.That(reader.TryRead(out var packet), Is.True);
        byte[] first = packet.Data.ToArray();
        Assert.That(reader.TryRead(out packet), Is.True);
        Assert.That(packet.Data.ToArray(), Is.EqualTo(first));
    }
}
