using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>What a name server answers to requests: each answer says the decision behind it, counts it, and is sent; and what else follows from an answer by itself.</summary>
/// <param name="state">The server's.</param>
/// <param name="records">What is done with its records.</param>
/// <param name="demands">What nodes are told by itself.</param>
internal sealed class ServerReplies(ServerState state, RecordKeeper records, NodeDemands demands)
{
    private readonly NameDatabase _names = state.Names;
    private readonly ServerQuotas _quotas = state.Quotas;
    private readonly ServerOutbox _outbox = state.Outbox;
    private readonly ServerVoice _voice = state.Voice;

    private NameServerDialect Dialect => state.Dialect;

    /// <summary>END-NODE CHALLENGE: the claimant is given the owner's address and asks there itself (RFC 1002 §4.2.7).</summary>
    public void SendToOwner(int slot, in ServerRequest request)
    {
        _names.TryGetAddress(_names[slot], 0, out var owner);
        _voice.Say(request, ServerRules.ClaimantAsks, owner);
        _outbox.Answer(request, NbnsFlagWords.EndNodeChallenge, 0, new NbEntry(FlagsOf(_names[slot]), owner));
    }

    /// <summary>POSITIVE NAME REGISTRATION RESPONSE (RFC 1002 §4.2.5).</summary>
    public void Accept(in ServerRequest request, Rule rule)
    {
        _voice.Say(request, rule);
        _outbox.Answer(request, NbnsFlagWords.RegistrationResponse, state.Lifetimes.Granted(request.TimeToLive), request.Entry);
    }

    /// <summary>NEGATIVE NAME REGISTRATION RESPONSE (RFC 1002 §4.2.6), and what RFC 1001 §15.5.3 adds to a refused refresh.</summary>
    /// <param name="request">The claim.</param>
    /// <param name="rule">Why.</param>
    /// <param name="address">The address that the decision is about, where that is not the owner's.</param>
    public void Refuse(in ServerRequest request, Rule rule, Ipv4Address address = default)
    {
        var rcode = RcodeOf(rule);
        if (_voice.IsHeard)
            _voice.Say(request, rule, address != default ? address : OwnerOr(request).Address);
        state.Counters.Refused++;
        if (rcode == NbnsRcode.ActiveError && Dialect.RefusalsCarryOwner)
            _outbox.Answer(request, NbnsFlagWords.RegistrationResponse | (int)NbnsRcode.ActiveError, request.TimeToLive, OwnerOr(request));
        else
            _outbox.Answer(request, NbnsFlagWords.RegistrationResponse, rcode);
        if (request.Flags.Opcode is NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate && rcode is NbnsRcode.ActiveError or NbnsRcode.Refused)
            demands.Make(request.Now, Dialect.RefusedRefreshDemand, request.High, request.Low, request.EncodedScope, request.Entry.Address);
    }

    /// <summary>
    /// The NB_FLAGS and NB_ADDRESS of a name's owner (RFC 1002 §4.2.6), the first where there are several; of a group no member's (RFC 1001 §15.1.3.4); the
    /// request's own where there is no such name.
    /// </summary>
    public NbEntry OwnerOr(in ServerRequest request)
    {
        int slot = _names.Find(request.High, request.Low, request.Scope);
        if (slot == NameSlot.None || !_names.TryGetAddress(_names[slot], 0, out var owner))
            return request.Entry;
        ref var name = ref _names[slot];
        return new NbEntry(FlagsOf(name), name.IsGroup && !records.KeepsNoMembers(name) ? default : owner);
    }

    /// <summary>POSITIVE NAME RELEASE RESPONSE (RFC 1002 §4.2.10).</summary>
    public void AcceptRelease(in ServerRequest request, Rule rule)
    {
        _voice.Say(request, rule);
        AnswerRelease(request);
    }

    /// <summary>The same where it is said already why.</summary>
    public void AnswerRelease(in ServerRequest request) => _outbox.Answer(request, NbnsFlagWords.ReleaseResponse, NbnsRcode.Success);

