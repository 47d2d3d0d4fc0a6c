using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Saying what was decided. Without a listener nothing is made and nothing is said.</content>
public sealed partial class NameServer
{
    private DecisionTeller? _teller;

    /// <inheritdoc/>
    public IDecisionSink? Decisions
    {
        get => _teller?.Sink;
        set => _teller = value is null ? null : new DecisionTeller(value);
    }

    /// <summary>Something about a request.</summary>
    private void Say(in ServerRequest request, Rule rule, Ipv4Address address = default)
    {
        if (_teller is null)
            return;
        Say(
            new Decision
            {
                Time = request.Now,
                Rule = rule,
                Name = new NetBiosName(request.High, request.Low, NetBiosScope.FromEncoded(request.EncodedScope.ToArray())),
                Peer = request.Source,
                Address = address != default ? address : request.Entry.Address,
                TransactionId = request.TransactionId,
                Interface = (byte)request.InterfaceIndex,
                IsGroup = request.IsGroup,
            });
    }

    /// <summary>Something about a record.</summary>
    private void Say(Instant now, int slot, Rule rule, Ipv4Address peer = default, Ipv4Address address = default)
    {
        if (_teller is null)
            return;
        ref var name = ref _names[slot];
        if (address == default)
            _names.TryGetAddress(name, 0, out address);
        Say(new Decision { Time = now, Rule = rule, Name = NameAt(slot), Peer = EndpointOf(peer), Address = address, IsGroup = name.IsGroup });
    }

    /// <summary>Something about a name that is not in the database, or not any more.</summary>
    private void Say(Instant now, in NetBiosName name, Rule rule, Ipv4Address peer = default, Ipv4Address address = default)
    {
        if (_teller is not null)
            Say(new Decision { Time = now, Rule = rule, Name = name, Peer = EndpointOf(peer), Address = address });
    }

    /// <summary>Something about what a node is asked, whose timer runs because of it from now on.</summary>
    private void SayAsked(Instant now, int index, Rule rule, int tries = 0)
    {
        if (_teller is null)
            return;
        ref var transaction = ref _transactions[index];
        Say(new Decision
        {
            Time = now,
            Rule = rule,
            Name = _transactions.NameOf(index),
            Peer = EndpointOf(transaction.Target),
            Address = transaction.Target,
            TransactionId = transaction.Id,
            Interface = (byte)transaction.InterfaceIndex,
            Try = (byte)Math.Min(byte.MaxValue, tries == 0 ? 0 : transaction.Tries),
            Tries = (byte)Math.Min(byte.MaxValue, tries),
        });
        transaction.Decision = _teller.Last;
    }

    /// <summary>A datagram that is not looked at any further.</summary>
    private void SayUnheard(Instant now, Ipv4Endpoint source, in NbnsPacket packet, Rule rule)
    {
        if (_teller is null)
            return;
        NetBiosName name = default;
        if (!packet.Bytes.IsEmpty)
            packet.Name.TryGetName(out name);
        Say(new Decision { Time = now, Rule = rule, Name = name, Peer = source, TransactionId = packet.Bytes.IsEmpty ? (ushort)0 : packet.TransactionId });
    }

    /// <summary>The administrator, or a partner, has the server do something: what follows is because of that.</summary>
    private void Tell(Instant now, in NetBiosName name, Rule rule, Ipv4Address address = default)
    {
        if (_teller is null)
            return;
        _teller.Begin(DecisionCauseKind.None, 0);
        Say(now, name, rule, address, address);
        _teller.Begin(DecisionCauseKind.Command, _teller.Last);
    }

    private void Say(in Decision decision)
    {
        _teller!.Say(decision with { Cause = _teller.Cause });
        if (decision.Rule.Kind is DecisionKind.Granted or DecisionKind.Held or DecisionKind.Aged or DecisionKind.Replicated or DecisionKind.Told or DecisionKind.GaveUp)
            _teller.StartTimer(decision.Name);
    }

    private NetBiosName NameAt(int slot) => new(_names[slot].High, _names[slot].Low, _names.Scopes[_names[slot].Scope]);

    private Ipv4Endpoint EndpointOf(Ipv4Address node) => node == default ? default : new Ipv4Endpoint(node, Options.NodePort);
}
