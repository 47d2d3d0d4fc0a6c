using NbnsSim.Protocol;

namespace NbnsSim.Tests.Protocol;

/// <summary>The queue of datagrams is the plain queue that it stands for, within its bound.</summary>
public sealed class DatagramQueueTests
{
    private const int MaxOctets = 3000;

    [TestCase(1UL)]
    [TestCase(2UL)]
    [TestCase(3UL)]
    public void ItIsThePlainQueueThatItStandsFor(ulong seed)
    {
        var random = new RandomStream(seed);
        var queue = new DatagramQueue(MaxOctets);
        var plain = new Queue<(byte[] Octets, ushort Port, bool IsBroadcast, int Interface)>();
        byte[] buffer = new byte[MaxOctets];
        for (int step = 0; step < 3000; step++)
        {
            if (random.Chance(step % 400 < 200 ? 700_000u : 300_000u))
            {
                byte[] octets = [.. Enumerable.Repeat((byte)step, (int)random.Next(step % 1000 < 500 ? 30u : 700u))];
                bool fits = plain.Sum(one => one.Octets.Length) + octets.Length <= MaxOctets;
                Assert.That(queue.TryAdd(octets, Remote((ushort)step), Remote((ushort)(step + 1)), step % 3 == 0, step % 5), Is.EqualTo(fits));
                if (fits)
                    plain.Enqueue((octets, (ushort)step, step % 3 == 0, step % 5));
            }
            else
            {
                Assert.That(queue.TryTake(buffer, out var transmit), Is.EqualTo(plain.TryDequeue(out var expected)));
                if (expected.Octets is not null)
                {
                    Assert.That(transmit, Is.EqualTo(new Transmit(Remote(expected.Port), expected.Octets.Length, expected.IsBroadcast, expected.Interface, (ushort)(expected.Port + 1))));
                    Assert.That(buffer.AsSpan(0, transmit.Length).SequenceEqual(expected.Octets), Is.True);
                }
            }

            Assert.That(queue.Count, Is.EqualTo(plain.Count));
            if (step % 50 == 0)
                queue = Forked(queue); // and the fork goes on
        }
    }

    [Test]
    public void ItIsFullToTheLastOctet()
    {
        var queue = new DatagramQueue(10);
        Assert.That(queue.TryAdd(new byte[11], default, default, false, 0), Is.False);
        Assert.That(queue.TryAdd(new byte[10], default, default, false, 0), Is.True);
        Assert.That(queue.TryAdd(new byte[1], default, default, false, 0), Is.False);
        Assert.That(queue.TryTake(new byte[10], out _), Is.True);
        Assert.That(queue.TryAdd(new byte[10], default, default, false, 0), Is.True);

        queue = new DatagramQueue(5000);
        Assert.That(queue.TryAdd(new byte[2000], default, default, false, 0), Is.True, "more than the room it begins with");
        Assert.That(queue.TryAdd(new byte[3000], default, default, false, 0), Is.True);
        Assert.That(queue.TryAdd(new byte[1], default, default, false, 0), Is.False);
    }

    /// <summary>The same state is the same datagrams in the same order, wherever they stand in the buffer.</summary>
    [Test]
    public void TheSameStateIsTheSameDatagrams()
    {
        var queue = Filled(1, 2, 3);
        Assert.That(queue.HasSameStateAs(Filled(1, 2, 3)), Is.True);
        Assert.That(queue.HasSameStateAs(Filled(1, 2)), Is.False);
        Assert.That(queue.HasSameStateAs(Filled(1, 2, 4)), Is.False);
        Assert.That(queue.HasSameStateAs(Filled(4, 2, 3)), Is.False);
        var older = Filled(7, 1, 2, 3);
        older.TryTake(new byte[100], out _);
        Assert.That(queue.HasSameStateAs(older), Is.True);
        Assert.That(older.HasSameStateAs(queue), Is.True);
        Assert.That(older.HasSameStateAs(Filled(2, 3, 3)), Is.False);
        var elsewhere = Filled(1, 2);
        elsewhere.TryAdd([3, 3], Remote(8), default, false, 0);
        Assert.That(queue.HasSameStateAs(elsewhere), Is.False, "the same octets to another port");
        Assert.That(new DatagramQueue(5).HasSameStateAs(new DatagramQueue(5)), Is.True);
    }

    private static DatagramQueue Forked(DatagramQueue queue)
    {
        var fork = new DatagramQueue(queue);
        Assert.That(fork.HasSameStateAs(queue), Is.True);
        if (queue.Count > 0)
        {
            queue.TryTake(new byte[MaxOctets], out _);
            Assert.That(fork.HasSameStateAs(queue), Is.False);
        }

        return fork;
    }

    private static DatagramQueue Filled(params byte[] values)
    {
        var queue = new DatagramQueue(100);
        foreach (byte value in values)
            queue.TryAdd([value, 3], Remote(9), default, false, 0);
        return queue;
    }

    private static Ipv4Endpoint Remote(ushort port) => new(new Ipv4Address(port), port);
}
