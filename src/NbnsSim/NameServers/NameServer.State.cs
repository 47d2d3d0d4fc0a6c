namespace NbnsSim.NameServers;

/// <content>Comparing states.</content>
public sealed partial class NameServer
{
    /// <summary>
    /// Whether two servers are in the same state: what comes next will be the same for both, except that names whose time runs out within the same second
    /// may do so in another order, and so get other versions. Takes time for every name.
    /// </summary>
    /// <param name="other">The other server.</param>
    public bool HasSameStateAs(NameServer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Options != other.Options || _statistics != other._statistics
            || !_owners.HasSameStateAs(other._owners) || !_lifetimes.HasSameStateAs(other._lifetimes)
            || !_partners.HasSameStateAs(other._partners)
            || !_log.HasSameStateAs(other._log) || !_outbox.HasSameStateAs(other._outbox) || !_waiting.HasSameStateAs(other._waiting)
            || !_quotas.HasSameStateAs(other._quotas) || !_challenges.HasSameStateAs(other._challenges) || !_demands.HasSameStateAs(other._demands)
            || !_replies.HasSameStateAs(other._replies))
            return false;
        return HasSameNamesAs(other) && _journal.HasSameStateAs(other._journal) && _transactions.HasSameStateAs(other._transactions, _claims, other._claims);
    }

    private bool HasSameNamesAs(NameServer other)
    {
        if (Count != other.Count)
            return false;
        var slots = SlotsByName();
        var others = other.SlotsByName();
        for (int i = 0; i < slots.Count; i++)
        {
            if (_names[slots[i]].Flags != other._names[others[i]].Flags || RecordAt(slots[i]) != other.RecordAt(others[i]))
                return false;
        }

        return true;
    }
}
