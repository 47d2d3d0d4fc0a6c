using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>Saying what was decided.</content>
public sealed partial class NameServer
{
    private readonly ServerVoice _voice;

    /// <inheritdoc/>
    public IDecisionSink? Decisions
    {
        get => _voice.Sink;
        set => _voice.Sink = value;
    }

    private void Say(in ServerRequest request, Rule rule, Ipv4Address address = default) => _voice.Say(request, rule, address);

    private void Say(Instant now, int slot, Rule rule, Ipv4Address peer = default, Ipv4Address address = default) => _voice.Say(now, slot, rule, peer, address);

    private void Say(Instant now, in NetBiosName name, Rule rule, Ipv4Address peer = default, Ipv4Address address = default) => _voice.Say(now, name, rule, peer, address);

    private void Tell(Instant now, in NetBiosName name, Rule rule, Ipv4Address address = default) => _voice.Tell(now, name, rule, address);

    /// <summary>What sets off what is said from now on.</summary>
    internal void BeginCause(DecisionCauseKind kind, long decision) => _voice.Begin(kind, decision);

    /// <summary>Something about a partner.</summary>
    internal void SayOfPartner(Instant now, Rule rule, Ipv4Address partner = default, Ipv4Address address = default, in NetBiosName name = default) =>
        Say(now, name, rule, partner, address);
}
