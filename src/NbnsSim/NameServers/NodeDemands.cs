using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>Demands: telling a node to stop using a name (RFC 1001 §15.5.3; WINS: Q136571), and again until it answers where an answer is expected.</summary>
internal sealed class NodeDemands
{
    private readonly NameServerDialect _dialect;
    private readonly ScopeTable _scopes;
    private readonly ServerTransactions _transactions;
    private readonly ServerOutbox _outbox;
    private readonly ServerVoice _voice;
    private readonly NameServerLog _log;

    public NodeDemands(NameServerDialect dialect, ScopeTable scopes, ServerTransactions transactions, ServerOutbox outbox, ServerVoice voice, NameServerLog log)
    {
        _dialect = dialect;
        _scopes = scopes;
        _transactions = transactions;
        _outbox = outbox;
        _voice = voice;
        _log = log;
    }

    /// <summary>A copy over the parts of a copied server.</summary>
    public NodeDemands(NodeDemands other, ScopeTable scopes, ServerTransactions transactions, ServerOutbox outbox, ServerVoice voice, NameServerLog log)
        : this(other._dialect, scopes, transactions, outbox, voice, log) => (Count, Dropped) = (other.Count, other.Dropped);

    /// <summary>How many were sent, repeats not counted.</summary>
    public long Count { get; private set; }

    /// <summary>How many were owed that there was no room for.</summary>
    public long Dropped { get; private set; }

    /// <summary>Whether as many were sent and lost by both; what is under way, the transactions say.</summary>
    public bool HasSameStateAs(NodeDemands other) => (Count, Dropped) == (other.Count, other.Dropped);

    /// <summary>Tells a node to stop using a name.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="demand">How; none where nothing is to be said.</param>
    /// <param name="high">Octets 0 to 7 of the name.</param>
    /// <param name="low">Octets 8 to 15.</param>
    /// <param name="encodedScope">Its scope.</param>
    /// <param name="node">The node.</param>
    public void Make(Instant now, NodeDemand demand, ulong high, ulong low, ReadOnlySpan<byte> encodedScope, Ipv4Address node)
    {
        if (demand == NodeDemand.None)
            return; // by the dialect nothing is owed
        int scope = _scopes.Acquire(encodedScope);
        if (scope < 0)
        {
            Dropped++;
            return;
        }

        Count++;
        var name = new NetBiosName(high, low, _scopes[scope]);
        if (demand == NodeDemand.Conflict)
        {
            _voice.Say(now, name, ServerRules.ConflictDemand, node, node);
            _outbox.DemandConflict(_transactions.NewId(), name, node); // no answer is expected, so it is sent once (RFC 1002 §4.2.8)
        }
        else if (_transactions.TryBegin(ServerTransactionKind.ReleaseDemand, high, low, scope, out int index))
        {
            _transactions.SetTarget(index, node);
            Log(now, WinsEventId.ReleaseDemandSent, index);
            Repeat(now, index);
        }

        _scopes.Release(scope);
    }

    /// <summary>Sends a release demand, again where no answer came in time (RFC 1002 §4.2.9; WINS waits for the response); or gives it up.</summary>
    public void Repeat(Instant now, int index)
    {
        ref var transaction = ref _transactions[index];
        if (transaction.Tries++ >= _dialect.ReleaseDemandTries)
        {
            End(now, index, ServerRules.DemandUnanswered, WinsEventId.ReleaseDemandUnanswered);
            return;
        }

        _voice.SayAsked(now, _transactions, index, ServerRules.ReleaseDemand, _dialect.ReleaseDemandTries);
        _outbox.DemandRelease(transaction, _transactions.NameOf(index));
        _transactions.AwaitRelease(index, now + _dialect.ReleaseDemandInterval);
    }

    /// <summary>The node has answered.</summary>
    public void Answered(Instant now, int index) => End(now, index, ServerRules.DemandAnswered, WinsEventId.ReleaseDemandAnswered);

    private void End(Instant now, int index, Rule rule, WinsEventId id)
    {
        _voice.SayAsked(now, _transactions, index, rule);
        Log(now, id, index);
        _transactions.End(index);
    }

    private void Log(Instant now, WinsEventId id, int index) => _log.Add(new WinsEvent(now, id, _transactions.NameOf(index), _transactions[index].Target));
}
