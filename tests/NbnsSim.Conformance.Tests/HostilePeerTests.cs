using System.Collections.Immutable;
using NbnsSim.Conformance.Benches;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Tests;

/// <summary>Peers that are no peers: none of them passes what it does not show, and none holds the runner up.</summary>
public sealed class HostilePeerTests
{
    private static readonly NetBiosName Unique = NetBiosName.Parse("VICTIM<20>");

    [Test]
    public void AClientThatSendsNothing_PassesNothing()
    {
        var result = Run("s15.2.1/51", new ScriptedBench(_ => []));
        Assert.That((result.Verdict, result.Words), Is.EqualTo((ConformanceVerdict.Unsupported, "it sent nothing at all")));
    }

    [Test]
    public void ANodeThatTellsItsStatusAlone_PassesNoSilence()
    {
        var result = Run("s5.1.1.5/19", new ScriptedBench(StatusAlone));
        Assert.That(result.Verdict, Is.EqualTo(ConformanceVerdict.Unsupported), result.Words);
        Assert.That(result.Words, Does.Contain("answers for no name"));
    }

    [Test]
    public void AServerThatGrantsNothing_PassesNoRefusal()
    {
        var result = Run("s4.2.2/103", new ScriptedBench(request => request.Kind == NbnsMessageKind.NameQueryRequest ? [new NegativeNameQueryResponse(request.TransactionId, request.Name).ToArray()] : []));
        Assert.That(result.Verdict, Is.EqualTo(ConformanceVerdict.Unsupported), result.Words);
        Assert.That(result.Words, Does.Contain("grants no claim"));
    }

    [Test]
    public void AHeaderWithTheRightId_IsNoSignOfLife()
    {
        var result = Run("s4.2/1", new ScriptedBench(request => [[(byte)(request.TransactionId >> 8), (byte)request.TransactionId, 0x84, 0, 0, 0, 0, 0, 0, 0, 0, 0]]));
        Assert.That(result.Verdict, Is.Not.EqualTo(ConformanceVerdict.Pass));
    }

