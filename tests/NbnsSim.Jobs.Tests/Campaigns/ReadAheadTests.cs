using NbnsSim.Jobs.Campaigns;

namespace NbnsSim.Jobs.Tests.Campaigns;

/// <summary>What is made ahead is the same, in the same order, and one item ahead at most.</summary>
public sealed class ReadAheadTests
{
    [Test]
    public void TheItemsComeInTheirOrder([Values(0, 1, 2, 1_000)] int count) =>
        Assert.That(ReadAhead.Of(Enumerable.Range(0, count)), Is.EqualTo(Enumerable.Range(0, count)));

    [Test]
    public void OneIsMadeAheadAndNoMore()
    {
        int made = 0;
        int used = 0;
        foreach (int _ in ReadAhead.Of(Enumerable.Range(0, 100).Select(i => Interlocked.Increment(ref made))))
            Assert.That(Volatile.Read(ref made), Is.LessThanOrEqualTo(++used + 1));
        Assert.That(used, Is.EqualTo(100));
    }

    [Test]
    public void WhatThrowsThrowsInItsPlaceAndTheSourceIsEnded()
    {
        var seen = new List<int>();
        bool isEnded = false;
        Assert.That(() => seen.AddRange(ReadAhead.Of(Items()).Select(item => item)), Throws.InstanceOf<InvalidDataException>());
        Assert.That(isEnded, Is.True);
        isEnded = false;
        Assert.That(ReadAhead.Of(Items()).First(), Is.Zero);
        Assert.That(isEnded, Is.True);

        IEnumerable<int> Items()
        {
            try
            {
                yield return 0;
                yield return 1;
                throw new InvalidDataException("bad");
            }
            finally
            {
                isEnded = true;
            }
        }
    }
}
