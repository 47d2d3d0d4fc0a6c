using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Nodes;

/// <summary>
/// Names that the name server has not answered for. Where one of several interfaces fails, it alone tries again, the others keep to the granted time; before that
/// was corrected, all were refreshed every ten minutes (Q164308, <see cref="NetBtTiming.UnregisteredRefreshInterval"/>).
/// </summary>
internal static class Debts
{
    /// <summary>The name server did not answer: it hears of the name again later.</summary>
    public static void NoteMissed(ref NodeState node, Instant now, int index, int interfaceIndex, bool isClaim)
    {
        ref readonly var row = ref node.Names[index];
        if (node.Interfaces.AreSeveral)
        {
            var every = node.Options.Dialect.Timing.UnregisteredRefreshInterval;
            node.MakeMemory().Debts.Add(row.Name, interfaceIndex, isClaim, now + (every > TimeSpan.Zero ? every : Renewing.RetryInterval(ref node, row)), node.Teller?.Last ?? 0);
            return;
        }

        if (isClaim)
            node.Names.SetFlags(index, LocalNameFlags.MissedByNameServer);
        Renewing.Retry(ref node, now, index);
    }

    public static NameDebt Of(ref NodeState node, in NetBiosName name) => node.Remembered.Debts.Of(name);

    /// <summary>Every interface's claim has ended: where the name server missed one, the name has to be claimed there again, not refreshed.</summary>
    public static void Settle(ref NodeState node, int index)
    {
        ref readonly var row = ref node.Names[index];
        bool owes = node.Interfaces.AreSeveral ? Of(ref node, row.Name).Claims != 0 : row.Has(LocalNameFlags.MissedByNameServer);
        node.Names.ClearFlags(index, LocalNameFlags.MissedByNameServer | LocalNameFlags.OwesNameServer);
        node.Names.SetFlags(index, owes ? LocalNameFlags.OwesNameServer : LocalNameFlags.None);
    }

    public static void Pay(ref NodeState node, Instant now, NodeMemory memory)
    {
        bool everywhere = node.Options.Dialect.Timing.UnregisteredRefreshInterval > TimeSpan.Zero;
        while (memory.Debts.TryTake(now, out var debt))
        {
            node.BeginLifetime(debt.Decision);
            if (everywhere && node.Names.Find(debt.Name) is >= 0 and var index)
                node.Names.StopRefresh(index);
            for (int i = 0; i < node.Interfaces.Count; i++)
            {
                if (everywhere || (debt.Interfaces >> i & 1) != 0)
                    PayDebt(ref node, now, debt, i);
            }

            node.EndLifetime(now, debt.Name);
        }
    }

    private static void PayDebt(ref NodeState node, Instant now, in NameDebt debt, int interfaceIndex)
    {
        if (node.Names.Find(debt.Name) is not (>= 0 and var index) || node.Names[index].IsInConflictOn(interfaceIndex))
            return;
        ref readonly var row = ref node.Names[index];
        bool claims = (debt.Claims >> interfaceIndex & 1) != 0;
        bool isBusy = row.State == LocalNameState.Releasing || node.Transactions.OwnerOf(row.Name, interfaceIndex) is not null;
        if (isBusy)
            NoteMissed(ref node, now, index, interfaceIndex, claims);
        else if (row.State == LocalNameState.Registering)
            Moving.ClaimAgain(ref node, now, debt.Name, interfaceIndex);
        else
            Renewing.Start(ref node, now, debt.Name, interfaceIndex, claims ? TransactionPhase.ServerClaim : TransactionPhase.ServerRefresh);
    }
}
