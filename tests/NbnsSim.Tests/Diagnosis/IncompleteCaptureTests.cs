using NbnsSim.Diagnosis;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Diagnosis;

/// <summary>Captures that lack frames, or have them out of order: what is left of an exchange tells what is missing, as far as the clauses of RFC 1002 leave no choice.</summary>
public sealed class IncompleteCaptureTests
{
    private static readonly Ipv4Address A = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address B = Ipv4Address.Parse("10.0.0.2");
    private static readonly Ipv4Address C = Ipv4Address.Parse("10.0.0.3");
    private static readonly Ipv4Address Server = Ipv4Address.Parse("10.0.0.9");
    private static readonly Ipv4Address All = Ipv4Address.Parse("10.0.0.255");
    private static readonly NetBiosName Name = NetBiosName.Parse("PC1<00>");

    private CaptureDiagnosis _diagnosis = new();
    private long _frame;

    [SetUp]
    public void StartCapture() => (_diagnosis, _frame) = (new CaptureDiagnosis(), 0);

    [Test]
    public void WhoeverIsAnsweredHasAsked_AndMayTellOfASecondOwner()
    {
        Own(A, 1);
        At(30, A, C, new PositiveNameQueryResponse(7, Name, [Entry(A)], new TimeToLive(165)));
        At(30.1, B, C, new PositiveNameQueryResponse(7, Name, [Entry(B)], new TimeToLive(165)));
        At(30.2, C, B, new NameConflictDemand(8, Name));
        Assert.That(Told().Select(incident => incident.Cause), Has.No.Member(Causes.ForgedDemand));
    }

    [Test]
    public void AWackWithoutItsClaimShowsTheNameServer_AndThatItAsked()
    {
        At(1, A, Server, Claim(A, 1));
        At(1.1, Server, A, Grant(A, 1));
        At(30, Server, B, new WaitForAcknowledgementResponse(2, Name, new TimeToLive(5), new NbnsFlags(NbnsFlagWords.RegistrationRequest)));
        At(30.2, Server, B, Refusal(A, 2));
        Assert.That(Told().Single(incident => incident.Cause == Causes.DuplicateComputer).Parties.Select(party => party.Address), Is.EquivalentTo(new[] { A, B, Server }));
    }

    [Test]
    public void ARefusalThatOvertakesItsClaimAnswersIt()
    {
        At(1, A, Server, Claim(A, 1));
        At(1.1, Server, A, Grant(A, 1));
        At(30.01, Server, B, Refusal(A, 2));
        At(30, B, Server, Claim(B, 2));
        _diagnosis.Complete();
        Assert.That(_diagnosis.Findings.Single(finding => finding.Kind == FindingKind.RegistrationRefused).Frames, Is.SupersetOf(new long[] { 3, 4 }));
    }

    [Test]
    public void WhomANameServerAsksBeforeItGivesTheNameAwayHadIt()
    {
        At(1, A, Server, Claim(A, 1)); // the grant is not in the capture
        At(1.5, C, Server, Claim(C, 9, "PC3<00>"));
        At(1.6, Server, C, Grant(C, 9, "PC3<00>"));
        At(30, B, Server, Claim(B, 2));
        At(30, Server, A, new NameQueryRequest(3, Name, isBroadcast: false));
        At(30.5, Server, A, new NameQueryRequest(3, Name, isBroadcast: false));
        At(31, Server, A, new NameQueryRequest(3, Name, isBroadcast: false));
        At(31.5, Server, B, Grant(B, 2));
        At(60, A, All, new NameQueryRequest(5, NetBiosName.Parse("OTHER<20>"), isBroadcast: true));
        Assert.That(Told().Select(incident => (incident.Cause, incident.Certainty)), Has.Member((Causes.LostChallenge, Certainty.Proven)));
    }

    [Test]
    public void AClaimThatWaitsWhileTheHolderAnswersIsRefused()
    {
        At(1, A, Server, Claim(A, 1));
        At(1.1, Server, A, Grant(A, 1));
        At(30, B, Server, Claim(B, 2));
        At(30, Server, B, new WaitForAcknowledgementResponse(2, Name, new TimeToLive(5), new NbnsFlags(NbnsFlagWords.RegistrationRequest)));
        At(30, Server, A, new NameQueryRequest(3, Name, isBroadcast: false));
        At(30.1, A, Server, new PositiveNameQueryResponse(3, Name, [Entry(A)], new TimeToLive(165)));
        At(90, A, All, new NameQueryRequest(5, NetBiosName.Parse("OTHER<20>"), isBroadcast: true));
        Assert.That(Told().Select(incident => incident.Cause), Has.Member(Causes.DuplicateComputer)); // RFC 1002 §5.1.4.1
    }

