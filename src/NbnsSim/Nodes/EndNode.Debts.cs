using NbnsSim.Names;

namespace NbnsSim.Nodes;

/// <content>
/// Names that the name server has not answered for. Where one of several interfaces fails, it alone tries again, the others keep to the granted time; before that
/// was corrected, all were refreshed every ten minutes (Q164308, <see cref="Protocol.NetBtTiming.UnregisteredRefreshInterval"/>).
/// </content>
public sealed partial class EndNode
{
    /// <summary>The name server did not answer: it hears of the name again later.</summary>
    private void NoteMissed(Instant now, int index, int interfaceIndex, bool isClaim)
    {
        ref readonly var row = ref _names[index];
        if (_interfaces.AreSeveral)
        {
            var every = _options.Dialect.Timing.UnregisteredRefreshInterval;
            (_memory ??= new NodeMemory()).Debts.Add(row.Name, interfaceIndex, isClaim, now + (every > TimeSpan.Zero ? every : RetryInterval(row)), Teller?.Last ?? 0);
            return;
        }

        if (isClaim)
            _names.SetFlags(index, LocalNameFlags.MissedByNameServer);
        RetryRefresh(now, index);
    }

    private NameDebt DebtOf(in NetBiosName name) => (_memory ?? NodeMemory.Empty).Debts.Of(name);

    /// <summary>Every interface's claim has ended: where the name server missed one, the name has to be claimed there again, not refreshed.</summary>
    private void SettleDebt(int index)
    {
        ref readonly var row = ref _names[index];
        bool owes = _interfaces.AreSeveral ? DebtOf(row.Name).Claims != 0 : row.Has(LocalNameFlags.MissedByNameServer);
        _names.ClearFlags(index, LocalNameFlags.MissedByNameServer | LocalNameFlags.OwesNameServer);
        _names.SetFlags(index, owes ? LocalNameFlags.OwesNameServer : LocalNameFlags.None);
    }

    private void PayDebts(Instant now, NodeMemory memory)
    {
        bool everywhere = _options.Dialect.Timing.UnregisteredRefreshInterval > TimeSpan.Zero;
        while (memory.Debts.TryTake(now, out var debt))
        {
            BeginLifetime(debt.Decision);
            if (everywhere && _names.Find(debt.Name) is >= 0 and var index)
                _names.StopRefresh(index);
            for (int i = 0; i < _interfaces.Count; i++)
            {
                if (everywhere || (debt.Interfaces >> i & 1) != 0)
                    PayDebt(now, debt, i);
            }

            EndLifetime(now, debt.Name);
        }
    }

    private void PayDebt(Instant now, in NameDebt debt, int interfaceIndex)
    {
        if (_names.Find(debt.Name) is not (>= 0 and var index) || IsInConflict(_names[index], interfaceIndex))
            return;
        ref readonly var row = ref _names[index];
        bool claims = (debt.Claims >> interfaceIndex & 1) != 0;
        bool isBusy = row.State == LocalNameState.Releasing || _transactions.OwnerOf(row.Name, interfaceIndex) is not null;
        if (isBusy)
            NoteMissed(now, index, interfaceIndex, claims);
        else if (row.State == LocalNameState.Registering)
            StartClaimAgain(now, debt.Name, interfaceIndex);
        else
            StartRefresh(now, debt.Name, interfaceIndex, claims ? TransactionPhase.ServerClaim : TransactionPhase.ServerRefresh);
    }
}
