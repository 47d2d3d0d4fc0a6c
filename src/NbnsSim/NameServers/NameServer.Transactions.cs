using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>What the server itself asks of nodes and waits for: challenges of owners and release demands.</content>
public sealed partial class NameServer
{
    private readonly ServerTransactions _transactions;

    /// <summary>How many challenges and release demands are under way.</summary>
    public int TransactionCount => _transactions.Count;

    private bool TryBegin(ServerTransactionKind kind, ulong high, ulong low, int scope, out int index) => _transactions.TryBegin(kind, high, low, scope, out index);

    private void HandleResponse(Instant now, Ipv4Endpoint source, in NbnsPacket packet)
    {
        int index = _transactions.Find(packet.TransactionId);
        if (index == NameSlot.None)
        {
            _statistics.Ignored++;
            _voice.SayUnheard(now, source, packet, ServerRules.UnknownTransaction);
            return;
        }

        bool isDemand = _transactions[index].Kind == ServerTransactionKind.ReleaseDemand;
        bool isNamed = packet.Name.Is(_transactions.NameOf(index));
        if (_transactions[index].Target != source.Address)
        {
            if (isDemand || !isNamed || !_challenges.IsOwners(index, source.Address, packet))
            {
                _statistics.Ignored++;
                _voice.SayUnheard(now, source, packet, ServerRules.OtherResponder);
                return;
            }
        }
        else if (!isNamed || packet.Opcode is not NbnsOpcode.Wack && packet.Opcode != (isDemand ? NbnsOpcode.Release : NbnsOpcode.Query))
        {
            _statistics.Ignored++;
            _voice.SayUnheard(now, source, packet, ServerRules.ResponseDiffers);
            _log.Add(new WinsEvent(now, WinsEventId.ResponseDiffers, _transactions.NameOf(index), _transactions[index].Target));
            return;
        }

        switch (packet.Opcode)
        {
            case NbnsOpcode.Wack when packet.HasRecord && packet.Record.TimeToLive.Seconds > 0:
                AllowTime(now, index, source, packet);
                break;
            case NbnsOpcode.Release when isDemand:
                _demands.Answered(now, index);
                break;
            case NbnsOpcode.Query when !isDemand:
                Heed(now, index, _challenges.Answered(now, index, packet), packet.Record);
                break;
            default:
                _statistics.Ignored++;
                _voice.SayUnheard(now, source, packet, packet.Opcode == NbnsOpcode.Wack ? ServerRules.NoEstimate : ServerRules.UnknownTransaction);
                break;
        }
    }

    /// <summary>Waits as long as a WACK says, up to one limit for all WACKs of a transaction: a claimant must be answered in the end.</summary>
    private void AllowTime(Instant now, int index, Ipv4Endpoint source, in NbnsPacket packet)
    {
        ref var transaction = ref _transactions[index];
        var limit = transaction.WaitLimit ??= now + Dialect.MaxWackWait;
        if (now >= limit)
        {
            _statistics.Ignored++;
            _voice.SayUnheard(now, source, packet, ServerRules.TimeSpent);
            return;
        }

        _voice.SayAsked(now, _transactions, index, ServerRules.TimeGiven);
        uint seconds = packet.Record.TimeToLive.Seconds;
        _transactions.AllowTime(index, seconds >= (limit - now).TotalSeconds ? limit : now + TimeSpan.FromSeconds(seconds));
    }

    private void RetryTransactions(Instant now)
    {
        while (_transactions.TryGetDue(now, out int index))
        {
            _voice.Begin(DecisionCauseKind.Timer, _transactions[index].Decision);
            if (_transactions[index].Kind == ServerTransactionKind.ReleaseDemand)
                _demands.Repeat(now, index);
            else
                Heed(now, index, _challenges.Repeat(now, index));
        }
    }
}
