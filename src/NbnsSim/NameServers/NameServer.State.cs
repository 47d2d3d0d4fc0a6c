using NbnsSim.Names;

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
        if (Options != other.Options || _random != other._random || _statistics != other._statistics || _busyUntil != other._busyUntil || _burst != other._burst
            || _fullTold != other._fullTold || _started != other._started
            || !_owners.SequenceEqual(other._owners) || !_highestVersions.SequenceEqual(other._highestVersions)
            || !_log.HasSameStateAs(other._log) || !_transmits.HasSameStateAs(other._transmits) || !_waiting.HasSameStateAs(other._waiting))
            return false;
        return HasSameNamesAs(other) && HasSameChangesAs(other) && HasSameTransactionsAs(other);
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

    private bool HasSameChangesAs(NameServer other)
    {
        if (_changeCount != other._changeCount)
            return false;
        for (int i = 0; i < _changeCount; i++)
        {
            if (ChangedName(i) != other.ChangedName(i))
                return false;
        }

        return true;
    }

    private NetBiosName ChangedName(int position)
    {
        ref var name = ref _names[_changes[(_firstChange + position) & (_changes.Length - 1)]];
        return new NetBiosName(name.High, name.Low, _names.Scopes[name.Scope]);
    }

    private bool HasSameTransactionsAs(NameServer other)
    {
        for (int stage = 0; stage < _stages.Length; stage++)
        {
            int left = _stages[stage].First;
            int right = other._stages[stage].First;
            for (; left != NameSlot.None && right != NameSlot.None; (left, right) = (_transactions[left].Next, other._transactions[right].Next))
            {
                if (NameOf(_transactions[left]) != other.NameOf(other._transactions[right]) || !_transactions[left].HasSameStateAs(other._transactions[right])
                    || !HasSameClaimsAs(other, _transactions[left].FirstClaim, other._transactions[right].FirstClaim))
                    return false;
            }

            if (left != right)
                return false;
        }

        return true;
    }

    private bool HasSameClaimsAs(NameServer other, int left, int right)
    {
        for (; left != NameSlot.None && right != NameSlot.None; (left, right) = (_claims[left].Next, other._claims[right].Next))
        {
            if (!_claims[left].HasSameStateAs(other._claims[right]))
                return false;
        }

        return left == right;
    }
}