    [Test]
    public void AConfirmedReleaseWasMade()
    {
        At(1, A, Server, Claim(A, 1));
        At(1.1, Server, A, Grant(A, 1));
        At(20, Server, A, new PositiveNameReleaseResponse(4, Name, Entry(A), default));
        At(60, B, Server, Claim(B, 2));
        At(60.1, Server, B, Grant(B, 2));
        Assert.That(Told(), Is.Empty);
    }

    [Test]
    public void AReleaseWithTheAddressOfAnotherThatClaimedTheNameIsForged_ThoughTheEndOfItsClaimIsMissing()
    {
        At(1, A, All, Claim(A, 1, isBroadcast: true));
        At(1.75, A, All, Claim(A, 1, isBroadcast: true));
        At(40, B, All, new NameReleaseRequest(4, Name, Entry(A)));
        Assert.That(Told().Single(incident => incident.Cause == Causes.ForgedDemand).Parties[0].Address, Is.EqualTo(B)); // RFC 1001 §15.4.1
    }

    [Test]
    public void ALostRequestIsNoSilentNameServer_WhereItServesTheMachineBeforeAndAfter()
    {
        At(1, A, Server, Claim(A, 1));
        At(1.1, Server, A, Grant(A, 1));
        for (int i = 0; i < 3; i++)
            At(2 + (1.5 * i), A, Server, Claim(A, 2, "PC1<03>"));
        At(10, A, Server, Claim(A, 3, "PC1<20>"));
        At(10.1, Server, A, Grant(A, 3, "PC1<20>"));
        At(60, A, All, new NameQueryRequest(5, NetBiosName.Parse("OTHER<20>"), isBroadcast: true));
        Assert.That(Told().Single().Certainty, Is.EqualTo(Certainty.Possible));
    }

    [Test]
    public void WhoeverSeesOneClaimRefusedWithoutAWackCannotKnowWhetherTheOwnerIsThere()
    {
        At(1, B, Server, Claim(B, 2));
        At(1.1, Server, B, Refusal(A, 2));
        Assert.That(Told().Single(), Has.Property(nameof(Incident.Certainty)).EqualTo(Certainty.Possible));
    }

    [Test]
    public void ARefusedRefreshOfANameAboutWhichTheServerHadAskedInVainIsALostChallenge()
    {
        At(1, A, Server, Claim(A, 1));
        At(1.1, Server, A, Grant(A, 1));
        for (int i = 0; i < 3; i++)
        {
            At(30 + (0.5 * i), Server, A, new NameQueryRequest(3, Name, isBroadcast: false));
            At(30.01 + (0.5 * i), A, Server, new PositiveNameQueryResponse(3, Name, [Entry(A)], new TimeToLive(165))); // it is asked again, so none of them arrives
        }

        At(4000, A, Server, new NameRefreshRequest(4, Name, Entry(A), new TimeToLive(300_000)));
        At(4000.1, Server, A, Refusal(B, 4));
        Assert.That(Told().Select(incident => (incident.Cause, incident.Certainty)), Is.EqualTo(new[] { (Causes.LostChallenge, Certainty.Proven) })); // RFC 1002 §5.1.2.6
    }

    [Test]
    public void WhoeverRefusesANameThatItIsStillClaimingIsNoSecondMachine()
    {
        At(1, B, All, Claim(B, 2, isBroadcast: true)); // the first try of the other adapter is not in the capture
        At(1.01, A, B, Refusal(A, 2));
        At(1.75, A, All, Claim(A, 1, isBroadcast: true));
        At(2.5, A, All, Claim(A, 1, isBroadcast: true));
        At(10, A, All, new NameQueryRequest(99, NetBiosName.Parse("OTHER<20>"), isBroadcast: true));
        Assert.That(Told().Single().Cause, Is.EqualTo(Causes.MultihomedSelf)); // Q102795
    }

