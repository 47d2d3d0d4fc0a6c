using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>An interface that gets another address (MS-NBTE §3.1.7).</content>
public sealed partial class EndNode
{
    private void MoveName(Instant now, int index, Ipv4Address oldAddress, int interfaceIndex)
    {
        ref var row = ref _names[index];
        var running = FindOwner(row.Name, interfaceIndex);
        if (row.State == LocalNameState.Releasing)
        {
            if (running is not null)
                running.FirstEntry = new NbEntry(default, oldAddress); // it is the old address that is released
        }
        else if (row.State == LocalNameState.Registering && running is null && row.Has(LocalNameFlags.OwesNameServer))
            return; // it waits for a name server, and will be claimed for the new address
        else if (row.State == LocalNameState.Registering && running is not null)
        {
            if (running.Kind != OperationKind.Registration)
                return; // the release of a still older address: the claim that follows it takes the newest
            running.TransactionId = NextTransactionId(); // the answer to the old claim is not one to the new
            running.Step = 0;
            StartStep(now, running);
        }
        else
            StartReclaim(now, index, oldAddress, interfaceIndex);
    }

    private void StartReclaim(Instant now, int index, Ipv4Address oldAddress, int interfaceIndex)
    {
        ref var row = ref _names[index];
        if (FindOwner(row.Name, interfaceIndex) is { } running)
            Close(running); // a refresh of the old address
        if (IsInConflict(row, interfaceIndex) && !_options.Dialect.ReleasesNameInConflict)
        {
            StartClaimAgain(now, row.Name, interfaceIndex);
            return;
        }

        if (Open(default, OperationKind.Release, row.Name, ClaimFlags(row) | TransactionFlags.Reclaim, null, interfaceIndex) is not { } release)
        {
            NoteMissed(now, ref row, interfaceIndex, isClaim: false);
            return;
        }

        if (InterfaceCount == 1)
        {
            SetState(ref row, LocalNameState.Registering);
            row.RefreshAt = Instant.MaxValue;
        }

        release.FirstEntry = new NbEntry(default, oldAddress);
        StartStep(now, release);
    }

    private void StartClaimAgain(Instant now, in NetBiosName name, int interfaceIndex)
    {
        int index = Find(name);
        if (Open(default, OperationKind.Registration, name, ClaimFlags(_names[index]), null, interfaceIndex) is { } claim)
            StartStep(now, claim);
        else if (_names[index].State == LocalNameState.Registering)
        {
            if (!_names[index].Has(LocalNameFlags.OwesNameServer))
                SetState(ref _names[index], LocalNameState.Registered);
            NoteMissed(now, ref _names[index], interfaceIndex, isClaim: false);
        }
    }
}
