using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Scenarios;

/// <summary>Counts the packets that a scenario's expectations ask for.</summary>
internal sealed class PacketCounter : SimulationObserver
{
    private readonly PacketExpectation[] _expectations;
    private readonly long[] _counts;

    public PacketCounter(Scenario scenario)
    {
        _expectations = [.. scenario.Expectations.OfType<PacketExpectation>()];
        _counts = new long[_expectations.Length];
    }

    private PacketCounter(PacketCounter other)
    {
        _expectations = other._expectations;
        _counts = [.. other._counts];
    }

    public long CountOf(PacketExpectation expectation) => _counts[Array.FindIndex(_expectations, one => ReferenceEquals(one, expectation))];

    public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
    {
        if (_expectations.Length == 0)
            return;
        var kind = NbnsMessageKind.Unknown;
        NetBiosName? about = null;
        if (NbnsPacket.TryParseLenient(datagram.Payload, out var packet, out _))
        {
            kind = NbnsClassification.Classify(packet);
            about = packet.Name.TryGetName(out var name) ? name : null;
        }

        string sender = simulator.NameOf(datagram.Sender);
        for (int i = 0; i < _expectations.Length; i++)
        {
            var expected = _expectations[i];
            if ((expected.Kind is not { } wanted || wanted == kind)
                && (expected.From.IsEmpty || expected.From.Contains(sender, StringComparer.Ordinal))
                && (expected.To is not { } to || to == datagram.Destination.Address)
                && (expected.IsBroadcast is not { } broadcast || broadcast == datagram.IsBroadcast)
                && (expected.Name is not { } named || named == about))
                _counts[i]++;
        }
    }

    public PacketCounter Clone() => new(this);
}
