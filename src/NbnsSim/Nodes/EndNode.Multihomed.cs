using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>An interface that gets another address (MS-NBTE §3.1.7).</content>
public sealed partial class EndNode
{
    private void MoveName(Instant now, int index, Ipv4Address oldAddress, int interfaceIndex)
    {
        ref readonly var row = ref _names[index];
        var running = _transactions.OwnerOf(row.Name, interfaceIndex);
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
            running.TransactionId = _transactions.NewId(ref _random); // the answer to the old claim is not one to the new
            running.Step = 0;
            StartStep(now, running);
        }
        else
            StartReclaim(now, index, oldAddress, interfaceIndex);
    }

    private void StartReclaim(Instant now, int index, Ipv4Address oldAddress, int interfaceIndex)
    {
        ref readonly var row = ref _names[index];
        if (_transactions.OwnerOf(row.Name, interfaceIndex) is { } running)
            _transactions.Close(running); // a refresh of the old address
        if (IsInConflict(row, interfaceIndex) && !_options.Dialect.ReleasesNameInConflict)
        {
            StartClaimAgain(now, row.Name, interfaceIndex);
            return;
        }

        if (Open(default, OperationKind.Release, row.Name, ClaimFlags(row) | TransactionFlags.Reclaim, null, interfaceIndex) is not { } release)
        {
            NoteMissed(now, index, interfaceIndex, isClaim: false);
            return;
        }

        if (_interfaces.Count == 1)
        {
            _names.SetState(index, LocalNameState.Registering);
            _names.StopRefresh(index);
        }

        release.FirstEntry = new NbEntry(default, oldAddress);
        StartStep(now, release);
    }

    private void StartClaimAgain(Instant now, in NetBiosName name, int interfaceIndex)
    {
        int index = _names.Find(name);
        if (Open(default, OperationKind.Registration, name, ClaimFlags(_names[index]), null, interfaceIndex) is { } claim)
            StartStep(now, claim);
        else if (_names[index].State == LocalNameState.Registering)
        {
            if (!_names[index].Has(LocalNameFlags.OwesNameServer))
                _names.SetState(index, LocalNameState.Registered);
            NoteMissed(now, index, interfaceIndex, isClaim: false);
        }
    }
}
