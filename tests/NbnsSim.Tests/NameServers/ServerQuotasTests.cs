using NbnsSim.NameServers;

namespace NbnsSim.Tests.NameServers;

/// <summary>Rule 4.3-20: what one source may hold, and how often the log is told that it may not have more.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServerQuotasTests
{
    private static readonly Ipv4Address Host = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address Other = Ipv4Address.Parse("10.0.0.2");
    private static readonly Instant Start = Instant.FromUnixTime(1000);

    private readonly SourceTable _sources = new();

    [Test]
    public void RuleS20_EachLimitCountsItsOwn()
    {
        var quotas = new ServerQuotas(new NameServerOptions { NamesPerSource = 1, ClaimsPerSource = 2, ChallengesPerOwner = 3 }, _sources);
        Assert.That(Over(quotas), Is.EqualTo((false, false, false)), "nothing is known of it");
        ushort source = _sources.FindOrAdd(Host);
        _sources.AddName(source);
        Assert.That(Over(quotas), Is.EqualTo((true, false, false)));
        _sources.AddClaim(source);
        _sources.AddClaim(source);
        Assert.That(Over(quotas), Is.EqualTo((true, true, false)));
        for (int i = 0; i < 3; i++)
            _sources.AddChallenge(source);
        Assert.That(Over(quotas), Is.EqualTo((true, true, true)));
        _sources.RemoveName(source);
        Assert.That(Over(quotas), Is.EqualTo((false, true, true)));
        Assert.That(quotas.IsOverNames(Other) || quotas.IsOverClaims(Other) || quotas.IsAskedEnough(Other), Is.False);
    }

    [Test]
    public void RuleS20_WithoutALimitNobodyIsOverIt()
    {
        var counted = new ServerQuotas(new NameServerOptions(), _sources);
        ushort source = _sources.FindOrAdd(Host);
        _sources.AddName(source);
        Assert.That(Over(counted), Is.EqualTo((false, false, false)));
        Assert.That(Over(new ServerQuotas(new NameServerOptions(), null)), Is.EqualTo((false, false, false)));
        Assert.That(new ServerQuotas(new NameServerOptions(), null).TellsShare(Host), Is.False, "nobody counts, and nobody is over");
    }

    [Test]
    public void RuleS20_ThatASourceHasHadItsShareIsToldOnceAsLongAsItHoldsAnything()
    {
        var quotas = new ServerQuotas(new NameServerOptions { NamesPerSource = 1 }, _sources);
        ushort source = _sources.FindOrAdd(Host);
        _sources.AddName(source);
        Assert.That((quotas.TellsShare(Host), quotas.TellsShare(Host), quotas.TellsShare(Other)), Is.EqualTo((true, false, false)));
        _sources.RemoveName(source);
        _sources.AddName(_sources.FindOrAdd(Host));
        Assert.That(quotas.TellsShare(Host), Is.True, "it had given all back");
    }

    [Test]
    public void RuleS20_ThatTheServerIsFullIsToldOnceAnHour()
    {
        var quotas = new ServerQuotas(new NameServerOptions(), null);
        Assert.That((quotas.TellsFull(Start), quotas.TellsFull(Start + TimeSpan.FromMinutes(59))), Is.EqualTo((true, false)));
        var copy = new ServerQuotas(quotas, null);
        Assert.That(copy.HasSameStateAs(quotas), Is.True);
        Assert.That(copy.TellsFull(Start + TimeSpan.FromHours(1)), Is.True);
        Assert.That(copy.HasSameStateAs(quotas), Is.False);
        Assert.That(quotas.TellsFull(Start + TimeSpan.FromHours(1)), Is.True, "the copy's is its own");
    }

    private static (bool Names, bool Claims, bool Challenges) Over(ServerQuotas quotas) => (quotas.IsOverNames(Host), quotas.IsOverClaims(Host), quotas.IsAskedEnough(Host));
}
