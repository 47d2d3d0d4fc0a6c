using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>A server that takes its time, and burst handling: see <see cref="RequestQueue"/>.</content>
public sealed partial class NameServer
{
    private readonly RequestQueue _waiting;

    /// <summary>How many requests wait for their turn.</summary>
    public int WaitingRequests => _waiting.Count;

    private void Offer(in ServerRequest request, long decision)
    {
        switch (_waiting.Offer(request, decision, out uint seconds))
        {
            case RequestQueueVerdict.Served:
                Serve(request);
                break;
            case RequestQueueVerdict.Waits:
                Say(request, ServerRules.Queued);
                break;
            case RequestQueueVerdict.GrantedUnseen:
                Say(request, ServerRules.BurstAnswer);
                _outbox.Answer(request, NbnsFlagWords.RegistrationResponse, seconds, request.Entry);
                break;
            default:
                Say(request, ServerRules.QueueFull);
                break;
        }
    }

    private void ServeWaiting(Instant now)
    {
        while (_waiting.TryTake(now, _names.Scopes, out var request, out long decision))
        {
            _voice.Begin(DecisionCauseKind.Datagram, decision);
            Serve(request);
        }
    }
}
