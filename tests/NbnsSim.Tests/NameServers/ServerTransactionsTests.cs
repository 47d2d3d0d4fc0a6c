using NbnsSim.Names;
using NbnsSim.NameServers;

namespace NbnsSim.Tests.NameServers;

/// <summary>What a name server asks of nodes: by id, by time, and each of it only as long as it is under way.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServerTransactionsTests
{
    private const int Tries = 3;
    private static readonly Instant Start = Instant.FromUnixTime(1000);

    private readonly NameDatabase _names = new(8, countsSources: true);
    private readonly WaitingClaims _claims = new(null);
    private readonly ServerTransactions _transactions;

    public ServerTransactionsTests() => _transactions = Make(20);

    [Test]
    public void EachIsFoundByItsIdUntilItEnds()
    {
        int[] begun = [.. Enumerable.Range(0, 20).Select(Begin)];
        Assert.That(_transactions.Count, Is.EqualTo(20));
        Assert.That(begun.Select(index => _transactions[index].Id).Distinct().Count(), Is.EqualTo(20), "no two have the same");
        foreach (int index in begun)
            Assert.That(_transactions.Find(_transactions[index].Id), Is.EqualTo(index));
        ushort id = _transactions[begun[7]].Id;
        _transactions.End(begun[7]);
        Assert.That(_transactions.Find(id), Is.EqualTo(NameSlot.None));
        foreach (int index in begun.Where(index => index != begun[7]))
            Assert.That(_transactions.Find(_transactions[index].Id), Is.EqualTo(index));
        Assert.That(_transactions.Count, Is.EqualTo(19));
    }

    [Test]
    public void NoMoreAreUnderWayThanMayBe()
    {
        int[] begun = [.. Enumerable.Range(0, 20).Select(Begin)];
        Assert.That(_transactions.TryBegin(ServerTransactionKind.Claim, 99, 0, 0, out _), Is.False);
        _transactions.End(begun[^1]);
        Assert.That(_transactions.TryBegin(ServerTransactionKind.Claim, 99, 0, 0, out int again), Is.True);
        Assert.That(_transactions[again].High, Is.EqualTo(99));
        Assert.That(_transactions[again].FirstClaim, Is.EqualTo(NameSlot.None), "nothing of the one before is left");
    }

    [Test]
    public void AScopeStaysAsLongAsSomethingIsAskedAboutAName()
    {
        byte[] label = [1, (byte)'S'];
        int scope = _names.Scopes.Acquire(label);
        _transactions.TryBegin(ServerTransactionKind.ReleaseDemand, 1, 2, scope, out int index);
        _names.Scopes.Release(scope);
        Assert.That(_names.Scopes.Find(label), Is.EqualTo(scope));
        Assert.That(_transactions.NameOf(index), Is.EqualTo(new NetBiosName(1, 2, NetBiosScope.FromEncoded(label))));
        _transactions.End(index);
        Assert.That(_names.Scopes.Find(label), Is.EqualTo(-1));
    }

    [Test]
    public void WhatIsDueIsTakenByHowOftenItWasAskedAndThenInTurn()
    {
        int demand = Begin(0);
        int asked = Begin(1);
        int askedTwice = Begin(2);
        int askedLater = Begin(3);
        _transactions.AwaitRelease(demand, Start);
        _transactions.AwaitAnswer(asked, 0, Start);
        _transactions.AwaitAnswer(askedTwice, 1, Start);
        _transactions.AwaitAnswer(askedLater, 0, Start + TimeSpan.FromSeconds(1));
        Assert.That(_transactions.NextDue, Is.EqualTo(Start));
        Assert.That(_transactions.TryGetDue(Start - TimeSpan.FromTicks(1), out int none), Is.False);
        Assert.That(none, Is.EqualTo(NameSlot.None));
        Assert.That(TakeDue(Start), Is.EqualTo([asked, askedTwice, demand]));
        Assert.That(TakeDue(Start), Is.Empty);
        Assert.That(TakeDue(Start + TimeSpan.FromSeconds(1)), Is.EqualTo([askedLater]));
        Assert.That(_transactions.NextDue, Is.Null);
    }

    [Test]
    public void WhoAsksForTimeIsSortedByIt()
    {
        int[] begun = [.. Enumerable.Range(0, 5).Select(Begin)];
        int[] seconds = [30, 10, 50, 20, 40];
        for (int i = 0; i < begun.Length; i++)
        {
            _transactions.AwaitAnswer(begun[i], 0, Start);
            _transactions.AllowTime(begun[i], Start + TimeSpan.FromSeconds(seconds[i]));
        }

        Assert.That(_transactions.NextDue, Is.EqualTo(Start + TimeSpan.FromSeconds(10)));
        _transactions.AllowTime(begun[1], Start + TimeSpan.FromSeconds(45)); // it asks again
        Assert.That(TakeDue(Start + TimeSpan.FromSeconds(60)), Is.EqualTo([begun[3], begun[0], begun[4], begun[1], begun[2]]));
    }

    [Test]
    public void OneFromTheMiddleOfAStageEndsWithoutTheOthers()
    {
        int[] begun = [.. Enumerable.Range(0, 5).Select(Begin)];
        foreach (int index in begun)
            _transactions.AwaitAnswer(index, 2, Start);
        _transactions.End(begun[2]);
        _transactions.AwaitAnswer(begun[0], 0, Start); // as if asked at another address
        _transactions.End(begun[4]);
        Assert.That(TakeDue(Start), Is.EqualTo([begun[0], begun[1], begun[3]]));
    }

    [Test]
    public void ACopyLivesByItselfAndIsTheSameUntilOneChanges()
    {
        for (int i = 0; i < 5; i++)
            _transactions.AwaitAnswer(Begin(i), i % Tries, Start);
        var copy = new ServerTransactions(_transactions, _names);
        Assert.That(IsSame(copy), Is.True);
        copy[0].Tries++;
        Assert.That(IsSame(copy), Is.False);
        Assert.That(_transactions[0].Tries, Is.Zero);
        copy = new ServerTransactions(_transactions, _names);
        copy.AwaitAnswer(4, 1, Start + TimeSpan.FromSeconds(1));
        Assert.That(IsSame(copy), Is.False, "another time");
        copy = new ServerTransactions(_transactions, _names);
        copy.NewId();
        Assert.That(IsSame(copy), Is.False, "other ids to come");
        copy = new ServerTransactions(_transactions, _names);
        copy.End(0);
        Assert.That(IsSame(copy), Is.False, "one less");
        Assert.That(TakeDue(Start), Has.Count.EqualTo(5));
    }

    [Test]
    public void TheClaimsThatWaitCountToo()
    {
        _transactions.AwaitAnswer(Begin(0), 0, Start);
        var copy = new ServerTransactions(_transactions, _names);
        var claims = new WaitingClaims(null);
        claims.Add(ref copy[0].FirstClaim, Requests.Read(Requests.Claim("A<20>", "10.0.0.1"), "10.0.0.1", _names.Scopes));
        Assert.That(_transactions.HasSameStateAs(copy, _claims, claims), Is.False);
        _claims.Add(ref _transactions[0].FirstClaim, Requests.Read(Requests.Claim("A<20>", "10.0.0.1"), "10.0.0.1", _names.Scopes));
        Assert.That(_transactions.HasSameStateAs(copy, _claims, claims), Is.True);
    }

    private bool IsSame(ServerTransactions copy) => _transactions.HasSameStateAs(copy, _claims, _claims);

    private ServerTransactions Make(int most) => new(most, Tries, RandomStream.Derive(1, "test"), _names);

    private int Begin(int name)
    {
        Assert.That(_transactions.TryBegin(ServerTransactionKind.Claim, (ulong)name, 0, 0, out int index), Is.True);
        return index;
    }

    /// <summary>Ends all that is due.</summary>
    private List<int> TakeDue(Instant now)
    {
        var due = new List<int>();
        while (_transactions.TryGetDue(now, out int index))
        {
            due.Add(index);
            _transactions.End(index);
        }

        return due;
    }
}
