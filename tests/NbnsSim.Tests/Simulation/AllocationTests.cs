using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Protocol;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Simulation;

/// <summary>Once the arrays have grown, nothing is allocated.</summary>
public sealed class AllocationTests
{
    [Test]
    public void BroadcastsAnswersAndTimersAllocateNothing()
    {
        var simulator = Network(200);
        simulator.RunFor(TimeSpan.FromSeconds(10));

        Assert.That(LeastAllocated(simulator), Is.Zero);
        Assert.That(simulator.DeliveryCount, Is.GreaterThan(200_000));
    }

    [Test]
    public void LinkRulesAllocateNothing()
    {
        var simulator = Network(50);
        simulator.AddRule(LinkRule.Loss("loss", 100_000));
        simulator.AddRule(LinkRule.Delayed("delay", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5)));
        simulator.AddRule(LinkRule.Duplicate("duplicate", 100_000, TimeSpan.FromMilliseconds(2)));
        simulator.AddRule(LinkRule.Corrupt("corrupt", 100_000) with { Match = new PacketMatch { IsResponse = false } });
        simulator.RunFor(TimeSpan.FromSeconds(20));

        Assert.That(LeastAllocated(simulator), Is.Zero);
    }

    [Test]
    [Category("Slow")]
    public void AMillionHostsTakeLessThan110OctetsEach()
    {
        const int hosts = 1_000_000;
        var endpoints = new Beacon[hosts];
        for (int i = 0; i < hosts; i++)
            endpoints[i] = new Beacon(Ipv4Address.Parse("10.15.255.255"), (uint)i, TimeSpan.FromDays(1) + TimeSpan.FromMilliseconds(i));
        long before = GC.GetTotalMemory(forceFullCollection: true);

        var simulator = new Simulator();
        simulator.Reserve(hosts);
        var lan = simulator.AddSegment("lan", Ipv4Subnet.Parse("10.0.0.0/12"), TimeSpan.FromMilliseconds(1));
        for (uint i = 0; i < hosts; i++)
            simulator.AddHost(null, endpoints[i], lan, new Ipv4Address(0x0A00_0001 + i));
        long after = GC.GetTotalMemory(forceFullCollection: true);

        double each = (after - before) / (double)hosts;
        TestContext.Out.WriteLine($"{each:F1} octets for each host, its timer included");
        Assert.That(each, Is.LessThan(110));

        simulator.RunUntil(_ => simulator.DeliveryCount > 0, Instant.MaxValue);
        Assert.That(simulator.DeliveryCount, Is.EqualTo(hosts - 1));
        GC.KeepAlive(endpoints);
    }

    /// <summary>The least of three stretches: a collection on another thread's account blurs the count.</summary>
    private static long LeastAllocated(Simulator simulator)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 3; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            simulator.RunFor(TimeSpan.FromSeconds(5));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static Simulator Network(int stations)
    {
        var simulator = new Simulator();
        var lan = simulator.AddSegment("lan", Ipv4Subnet.Parse("10.0.0.0/16"), TimeSpan.FromMicroseconds(100));
        for (uint i = 0; i < stations; i++)
            simulator.AddHost(null, new Beacon(Ipv4Address.Parse("10.0.255.255"), i, TimeSpan.FromMilliseconds(300 + (i * 7 % 100))), lan, new Ipv4Address(0x0A00_0001 + i));
        return simulator;
    }

    /// <summary>Broadcasts at an interval, answers each broadcast in sixteen, and allocates nothing.</summary>
    private sealed class Beacon(Ipv4Address broadcast, uint number, TimeSpan interval) : INbnsEndpoint
    {
        private static readonly byte[] Payload = Station.Packet(7);

        private Instant _next = Instant.Epoch + interval;
        private Ipv4Endpoint _answerTo;
        private bool _isDue;
        private bool _hasAnswer;
        private uint _heard = number;

        public void HandleDatagram(Instant now, in Datagram datagram)
        {
            if (!datagram.IsBroadcast || ++_heard % 16 != 0)
                return;
            _answerTo = datagram.Source;
            _hasAnswer = true;
        }

        public void HandleTimeout(Instant now)
        {
            _isDue = true;
            _next = now + interval;
        }

        public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
        {
            transmit = default;
            if (!_isDue && !_hasAnswer)
                return false;
            Payload.CopyTo(buffer);
            transmit = _isDue
                ? new Transmit(Ipv4Endpoint.NameService(broadcast), Payload.Length, IsBroadcast: true)
                : new Transmit(_answerTo, Payload.Length);
            if (_isDue)
                _isDue = false;
            else
                _hasAnswer = false;
            return true;
        }

        public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
        {
            logged = null;
            return false;
        }

        public Instant? PollTimeout() => _next;

        public INbnsEndpoint Fork() => (Beacon)MemberwiseClone();
    }
}
