using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>Requests that wait for a verdict: in turn, each sender's once, and on its account.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WaitingClaimsTests
{
    private static readonly ScopeTable Scopes = new(8);

    private readonly SourceTable _sources = new();
    private readonly WaitingClaims _claims;
    private int _head = NameSlot.None;

    public WaitingClaimsTests() => _claims = new WaitingClaims(_sources);

    [Test]
    public void RuleS18_EachIsTakenInTheOrderInWhichItCame()
    {
        for (int host = 1; host <= 20; host++)
            Add($"10.0.0.{host}");
        Assert.That(_claims.CountOf(_head), Is.EqualTo(20));
        Assert.That(_claims.First(_head).Claimant.Address, Is.EqualTo(Ipv4Address.Parse("10.0.0.1")));
        for (int host = 1; host <= 20; host++)
        {
            Assert.That(_claims.TryTake(ref _head, out var claim), Is.True);
            Assert.That(claim.Claimant.Address, Is.EqualTo(Ipv4Address.Parse($"10.0.0.{host}")));
        }

        Assert.That(_claims.TryTake(ref _head, out _), Is.False);
        Assert.That(_claims.CountOf(_head), Is.Zero);
    }

    [Test]
    public void RuleS18_TheVerdictGoesToTheIdThatItsSenderUsedLast()
    {
        Add("10.0.0.1", id: 1);
        Add("10.0.0.2", id: 2);
        Assert.That(_claims.TryRenew(_head, Read(Requests.Claim("A<20>", "10.0.0.1", id: 7), "10.0.0.1")), Is.True);
        Assert.That(_claims.CountOf(_head), Is.EqualTo(2));
        Assert.That(_claims.First(_head).Id, Is.EqualTo(7));
    }

    [TestCase("10.0.0.1", "10.0.0.9", false, false, TestName = "RuleS18_AnotherAddress_IsNoRepeat")]
    [TestCase("10.0.0.9", "10.0.0.1", false, false, TestName = "RuleS18_AnotherSender_IsNoRepeat")]
    [TestCase("10.0.0.1", "10.0.0.1", true, false, TestName = "RuleS18_AGroup_IsNoRepeatOfAUniqueName")]
    [TestCase("10.0.0.1", "10.0.0.1", false, true, TestName = "RuleS18_ARelease_IsNoRepeatOfAClaim")]
    public void IsNoRepeat(string source, string address, bool group, bool release)
    {
        Add("10.0.0.1");
        var octets = release ? Requests.Release("A<20>", address, group) : Requests.Claim("A<20>", address, group);
        Assert.That(_claims.TryRenew(_head, Read(octets, source)), Is.False);
    }

    [Test]
    public void OnlyItsSenderWithdrawsAClaim_AndOnlyAClaimIsWithdrawn()
    {
        Add("10.0.0.1");
        Add("10.0.0.2");
        _claims.Add(ref _head, Read(Requests.Release("A<20>", "10.0.0.3"), "10.0.0.3"));
        Assert.That(_claims.TryWithdraw(ref _head, Read(Requests.Release("A<20>", "10.0.0.9"), "10.0.0.9")), Is.False);
        Assert.That(_claims.TryWithdraw(ref _head, Read(Requests.Release("A<20>", "10.0.0.3"), "10.0.0.3")), Is.False, "what waits is a release");
        Assert.That(_claims.TryWithdraw(ref _head, Read(Requests.Release("A<20>", "10.0.0.2"), "10.0.0.2")), Is.True);
        Assert.That(_claims.CountOf(_head), Is.EqualTo(2));
        Assert.That(_claims.TryWithdraw(ref _head, Read(Requests.Release("A<20>", "10.0.0.1"), "10.0.0.1")), Is.True);
        Assert.That(_claims.First(_head).IsRelease, Is.True);
    }

    [Test]
    public void RuleS20_WhatWaitsIsOnItsSendersAccountUntilItIsSettled()
    {
        Add("10.0.0.1");
        Add("10.0.0.1", address: "10.0.0.2");
        ushort source = _sources.Find(Ipv4Address.Parse("10.0.0.1"));
        Assert.That(_sources[source].Claims, Is.EqualTo(2));
        _claims.TryTake(ref _head, out _);
        Assert.That(_sources[source].Claims, Is.EqualTo(1));
        _claims.TryWithdraw(ref _head, Read(Requests.Release("A<20>", "10.0.0.2"), "10.0.0.1"));
        Assert.That(_sources.Count, Is.Zero, "who has nothing waiting is not known any more");
    }

    [Test]
    public void ACopyLivesByItselfAndIsTheSameUntilOneChanges()
    {
        Add("10.0.0.1");
        Add("10.0.0.2");
        var copy = new WaitingClaims(_claims, new SourceTable(_sources));
        int head = _head;
        Assert.That(_claims.HasSameStateAs(_head, copy, head), Is.True);
        copy.TryRenew(head, Read(Requests.Claim("A<20>", "10.0.0.2", id: 9), "10.0.0.2"));
        Assert.That(_claims.HasSameStateAs(_head, copy, head), Is.False);
        copy.TryTake(ref head, out _);
        Assert.That(_claims.HasSameStateAs(_head, copy, head), Is.False);
        Assert.That(_claims.CountOf(_head), Is.EqualTo(2));
        Assert.That(_sources[_sources.Find(Ipv4Address.Parse("10.0.0.1"))].Claims, Is.EqualTo(1), "its accounts are its own");
    }

    [Test]
    public void ARequestComesBackAsItWas()
    {
        byte[] octets = Requests.Claim("A<20>", "10.0.0.1", group: true, id: 0x1234, ttl: 77);
        var request = Read(octets, "10.0.0.5");
        var again = new WaitingClaim(request).Again(request.Now, new ServerTransaction { High = request.High, Low = request.Low, Scope = request.Scope }, request.EncodedName);
        Assert.That((again.TransactionId, again.Flags, again.Entry, again.TimeToLive), Is.EqualTo(((ushort)0x1234, request.Flags, request.Entry, 77u)));
        Assert.That((again.Source, again.High, again.Low, again.Scope), Is.EqualTo((request.Source, request.High, request.Low, request.Scope)));
        Assert.That(again.EncodedName.SequenceEqual(octets.AsSpan(NbnsHeader.Size, NbnsHeader.PlainNameLength)), Is.True);
    }

    private void Add(string source, string? address = null, ushort id = 1) => _claims.Add(ref _head, Read(Requests.Claim("A<20>", address ?? source, id: id), source));

    private static ServerRequest Read(byte[] octets, string source) => Requests.Read(octets, source, Scopes);
}
