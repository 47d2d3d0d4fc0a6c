using static NbnsSim.Tests.Simulation.Lan;

namespace NbnsSim.Tests.Simulation;

/// <summary>Datagrams that no endpoint wrote.</summary>
public sealed class InjectionTests
{
    private static readonly Ipv4Endpoint Forged = new(Ipv4Address.Parse("10.0.0.2"), 1234);

    [Test]
    [Reaches("T8.by-hand")]
    public void AnInjectedDatagramComesFromWhoeverItSays()
    {
        var lan = new Lan(3);
        lan.Simulator.Inject(C, Forged, Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.1")), Station.Packet(7));
        lan.Simulator.RunFor(Latency);

        var heard = lan[A].Received.Single();
        Assert.That((heard.Id, heard.Source, heard.IsBroadcast), Is.EqualTo(((ushort)7, Forged, false)));
        Assert.That(lan[B].Received, Is.Empty);
    }

    [TestCase("10.0.0.255", false)]
    [TestCase("10.0.0.1", true)]
    public void AnInjectedBroadcastReachesAllButTheHostThatStandsForTheSender(string destination, bool isBroadcast)
    {
        var lan = new Lan(3);
        lan.Simulator.Inject(C, Forged, Ipv4Endpoint.NameService(Ipv4Address.Parse(destination)), Station.Packet(7), isBroadcast);
        lan.Simulator.RunFor(Latency);

        Assert.That((lan[A].Ids, lan[B].Ids, lan[C].Ids), Is.EqualTo(("7", "7", "")));
        Assert.That(lan[B].Received.Single().Source, Is.EqualTo(Forged));
    }

    [Test]
    public void AHostThatIsDownOrADatagramThatIsTooLongIsRefused()
    {
        var lan = new Lan(2);
        Assert.That(() => lan.Simulator.Inject(A, Forged, Forged, new byte[1473]), Throws.ArgumentException);
        lan.Simulator.Crash(A);
        Assert.That(() => lan.Simulator.Inject(A, Forged, Forged, new byte[50]), Throws.InvalidOperationException);
    }
}
