using NbnsSim.Names;
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

    private bool TryBegin(ServerTransactionKind kind, ulong high, ulong low, int scope, out int index)
    {
        if (_transactions.TryBegin(kind, high, low, scope, out index))
            return true;
        _statistics.Dropped++;
        return false;
    }

    private void End(int index)
    {
        ref var transaction = ref _transactions[index];
        Aim(ref transaction, null);
        if (transaction.Slot != NameSlot.None)
            _names[transaction.Slot].Challenge = NameSlot.None;
        _transactions.End(index);
    }

    private void HandleResponse(Instant now, Ipv4Endpoint source, in NbnsPacket packet)
    {
        int index = _transactions.Find(packet.TransactionId);
        if (index == NameSlot.None)
        {
            _statistics.Ignored++;
            SayUnheard(now, source, packet, ServerRules.UnknownTransaction);
            return;
        }

        bool isDemand = _transactions[index].Kind == ServerTransactionKind.ReleaseDemand;
        bool isNamed = packet.Name.Is(_transactions.NameOf(index));
        if (_transactions[index].Target != source.Address)
        {
            if (isDemand || !isNamed || !IsOwners(_transactions[index], source.Address, packet))
            {
                _statistics.Ignored++;
                SayUnheard(now, source, packet, ServerRules.OtherResponder);
                return;
            }
        }
        else if (!isNamed || packet.Opcode is not NbnsOpcode.Wack && packet.Opcode != (isDemand ? NbnsOpcode.Release : NbnsOpcode.Query))
        {
            _statistics.Ignored++;
            SayUnheard(now, source, packet, ServerRules.ResponseDiffers);
            Log(now, WinsEventId.ResponseDiffers, index);
            return;
        }

        switch (packet.Opcode)
        {
            case NbnsOpcode.Wack when packet.HasRecord && packet.Record.TimeToLive.Seconds > 0:
                SayAsked(now, index, ServerRules.TimeGiven);
                AllowTime(now, index, packet.Record.TimeToLive.Seconds);
                break;
            case NbnsOpcode.Release when isDemand:
                SayAsked(now, index, ServerRules.DemandAnswered);
                Log(now, WinsEventId.ReleaseDemandAnswered, index);
                End(index);
                break;
            case NbnsOpcode.Query when !isDemand:
                ChallengeAnswered(now, index, packet);
                break;
            default:
                _statistics.Ignored++;
                SayUnheard(now, source, packet, packet.Opcode == NbnsOpcode.Wack ? ServerRules.NoEstimate : ServerRules.UnknownTransaction);
                break;
        }
    }

    /// <summary>Whether an answer from another address than the one asked is the owner's all the same (<see cref="NameServerDialect.AnswerSource"/>).</summary>
    private bool IsOwners(in ServerTransaction transaction, Ipv4Address source, in NbnsPacket packet)
    {
        if (Dialect.AnswerSource == AnswerSource.AskedAddress)
            return false;
        bool isPositive = packet.Opcode == NbnsOpcode.Query && packet.Rcode == NbnsRcode.Success && packet.HasRecord;
        return _names.HasAddress(_names[transaction.Slot], source) || (isPositive && packet.Record.HasAddress(transaction.Target) && packet.Record.HasAddress(source));
    }

    /// <summary>Waits as long as a WACK says, up to one limit for all WACKs of a transaction: a claimant must be answered in the end.</summary>
    private void AllowTime(Instant now, int index, uint seconds)
    {
        ref var transaction = ref _transactions[index];
        transaction.WaitLimit ??= now + Dialect.MaxWackWait;
        var limit = transaction.WaitLimit.Value;
        if (now >= limit)
        {
            _statistics.Ignored++;
            return;
        }

        bool isBeyond = seconds >= (limit - now).TotalSeconds;
        _transactions.AllowTime(index, isBeyond ? limit : now + TimeSpan.FromSeconds(seconds));
    }

    private void RetryTransactions(Instant now)
    {
        while (_transactions.TryGetDue(now, out int index))
        {
            _teller?.Begin(DecisionCauseKind.Timer, _transactions[index].Decision);
            if (_transactions[index].Kind == ServerTransactionKind.ReleaseDemand)
                RepeatReleaseDemand(now, index);
            else
                RepeatChallenge(now, index);
        }
    }
}