    [Test]
    public void AFlood_EndsTheCase()
    {
        var result = Run("s4.2.18/1", new ScriptedBench(_ => []) { Flood = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] });
        Assert.That((result.Verdict, result.Words), Is.EqualTo((ConformanceVerdict.Fail, "it sent more than 20000 datagrams")));
        Assert.That(result.Exchange, Has.Length.LessThanOrEqualTo(20_001));
    }

    [Test]
    public void AnAnswerThatIsLate_IsASignOfLife()
    {
        var result = Run("s4.2.8/2", new ScriptedBench(StatusAndName) { Delay = TimeSpan.FromSeconds(1.5) });
        Assert.That(result.Words, Does.Not.Contain("answers nothing any more"));
    }

    /// <summary>What ended it is told, and no other clause is blamed for it.</summary>
    [Test]
    public void APeerThatEnds_IsBlamedOnce()
    {
        int left = 3;
        var bench = new ScriptedBench(request => left-- > 0 ? StatusAndName(request) : []) { IsVirtual = false };
        var results = new ConformanceRunner(bench, new ConformanceOptions()).Run(ConformanceCatalogue.Select("s4.2.18", ConformanceRole.Node)).ToList();
        var failed = results.Single(result => result.Verdict == ConformanceVerdict.Fail);
        Assert.That(failed.Words, Does.EndWith("it answers nothing any more"));
        var behind = results.SkipWhile(result => result != failed).Skip(1).ToList();
        Assert.That(behind, Is.Not.Empty);
        Assert.That(behind.Select(result => (result.Verdict, result.Words)), Is.All.EqualTo((ConformanceVerdict.NotApplicable, $"the peer answers nothing since {failed.Case.Id}")));
        Assert.That(behind.Skip(1).Select(result => result.Exchange.Length), Is.All.Zero, "it is asked once more, and then left");
    }

    [Test]
    public void APeerThatComesBack_IsTestedOn()
    {
        int asked = 0;
        var bench = new ScriptedBench(request => ++asked is > 3 and < 9 ? [] : StatusAndName(request)) { IsVirtual = false };
        var results = new ConformanceRunner(bench, new ConformanceOptions()).Run(ConformanceCatalogue.Select("s4.2.18", ConformanceRole.Node)).ToList();
        Assert.That(results.Count(result => result.Words.Contains("answers nothing", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(results[^1].Verdict, Is.Not.EqualTo(ConformanceVerdict.NotApplicable));
    }

    [Test]
    public void ANameThatEarlierCasesCostIt_IsNotMissing()
    {
        var second = NetBiosName.Parse("VICTIM<00>");
        var bench = new ScriptedBench(StatusAndName) { FirstNames = new([Unique, second], [NetBiosName.Parse("LAB<00>")]) };
        var unique2 = ConformanceCatalogue.All.First(test => test.Role == ConformanceRole.Node && test.Names.Contains("unique2", StringComparer.Ordinal));
        Assert.That(new ConformanceRunner(bench, new ConformanceOptions()).Run(unique2).Words, Does.StartWith("earlier cases have cost it a name"));
        Assert.That(Run("s5.1.1.5/3", bench).Words, Is.EqualTo("earlier cases have cost it its group; with --start it has it anew for each"));
        Assert.That(Run("s5.1.1.5/3", new ScriptedBench(StatusAndName)).Words, Is.EqualTo("it is in no group"));
    }

    private static ConformanceResult Run(string id, ScriptedBench bench) => new ConformanceRunner(bench, new ConformanceOptions()).Run(ConformanceCatalogue.Find(id)!);

    private static byte[][] StatusAlone(NbnsMessage request) => request.Kind == NbnsMessageKind.NodeStatusRequest
        ? [new NodeStatusResponse(request.TransactionId, request.Name, [new NodeStatusName(Unique, new NameFlags(NameFlags.ActiveBit))], default).ToArray()] : [];

    private static byte[][] StatusAndName(NbnsMessage request) => request.Kind == NbnsMessageKind.NameQueryRequest && request.Name == Unique
        ? [new PositiveNameQueryResponse(request.TransactionId, Unique, [new NbEntry(new NbFlags(0), Ipv4Address.Parse("10.0.0.7"))], 0).ToArray()] : StatusAlone(request);

    /// <summary>A peer that answers as it is told, in a time that passes only while one waits.</summary>
    private sealed class ScriptedBench(Func<NbnsMessage, byte[][]> answer) : IConformanceBench
    {
        private readonly PriorityQueue<(int Station, byte[] Octets), long> _coming = new();

        public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(1);

        public byte[]? Flood { get; init; }

        public string Title => "a script";

        public Ipv4Endpoint Subject { get; } = Ipv4Endpoint.Parse("10.0.0.7:137");

        public IReadOnlyList<Ipv4Address> Stations { get; } = [.. Enumerable.Range(51, 4).Select(last => Ipv4Address.Parse($"10.0.0.{last}"))];

        public ushort StationPort => 137;

        public Ipv4Address? Broadcast { get; } = Ipv4Address.Parse("10.0.0.255");

        public bool IsVirtual { get; init; } = true;

        public Instant Now { get; private set; } = Instant.FromUnixTime(1);

        public SubjectNames Names { get; init; } = new([Unique], []);

        public SubjectNames FirstNames { get; init; } = new([Unique], []);

        public string? Failure => null;

        public string? Prepare(ConformanceCase test) => null;

        public string? Start(OwnerNodeType type, int? server) => null;

        public string? Stop() => null;

        public string? Command(SubjectCommand command) => null;

        public void Send(int station, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> octets, bool fromAnyPort = false)
        {
            if (!NbnsMessage.TryRead(octets, out var message, out _))
                return;
            foreach (byte[] said in answer(message))
                _coming.Enqueue((station, said), (Now + Delay).Nanoseconds);
        }

        public bool TryReceive(Instant until, out BenchDatagram datagram)
        {
            if (Flood is not null)
            {
                datagram = new BenchDatagram(Now, 0, Subject, Ipv4Endpoint.NameService(Stations[0]), [.. Flood]);
                return true;
            }

            if (_coming.TryPeek(out var next, out long due) && due <= until.Nanoseconds)
            {
                _coming.Dequeue();
                Now = due > Now.Nanoseconds ? new Instant(due) : Now;
                datagram = new BenchDatagram(Now, next.Station, Subject, Ipv4Endpoint.NameService(Stations[next.Station]), ImmutableArray.Create(next.Octets));
                return true;
            }

            Now = until > Now ? until : Now;
            datagram = default;
            return false;
        }

        public void Dispose()
        {
        }
    }
}
