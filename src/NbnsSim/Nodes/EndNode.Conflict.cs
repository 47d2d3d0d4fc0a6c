using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Nodes;

/// <content>Names in conflict: RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.5; the flag is kept for each interface (MS-NBTE §3.1.1).</content>
public sealed partial class EndNode
{
    /// <summary>A name conflict demand, or a NEGATIVE response that answers nothing we asked.</summary>
    private void OnUnsolicitedRefusal(Instant now, in Datagram incoming, int index, NbnsMessageKind kind)
    {
        var rule = Defence.OnConflict(CaseOf(incoming, index), kind == NbnsMessageKind.NameConflictDemand);
        Say(now, incoming, rule, isGroup: index >= 0 && _names[index].IsGroup);
        if (rule.Kind != DecisionKind.Marked)
            return;
        if (_names[index].State == LocalNameState.Registering && _transactions.OwnerOf(_names[index].Name, incoming.InterfaceIndex) is { } claim)
        {
            if (claim.Phase == TransactionPhase.ClaimWatch) // answered for already, so somebody may have found two owners
                OnObjection(now, incoming, claim);
            return;
        }

        var name = _names[index].Name;
        MarkConflict(index, incoming.InterfaceIndex);
        Log(NetBtEvent.DuplicateName(now, incoming.Source.Address, name) with { Reason = ReasonOf(incoming, rule) }, NodeRules.LogsConflict);
    }

    /// <summary>
    /// Marks a name: no longer defended, answered for or refreshed, and of no use until it is deleted (RFC 1001 §15.1.3.5).
    /// </summary>
    private void MarkConflict(int index, int interfaceIndex)
    {
        ref readonly var row = ref _names[index];
        _names.Mark(index, interfaceIndex);
        _memory?.Debts.Settle(row.Name, 1 << interfaceIndex);
        if (_transactions.OwnerOf(row.Name, interfaceIndex) is { } transaction)
            _transactions.Close(transaction); // RFC 1001 §15.1.3.5: "nor should the node send name refresh messages for that name"
        if (row.ConflictInterfaces == _interfaces.All)
        {
            _names.SetState(index, LocalNameState.Conflict);
            _names.StopRefresh(index);
        }
    }

    private static NetBtEventReason ReasonOf(in Datagram incoming, Rule rule) =>
        new(rule, incoming.Source, incoming.Packet.TransactionId, incoming.IsBroadcast);
}
