namespace NbnsSim.Protocol;

/// <content>The state of the two, one after the other.</content>
public sealed partial class CompositeEndpoint
{
    /// <inheritdoc/>
    void IStateEndpoint.WriteState(StateCodec codec)
    {
        StateOf(NameServer).WriteState(codec);
        StateOf(Node).WriteState(codec);
        _transmits.Carry(codec);
    }

    /// <inheritdoc/>
    INbnsEndpoint IStateEndpoint.ReadState(StateCodec codec)
    {
        var nameServer = StateOf(NameServer).ReadState(codec);
        var both = new CompositeEndpoint(nameServer, StateOf(Node).ReadState(codec), _addresses, _port);
        both._transmits.Carry(codec);
        return both;
    }

    /// <inheritdoc/>
    ReplicationMessage IReplicationStateEndpoint.CarryMessage(StateCodec codec, ReplicationMessage? message) =>
        NameServer is IReplicationStateEndpoint server
            ? server.CarryMessage(codec, message)
            : throw new StateException($"A {NameServer.GetType().Name} has no messages that can be written or read.");

    private static IStateEndpoint StateOf(INbnsEndpoint endpoint) =>
        endpoint as IStateEndpoint ?? throw new StateException($"A {endpoint.GetType().Name} has no state that can be written or read.");
}
