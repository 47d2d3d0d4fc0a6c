namespace NbnsSim.Nodes;

/// <content>Comparing states.</content>
public sealed partial class EndNode
{
    /// <summary>Whether two nodes are in the same state: what comes next will be the same for both.</summary>
    /// <param name="other">The other node.</param>
    public bool HasSameStateAs(EndNode other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _options == other._options && (_nameHigh, _nameLow) == (other._nameHigh, other._nameLow)
            && _interfaces.HasSameStateAs(other._interfaces) && _names.HasSameStateAs(other._names) && _transactions.HasSameStateAs(other._transactions)
            && (_random, _nextTimeout, _lastOperation) == (other._random, other._nextTimeout, other._lastOperation)
            && (_bootOperation, _shutdownOperation, _bootWave, _isOff) == (other._bootOperation, other._shutdownOperation, other._bootWave, other._isOff)
            && _counters == other._counters
            && _outbox.Items.SequenceEqual(other._outbox.Items)
            && (_memory ?? NodeMemory.Empty).HasSameStateAs(other._memory ?? NodeMemory.Empty)
            && (_reports ?? NodeReports.Empty).HasSameStateAs(other._reports ?? NodeReports.Empty);
    }
}
