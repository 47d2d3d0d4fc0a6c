using System.Collections.Immutable;
using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <content>What the node has under way.</content>
public sealed partial class EndNode
{
    /// <summary>The requests that wait for an answer, or for the lack of one; oldest first.</summary>
    public ImmutableArray<PendingRequest> GetPendingRequests()
    {
        var pending = ImmutableArray.CreateBuilder<PendingRequest>();
        foreach (var transaction in _node.Transactions)
            pending.Add(new PendingRequest(transaction.Name, Doing(transaction), transaction.Target, transaction.TransactionId, transaction.TriesLeft, transaction.Deadline));
        return pending.ToImmutable();
    }

    private static string Doing(NodeTransaction transaction) => transaction.Phase switch
    {
        TransactionPhase.BroadcastClaim => "claims it by broadcast",
        TransactionPhase.ClaimWatch => "claims it: everything is sent, and objections count until then",
        TransactionPhase.ClaimWithdrawn => "was refused it by the segment while the name server may still grant it",
        TransactionPhase.ServerClaim => "claims it at the name server",
        TransactionPhase.Challenge => "asks its owner whether it still holds it",
        TransactionPhase.ServerUpdate => "tells the name server that its owner is gone",
        TransactionPhase.ServerRefresh => "refreshes it at the name server",
        TransactionPhase.BroadcastQuery => "looks for it by broadcast",
        TransactionPhase.ConflictWatch => "has found it by broadcast, and watches for further answers",
        TransactionPhase.ServerQuery => "looks for it at the name server",
        TransactionPhase.DirectedQuery => "asks one machine for it",
        TransactionPhase.LearningPause => "waits for mDNS and LLMNR before it looks for it",
        TransactionPhase.NegativePause => "waits after a name server that does not know it",
        TransactionPhase.BroadcastRelease => "releases it by broadcast",
        TransactionPhase.ServerRelease => "releases it at the name server",
        _ => "asks a node for its names",
    };
}
