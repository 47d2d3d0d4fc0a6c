using NbnsSim.Diagnosis;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Diagnosis;

public sealed class CaptureDiagnosisTests
{
    private static readonly Ipv4Address A = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address B = Ipv4Address.Parse("10.0.0.2");
    private static readonly Ipv4Address Server = Ipv4Address.Parse("10.0.0.9");
    private static readonly Ipv4Address Segment = Ipv4Address.Parse("10.0.0.255");
    private static readonly NetBiosName User = NetBiosName.Parse("JSMITH<03>");

    private readonly byte[] _buffer = new byte[576];
    private CaptureDiagnosis _diagnosis = new();
    private long _frame;
    private Instant _now;

    [SetUp]
    public void StartCapture()
    {
        _diagnosis = new CaptureDiagnosis();
        _frame = 0;
        _now = Instant.Epoch;
    }

    [Test]
    public void UnopposedBroadcastClaimIsAHoldingByInference()
    {
        Claim(A, 1);
        Claim(A, 1);
        Claim(A, 1);
        Query(B); // time goes on, and nobody objects
        _diagnosis.Complete();

        var holding = _diagnosis.Holdings.Single();
        Assert.Multiple(() =>
        {
            Assert.That(holding.Since.Rule, Is.EqualTo(NodeRules.NobodyObjected));
            Assert.That(holding.Address, Is.EqualTo(A));
            Assert.That(holding.Since.Frame, Is.EqualTo(3));
            Assert.That(_diagnosis.Findings, Is.Empty);
        });
    }

