using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>What nodes answer to what the server asks of them itself, or that they do not: which transaction a response belongs to, and whether it may.</summary>
/// <param name="state">The server's.</param>
/// <param name="challenges">Owners that are asked whether they hold their names.</param>
/// <param name="disputes">What that is asked for.</param>
/// <param name="demands">Nodes that are told to release names.</param>
internal sealed class NodeResponses(ServerState state, OwnerChallenges challenges, Disputes disputes, NodeDemands demands)
{
    private readonly ServerTransactions _transactions = state.Transactions;
    private readonly ServerVoice _voice = state.Voice;

    /// <summary>A response comes.</summary>
    public void Handle(Instant now, Ipv4Endpoint source, in NbnsPacket packet)
    {
        int index = _transactions.Find(packet.TransactionId);
        if (index == NameSlot.None)
        {
            state.Counters.Ignored++;
            _voice.SayUnheard(now, source, packet, ServerRules.UnknownTransaction);
            return;
        }

        bool isDemand = _transactions[index].Kind == ServerTransactionKind.ReleaseDemand;
        bool isNamed = packet.Name.Is(_transactions.NameOf(index));
        bool isNameless = !packet.HasQuestion && !packet.HasRecord && packet.Opcode == NbnsOpcode.Query && packet.Rcode != NbnsRcode.Success; // RFC 1002 §4.2.14 draws ANCOUNT 0
        if (_transactions[index].Target != source.Address)
        {
            if (isDemand || !isNamed || !challenges.IsOwners(index, source.Address, packet))
            {
                state.Counters.Ignored++;
                _voice.SayUnheard(now, source, packet, ServerRules.OtherResponder);
                return;
            }
        }
        else if (!(isNamed || isNameless) || packet.Opcode is not NbnsOpcode.Wack && packet.Opcode != (isDemand ? NbnsOpcode.Release : NbnsOpcode.Query))
        {
            state.Counters.Ignored++;
            _voice.SayUnheard(now, source, packet, ServerRules.ResponseDiffers);
            state.Log.Add(new WinsEvent(now, WinsEventId.ResponseDiffers, _transactions.NameOf(index), _transactions[index].Target));
            return;
        }

        switch (packet.Opcode)
        {
            case NbnsOpcode.Wack when packet.HasRecord && packet.Record.TimeToLive.Seconds > 0:
                AllowTime(now, index, source, packet);
                break;
            case NbnsOpcode.Release when isDemand:
                demands.Answered(now, index);
                break;
            case NbnsOpcode.Query when !isDemand:
                disputes.Heed(now, index, challenges.Answered(now, index, packet), packet.Record);
                break;
            default:
                state.Counters.Ignored++;
                _voice.SayUnheard(now, source, packet, packet.Opcode == NbnsOpcode.Wack ? ServerRules.NoEstimate : ServerRules.UnknownTransaction);
                break;
        }
    }

    /// <summary>Waits as long as a WACK says, up to one limit for all WACKs of a transaction: a claimant must be answered in the end.</summary>
    private void AllowTime(Instant now, int index, Ipv4Endpoint source, in NbnsPacket packet)
    {
        ref var transaction = ref _transactions[index];
        var limit = transaction.WaitLimit ??= now + state.Dialect.MaxWackWait;
        if (now >= limit)
        {
            state.Counters.Ignored++;
            _voice.SayUnheard(now, source, packet, ServerRules.TimeSpent);
            return;
        }

        _voice.SayAsked(now, _transactions, index, ServerRules.TimeGiven);
        uint seconds = packet.Record.TimeToLive.Seconds;
        _transactions.AllowTime(index, seconds >= (limit - now).TotalSeconds ? limit : now + TimeSpan.FromSeconds(seconds));
    }

    /// <summary>Nothing came in time: asks again, or does without.</summary>
    public void HandleTimeout(Instant now)
    {
        while (_transactions.TryGetDue(now, out int index))
        {
            _voice.Begin(DecisionCauseKind.Timer, _transactions[index].Decision);
            if (_transactions[index].Kind == ServerTransactionKind.ReleaseDemand)
                demands.Repeat(now, index);
            else
                disputes.Heed(now, index, challenges.Repeat(now, index));
        }
    }
}
