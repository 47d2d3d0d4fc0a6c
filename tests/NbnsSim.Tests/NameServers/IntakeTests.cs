using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary><see cref="Intake"/> and <see cref="NodeResponses"/> by themselves: where a datagram goes, and whose response is taken.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class IntakeTests
{
    private const string Fred = "FRED<20>";

    private static readonly NetBiosName Name = NetBiosName.Parse(Fred);

    private readonly PartsBench _it = new(NameServerDialect.Rfc1002Secured with { MaxWackWait = TimeSpan.FromSeconds(30) });

    private static IEnumerable<TestCaseData> Datagrams()
    {
        yield return Case("registration", Requests.Claim(Fred, "10.0.0.1"), ServerRules.Added, counters => counters.Registrations);
        yield return Case("multi-homed", Requests.Claim(Fred, "10.0.0.1", flags: NbnsFlagWords.MultihomedRegistrationRequest), ServerRules.Added, counters => counters.Registrations);
        yield return Case("refresh", Requests.Claim(Fred, "10.0.0.1", flags: NbnsFlagWords.RefreshRequest), null, counters => counters.Refreshes);
        yield return Case("release", Requests.Release(Fred, "10.0.0.1"), ServerRules.NothingToRelease, counters => counters.Releases);
        yield return Case("query", Query(), ServerRules.NotFound, counters => counters.Queries);
        yield return Case("node status", Query(NbnsType.NBStat), ServerRules.NodesBusiness, counters => counters.Ignored);
        yield return Case("response", Answer(99, "10.0.0.1"), ServerRules.UnknownTransaction, counters => counters.Ignored);
        yield return Case("nothing", [], ServerRules.Unreadable, counters => counters.Unreadable);
        yield return Case("other class", OfClass(3), ServerRules.UnknownClass, counters => counters.Unreadable);
        yield return Case("record of another class", ClaimOfClass(3), ServerRules.UnknownClass, counters => counters.Unreadable);
    }

    [TestCaseSource(nameof(Datagrams))]
    public void EachDatagramIsCountedOnceAndGoesToOnePart(byte[] octets, Rule? rule, Func<NameServerStatistics, long> count)
    {
        _it.Deliver(octets, "10.0.0.1");
        var counters = _it.State.Counters;
        Assert.That((counters.Datagrams, count(counters)), Is.EqualTo((1, 1)));
        Assert.That(counters.Registrations + counters.Refreshes + counters.Releases + counters.Queries + counters.Ignored + counters.Unreadable, Is.EqualTo(1));
        if (rule is not null)
            Assert.That(_it.Last, Is.EqualTo(rule));
    }

    [Test]
    public void Rfc1002_514_ABroadcastIsNoBusinessOfAServers_WhicheverSaysSo()
    {
        _it.Deliver(Requests.Claim(Fred, "10.0.0.1"), "10.0.0.1", isBroadcast: true);
        _it.Deliver(Requests.Claim(Fred, "10.0.0.1", flags: NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit), "10.0.0.1");
        Assert.That((_it.State.Counters.Ignored, _it.Last, _it.State.Names.Count), Is.EqualTo((2, ServerRules.Broadcast, 0)));
    }

    [Test]
    public void ABusyServerServesRequestsInTheirTurn()
    {
        var it = new PartsBench(NameServerDialect.Rfc1002Secured, options => options with { RequestsPerSecond = 1 });
        it.Deliver(Requests.Claim("ONE<20>", "10.0.0.1"), "10.0.0.1");
        it.Deliver(Requests.Claim("TWO<20>", "10.0.0.2"), "10.0.0.2");
        Assert.That((it.Last, it.Sent().Single()), Is.EqualTo((ServerRules.Queued, "10.0.0.1 yes")));
        it.Intake.HandleTimeout(PartsBench.Start);
        Assert.That(it.Sent(), Is.Empty);
        it.Intake.HandleTimeout(PartsBench.Start + TimeSpan.FromSeconds(1));
        Assert.That(it.Sent(), Is.EqualTo(["10.0.0.2 yes"]));
    }

    [Test]
    public void Rfc1002_514_AnOwnersResponseBringsTheVerdict_AStrangersDoesNot()
    {
        ushort id = Dispute();
        _it.Deliver(Answer(id, "10.0.0.1"), "10.0.0.9");
        Assert.That((_it.Last, _it.Verdicts.Count), Is.EqualTo((ServerRules.OtherResponder, 0)));
        _it.Deliver(Answer(id, "10.0.0.1", name: "JANE<20>"), "10.0.0.1");
        Assert.That((_it.Last, _it.Verdicts.Count), Is.EqualTo((ServerRules.ResponseDiffers, 0)));
        _it.Deliver(Answer(id, "10.0.0.1"), "10.0.0.1");
        Assert.That(_it.Verdicts, Is.EqualTo(["10.0.0.2 refused"]));
        _it.Deliver(Answer(id, "10.0.0.1"), "10.0.0.1");
        Assert.That(_it.Last, Is.EqualTo(ServerRules.UnknownTransaction), "it came twice");
    }

    [Test]
    public void Rfc1002_4216_AWackIsWaitedFor_NoLongerThanTheLimitForAllOfThem()
    {
        ushort id = Dispute();
        _it.Deliver(Wack(id, 0), "10.0.0.1");
        Assert.That(_it.Last, Is.EqualTo(ServerRules.NoEstimate));
        _it.Deliver(Wack(id, 20), "10.0.0.1");
        Assert.That((_it.Last, _it.State.Transactions.NextDue), Is.EqualTo((ServerRules.TimeGiven, PartsBench.Start + TimeSpan.FromSeconds(20))));
        _it.Deliver(Wack(id, 3600), "10.0.0.1", PartsBench.Start + TimeSpan.FromSeconds(10));
        Assert.That(_it.State.Transactions.NextDue, Is.EqualTo(PartsBench.Start + TimeSpan.FromSeconds(30)));
        _it.Deliver(Wack(id, 3600), "10.0.0.1", PartsBench.Start + TimeSpan.FromSeconds(30));
        Assert.That(_it.Last, Is.EqualTo(ServerRules.TimeSpent));
    }

    [TestCase(0, "10.0.0.1", 1)]
    [TestCase(0, "10.0.0.9", 0)]
    [TestCase(1, "10.0.0.1", 0)]
    public void Rfc1002_4214_ADenialWithoutARecordIsTheOnesWhoWasAsked(int idOffset, string from, int verdicts)
    {
        ushort id = Dispute();
        byte[] octets = new byte[NbnsHeader.Size];
        new NbnsPacketWriter(octets).WriteHeader((ushort)(id + idOffset), NbnsFlagWords.QueryResponse | (ushort)NbnsRcode.NameError);
        _it.Deliver(octets, from);
        Assert.That(_it.Verdicts, Has.Count.EqualTo(verdicts));
    }

    [Test]
    public void Rfc1002_514_SilenceIsANo()
    {
        Dispute();
        _it.Sent();
        for (int tries = 1; tries <= _it.State.Dialect.ChallengeTries; tries++)
        {
            Assert.That(_it.Verdicts, Is.Empty);
            _it.Responses.HandleTimeout(_it.State.Transactions.NextDue!.Value);
        }

        Assert.That((_it.Verdicts.Single(), _it.Sent().Count), Is.EqualTo(("10.0.0.2 has it", _it.State.Dialect.ChallengeTries - 1)));
    }

    private static TestCaseData Case(string title, byte[] octets, Rule? rule, Func<NameServerStatistics, long> count) => new TestCaseData(octets, rule, count).SetArgDisplayNames(title);

    private static byte[] Query(NbnsType type = NbnsType.NB)
    {
        byte[] octets = new byte[NbnsHeader.MaxDatagramLength];
        return octets[..NbnsEncoder.WriteQuery(octets, 1, NbnsFlagWords.QueryRequest, Name, type)];
    }

    private static byte[] OfClass(byte number)
    {
        byte[] octets = Query();
        octets[^1] = number;
        return octets;
    }

    private static byte[] ClaimOfClass(byte number)
    {
        byte[] octets = Requests.Claim(Fred, "10.0.0.1");
        octets[^(1 + NbEntry.Size + 2 + 4)] = number; // RR_CLASS ends before TTL, RDLENGTH and RDATA
        return octets;
    }

    private static byte[] Answer(ushort id, string address, string name = Fred)
    {
        byte[] octets = new byte[NbnsHeader.MaxDatagramLength];
        return octets[..NbnsEncoder.WriteResponse(octets, id, NbnsFlagWords.QueryResponse, NetBiosName.Parse(name), 0, new NbEntry(default, Ipv4Address.Parse(address)))];
    }

    private static byte[] Wack(ushort id, uint seconds)
    {
        byte[] octets = new byte[NbnsHeader.MaxDatagramLength];
        return octets[..NbnsEncoder.WriteWack(octets, id, NbnsFlagWords.Wack, Name, seconds, default)];
    }

    /// <summary>Has 10.0.0.2 claim what 10.0.0.1 has.</summary>
    /// <returns>The id of the challenge.</returns>
    private ushort Dispute()
    {
        int slot = _it.Take(Fred, "10.0.0.1");
        _it.Deliver(Requests.Claim(Fred, "10.0.0.2"), "10.0.0.2");
        return _it.State.Transactions[_it.State.Names[slot].Challenge].Id;
    }
}
