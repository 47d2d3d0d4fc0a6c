using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <content>Link rules: what goes wrong between a sender and a receiver.</content>
public sealed partial class Simulator
{
    /// <summary>How many copies of one datagram rules may make on the way to one receiver.</summary>
    private const int MaxCopies = 8;

    private const int MaxRules = ushort.MaxValue;

    private readonly List<RuleState> _rules = []; // all there ever were
    private readonly List<RuleState> _activeRules = []; // those not removed or ended, in the order of adding
    private readonly HashSet<string> _activeNames = new(StringComparer.Ordinal);
    [NotState("room")]
    private RuleState[] _selected = []; // those that one datagram has to obey, of which SelectRules gives the number

    /// <summary>Adds a link rule; rules work in the order in which they were added.</summary>
    /// <param name="rule">The rule.</param>
    /// <returns>What to remove it by.</returns>
    /// <exception cref="ArgumentException">A rule of that name works already, or it ends before it starts.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is about a host or a segment that is not this simulator's.</exception>
    public LinkRuleId AddRule(LinkRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (_activeNames.Contains(rule.Name))
            throw new ArgumentException($"There is a rule '{rule.Name}' already.", nameof(rule));
        if (rule.End < rule.Start)
            throw new ArgumentException($"Rule '{rule.Name}' ends before it starts.", nameof(rule));
        if (_rules.Count == MaxRules)
            throw new ArgumentException($"A simulator takes {MaxRules} rules.", nameof(rule));
        Check(rule.From);
        Check(rule.To);

        var state = MakeState(rule);
        _rules.Add(state);
        _activeRules.Add(state);
        _activeNames.Add(rule.Name);
        if (_selected.Length < _activeRules.Count)
            Array.Resize(ref _selected, _activeRules.Capacity); // an observer may add a rule while a datagram obeys those selected
        if (rule.End < Instant.MaxValue)
            state.EndEvent = _queue.PushMovable(Math.Max(rule.End.Nanoseconds, _now), new SimulationEvent { Kind = SimulationEventKind.RuleEnd, Target = state.Index });
        foreach (var observer in _observers)
            observer.RuleChanged(this, rule, isAdded: true);
        return new LinkRuleId(state.Index);
    }

    /// <summary>Removes a link rule. What it holds arrives now, in order. Nothing happens if it has ended or was removed.</summary>
    /// <param name="rule">The rule.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not this simulator's.</exception>
    public void RemoveRule(LinkRuleId rule)
    {
        if ((uint)rule.Index >= (uint)_rules.Count)
            throw new ArgumentOutOfRangeException(nameof(rule), rule.Index, "The simulator has no such rule.");
        var state = _rules[rule.Index];
        if (!_activeRules.Contains(state))
            return;
        if (state.EndEvent >= 0)
            _queue.Remove(state.EndEvent);
        EndRule(state);
    }

    private void EndRule(RuleState state)
    {
        _activeRules.Remove(state);
        _activeNames.Remove(state.Rule.Name);
        foreach (var observer in _observers)
            observer.RuleChanged(this, state.Rule, isAdded: false);
        foreach (var kept in state.Kept.InOrder)
        {
            Tell(kept.Packet, new DeliveryFate(DeliveryFateKind.Released, new HostId(_interfaces[kept.Receiver].Host), state.Rule));
            if (kept.Event >= 0)
                _queue.Move(kept.Event, _now);
            else
                PushLate(kept.Packet, kept.Receiver, 0);
        }

        if (state.Rule.Fault == LinkFault.Hold)
            state.Kept.Clear(); // overtaken ones are forgotten as they arrive
    }

    /// <summary>Finds the rules that a datagram has to obey at some receiver, now.</summary>
    /// <returns>How many; they are in <see cref="_selected"/>.</returns>
    private int SelectRules(in PacketHeader header, in Datagram datagram)
    {
        int count = 0;
        foreach (var state in _activeRules)
        {
            var rule = state.Rule;
            if (_now < rule.Start.Nanoseconds || _now >= rule.End.Nanoseconds || (rule.Datagram != 0 && rule.Datagram != header.SenderNumber))
                continue;
            ref InterfaceState sender = ref _interfaces[header.Sender];
            if ((rule.From.Contains(sender.Host, sender.Segment) || (rule.BothWays && rule.To.Contains(sender.Host, sender.Segment)))
                && (rule.Match is null || rule.Match.Matches(datagram)))
                _selected[count++] = state;
        }

        return count;
    }

