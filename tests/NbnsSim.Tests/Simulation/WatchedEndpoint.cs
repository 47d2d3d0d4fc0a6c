using System.Diagnostics.CodeAnalysis;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Simulation;

/// <summary>
/// A machine that is held to what decisions promise: it says at least one of every datagram that it is given, at least one whenever its state changes, and
/// everything that it sends or logs follows from one. Otherwise it throws.
/// </summary>
internal sealed class WatchedEndpoint : IReplicationStateEndpoint
{
    private readonly string _host;
    private readonly DecisionCounter _said;
    private readonly IDecisionSink _listener;
    private long _saidBefore;

    /// <param name="host">What the machine is called.</param>
    /// <param name="machine">The machine: an end node, a name server, or both.</param>
    /// <param name="said">All that was said in the network.</param>
    /// <param name="listener">What stands between the machine and <paramref name="said"/>; null for nothing.</param>
    public WatchedEndpoint(string host, INbnsEndpoint machine, DecisionCounter said, IDecisionSink? listener = null)
    {
        (_host, Machine, _said, _listener) = (host, machine, said, listener ?? said);
        Machine.Decisions = _listener;
    }

    public INbnsEndpoint Machine { get; }

    public EndNode? Node => Machine as EndNode ?? (Machine as CompositeEndpoint)?.Node as EndNode;

    public NameServer? NameServer => Machine as NameServer ?? (Machine as CompositeEndpoint)?.NameServer as NameServer;

    /// <summary>Ids and names of what it sent, the latest last.</summary>
    public List<(ushort Id, NetBiosName Name)> Sent { get; } = [];

    public void HandleDatagram(Instant now, in Datagram datagram)
    {
        var before = Machine.Fork();
        _saidBefore = _said.Count;
        Machine.HandleDatagram(now, datagram);
        if (_said.Count == _saidBefore)
            throw new InvalidOperationException($"{now}: {_host} says nothing of a datagram from {datagram.Source}: {Convert.ToHexString(datagram.Payload)}");
        Require(before, _said.Count, "a datagram");
    }

    public void HandleTimeout(Instant now) => Do(now, "a timer", () => Machine.HandleTimeout(now));

    /// <summary>Has it do something that is no datagram and no timer.</summary>
    public void Do(Instant now, string what, Action command)
    {
        var before = Machine.Fork();
        _saidBefore = _said.Count;
        command();
        Require(before, _said.Count, $"{now}: {what}");
    }

    public void HandleReplication(Instant now, ReplicationMessage message)
    {
        Do(now, message.ToString()!, () => (Machine as IReplicationEndpoint)?.HandleReplication(now, message));
        if (NameServer is not null && _said.Count == _saidBefore)
            throw new InvalidOperationException($"{now}: {_host} says nothing of a partner's {message}");
    }

    public bool TryPollReplication([NotNullWhen(true)] out ReplicationMessage? message)
    {
        message = null;
        return Machine is IReplicationEndpoint partner && partner.TryPollReplication(out message);
    }

    public bool TryPollTransmit(Span<byte> buffer, out Transmit transmit)
    {
        if (!Machine.TryPollTransmit(buffer, out transmit))
            return false;
        if (transmit.Decision < 1 || transmit.Decision > _said.Count)
            throw new InvalidOperationException($"{_host} sends {Convert.ToHexString(buffer[..transmit.Length])}, and no decision led to it");
        if (NbnsPacket.TryParse(buffer[..transmit.Length], out var packet) && packet.Name.TryGetName(out var name))
            Sent.Add((packet.TransactionId, name));
        return true;
    }

    public bool TryPollEvent([NotNullWhen(true)] out NetBtEvent? logged)
    {
        if (!Machine.TryPollEvent(out logged))
            return false;
        return logged.Reason is not null && _said.Count > _saidBefore ? true : throw new InvalidOperationException($"{_host} logs {logged.Id}, and no decision led to it");
    }

    public Instant? PollTimeout() => Machine.PollTimeout();

    public INbnsEndpoint Fork() => new WatchedEndpoint(_host, Machine.Fork(), _said, _listener);

    public void WriteState(StateCodec codec) => ((IStateEndpoint)Machine).WriteState(codec);

    public INbnsEndpoint ReadState(StateCodec codec) => new WatchedEndpoint(_host, ((IStateEndpoint)Machine).ReadState(codec), _said, _listener);

    public ReplicationMessage CarryMessage(StateCodec codec, ReplicationMessage? message) => ((IReplicationStateEndpoint)Machine).CarryMessage(codec, message);

    /// <summary>Whether two machines are in the same state.</summary>
    public static bool AreAlike(INbnsEndpoint one, INbnsEndpoint other) => (one, other) switch
    {
        (EndNode node, EndNode before) => node.HasSameStateAs(before),
        (NameServer server, NameServer before) => server.HasSameStateAs(before),
        (CompositeEndpoint both, CompositeEndpoint before) => AreAlike(both.Node, before.Node) && AreAlike(both.NameServer, before.NameServer),
        _ => throw new ArgumentException("neither a node nor a name server", nameof(one)),
    };

    private void Require(INbnsEndpoint before, long count, string what)
    {
        if (count == _saidBefore && !AreAlike(Machine, before))
            throw new InvalidOperationException($"{_host} is changed by {what} and says nothing of it");
        if (before.Decisions is not null)
            throw new InvalidOperationException($"a fork of {_host} begins with a listener");
        if (!_said.CausesComeFirst)
            throw new InvalidOperationException($"{_host} names a cause that is yet to come, at {what}");
    }
}
