using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Rules;

namespace NbnsSim.Tests.NameServers;

/// <summary><see cref="Scavenger"/> by itself: when names age, and that nobody sees one whose time has run out.</summary>
public sealed class ScavengerTests
{
    private const string Fred = "FRED<20>";

    private static readonly NameServerDialect Wins = NameServerDialect.WinsNt4 with { ScavengingInterval = null };
    private static readonly NameServerDialect Asking = NameServerDialect.Rfc1002Secured with { AsksBeforeRemoval = true };

    [Test]
    public void Cc959221_WhoLooksForANameSeesWhatTimeHasMadeOfIt_ThroughAllItsStates()
    {
        var it = new PartsBench(Wins);
        int slot = it.Take(Fred, "10.0.0.1");
        Assert.That((Look(it, Wins.RenewalInterval - TimeSpan.FromSeconds(1)), it.State.Names[slot].State), Is.EqualTo((slot, NameRecordState.Active)));
        Assert.That((Look(it, Wins.RenewalInterval), it.State.Names[slot].State), Is.EqualTo((slot, NameRecordState.Released)));
        Assert.That((Look(it, Wins.RenewalInterval + Wins.ExtinctionInterval), it.State.Names[slot].State), Is.EqualTo((slot, NameRecordState.Tombstone)));
        Assert.That(Look(it, Wins.RenewalInterval + Wins.ExtinctionInterval + Wins.ExtinctionTimeout), Is.EqualTo(NameSlot.None));
        Assert.That((it.State.Counters.Expired, it.State.Names.Count), Is.EqualTo((3, 0)));
        it.Take(Fred, "10.0.0.1");
        Assert.That(Look(it, TimeSpan.FromDays(36500)), Is.EqualTo(NameSlot.None), "all at once where nobody has looked");
        Assert.That(it.State.Counters.Expired, Is.EqualTo(6));
    }

    [Test]
    public void Rfc1001_15175_WhereTheOwnerIsAskedFirst_ItsNameStaysMeanwhile_AndIsLookedAtAgain()
    {
        var it = new PartsBench(Asking);
        int slot = it.Take(Fred, "10.0.0.1");
        var due = new Instant(it.State.Names[slot].Deadline);
        it.Scavenger.HandleTimeout(due);
        Assert.That((it.Sent().Single(), it.State.Names[slot].State), Is.EqualTo(("10.0.0.1 query", NameRecordState.Active)));
        var again = new Instant(it.State.Names[slot].Deadline);
        Assert.That(again, Is.GreaterThan(due));
        it.Scavenger.HandleTimeout(again);
        Assert.That((it.Last, it.Sent().Count, it.State.Transactions.Count), Is.EqualTo((ServerRules.Postponed, 0, 1)), "it is being asked already");
    }

    [Test]
    public void WhereTheTimeRunsOutWhileOthersWaitForTheName_TheFirstHasIt()
    {
        var it = new PartsBench(Wins);
        int slot = it.Take(Fred, "10.0.0.1");
        it.Disputes.Start(slot, it.Claim(Fred, "10.0.0.2"));
        Assert.That(Look(it, Wins.RenewalInterval), Is.EqualTo(slot), "what becomes of it, the verdict says");
        Assert.That(it.Verdicts, Is.EqualTo(["10.0.0.2 has it"]));
    }

    [Test]
    public void MsWinsra_316_AReplicaIsDueToBeVerified_AndStays()
    {
        var it = new PartsBench(Wins);
        it.Replicas.Receive(PartsBench.Start, [PartsBench.Replica(Fred, "10.0.1.1", 1)]);
        int slot = Look(it, Wins.VerifyInterval);
        Assert.That(it.State.Names[slot] is { Deadline: long.MaxValue, State: NameRecordState.Active }, Is.True);
        Assert.That((it.State.Names[slot].Has(SlotFlags.VerifyDue), it.Last), Is.EqualTo((true, ServerRules.VerifyDue)));
    }

    [Test]
    public void OneCallLooksAtSoManyNames_AndTheOthersAreDueAtOnce()
    {
        var it = new PartsBench(NameServerDialect.Rfc1002Secured with { AsksBeforeRemoval = false, KeepsReleasedNames = false }, options => options with { NamesPerSource = 10_000 });
        for (int i = 0; i < 5000; i++)
            it.Take($"N{i}<20>", "10.0.0.1");
        var late = PartsBench.Start + TimeSpan.FromDays(3650);
        it.Scavenger.HandleTimeout(late);
        Assert.That(it.State.Names.Count, Is.InRange(1, 4999));
        Assert.That(it.State.Names.NextDue(), Is.LessThanOrEqualTo(late));
        while (it.State.Names.NextDue() is not null)
            it.Scavenger.HandleTimeout(late);
        Assert.That((it.State.Names.Count, it.State.Counters.Expired), Is.EqualTo((0, 5000)));
    }

    private static int Look(PartsBench it, TimeSpan after) => it.Scavenger.Find(NetBiosName.Parse(Fred), PartsBench.Start + after);
}
