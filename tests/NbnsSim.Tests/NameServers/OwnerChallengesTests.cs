using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>Owners that are asked whether they still hold their names, and nodes that are told to give them up: by the parts that do so, without a server around them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OwnerChallengesTests
{
    private static readonly Instant Start = Instant.FromUnixTime(1000);
    private static readonly NetBiosName Fred = NetBiosName.Parse("FRED<20>");
    private static readonly string[] Addresses = ["10.0.0.1", "10.0.0.2", "10.0.0.3"];

    private readonly NameServerOptions _options = new()
    {
        Address = Ipv4Address.Parse("10.0.0.250"),
        Dialect = NameServerDialect.Rfc1002Secured with { ChallengeTries = 2, ChallengeInterval = TimeSpan.FromSeconds(5) },
        ChallengesPerOwner = 1,
    };

    private readonly DecisionCounter _said = new();
    private ServerState _state = null!;
    private OwnerChallenges _challenges = null!;
    private int _slot;
    private int _index;

    public OwnerChallengesTests() => Set(_options);

    [Test]
    public void RuleS2_AnOwnerIsAskedAsOftenAsTheDialectSaysAndThenHasGone()
    {
        Begin(1);
        Assert.That(Asked(), Is.EqualTo("10.0.0.1"));
        Assert.That(_state.Transactions.NextDue, Is.EqualTo(Start + TimeSpan.FromSeconds(5)));
        Assert.That(_challenges.Repeat(Start + TimeSpan.FromSeconds(5), _index), Is.EqualTo(OwnerAnswer.Open));
        Assert.That(Asked(), Is.EqualTo("10.0.0.1"));
        Assert.That(_challenges.Repeat(Start + TimeSpan.FromSeconds(10), _index), Is.EqualTo(OwnerAnswer.Gone));
        Assert.That(_state.Transactions[_index].IsSilent, Is.True);
        Assert.That(Asked(), Is.Null);
        Assert.That(_state.Counters.Challenges, Is.EqualTo(1));
    }

    [Test]
    public void RuleS2_AnOwnerThatAnswersHoldsItsName()
    {
        Begin(1);
        Assert.That(Answer("10.0.0.1"), Is.EqualTo(OwnerAnswer.Held));
        Assert.That(_said.Last.Rule.Id, Is.EqualTo("S2.owner-holds"));
    }

    [Test]
    public void RuleW3_WhoDeniesTheNameIsAskedAtTheNextAddress()
    {
        Begin(3);
        Assert.That(Asked(), Is.EqualTo("10.0.0.1"));
        Assert.That(Answer(), Is.EqualTo(OwnerAnswer.Open));
        Assert.That(Asked(), Is.EqualTo("10.0.0.2"));
        Assert.That(Answer(), Is.EqualTo(OwnerAnswer.Open));
        Assert.That(Asked(), Is.EqualTo("10.0.0.3"));
        Assert.That(Answer(), Is.EqualTo(OwnerAnswer.Gone));
        Assert.That(_state.Transactions[_index].IsSilent, Is.False, "all have answered");
    }

    [Test]
    public void RuleW3_AddressesThatGoMeanwhileAreLeftOut()
    {
        Begin(3);
        _state.Names.RemoveMember(_slot, _state.Names.FindMember(_state.Names[_slot], Ipv4Address.Parse("10.0.0.1")));
        _state.Names.RemoveMember(_slot, _state.Names.FindMember(_state.Names[_slot], Ipv4Address.Parse("10.0.0.2")));
        Asked();
        Assert.That(Answer(), Is.EqualTo(OwnerAnswer.Open));
        Assert.That(Asked(), Is.EqualTo("10.0.0.3"));
    }

    [Test]
    public void RuleS20_WhoMayNotBeAskedAnyMoreIsTakenToHoldTheName()
    {
        ushort second = _state.Names.Sources!.FindOrAdd(Ipv4Address.Parse("10.0.0.2"));
        _state.Names.Sources.AddChallenge(second);
        Begin(3);
        Assert.That(Answer(), Is.EqualTo(OwnerAnswer.Held));
        Assert.That(_said.Last.Rule.Id, Is.EqualTo("S20.asked-enough"));
    }

    [Test]
    public void RuleS20_OneClaimAsksNoMoreOftenThanItMay()
    {
        Set(_options with { ChallengesPerClaim = 2 });
        Begin(3);
        Assert.That(_challenges.Repeat(Start, _index), Is.EqualTo(OwnerAnswer.Open), "each address once");
        Assert.That(_challenges.Repeat(Start, _index), Is.EqualTo(OwnerAnswer.Held));
    }

    [Test]
    public void WhatAPartnersRecordHasTooIsNotAskedAbout()
    {
        var replica = new NameRecord { Name = Fred, Owner = Ipv4Address.Parse("10.9.0.1"), Addresses = [new(Ipv4Address.Parse("10.0.0.1"), default, default, default)] };
        Begin(3, transaction => transaction with { Replica = replica, ReplicaOwner = 1 }, secondsOwner: 1);
        Assert.That(Asked(), Is.EqualTo("10.0.0.3"), "the first is the partner's too, and the second its owner gave");
        Assert.That(Answer(), Is.EqualTo(OwnerAnswer.Gone));
    }

    [Test]
    public void RuleS18_TheNodeOfTheServersOwnHostIsAskedOnceBeforeItsClaimantHasToWait()
    {
        Add(1);
        _state.Transactions.TryBegin(ServerTransactionKind.Claim, Fred.High, Fred.Low, 0, out _index);
        var request = Requests.Read(Requests.Claim("FRED<20>", "10.0.0.9"), "10.0.0.9", _state.Names.Scopes);
        _state.Claims.Add(ref _state.Transactions[_index].FirstClaim, request);
        _challenges.AskToWait(_index, _slot, _options.Address, request);
        _challenges.Start(Start, _index, _slot);
        Assert.That((Asked(), Asked()), Is.EqualTo(("10.0.0.1", default(string))), "a challenge and no WACK");
        _challenges.Repeat(Start, _index);
        Assert.That((Asked(), Asked()), Is.EqualTo(("10.0.0.1", "10.0.0.9")), "and now a WACK");
    }

    [Test]
    public void OnlyAsLongAsItIsAsked_ItIsOnItsAccountAndItsRecordInDispute()
    {
        Begin(3);
        Assert.That(Challenges("10.0.0.1"), Is.EqualTo(1));
        Answer();
        Assert.That((Challenges("10.0.0.1"), Challenges("10.0.0.2")), Is.EqualTo((0, 1)));
        Assert.That(_state.Names[_slot].Challenge, Is.EqualTo(_index));
        _state.Transactions.End(_index);
        Assert.That(_state.Names[_slot].Challenge, Is.EqualTo(NameSlot.None));
        Assert.That(_state.Names.Sources!.Count, Is.Zero);
    }

    [Test]
    public void RuleS10_AReleaseDemandIsRepeatedUntilItsNodeAnswersOrTriesAreSpent()
    {
        Set(_options with { Dialect = _options.Dialect with { ReleaseDemandTries = 2 } });
        var demands = new NodeDemands(_state);
        demands.Make(Start, NodeDemand.Release, Fred.High, Fred.Low, default, Ipv4Address.Parse("10.0.0.1"));
        demands.Make(Start, NodeDemand.Release, Fred.High, Fred.Low, default, Ipv4Address.Parse("10.0.0.2"));
        Assert.That((Asked(), Asked()), Is.EqualTo(("10.0.0.1", "10.0.0.2")));
        Assert.That(_state.Transactions.TryGetDue(Start + _options.Dialect.ReleaseDemandInterval, out int first), Is.True);
        demands.Answered(Start, first);
        Assert.That(_state.Transactions.TryGetDue(Start + _options.Dialect.ReleaseDemandInterval, out int second), Is.True);
        demands.Repeat(Start, second);
        Assert.That((Asked(), _state.Transactions.Count), Is.EqualTo(("10.0.0.2", 1)));
        demands.Repeat(Start, second);
        Assert.That((Asked(), _state.Transactions.Count), Is.EqualTo((default(string), 0)));
        var logged = new List<WinsEventId>();
        while (_state.Log.TryTake(out var entry))
            logged.Add(entry.Id);
        Assert.That(logged, Is.EqualTo([WinsEventId.ReleaseDemandSent, WinsEventId.ReleaseDemandSent, WinsEventId.ReleaseDemandAnswered, WinsEventId.ReleaseDemandUnanswered]));
        Assert.That(_state.Counters.Demands, Is.EqualTo(2));
    }

    [Test]
    public void RuleS10_AConflictDemandIsSentOnceAndNobodyWaitsForAnAnswer()
    {
        var demands = new NodeDemands(_state);
        demands.Make(Start, NodeDemand.None, Fred.High, Fred.Low, default, Ipv4Address.Parse("10.0.0.1"));
        Assert.That((Asked(), _state.Counters.Demands), Is.EqualTo((default(string), 0L)));
        demands.Make(Start, NodeDemand.Conflict, Fred.High, Fred.Low, [1, (byte)'S'], Ipv4Address.Parse("10.0.0.1"));
        Assert.That((Asked(), Asked(), _state.Transactions.Count), Is.EqualTo(("10.0.0.1", default(string), 0)));
        Assert.That(_state.Names.Scopes.Find([1, (byte)'S']), Is.EqualTo(-1), "its scope was needed for the packet only");
    }

    [Test]
    public void WhatThereIsNoRoomForIsCounted()
    {
        Set(_options with { MaxScopes = 0 });
        var demands = new NodeDemands(_state);
        demands.Make(Start, NodeDemand.Conflict, Fred.High, Fred.Low, [1, (byte)'S'], Ipv4Address.Parse("10.0.0.1"));
        Assert.That((_state.Counters.Demands, _state.Counters.Dropped, Asked()), Is.EqualTo((0L, 1L, default(string))));
        Set(_options with { MaxQueuedOctets = NbnsHeader.MaxDatagramLength });
        Begin(1);
        for (int i = 0; i < 20; i++)
            _state.Outbox.Challenge(_state.Transactions[_index], Fred, 0);
        Assert.That(_state.Outbox.Written, Is.EqualTo(NbnsHeader.MaxDatagramLength / 50), "a query has 50 octets");
        Assert.That(_state.Outbox.Written + _state.Outbox.Dropped, Is.EqualTo(21));
        var copy = new ServerOutbox(_state.Outbox, _state.Voice);
        Assert.That(copy.HasSameStateAs(_state.Outbox), Is.True);
        copy.TryTake(new byte[NbnsHeader.MaxDatagramLength], out _);
        Assert.That(copy.HasSameStateAs(_state.Outbox), Is.False);
    }

    private void Set(NameServerOptions options)
    {
        _state = new ServerState(options);
        _state.Voice.Sink = _said;
        _challenges = new OwnerChallenges(_state);
    }

    private void Add(int addresses, ushort secondsOwner = 0)
    {
        _slot = _state.Names.Add(Fred.High, Fred.Low, 0);
        _state.Names[_slot].Address = Ipv4Address.Parse(Addresses[0]).Value;
        for (int i = 1; i < addresses; i++)
        {
            _state.Names.MakeChain(_slot);
            _state.Names.AddMember(_slot, Ipv4Address.Parse(Addresses[i]), i == 1 ? secondsOwner : (ushort)0, default, long.MaxValue);
        }
    }

    private void Begin(int addresses, Func<ServerTransaction, ServerTransaction>? change = null, ushort secondsOwner = 0)
    {
        Add(addresses, secondsOwner);
        Assert.That(_state.Transactions.TryBegin(ServerTransactionKind.Claim, Fred.High, Fred.Low, 0, out _index), Is.True);
        if (change is not null)
            _state.Transactions[_index] = change(_state.Transactions[_index]);
        _challenges.Start(Start, _index, _slot);
    }

    private OwnerAnswer Answer(params string[] addresses)
    {
        byte[] octets = new byte[NbnsHeader.MaxDatagramLength];
        int length = addresses.Length == 0
            ? NbnsEncoder.WriteNegativeQueryResponse(octets, _state.Transactions[_index].Id, NbnsFlagWords.QueryResponse | (int)NbnsRcode.NameError, Fred)
            : NbnsEncoder.WriteResponse(octets, _state.Transactions[_index].Id, NbnsFlagWords.QueryResponse, Fred, 0, [.. addresses.Select(one => new NbEntry(default, Ipv4Address.Parse(one)))]);
        Assert.That(NbnsPacket.TryParseLenient(octets.AsSpan(0, length), out var packet, out _), Is.True);
        return _challenges.Answered(Start, _index, packet);
    }

    /// <summary>To whom the next packet goes.</summary>
    private string? Asked() => _state.Outbox.TryTake(new byte[NbnsHeader.MaxDatagramLength], out Transmit transmit) ? transmit.Destination.Address.ToString() : null;

    private int Challenges(string address) => _state.Names.Sources!.Find(Ipv4Address.Parse(address)) is var source && source != SourceTable.None ? _state.Names.Sources[source].Challenges : 0;
}
