using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.Protocol;

/// <summary>
/// A machine's voice while somebody listens: knows what set off the call that is under way, and which decision was the last. Made only then, so that a machine
/// without a listener has no room for it.
/// </summary>
/// <param name="sink">Who listens.</param>
/// <param name="timers">Which decision last started the timer of each name, as a saved state has it; <see langword="null"/> where none is known.</param>
internal sealed class DecisionTeller(IDecisionSink sink, Dictionary<NetBiosName, long>? timers = null)
{
    /// <summary>Which decision last started the timer of a name that no transaction has in hand. One entry a name, so it is as bounded as the names are.</summary>
    private readonly Dictionary<NetBiosName, long> _timers = timers ?? [];

    /// <summary>The decisions that last started the timers of names.</summary>
    public Dictionary<NetBiosName, long> Timers => _timers;

    /// <summary>Who listens.</summary>
    public IDecisionSink Sink => sink;

    /// <summary>What set off the call that is under way.</summary>
    [field: NotState("of the call that is under way")]
    public DecisionCause Cause { get; set; }

    /// <summary>The last decision's number: what is sent now is sent because of it.</summary>
    [field: NotState("of the call that is under way")]
    public long Last { get; private set; }

    /// <summary>Whether nothing was said since <see cref="Mark"/>.</summary>
    [field: NotState("of the call that is under way")]
    public bool IsSilentSinceMark { get; private set; }

    /// <summary>Begins to watch whether something is said.</summary>
    public void Mark() => IsSilentSinceMark = true;

    /// <summary>Begins a call.</summary>
    /// <param name="kind">What sets it off.</param>
    /// <param name="decision">Which decision led to that.</param>
    public void Begin(DecisionCauseKind kind, long decision)
    {
        Cause = new DecisionCause(kind, decision);
        Last = decision;
    }

    /// <summary>Says a decision.</summary>
    public void Say(in Decision decision)
    {
        IsSilentSinceMark = false;
        Last = sink.Take(decision);
    }

    /// <summary>Says that a datagram is not looked at any further. Nothing follows from that, and it is what is said most, so that it costs as little as it can.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="rule">Why.</param>
    /// <param name="datagram">The datagram; one that cannot be read has no name and no id.</param>
    public void SayUnheard(Instant now, Rule rule, in Datagram datagram) => sink.Take(Unheard(now, rule, datagram));

    /// <summary>The decision not to look at a datagram any further.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="rule">Why.</param>
    /// <param name="datagram">The datagram.</param>
    public static Decision Unheard(Instant now, Rule rule, in Datagram datagram) => new()
    {
        Time = now,
        Rule = rule,
        Name = datagram.IsReadable ? datagram.Packet.NameOrDefault() : default,
        Peer = datagram.Source,
        TransactionId = datagram.IsReadable ? datagram.Packet.TransactionId : default,
        Interface = (byte)datagram.InterfaceIndex,
        Cause = new DecisionCause(DecisionCauseKind.Datagram, datagram.Decision),
    };

    /// <summary>The last decision starts the timer of a name.</summary>
    public void StartTimer(in NetBiosName name) => _timers[name] = Last;

    /// <summary>The decision that started the timer of a name; 0 where none is known.</summary>
    public long TimerOf(in NetBiosName name) => _timers.GetValueOrDefault(name);

    /// <summary>A name is gone, and its timer with it.</summary>
    public void StopTimer(in NetBiosName name) => _timers.Remove(name);

    /// <summary>Carries the decisions that last started the timers of names, in the order of the names.</summary>
    public static void CarryTimers(StateCodec codec, ref Dictionary<NetBiosName, long>? timers)
    {
        int count = codec.CarryCount(timers?.Count ?? 0, NetBiosName.Size);
        if (codec.IsReading)
        {
            timers = count == 0 ? null : [];
            for (; count > 0; count--)
            {
                var (name, decision) = (default(NetBiosName), 0L);
                codec.Carry(ref name);
                codec.Carry(ref decision);
                timers![name] = decision;
            }

            return;
        }

        foreach (var timer in (timers ?? []).OrderBy(timer => timer.Key))
        {
            var (name, decision) = (timer.Key, timer.Value);
            codec.Carry(ref name);
            codec.Carry(ref decision);
        }
    }
}
