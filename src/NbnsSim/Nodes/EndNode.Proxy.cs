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
        if (!_options.EnableProxy || FindForProxy(incoming) is not { } cached)
            return;
        // a node of this subnet answers for itself
        if (!GetInterface(incoming.Interface).IsLocal(cached.Entry.Address))
            Reply(incoming, OutgoingForm.Response, NbnsFlagWords.QueryResponse, cached.Name, _options.Dialect.AnswerTimeToLive ?? 0, cached.Entry);
    }

    /// <summary>Somebody claims a name by broadcast that is not ours, but may be another's whom only the name server knows.</summary>
    private void DefendAsProxy(in Incoming incoming, NbEntry claim)
    {
        if (!_options.EnableProxyRegCheck || !_options.EnableProxy || !incoming.IsBroadcast || FindForProxy(incoming) is not { } cached)
            return;
        if (cached.Entry.Address != claim.Address && !(cached.Entry.Flags.IsGroup && claim.Flags.IsGroup))
            Reply(incoming, OutgoingForm.Response, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, cached.Name, entry: cached.Entry);
    }

    /// <summary>What the name server said of the name lately; where it said nothing, it is asked, once at a time for each name.</summary>
    private CachedName? FindForProxy(in Incoming incoming)
    {
        if (!incoming.Packet.Name.TryGetName(out var name) || name.IsWildcard)
            return null;
        if (_memory is not null && _memory.Find(name) is >= 0 and var at && _memory.Cache[at].ExpiresAt > incoming.Now)
            return _memory.Cache[at].FromNameServer ? _memory.Cache[at] : null;
        for (var transaction = _transactions; transaction is not null; transaction = transaction.Next)
        {
            if (transaction.Has(TransactionFlags.Proxy) && transaction.Name == name)
                return null;
        }

        if (Open(default, OperationKind.Query, name, TransactionFlags.Proxy | TransactionFlags.Silent, null) is { } query
            && !TryBeginWithServer(incoming.Now, query, TransactionPhase.ServerQuery))
            Close(query);
        Settle(incoming.Now);
        return null;
    }
}
