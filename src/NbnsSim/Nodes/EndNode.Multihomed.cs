using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>An interface that gets another address (MS-NBTE §3.1.7).</content>
public sealed partial class EndNode
{
    private void StartReclaim(Instant now, int index, Ipv4Address oldAddress, int interfaceIndex)
    {
        ref var row = ref _names[index];
        if (FindOwner(row.Name, interfaceIndex) is { } running)
            Close(running); // a refresh of the old address
        bool wasInConflict = IsInConflict(row, interfaceIndex);
        if (InterfaceCount == 1)
        {
            row.State = LocalNameState.Registering;
            row.RefreshAt = Instant.MaxValue;
        }

        var name = row.Name;
        if (wasInConflict) // not ours to release
            StartClaimAgain(now, name, interfaceIndex);
        else if (Open(default, OperationKind.Release, name, ClaimFlags(row) | TransactionFlags.Reclaim, null, interfaceIndex) is { } release)
        {
            release.FirstEntry = new NbEntry(default, oldAddress);
            StartStep(now, release);
        }
        else
            RetryRefresh(now, ref row);
    }

    private void Reclaim(Instant now, NodeTransaction release) => StartClaimAgain(now, release.Name, release.Interface);

    private void StartClaimAgain(Instant now, in NetBiosName name, int interfaceIndex)
    {
        if (Find(name) is >= 0 and var index
            && Open(default, OperationKind.Registration, name, ClaimFlags(_names[index]), null, interfaceIndex) is { } claim)
            StartStep(now, claim);
    }
}