    /// <summary>Applies the selected rules to a datagram for one receiver; what arrives otherwise than right now is queued.</summary>
    /// <returns>Whether the datagram itself arrives right now.</returns>
    private bool Obey(int rules, int packet, int receiver)
    {
        Span<Copy> copies = stackalloc Copy[MaxCopies];
        copies[0] = new Copy { Packet = packet };
        int count = 1;
        bool isTouched = false;
        foreach (var state in _selected.AsSpan(0, rules))
        {
            if (!Fits(state.Rule, packet, receiver))
                continue;
            isTouched = true;
            var draws = Draws(state, packet, receiver);
            for (int i = 0, before = count; i < before; i++)
                Apply(state, ref draws, copies, i, ref count, receiver);
            int left = 0;
            for (int i = 0; i < count; i++)
            {
                if (copies[i].Packet >= 0)
                    copies[left++] = copies[i];
            }

            count = left;
        }

        if (!isTouched)
            return true;
        bool arrivesNow = false;
        int firstToGo = -1;
        for (int i = 0; i < count; i++)
        {
            if (copies[i].KeptBy != 0)
            {
                KeepBack(ref copies[i], receiver);
                continue;
            }

            firstToGo = firstToGo < 0 ? i : firstToGo;
            if (!arrivesNow && copies[i].Packet == packet && copies[i].Delay == 0)
            {
                arrivesNow = true;
                continue;
            }

            if (copies[i].Packet == packet)
                _packets.Retain(packet);
            PushLate(copies[i].Packet, receiver, copies[i].Delay);
        }

        if (firstToGo >= 0)
            Overtake(rules, packet, receiver, copies[firstToGo].Delay);
        return arrivesNow;
    }

    /// <summary>What a rule keeps, once all rules have worked on it.</summary>
    private void KeepBack(ref Copy copy, int receiver)
    {
        var state = _rules[copy.KeptBy - 1];
        copy.Keep(_packets);
        int due = copy.IsHeld ? -1 : _queue.PushMovable(
            After(Sum(copy.Delay, copy.KeepDelay)),
            new SimulationEvent { Kind = SimulationEventKind.OvertakenArrival, Packet = copy.Packet, Target = receiver, Detail = (ushort)state.Index });
        state.Kept.TryAdd(new Kept(copy.Packet, _packets[copy.Packet].Sender, receiver, due));
    }

    private bool Fits(LinkRule rule, int packet, int receiver)
    {
        ref InterfaceState from = ref _interfaces[_packets[packet].Sender];
        ref InterfaceState to = ref _interfaces[receiver];
        return (rule.To.Contains(to.Host, to.Segment) && rule.From.Contains(from.Host, from.Segment))
            || (rule.BothWays && rule.From.Contains(to.Host, to.Segment) && rule.To.Contains(from.Host, from.Segment));
    }

    /// <summary>Applies one rule to one copy. A copy that is gone has packet −1 afterwards.</summary>
    private void Apply(RuleState state, ref RandomStream draws, Span<Copy> copies, int index, ref int count, int receiver)
    {
        var rule = state.Rule;
        ref Copy copy = ref copies[index];
        long number = state.Fitted++;
        if (number < rule.Skip || number - rule.Skip >= rule.Count || !draws.Chance(rule.PartsPerMillion))
            return;
        var to = new HostId(_interfaces[receiver].Host);
        switch (rule.Fault)
        {
            case LinkFault.Loss:
            case LinkFault.Partition:
                Tell(copy.Packet, new DeliveryFate(rule.Fault == LinkFault.Loss ? DeliveryFateKind.Lost : DeliveryFateKind.CutOff, to, rule));
                copy.Drop(_packets);
                break;
            case LinkFault.Delay:
            {
                long delay = DrawDelay(rule, ref draws);
                Tell(copy.Packet, new DeliveryFate(DeliveryFateKind.Delayed, to, rule, ToTimeSpan(delay)));
                copy.Delay = Sum(copy.Delay, delay);
                break;
            }

            case LinkFault.Duplicate when count < MaxCopies:
            {
                long delay = DrawDelay(rule, ref draws);
                Tell(copy.Packet, new DeliveryFate(DeliveryFateKind.Duplicated, to, rule, ToTimeSpan(delay)));
                if (copy.IsOwned)
                    _packets.Retain(copy.Packet);
                copies[count++] = copy with { Delay = Sum(copy.Delay, delay), KeptBy = copy.IsHeld ? copy.KeptBy : 0 }; // of a datagram that is to be overtaken, the copy goes ahead
                break;
            }

            case LinkFault.Corrupt when _packets[copy.Packet].Length > 0:
            {
                int octet = (int)draws.Next(_packets[copy.Packet].Length);
                byte change = (byte)(1 + draws.Next(255));
                Tell(copy.Packet, new DeliveryFate(DeliveryFateKind.Corrupted, to, rule, Octet: octet));
                int changed = _packets.Copy(copy.Packet);
                _packets.MutablePayload(changed)[octet] ^= change;
                copy.Drop(_packets);
                copy = copy with { Packet = changed, IsOwned = true };
                break;
            }

            case LinkFault.Reorder when copy.KeptBy == 0 && state.Kept.Find(_packets[copy.Packet].Sender, receiver) is null && !IsKept(copies[..count], state):
                Tell(copy.Packet, new DeliveryFate(DeliveryFateKind.Reordered, to, rule));
                copy.KeptBy = state.Index + 1;
                copy.KeepDelay = DrawDelay(rule, ref draws);
                break;
            case LinkFault.Hold when !copy.IsHeld:
                Tell(copy.Packet, new DeliveryFate(DeliveryFateKind.Held, to, rule));
                copy.KeptBy = state.Index + 1;
                copy.IsHeld = true;
                break;
        }
    }

