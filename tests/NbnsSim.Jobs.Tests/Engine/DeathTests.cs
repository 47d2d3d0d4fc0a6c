using System.Collections.Concurrent;
using NbnsSim.Jobs.Storage;

namespace NbnsSim.Jobs.Tests.Engine;

/// <summary>Shards that processes ended over: each is taken for the cause after three deaths in a row, and no other is.</summary>
public sealed class DeathTests
{
    private readonly ConcurrentQueue<string> _ran = [];

    private TestFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TestFolder();
        _ran.Clear();
    }

    [TearDown]
    public void Clean() => _folder.Dispose();

    [Test]
    public async Task AfterThreeDeathsAShardIsListedAndOnceMoreTriedWhenTheJobIsAskedForAgain()
    {
        for (int i = 0; i < 3; i++)
            _folder.Die(Spec, "a003");
        Assert.That((await _folder.RunAsync(Spec)).Failed, Is.EqualTo(new[] { new FailedShard("a003", LocalJob.WhyDeadly, 3, 4) }));
        Assert.That(_ran, Does.Not.Contain("a003"));

        using (var opened = JobFolder.Open(_folder.Job, Spec, new DiskStorage()))
            opened.Reopen(); // asked for again, and it is tried, and ends its process
        _folder.Die(Spec, "a003");
        _ran.Clear();
        Assert.That((await _folder.RunAsync(Spec)).Failed.Select(one => (one.Id, one.Attempts)), Is.EqualTo(new[] { ("a003", 3) }));
        Assert.That(_ran, Is.Empty, "one more death was enough");
        Assert.That((await _folder.RunAsync(Spec)).Failed, Is.Empty);
        Assert.That(_ran, Is.EqualTo(new[] { "a003" }));
        Assert.That(Path.Combine(_folder.Job, "deaths.json"), Does.Not.Exist);
    }

    [Test]
    public async Task WhatWasInHandBesideItComesLastAndAlone()
    {
        for (int i = 0; i < 2; i++)
            _folder.Die(Spec, "a000", "a003");
        var result = await _folder.RunAsync(Spec with
        {
            Hook = id =>
            {
                _ran.Enqueue(id);
                if (id is "a000" or "a003")
                    Assert.That(Directory.GetDirectories(Path.Combine(_folder.Job, "tmp")).Select(Path.GetFileName), Is.EqualTo(new[] { id }), "nothing else is in hand");
            },
        }, parallel: 3);
        Assert.That(result.Failed, Is.Empty);
        Assert.That(_ran.Where(id => id[0] == 'a').TakeLast(2), Is.EqualTo(new[] { "a000", "a003" }));
        Assert.That(Path.Combine(_folder.Job, "deaths.json"), Does.Not.Exist);
    }

    [Test]
    public async Task DeathsThatDoNotFollowEachOtherAreForgiven()
    {
        bool throws = true;
        var spec = Spec with { Hook = id => { if (throws && id == "a003") throw new IOException("not now"); } };
        for (int round = 0; round < 3; round++)
        {
            _folder.Die(Spec, "a003");
            _folder.Die(Spec, "a003");
            Assert.That((await _folder.RunAsync(spec)).Failed.Select(one => one.Reason), Is.EqualTo(new[] { "not now" }), "an attempt that ended");
        }

        throws = false;
        Assert.That((await _folder.RunAsync(spec)).Failed, Is.Empty);
    }

    private PiecesSpec Spec => new(6) { Hook = _ran.Enqueue };
}
