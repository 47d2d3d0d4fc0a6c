using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>Boot, shutdown, and when to call back.</summary>
internal static class Running
{
    /// <summary>Switches the machine on, and begins to claim the names of a boot: <see cref="EndNode.Boot"/>.</summary>
    public static OperationId Boot(ref NodeState node, Instant now)
    {
        if (node.Run.IsOff)
            Caching.PreloadAll(ref node);
        if (node.Run.Shutdown != default)
            Releasing.Abandon(ref node, now);
        node.Run.SwitchOn();
        Cancel(ref node, now, node.Run.EndBoot(), OperationKind.Boot);
        Cancel(ref node, now, node.Run.EndShutdown(), OperationKind.Shutdown);
        var operation = node.Run.BeginBoot();
        if (node.Plan.NodeType != OwnerNodeType.B && node.Options.NameServers.IsEmpty && node.Options.Dialect.LogsMissingNameServer)
            node.Log(NetBtEvent.NoNameServer(now, backup: false) with { Reason = new NetBtEventReason(NodeRules.LogsNoNameServer, default, 0, ByBroadcast: false) }, NodeRules.LogsNoNameServer);
        return operation;
    }

    /// <summary>Begins to release all names: <see cref="EndNode.Shutdown"/>. One shutdown is enough.</summary>
    public static OperationId Shutdown(ref NodeState node, Instant now)
    {
        if (node.Run.Shutdown != default)
            return node.Run.Shutdown;
        Cancel(ref node, now, node.Run.EndBoot(), OperationKind.Boot);
        var operation = node.Run.BeginShutdown();
        for (int i = 0; i < node.Names.Count;)
        {
            int count = node.Names.Count;
            if (node.Options.Dialect.SkipsReleasesAtShutdown && IsLeftAtShutdown(ref node, node.Names[i]))
            {
                Releasing.CancelClaim(ref node, now, node.Names[i].Name);
                node.Say(now, NodeRules.RemovedSilently, node.Names[i].Name);
                node.RemoveName(i);
            }
            else if (node.Names[i].State != LocalNameState.Releasing)
                Releasing.Start(ref node, now, node.Names[i].Name, null);
            i += node.Names.Count == count ? 1 : 0; // one in conflict is gone already
        }

        return operation;
    }

    /// <summary>The names of Q140419: the Workstation's and Messenger's of the computer, and the domain's of its controllers.</summary>
    private static bool IsLeftAtShutdown(ref NodeState node, in LocalName row) => row.Name.Suffix switch
    {
        NameSuffix.Workstation or NameSuffix.Messenger => !row.IsGroup && row.Name.WithSuffix(NameSuffix.Workstation) == node.ComputerName,
        NameSuffix.DomainControllers => row.IsGroup && node.Options.Workgroup is { } domain && row.Name == new NetBiosName(domain, NameSuffix.DomainControllers, node.Options.Scope),
        _ => false,
    };

    /// <summary>After whatever happened: goes on with a boot or a shutdown, and says when to call back.</summary>
    public static void Settle(ref NodeState node, Instant now)
    {
        if (node.Run.Boot != default)
            ContinueBoot(ref node, now);
        if (node.Run.Shutdown != default)
            FinishShutdown(ref node, now);
        SetNextTimeout(ref node);
    }

    public static bool IsRunning(ref NodeState node, Instant now, OperationId operation, OperationKind kind, in NetBiosName name)
    {
        bool running = node.Run.TakesCommands;
        if (!running)
        {
            node.Say(now, NodeRules.NotRunning, name);
            node.Report(now, operation, kind, name, OperationOutcome.NotRunning);
        }

        return running;
    }

    /// <summary>Once every claim of a wave has ended, starts the next; after the last one, the boot is done.</summary>
    private static void ContinueBoot(ref NodeState node, Instant now)
    {
        var names = node.Options.Dialect.BootNames;
        while (node.Run.Boot != default && !node.Transactions.Any(TransactionFlags.Boot))
        {
            bool more = false;
            int wave = node.Run.NextWave();
            foreach (var boot in names)
            {
                more |= boot.Wave >= wave;
                if (boot.Wave == wave && MakeBootName(ref node, boot) is { } name)
                    Claiming.Start(ref node, now, name, TransactionFlags.Boot | (boot.IsGroup ? TransactionFlags.Group : TransactionFlags.None), null);
            }

            if (!more)
                EndBoot(ref node, now, OperationOutcome.Succeeded);
        }
    }

    public static void EndBoot(ref NodeState node, Instant now, OperationOutcome outcome)
    {
        if (node.Run.EndBoot() is var boot && boot != default)
            node.Report(now, boot, OperationKind.Boot, default, outcome);
    }

    private static void Cancel(ref NodeState node, Instant now, OperationId operation, OperationKind kind)
    {
        if (operation != default)
            node.Report(now, operation, kind, default, OperationOutcome.Cancelled);
    }

    private static NetBiosName? MakeBootName(ref NodeState node, BootName boot) => boot.Part switch
    {
        BootNamePart.Computer => node.ComputerName.WithSuffix(boot.Suffix),
        _ when node.Options.Workgroup is { } workgroup => new NetBiosName(workgroup, boot.Suffix, node.Options.Scope),
        _ => null,
    };

    private static void FinishShutdown(ref NodeState node, Instant now)
    {
        if (node.Run.Shutdown == default || node.Names.Count > 0)
            return;
        foreach (var query in node.Transactions)
        {
            if (!query.Has(TransactionFlags.Silent) && query.Phase != TransactionPhase.ConflictWatch) // which has its result
                node.Report(now, query.Operation, query.Kind, query.Name, OperationOutcome.Cancelled);
        }

        node.Report(now, node.Run.EndShutdown(), OperationKind.Shutdown, default, OperationOutcome.Succeeded);
        node.Transactions.Clear();
        node.Memory = null;
        node.Run.SwitchOff();
    }

    /// <summary>Keeps <see cref="EndNode.PollTimeout"/> a mere read.</summary>
    public static void SetNextTimeout(ref NodeState node)
    {
        var (next, names) = (node.Transactions.DueAt, node.Names.DueAt);
        next = names < next ? names : next;
        node.NextTimeout = node.Memory is not null && node.Memory.DueAt < next ? node.Memory.DueAt : next;
    }
}
