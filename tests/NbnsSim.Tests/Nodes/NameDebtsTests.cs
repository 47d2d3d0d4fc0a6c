using NbnsSim.Names;
using NbnsSim.Nodes;

namespace NbnsSim.Tests.Nodes;

/// <summary>What a host with several interfaces owes its name server, as a part of its own: Q164308.</summary>
public sealed class NameDebtsTests
{
    private static readonly NetBiosName s_fred = NetBiosName.Parse("FRED<20>");
    private static readonly NetBiosName s_other = NetBiosName.Parse("GEORGE<20>");

    [Test]
    public void InterfacesOfAName_ShareOneEntry_DueWithTheFirst()
    {
        var debts = new NameDebts();
        debts.Add(s_fred, 0, isClaim: true, new Instant(20), 1);
        debts.Add(s_fred, 2, isClaim: false, new Instant(10), 2);
        debts.Add(s_other, 1, isClaim: true, new Instant(30), 3);
        var fred = debts.Of(s_fred);
        Assert.That((debts.Items.Length, debts.DueAt, fred.RetryAt, fred.Claims, fred.Refreshes, fred.Interfaces, fred.Decision), Is.EqualTo((2, new Instant(10), new Instant(10), 1, 4, 5, 2)));
        Assert.That((debts.TryTake(new Instant(9), out _), debts.TryTake(new Instant(10), out var due), due.Name, debts.DueAt), Is.EqualTo((false, true, s_fred, new Instant(30))));
        Assert.That((debts.Of(s_fred).Interfaces, debts.Of(s_fred).RetryAt), Is.EqualTo((0, Instant.MaxValue)), "nothing is owed any more");
    }

    [Test]
    public void WhatIsSettledEverywhere_IsGone()
    {
        var debts = new NameDebts();
        debts.Add(s_fred, 0, isClaim: true, new Instant(20), 1);
        debts.Add(s_fred, 1, isClaim: false, new Instant(20), 1);
        debts.Settle(s_other, 3);
        debts.Settle(s_fred, 1);
        Assert.That((debts.Of(s_fred).Claims, debts.Of(s_fred).Refreshes), Is.EqualTo((0, 2)));
        debts.Settle(s_fred, 2);
        Assert.That((debts.Items.Length, debts.DueAt, debts.HasSameStateAs(new NameDebts())), Is.EqualTo((0, Instant.MaxValue, true)));
    }

    [Test]
    public void AForkLivesByItself_AndTheDecisionIsNoState()
    {
        var debts = new NameDebts();
        debts.Add(s_fred, 0, isClaim: true, new Instant(20), 1);
        var other = new NameDebts();
        other.Add(s_fred, 0, isClaim: true, new Instant(20), 2);
        Assert.That((other.HasSameStateAs(debts), debts.HasSameStateAs(new NameDebts())), Is.EqualTo((true, false)));
        var fork = debts.Fork();
        fork.Add(s_fred, 1, isClaim: true, new Instant(20), 1);
        Assert.That((fork.HasSameStateAs(debts), debts.Of(s_fred).Claims), Is.EqualTo((false, 1)));
    }
}
