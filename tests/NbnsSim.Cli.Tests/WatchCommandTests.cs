using System.Net;
using System.Net.Sockets;
using NbnsSim.Transport;

namespace NbnsSim.Cli.Tests;

public class WatchCommandTests
{
    [Test]
    public void StandardInputIsPrintedAsDecodePrintsIt() => Assert.That(
        ToolRun.With(ReplayCommandTests.Q131739, ["watch", "-"]).Output,
        Is.EqualTo(ToolRun.With(ReplayCommandTests.Q131739, ["decode", "-"]).Output).And.Contain("NAME RELEASE DEMAND JSMITH<03>"));

    [Test]
    public void StandardInputAsJsonIsThatOfDecode() => Assert.That(
        ToolRun.With(ReplayCommandTests.Q131739, ["watch", "-", "--json"]).Output,
        Is.EqualTo(ToolRun.With(ReplayCommandTests.Q131739, ["decode", "-", "--json"]).Output));

    [Test]
    public void UnknownInterfaceIsToldWithThoseThereAre()
    {
        RequireRights();
        var run = ToolRun.Of("watch", "eth99");

        Assert.That(run.ExitCode, Is.EqualTo(3));
        Assert.That(run.Error, Does.Contain("There is no interface 'eth99': expected ").And.Contain("lo"));
    }

    [Test]
    public void LoopbackShowsADatagramOnce()
    {
        RequireRights();
        using var frames = new PacketSocketStream("lo");
        using var sender = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        for (int i = 1; i <= 2; i++)
            sender.SendTo([0, (byte)i, 0x01, 0x10], new IPEndPoint(IPAddress.Loopback, 137));

        using var capture = NbnsSim.Captures.CaptureReader.Open(frames, leaveOpen: true);
        using var datagrams = new NbnsSim.Captures.DatagramReader(capture, new NbnsSim.Captures.DatagramReaderOptions { Port = 137 });
        Assert.That(datagrams.TryRead(out var first), Is.True);
        Assert.That(first.Payload.ToArray(), Is.EqualTo(new byte[] { 0, 1, 0x01, 0x10 }));
        Assert.That(datagrams.TryRead(out var second), Is.True);
        Assert.That(second.Payload.ToArray(), Is.EqualTo(new byte[] { 0, 2, 0x01, 0x10 }), "not the first one again");
    }

    [Test]
    public void CanBeClosedWhileNothingComes()
    {
        RequireRights();
        var frames = new PacketSocketStream("lo");
        using var started = new ManualResetEventSlim();
        var reading = Task.Run(() =>
        {
            started.Set();
            var octets = new byte[4096];
            while (frames.Read(octets) > 0)
            {
                // what others send on this machine
            }
        });
        started.Wait();
        frames.Dispose();
        Assert.That(reading.Wait(TimeSpan.FromSeconds(20)), Is.True);
    }

    private static void RequireRights()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Assert.Ignore("Packet sockets need Linux and root.");
    }
}