    [Test]
    public void RefusedClaimShowsTheDefenderAsHolder()
    {
        Claim(B, 7);
        Refuse(A, B, 7);
        _diagnosis.Complete();

        Assert.Multiple(() =>
        {
            Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.RegistrationRefused));
            Assert.That(_diagnosis.Findings.Single().Frames, Is.EqualTo(new long[] { 1, 2 }));
            Assert.That(_diagnosis.Holdings.Single().Address, Is.EqualTo(A));
            Assert.That(_diagnosis.Holdings.Single().Since.Rule, Is.EqualTo(NodeRules.DefendUnique));
        });
    }

    [Test]
    public void BroadcastReleaseOfAnothersNameIsTheTriggerOf4320()
    {
        Claim(B, 7);
        Refuse(A, B, 7);
        for (int i = 0; i < 3; i++)
            Send(B, Segment, true, NbnsEncoder.WriteRequest(_buffer, 8, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, B)));
        _diagnosis.Complete();

        var finding = _diagnosis.Findings.Single(found => found.Kind == FindingKind.ReleaseOfAnothersName);
        Assert.Multiple(() =>
        {
            Assert.That(finding.Host, Is.EqualTo(A));
            Assert.That(finding.Other, Is.EqualTo(B));
            Assert.That(finding.Event!.Id, Is.EqualTo(NetBtEventId.NameRelease));
            Assert.That(finding.Event.Rule.Basis, Is.EqualTo(RuleBasis.Inferred));
            Assert.That(finding.LoggedBy, Is.EqualTo(new[] { NetBtDialect.WindowsNt35 }));
            Assert.That(finding.Frames, Is.EqualTo(new long[] { 1, 2, 3, 4, 5 }), "what BRAVO claimed, ALPHA's refusal, and the release with its repeats");
        });
    }

    [Test]
    public void OwnReleaseEndsTheHolding()
    {
        Demand(A, 1);
        Send(A, Segment, true, NbnsEncoder.WriteRequest(_buffer, 2, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, A)));

        Assert.Multiple(() =>
        {
            Assert.That(_diagnosis.Findings, Is.Empty);
            Assert.That(_diagnosis.Holdings.Single().Until?.Rule, Is.EqualTo(NodeRules.Released));
            Assert.That(_diagnosis.Holdings.Single().Until?.Frame, Is.EqualTo(2));
        });
    }

    [Test]
    public void UnicastReleaseFromANameServerIsAReleaseDemand()
    {
        Demand(A, 1);
        Send(Server, A, false, NbnsEncoder.WriteRequest(_buffer, 2, NbnsFlagWords.Release, User, 0, new NbEntry(default, A)));

        var finding = _diagnosis.Findings.Single();
        Assert.Multiple(() =>
        {
            Assert.That(finding.Kind, Is.EqualTo(FindingKind.ReleaseDemand));
            Assert.That(finding.Event!.Id, Is.EqualTo(NetBtEventId.NameRelease));
            Assert.That(finding.Other, Is.EqualTo(Server));
            Assert.That(_diagnosis.Holdings.Single().Until?.Rule, Is.EqualTo(NodeRules.ReleaseOfOwnAddress));
        });
    }

    [Test]
    public void ConflictDemandIsTheTriggerOf4319()
    {
        Demand(A, 1);
        Send(B, A, false, NbnsEncoder.WriteResponse(_buffer, 3, NbnsFlagWords.ConflictDemand, User, 0, default(NbEntry)));

        Assert.Multiple(() =>
        {
            Assert.That(_diagnosis.Findings.Single().Event!.Id, Is.EqualTo(NetBtEventId.DuplicateName));
            Assert.That(_diagnosis.Findings.Single().Host, Is.EqualTo(A));
            Assert.That(_diagnosis.Holdings.Single().Until?.Rule, Is.EqualTo(NodeRules.ConflictDemand));
        });
    }

    [Test]
    public void TwoHoldersOfAUniqueNameAreFoundOnce()
    {
        Demand(A, 1);
        Demand(B, 1);
        Demand(A, 2);
        Demand(B, 3);

        var finding = _diagnosis.Findings.Single();
        Assert.Multiple(() =>
        {
            Assert.That(finding.Kind, Is.EqualTo(FindingKind.TwoOwners));
            Assert.That(finding.Frames, Is.EqualTo(new long[] { 1, 2 }));
        });
    }

    [Test]
    public void ManyHoldersOfAGroupNameAreNoFinding()
    {
        Demand(A, 1, group: true);
        Demand(B, 1, group: true);

        Assert.That(_diagnosis.Findings, Is.Empty);
        Assert.That(_diagnosis.Holdings, Has.Count.EqualTo(2));
    }

    [Test]
    public void NameServerThatNeverAnswersIsFound()
    {
        Send(A, Server, false, NbnsEncoder.WriteRequest(_buffer, 5, NbnsFlagWords.RegistrationRequest, User, 300, new NbEntry(default, A)));
        _now += TimeSpan.FromSeconds(30);
        Query(B);
        _diagnosis.Complete();

        Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.NameServerSilent));
        Assert.That(_diagnosis.Holdings, Is.Empty);
    }

    [Test]
    public void NameServersGrantIsAHolding()
    {
        Send(A, Server, false, NbnsEncoder.WriteRequest(_buffer, 5, NbnsFlagWords.RegistrationRequest, User, 300, new NbEntry(default, A)));
        Send(Server, A, false, NbnsEncoder.WriteResponse(_buffer, 5, NbnsFlagWords.RegistrationResponse, User, 300, new NbEntry(default, A)));
        _diagnosis.Complete();

        Assert.That(_diagnosis.Holdings.Single().Since.Rule, Is.EqualTo(NodeRules.ServerGranted));
        Assert.That(_diagnosis.Findings, Is.Empty);
    }

    [Test]
    public void NodeStatusShowsNamesAndConflicts()
    {
        NodeStatusName[] names = [new(NetBiosName.Parse("ALPHA<00>"), new NameFlags(0x0400)), new(User, new NameFlags(0x0C00))];
        Send(A, B, false, NbnsEncoder.WriteNodeStatus(_buffer, 9, NbnsFlagWords.NodeStatusResponse, NetBiosName.Wildcard, names, default));

        Assert.Multiple(() =>
        {
            Assert.That(_diagnosis.Holdings.Single().Name, Is.EqualTo(NetBiosName.Parse("ALPHA<00>")));
            Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.ConflictFlag));
        });
    }

    [Test]
    public void ANameReleasedSoonAfterItsClaimWasHeldUntilThen()
    {
        for (int i = 0; i < 3; i++)
            Claim(A, 1);
        Release(A, 2);
        _now += TimeSpan.FromSeconds(20);
        for (int i = 0; i < 3; i++)
            Claim(B, 3);
        Query(A);
        _diagnosis.Complete();
        Assert.That(_diagnosis.Findings, Is.Empty);
        Assert.That(_diagnosis.Holdings.Select(held => (held.Address, held.Since.Frame, held.Until?.Rule, held.Until?.Frame ?? 0)), Is.EqualTo(new[]
        {
            (A, 3L, (Rule?)NodeRules.Released, 4L), (B, 7L, null, 0L),
        }));
    }

    [Test]
    public void EveryDefenderHoldsTheName()
    {
        Claim(Server, 7);
        Refuse(A, Server, 7);
        Refuse(B, Server, 7);
        _diagnosis.Complete();
        Assert.That(_diagnosis.Holdings.Select(held => held.Address), Is.EqualTo(new[] { A, B }));
        Assert.That(_diagnosis.Findings.Single(found => found.Kind == FindingKind.TwoOwners).Frames, Is.EqualTo(new long[] { 2, 3 }));
    }

    [Test]
    public void TwoClaimsUnderOneIdAreTwo()
    {
        Claim(B, 7);
        Send(B, Segment, true, NbnsEncoder.WriteRequest(_buffer, 7, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, NetBiosName.Parse("OTHER<20>"), 0, new NbEntry(default, B)));
        Refuse(A, B, 7);
        _diagnosis.Complete();
        Assert.That(_diagnosis.Holdings.Select(held => (held.Name.ToString(), held.Address)), Is.EquivalentTo(new[] { ("JSMITH<03>", A) }), "one claim of OTHER is not its whole course");
    }

    [Test]
    public void AnOverwriteSentToOneHostIsAClaim_AndARefusalEndsIt()
    {
        Demand(A, 1);
        Send(B, A, false, NbnsEncoder.WriteRequest(_buffer, 2, NbnsFlagWords.Overwrite, User, 0, new NbEntry(default, B)));
        Refuse(A, B, 2);
        _diagnosis.Complete();
        Assert.That(_diagnosis.Holdings.Single().Address, Is.EqualTo(A));
        Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.RegistrationRefused));
    }

    [Test]
    public void AConflictDemandUnderTheClaimsIdRefusesIt()
    {
        // RFC 1002 §4.2.6: NEGATIVE, CFT_ERR; the packet is that of §4.2.8
        Claim(B, 7);
        Send(A, B, false, NbnsEncoder.WriteResponse(_buffer, 7, NbnsFlagWords.ConflictDemand, User, 0, new NbEntry(default, Ipv4Address.Any)));
        _diagnosis.Complete();
        Assert.That(_diagnosis.Findings.Single().Event!.Id, Is.EqualTo(NetBtEventId.DuplicateNameError));
        Assert.That(_diagnosis.Holdings, Is.Empty);
    }

    [Test]
    public void AClaimCountsFromItsOwnTime_ThoughItShowsLaterThatItWasUnopposed()
    {
        Claim(A, 1);
        Claim(A, 1);
        Claim(A, 1);
        Send(A, B, false, NbnsEncoder.WriteResponse(_buffer, 9, NbnsFlagWords.QueryResponse, User, 0, new NbEntry(default, A)));
        _diagnosis.Complete();
        var held = _diagnosis.Holdings.Single();
        Assert.That((held.Since.Frame, held.LastSeen.Frame, held.Since.Time < held.LastSeen.Time), Is.EqualTo((3L, 4L, true)));
    }

    [Test]
    public void AHostThatNamesSeveralAddressesIsOneMachine()
    {
        Send(A, B, false, NbnsEncoder.WriteResponse(_buffer, 9, NbnsFlagWords.QueryResponse, User, 0, [new NbEntry(default, A), new NbEntry(default, Server)]));
        Demand(Server, 1);
        Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.SameMachine));
    }

    [Test]
    public void AMasterBrowsersNameIsItsSegmentsAlone()
    {
        foreach (var master in new[] { A, B })
            Send(master, Segment, true, NbnsEncoder.WriteRequest(_buffer, 1, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, NetBiosName.Parse("LAB<1D>"), 0, new NbEntry(default, master)));
        Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.TwoMasterBrowsers));
        Assert.That(_diagnosis.Holdings, Has.Count.EqualTo(2));
    }

    [Test]
    public void ManyMembersOfAGroupAreHeldAgainstNobody()
    {
        var group = new NbEntry(new NbFlags(true, OwnerNodeType.B), A);
        for (uint i = 0; i < 20_000; i++)
        {
            var member = new Ipv4Address(0x0A01_0000 + i);
            Send(member, A, false, NbnsEncoder.WriteResponse(_buffer, 9, NbnsFlagWords.QueryResponse, User, 0, group with { Address = member }));
        }

        Assert.That(_diagnosis.Holdings, Has.Count.EqualTo(20_000));
        Assert.That(_diagnosis.Findings, Is.Empty);
    }

    [Test]
    public void ABrokenOffClaimIsNoHolding()
    {
        Claim(A, 1);
        Demand(B, 2);
        _now += TimeSpan.FromSeconds(30);
        Query(B);
        _diagnosis.Complete();
        Assert.That(_diagnosis.Holdings.Single().Address, Is.EqualTo(B));
        Assert.That(_diagnosis.Findings, Is.Empty);
    }

    [Test]
    public void AClaimWhoseAnswerMayStillComeWhenTheCaptureEndsIsNoSilentServer()
    {
        Send(A, Server, false, NbnsEncoder.WriteRequest(_buffer, 5, NbnsFlagWords.RegistrationRequest, User, 300, new NbEntry(default, A)));
        _diagnosis.Complete();
        Assert.That(_diagnosis.Findings, Is.Empty);
    }

    [Test]
    public void AReleaseWhoseHolderWasNotSeenIsTold()
    {
        Release(B, 1);
        var finding = _diagnosis.Findings.Single();
        Assert.Multiple(() =>
        {
            Assert.That(finding.Kind, Is.EqualTo(FindingKind.ReleaseOfUnknownHoldersName));
            Assert.That(finding.Host, Is.EqualTo(Ipv4Address.Any));
            Assert.That(finding.LoggedBy, Is.EqualTo(new[] { NetBtDialect.WindowsNt35 }));
        });
    }

    [Test]
    public void AConflictDemandToAllConcernsTheHolder_NotTheBroadcastAddress()
    {
        Demand(A, 1);
        Send(B, Segment, true, NbnsEncoder.WriteResponse(_buffer, 3, NbnsFlagWords.ConflictDemand, User, 0, default(NbEntry)));
        Assert.That(_diagnosis.Findings.Single().Host, Is.EqualTo(A));
        Assert.That(_diagnosis.Holdings.Single().Until?.Rule, Is.EqualTo(NodeRules.ConflictDemand));
    }

    [Test]
    public void AConflictDemandToAllForANameThatNobodyIsSeenToHold()
    {
        Send(B, Segment, true, NbnsEncoder.WriteResponse(_buffer, 3, NbnsFlagWords.ConflictDemand, User, 0, default(NbEntry)));
        Assert.That(_diagnosis.Findings.Single().Host, Is.EqualTo(Ipv4Address.Any));
    }

    [Test]
    public void AReleaseInAnotherBroadcastDomainConcernsNobodyHere()
    {
        Demand(A, 1);
        var far = Ipv4Address.Parse("10.9.2.30");
        Send(far, Ipv4Address.Parse("10.9.2.255"), true, NbnsEncoder.WriteRequest(_buffer, 8, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, far)));
        Assert.That(_diagnosis.Findings.Select(finding => (finding.Kind, finding.Host)), Is.EqualTo(new[] { (FindingKind.ReleaseOfUnknownHoldersName, Ipv4Address.Any) }));
    }

    [Test]
    public void OneNameInTwoBroadcastDomainsIsNoConflict_UnlessTheyShareAServer()
    {
        var far = Ipv4Address.Parse("10.9.2.30");
        Demand(A, 1);
        Send(far, Ipv4Address.Parse("10.9.2.255"), true, NbnsEncoder.WriteRequest(_buffer, 1, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, far)));
        Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.SeparateOwners));
        foreach (var host in new[] { A, far })
        {
            var name = NetBiosName.Parse("OTHER<20>");
            Send(host, Server, false, NbnsEncoder.WriteRequest(_buffer, 5, NbnsFlagWords.RegistrationRequest, name, 300, new NbEntry(default, host)));
            Send(Server, host, false, NbnsEncoder.WriteResponse(_buffer, 5, NbnsFlagWords.RegistrationResponse, name, 300, new NbEntry(default, host)));
        }

        Assert.That(_diagnosis.Findings.Select(finding => finding.Kind), Is.EqualTo(new[] { FindingKind.SeparateOwners, FindingKind.TwoOwners }));
    }

    [Test]
    public void OneStationWithAnotherAddressHasMoved()
    {
        var mac = new MacAddress(0x0200_0000_0001);
        foreach (var address in new[] { A, B })
            Send(address, Segment, true, NbnsEncoder.WriteRequest(_buffer, 1, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, address)), mac);
        Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.SameMachine));
        _diagnosis.Complete();
        Assert.That(_diagnosis.Judge().Incidents.Single().Cause, Is.EqualTo(Causes.Moved));
    }

    [Test]
    public void AReleaseWithTheHoldersAddressFromAnotherStationIsToldSo()
    {
        Send(A, Segment, true, NbnsEncoder.WriteRequest(_buffer, 1, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, A)), new MacAddress(0x0200_0000_0001));
        Send(A, Segment, true, NbnsEncoder.WriteRequest(_buffer, 2, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, A)), new MacAddress(0x0200_0000_0066));
        Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.ForeignStation));
        Assert.That(_diagnosis.Holdings.Single().Until?.Rule, Is.Null);
    }

    [TestCase("10.0.0.255", true)]
    [TestCase("0.0.0.0", true)]
    [TestCase("192.168.56.1", false)]
    public void AnAnswerToABroadcastWithAForeignAddressIsTold(string given, bool holds)
    {
        Query(B);
        Send(A, B, false, NbnsEncoder.WriteResponse(_buffer, 77, NbnsFlagWords.QueryResponse, User, 0, new NbEntry(default, Ipv4Address.Parse(given))));
        Assert.That(_diagnosis.Findings.Single().Kind, Is.EqualTo(FindingKind.UnreachableAddress));
        Assert.That(_diagnosis.Holdings, Has.Count.EqualTo(holds ? 1 : 0));
    }

    [Test]
    public void AnAnswerForAnotherThatNoBroadcastAskedForIsANameServers()
    {
        Send(A, B, false, NbnsEncoder.WriteResponse(_buffer, 77, NbnsFlagWords.QueryResponse, User, 0, new NbEntry(default, Server)));
        Assert.That(_diagnosis.Findings, Is.Empty);
        Assert.That(_diagnosis.Holdings, Is.Empty);
    }

    [TestCase(NbnsRcode.ActiveError, RuleBasis.Documented)]
    [TestCase(NbnsRcode.FormatError, RuleBasis.Inferred)]
    [TestCase(NbnsRcode.ServerFailure, RuleBasis.Inferred)]
    public void OnlyARefusalIsDocumentedAs4321(NbnsRcode rcode, RuleBasis basis)
    {
        Send(A, Server, false, NbnsEncoder.WriteRequest(_buffer, 5, NbnsFlagWords.RegistrationRequest, User, 300, new NbEntry(default, A)));
        Send(Server, A, false, NbnsEncoder.WriteResponse(_buffer, 5, (ushort)(NbnsFlagWords.RegistrationResponse | (ushort)rcode), User, 0, new NbEntry(default, A)));
        Assert.That(_diagnosis.Findings.Single().Event!.Rule.Basis, Is.EqualTo(basis));
    }

    [Test]
    public void ALateClaimOfANameHeldByBroadcastThatIsRefusedIsAConflict()
    {
        Demand(A, 1);
        _now += TimeSpan.FromMinutes(5);
        Send(A, Server, false, NbnsEncoder.WriteRequest(_buffer, 5, NbnsFlagWords.RegistrationRequest, User, 300, new NbEntry(default, A)));
        Refuse(Server, A, 5);
        Assert.That(_diagnosis.Findings.Single().Event!.Id, Is.EqualTo(NetBtEventId.DuplicateName)); // Q242053
        Assert.That(_diagnosis.Holdings.Single().Until?.Rule, Is.EqualTo(NodeRules.RefreshRefused));
    }

    [Test]
    public void AReleaseOfAGroupNameSentToOneMemberCounts()
    {
        Demand(A, 1, group: true);
        Send(B, A, false, NbnsEncoder.WriteRequest(_buffer, 2, NbnsFlagWords.Release, User, 0, new NbEntry(new NbFlags(true, OwnerNodeType.B), A)));
        var finding = _diagnosis.Findings.Single();
        Assert.That(finding.Event!.Id, Is.EqualTo(NetBtEventId.NameRelease)); // Q314696
        Assert.That(finding.LoggedBy, Is.EqualTo(new[] { NetBtDialect.WindowsNt35, NetBtDialect.WindowsNt351, NetBtDialect.WindowsNt4 }));
    }

    [Test]
    public void AMemberThatLeavesItsGroupAtANameServerTellsNobodyElse_ThoughTheServersHostIsAMemberToo()
    {
        Send(B, Server, false, NbnsEncoder.WriteRequest(_buffer, 5, NbnsFlagWords.RegistrationRequest, User, 300, new NbEntry(new NbFlags(true, OwnerNodeType.H), B)));
        Send(Server, B, false, NbnsEncoder.WriteResponse(_buffer, 5, NbnsFlagWords.RegistrationResponse, User, 300, new NbEntry(new NbFlags(true, OwnerNodeType.H), B)));
        Demand(Server, 1, group: true);
        Send(B, Server, false, NbnsEncoder.WriteRequest(_buffer, 6, NbnsFlagWords.Release, User, 0, new NbEntry(new NbFlags(true, OwnerNodeType.H), B)));
        Assert.That(_diagnosis.Findings, Is.Empty);
        Assert.That(_diagnosis.Holdings.Select(held => held.Until?.Rule), Is.EqualTo(new[] { NodeRules.Released, null }));
    }

    [Test]
    public void WhoHasLoggedANamesConflictLogsItNoMore()
    {
        Demand(A, 1);
        Release(B, 2); // NT 3.5 takes it for its own
        _now += TimeSpan.FromMinutes(1);
        Send(Server, A, false, NbnsEncoder.WriteRequest(_buffer, 3, NbnsFlagWords.Release, User, 0, new NbEntry(default, A)));
        Assert.That(_diagnosis.Findings[1].LoggedBy, Has.No.Member(NetBtDialect.WindowsNt35).And.Member(NetBtDialect.WindowsNt4));
    }

    [Test]
    public void LongChainsOfAddressesOfOneMachine_TakeNoLongerThanShortOnes()
    {
        for (uint i = 1; i < 20_000; i++)
        {
            var (before, address) = (new Ipv4Address(0x0A01_0000 + i - 1), new Ipv4Address(0x0A01_0000 + i));
            Send(address, A, false, NbnsEncoder.WriteResponse(_buffer, 9, NbnsFlagWords.QueryResponse, User, 0, [new NbEntry(default, before), new NbEntry(default, address)]));
        }

        Assert.That(_diagnosis.Findings, Is.All.Matches((Finding? finding) => finding!.Kind == FindingKind.SameMachine));
    }

    private void Query(Ipv4Address from) =>
        Send(from, Segment, true, NbnsEncoder.WriteQuery(_buffer, 77, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, User));

    private void Release(Ipv4Address from, ushort id) =>
        Send(from, Segment, true, NbnsEncoder.WriteRequest(_buffer, id, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, from)));

    private void Claim(Ipv4Address from, ushort id) =>
        Send(from, Segment, true, NbnsEncoder.WriteRequest(_buffer, id, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, from)));

    private void Demand(Ipv4Address from, ushort id, bool group = false) =>
        Send(from, Segment, true, NbnsEncoder.WriteRequest(_buffer, id, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, User, 0, new NbEntry(new NbFlags(group, OwnerNodeType.B), from)));

    private void Refuse(Ipv4Address from, Ipv4Address to, ushort id) =>
        Send(from, to, false, NbnsEncoder.WriteResponse(_buffer, id, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, User, 0, new NbEntry(default, from)));

    private void Send(Ipv4Address from, Ipv4Address to, bool broadcast, int length, MacAddress? mac = null)
    {
        _now += TimeSpan.FromMilliseconds(250);
        _diagnosis.Observe(++_frame, _now, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), broadcast, _buffer.AsSpan(0, length), mac);
    }
}
