using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Diagnosis;

/// <summary>What a diagnosis costs, counted and not timed: octets allocated, and keys compared.</summary>
public sealed class DiagnosisCostTests
{
    private const int Hosts = 20;

    /// <summary>So many that every bound on the frames that are kept has been reached.</summary>
    private const int WarmUp = 60_000;

    private static readonly Ipv4Endpoint Everybody = Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.255.255"));

    private readonly byte[] _packet = new byte[NbnsHeader.MaxDatagramLength];

    private CaptureDiagnosis _diagnosis = new();
    private long _frame;
    private Instant _time;

    [SetUp]
    public void Begin() => (_diagnosis, _frame, _time) = (new CaptureDiagnosis(), 0, Instant.FromUnixTime(1_700_000_000));

    [TestCase("")]
    [TestCase(".EXAMPLE.COM")]
    public void QuestionsAndAnswersAllocateNothing(string scope)
    {
        var names = Names(scope);
        AssertNothingAllocated(i =>
        {
            var (asker, holder) = (i % Hosts, i / Hosts % Hosts);
            Send(asker, Everybody, NbnsEncoder.WriteQuery(_packet, (ushort)i, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, names[holder]));
            Send(holder, To(asker), NbnsEncoder.WriteResponse(_packet, (ushort)i, NbnsFlagWords.QueryResponse, names[holder], 0, Entry(holder)));
        });
        Assert.That(_diagnosis.Findings, Is.Empty);
    }

    [Test]
    public void ClaimsAllocateNothing()
    {
        var names = Names("");
        AssertNothingAllocated(i =>
        {
            int host = i % Hosts;
            for (int attempt = 0; attempt < 3; attempt++)
                Send(host, Everybody, NbnsEncoder.WriteRequest(_packet, (ushort)i, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, names[host], 0, Entry(host)));
            Send(host, Everybody, NbnsEncoder.WriteRequest(_packet, (ushort)(i + 1), NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, names[host], 0, Entry(host)));
        });
    }

    [Test]
    public void RequestsToAServerAllocateNothing()
    {
        var names = Names("");
        AssertNothingAllocated(i =>
        {
            int host = 1 + (i % (Hosts - 1));
            Send(host, To(0), NbnsEncoder.WriteRequest(_packet, (ushort)i, NbnsFlagWords.RegistrationRequest, names[host], 300, Entry(host)));
            Send(0, To(host), NbnsEncoder.WriteResponse(_packet, (ushort)i, NbnsFlagWords.RegistrationResponse, names[host], 300, Entry(host)));
            Send(host, To(0), NbnsEncoder.WriteQuery(_packet, (ushort)(i + 1), NbnsFlagWords.QueryRequest, names[host]));
            Send(0, To(host), NbnsEncoder.WriteResponse(_packet, (ushort)(i + 1), NbnsFlagWords.QueryResponse | NbnsFlags.RecursionAvailableBit, names[host], 300, Entry(host)));
        });
        Assert.That(_diagnosis.Findings, Is.Empty);
    }

    /// <summary>What says again what was said a moment ago only adds its frame, as long as there is room.</summary>
    [Test]
    public void AConflictThatGoesOnAllocatesNothing()
    {
        var name = Names("")[0];
        AssertNothingAllocated(i =>
        {
            Send(1, Everybody, NbnsEncoder.WriteRequest(_packet, 7, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, Entry(1)));
            Send(0, To(1), NbnsEncoder.WriteResponse(_packet, 7, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, name, 0, Entry(0)));
            Send(2, Everybody, NbnsEncoder.WriteRequest(_packet, 8, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, name, 0, Entry(2)));
            Send(3, To(4), NbnsEncoder.WriteResponse(_packet, 9, NbnsFlagWords.ConflictDemand, name, 0, Entry(3)));
        }, TimeSpan.FromTicks(1));
        Assert.That(_diagnosis.Findings.Select(finding => finding.Kind), Is.EqualTo(new[] { FindingKind.RegistrationRefused, FindingKind.ReleaseOfAnothersName, FindingKind.ConflictDemand }));
    }

    /// <summary>Beyond <see cref="CaptureDiagnosis.MaxFindings"/> none is made, to be thrown away.</summary>
    [Test]
    public void FindingsThatThereIsNoRoomForAllocateNothing()
    {
        var names = Names("");
        AssertNothingAllocated(
            i => Send(1 + (i % 3), To(4 + (i % 16)), NbnsEncoder.WriteResponse(_packet, 9, NbnsFlagWords.ConflictDemand, names[i / 48 % Hosts], 0, Entry(3))),
            TimeSpan.FromSeconds(21),
            CaptureDiagnosis.MaxFindings + 1000);
        Assert.That(_diagnosis.Findings, Has.Count.EqualTo(CaptureDiagnosis.MaxFindings));
    }

    [TestCase(1_000)]
    [TestCase(100_000)]
    public void LookingUpComparesOneKey_HoweverManyThereAre(int count)
    {
        var all = new KeyedSlab<CountedKey, Counted>();
        for (int i = 0; i < count; i++)
            all.Add(new Counted { Key = new CountedKey(i) });

        CountedKey.Comparisons = 0;
        for (int i = 0; i < 2 * count; i++)
            Assert.That(all.Find(new CountedKey(i)), Is.EqualTo(i < count ? i : -1));

        Assert.That(CountedKey.Comparisons, Is.InRange(count, count + (count / 50)));
    }

    private static NetBiosName[] Names(string scope) => [.. Enumerable.Range(0, Hosts).Select(host => NetBiosName.Parse($"PC{host}<20>{scope}"))];

    private static Ipv4Address Host(int host) => new(0x0A00_0001 + (uint)host);

    private static Ipv4Endpoint To(int host) => Ipv4Endpoint.NameService(Host(host));

    private static NbEntry Entry(int host) => new(default, Host(host));

    private void AssertNothingAllocated(Action<int> act, TimeSpan? apart = null, int warmUp = WarmUp)
    {
        var step = apart ?? TimeSpan.FromMilliseconds(1);
        for (int i = 0; i < warmUp; i++, _time += step)
            act(i);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = warmUp; i < warmUp + 2_000; i++, _time += step)
            act(i);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private void Send(int from, Ipv4Endpoint to, int length) => _diagnosis.Observe(++_frame, _time, To(from), to, to == Everybody, _packet.AsSpan(0, length));

    private readonly record struct CountedKey(int Number)
    {
        [ThreadStatic]
        private static long s_comparisons;

        public static long Comparisons
        {
            get => s_comparisons;
            set => s_comparisons = value;
        }

        public bool Equals(CountedKey other)
        {
            s_comparisons++;
            return Number == other.Number;
        }

        public override int GetHashCode() => KeyedHash.Of((ulong)Number);
    }

    private struct Counted : IKeyed<CountedKey>
    {
        public CountedKey Key { get; set; }
    }
}
