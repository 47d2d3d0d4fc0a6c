using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Nodes;

/// <summary>Which name server to ask, what when it is silent, and the way back to the primary (Q247559).</summary>
internal static class ServerTurns
{
    /// <summary>Turns to the current name server.</summary>
    /// <returns>False where there is none, or none has answered lately.</returns>
    public static bool TryBegin(ref NodeState node, Instant now, NodeTransaction transaction, TransactionPhase phase)
    {
        var servers = node.Remembered.Servers;
        if (node.Options.NameServers.IsEmpty || servers.AreDown(now))
            return false;
        transaction.Target = transaction.Server = node.Options.NameServers[servers.First(phase == TransactionPhase.ServerRefresh)];
        transaction.ServersTried = 1;
        Steps.Begin(ref node, now, transaction, phase);
        return true;
    }

    /// <summary>A name server answered: it is the one to ask from now on, where the one before it was silent.</summary>
    public static void NoteAnswered(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        bool turns = transaction.Has(TransactionFlags.ServerWasSilent);
        transaction.Flags |= TransactionFlags.Answered;
        int server = node.Options.NameServers.IndexOf(transaction.Server);
        if (server < 0 || (node.Memory is null && server == 0))
            return;
        if (!node.MakeMemory().Servers.Answered(server, turns, now, node.Options.Dialect.Timing, transaction.Decision))
            return;
        for (int i = 0; i < node.Names.Count; i++) // the primary is back: it has to hear of every name
        {
            if (node.Names[i].Has(LocalNameFlags.ByNameServer) && node.Names[i].State == LocalNameState.Registered && node.Transactions.OwnerOf(node.Names[i].Name) is null)
                node.Names.RefreshAt(i, now);
        }
    }

    /// <summary>A name server did not answer: the next one, until all were asked.</summary>
    public static void OnSilent(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        bool answered = transaction.Has(TransactionFlags.Answered);
        if (!answered)
            transaction.Flags |= TransactionFlags.ServerWasSilent;
        if (TryNext(ref node, now, transaction))
            return;
        if (answered && transaction.Phase == TransactionPhase.ServerQuery && transaction.FirstRcode != default)
        {
            Steps.End(ref node, now, transaction, StepOutcomes.Refusal, transaction.FirstResponder, transaction.FirstRcode);
            return;
        }

        bool hasAnswered = transaction.Redirects > 0; // it is the one it named that is silent
        if (node.Options.Dialect.Timing.NameServerDownTimeout > TimeSpan.Zero && !hasAnswered && !transaction.Has(TransactionFlags.SwitchBack))
            node.MakeMemory().Servers.LeaveAlone(now + node.Options.Dialect.Timing.NameServerDownTimeout);
        Steps.End(ref node, now, transaction, StepOutcomes.Silence);
    }

    /// <summary>Turns to the next of the name servers.</summary>
    /// <returns>False where all were asked.</returns>
    public static bool TryNext(ref NodeState node, Instant now, NodeTransaction transaction)
    {
        var servers = node.Options.NameServers;
        int current = servers.IndexOf(transaction.Server);
        if (current < 0 || transaction.ServersTried >= servers.Length || transaction.Has(TransactionFlags.SwitchBack | TransactionFlags.Withdrawal))
            return false;
        transaction.ServersTried++;
        transaction.Target = transaction.Server = servers[(current + 1) % servers.Length];
        node.Say(now, transaction, NodeRules.NextServer, address: transaction.Target);
        Steps.Begin(ref node, now, transaction, transaction.Phase switch
        {
            // An update request follows a server's own challenge (RFC 1002 §5.1.2.1): the next server is asked for the name first.
            TransactionPhase.ServerUpdate => TransactionPhase.ServerClaim,
            TransactionPhase.NegativePause => TransactionPhase.ServerQuery,
            var phase => phase,
        });
        return true;
    }

    /// <summary>Every 10 minutes, one name is refreshed with the primary name server: when it answers, all go back to it (Q247559).</summary>
    public static void TrySwitchBack(ref NodeState node, Instant now, NodeMemory memory)
    {
        memory.Servers.TrySwitchBack(now, node.Options.Dialect.Timing);
        for (int i = 0; i < node.Names.Count; i++)
        {
            ref readonly var row = ref node.Names[i];
            if (!row.Has(LocalNameFlags.ByNameServer) || row.State != LocalNameState.Registered || node.Transactions.OwnerOf(row.Name) is not null)
                continue;
            if (Steps.Open(ref node, default, OperationKind.Refresh, row.Name, Renewing.ClaimFlags(row) | TransactionFlags.SwitchBack, null) is { } transaction)
            {
                transaction.Target = transaction.Server = node.Options.NameServers[0];
                Steps.Begin(ref node, now, transaction, TransactionPhase.ServerRefresh);
            }

            return;
        }
    }
}
