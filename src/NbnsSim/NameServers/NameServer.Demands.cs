namespace NbnsSim.NameServers;

/// <content>Demands: telling a node to stop using a name: see <see cref="NodeDemands"/>.</content>
public sealed partial class NameServer
{
    private readonly NodeDemands _demands;

    private void Demand(Instant now, NodeDemand demand, ulong high, ulong low, ReadOnlySpan<byte> encodedScope, Ipv4Address address) =>
        _demands.Make(now, demand, high, low, encodedScope, address);
}