    private static bool IsKept(ReadOnlySpan<Copy> copies, RuleState state)
    {
        foreach (ref readonly var copy in copies)
        {
            if (copy.KeptBy == state.Index + 1)
                return true;
        }

        return false;
    }

    /// <summary>A datagram passes those that were kept back for it: they arrive right behind it.</summary>
    private void Overtake(int rules, int packet, int receiver, long delay)
    {
        foreach (var state in _selected.AsSpan(0, rules))
        {
            if (state.Rule.Fault == LinkFault.Reorder && state.Kept.Find(_packets[packet].Sender, receiver) is { } kept
                && _packets[kept.Packet].Number != _packets[packet].Number)
                _queue.Move(kept.Event, After(delay));
        }
    }

    private void ForgetOvertaken(in SimulationEvent item) => _rules[item.Detail].Kept.Remove(_packets[item.Packet].Sender, item.Target);

    private void PushLate(int packet, int receiver, long delay) =>
        _queue.Push(After(delay), new SimulationEvent { Kind = SimulationEventKind.LateArrival, Packet = packet, Target = receiver });

    /// <summary>
    /// The draws of one rule for one datagram and one receiver. They follow from who and which these are, not from what was drawn before,
    /// so that nothing else that happens in the network moves them.
    /// </summary>
    private RandomStream Draws(RuleState state, int packet, int receiver)
    {
        ref PacketHeader header = ref _packets[packet];
        ulong key = new RandomStream(state.Seed ^ LabelOf(header.Sender)).NextUInt64();
        key = new RandomStream(key + header.SenderNumber).NextUInt64();
        return new RandomStream(new RandomStream(key ^ LabelOf(receiver)).NextUInt64());
    }

    /// <summary>A number that stands for an interface, whatever else there is in the network: it follows from names and addresses only.</summary>
    private ulong LabelOf(int index)
    {
        ref InterfaceState place = ref _interfaces[index];
        return RandomStream.Derive(place.Address, NameOrNull(place.Host)).NextUInt64();
    }

    private static long DrawDelay(LinkRule rule, ref RandomStream draws)
    {
        long jitter = ToNanoseconds(rule.Jitter);
        return Sum(ToNanoseconds(rule.Delay), jitter == 0 ? 0 : (long)(ulong)(((UInt128)draws.NextUInt64() * ((ulong)jitter + 1)) >> 64));
    }

    private static long Sum(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;

    private void Check(LinkScope scope)
    {
        if (scope.Host is { } host)
            Check(host);
        if (scope.Segment is { } segment)
            Check(segment);
    }

    /// <summary>A datagram, as it is after some rules.</summary>
    private struct Copy
    {
        public int Packet;
        public long Delay;
        public bool IsOwned; // by this copy; if not, by the event that is being looked at
        public bool IsHeld; // by a Hold; else for KeepDelay, or until it is overtaken
        public int KeptBy; // 1 + the index of the rule that keeps it; 0 for none
        public long KeepDelay;

        public readonly void Keep(PacketPool packets)
        {
            if (!IsOwned)
                packets.Retain(Packet);
        }

        public void Drop(PacketPool packets)
        {
            if (IsOwned)
                packets.Release(Packet);
            Packet = -1;
        }
    }

    private sealed class RuleState(LinkRule rule, int index, ulong seed)
    {
        public LinkRule Rule { get; } = rule;

        public int Index { get; } = index;

        public ulong Seed { get; } = seed;

        /// <summary>The event of its end, or −1.</summary>
        [field: NotState("the event is carried with the others")]
        public int EndEvent { get; set; } = -1;

        /// <summary>How many arrivals it was about so far.</summary>
        public long Fitted { get; set; }

        public KeptDatagrams Kept { get; private init; } = new();

        public RuleState Clone() => new(Rule, Index, Seed) { EndEvent = EndEvent, Fitted = Fitted, Kept = Kept.Clone() };
    }
}
