using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

public sealed class HostMeterTests
{
    [Test]
    public void CountsByOpcodeRcodeAndReason()
    {
        var endpoint = new AnsweringEndpoint();
        using var host = new NbnsUdpHost(endpoint, new NbnsUdpHostOptions
        {
            Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, 0)],
            LimitsLoopback = true,
            NodeStatusPerSecondPerSource = 1,
        });
        host.Start();
        var to = host.LocalEndpoints[0];
        using var peer = new Peer();
        peer.SendQuery(to, 1, "*", NbnsType.NBStat);
        peer.SendQuery(to, 2, "*", NbnsType.NBStat); // above its rate
        peer.Send([1, 2, 3], to); // cut short
        peer.Send(new byte[2048], to); // too long
        peer.SendQuery(to, 3, "BOB<20>");
        peer.SendQuery(to, 4);
        foreach (int id in new[] { 1, 3, 4 })
            Assert.That(peer.Receive().TransactionId, Is.EqualTo(id));

        Assert.That(Measure(to), Is.EquivalentTo(new[]
        {
            "nbns.requests received query 4",
            "nbns.replies sent query OK 2",
            "nbns.replies sent query NAM_ERR 1",
            "nbns.drops node_status_rate 1",
            "nbns.drops too_long 1",
            "nbns.parse_errors truncated 1",
        }));
        var statistics = host.Statistics;
        Assert.That((statistics.RequestsReceived, statistics.ResponsesSent, statistics.ParseErrors), Is.EqualTo((4, 3, 1)));
        Assert.That(statistics.DropsFor(NbnsDropReason.NodeStatusRate), Is.EqualTo(1));
    }

    [Test]
    public void AStoppedHostHasNothingToSay_ThoughItsFactoryKeepsTheMeter()
    {
        using var factory = new KeepingFactory();
        var host = new NbnsUdpHost(new AnsweringEndpoint(), new NbnsUdpHostOptions { Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, 0)] }, meters: factory);
        host.Start();
        var to = host.LocalEndpoints[0];
        using var peer = new Peer();
        peer.SendQuery(to, 1);
        peer.Receive();
        Assert.That(Measure(to), Does.Contain("nbns.requests received query 1"));
        host.Dispose();
        Assert.That(Measure(to), Is.Empty);
    }

    /// <summary>As that of Microsoft.Extensions.Diagnostics: who has a meter from it cannot end the meter.</summary>
    private sealed class KeepingFactory : IMeterFactory
    {
        private readonly List<KeptMeter> _meters = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new KeptMeter(options);
            _meters.Add(meter);
            return meter;
        }

        public void Dispose() => _meters.ForEach(meter => meter.End());

        private sealed class KeptMeter(MeterOptions options) : Meter(options)
        {
            private bool _ends;

            public void End()
            {
                _ends = true;
                Dispose();
            }

            protected override void Dispose(bool disposing) => base.Dispose(disposing && _ends);
        }
    }

    private static ImmutableArray<string> Measure(Ipv4Endpoint host)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == NbnsUdpHost.MeterName && instrument.Meter.Tags!.Single().Value!.Equals(host.ToString()))
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            found.Add($"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))} {value}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return found.DrainToImmutable();
    }
}
