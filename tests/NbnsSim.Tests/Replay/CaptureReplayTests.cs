using System.Buffers.Binary;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Replay;

/// <summary>A hand-made capture in which ALPHA (10.0.0.1) claims JSMITH&lt;03&gt;, BRAVO (10.0.0.2) is refused it and releases it all the same.</summary>
public sealed class CaptureReplayTests
{
    private static readonly Ipv4Address A = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address B = Ipv4Address.Parse("10.0.0.2");
    private static readonly Ipv4Address Segment = Ipv4Address.Parse("10.0.0.255");
    private static readonly NetBiosName User = NetBiosName.Parse("JSMITH<03>");

    private readonly List<(Instant Time, Ipv4Address From, Ipv4Address To, byte[] Payload)> _frames = [];
    private readonly byte[] _buffer = new byte[576];
    private Instant _now;

    [SetUp]
    public void StartCapture()
    {
        _frames.Clear();
        _now = Instant.FromUnixTime(1_000_000_000);
    }

    [Test]
    public void OwnRequestsBecomeCommandsAndTheAnswersAreEqual()
    {
        Q131739(claimedInCapture: true);
        var replay = ReplayAs(A, NetBtDialect.WindowsNt35);

        Assert.Multiple(() =>
        {
            Assert.That(replay.Commands, Is.EqualTo(1));
            Assert.That(replay.EqualAnswers, Is.EqualTo(1));
            Assert.That(Of(replay, ReplayEntryKind.AssumedName), Is.Empty);
            Assert.That(replay.Node.GetNameState(User), Is.EqualTo(LocalNameState.Conflict));
        });
    }

    [Test]
    public void AnIdUsedAgainMuchLaterIsAnotherRequest()
    {
        Q131739(claimedInCapture: true);
        ushort id = BinaryPrimitives.ReadUInt16BigEndian(_frames.First(frame => frame.From == A).Payload);
        _now += TimeSpan.FromHours(1);
        Frame(A, Segment, NbnsEncoder.WriteRequest(_buffer, id, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, NetBiosName.Parse("AGAIN<20>"), 0, new NbEntry(default, A)));
        _now += TimeSpan.FromMinutes(1);
        Frame(A, Segment, NbnsEncoder.WriteRequest(_buffer, id, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, NetBiosName.Parse("AGAIN<20>"), 0, new NbEntry(default, A)));
        _now += TimeSpan.FromMinutes(1);
        Frame(A, Segment, NbnsEncoder.WriteRequest(_buffer, id, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, NetBiosName.Parse("AGAIN<20>"), 0, new NbEntry(default, A)));
        Assert.That(ReplayAs(A, NetBtDialect.WindowsNt35).Commands, Is.EqualTo(4));
    }

    [Test]
    public void AClockThatJumpsByYearsIsSaidSo_AndNotLivedThrough()
    {
        var server = Ipv4Address.Parse("10.0.0.9");
        Frame(A, server, NbnsEncoder.WriteRequest(_buffer, 1, NbnsFlagWords.RegistrationRequest, User, 0, new NbEntry(new NbFlags(false, OwnerNodeType.H), A)));
        _now += TimeSpan.FromDays(20_000);
        Frame(B, Segment, NbnsEncoder.WriteQuery(_buffer, 2, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, User));
        var replay = ReplayAs(A, NetBtDialect.WindowsNt35);
        Assert.That(Of(replay, ReplayEntryKind.ClockJump), Has.Length.EqualTo(1));
        Assert.That(replay.Now, Is.EqualTo(_frames[^1].Time));
    }

    [Test]
    public void ANameThatANodeStatusShowsInConflictIsNotHeld()
    {
        Frame(A, B, NbnsEncoder.WriteNodeStatus(_buffer, 1, NbnsFlagWords.NodeStatusResponse, NetBiosName.Wildcard,
            [new NodeStatusName(User, new NameFlags(NameFlags.ActiveBit | NameFlags.ConflictBit))], default));
        Assert.That(ReplayAs(A, NetBtDialect.WindowsNt35).Node.GetNameState(User), Is.Null);
    }

    [TestCase("nt3.5", 1)]
    [TestCase("nt3.51", 0)]
    public void ReleaseOfTheOtherHostLogs4320OnNt35Only(string dialect, int events)
    {
        Q131739(claimedInCapture: true);
        Assert.That(NetBtDialect.TryFind(dialect, out var preset), Is.True);
        var replay = ReplayAs(A, preset!);

        var logged = Of(replay, ReplayEntryKind.Event);
        Assert.That(logged, Has.Length.EqualTo(events));
        Assert.That(logged.Select(entry => entry.Event!.Id), Is.All.EqualTo(4320));
        Assert.That(logged.Select(entry => entry.Event!.Address), Is.All.EqualTo(B));
        Assert.That(logged.Select(entry => entry.Event!.Reason), Is.All.Not.Null);
    }

    [Test]
    public void NameDefendedWithoutAClaimWasHeldBeforeTheCapture()
    {
        Q131739(claimedInCapture: false);
        var replay = ReplayAs(A, NetBtDialect.WindowsNt35);

        Assert.Multiple(() =>
        {
            Assert.That(Of(replay, ReplayEntryKind.AssumedName).Single().Name, Is.EqualTo(User));
            Assert.That(replay.EqualAnswers, Is.EqualTo(1), "the defence");
            Assert.That(Of(replay, ReplayEntryKind.Event), Has.Length.EqualTo(1));
        });
    }

