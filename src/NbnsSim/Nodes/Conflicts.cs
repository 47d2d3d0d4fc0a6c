using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Nodes;

/// <summary>Names in conflict: RFC 1001 §15.1.3.5, RFC 1002 §5.1.1.5; the flag is kept for each interface (MS-NBTE §3.1.1).</summary>
internal static class Conflicts
{
    /// <summary>A name conflict demand, or a NEGATIVE response that answers nothing we asked.</summary>
    public static void OnRefusal(ref NodeState node, Instant now, in Datagram incoming, int index, NbnsMessageKind kind)
    {
        var rule = Defence.OnConflict(Answering.CaseOf(ref node, incoming, index), kind == NbnsMessageKind.NameConflictDemand);
        node.Say(now, incoming, rule, isGroup: index >= 0 && node.Names[index].IsGroup);
        if (rule.Kind != DecisionKind.Marked)
            return;
        if (node.Names[index].State == LocalNameState.Registering && node.Transactions.OwnerOf(node.Names[index].Name, incoming.InterfaceIndex) is { } claim)
        {
            if (claim.Phase == TransactionPhase.ClaimWatch) // answered for already, so somebody may have found two owners
                Claiming.OnObjection(ref node, now, incoming, claim);
            return;
        }

        var name = node.Names[index].Name;
        Mark(ref node, index, incoming.InterfaceIndex);
        node.Log(NetBtEvent.DuplicateName(now, incoming.Source.Address, name) with { Reason = ReasonOf(incoming, rule) }, NodeRules.LogsConflict);
    }

    /// <summary>
    /// Marks a name: no longer defended, answered for or refreshed, and of no use until it is deleted (RFC 1001 §15.1.3.5).
    /// </summary>
    public static void Mark(ref NodeState node, int index, int interfaceIndex)
    {
        ref readonly var row = ref node.Names[index];
        node.Names.Mark(index, interfaceIndex);
        node.Memory?.Debts.Settle(row.Name, 1 << interfaceIndex);
        if (node.Transactions.OwnerOf(row.Name, interfaceIndex) is { } transaction)
            node.Transactions.Close(transaction); // RFC 1001 §15.1.3.5: "nor should the node send name refresh messages for that name"
        if (row.ConflictInterfaces == node.Interfaces.All)
        {
            node.Names.SetState(index, LocalNameState.Conflict);
            node.Names.StopRefresh(index);
        }
    }

    public static NetBtEventReason ReasonOf(in Datagram incoming, Rule rule) =>
        new(rule, incoming.Source, incoming.Packet.TransactionId, incoming.IsBroadcast);
}
