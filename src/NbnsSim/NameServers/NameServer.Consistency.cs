using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <content>What a server may do at any time to keep its data base true to its nodes (RFC 1001 §15.1.7). When, is its driver's choice.</content>
public sealed partial class NameServer
{
    /// <summary>
    /// Asks the owner of a name whether it still holds it; if it is silent, or denies it, the name is given up as if it had been released (RFC 1001 §15.1.7(1)
    /// and (7)). Members of groups are not asked (RFC 1002 §5.1.4.1).
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name.</param>
    /// <returns>False where nobody can be asked: no such name, a group, a static mapping, or too much is being asked already.</returns>
    public bool CheckOwner(Instant now, in NetBiosName name)
    {
        int slot = Find(name.High, name.Low, _names.Scopes.Find(name.Scope.Encoded), now);
        if (slot == NameSlot.None || _names[slot] is not { IsActive: true, IsGroup: false, IsStatic: false })
            return false;
        Tell(now, name, ServerRules.OwnerChecked);
        if (_names[slot].Challenge == NameSlot.None)
            AskBeforeRemoval(slot, now);
        return _names[slot].Challenge != NameSlot.None;
    }

    /// <summary>
    /// Takes a name from the nodes that have it: they are told to stop using it, and the record is given up as if it had been released (RFC 1001 §15.1.7(3)). A
    /// node in conflict has the name again only by deleting and claiming it; one that was told to release it may claim it at once.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="name">The name.</param>
    /// <param name="demand">What they are sent: a conflict or a release demand.</param>
    /// <returns>False where there is no such active name, or the administrator has entered it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="demand"/> is none.</exception>
    public bool Revoke(Instant now, in NetBiosName name, NodeDemand demand)
    {
        if (demand is not (NodeDemand.Conflict or NodeDemand.Release))
            throw new ArgumentOutOfRangeException(nameof(demand), demand, "Expected a conflict or a release demand.");
        int slot = Find(name.High, name.Low, _names.Scopes.Find(name.Scope.Encoded), now);
        if (slot == NameSlot.None || _names[slot] is not { IsActive: true, IsStatic: false })
            return false;
        Tell(now, name, ServerRules.Revoked);
        EndDispute(now, slot);
        var nodes = KeepsNoMembers(_names[slot]) ? [] : RecordAt(slot).Addresses;
        _records.GiveUp(slot, now);
        foreach (var node in nodes)
            Demand(now, demand, name.High, name.Low, name.Scope.Encoded, node.Address);
        return true;
    }
}
