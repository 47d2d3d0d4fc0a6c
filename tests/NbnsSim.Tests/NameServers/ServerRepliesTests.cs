using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>What a name server answers, by itself: the packet, the decision behind it, and what is counted and logged.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ServerRepliesTests
{
    private readonly DecisionCounter _said = new();
    private ServerState _state = null!;
    private ServerReplies _replies = null!;

    public ServerRepliesTests() => Set(new NameServerOptions { Address = Ipv4Address.Parse("10.0.0.250"), Dialect = NameServerDialect.Rfc1002Secured });

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return new TestCaseData(ServerRules.NotAHost, NbnsRcode.FormatError);
        yield return new TestCaseData(ServerRules.UpdateRefused, NbnsRcode.NotImplemented);
        yield return new TestCaseData(ServerRules.TooLong, NbnsRcode.FormatError);
        yield return new TestCaseData(ServerRules.WrongSuffix, NbnsRcode.Refused);
        yield return new TestCaseData(ServerRules.RefreshUnknown, NbnsRcode.Refused);
        yield return new TestCaseData(ServerRules.ShareUsed, NbnsRcode.Refused);
        yield return new TestCaseData(ServerRules.Full, NbnsRcode.ServerFailure);
        yield return new TestCaseData(ServerRules.ClaimantRefused, NbnsRcode.ActiveError);
        yield return new TestCaseData(ServerRules.StaticKept, NbnsRcode.ActiveError);
        yield return new TestCaseData(ServerRules.NotEntitled, NbnsRcode.ActiveError);
    }

    [TestCaseSource(nameof(Refusals))]
    public void Rfc1002_426_EachRefusalHasItsCode(Rule rule, NbnsRcode rcode)
    {
        Add("FRED<20>", "10.0.0.1", NameRecordType.Unique);
        _replies.Refuse(Read(Requests.Claim("FRED<20>", "10.0.0.9")), rule);
        Assert.That((Sent().Rcode, _said.Last.Rule, _state.Counters.Refused), Is.EqualTo((rcode, rule, 1L)));
    }

    [Test]
    public void Rfc1002_426_ARefusalThatTheNameIsActiveCarriesItsOwner_OfAGroupNone()
    {
        Add("FRED<20>", "10.0.0.1", NameRecordType.Unique);
        Add("LAB<1C>", "10.0.0.1", NameRecordType.InternetGroup);
        _replies.Refuse(Read(Requests.Claim("FRED<20>", "10.0.0.9")), ServerRules.ClaimantRefused);
        _replies.Refuse(Read(Requests.Claim("LAB<1C>", "10.0.0.9")), ServerRules.GroupKept);
        _replies.Refuse(Read(Requests.Claim("NONE<20>", "10.0.0.9")), ServerRules.Full);
        Assert.That(new[] { Sent().Address, Sent().Address, Sent().Address }, Is.EqualTo(["10.0.0.1", "0.0.0.0", "10.0.0.9"]));
    }

    [Test]
    public void Rfc1001_1553_ARefusedRefreshMayBringADemand_ARefusedClaimNone()
    {
        Set(new NameServerOptions { Dialect = NameServerDialect.Rfc1002Secured with { RefusedRefreshDemand = NodeDemand.Release } });
        Add("FRED<20>", "10.0.0.1", NameRecordType.Unique);
        _replies.Refuse(Read(Requests.Claim("FRED<20>", "10.0.0.9")), ServerRules.ClaimantRefused);
        Assert.That(_state.Transactions.Count, Is.Zero);
        _replies.Refuse(Read(Requests.Claim("FRED<20>", "10.0.0.9", flags: NbnsFlagWords.RefreshRequest)), ServerRules.NotEntitled);
        Assert.That((_state.Transactions.Count, _state.Transactions[0].Target.ToString()), Is.EqualTo((1, "10.0.0.9")));
    }

    [Test]
    public void RuleS20_ThatThereIsNoRoomIsLoggedOnceAndCountedEachTime()
    {
        var request = Read(Requests.Claim("FRED<20>.S", "10.0.0.9"));
        _state.Names.Sources!.AddName(_state.Names.Sources.FindOrAdd(Ipv4Address.Parse("10.0.0.9")));
        for (int i = 0; i < 3; i++)
        {
            _replies.RefuseFull(request);
            _replies.RefuseShare(request);
        }

        Assert.That((_state.Counters.Limited, _state.Counters.Refused), Is.EqualTo((6L, 6L)));
        Assert.That((Logged(), Logged(), Logged()), Is.EqualTo((WinsEventId.ServerFull, WinsEventId.SourceLimited, default(WinsEventId?))));
    }

    [TestCase(ForeignReleasePolicy.Ignore, NbnsRcode.Success, "W4.address")]
    [TestCase(ForeignReleasePolicy.Refuse, NbnsRcode.ActiveError, "S24.release-refused")]
    public void RuleW4_AReleaseThatDoesNotFitIsLoggedAndAnsweredAsTheDialectHasIt(ForeignReleasePolicy policy, NbnsRcode rcode, string rule)
    {
        Set(new NameServerOptions { Dialect = NameServerDialect.WinsNt4 with { ForeignReleases = policy } });
        int slot = Add("FRED<20>", "10.0.0.1", NameRecordType.Unique);
        _replies.Reject(slot, Read(Requests.Release("FRED<20>", "10.0.0.9")), ServerRules.WrongAddress);
        Assert.That((Sent().Rcode, _said.Last.Rule.Id, _said.Last.Address.ToString(), Logged()), Is.EqualTo((rcode, rule, "10.0.0.1", (WinsEventId?)WinsEventId.ReleaseOfWrongAddress)));
    }

    [Test]
    public void Rfc1002_4215_WhatIsNotHereMayBeElsewhere_ButNotWhereTheNameIsTooLongForBothRecords()
    {
        var other = new NameServerRedirect(NetBiosName.Parse("OTHER"), Ipv4Address.Parse("10.0.1.250"));
        Set(new NameServerOptions { Dialect = NameServerDialect.Rfc1002Secured, Redirect = other });
        _replies.NotFound(Read(Requests.Claim("FRED<20>", "10.0.0.9")), NbnsFlagWords.QueryResponse);
        Assert.That(_said.Last.Rule, Is.EqualTo(ServerRules.Redirect));
        byte[] label = [58, .. Enumerable.Repeat((byte)'S', 58)];
        var longest = new NetBiosName(1, 2, NetBiosScope.FromEncoded([.. label, .. label, .. label, .. label]));
        byte[] octets = new byte[NbnsHeader.MaxDatagramLength];
        int length = NbnsEncoder.WriteRequest(octets, 1, NbnsFlagWords.RegistrationRequest, longest, 0, default);
        _replies.NotFound(Read(octets[..length]), NbnsFlagWords.QueryResponse);
        Sent();
        Assert.That((_said.Last.Rule, Sent().Rcode), Is.EqualTo((ServerRules.NotFound, NbnsRcode.NameError)));
    }

    private void Set(NameServerOptions options)
    {
        _state = new ServerState(options.WithShares());
        _state.Voice.Sink = _said;
        _replies = new ServerReplies(_state, new RecordKeeper(_state), new NodeDemands(_state));
    }

    private int Add(string text, string address, NameRecordType type)
    {
        var name = NetBiosName.Parse(text);
        int slot = _state.Names.Add(name.High, name.Low, 0);
        _state.Names[slot].Type = type;
        _state.Names[slot].Address = Ipv4Address.Parse(address).Value;
        return slot;
    }

    private ServerRequest Read(byte[] octets) => Requests.Read(octets, "10.0.0.9", _state.Names.Scopes);

    private (NbnsRcode Rcode, string Address) Sent()
    {
        byte[] buffer = new byte[1024];
        Assert.That(_state.Outbox.TryTake(buffer, out var transmit), Is.True);
        Assert.That(NbnsPacket.TryParseLenient(buffer.AsSpan(0, transmit.Length), out var packet, out _), Is.True);
        return (packet.Rcode, packet.Record.FirstEntry.Address.ToString());
    }

    private WinsEventId? Logged() => _state.Log.TryTake(out var entry) ? entry.Id : null;
}
