using NbnsSim.Names;
using NbnsSim.Rules;

namespace NbnsSim.NameServers;

/// <summary>Demands: telling a node to stop using a name (RFC 1001 §15.5.3; WINS: Q136571), and again until it answers where an answer is expected.</summary>
/// <param name="state">The server's.</param>
internal sealed class NodeDemands(ServerState state)
{
    private readonly ScopeTable _scopes = state.Names.Scopes;
    private readonly ServerTransactions _transactions = state.Transactions;
    private readonly ServerVoice _voice = state.Voice;

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
            state.Counters.Dropped++;
            return;
        }

        state.Counters.Demands++;
        var name = new NetBiosName(high, low, _scopes[scope]);
        if (demand == NodeDemand.Conflict)
        {
            _voice.Say(now, name, ServerRules.ConflictDemand, node, node);
            state.Outbox.DemandConflict(_transactions.NewId(), name, node); // no answer is expected, so it is sent once (RFC 1002 §4.2.8)
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
        if (transaction.Tries++ >= state.Dialect.ReleaseDemandTries)
        {
            End(now, index, ServerRules.DemandUnanswered, WinsEventId.ReleaseDemandUnanswered);
            return;
        }

        _voice.SayAsked(now, _transactions, index, ServerRules.ReleaseDemand, state.Dialect.ReleaseDemandTries);
        state.Outbox.DemandRelease(transaction, _transactions.NameOf(index));
        _transactions.AwaitRelease(index, now + state.Dialect.ReleaseDemandInterval);
    }

    /// <summary>The node has answered.</summary>
    public void Answered(Instant now, int index) => End(now, index, ServerRules.DemandAnswered, WinsEventId.ReleaseDemandAnswered);

    private void End(Instant now, int index, Rule rule, WinsEventId id)
    {
        _voice.SayAsked(now, _transactions, index, rule);
        Log(now, id, index);
        _transactions.End(index);
    }

    private void Log(Instant now, WinsEventId id, int index) => state.Log.Add(new WinsEvent(now, id, _transactions.NameOf(index), _transactions[index].Target));
}
