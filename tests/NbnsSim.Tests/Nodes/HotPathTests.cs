using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>What a million nodes or a million datagrams would feel.</summary>
public sealed class HotPathTests
{
    private static readonly Ipv4Endpoint Stranger = Ipv4Endpoint.NameService(Ip("10.0.0.9"));
    private readonly byte[] _buffer = new byte[576];

    [TestCase("STRANGER<20>", 0x2910, 0)]
    [TestCase("STRANGER<20>", 0x3010, 0)]
    [TestCase("NAME<20>", 0x2910, 1)]
    [TestCase("NAME<20>", 0x3010, 0)]
    [TestCase("NAME<20>", 0x0110, 1)]
    [TestCase("STRANGER<20>", 0x0110, 0)]
    [TestCase("*", 0x0000, 1)]
    public void HandlingADatagram_AllocatesNothing(string name, int flags, int answers)
    {
        var node = Holder(EndNodeOptions.Default);
        var asked = Name(name);
        int length = flags switch
        {
            0x0000 => NbnsEncoder.WriteQuery(_buffer, 1, 0, asked, NbnsType.NBStat),
            0x0110 => NbnsEncoder.WriteQuery(_buffer, 1, 0x0110, asked),
            _ => NbnsEncoder.WriteRequest(_buffer, 1, (ushort)flags, asked, 0, new NbEntry(default, Stranger.Address)),
        };
        byte[] payload = _buffer[..length];
        Assert.That(Hear(node, payload, 10), Is.EqualTo(10 * answers)); // warms up
        long before = GC.GetAllocatedBytesForCurrentThread();
        int heard = Hear(node, payload, 1000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(heard, Is.EqualTo(1000 * answers));
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void ANodeWithTwoNames_IsSmall()
    {
        const int count = 20_000;
        var options = new EndNodeOptions { ReportsResults = false };
        Holder(options);
        var nodes = new EndNode[count];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < count; i++)
            nodes[i] = Holder(options);
        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / count;
        GC.KeepAlive(nodes);
        Assert.That(each, Is.InRange(100, 320), "octets a node; a million of them shall fit into 512 MB beside the simulator's share");
    }

    private EndNode Holder(EndNodeOptions options)
    {
        var node = new EndNode("ALPHA", EndNodeInterface.InSubnet(Ip("10.0.0.1")), options);
        foreach (var suffix in (ReadOnlySpan<NameSuffix>)[NameSuffix.Workstation, NameSuffix.Server])
            node.AddName(Instant.Epoch, new NetBiosName("NAME", suffix));
        bool busy = true;
        while (busy)
        {
            if (node.PollTimeout() is { } due)
                node.HandleTimeout(due);
            busy = node.TryPollTransmit(_buffer, out _) || node.TryPollResult(out _) || node.PollTimeout() is not null;
        }

        return node;
    }

    private int Hear(EndNode node, byte[] payload, int times)
    {
        int answers = 0;
        for (int i = 0; i < times; i++)
        {
            node.HandleDatagram(Instant.Epoch, new Datagram(payload, Stranger, Stranger, isBroadcast: true));
            while (node.TryPollTransmit(_buffer, out _))
                answers++;
            answers += node.TryPollEvent(out _) ? 1 : 0;
            answers += node.PollTimeout() is null ? 0 : 1;
        }

        return answers;
    }
}
