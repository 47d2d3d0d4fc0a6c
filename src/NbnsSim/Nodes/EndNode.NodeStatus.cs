using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <content>Asking another node for its names (RFC 1002 §4.2.17).</content>
public sealed partial class EndNode
{
    private OperationId StartNodeStatus(Instant now, Ipv4Address target, in NetBiosName name, ushort? transactionId)
    {
        var operation = NextOperation();
        if (!IsRunning(now, operation, OperationKind.NodeStatus, name))
            return operation;
        if (Open(operation, OperationKind.NodeStatus, name, TransactionFlags.None, transactionId) is { } transaction)
        {
            transaction.Target = target;
            Begin(now, transaction, TransactionPhase.NodeStatus);
        }
        else
            Report(now, operation, OperationKind.NodeStatus, name, OperationOutcome.OutOfResources);
        return operation;
    }

    private bool OnNodeStatusAnswer(in Incoming incoming, NodeTransaction transaction, NbnsMessageKind kind)
    {
        if (incoming.Source.Address != transaction.Target)
            return false;
        if (kind == NbnsMessageKind.WaitForAcknowledgementResponse)
        {
            Wait(incoming, transaction); // RFC 1001 §13.1: any responder may ask for time
            return true;
        }

        if (kind != NbnsMessageKind.NodeStatusResponse)
            return false;
        Close(transaction);
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
            CompletedAt = incoming.Now,
            Responder = incoming.Source.Address,
            IsTruncated = incoming.Packet.Flags.IsTruncated,
            Names = names.MoveToImmutable(),
            UnitId = statistics.UnitId,
        });
        return true;
    }
}
