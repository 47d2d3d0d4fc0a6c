using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Transport;

/// <summary>A node that gives no name up because a stranger says so (MS00-047), and what it says about each who tried: one line in ten seconds, with how many there were.</summary>
internal sealed class DemandWatch(EndNode node, Ipv4Address[] addresses, Action<string> say) : INbnsEndpoint
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private Instant? _saidAt;
    private long _unsaid;

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        string? demand = DemandIn(datagram);
        node.HandleDatagram(now, datagram);
        if (demand is null)
            return;
        if (_saidAt is { } last && now - last < Interval)
        {
            _unsaid++;
            return;
        }

        say($"ignored {demand} from {datagram.Source}, which is not the node's name server (--vulnerable obeys it){(_unsaid > 0 ? $", and {_unsaid} more meanwhile" : "")}");
        (_saidAt, _unsaid) = (now, 0);
    }

    public void HandleTimeout(Instant now) => node.HandleTimeout(now);

    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit) => node.TryPollTransmit(buffer, out transmit);

    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged) => node.TryPollEvent(out logged);

    public Instant? PollTimeout() => node.PollTimeout();

    public INbnsEndpoint Fork() => new DemandWatch(node.Fork(), addresses, say);

    /// <summary>What a stranger demands of a name that the node holds, in words; null for everything else.</summary>
    private string? DemandIn(in Datagram datagram)
    {
        if (datagram.Payload.Length < NbnsHeader.Size || (datagram.Payload[2] >> 3 & 0xF) is not ((int)NbnsOpcode.Registration or (int)NbnsOpcode.Release))
            return null;
        var source = datagram.Source.Address;
        if (node.Options.NameServers.Contains(source) || addresses.Contains(source)
            || !datagram.IsReadable || !datagram.Packet.Name.TryGetName(out var name) || node.GetNameState(name) != LocalNameState.Registered)
            return null;
        return NbnsClassification.Classify(datagram.Packet) switch
        {
            NbnsMessageKind.NameConflictDemand => $"a name conflict demand for {name}",
            NbnsMessageKind.NegativeNameRegistrationResponse => $"a refusal of {name}, which was not being claimed,",
            NbnsMessageKind.NameReleaseRequest or NbnsMessageKind.NameReleaseDemand when !datagram.IsBroadcast || addresses.Contains(datagram.Packet.Record.FirstEntry.Address) => $"a release of {name}",
            _ => null,
        };
    }
}
