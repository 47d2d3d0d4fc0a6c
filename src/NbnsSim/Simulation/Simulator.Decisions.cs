using System.Runtime.CompilerServices;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Simulation;

/// <content>Hearing what machines decide, while an observer wants to.</content>
public sealed partial class Simulator
{
    private long _decisionCount;
    [NotState("a matter of who listens")]
    private SimulationObserver[] _watchers = []; // those of the observers that see datagrams
    [NotState("a matter of who listens")]
    private SimulationObserver[] _listeners = []; // those that hear decisions
    [NotState("a matter of who listens")]
    private bool _hearsDecisions;
    [NotState("a matter of who listens")]
    private Decision _unheard; // what is said of the datagram that is being delivered by those who do not look at it, as the last of them said it
    [NotState("a matter of who listens")]
    private HostId[] _alike = []; // who said so, and is not told of yet
    [NotState("a matter of who listens")]
    private int _alikeCount;

    /// <summary>Listens to all machines, or to none any more, as the observers want it. Whoever listens to an endpoint without an observer is left alone.</summary>
    private void HearDecisions()
    {
        _watchers = Array.FindAll(_observers, observer => observer.SeesDatagrams);
        _listeners = Array.FindAll(_observers, observer => observer.HearsDecisions);
        bool hears = _listeners.Length > 0;
        if (hears == _hearsDecisions)
            return;
        _hearsDecisions = hears;
        for (int i = 0; i < HostCount; i++)
        {
            if (hears)
                HearDecisions(i);
            else if (_hosts[i].Endpoint.Decisions is Listener)
                _hosts[i].Endpoint.Decisions = null;
        }
    }

    private void HearDecisions(int host)
    {
        if (_hearsDecisions)
            _hosts[host].Endpoint.Decisions = new Listener(this, host);
    }

    /// <summary>Says what happens to a machine rather than in it.</summary>
    private long Say(int host, Rule rule, ReadOnlySpan<byte> payload = default, Ipv4Endpoint destination = default)
    {
        if (!_hearsDecisions)
            return 0;
        NetBiosName name = default;
        ushort id = 0;
        if (NbnsPacket.TryParse(payload, out var packet))
        {
            packet.Name.TryGetName(out name);
            id = packet.TransactionId;
        }

        return Take(host, new Decision { Time = Now, Rule = rule, Name = name, Peer = destination, TransactionId = id });
    }

    private long Take(int host, in Decision decision)
    {
        TellUnheard();
        long number = ++_decisionCount;
        foreach (var listener in _listeners)
            listener.Decided(this, new HostId(host), number, decision);
        return number;
    }

    /// <summary>Hundreds of machines say the same of one broadcast: the decision is made once, and told of all of them at once, before anything else is told.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeUnheard(int host, Rule rule, in Datagram datagram)
    {
        var alike = _alike;
        int count = _alikeCount;
        if (ReferenceEquals(_unheard.Rule, rule) && _unheard.Interface == datagram.InterfaceIndex && (uint)count < (uint)alike.Length)
        {
            alike[count] = new HostId(host);
            _alikeCount = count + 1;
        }
        else
        {
            TakeFirstUnheard(host, rule, datagram);
        }
    }

    /// <summary>Begins with what others may say alike, or makes room for more of them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void TakeFirstUnheard(int host, Rule rule, in Datagram datagram)
    {
        if (!ReferenceEquals(_unheard.Rule, rule) || _unheard.Interface != datagram.InterfaceIndex)
        {
            TellUnheard();
            _unheard = DecisionTeller.Unheard(Now, rule, datagram);
        }

        if (_alikeCount == _alike.Length)
            Array.Resize(ref _alike, Math.Max(16, 2 * _alikeCount));
        _alike[_alikeCount++] = new HostId(host);
    }

    private void TellUnheard()
    {
        if (_alikeCount == 0)
            return;
        var hosts = _alike.AsSpan(0, _alikeCount);
        long first = _decisionCount + 1;
        _decisionCount += _alikeCount;
        _alikeCount = 0;
        foreach (var listener in _listeners)
            listener.DecidedAlike(this, hosts, first, _unheard);
    }

    private sealed class Listener(Simulator simulator, int host) : IDriversSink
    {
        public long Take(in Decision decision) => simulator.Take(host, decision);
    }
}
