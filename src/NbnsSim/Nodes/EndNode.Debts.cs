using NbnsSim.Names;

namespace NbnsSim.Nodes;

/// <content>
/// Names that the name server has not answered for. Where one of several interfaces fails, it alone tries again, the others keep to the granted time; before that
/// was corrected, all were refreshed every ten minutes (Q164308, <see cref="Protocol.NetBtTiming.UnregisteredRefreshInterval"/>).
/// </content>
public sealed partial class EndNode
{
    /// <summary>The name server did not answer: it hears of the name again later.</summary>
    private void NoteMissed(Instant now, ref LocalName row, int interfaceIndex, bool isClaim)
    {
        if (_others is not null)
        {
            var every = _options.Dialect.Timing.UnregisteredRefreshInterval;
            ((_memory ??= new NodeMemory()).Debts ??= new NameDebts()).Add(row.Name, interfaceIndex, isClaim, now + (every > TimeSpan.Zero ? every : RetryInterval(row)));
            return;
        }

        if (isClaim)
            row.Flags |= LocalNameFlags.MissedByNameServer;
        RetryRefresh(now, ref row);
    }

    private NameDebt DebtOf(in NetBiosName name) => _memory?.Debts is { } debts ? debts.Of(name) : new NameDebt { Name = name, RetryAt = Instant.MaxValue };

    /// <summary>Every interface's claim has ended: where the name server missed one, the name has to be claimed there again, not refreshed.</summary>
    private void SettleDebt(ref LocalName row)
    {
        bool owes = _others is null ? row.Has(LocalNameFlags.MissedByNameServer) : DebtOf(row.Name).Claims != 0;
        row.Flags &= ~(LocalNameFlags.MissedByNameServer | LocalNameFlags.OwesNameServer);
        row.Flags |= owes ? LocalNameFlags.OwesNameServer : LocalNameFlags.None;
    }

    private void PayDebts(Instant now, NameDebts debts)
    {
        bool everywhere = _options.Dialect.Timing.UnregisteredRefreshInterval > TimeSpan.Zero;
        while (debts.TryTake(now, out var debt))
        {
            if (everywhere && Find(debt.Name) is >= 0 and var index)
                _names[index].RefreshAt = Instant.MaxValue;
            for (int i = 0; i < InterfaceCount; i++)
            {
                if (everywhere || (debt.Interfaces >> i & 1) != 0)
                    PayDebt(now, debt, i);
            }
        }
    }

    private void PayDebt(Instant now, in NameDebt debt, int interfaceIndex)
    {
        if (Find(debt.Name) is not (>= 0 and var index) || IsInConflict(_names[index], interfaceIndex))
            return;
        ref var row = ref _names[index];
        bool claims = (debt.Claims >> interfaceIndex & 1) != 0;
        bool isBusy = row.State == LocalNameState.Releasing || FindOwner(row.Name, interfaceIndex) is not null;
        if (isBusy)
            NoteMissed(now, ref row, interfaceIndex, claims);
        else if (row.State == LocalNameState.Registering)
            StartClaimAgain(now, debt.Name, interfaceIndex);
        else
            StartRefresh(now, debt.Name, interfaceIndex, claims ? TransactionPhase.ServerClaim : TransactionPhase.ServerRefresh);
    }
}
