using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.Nodes;

/// <content>What a node needs to stand in for a host that was there before it: a captured one, or itself before a restart.</content>
public sealed partial class EndNode
{
    /// <summary>Puts a name into the table as held already; nothing is sent.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="isGroup">Whether it is a group name.</param>
    /// <returns>False where the name is in the table already or the table is full.</returns>
    internal bool AssumeName(Instant now, NetBiosName name, bool isGroup)
    {
        name = _node.InScope(name);
        if (_node.Names.Find(name) >= 0 || _node.Names.Count >= EndNodeOptions.MaxNames)
            return false;
        _node.Tell(now, NodeRules.HeldFromStart, name);
        if (_node.Transactions.OwnerOf(name) is { } cleanup)
            _node.Transactions.Close(cleanup);
        int index = _node.Names.Add(name, isGroup, LocalNameState.Registered);
        _node.Names.SetFlags(index, _node.Options.NameServers.IsEmpty ? LocalNameFlags.ByBroadcast : LocalNameFlags.ByNameServer);
        Running.SetNextTimeout(ref _node);
        return true;
    }

    /// <summary>Refreshes one name at the name server now, whenever its own time would be (RFC 1002 §5.1.2.6).</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="transactionId">NAME_TRN_ID of its request; <see langword="null"/> for a random one.</param>
    /// <returns>False where the node does not hold the name, is busy with it, or has no name server.</returns>
    internal bool RefreshName(Instant now, NetBiosName name, ushort? transactionId = null)
    {
        name = _node.InScope(name);
        if (_node.Options.NameServers.IsEmpty || _node.Transactions.OwnerOf(name) is not null || _node.Names.Find(name) is not (>= 0 and var index) || _node.Names[index].State != LocalNameState.Registered)
            return false;
        _node.Tell(now, NodeRules.Played, name);
        _node.Names.StopRefresh(index);
        Renewing.Start(ref _node, now, index, TransactionPhase.ServerRefresh, transactionId);
        Running.Settle(ref _node, now);
        return true;
    }

    /// <summary>Has a command that was given ask so often, rather than as often as the dialect says: how often is up to the program that asks.</summary>
    /// <param name="operation">The command.</param>
    /// <param name="tries">How often, at least once.</param>
    internal void SetTries(OperationId operation, int tries)
    {
        foreach (var transaction in _node.Transactions)
        {
            if (transaction.Operation != operation)
                continue;
            transaction.Tries = (ushort)tries;
            if (transaction.Phase is not (TransactionPhase.LearningPause or TransactionPhase.NegativePause))
                transaction.TriesLeft = (ushort)(tries - 1); // it has asked once
        }
    }

    /// <summary>
    /// Goes on with the claim or release of a name under another transaction id: a captured host may take a new one for its next step where
    /// this node keeps its first.
    /// </summary>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="transactionId">NAME_TRN_ID from now on.</param>
    /// <param name="interfaceIndex">On which interface: each has its own requests.</param>
    /// <returns>False where the node is not busy with the name.</returns>
    internal bool RenumberTransaction(NetBiosName name, ushort transactionId, int interfaceIndex = 0)
    {
        if (_node.Transactions.OwnerOf(_node.InScope(name), interfaceIndex) is not { } transaction)
            return false;
        transaction.TransactionId = transactionId;
        return true;
    }
}
