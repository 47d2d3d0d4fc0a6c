using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>
/// How a name server says what it has decided, and what set that off. Without a listener nothing is made and nothing is said. Who listens is no part of a server's
/// state, and a copy of the server has nobody who does.
/// </summary>
/// <param name="names">The server's names.</param>
/// <param name="nodePort">The UDP port of its nodes.</param>
internal sealed class ServerVoice(NameDatabase names, ushort nodePort)
{
    private DecisionTeller? _teller;
    private Dictionary<NetBiosName, long>? _timers; // that came with a saved state, for who listens next

    /// <summary>Who listens; <see langword="null"/> for nobody.</summary>
    public IDecisionSink? Sink
    {
        get => _teller?.Sink;
        set
        {
            _teller = value is null ? null : new DecisionTeller(value, _timers);
            _timers = null;
        }
    }

    /// <summary>Whether anybody listens, and what takes time to find out is to be found out.</summary>
    public bool IsHeard => _teller is not null;

    /// <summary>The last decision's number: what is sent now is sent because of it.</summary>
    public long Last => _teller?.Last ?? 0;

    /// <summary>What follows is because of this.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="decision">Which decision led to it.</param>
    public void Begin(DecisionCauseKind kind, long decision) => _teller?.Begin(kind, decision);

    /// <summary>The time of a name has run out, and what follows is because of that; and not because somebody just asks for the name.</summary>
    /// <param name="slot">The name.</param>
    /// <returns>The cause so far, to go back to.</returns>
    public DecisionCause BeginLapse(int slot)
    {
        if (_teller is not { } teller)
            return default;
        var outer = teller.Cause;
        teller.Begin(DecisionCauseKind.Lifetime, teller.TimerOf(names.NameOf(slot)));
        return outer;
    }

    /// <summary>The administrator, or a partner, has the server do something: what follows is because of that.</summary>
    public void Tell(Instant now, in NetBiosName name, Rule rule, Ipv4Address address = default)
    {
        if (_teller is null)
            return;
        _teller.Begin(DecisionCauseKind.None, 0);
        Say(now, name, rule, address, address);
        _teller.Begin(DecisionCauseKind.Command, _teller.Last);
    }

    /// <summary>A name is gone.</summary>
    /// <param name="slot">The name.</param>
    public void Forget(int slot) => _teller?.StopTimer(names.NameOf(slot));

    /// <summary>Something about a request.</summary>
    public void Say(in ServerRequest request, Rule rule, Ipv4Address address = default)
    {
        if (_teller is null)
            return;
        Say(
            new Decision
            {
                Time = request.Now,
                Rule = rule,
                Name = request.ToName(),
                Peer = request.Source,
                Address = address != default ? address : request.Entry.Address,
                TransactionId = request.TransactionId,
                Interface = (byte)request.InterfaceIndex,
                IsGroup = request.IsGroup,
            });
    }

    /// <summary>Something about a record.</summary>
    public void Say(Instant now, int slot, Rule rule, Ipv4Address peer = default, Ipv4Address address = default)
    {
        if (_teller is null)
            return;
        ref var name = ref names[slot];
        if (address == default)
            names.TryGetAddress(name, 0, out address);
        Say(new Decision { Time = now, Rule = rule, Name = names.NameOf(slot), Peer = EndpointOf(peer), Address = address, IsGroup = name.IsGroup });
    }

    /// <summary>Something about a name that is not in the database, or not any more.</summary>
    public void Say(Instant now, in NetBiosName name, Rule rule, Ipv4Address peer = default, Ipv4Address address = default)
    {
        if (_teller is not null)
            Say(new Decision { Time = now, Rule = rule, Name = name, Peer = EndpointOf(peer), Address = address });
    }

    /// <summary>Something about what a node is asked, whose timer runs because of it from now on.</summary>
    public void SayAsked(Instant now, ServerTransactions transactions, int index, Rule rule, int tries = 0)
    {
        if (_teller is null)
            return;
        ref var transaction = ref transactions[index];
        Say(new Decision
        {
            Time = now,
            Rule = rule,
            Name = transactions.NameOf(index),
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
    public void SayUnheard(Instant now, Ipv4Endpoint source, in NbnsPacket packet, Rule rule)
    {
        if (_teller is null)
            return;
        NetBiosName name = default;
        if (!packet.Bytes.IsEmpty)
            packet.Name.TryGetName(out name);
        Say(new Decision { Time = now, Rule = rule, Name = name, Peer = source, TransactionId = packet.Bytes.IsEmpty ? (ushort)0 : packet.TransactionId });
    }

    /// <summary>Carries which decisions started the timers of names, which a fingerprint leaves out.</summary>
    public void Carry(StateCodec codec)
    {
        if (codec.IsFingerprint)
            return;
        var timers = _teller?.Timers ?? _timers;
        DecisionTeller.CarryTimers(codec, ref timers);
        if (codec.IsReading)
            _timers = timers;
    }

    private void Say(in Decision decision)
    {
        _teller!.Say(decision with { Cause = _teller.Cause });
        if (decision.Rule.Kind is DecisionKind.Granted or DecisionKind.Held or DecisionKind.Aged or DecisionKind.Replicated or DecisionKind.Told or DecisionKind.GaveUp)
            _teller.StartTimer(decision.Name);
    }

    private Ipv4Endpoint EndpointOf(Ipv4Address node) => node == default ? default : new Ipv4Endpoint(node, nodePort);
}
