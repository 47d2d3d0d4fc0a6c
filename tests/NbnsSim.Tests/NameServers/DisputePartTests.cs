using NbnsSim.NameServers;
using NbnsSim.Rules;

namespace NbnsSim.Tests.NameServers;

/// <summary><see cref="Disputes"/> by themselves: who waits for which verdict, and in which order it is given.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DisputePartTests
{
    private const string Fred = "FRED<20>";

    private readonly PartsBench _it = new(NameServerDialect.Rfc1002Secured, options => options with { ClaimsPerName = 3, ClaimsPerSource = 1 });
    private readonly int _slot;

    public DisputePartTests() => _slot = _it.Take(Fred, "10.0.0.1");

    private int Index => _it.State.Names[_slot].Challenge;

    [Test]
    public void Rfc1002_5141_EachWaitsAndHasItsVerdictInTheOrderInWhichTheyCame()
    {
        Claim("10.0.0.2", "10.0.0.3", "10.0.0.4");
        Assert.That(_it.Sent(), Is.EqualTo(["10.0.0.2 wack", "10.0.0.1 query", "10.0.0.3 wack", "10.0.0.4 wack"]));
        Assert.That(_it.Verdicts, Is.Empty);
        _it.Disputes.Heed(PartsBench.Start, Index, OwnerAnswer.Open);
        Assert.That(_it.Verdicts, Is.Empty, "nothing is known yet");
        _it.Disputes.Heed(PartsBench.Start, Index, OwnerAnswer.Gone);
        Assert.That(_it.Verdicts, Is.EqualTo(["10.0.0.2 has it", "10.0.0.3 again", "10.0.0.4 again"]));
        Assert.That((Index, _it.State.Transactions.Count), Is.EqualTo((NameSlot.None, 0)));
    }

    [Test]
    public void Rfc1002_5141_WhereTheOwnerHoldsItsNameAllAreRefused()
    {
        Claim("10.0.0.2", "10.0.0.3");
        _it.Disputes.Heed(PartsBench.Start, Index, OwnerAnswer.Held);
        Assert.That(_it.Verdicts, Is.EqualTo(["10.0.0.2 refused", "10.0.0.3 refused"]));
    }

    [Test]
    public void RuleS18_ARepeatIsSwallowed_AndWhoeverHasNoRoomIsRefused()
    {
        Claim("10.0.0.2", "10.0.0.2");
        Assert.That((_it.Last, _it.State.Counters.Swallowed), Is.EqualTo((ServerRules.RepeatSwallowed, 1)));
        _it.Disputes.Join(_slot, Requests.Read(Requests.Claim(Fred, "10.0.0.9"), "10.0.0.2", _it.State.Names.Scopes));
        Assert.That(_it.Last, Is.EqualTo(ServerRules.ShareUsed), "another claim of the same source");
        Claim("10.0.0.3", "10.0.0.4", "10.0.0.5");
        Assert.That((_it.Last, _it.State.Counters.Limited), Is.EqualTo((ServerRules.Full, 2)));
    }

    [Test]
    public void WhoGivesUpWhatItWaitsForHasNoVerdict_AndTheLastEndsTheDispute()
    {
        Claim("10.0.0.2", "10.0.0.3");
        Assert.That(_it.Disputes.TryWithdraw(_slot, _it.Release(Fred, "10.0.0.4")), Is.False);
        Assert.That(_it.Disputes.TryWithdraw(_slot, _it.Release(Fred, "10.0.0.2")), Is.True);
        Assert.That(Index, Is.Not.EqualTo(NameSlot.None));
        Assert.That(_it.Disputes.TryWithdraw(_slot, _it.Release(Fred, "10.0.0.3")), Is.True);
        Assert.That((Index, _it.Verdicts.Count), Is.EqualTo((NameSlot.None, 0)));
        Assert.That(_it.Disputes.TryWithdraw(_slot, _it.Release(Fred, "10.0.0.3")), Is.False, "there is no dispute any more");
    }

    [TestCase(OwnerAnswer.Held, false, "removal refused")]
    [TestCase(OwnerAnswer.Gone, false, "removal done")]
    [TestCase(OwnerAnswer.Held, true, "removal refused,10.0.0.2 refused")]
    [TestCase(OwnerAnswer.Gone, true, "10.0.0.2 has it")]
    public void Rfc1001_1517_AnOwnerThatIsAskedBeforeItsNameGoes_IsAskedForWhoClaimsItToo(OwnerAnswer answer, bool isClaimed, string verdicts)
    {
        _it.Disputes.AskBeforeRemoval(_slot, PartsBench.Start);
        if (isClaimed)
            Claim("10.0.0.2");
        _it.Disputes.Heed(PartsBench.Start, Index, answer);
        Assert.That(_it.Verdicts, Is.EqualTo(verdicts.Split(',')));
    }

    [TestCase(OwnerAnswer.Held, "replica refused,10.0.0.2 refused")]
    [TestCase(OwnerAnswer.Gone, "replica taken,10.0.0.2 again")]
    public void MsWinsra_3255_APartnersRecordComesBeforeWhoClaimsTheName(OwnerAnswer answer, string verdicts)
    {
        Assert.That(_it.Disputes.TryAskForReplica(_slot, PartsBench.Replica(Fred, "10.0.1.1", 5), PartsBench.Start), Is.True);
        Claim("10.0.0.2");
        _it.Disputes.Heed(PartsBench.Start, Index, answer);
        Assert.That(_it.Verdicts, Is.EqualTo(verdicts.Split(',')));
    }

    [Test]
    public void WhereSomethingElseIsDoneWithTheRecord_ADisputeEnds_AndOnlyClaimantsHearOfIt()
    {
        _it.Disputes.TryAskForReplica(_slot, PartsBench.Replica(Fred, "10.0.1.1", 5), PartsBench.Start);
        Claim("10.0.0.2");
        _it.Disputes.End(PartsBench.Start, _slot);
        _it.Disputes.End(PartsBench.Start, _slot);
        Assert.That((_it.Verdicts.Single(), _it.State.Transactions.Count), Is.EqualTo(("10.0.0.2 refused", 0)));
    }

    [Test]
    public void AnOwnerIsAskedOnlySoMuchAtATime()
    {
        var it = new PartsBench(NameServerDialect.Rfc1002Secured, options => options with { ChallengesPerOwner = 1 });
        (int one, int other) = (it.Take("ONE<20>", "10.0.0.1"), it.Take("OTHER<20>", "10.0.0.1"));
        it.Disputes.AskBeforeRemoval(one, PartsBench.Start);
        Assert.That(it.Last, Is.Not.EqualTo(ServerRules.Postponed));
        it.Disputes.AskBeforeRemoval(other, PartsBench.Start);
        Assert.That((it.Last, it.State.Names[other].Challenge), Is.EqualTo((ServerRules.Postponed, NameSlot.None)));
        it.Disputes.Start(other, it.Claim("OTHER<20>", "10.0.0.2"));
        Assert.That(it.Last, Is.EqualTo(ServerRules.Full));
    }

    /// <summary>The first starts a dispute where there is none, the others join it.</summary>
    private void Claim(params string[] addresses)
    {
        foreach (string address in addresses)
        {
            if (Index == NameSlot.None)
                _it.Disputes.Start(_slot, _it.Claim(Fred, address));
            else
                _it.Disputes.Join(_slot, _it.Claim(Fred, address));
        }
    }
}
