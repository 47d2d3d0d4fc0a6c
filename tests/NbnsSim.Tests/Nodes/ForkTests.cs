using NbnsSim.Nodes;
using NbnsSim.Protocol;
using static NbnsSim.Tests.Nodes.NodeBed;

namespace NbnsSim.Tests.Nodes;

/// <summary>A node's state is data: it can be copied, and the copy lives on by itself.</summary>
public sealed class ForkTests
{
    [Test]
    public void TwoForks_DrivenAlike_StayTheSame([Range(1, 20)] int seed)
    {
        var node = Storm.MakeNode((ulong)seed);
        var storm = new Storm((ulong)seed);
        for (int i = 0; i < 200; i++)
            storm.Step(node);
        var fork = node.Fork();
        Assert.That(fork.HasSameStateAs(node), Is.True);

        // the storm looks at the node's transactions, so each copy gets a storm of its own, in the same state
        var one = new Storm((ulong)seed + 1000);
        var two = new Storm((ulong)seed + 1000);
        var buffers = (new byte[576], new byte[576]);
        for (int i = 0; i < 300; i++)
        {
            Assert.That(one.Step(node), Is.EqualTo(two.Step(fork)));
            Assert.That(fork.HasSameStateAs(node), Is.True, $"step {i}");
            bool left = node.TryPollTransmit(buffers.Item1, out var first);
            bool right = fork.TryPollTransmit(buffers.Item2, out var second);
            Assert.That((right, second), Is.EqualTo((left, first)));
            Assert.That(buffers.Item2.AsSpan().SequenceEqual(buffers.Item1), Is.True);
        }
    }

    [Test]
    public void WhatHappensToAFork_DoesNotShowInTheOriginal([Range(1, 20)] int seed)
    {
        var node = Storm.MakeNode((ulong)seed);
        var storm = new Storm((ulong)seed);
        for (int i = 0; i < 200; i++)
            storm.Step(node);
        var before = node.Fork();
        var fork = node.Fork();
        for (int i = 0; i < 300; i++)
        {
            storm.Step(fork);
            fork.TryPollTransmit(new byte[576], out _);
        }

        Assert.That(node.HasSameStateAs(before), Is.True);
        Assert.That(fork.HasSameStateAs(before), Is.False);
    }

    [Test]
    public void Fork_OfTheInterface_IsAnEndNodeToo()
    {
        INbnsEndpoint node = new EndNode("ALPHA", EndNodeInterface.InSubnet(Ip("10.0.0.1")), EndNodeOptions.Default);
        Assert.That(node.Fork(), Is.TypeOf<EndNode>());
    }

    [Test]
    public void SameSeed_SameTransactionIds_AndNamesakesDiffer()
    {
        ushort First(string address, ulong seed)
        {
            var bed = new NodeBed();
            var node = new EndNode("ALPHA", EndNodeInterface.InSubnet(Ip(address)), EndNodeOptions.Default, seed);
            bed.Add(node);
            bed.Do(node, now => node.AddName(now, Name("ALPHA<00>")));
            return bed.Log[0].TransactionId;
        }

        ushort id = First("10.0.0.1", 1);
        Assert.That(First("10.0.0.1", 1), Is.EqualTo(id));
        Assert.That(First("10.0.0.1", 2), Is.Not.EqualTo(id));
        Assert.That(First("10.0.0.2", 1), Is.Not.EqualTo(id));
    }
}
