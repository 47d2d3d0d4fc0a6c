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
        name = InScope(name);
        if (_names.Find(name) >= 0 || _names.Count >= EndNodeOptions.MaxNames)
            return false;
        Tell(now, NodeRules.HeldFromStart, name);
        if (_transactions.OwnerOf(name) is { } cleanup)
            _transactions.Close(cleanup);
        int index = _names.Add(name, isGroup, LocalNameState.Registered);
        _names.SetFlags(index, _options.NameServers.IsEmpty ? LocalNameFlags.ByBroadcast : LocalNameFlags.ByNameServer);
        SetNextTimeout();
        return true;
    }

    /// <summary>Refreshes one name at the name server now, whenever its own time would be (RFC 1002 §5.1.2.6).</summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name; without a scope, in the node's.</param>
    /// <param name="transactionId">NAME_TRN_ID of its request; <see langword="null"/> for a random one.</param>
    /// <returns>False where the node does not hold the name, is busy with it, or has no name server.</returns>
    internal bool RefreshName(Instant now, NetBiosName name, ushort? transactionId = null)
    {
        name = InScope(name);
        if (_options.NameServers.IsEmpty || _transactions.OwnerOf(name) is not null || _names.Find(name) is not (>= 0 and var index) || _names[index].State != LocalNameState.Registered)
            return false;
        Tell(now, NodeRules.Played, name);
        _names.StopRefresh(index);
        StartRefresh(now, index, TransactionPhase.ServerRefresh, transactionId);
        Settle(now);
        return true;
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
        if (_transactions.OwnerOf(InScope(name), interfaceIndex) is not { } transaction)
            return false;
        transaction.TransactionId = transactionId;
        return true;
    }
}
