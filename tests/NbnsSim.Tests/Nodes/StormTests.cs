using NbnsSim.Nodes;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Nodes;

/// <summary>Whatever arrives, in whatever order: nothing is thrown, and what must always hold holds.</summary>
public sealed class StormTests
{
    [Test]
    public void Invariants_HoldAfterEveryStep([Range(1, 40)] int seed) => Run((ulong)seed, 1500);

    [Test]
    [Category("Slow")]
    public void Invariants_HoldAfterEveryStep_ManySeeds([Range(1, 8)] int part)
    {
        for (int i = 0; i < 100; i++)
            Run((ulong)((part * 1000) + i), 3000);
    }

    private static void Run(ulong seed, int steps)
    {
        var node = Storm.MakeNode(seed);
        var storm = new Storm(seed);
        var buffer = new byte[576];
        string last = "nothing";
        for (int i = 0; i < steps; i++)
        {
            try
            {
                int waiting = node.Waiting;
                last = storm.Step(node);
                Check(node, storm.Now, last);
                if (last.StartsWith("datagram", StringComparison.Ordinal))
                    Require(node.Waiting - waiting <= 3 * node.InterfaceCount, "a datagram must not be answered with many");
                if (i % 3 > 0)
                    Drain(node, buffer);
            }
            catch (Exception error) when (error is not ResultStateException)
            {
                Assert.Fail($"seed {seed}, step {i}, {last}: {error}");
            }
        }
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
            throw new InvalidOperationException(what);
    }

    private static void Drain(EndNode node, byte[] buffer)
    {
        while (node.TryPollTransmit(buffer, out var transmit))
        {
            Require(transmit.Length is >= 12 and <= 576, "a datagram has 12 to 576 octets");
            Require(NbnsPacket.TryParse(buffer.AsSpan(0, transmit.Length), out _), "what is sent can be read");
            Require(transmit.InterfaceIndex < node.InterfaceCount, "it leaves by an interface that exists");
        }

        while (node.TryPollEvent(out var logged))
            Require(logged!.Reason is not null, "an event has its reason");
        while (node.TryPollResult(out var result))
            Require(result!.Id.Value > 0, "a result belongs to a command");
    }

    private static void Check(EndNode node, Instant now, string last)
    {
        var running = node.Transactions.ToArray();
        Require(running.Length <= node.Options.MaxTransactions, "transactions are bounded");
        var owners = running.Where(transaction => transaction.Kind is not (OperationKind.Query or OperationKind.NodeStatus)).ToArray();
        Require(owners.Select(transaction => (transaction.Name, transaction.Interface)).Distinct().Count() == owners.Length, "no two transactions for a name");
        Require(node.GetCacheRows(now).Count(row => row.LifeSeconds != NbtStatCacheRow.Preloaded) <= node.Options.CacheCapacity, "what others teach the cache is bounded");
        Require(node.NameCount <= EndNodeOptions.MaxNames, "names are bounded");

        Instant? next = running.Length == 0 ? null : running.Min(transaction => transaction.Deadline);
        for (int i = 0; i < node.NameCount; i++)
        {
            var name = node.GetName(i);
            var mine = owners.Where(transaction => transaction.Name == name.Name).ToArray();
            Require(
                name.State is not (LocalNameState.Registering or LocalNameState.Releasing) || mine.Length > 0 || (name.State == LocalNameState.Registering && name.RefreshAt is not null),
                "a name is being claimed or released, and nobody is at it");
            Require(
                node.InterfaceCount > 1 || name.State != LocalNameState.Conflict
                || mine.Any(transaction => transaction.Phase == TransactionPhase.ClaimWatch) // granted anew, and its refresh is set already; see OnRefreshDue
                || (name.RefreshAt is null && !mine.Any(transaction => transaction.Kind == OperationKind.Refresh)),
                "no refresh in conflict");
            next = name.RefreshAt is { } refresh && (next is null || refresh < next) ? refresh : next;
            for (int j = 0; j < i; j++)
                Require(node.GetName(j).Name != name.Name, "a name stands in the table once");
        }

        foreach (var owner in owners.Where(owner => owner.Kind is OperationKind.Registration or OperationKind.Refresh))
            Require(node.GetNameState(owner.Name) is not null, $"{owner.Kind} of a name that is not in the table");
        var due = node.PollTimeout();
        Require(next is null || due <= next, "the next timeout is the earliest");
        Require(due is null || last != "time" || due > now, "what was due has been done");
        Require(!node.IsShutDown || (node.NameCount == 0 && running.Length == 0 && due is null), "a node that is off does nothing");
    }
}
