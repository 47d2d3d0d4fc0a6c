using NbnsSim.Protocol;

namespace NbnsSim.Tests.Protocol;

/// <summary>Dialects and timings as data.</summary>
public sealed class DialectDataTests
{
    [TestCase("rfc1002", "RFC 1002")]
    [TestCase("nt3.5", "Windows NT 3.5")]
    [TestCase("nt3.51", "Windows NT 3.51")]
    [TestCase("nt4", "Windows NT 4.0")]
    [TestCase("w2k", "Windows 2000")]
    [TestCase("W2K", "Windows 2000")]
    [TestCase("w10", "Windows 10")]
    [TestCase("w11", "Windows 11")]
    [TestCase("ws2025", "Windows Server 2025")]
    public void APresetIsFoundByItsNameAndSaysItsTitle(string name, string title)
    {
        Assert.That(NetBtDialect.TryFind(name, out var dialect), Is.True);
        Assert.That((dialect!.Title, dialect.ToString()), Is.EqualTo((title, title)));
        Assert.That(dialect.Name, Is.EqualTo(name).IgnoreCase);
    }

    [Test]
    public void ADialectHasANameATitleAndBootNamesThatMayBeNone()
    {
        Assert.That(() => new NetBtDialect("", "x"), Throws.ArgumentException);
        Assert.That(() => new NetBtDialect("x", ""), Throws.ArgumentException);
        Assert.That(() => new NetBtDialect("x", "x") { Timing = null! }, Throws.ArgumentNullException);
        Assert.That(NetBtDialect.TryFind("x", out _), Is.False);
        Assert.That(new NetBtDialect("x", "x") { BootNames = default }.BootNames, Is.Empty);
        Assert.That(new NetBtDialect("x", "x") { BootNames = [NetBtDialect.Rfc1002.BootNames[0]] }.BootNames, Has.Length.EqualTo(1));
    }

    /// <summary>RFC 1002 §5.1.1.5 makes no exception for groups in a conflict demand; Q188598: nbtstat -RR from NT 4.0 SP4 on.</summary>
    [Test]
    public void WhatIsOnUnlessADialectSaysOtherwise()
    {
        Assert.That(NetBtDialect.All.Select(dialect => dialect.ConflictDemandTakesGroupNames), Is.All.True);
        Assert.That(NetBtDialect.All.Select(dialect => dialect.HasReleaseRefresh), Is.EqualTo(new[] { true, false, false, true, true, true, true, true }));
        Assert.That(NetBtDialect.All.Select(dialect => dialect.ReleasesRefusedUserName), Is.EqualTo(new[] { false, true, true, false, false, false, false, false }));
    }

    [Test]
    public void CountsAndDurationsHaveTheirBounds()
    {
        Assert.That(new NetBtTiming { BroadcastRetryCount = 65_535 }.BroadcastRetryCount, Is.EqualTo(65_535));
        Assert.That(
            () => new NetBtTiming { BroadcastRetryCount = 65_536 }, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("A count lies between 1 and 65535"));
        Assert.That(new NetBtTiming { CacheTimeout = TimeSpan.FromDays(365) }.CacheTimeout, Is.EqualTo(TimeSpan.FromDays(365)));
        Assert.That(
            () => new NetBtTiming { CacheTimeout = TimeSpan.FromDays(365) + TimeSpan.FromTicks(1) },
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("positive and at most 365 days"));
        Assert.That(new NetBtTiming { CacheTimeoutSurplus = TimeSpan.Zero }.CacheTimeoutSurplus, Is.EqualTo(TimeSpan.Zero));
        Assert.That(new NetBtTiming { CacheTimeoutSurplus = TimeSpan.FromSeconds(1) }.CacheTimeoutSurplus, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(() => new NetBtTiming { CacheTimeoutSurplus = TimeSpan.FromSeconds(-1) }, Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
