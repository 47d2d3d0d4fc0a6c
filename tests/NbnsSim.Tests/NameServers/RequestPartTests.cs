using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>
/// <see cref="Registrations"/>, <see cref="Releases"/>, <see cref="Queries"/> and <see cref="DisputeVerdicts"/> by themselves: what is done for a rule of
/// <see cref="Admission"/>, which has tests of its own for which rule it is.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RequestPartTests
{
    private const string Fred = "FRED<20>";
    private const string Lab = "LAB<1C>";

    private readonly PartsBench _it = new(NameServerDialect.WinsNt4, options => options with { NamesPerSource = 1 });

    [Test]
    public void RuleS1_WhatIsGrantedIsARecordAndAnAnswer()
    {
        _it.Registrations.Admit(_it.Claim(Fred, "10.0.0.1"), AdmissionKind.Registration);
        Assert.That((_it.Last, _it.Sent().Single()), Is.EqualTo((ServerRules.Added, "10.0.0.1 yes")));
        Assert.That((_it.Record(Fred)!.Addresses.Single().Address.ToString(), _it.Record(Fred)!.Version), Is.EqualTo(("10.0.0.1", 1ul)));
        _it.Registrations.Admit(_it.Claim(Fred, "10.0.0.1", flags: NbnsFlagWords.RefreshRequest), AdmissionKind.Refresh);
        Assert.That((_it.Last, _it.Record(Fred)!.Version), Is.EqualTo((ServerRules.Refreshed, 1ul)));
    }

    [Test]
    public void RuleS20_WhoHasHadItsShareGetsNoNameAndNoMembership()
    {
        _it.Take(Fred, "10.0.0.1");
        _it.Take(Lab, "10.0.0.2", group: true);
        _it.Registrations.Admit(_it.Claim("MORE<20>", "10.0.0.1"), AdmissionKind.Registration);
        Assert.That((_it.Last, _it.SlotOf("MORE<20>")), Is.EqualTo((ServerRules.ShareUsed, NameSlot.None)));
        _it.Registrations.Admit(_it.Claim(Lab, "10.0.0.1", group: true), AdmissionKind.Registration);
        Assert.That((_it.Last, _it.Record(Lab)!.Addresses.Length), Is.EqualTo((ServerRules.ShareUsed, 1)));
        _it.Registrations.Admit(_it.Claim(Lab, "10.0.0.3", group: true), AdmissionKind.Registration);
        Assert.That((_it.Last, _it.Record(Lab)!.Addresses.Length), Is.EqualTo((ServerRules.MemberAdded, 2)));
    }

    [Test]
    public void RuleS2_WhoClaimsAnothersNameWaits_AndTheOwnersOwnClaimEndsTheDispute()
    {
        int slot = _it.Take(Fred, "10.0.0.1");
        _it.Registrations.Admit(_it.Claim(Fred, "10.0.0.2"), AdmissionKind.Registration);
        _it.Registrations.Admit(_it.Claim(Fred, "10.0.0.3"), AdmissionKind.Registration);
        Assert.That(_it.Last, Is.EqualTo(ServerRules.AskedToWait));
        Assert.That(_it.State.Names[slot].Challenge, Is.Not.EqualTo(NameSlot.None));
        _it.Registrations.Admit(_it.Claim(Fred, "10.0.0.1", flags: NbnsFlagWords.RefreshRequest), AdmissionKind.Refresh);
        Assert.That(_it.Verdicts, Is.EqualTo(["10.0.0.2 refused", "10.0.0.3 refused"]));
        Assert.That(_it.Last, Is.EqualTo(ServerRules.Refreshed));
    }

    [Test]
    public void RuleW4_AReleaseIsDoneByWhoeverHasTheName()
    {
        _it.Take(Fred, "10.0.0.1");
        _it.Releases.Release(_it.Release(Fred, "10.0.0.1"));
        Assert.That((_it.Record(Fred)!.State, _it.Last, _it.Sent().Single()), Is.EqualTo((NameRecordState.Released, ServerRules.Released, "10.0.0.1 yes")));
        _it.Releases.Release(_it.Release("NONE<20>", "10.0.0.1"));
        Assert.That(_it.Last, Is.EqualTo(ServerRules.NothingToRelease));
    }

    [Test]
    public void RuleW4_AReleaseOfWhatIsInDisputeIsTheVerdict_AndOneOfAClaimantsTakesItsClaimBack()
    {
        int slot = _it.Take(Fred, "10.0.0.1");
        _it.Disputes.Start(slot, _it.Claim(Fred, "10.0.0.2"));
        _it.Disputes.Join(slot, _it.Claim(Fred, "10.0.0.3"));
        _it.Releases.Release(_it.Release(Fred, "10.0.0.2"));
        Assert.That(_it.Verdicts, Is.Empty);
        _it.Releases.Release(_it.Release(Fred, "10.0.0.1"));
        Assert.That(_it.Verdicts, Is.EqualTo(["10.0.0.3 has it"]));
    }

    [Test]
    public void Rfc1001_1532_AReleaseByAnotherNodeWaitsUntilTheOwnerHasBeenAsked()
    {
        var it = new PartsBench(NameServerDialect.WinsNt4 with { ForeignReleases = ForeignReleasePolicy.Verify });
        int slot = it.Take(Fred, "10.0.0.1");
        it.Releases.Release(it.Release(Fred, "10.0.0.1", source: "10.0.0.9"));
        Assert.That(it.Sent(), Has.Member("10.0.0.1 query"));
        it.Disputes.Heed(PartsBench.Start, it.State.Names[slot].Challenge, OwnerAnswer.Gone);
        Assert.That(it.Verdicts, Is.EqualTo(["10.0.0.9 has it"]));
    }

    [Test]
    public void RuleS5_AQueryIsAnsweredFromTheRecords_SaveTheServersOwnChallenge()
    {
        _it.Take(Fred, "10.0.0.1");
        Ask(Fred, "10.0.0.9");
        Assert.That((_it.Last, _it.Sent().Single(), _it.State.Counters.QueriesFound), Is.EqualTo((ServerRules.Answer, "10.0.0.9 yes", 1)));
        Ask("NONE<20>", "10.0.0.9");
        Assert.That((_it.Last, _it.Sent().Single()), Is.EqualTo((ServerRules.NotFound, "10.0.0.9 no")));
        Ask(Fred, "10.0.0.250", flags: 0);
        Assert.That((_it.Last, _it.Sent().Count, _it.State.Counters.Queries), Is.EqualTo((ServerRules.OwnChallenge, 0, 2)));
    }

    [Test]
    public void Cc959221_AReleasedNameIsNotFound()
    {
        int slot = _it.Take(Fred, "10.0.0.1");
        _it.Records.GiveUp(slot, PartsBench.Start);
        Ask(Fred, "10.0.0.9");
        Assert.That(_it.Last, Is.EqualTo(ServerRules.NotFound));
    }

    [Test]
    public void AVerdictChangesTheRecordAndAnswersWhoWaited()
    {
        var verdicts = new DisputeVerdicts(_it.State, _it.Scavenger, _it.Records, _it.Registrations, _it.Settlement, _it.Replies);
        int slot = _it.Take(Fred, "10.0.0.1");
        verdicts.Refuse(slot, _it.Claim(Fred, "10.0.0.2"), default);
        Assert.That((_it.Last, _it.Sent().Single()), Is.EqualTo((ServerRules.ClaimantRefused, "10.0.0.2 no")));
        verdicts.Award(slot, _it.Claim(Fred, "10.0.0.2"));
        Assert.That((_it.Last, _it.Sent().Single(), _it.Record(Fred)!.Addresses.Single().Address.ToString()), Is.EqualTo((ServerRules.Awarded, "10.0.0.2 yes", "10.0.0.2")));
        verdicts.TakeUpAgain(_it.Claim(Fred, "10.0.0.3"));
        Assert.That((_it.Last, _it.Sent().Single()), Is.EqualTo((ServerRules.CameSecond, "10.0.0.3 no")));
        verdicts.TakeUpAgain(_it.Claim(Fred, "10.0.0.2"));
        Assert.That(_it.Last, Is.EqualTo(ServerRules.OwnersClaim), "its own");
        verdicts.DecideRemoval(PartsBench.Start, slot, isHeld: true);
        Assert.That((_it.Last, _it.Record(Fred)!.State), Is.EqualTo((ServerRules.Kept, NameRecordState.Active)));
        verdicts.DecideRemoval(PartsBench.Start, slot, isHeld: false);
        Assert.That((_it.Last, _it.Record(Fred)!.State), Is.EqualTo((ServerRules.AgedToReleased, NameRecordState.Released)));
    }

    private void Ask(string name, string source, ushort flags = NbnsFlagWords.QueryRequest)
    {
        byte[] octets = new byte[NbnsHeader.MaxDatagramLength];
        int length = NbnsEncoder.WriteQuery(octets, 1, flags, NetBiosName.Parse(name));
        _it.Queries.Answer(Requests.Read(octets[..length], source, _it.State.Names.Scopes));
    }
}
