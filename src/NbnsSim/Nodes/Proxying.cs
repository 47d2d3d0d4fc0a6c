using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>
/// The proxy, <c>EnableProxy</c> and <c>EnableProxyRegCheck</c>: answers broadcasts for names that its name server knows. It says what is in
/// its cache; for what is not, it asks, and waits for the next broadcast (Q121004).
/// </summary>
internal static class Proxying
{
    /// <summary>Somebody looks for a name by broadcast that is not ours.</summary>
    public static void Answer(ref NodeState node, Instant now, in Datagram incoming)
    {
        if (!node.Options.EnableProxy)
            node.Say(now, incoming, NodeRules.NotOurs);
        else if (Find(ref node, now, incoming) is { } cached)
        {
            bool answers = !node.Interfaces[incoming.InterfaceIndex].IsLocal(cached.Entry.Address); // a node of this subnet answers for itself
            node.Say(now, incoming, answers ? NodeRules.ProxyAnswers : NodeRules.ProxySilent, cached.Entry.Address, cached.Entry.Flags.IsGroup);
            if (answers)
                Sending.Reply(ref node, incoming, OutgoingForm.Response, NbnsFlagWords.QueryResponse, cached.Name, node.Options.Dialect.AnswerTimeToLive ?? 0, cached.Entry);
        }
    }

    /// <summary>Somebody claims a name by broadcast that is not ours, but may be another's whom only the name server knows.</summary>
    public static void Defend(ref NodeState node, Instant now, in Datagram incoming, NbEntry claim)
    {
        if (!node.Options.EnableProxyRegCheck || !node.Options.EnableProxy || !incoming.IsBroadcast)
            node.Say(now, incoming, NodeRules.NotOurs);
        else if (Find(ref node, now, incoming) is { } cached)
        {
            bool refuses = cached.Entry.Address != claim.Address && !(cached.Entry.Flags.IsGroup && claim.Flags.IsGroup);
            node.Say(now, incoming, refuses ? NodeRules.ProxyDefends : NodeRules.ProxySilent, cached.Entry.Address, cached.Entry.Flags.IsGroup);
            if (refuses)
                Sending.Reply(ref node, incoming, OutgoingForm.Response, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, cached.Name, entry: cached.Entry);
        }
    }

    /// <summary>What the name server said of the name lately; where it said nothing, it is asked, once at a time for each name.</summary>
    private static CachedName? Find(ref NodeState node, Instant now, in Datagram incoming)
    {
        if (incoming.Packet.Name.TryGetName(out var name) && !name.IsWildcard)
        {
            if (node.Remembered.Cache.TryGet(name, now, out var cached))
            {
                if (cached.FromNameServer)
                    return cached;
            }
            else if (Asks(ref node, now, name))
                return null;
        }

        node.Say(now, incoming, NodeRules.ProxySilent);
        return null;
    }

    /// <summary>Asks the name server about a name.</summary>
    /// <returns>False where it need not, or cannot, be asked.</returns>
    private static bool Asks(ref NodeState node, Instant now, in NetBiosName name)
    {
        if (node.Transactions.AsksAsProxy(name) || Steps.Open(ref node, default, OperationKind.Query, name, TransactionFlags.Proxy | TransactionFlags.Silent, null) is not { } query)
            return false;
        bool asks = ServerTurns.TryBegin(ref node, now, query, TransactionPhase.ServerQuery);
        if (!asks)
            node.Transactions.Close(query);
        Running.Settle(ref node, now);
        return asks;
    }
}
