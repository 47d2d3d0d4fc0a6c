using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>
/// A server that takes its time, and burst handling (Q154410, cc758322; NT 4 SP4 and later). Windows' documents speak of the length of WINS' queue; that a
/// server works it off at a steady rate is this library's model of it.
/// </content>
public sealed partial class NameServer
{
    private const int BurstStep = 100;
    private const int BurstSteps = 10;
    private const uint BurstSeconds = 300;

    private readonly DatagramQueue _waiting;
    private Instant _busyUntil;
    private int _burst;

    /// <summary>How many requests wait for their turn.</summary>
    public int WaitingRequests => _waiting.Count;

    private TimeSpan ServiceTime => TimeSpan.FromTicks(TimeSpan.TicksPerSecond / Options.RequestsPerSecond);

    private void Queue(Instant now, in Datagram datagram, in NbnsPacket packet)
    {
        if (_waiting.Count == 0 && _busyUntil <= now)
        {
            _busyUntil = now + ServiceTime;
            Serve(now, datagram.Source, datagram.InterfaceIndex, packet);
            return;
        }

        bool isBurst = Dialect.BurstThreshold > 0 && _waiting.Count >= Dialect.BurstThreshold;
        if (!isBurst)
            _burst = 0;
        bool isClaim = packet.Opcode is NbnsOpcode.Registration or NbnsOpcode.MultihomedRegistration or NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate;
        if (_waiting.Count + _burst >= Dialect.MaxWaitingRequests)
        {
            _statistics.Dropped++;
            SayUnheard(now, datagram.Source, packet, ServerRules.QueueFull);
        }
        else if (isBurst && isClaim && packet.Record.EntryCount > 0)
            AnswerUnseen(now, datagram, packet);
        else if (!_waiting.TryAdd(datagram.Payload, datagram.Source, datagram.Destination, isBroadcast: false, datagram.InterfaceIndex, datagram.Decision))
        {
            _statistics.Dropped++;
            SayUnheard(now, datagram.Source, packet, ServerRules.QueueFull);
        }
        else
            SayUnheard(now, datagram.Source, packet, ServerRules.Queued);
    }

    /// <summary>POSITIVE without a look at the database, and a short time to live, so that the node soon comes again: 5 to 50 minutes, 5 more each 100 requests.</summary>
    private void AnswerUnseen(Instant now, in Datagram datagram, in NbnsPacket packet)
    {
        if (!ServerRequest.TryRead(now, datagram.Source, datagram.InterfaceIndex, packet, _names.Scopes, out var request))
        {
            SayUnheard(now, datagram.Source, packet, ServerRules.Unreadable);
            return;
        }

        Say(request, ServerRules.BurstAnswer);
        uint step = (uint)(_burst++ / BurstStep % BurstSteps);
        _statistics.BurstAnswers++;
        Answer(request, NbnsFlagWords.RegistrationResponse, (step + 1) * BurstSeconds, request.Entry);
    }

    private void ServeWaiting(Instant now)
    {
        while (_waiting.Count > 0 && _busyUntil <= now)
        {
            _waiting.TryTake(out var entry, out var octets);
            _teller?.Begin(DecisionCauseKind.Datagram, entry.Decision);
            _busyUntil += ServiceTime;
            if (NbnsPacket.TryParseLenient(octets, out var packet, out _))
                Serve(now, entry.Remote, entry.InterfaceIndex, packet);
        }
    }
}
