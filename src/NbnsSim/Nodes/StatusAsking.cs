using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>Asking another node for its names (RFC 1002 §4.2.17).</summary>
internal static class StatusAsking
{
    public static OperationId Start(ref NodeState node, Instant now, Ipv4Address target, in NetBiosName name, ushort? transactionId)
    {
        var operation = node.Run.Next();
        if (Running.IsRunning(ref node, now, operation, OperationKind.NodeStatus, name))
            Ask(ref node, now, operation, target, name, transactionId);
        return operation;
    }

    /// <summary>By name: RFC 1001 §15.6, step 1.</summary>
    public static OperationId Start(ref NodeState node, Instant now, in NetBiosName name)
    {
        var operation = node.Run.Next();
        if (!Running.IsRunning(ref node, now, operation, OperationKind.NodeStatus, name))
            return operation;
        int index = node.Names.Find(name);
        if (index >= 0 && node.Names[index].ConflictInterfaces != 0) // RFC 1001 §15.1.3.5
        {
            node.Say(now, NodeRules.NameInConflict, name);
            node.Report(now, operation, OperationKind.NodeStatus, name, OperationOutcome.NameConflict);
        }
        else if (index >= 0 && Answering.IsHeld(ref node, node.Names[index]))
            ReportOwnStatus(ref node, now, operation, name);
        else if (node.Remembered.Cache.TryGet(name, now, out var cached))
            Ask(ref node, now, operation, cached.Entry.Address, name, null);
        else if (Steps.Open(ref node, operation, OperationKind.NodeStatus, name, TransactionFlags.None, null) is { } query)
            Steps.Start(ref node, now, query); // the steps of a query: OnFound goes on from there
        else
        {
            node.Say(now, NodeRules.OutOfResources, name);
            node.Report(now, operation, OperationKind.NodeStatus, name, OperationOutcome.OutOfResources);
        }

        return operation;
    }

    private static void ReportOwnStatus(ref NodeState node, Instant now, OperationId operation, NetBiosName name)
    {
        node.Say(now, NodeRules.OwnName, name, node.Interfaces[0].Address);
        var names = ImmutableArray.CreateBuilder<NodeStatusName>(node.Names.Count);
        foreach (ref readonly var row in node.Names.Rows)
        {
            if (row.State != LocalNameState.Registering && row.Name.Scope.Equals(name.Scope))
                names.Add(new NodeStatusName(row.Name, Sending.StatusFlags(ref node, row)));
        }

        node.Report(new OperationResult
        {
            Id = operation,
            Kind = OperationKind.NodeStatus,
            Name = name,
            CompletedAt = now,
            Source = AnswerSource.OwnName,
            Responder = node.Interfaces[0].Address,
            Names = names.ToImmutable(),
            UnitId = node.Interfaces[0].UnitId,
        });
    }

    public static void Ask(ref NodeState node, Instant now, OperationId operation, Ipv4Address target, in NetBiosName name, ushort? transactionId)
    {
        if (Steps.Open(ref node, operation, OperationKind.NodeStatus, name, TransactionFlags.None, transactionId) is { } transaction)
        {
            transaction.Target = target;
            Steps.Begin(ref node, now, transaction, TransactionPhase.NodeStatus);
        }
        else
        {
            node.Say(now, NodeRules.OutOfResources, name);
            node.Report(now, operation, OperationKind.NodeStatus, name, OperationOutcome.OutOfResources);
        }
    }

    public static bool OnAnswer(ref NodeState node, Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (incoming.Source.Address != transaction.Target)
            return false;
        if (kind == NbnsMessageKind.WaitForAcknowledgementResponse)
        {
            Steps.Wait(ref node, now, incoming, transaction); // RFC 1001 §13.1: any responder may ask for time
            return true;
        }

        if (kind != NbnsMessageKind.NodeStatusResponse)
            return false;
        node.Say(now, transaction, NodeRules.StatusAnswer, incoming.Source.Address);
        node.Transactions.Close(transaction);
        if (!node.Options.ReportsResults)
            return true;
        var record = incoming.Packet.Record;
        var names = ImmutableArray.CreateBuilder<NodeStatusName>(record.NodeNameCount);
        for (int i = 0; i < record.NodeNameCount; i++)
            names.Add(record.GetNodeName(i));
        NodeStatistics.TryRead(record.StatisticsData, out var statistics);
        node.Report(new OperationResult
        {
            Id = transaction.Operation,
            Kind = OperationKind.NodeStatus,
            Name = transaction.Name,
            CompletedAt = now,
            Responder = incoming.Source.Address,
            IsTruncated = incoming.Packet.Flags.IsTruncated,
            Names = names.MoveToImmutable(),
            UnitId = statistics.UnitId,
        });
        return true;
    }
}