    [Test]
    public void ANameForWhichTheHolderDidNotAnswerIsGranted_ThoughTheGrantIsMissing()
    {
        At(1, A, Server, Claim(A, 1));
        At(1.1, Server, A, Grant(A, 1));
        At(30, B, Server, Claim(B, 2));
        At(30, Server, B, new WaitForAcknowledgementResponse(2, Name, new TimeToLive(5), new NbnsFlags(NbnsFlagWords.RegistrationRequest)));
        At(30, Server, A, new NameQueryRequest(3, Name, isBroadcast: false));
        At(30.5, Server, A, new NameQueryRequest(3, Name, isBroadcast: false));
        At(31, Server, A, new NameQueryRequest(3, Name, isBroadcast: false));
        At(90, A, All, new NameQueryRequest(5, NetBiosName.Parse("OTHER<20>"), isBroadcast: true));
        Assert.That(Told().Select(incident => incident.Cause), Is.EqualTo(new[] { Causes.LostChallenge })); // RFC 1002 §5.1.4.1
    }

    [Test]
    public void AnAnswerThatOvertakesItsQuestionAnswersIt()
    {
        At(1, A, Server, Claim(A, 1));
        At(1.1, Server, A, Grant(A, 1));
        At(30, B, Server, Claim(B, 2));
        At(30, Server, B, new WaitForAcknowledgementResponse(2, Name, new TimeToLive(5), new NbnsFlags(NbnsFlagWords.RegistrationRequest)));
        At(30.02, A, Server, new PositiveNameQueryResponse(3, Name, [Entry(A)], new TimeToLive(165)));
        At(30.01, Server, A, new NameQueryRequest(3, Name, isBroadcast: false));
        At(30.03, Server, B, Refusal(A, 2));
        Assert.That(Told().Single(incident => incident.Cause == Causes.DuplicateComputer).Frames, Is.SupersetOf(new long[] { 3, 4, 5, 6, 7 }));
    }

    [Test]
    public void TheLastMomentsOfACaptureDecideNothing()
    {
        Own(A, 1);
        At(30, B, All, Claim(B, 2, isBroadcast: true));
        Assert.That(Told().Single().Certainty, Is.EqualTo(Certainty.Possible));
    }

    [Test]
    public void RefusalsWithOneIdAfterTheOtherAreGuesses_OneThatAnswersNothingIsNone()
    {
        At(30, A, All, Claim(A, 700, isBroadcast: true));
        for (ushort i = 0; i < 8; i++)
            At(30.1 + (0.01 * i), B, A, Refusal(B, (ushort)(696 + i)));
        var told = Told().Single();
        Assert.That((told.Cause, told.Certainty, told.Parties[0].Address), Is.EqualTo((Causes.ForgedDemand, Certainty.Proven, B)));

        StartCapture();
        At(30, B, A, Refusal(B, 696));
        At(60, A, All, new NameQueryRequest(5, NetBiosName.Parse("OTHER<20>"), isBroadcast: true));
        Assert.That(Told().Select(incident => incident.Cause), Has.No.Member(Causes.ForgedDemand));
    }

    private static NbEntry Entry(Ipv4Address address) => new(new NbFlags(false, OwnerNodeType.H), address);

    private static NameRegistrationRequest Claim(Ipv4Address from, ushort id, string name = "PC1<00>", bool isBroadcast = false) =>
        new(id, NetBiosName.Parse(name), Entry(from), new TimeToLive(300_000), isBroadcast);

    private static PositiveNameRegistrationResponse Grant(Ipv4Address to, ushort id, string name = "PC1<00>") => new(id, NetBiosName.Parse(name), Entry(to), new TimeToLive(300_000));

    private static NegativeNameRegistrationResponse Refusal(Ipv4Address owner, ushort id) => new(id, Name, NbnsRcode.ActiveError, Entry(owner));

    private void Own(Ipv4Address host, ushort id)
    {
        for (int i = 0; i < 3; i++)
            At(1 + (0.75 * i), host, All, Claim(host, id, isBroadcast: true));
        At(10, host, All, new NameQueryRequest(99, NetBiosName.Parse("OTHER<20>"), isBroadcast: true));
    }

    private System.Collections.Immutable.ImmutableArray<Incident> Told()
    {
        _diagnosis.Complete();
        return _diagnosis.Judge().Incidents;
    }

    /// <summary>A frame at a time in seconds; each address has an adapter of its own.</summary>
    private void At(double seconds, Ipv4Address from, Ipv4Address to, NbnsMessage message) => _diagnosis.Observe(
        ++_frame, Instant.Epoch + TimeSpan.FromSeconds(seconds), Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), to == All, message.ToArray(), new MacAddress(0x0200_0000_0000UL | (from.Value & 0xFF)));
}
