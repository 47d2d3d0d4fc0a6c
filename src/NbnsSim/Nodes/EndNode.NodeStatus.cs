using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>Asking another node for its names (RFC 1002 §4.2.17).</content>
public sealed partial class EndNode
{
    private OperationId StartNodeStatus(Instant now, Ipv4Address target, in NetBiosName name, ushort? transactionId)
    {
        var operation = NextOperation();
        if (IsRunning(now, operation, OperationKind.NodeStatus, name))
            AskForStatus(now, operation, target, name, transactionId);
        return operation;
    }

    /// <summary>By name: RFC 1001 §15.6, step 1.</summary>
    private OperationId StartNodeStatus(Instant now, in NetBiosName name)
    {
        var operation = NextOperation();
        if (!IsRunning(now, operation, OperationKind.NodeStatus, name))
            return operation;
        int index = _names.Find(name);
        if (index >= 0 && _names[index].ConflictInterfaces != 0) // RFC 1001 §15.1.3.5
        {
            Say(now, NodeRules.NameInConflict, name);
            Report(now, operation, OperationKind.NodeStatus, name, OperationOutcome.NameConflict);
        }
        else if (index >= 0 && IsHeld(_names[index]))
            ReportOwnStatus(now, operation, name);
        else if ((_memory ?? NodeMemory.Empty).Cache.TryGet(name, now, out var cached))
            AskForStatus(now, operation, cached.Entry.Address, name, null);
        else if (Open(operation, OperationKind.NodeStatus, name, TransactionFlags.None, null) is { } query)
            StartStep(now, query); // the steps of a query: OnFound goes on from there
        else
        {
            Say(now, NodeRules.OutOfResources, name);
            Report(now, operation, OperationKind.NodeStatus, name, OperationOutcome.OutOfResources);
        }

        return operation;
    }

    private void ReportOwnStatus(Instant now, OperationId operation, NetBiosName name)
    {
        Say(now, NodeRules.OwnName, name, Address);
        var names = ImmutableArray.CreateBuilder<NodeStatusName>(_names.Count);
        foreach (ref readonly var row in _names.Rows)
        {
            if (row.State != LocalNameState.Registering && row.Name.Scope.Equals(name.Scope))
                names.Add(new NodeStatusName(row.Name, StatusFlags(row)));
        }

        Report(new OperationResult
        {
            Id = operation,
            Kind = OperationKind.NodeStatus,
            Name = name,
            CompletedAt = now,
            Source = AnswerSource.OwnName,
            Responder = Address,
            Names = names.ToImmutable(),
            UnitId = _interfaces[0].UnitId,
        });
    }

    private void AskForStatus(Instant now, OperationId operation, Ipv4Address target, in NetBiosName name, ushort? transactionId)
    {
        if (Open(operation, OperationKind.NodeStatus, name, TransactionFlags.None, transactionId) is { } transaction)
        {
            transaction.Target = target;
            Begin(now, transaction, TransactionPhase.NodeStatus);
        }
        else
        {
            Say(now, NodeRules.OutOfResources, name);
            Report(now, operation, OperationKind.NodeStatus, name, OperationOutcome.OutOfResources);
        }
    }

    private bool OnNodeStatusAnswer(Instant now, in Datagram incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (incoming.Source.Address != transaction.Target)
            return false;
        if (kind == NbnsMessageKind.WaitForAcknowledgementResponse)
        {
            Wait(now, incoming, transaction); // RFC 1001 §13.1: any responder may ask for time
            return true;
        }

        if (kind != NbnsMessageKind.NodeStatusResponse)
            return false;
        Say(now, transaction, NodeRules.StatusAnswer, incoming.Source.Address);
        _transactions.Close(transaction);
        if (!_options.ReportsResults)
            return true;
        var record = incoming.Packet.Record;
        var names = ImmutableArray.CreateBuilder<NodeStatusName>(record.NodeNameCount);
        for (int i = 0; i < record.NodeNameCount; i++)
            names.Add(record.GetNodeName(i));
        NodeStatistics.TryRead(record.StatisticsData, out var statistics);
        Report(new OperationResult
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
