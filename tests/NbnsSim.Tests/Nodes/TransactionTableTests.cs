using System.Globalization;
using System.Reflection;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Nodes;

/// <summary>The transactions of a node as a table of their own.</summary>
public sealed class TransactionTableTests
{
    private static readonly NetBiosName s_fred = NetBiosName.Parse("FRED<20>");
    private static readonly NetBiosName s_other = NetBiosName.Parse("GEORGE<20>");

    private RandomStream _random = new(1);

    [Test]
    public void Transactions_StandOldestFirst_UpToTheLimit()
    {
        var table = default(TransactionTable);
        Assert.That(Open(ref table, s_fred, 1, limit: 2), Is.Not.Null);
        var second = Open(ref table, s_other, 2, limit: 2)!;
        Assert.That(Open(ref table, s_fred, 3, limit: 2), Is.Null, "too many");
        Assert.That(Ids(table), Is.EqualTo(new[] { 1, 2 }));
        foreach (var transaction in table)
            table.Close(transaction);
        table.Close(second); // has ended already
        Assert.That(table.Count, Is.Zero);
        Open(ref table, s_fred, 4);
        table.Clear();
        Assert.That(table.Count, Is.Zero);
    }

    /// <summary>What is used again has nothing left of what it was.</summary>
    [Test]
    public void ABlankTransaction_IsAsNew()
    {
        var fields = typeof(NodeTransaction).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        var used = new NodeTransaction();
        foreach (var field in fields)
            field.SetValue(used, Something(field.FieldType));
        Assert.That(fields.Select(field => field.GetValue(used)), Has.None.AnyOf(fields.Select(field => field.GetValue(new NodeTransaction())).Distinct()));
        used.Blank();
        Assert.That(fields.Select(field => field.GetValue(used)), Is.EqualTo(fields.Select(field => field.GetValue(new NodeTransaction()))));

        static object Something(Type type) => type switch
        {
            _ when type == typeof(NodeTransaction) => new NodeTransaction(),
            _ when type == typeof(NetBiosName) => s_fred,
            _ when type == typeof(Instant) => Instant.MaxValue,
            _ when type == typeof(OperationId) => new OperationId(1),
            _ when type == typeof(Ipv4Address) => Ipv4Address.Broadcast,
            _ when type == typeof(NbEntry) => new NbEntry(default, Ipv4Address.Broadcast),
            _ when type.IsEnum => Enum.ToObject(type, 1),
            _ when type == typeof(bool) => true,
            _ => Convert.ChangeType(1, type, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>One that has ended is the next one; one that runs is not.</summary>
    [Test]
    public void ATransactionThatHasEnded_IsUsedAgain()
    {
        var table = default(TransactionTable);
        var first = Open(ref table, s_fred, 1)!;
        first.LetGo(); // it runs
        Assert.That(NodeTransaction.Take(), Is.Not.SameAs(first));
        table.Close(first);
        first.LetGo();
        Assert.That(NodeTransaction.Take(), Is.SameAs(first));
    }

    /// <summary>RFC 1002 §4.2.1.1: answers are told apart by NAME_TRN_ID.</summary>
    [Test]
    public void ARandomId_IsNoRunningTransactions()
    {
        var ahead = _random; // the ids that come next
        ushort first = (ushort)ahead.NextUInt32();
        ushort second = (ushort)ahead.NextUInt32();
        var table = default(TransactionTable);
        Open(ref table, s_fred, first);
        Assert.That(Open(ref table, s_other, null)!.TransactionId, Is.EqualTo(second));
    }

    /// <summary>RFC 1002 §4.2.1.1, §5.1: an answer has its request's id, its name and its scope.</summary>
    [Test]
    public void AnAnswer_MatchesByIdNameAndScope()
    {
        var table = default(TransactionTable);
        var stray = Open(ref table, s_other, 7)!;
        var one = Open(ref table, s_fred, 7)!;
        var again = Open(ref table, s_fred, 7)!; // a command may give one id twice
        Open(ref table, s_fred, 8);
        Assert.That(Matches(table, 7, s_fred), Is.EqualTo(new[] { one, again }));
        Assert.That(Matches(table, 7, s_other), Is.EqualTo(new[] { stray }));
        Assert.That(Matches(table, 7, NetBiosName.Parse("FRED<20>.SIDE")), Is.Empty);
        Assert.That(Matches(table, 9, s_fred), Is.Empty);
    }

    [Test]
    public void WhoHasANameInHand_IsNoQuery_AndCountsForItsInterface()
    {
        var table = default(TransactionTable);
        Open(ref table, s_fred, 1, OperationKind.Query);
        Open(ref table, s_fred, 2, OperationKind.NodeStatus);
        Assert.That((table.OwnerOf(s_fred), table.OwnerOf(s_fred, 0)), Is.EqualTo((default(NodeTransaction), default(NodeTransaction))));
        var claim = Open(ref table, s_fred, 3, OperationKind.Registration)!;
        claim.Interface = 1;
        Assert.That((table.OwnerOf(s_fred), table.OwnerOf(s_fred, 0), table.OwnerOf(s_fred, 1), table.OwnerOf(s_other)), Is.EqualTo((claim, default(NodeTransaction), claim, default(NodeTransaction))));
        claim.Flags = TransactionFlags.Boot;
        Assert.That((table.Any(TransactionFlags.Boot), table.Any(TransactionFlags.User), table.AsksAsProxy(s_fred)), Is.EqualTo((true, false, false)));
        claim.Flags = TransactionFlags.Proxy;
        Assert.That((table.AsksAsProxy(s_fred), table.AsksAsProxy(s_other)), Is.EqualTo((true, false)));
    }

    [Test]
    public void TheEarliestTimerIsDueFirst_OfSeveralTheOldest()
    {
        var table = default(TransactionTable);
        Assert.That((table.DueAt, table.NextDue(Instant.MaxValue)), Is.EqualTo((Instant.MaxValue, default(NodeTransaction))));
        Open(ref table, s_fred, 1)!.Deadline = new Instant(30);
        var oldest = Open(ref table, s_fred, 2)!;
        oldest.Deadline = new Instant(20);
        Open(ref table, s_other, 3)!.Deadline = new Instant(20);
        Assert.That((table.DueAt, table.NextDue(new Instant(19)), table.NextDue(new Instant(40))), Is.EqualTo((new Instant(20), default(NodeTransaction), oldest)));
    }

    [Test]
    public void AFork_LivesByItself()
    {
        var table = default(TransactionTable);
        Open(ref table, s_fred, 1);
        Open(ref table, s_other, 2);
        var fork = table.Fork();
        Assert.That((fork.HasSameStateAs(table), table.HasSameStateAs(default), default(TransactionTable).HasSameStateAs(table)), Is.EqualTo((true, false, false)));
        fork.OwnerOf(s_other)!.Step = 1;
        Assert.That((fork.HasSameStateAs(table), table.OwnerOf(s_other)!.Step), Is.EqualTo((false, 0)));
        fork.Close(fork.OwnerOf(s_fred)!);
        Assert.That((fork.Count, table.Count), Is.EqualTo((1, 2)));
    }

    private NodeTransaction? Open(ref TransactionTable table, NetBiosName name, int? id, OperationKind kind = OperationKind.Registration, int limit = 256)
    {
        var transaction = new NodeTransaction { Name = name, Kind = kind };
        return table.TryOpen(transaction, (ushort?)id, ref _random, limit) ? transaction : null;
    }

    private static List<int> Ids(TransactionTable table)
    {
        var ids = new List<int>();
        foreach (var transaction in table)
            ids.Add(transaction.TransactionId);
        return ids;
    }

    private static List<NodeTransaction> Matches(TransactionTable table, ushort id, NetBiosName name)
    {
        byte[] octets = new byte[576];
        int length = NbnsEncoder.WriteResponse(octets, id, NbnsFlagWords.RegistrationResponse, name, 0, default(NbEntry));
        Assert.That(NbnsPacket.TryParse(octets.AsSpan(0, length), out var response), Is.True);
        var matches = new List<NodeTransaction>();
        for (NodeTransaction? at = null; (at = table.Match(at, response, name.High, name.Low)) is not null;)
            matches.Add(at);
        return matches;
    }
}
