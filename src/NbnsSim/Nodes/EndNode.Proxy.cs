using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>
/// The proxy, <c>EnableProxy</c> and <c>EnableProxyRegCheck</c>: answers broadcasts for names that its name server knows. It says what is in
/// its cache; for what is not, it asks, and waits for the next broadcast (Q121004).
/// </content>
public sealed partial class EndNode
{
    /// <summary>Somebody looks for a name by broadcast that is not ours.</summary>
    private void AnswerAsProxy(Instant now, in Datagram incoming)
    {
        if (!_options.EnableProxy)
            Say(now, incoming, NodeRules.NotOurs);
        else if (FindForProxy(now, incoming) is { } cached)
        {
            bool answers = !_interfaces[incoming.InterfaceIndex].IsLocal(cached.Entry.Address); // a node of this subnet answers for itself
            Say(now, incoming, answers ? NodeRules.ProxyAnswers : NodeRules.ProxySilent, cached.Entry.Address, cached.Entry.Flags.IsGroup);
            if (answers)
                Reply(incoming, OutgoingForm.Response, NbnsFlagWords.QueryResponse, cached.Name, _options.Dialect.AnswerTimeToLive ?? 0, cached.Entry);
        }
    }

    /// <summary>Somebody claims a name by broadcast that is not ours, but may be another's whom only the name server knows.</summary>
    private void DefendAsProxy(Instant now, in Datagram incoming, NbEntry claim)
    {
        if (!_options.EnableProxyRegCheck || !_options.EnableProxy || !incoming.IsBroadcast)
            Say(now, incoming, NodeRules.NotOurs);
        else if (FindForProxy(now, incoming) is { } cached)
        {
            bool refuses = cached.Entry.Address != claim.Address && !(cached.Entry.Flags.IsGroup && claim.Flags.IsGroup);
            Say(now, incoming, refuses ? NodeRules.ProxyDefends : NodeRules.ProxySilent, cached.Entry.Address, cached.Entry.Flags.IsGroup);
            if (refuses)
                Reply(incoming, OutgoingForm.Response, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, cached.Name, entry: cached.Entry);
        }
    }

    /// <summary>What the name server said of the name lately; where it said nothing, it is asked, once at a time for each name.</summary>
    private CachedName? FindForProxy(Instant now, in Datagram incoming)
    {
        if (incoming.Packet.Name.TryGetName(out var name) && !name.IsWildcard)
        {
            if ((_memory ?? NodeMemory.Empty).Cache.TryGet(name, now, out var cached))
            {
                if (cached.FromNameServer)
                    return cached;
            }
            else if (AsksAsProxy(now, name))
                return null;
        }

        Say(now, incoming, NodeRules.ProxySilent);
        return null;
    }

    /// <summary>Asks the name server about a name.</summary>
    /// <returns>False where it need not, or cannot, be asked.</returns>
    private bool AsksAsProxy(Instant now, in NetBiosName name)
    {
        if (_transactions.AsksAsProxy(name) || Open(default, OperationKind.Query, name, TransactionFlags.Proxy | TransactionFlags.Silent, null) is not { } query)
            return false;
        bool asks = TryBeginWithServer(now, query, TransactionPhase.ServerQuery);
        if (!asks)
            _transactions.Close(query);
        Settle(now);
        return asks;
    }
}
