using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>An interface that gets another address (MS-NBTE §3.1.7).</summary>
internal static class Moving
{
    public static void Move(ref NodeState node, Instant now, int index, Ipv4Address oldAddress, int interfaceIndex)
    {
        ref readonly var row = ref node.Names[index];
        var running = node.Transactions.OwnerOf(row.Name, interfaceIndex);
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
            running.TransactionId = node.Transactions.NewId(ref node.Random); // the answer to the old claim is not one to the new
            running.Step = 0;
            Steps.Start(ref node, now, running);
        }
        else
            Reclaim(ref node, now, index, oldAddress, interfaceIndex);
    }

    private static void Reclaim(ref NodeState node, Instant now, int index, Ipv4Address oldAddress, int interfaceIndex)
    {
        ref readonly var row = ref node.Names[index];
        if (node.Transactions.OwnerOf(row.Name, interfaceIndex) is { } running)
            node.Transactions.Close(running); // a refresh of the old address
        if (row.IsInConflictOn(interfaceIndex) && !node.Options.Dialect.ReleasesNameInConflict)
        {
            ClaimAgain(ref node, now, row.Name, interfaceIndex);
            return;
        }

        if (Steps.Open(ref node, default, OperationKind.Release, row.Name, Renewing.ClaimFlags(row) | TransactionFlags.Reclaim, null, interfaceIndex) is not { } release)
        {
            Debts.NoteMissed(ref node, now, index, interfaceIndex, isClaim: false);
            return;
        }

        if (node.Interfaces.Count == 1)
        {
            node.Names.SetState(index, LocalNameState.Registering);
            node.Names.StopRefresh(index);
        }

        release.FirstEntry = new NbEntry(default, oldAddress);
        Steps.Start(ref node, now, release);
    }

    public static void ClaimAgain(ref NodeState node, Instant now, in NetBiosName name, int interfaceIndex)
    {
        int index = node.Names.Find(name);
        if (Steps.Open(ref node, default, OperationKind.Registration, name, Renewing.ClaimFlags(node.Names[index]), null, interfaceIndex) is { } claim)
            Steps.Start(ref node, now, claim);
        else if (node.Names[index].State == LocalNameState.Registering)
        {
            if (!node.Names[index].Has(LocalNameFlags.OwesNameServer))
                node.Names.SetState(index, LocalNameState.Registered);
            Debts.NoteMissed(ref node, now, index, interfaceIndex, isClaim: false);
        }
    }
}
