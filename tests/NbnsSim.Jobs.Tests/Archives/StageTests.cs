using NbnsSim.Jobs.Archives;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>A thread that is given one thing after the other.</summary>
public sealed class StageTests
{
    [Test]
    public void WhatItIsGivenIsDoneInOrderAndThenTheEnd()
    {
        var done = new List<int>();
        using var stage = new Stage<int>("test", 2, done.Add, () => done.Add(-1));
        for (int i = 0; i < 1_000; i++)
            stage.Add(i);
        stage.Complete();
        Assert.That(done, Is.EqualTo(Enumerable.Range(0, 1_000).Append(-1)));
    }

    [Test]
    public void WhatItFailsWithComesOutWhereItIsGivenMore()
    {
        using var stage = new Stage<int>("test", 1, _ => throw new IOException("the disk is full"), () => { });
        Assert.That(
            () =>
            {
                while (true)
                    stage.Add(0);
            },
            Throws.TypeOf<IOException>().With.Message.EqualTo("the disk is full"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void WhatItFailsWithComesOutAtItsEnd(bool isLast)
    {
        using var stage = new Stage<int>("test", 1, _ => Fail(!isLast), () => Fail(isLast));
        stage.Add(0);
        Assert.That(stage.Complete, Throws.TypeOf<IOException>());

        static void Fail(bool fails)
        {
            if (fails)
                throw new IOException();
        }
    }

    [Test]
    public void DisposedOfItDoesNothingMoreThanWhatItHasInHand()
    {
        using var isAtIt = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        int done = 0;
        var stage = new Stage<int>("test", 8, _ => Do(), () => done = -1);
        for (int i = 0; i < 8; i++)
            stage.Add(i);
        isAtIt.Wait();
        var disposing = Task.Run(stage.Dispose);
        Assert.That(disposing.IsCompleted, Is.False);
        while (!stage.IsStopping)
            Thread.Yield();
        mayGoOn.Set();
        disposing.GetAwaiter().GetResult();
        Assert.That(done, Is.EqualTo(1));

        void Do()
        {
            isAtIt.Set();
            mayGoOn.Wait();
            done++;
        }
    }
}
