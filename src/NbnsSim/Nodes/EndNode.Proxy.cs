using NbnsSim.Names;
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
    private void AnswerAsProxy(in Incoming incoming)
    {
        if (!_options.EnableProxy)
            Say(incoming, NodeRules.NotOurs);
        else if (FindForProxy(incoming) is { } cached)
        {
            bool answers = !_interfaces[incoming.Interface].IsLocal(cached.Entry.Address); // a node of this subnet answers for itself
            Say(incoming, answers ? NodeRules.ProxyAnswers : NodeRules.ProxySilent, cached.Entry.Address, cached.Entry.Flags.IsGroup);
            if (answers)
                Reply(incoming, OutgoingForm.Response, NbnsFlagWords.QueryResponse, cached.Name, _options.Dialect.AnswerTimeToLive ?? 0, cached.Entry);
        }
    }

    /// <summary>Somebody claims a name by broadcast that is not ours, but may be another's whom only the name server knows.</summary>
    private void DefendAsProxy(in Incoming incoming, NbEntry claim)
    {
        if (!_options.EnableProxyRegCheck || !_options.EnableProxy || !incoming.IsBroadcast)
            Say(incoming, NodeRules.NotOurs);
        else if (FindForProxy(incoming) is { } cached)
        {
            bool refuses = cached.Entry.Address != claim.Address && !(cached.Entry.Flags.IsGroup && claim.Flags.IsGroup);
            Say(incoming, refuses ? NodeRules.ProxyDefends : NodeRules.ProxySilent, cached.Entry.Address, cached.Entry.Flags.IsGroup);
            if (refuses)
                Reply(incoming, OutgoingForm.Response, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, cached.Name, entry: cached.Entry);
        }
    }

    /// <summary>What the name server said of the name lately; where it said nothing, it is asked, once at a time for each name.</summary>
    private CachedName? FindForProxy(in Incoming incoming)
    {
        if (incoming.Packet.Name.TryGetName(out var name) && !name.IsWildcard)
        {
            if ((_memory ?? NodeMemory.Empty).Cache.TryGet(name, incoming.Now, out var cached))
            {
                if (cached.FromNameServer)
                    return cached;
            }
            else if (AsksAsProxy(incoming.Now, name))
                return null;
        }

        Say(incoming, NodeRules.ProxySilent);
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