    [Test]
    public void RefusedHostIsToldSoByItsResult()
    {
        Q131739(claimedInCapture: true);
        var replay = ReplayAs(B, NetBtDialect.WindowsNt35);

        var result = Of(replay, ReplayEntryKind.Result).Single(entry => entry.Result!.Kind == OperationKind.Registration).Result!;
        Assert.Multiple(() =>
        {
            Assert.That(result.Outcome, Is.EqualTo(OperationOutcome.Refused));
            Assert.That(result.Responder, Is.EqualTo(A));
            Assert.That(Of(replay, ReplayEntryKind.Event), Is.Empty);
            Assert.That(replay.Node.GetNameState(User), Is.Null);
        });
    }

    [Test]
    public void AnswerThatDiffersIsShownWithItsFields()
    {
        Q131739(claimedInCapture: true, refusalFlags: 0x8583); // what some stacks answer a registration with
        var replay = ReplayAs(A, NetBtDialect.WindowsNt35);

        var difference = Of(replay, ReplayEntryKind.Difference).Single().Difference!;
        Assert.Multiple(() =>
        {
            Assert.That(difference.Kind, Is.EqualTo(AnswerDifferenceKind.Changed));
            Assert.That(difference.Fields, Is.EqualTo(new[] { "flags 0x8583/0xAD86" }));
        });
    }

    [Test]
    public void AnswerThatTheCaptureLacksIsShown()
    {
        Q131739(claimedInCapture: true, refused: false);
        var replay = ReplayAs(A, NetBtDialect.WindowsNt35);

        Assert.That(Of(replay, ReplayEntryKind.Difference).First().Difference!.Kind, Is.EqualTo(AnswerDifferenceKind.OnlyReplayed));
    }

    [Test]
    public void AnswerThatTheNodeWouldNotGiveIsShown()
    {
        Frame(A, B, NbnsEncoder.WriteResponse(_buffer, 9, NbnsFlagWords.ConflictDemand, User, 0, default(NbEntry)));
        var replay = ReplayAs(A, NetBtDialect.WindowsNt35);

        Assert.That(Of(replay, ReplayEntryKind.Difference).Single().Difference!.Kind, Is.EqualTo(AnswerDifferenceKind.OnlyCaptured));
    }

    [Test]
    public void ClockThatRunsBackwardsStandsStill()
    {
        Claim(A, 1);
        _now -= TimeSpan.FromHours(1);
        Claim(A, 2);

        var replay = ReplayAs(A, NetBtDialect.Rfc1002);
        Assert.That(replay.Now, Is.EqualTo(_frames[0].Time));
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void EveryHostOfEverySharedCaptureReplays(string relativePath)
    {
        string path = SharedFolder.Require(relativePath);
        var hosts = CaptureFile.FindHosts(NbnsSim.Captures.CaptureReader.Open(path));
        foreach (var host in hosts.Hosts)
        {
            foreach (var dialect in NetBtDialect.All)
            {
                var replay = CaptureFile.Replay(NbnsSim.Captures.CaptureReader.Open(path), host, dialect);
                Assert.That(replay.DroppedEntries, Is.Zero);
                Assert.That(replay.Host, Is.EqualTo(host));
            }
        }

        var diagnosis = CaptureFile.Diagnose(path);
        Assert.That(diagnosis.IsComplete, Is.True);
    }

    private static ReplayEntry[] Of(CaptureReplay replay, ReplayEntryKind kind) => [.. replay.Entries.Where(entry => entry.Kind == kind)];

    private void Q131739(bool claimedInCapture, bool refused = true, ushort refusalFlags = NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError)
    {
        if (claimedInCapture)
        {
            for (int i = 0; i < 3; i++)
                Claim(A, 1);
            _now += TimeSpan.FromSeconds(60);
        }

        Claim(B, 7);
        _now -= TimeSpan.FromMilliseconds(749);
        if (refused)
            Frame(A, B, NbnsEncoder.WriteResponse(_buffer, 7, refusalFlags, User, 0, new NbEntry(default, A)));
        for (int i = 0; i < 3; i++)
            Frame(B, Segment, NbnsEncoder.WriteRequest(_buffer, 8, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, User, 0, new NbEntry(default, B)));
    }

    private void Claim(Ipv4Address from, ushort id) => Frame(
        from, Segment, NbnsEncoder.WriteRequest(_buffer, id, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, User, 300_000, new NbEntry(default, from)));

    private void Frame(Ipv4Address from, Ipv4Address to, int length)
    {
        _now += TimeSpan.FromMilliseconds(750);
        _frames.Add((_now, from, to, _buffer[..length]));
    }

    private CaptureReplay ReplayAs(Ipv4Address address, NetBtDialect dialect)
    {
        var hosts = new CaptureHosts();
        for (int i = 0; i < _frames.Count; i++)
            hosts.Observe(i + 1, Ipv4Endpoint.NameService(_frames[i].From), Ipv4Endpoint.NameService(_frames[i].To), _frames[i].To == Segment, _frames[i].Payload);
        var replay = new CaptureReplay(hosts.Find(address) ?? ReplayHost.Unknown(address), dialect);
        for (int i = 0; i < _frames.Count; i++)
        {
            var (time, from, to, payload) = _frames[i];
            replay.Observe(i + 1, time, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), to == Segment, payload);
        }

        replay.Complete();
        return replay;
    }
}
