using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>
/// Where a datagram goes: past the door or not, to who waits for a response, into the queue of a busy server, or to what its kind is a matter for (RFC 1002 §5.1.4).
/// </summary>
/// <param name="state">The server's.</param>
/// <param name="queries">Queries.</param>
/// <param name="registrations">Registrations, updates and refreshes.</param>
/// <param name="releases">Releases.</param>
/// <param name="responses">Responses.</param>
/// <param name="replies">What nodes are answered.</param>
internal sealed class Intake(
    ServerState state, Queries queries, Registrations registrations, Releases releases, NodeResponses responses, ServerReplies replies)
{
    private readonly ServerVoice _voice = state.Voice;

    /// <summary>A datagram comes.</summary>
    public void Handle(Instant now, in Datagram datagram)
    {
        state.Lifetimes.Start(now);
        _voice.Begin(DecisionCauseKind.Datagram, datagram.Decision);
        state.Counters.Datagrams++;
        if (!datagram.IsReadable)
        {
            state.Counters.Unreadable++;
            _voice.SayUnheard(now, datagram.Source, default, ServerRules.Unreadable);
            return;
        }

        ref readonly var packet = ref datagram.Packet;
        if (datagram.IsBroadcast || packet.Flags.IsBroadcast)
        {
            state.Counters.Ignored++;
            _voice.SayUnheard(now, datagram.Source, packet, ServerRules.Broadcast);
        }
        else if (packet.IsResponse)
        {
            responses.Handle(now, datagram.Source, packet);
        }
        else if ((packet.Anomalies & NbnsAnomalies.UnknownClass) != NbnsAnomalies.None)
        {
            state.Counters.Unreadable++;
            _voice.SayUnheard(now, datagram.Source, packet, ServerRules.UnknownClass); // RFC 1002 §4.2.1.2, §4.2.1.3: IN is the only class
        }
        else if (ServerRequest.TryRead(now, datagram.Source, datagram.InterfaceIndex, packet, state.Names.Scopes, out var request))
        {
            Offer(request, datagram.Decision);
        }
        else
        {
            state.Counters.Unreadable++;
            _voice.SayUnheard(now, datagram.Source, packet, ServerRules.Unreadable);
        }
    }

    /// <summary>Serves the requests whose turn it is.</summary>
    public void HandleTimeout(Instant now)
    {
        while (state.Waiting.TryTake(now, state.Names.Scopes, out var request, out long decision))
        {
            _voice.Begin(DecisionCauseKind.Datagram, decision);
            Serve(request);
        }
    }

    private void Offer(in ServerRequest request, long decision)
    {
        switch (state.Waiting.Offer(request, decision, out uint seconds))
        {
            case RequestQueueVerdict.Served:
                Serve(request);
                break;
            case RequestQueueVerdict.Waits:
                _voice.Say(request, ServerRules.Queued);
                break;
            case RequestQueueVerdict.GrantedUnseen:
                _voice.Say(request, ServerRules.BurstAnswer);
                state.Outbox.Answer(request, NbnsFlagWords.RegistrationResponse, seconds, request.Entry);
                break;
            default:
                _voice.Say(request, ServerRules.QueueFull);
                break;
        }
    }

    private void Serve(in ServerRequest request)
    {
        switch (request.Kind)
        {
            case NbnsMessageKind.NameQueryRequest:
                queries.Answer(request);
                break;
            case NbnsMessageKind.NameRegistrationRequest:
            case NbnsMessageKind.MultihomedNameRegistrationRequest:
                state.Counters.Registrations++;
                registrations.Admit(request, AdmissionKind.Registration);
                break;
            case NbnsMessageKind.NameOverwriteRequest:
                state.Counters.Registrations++;
                registrations.Admit(request, AdmissionKind.Update);
                break;
            case NbnsMessageKind.NameRefreshRequest:
                state.Counters.Refreshes++;
                registrations.Admit(request, AdmissionKind.Refresh);
                break;
            case NbnsMessageKind.NameReleaseRequest:
                state.Counters.Releases++;
                releases.Release(request);
                break;
            case NbnsMessageKind.Unknown when request.Flags.Opcode is not NbnsOpcode.Query:
                replies.Malformed(request);
                break;
            default:
                state.Counters.Ignored++;
                _voice.Say(request, ServerRules.NodesBusiness);
                break;
        }
    }
}
