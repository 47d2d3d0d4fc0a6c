using NbnsSim.Messages;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>Rule 4.3-10: requests that wait for a server that takes its time; they come out as they went in.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RequestQueueTests
{
    private static readonly NameServerDialect Bursting = NameServerDialect.WinsNt4 with { BurstThreshold = 2, MaxWaitingRequests = 5 };

    private readonly ScopeTable _scopes = new(8);

    [Test]
    public void RuleW10_AServerWithoutARateServesAtOnce()
    {
        var queue = new RequestQueue(new NameServerOptions { Dialect = Bursting });
        for (int i = 0; i < 100; i++)
            Assert.That(Offer(queue, Requests.Claim("A<20>", "10.0.0.1")), Is.EqualTo(RequestQueueVerdict.Served));
        Assert.That(queue.NextDue, Is.Null);
    }

    [Test]
    public void RuleW10_ARequestComesOutAsItWentIn()
    {
        var queue = Slow(Bursting);
        byte[] octets = Requests.Claim("A<20>.S.T", "10.0.0.1", group: true, id: 0x1234, ttl: 77);
        Offer(queue, Requests.Claim("B<20>", "10.0.0.2"));
        var read = Requests.Read(octets, "10.0.0.5", _scopes);
        Assert.That(queue.Offer(read, 42, out _), Is.EqualTo(RequestQueueVerdict.Waits));
        Assert.That(queue.Count, Is.EqualTo(1));
        int scope = _scopes.Acquire(read.EncodedScope); // somebody has a name in it meanwhile
        Assert.That(queue.TryTake(read.Now, _scopes, out _, out _), Is.False, "the server is busy");
        Assert.That(queue.NextDue, Is.EqualTo(read.Now + TimeSpan.FromSeconds(1)));
        Assert.That(queue.TryTake(queue.NextDue!.Value, _scopes, out var taken, out long decision), Is.True);
        Assert.That(decision, Is.EqualTo(42));
        Assert.That(taken.Kind, Is.EqualTo(NbnsMessageKind.NameRegistrationRequest));
        Assert.That((taken.TransactionId, taken.Flags, taken.Entry, taken.TimeToLive), Is.EqualTo(((ushort)0x1234, read.Flags, read.Entry, 77u)));
        Assert.That((taken.Source, taken.InterfaceIndex, taken.High, taken.Low), Is.EqualTo((read.Source, read.InterfaceIndex, read.High, read.Low)));
        Assert.That((read.Scope, taken.Scope), Is.EqualTo((-1, scope)));
        Assert.That(taken.EncodedName.SequenceEqual(read.EncodedName), Is.True);
        Assert.That(taken.Now, Is.EqualTo(read.Now + TimeSpan.FromSeconds(1)));
        Assert.That(queue.NextDue, Is.Null);
    }

    [Test]
    public void RuleW10_ABurstIsGrantedUnseenAndCountsAsWaiting()
    {
        var queue = Slow(Bursting);
        byte[] claim = Requests.Claim("A<20>", "10.0.0.1");
        RequestQueueVerdict[] verdicts = [.. Enumerable.Range(0, 8).Select(_ => Offer(queue, claim)).ToArray()];
        Assert.That(verdicts, Is.EqualTo(new[]
        {
            RequestQueueVerdict.Served, RequestQueueVerdict.Waits, RequestQueueVerdict.Waits, RequestQueueVerdict.GrantedUnseen, RequestQueueVerdict.GrantedUnseen,
            RequestQueueVerdict.GrantedUnseen, RequestQueueVerdict.Lost, RequestQueueVerdict.Lost,
        }));
        Assert.That((queue.GrantedUnseen, queue.Lost), Is.EqualTo((3L, 2L)));
    }

    [TestCase(NbnsFlagWords.RegistrationRequest, true)]
    [TestCase(NbnsFlagWords.MultihomedRegistrationRequest, true)]
    [TestCase(NbnsFlagWords.RefreshRequest, true)]
    [TestCase(NbnsFlagWords.Release, false)]
    public void RuleW10_OnlyClaimsAreGrantedUnseen(ushort flags, bool isGranted)
    {
        var queue = Slow(Bursting);
        for (int i = 0; i < 3; i++)
            Offer(queue, Requests.Claim("A<20>", "10.0.0.1"));
        Assert.That(Offer(queue, Requests.Claim("A<20>", "10.0.0.1", flags: flags)), Is.EqualTo(isGranted ? RequestQueueVerdict.GrantedUnseen : RequestQueueVerdict.Waits));
    }

    [Test]
    public void ACopyLivesByItselfAndIsTheSameUntilOneChanges()
    {
        var queue = Slow(Bursting);
        for (int i = 0; i < 4; i++)
            Offer(queue, Requests.Claim("A<20>", "10.0.0.1"));
        var copy = new RequestQueue(queue);
        Assert.That(copy.HasSameStateAs(queue), Is.True);
        Offer(copy, Requests.Claim("A<20>", "10.0.0.1"));
        Assert.That(copy.HasSameStateAs(queue), Is.False, "further in the burst");
        copy = new RequestQueue(queue);
        Assert.That(copy.TryTake(copy.NextDue!.Value, _scopes, out _, out _), Is.True);
        Assert.That(copy.HasSameStateAs(queue), Is.False);
        Assert.That((queue.Count, copy.Count), Is.EqualTo((2, 1)));
    }

    private static RequestQueue Slow(NameServerDialect dialect) => new(new NameServerOptions { Dialect = dialect, RequestsPerSecond = 1 });

    private RequestQueueVerdict Offer(RequestQueue queue, byte[] octets) => queue.Offer(Requests.Read(octets, "10.0.0.1", _scopes), 0, out _);
}
