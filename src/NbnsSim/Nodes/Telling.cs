using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>Saying what was decided, and what came of a command. Without a listener nothing is made and nothing is said.</summary>
internal static class Telling
{
    /// <summary>A person or a service tells the node to do something: what follows is because of that.</summary>
    public static void Tell(this ref NodeState node, Instant now, Rule rule, in NetBiosName name = default, Ipv4Address address = default)
    {
        if (node.Teller is not { } teller)
            return;
        teller.Begin(DecisionCauseKind.None, 0);
        teller.Say(new Decision { Time = now, Rule = rule, Name = name, Address = address });
        teller.Begin(DecisionCauseKind.Command, teller.Last);
    }

    /// <summary>The time of a name, or of the way back to the primary name server, has come.</summary>
    public static void BeginLifetime(this ref NodeState node, long decision)
    {
        if (node.Teller is not { } teller)
            return;
        teller.Begin(DecisionCauseKind.Lifetime, decision);
        teller.Mark();
    }

    /// <summary>Where nothing could be done, that is said.</summary>
    public static void EndLifetime(this ref NodeState node, Instant now, in NetBiosName name)
    {
        if (node.Teller is { } teller && teller.IsSilentSinceMark)
            node.Say(now, NodeRules.NothingToRefresh, name);
    }

    /// <summary>Something about a name, with nobody else in it.</summary>
    public static void Say(this ref NodeState node, Instant now, Rule rule, in NetBiosName name, Ipv4Address address = default, bool isGroup = false) =>
        node.Teller?.Say(new Decision { Time = now, Rule = rule, Name = name, Address = address, IsGroup = isGroup, Cause = node.Teller!.Cause });

    /// <summary>Something about a datagram that came.</summary>
    public static void Say(this ref NodeState node, Instant now, in Datagram incoming, Rule rule, Ipv4Address address = default, bool isGroup = false)
    {
        if (node.Teller is not { } teller)
            return;
        teller.Say(new Decision
        {
            Time = now,
            Rule = rule,
            Name = incoming.Packet.NameOrDefault(),
            Peer = incoming.Source,
            Address = address,
            TransactionId = incoming.Packet.TransactionId,
            Interface = (byte)incoming.InterfaceIndex,
            IsGroup = isGroup,
            Cause = teller.Cause,
        });
    }

    /// <summary>Something about a transaction, whose timer runs because of it from now on.</summary>
    public static void Say(this ref NodeState node, Instant now, NodeTransaction transaction, Rule rule, Ipv4Address peer = default, Ipv4Address address = default, int tries = 0)
    {
        if (node.Teller is not { } teller)
            return;
        teller.Say(new Decision
        {
            Time = now,
            Rule = rule,
            Name = transaction.Name,
            Peer = peer == default ? default : new Ipv4Endpoint(peer, node.Options.NameServicePort),
            Address = address,
            TransactionId = transaction.TransactionId,
            Interface = transaction.Interface,
            Try = (byte)Math.Min(byte.MaxValue, tries == 0 ? 0 : tries - transaction.TriesLeft),
            Tries = (byte)Math.Min(byte.MaxValue, tries),
            IsGroup = transaction.IsGroup,
            Cause = teller.Cause,
        });
        transaction.Decision = teller.Last;
    }

    /// <summary>Writes an event to the log, as a consequence of what was decided last.</summary>
    public static void Log(this ref NodeState node, NetBtEvent logged, Rule rule)
    {
        if (node.Options.Dialect.EventsSayComputer)
            logged = logged with { SaysComputer = true };
        (node.Reports ??= new NodeReports()).Add(logged);
        if (node.Teller is not { } teller)
            return;
        long because = teller.Last;
        teller.Say(new Decision
        {
            Time = logged.Time,
            Rule = rule,
            Name = logged.Name,
            Peer = logged.Reason?.Sender ?? default,
            Address = logged.Address,
            TransactionId = logged.Reason?.TransactionId ?? 0,
            Cause = new DecisionCause(because != 0 ? DecisionCauseKind.Consequence : teller.Cause.Kind, because),
            Event = logged,
        });
    }

    public static void Report(this ref NodeState node,
        Instant now, OperationId operation, OperationKind kind, in NetBiosName name, OperationOutcome outcome, Ipv4Address responder = default,
        NbnsRcode rcode = default)
    {
        if (node.Options.ReportsResults && operation != default)
        {
            node.Report(new OperationResult
            {
                Id = operation,
                Kind = kind,
                Name = name,
                Outcome = outcome,
                CompletedAt = now,
                Responder = responder,
                Rcode = rcode,
            });
        }
    }

    public static void Report(this ref NodeState node, OperationResult result)
    {
        if (node.Options.ReportsResults)
            (node.Reports ??= new NodeReports()).Add(result);
    }
}
