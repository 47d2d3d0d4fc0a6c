using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Scenarios;

/// <summary>Counts the packets that a scenario's expectations ask for.</summary>
internal sealed class PacketCounter : SimulationObserver
{
    [NotState("the scenario")]
    private readonly PacketExpectation[] _expectations;
    [NotState("the scenario")]
    private readonly Dictionary<PacketExpectation, int> _indices;
    private readonly ILookup<NbnsMessageKind?, int> _byKind;
    [NotState("the scenario")]
    private readonly HashSet<string>?[] _senders;
    private readonly long[] _counts;

    public PacketCounter(Scenario scenario)
    {
        _expectations = [.. scenario.Expectations.OfType<PacketExpectation>()];
        _indices = new Dictionary<PacketExpectation, int>(ReferenceEqualityComparer.Instance);
        foreach (var expectation in _expectations)
            _indices.TryAdd(expectation, _indices.Count);
        _byKind = Enumerable.Range(0, _expectations.Length).ToLookup(i => _expectations[i].Kind);
        _senders = [.. _expectations.Select(expectation => expectation.From.IsEmpty ? null : expectation.From.ToHashSet(StringComparer.Ordinal))];
        _counts = new long[_expectations.Length];
    }

    private PacketCounter(PacketCounter other)
    {
        (_expectations, _indices, _byKind, _senders) = (other._expectations, other._indices, other._byKind, other._senders);
        _counts = [.. other._counts];
    }

    public long CountOf(PacketExpectation expectation) => _counts[_indices[expectation]];

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
        Count(_byKind[kind], sender, about, datagram);
        Count(_byKind[null], sender, about, datagram);
    }

    public PacketCounter Clone() => new(this);

    /// <summary>Carries what was counted.</summary>
    public void Carry(StateCodec codec)
    {
        foreach (ref long count in _counts.AsSpan())
            codec.Carry(ref count);
    }

    private void Count(IEnumerable<int> expectations, string sender, NetBiosName? about, in SimulatedDatagram datagram)
    {
        foreach (int i in expectations)
        {
            var expected = _expectations[i];
            if (_senders[i]?.Contains(sender) != false
                && (expected.To is not { } to || to == datagram.Destination.Address)
                && (expected.IsBroadcast is not { } broadcast || broadcast == datagram.IsBroadcast)
                && (expected.Name is not { } named || named == about))
                _counts[i]++;
        }
    }
}
