using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <content>What is on the links as octets: rules with what they keep, and messages.</content>
public sealed partial class Simulator
{
    /// <summary>All rules that there ever were; a fingerprint has those that work.</summary>
    private void CarryRules(SimulationCodec codec)
    {
        var octets = codec.Octets;
        if (octets.IsFingerprint)
        {
            octets.CarryCount(_activeRules.Count);
            foreach (var state in _activeRules)
            {
                LinkRule.Carry(octets, state.Rule, HostCount, _segments.Count);
                long fitted = FittedThatCounts(state);
                octets.Carry(ref fitted);
                CarryKept(codec, state);
            }

            return;
        }

        int count = octets.CarryCount(_rules.Count, most: MaxRules);
        if (octets.IsReading)
        {
            _rules.Clear();
            _activeRules.Clear();
            _activeNames.Clear();
        }

        for (int i = 0; i < count; i++)
            CarryRule(codec, i);
        if (!octets.IsReading)
            return;
        _selected = new RuleState[_activeRules.Count];
        octets.Check(HaveAllRules(codec), "What is to come is about a rule that does not work");
    }

    private bool HaveAllRules(SimulationCodec codec) =>
        codec.Overtaken.Count == 0 && codec.RuleEnds.Keys.All(rule => rule < _rules.Count && _activeRules.Contains(_rules[rule]));

    private void CarryRule(SimulationCodec codec, int index)
    {
        var octets = codec.Octets;
        var rule = LinkRule.Carry(octets, octets.IsReading ? null : _rules[index].Rule, HostCount, _segments.Count);
        if (octets.IsReading)
            _rules.Add(MakeState(rule));
        var state = _rules[index];
        bool isActive = !octets.IsReading && _activeRules.Contains(state);
        octets.Carry(ref isActive);
        long fitted = state.Fitted;
        octets.Carry(ref fitted);
        state.Fitted = fitted;
        if (octets.IsReading && isActive)
        {
            octets.Check(_activeNames.Add(rule.Name), "Two rules have one name");
            _activeRules.Add(state);
            state.EndEvent = codec.RuleEnds.GetValueOrDefault(index, -1);
        }

        CarryKept(codec, state);
    }

    private RuleState MakeState(LinkRule rule) => new(rule, _rules.Count, RandomStream.Derive(Seed, "rule " + rule.Name).NextUInt64());

    /// <summary>How many arrivals a rule has seen, as far as that decides whether it works on the next.</summary>
    private static long FittedThatCounts(RuleState state) => state.Rule switch
    {
        { Skip: 0, Count: int.MaxValue } => 0,
        { Count: int.MaxValue } rule => Math.Min(state.Fitted, rule.Skip),
        var rule => Math.Min(state.Fitted, (long)rule.Skip + rule.Count),
    };

    private void CarryKept(SimulationCodec codec, RuleState state)
    {
        var octets = codec.Octets;
        int count = octets.CarryCount(state.Kept.InOrder.Count);
        for (var (i, next) = (0, state.Kept.InOrder.First); i < count; i++, next = next?.Next)
        {
            var kept = next?.Value ?? new Kept(0, 0, 0, -1);
            var (packet, receiver, hasEvent) = (kept.Packet, kept.Receiver, kept.Event >= 0);
            int place = PlaceOf(octets, receiver);
            octets.Carry(ref place);
            receiver = octets.IsReading ? place : receiver;
            octets.Carry(ref hasEvent);
            CarryPacket(codec, ref packet);
            if (!octets.IsReading)
                continue;
            int due = -1;
            octets.Check(
                (uint)receiver < (uint)_interfaceCount && (!hasEvent || codec.Overtaken.Remove((state.Index, packet, receiver), out due)), "What a rule keeps is for nobody, or never comes");
            if (hasEvent)
                _packets.Release(packet); // the event has it
            octets.Check(state.Kept.TryAdd(new Kept(packet, _packets[packet].Sender, receiver, due)), "A rule keeps two datagrams from one sender for one receiver");
        }
    }

    private void CarryStreams(StateCodec octets)
    {
        if (octets.IsFingerprint)
        {
            UInt128 sum = 0;
            int from = octets.Position;
            foreach (var stream in _streams)
            {
                if (stream.Waiting.Count == 0 && !stream.IsMoving && !octets.HasDraws)
                    continue;
                CarryStream(octets, stream, PlaceOf(octets, stream.Sender), PlaceOf(octets, stream.Receiver));
                octets.Fold(from, ref sum);
            }

            octets.Carry(ref sum);
            return;
        }

        int count = octets.CarryCount(_streams.Count, 2 * sizeof(int));
        if (octets.IsReading)
        {
            _streams.Clear();
            _streamByEnds.Clear();
        }

        for (int i = 0; i < count; i++)
        {
            var stream = octets.IsReading ? null : _streams[i];
            CarryStream(octets, stream, stream?.Sender ?? 0, stream?.Receiver ?? 0);
        }
    }

    private void CarryStream(StateCodec octets, MessageStream? stream, int sender, int receiver)
    {
        octets.Carry(ref sender);
        octets.Carry(ref receiver);
        octets.Check((uint)sender < (uint)_interfaceCount && (uint)receiver < (uint)_interfaceCount, "A message is from nobody, or for nobody");
        if (stream is null)
        {
            octets.Check(_streamByEnds.TryAdd((sender, receiver), _streams.Count), "Messages are twice on one way");
            _streams.Add(stream = new MessageStream(sender, receiver));
        }

        var (isMoving, tries, hasPassed, number) = (stream.IsMoving, stream.Tries, stream.HasPassed, stream.Number);
        octets.Carry(ref isMoving);
        octets.Carry(ref tries);
        octets.Carry(ref hasPassed);
        if (!octets.IsFingerprint || octets.HasDraws)
            octets.Carry(ref number);
        octets.Check(tries is >= 0 and < MaxTries, "A message was sent too often");
        (stream.IsMoving, stream.Tries, stream.HasPassed, stream.Number) = (isMoving, tries, hasPassed, number);
        int waiting = octets.CarryCount(stream.Waiting.Count, sizeof(long));
        if (waiting > 0)
            octets.CarryUnnamed();
        if (waiting > 0)
            CarryMessages(octets, stream, waiting);
    }

    private void CarryMessages(StateCodec octets, MessageStream stream, int waiting)
    {
        var endpoint = _hosts[_interfaces[stream.Sender].Host].Endpoint as IReplicationStateEndpoint
            ?? _hosts[_interfaces[stream.Receiver].Host].Endpoint as IReplicationStateEndpoint
            ?? throw new StateException("A message is under way between endpoints that cannot write or read it.");
        for (; octets.IsReading && waiting > 0; waiting--)
        {
            var time = default(Instant);
            octets.Carry(ref time);
            stream.Waiting.Enqueue((endpoint.CarryMessage(octets, null), time.Nanoseconds));
        }

        if (octets.IsReading)
            return;
        foreach (var (message, due) in stream.Waiting)
        {
            var time = new Instant(due);
            octets.CarryUntil(ref time);
            endpoint.CarryMessage(octets, message);
        }
    }
}