    /// <summary>A release that is not the owner's, or not of what it owns: logged, and answered as the dialect has it.</summary>
    /// <param name="slot">The name.</param>
    /// <param name="request">The release.</param>
    /// <param name="rule">Why.</param>
    public void Reject(int slot, in ServerRequest request, Rule rule)
    {
        var id = rule == ServerRules.WrongType ? WinsEventId.ReleaseOfWrongType : WinsEventId.ReleaseOfWrongAddress;
        state.Log.Add(new WinsEvent(request.Now, id, _names.NameOf(slot), request.Source.Address));
        if (Dialect.ForeignReleases == ForeignReleasePolicy.Ignore)
        {
            if (_voice.IsHeard)
                _voice.Say(request, rule, OwnerOr(request).Address);
            AnswerRelease(request);
        }
        else
            RefuseRelease(request, ServerRules.ReleaseRefused);
    }

    /// <summary>NEGATIVE NAME RELEASE RESPONSE (RFC 1002 §4.2.11).</summary>
    public void RefuseRelease(in ServerRequest request, Rule rule)
    {
        if (_voice.IsHeard)
            _voice.Say(request, rule, OwnerOr(request).Address);
        _outbox.Answer(request, NbnsFlagWords.ReleaseResponse | (int)NbnsRcode.ActiveError, request.TimeToLive, Dialect.ReleaseRefusalsCarryOwner ? OwnerOr(request) : request.Entry);
    }

    /// <summary>Refuses a claim whose source has had its share.</summary>
    public void RefuseShare(in ServerRequest request)
    {
        state.Counters.Limited++;
        if (_quotas.TellsShare(request.Source.Address))
            Log(request, WinsEventId.SourceLimited);
        Refuse(request, ServerRules.ShareUsed);
    }

    /// <summary>Refuses a claim for which the server itself has no room.</summary>
    public void RefuseFull(in ServerRequest request)
    {
        state.Counters.Limited++;
        if (_quotas.TellsFull(request.Now))
            Log(request, WinsEventId.ServerFull);
        Refuse(request, ServerRules.Full);
    }

    /// <summary>NEGATIVE NAME QUERY RESPONSE (RFC 1002 §4.2.14), or another server to ask (§4.2.15).</summary>
    public void NotFound(in ServerRequest request, ushort flags)
    {
        if (state.Options.Redirect is not { } other || request.EncodedName.Length > Dialect.MaxNameOctets) // a redirect repeats the name twice
        {
            _voice.Say(request, ServerRules.NotFound);
            _outbox.AnswerNotFound(request, flags);
            return;
        }

        _voice.Say(request, ServerRules.Redirect, other.Address);
        _outbox.Redirect(request, other);
    }

    /// <summary>A request without the NB record that it needs: FMT_ERR (RFC 1002 §4.2.6, §4.2.11).</summary>
    public void Malformed(in ServerRequest request)
    {
        _voice.Say(request, ServerRules.Malformed);
        switch (request.Flags.Opcode)
        {
            case NbnsOpcode.Registration or NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate or NbnsOpcode.MultihomedRegistration:
                _outbox.Answer(request, NbnsFlagWords.RegistrationResponse, NbnsRcode.FormatError);
                break;
            case NbnsOpcode.Release:
                _outbox.Answer(request, NbnsFlagWords.ReleaseResponse, NbnsRcode.FormatError);
                break;
            default:
                state.Counters.Ignored++;
                break;
        }
    }

    /// <summary>The NB_FLAGS of a name.</summary>
    public NbFlags FlagsOf(in NameSlot name) => new(name.IsGroup, Dialect.ReportsNodeType ? name.NodeType : default);

    private void Log(in ServerRequest request, WinsEventId id) =>
        state.Log.Add(new WinsEvent(request.Now, id, request.ToName(), request.Source.Address));

    /// <summary>How a refusal is told (RFC 1002 §4.2.6).</summary>
    private NbnsRcode RcodeOf(Rule rule)
    {
        if (rule == ServerRules.NotAHost)
            return NbnsRcode.FormatError;
        if (rule == ServerRules.UpdateRefused)
            return NbnsRcode.NotImplemented;
        if (rule == ServerRules.TooLong) // by the RFC no name is so long (§4.1); WINS, which takes longer ones, has no room (observed through Samba)
            return Dialect.MaxNameOctets <= NbnsHeader.MaxNameLength ? NbnsRcode.FormatError : NbnsRcode.ServerFailure;
        if (rule == ServerRules.Full)
            return NbnsRcode.ServerFailure;
        return rule == ServerRules.WrongSuffix || rule == ServerRules.RefreshUnknown || rule == ServerRules.ShareUsed ? NbnsRcode.Refused : NbnsRcode.ActiveError;
    }
}
