namespace NbnsSim.Nodes;

/// <content>Comparing states.</content>
public sealed partial class EndNode
{
    /// <summary>Whether two nodes are in the same state: what comes next will be the same for both.</summary>
    /// <param name="other">The other node.</param>
    public bool HasSameStateAs(EndNode other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _options == other._options && _first == other._first && _others.AsSpan().SequenceEqual(other._others)
            && (_nameHigh, _nameLow) == (other._nameHigh, other._nameLow)
            && (_random, _nextTimeout, _lastOperation) == (other._random, other._nextTimeout, other._lastOperation)
            && (_bootOperation, _shutdownOperation, _bootWave, _isOff) == (other._bootOperation, other._shutdownOperation, other._bootWave, other._isOff)
            && _counters == other._counters
            && _names.AsSpan(0, _nameCount).SequenceEqual(other._names.AsSpan(0, other._nameCount))
            && _outbox.Items.SequenceEqual(other._outbox.Items)
            && SameTransactions(_transactions, other._transactions)
            && (_memory ?? NodeMemory.Empty).HasSameStateAs(other._memory ?? NodeMemory.Empty)
            && (_reports ?? NodeReports.Empty).HasSameStateAs(other._reports ?? NodeReports.Empty);
    }

    private static bool SameTransactions(NodeTransaction? left, NodeTransaction? right)
    {
        for (; left is not null && right is not null; (left, right) = (left.Next, right.Next))
        {
            if (!left.HasSameStateAs(right))
                return false;
        }

        return left is null && right is null;
    }
}
