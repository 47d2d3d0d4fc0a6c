using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Demands: telling a node to stop using a name (RFC 1001 §15.5.3; WINS: Q136571).</content>
public sealed partial class NameServer
{
    private void Demand(Instant now, NodeDemand demand, ulong high, ulong low, ReadOnlySpan<byte> encodedScope, Ipv4Address address)
    {
        if (demand == NodeDemand.None)
            return;
        int scope = _names.Scopes.Acquire(encodedScope);
        if (scope < 0)
        {
            _statistics.Dropped++;
            return;
        }

        _statistics.Demands++;
        if (demand == NodeDemand.Conflict)
        {
            Say(now, new NetBiosName(high, low, _names.Scopes[scope]), ServerRules.ConflictDemand, address, address);
            SendConflictDemand(new NetBiosName(high, low, _names.Scopes[scope]), address);
        }
        else if (TryBegin(ServerTransactionKind.ReleaseDemand, high, low, scope, out int index))
            SendReleaseDemand(now, index, address);
        _names.Scopes.Release(scope);
    }

    /// <summary>NAME CONFLICT DEMAND: no answer is expected, so it is sent once (RFC 1002 §4.2.8).</summary>
    private void SendConflictDemand(in NetBiosName name, Ipv4Address address)
    {
        int length = NbnsHeader.Size + NbnsEncoder.EncodedLength(name) + NbnsResourceRecord.FixedSize + NbEntry.Size;
        if (_transmits.TryReserve(length, out var room))
            Send(NbnsEncoder.WriteResponse(room, _transactions.NewId(), NbnsFlagWords.ConflictDemand, name, 0, default(NbEntry)), new Ipv4Endpoint(address, Options.NodePort), 0);
    }

    /// <summary>NAME RELEASE DEMAND to a node: a unicast release (RFC 1002 §4.2.9) whose response WINS waits for.</summary>
    private void SendReleaseDemand(Instant now, int index, Ipv4Address address)
    {
        Aim(ref _transactions[index], address);
        Log(now, WinsEventId.ReleaseDemandSent, index);
        RepeatReleaseDemand(now, index);
    }

    private void RepeatReleaseDemand(Instant now, int index)
    {
        ref var transaction = ref _transactions[index];
        if (transaction.Tries++ >= Dialect.ReleaseDemandTries)
        {
            SayAsked(now, index, ServerRules.DemandUnanswered);
            Log(now, WinsEventId.ReleaseDemandUnanswered, index);
            End(index);
            return;
        }

        SayAsked(now, index, ServerRules.ReleaseDemand, Dialect.ReleaseDemandTries);
        var name = _transactions.NameOf(index);
        var entry = new NbEntry(default, transaction.Target);
        if (_transmits.TryReserve(NbnsEncoder.EncodedLength(name) + NbnsHeader.Size + 4 + 2 + NbnsResourceRecord.FixedSize + NbEntry.Size, out var room))
            Send(NbnsEncoder.WriteRequest(room, transaction.Id, NbnsFlagWords.Release, name, 0, entry), new Ipv4Endpoint(transaction.Target, Options.NodePort), 0);
        _transactions.AwaitRelease(index, now + Dialect.ReleaseDemandInterval);
    }

    private void Log(Instant now, WinsEventId id, int transaction) =>
        _log.Add(new WinsEvent(now, id, _transactions.NameOf(transaction), _transactions[transaction].Target));
}
