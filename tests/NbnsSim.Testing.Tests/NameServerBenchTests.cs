using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Tests;

/// <summary>The bench's assertions pass where they are true, and where they are not say what the server did.</summary>
public sealed class NameServerBenchTests
{
    [Test]
    public void AClaimIsGranted_FoundAndReleased()
    {
        var bench = new NameServerBench();
        var grant = bench.Claim("10.0.0.1", "FILES<20>").ShouldGrant("S1.added", to: "10.0.0.1");
        Assert.That(grant.Entry.Address, Is.EqualTo(Ipv4Address.Parse("10.0.0.1")));
        bench.Refresh("10.0.0.1", "FILES<20>").ShouldGrant();
        bench.Query("10.0.0.3", "FILES<20>").ShouldFind("10.0.0.1");
        bench.Release("10.0.0.1", "FILES<20>").ShouldRelease("W5.released");
        bench.Query("10.0.0.3", "FILES<20>").ShouldNotFind("S5.not-found");
        Assert.That(bench.RecordOf("FILES<20>")!.State, Is.EqualTo(NameRecordState.Released));
    }

    [Test]
    public void AnOwnerThatHolds_ThatDenies_ThatIsSilent()
    {
        var bench = Disputed();
        bench.Hold("10.0.0.1", "FILES<20>").ShouldRefuse(NbnsRcode.ActiveError, "S2.refused", "10.0.0.2");
        bench = Disputed();
        bench.Deny("10.0.0.1", "FILES<20>").ShouldGrant("S2.awarded", "10.0.0.2");
        bench = Disputed();
        bench.Pass(TimeSpan.FromSeconds(10)).ShouldGrant("S2.awarded", "10.0.0.2");
        Assert.That(() => bench.Deny("10.0.0.3", "FILES<20>"), Throws.ArgumentException.With.Message.StartsWith("The name server did not ask 10.0.0.3 about FILES<20>."));
    }

    [Test]
    public void AMultihomedOwnerAddsAnAddress()
    {
        var bench = new NameServerBench();
        bench.ClaimMultihomed("10.0.0.1", "ROUTER<20>").ShouldGrant();
        bench.ClaimMultihomed("10.0.0.1", "ROUTER<20>", "10.0.1.1");
        bench.Hold("10.0.0.1", "ROUTER<20>", "10.0.0.1", "10.0.1.1").ShouldGrant();
        bench.Query("10.0.0.3", "ROUTER<20>").ShouldFind("10.0.1.1", "10.0.0.1");
    }

    [Test]
    public void AServerThatKeepsItsCounsel()
    {
        var bench = Disputed();
        bench.Send("10.0.0.3", [0x12, 0x34]).ShouldBeSilent("D3.unreadable");
        var secured = new NameServerBench(new NameServerOptions { Address = Ipv4Address.Parse("10.0.0.8"), Dialect = NameServerDialect.Rfc1002Secured });
        secured.Claim("10.0.0.1", "FILES<20>").ShouldGrant();
        secured.Release("10.0.0.2", "FILES<20>", address: "10.0.0.1").ShouldAskToWait("S18.wack");
        secured.Hold("10.0.0.1", "FILES<20>").ShouldRefuseRelease("S24.release-refused");
    }

    [Test]
    public void WhatIsFalse_SaysWhatIsSentAndDecided_AndTheSeed()
    {
        var bench = new NameServerBench(seed: 77);
        var step = bench.Claim("10.0.0.1", "FILES<20>");
        var query = bench.Query("10.0.0.1", "FILES<20>");
        Assert.Multiple(() =>
        {
            Fails(() => step.ShouldRefuse(NbnsRcode.ActiveError, "S2.refused", "10.0.0.1"), "The name server should refuse the name with ActiveError by S2.refused to 10.0.0.1. It sends to 10.0.0.1: ");
            Fails(() => step.ShouldGrant("S2.awarded"), "The name server should grant the name by S2.awarded. It sends ");
            Fails(() => step.ShouldGrant(to: "10.0.0.2"), "The name server should grant the name to 10.0.0.2. It sends ");
            Fails(() => step.ShouldAskToWait(), "The name server should ask to wait. It sends ");
            Fails(() => step.ShouldChallenge("10.0.0.1"), "The name server should challenge the owner to 10.0.0.1. It sends ");
            Fails(() => step.ShouldRelease(), "The name server should answer the release. It sends ");
            Fails(() => step.ShouldBeSilent(), "The name server should say nothing. It sends ");
            Fails(() => step.ShouldDecide("S2.awarded"), "The name server should decide by S2.awarded. It sends ");
            Fails(() => query.ShouldFind("10.0.0.2"), "The name server should answer with 10.0.0.2. It sends ");
            Fails(() => query.ShouldFind("10.0.0.1", "10.0.0.2"), "The name server should answer with 10.0.0.1, 10.0.0.2. It sends ");
            Fails(() => query.ShouldNotFind(), "The name server should answer that there is no such name. It sends ");
            Assert.Throws<ArgumentException>(() => step.ShouldGrant("X9.no-such-rule"));
        });
    }

    private static NameServerBench Disputed()
    {
        var bench = new NameServerBench();
        bench.Claim("10.0.0.1", "FILES<20>").ShouldGrant();
        var step = bench.Claim("10.0.0.2", "FILES<20>");
        step.ShouldAskToWait("S18.wack", "10.0.0.2");
        Assert.That(step.ShouldChallenge("10.0.0.1", "S2.ask").Name.ToString(), Is.EqualTo("FILES<20>"));
        return bench;
    }

    private static void Fails(Action assertion, string beginning)
    {
        var failure = Assert.Throws<NetworkAssertionException>(() => assertion());
        Assert.That(failure!.Message, Does.StartWith(beginning).And.Contain("decides by S1.added").And.Contain("seed is 77").And.Contain("Windows NT 4.0"));
    }
}
