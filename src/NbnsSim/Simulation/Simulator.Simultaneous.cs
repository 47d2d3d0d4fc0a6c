namespace NbnsSim.Simulation;

/// <content>What is to happen at one and the same time, for whoever asks whether its order makes a difference.</content>
public sealed partial class Simulator
{
    /// <summary>Lists what is due at the earliest time, in its order.</summary>
    /// <param name="events">Where it goes; emptied first.</param>
    internal void ListSimultaneous(List<SimulationEvent> events)
    {
        events.Clear();
        var codec = SimulationCodec.ForFingerprints;
        int count = _queue.CopyInOrder(ref codec.Events);
        for (int i = 0; i < count && codec.Events[i].Time == codec.Events[0].Time; i++)
            events.Add(codec.Events[i].Value);
    }

    /// <summary>Whether two events are about one host, so that the second may find what the first left. A rule's end is about all.</summary>
    internal bool Meet(in SimulationEvent one, in SimulationEvent other)
    {
        for (int host = 0; host < HostCount; host++)
        {
            if (Touches(one, host) && Touches(other, host))
                return true;
        }

        return false;
    }

    /// <summary>Lets one of the events that are due at the earliest time go before the others of that time, whose order may change.</summary>
    /// <returns>False where it is not among them any more.</returns>
    internal bool TryBringForward(in SimulationEvent wanted)
    {
        long time = _queue.Peek(out var first);
        var left = new List<SimulationEvent>();
        ListSimultaneous(left);
        for (int i = 0; i < left.Count; i++, _queue.Peek(out first))
        {
            if (IsSame(first, wanted))
                return true;
            PutBehind(time, first);
        }

        return false;
    }

    private void PutBehind(long time, in SimulationEvent first)
    {
        switch (first.Kind)
        {
            case SimulationEventKind.Timer:
                _queue.Move(_hosts[first.Target].Timer, time);
                break;
            case SimulationEventKind.RuleEnd:
                _queue.Move(_rules[first.Target].EndEvent, time);
                break;
            case SimulationEventKind.OvertakenArrival:
                _queue.Move(_rules[first.Detail].Kept.Find(_packets[first.Packet].Sender, first.Target)!.Value.Event, time);
                break;
            default:
                if (_queue.TryPop(time, out _, out var item))
                    _queue.Push(time, item);
                break;
        }
    }

    private bool Touches(in SimulationEvent item, int host) => item.Kind switch
    {
        SimulationEventKind.FanOut => Hears(item, host),
        SimulationEventKind.Timer => item.Target == host,
        SimulationEventKind.Message => _interfaces[_streams[item.Target].Sender].Host == host || _interfaces[_streams[item.Target].Receiver].Host == host,
        SimulationEventKind.Hop => false, // a router has no state
        SimulationEventKind.RuleEnd => true,
        _ => _interfaces[item.Target].Host == host,
    };

    private bool Hears(in SimulationEvent broadcast, int host)
    {
        int sender = _packets[broadcast.Packet].Sender;
        foreach (int receiver in _segments[broadcast.Target].Members)
        {
            if (receiver != sender && _interfaces[receiver].Host == host)
                return true;
        }

        return false;
    }

    private static bool IsSame(in SimulationEvent one, in SimulationEvent other) =>
        one.Kind == other.Kind && one.Packet == other.Packet && one.Target == other.Target && one.Detail == other.Detail;
}
