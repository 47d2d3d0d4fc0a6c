using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Simulation;

/// <summary>The event queue against a list that is sorted by (time, order of arrival).</summary>
public sealed class EventQueueTests
{
    [Test]
    public void ValuesLeaveInOrderOfTimeAndThenOfArrival()
    {
        var queue = new EventQueue<int>();
        long[] times = [500, 3, 70_000, 3, 0, long.MaxValue, 256, 255, 3, 70_000, 86_400_000_000_000];
        for (int i = 0; i < times.Length; i++)
            queue.Push(times[i], i);

        var order = new List<int>();
        while (queue.TryPop(long.MaxValue, out _, out int value))
            order.Add(value);

        Assert.That(order, Is.EqualTo(Enumerable.Range(0, times.Length).OrderBy(i => times[i]).ThenBy(i => i)));
    }

    [Test]
    public void NothingLeavesBeforeTheLimit()
    {
        var queue = new EventQueue<int>();
        queue.Push(1_000_000, 1);
        queue.Push(1_000_001, 2);

        Assert.That(queue.TryPop(999_999, out _, out _), Is.False);
        Assert.That(queue.PeekTime(), Is.EqualTo(1_000_000));
        queue.Push(999_999, 0);
        Assert.That(queue.TryPop(999_999, out long time, out int value), Is.True);
        Assert.That((time, value), Is.EqualTo((999_999L, 0)));
    }

    [Test]
    public void TheFirstOfManyOfOneTimeIsSeen()
    {
        var queue = new EventQueue<int>();
        var handles = Enumerable.Range(0, 100).Select(i => queue.PushMovable(1_000, i)).ToList();
        for (int i = 0; i < 100; i += 2)
        {
            Assert.That((queue.Peek(out int first), first), Is.EqualTo((1_000L, i)));
            queue.Remove(handles[i]);
            Assert.That((queue.Peek(out int next), next), Is.EqualTo((1_000L, i + 1)));
            Assert.That(queue.TryPop(1_000, out _, out int value), Is.True);
            Assert.That(value, Is.EqualTo(i + 1));
        }

        Assert.That(queue.PeekTime(), Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void AnyMixOfPushMoveRemoveAndPopAgreesWithASortedList() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte, uint)[]>(), steps => Agrees(steps, spread: 0) && Agrees(steps, spread: 20) && Agrees(steps, spread: 31))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(1, 1));

    [Test]
    public void AHundredThousandStepsAgreeWithASortedSet()
    {
        var random = new RandomStream(7);
        var steps = new (byte, uint)[100_000];
        for (int i = 0; i < steps.Length; i++)
            steps[i] = ((byte)random.Next(256), random.NextUInt32() >> (int)random.Next(32));

        Assert.That(Agrees(steps, spread: 0) && Agrees(steps, spread: 12), Is.True);
    }

    private const int StepsPerClone = 37;

    private static bool Agrees((byte, uint)[] steps, int spread)
    {
        var queue = new EventQueue<int>();
        var reference = new SortedSet<(long Time, long Arrival, int Value)>();
        var waiting = new List<(int Handle, (long Time, long Arrival, int Value) Key)>();
        long now = 0, arrival = 0, step = 0;
        foreach (var (kind, amount) in steps)
        {
            if (++step % StepsPerClone == 0)
                queue = queue.Clone(); // which has to do from here on, with the handles of the other
            long time = now + ((long)amount << spread);
            switch (kind % 8)
            {
                case < 4 when waiting.Count < 300:
                {
                    var key = (time, arrival++, (int)arrival);
                    waiting.Add((queue.PushMovable(time, key.Item3), key));
                    reference.Add(key);
                    break;
                }

                case 4 when waiting.Count > 0:
                {
                    int at = (int)(amount % (uint)waiting.Count);
                    var (handle, key) = waiting[at];
                    reference.Remove(key);
                    var moved = (time, arrival++, key.Value);
                    queue.Move(handle, time);
                    reference.Add(moved);
                    waiting[at] = (handle, moved);
                    break;
                }

                case 5 when waiting.Count > 0:
                {
                    int at = (int)(amount % (uint)waiting.Count);
                    if (queue.Remove(waiting[at].Handle) != waiting[at].Key.Value)
                        return false;
                    reference.Remove(waiting[at].Key);
                    waiting.RemoveAt(at);
                    break;
                }

                default:
                {
                    long limit = kind % 8 == 6 ? time : long.MaxValue;
                    bool expected = reference.Count > 0 && reference.Min.Time <= limit;
                    if (queue.TryPop(limit, out long popped, out int value) != expected)
                        return false;
                    if (expected)
                    {
                        var first = reference.Min;
                        if ((popped, value) != (first.Time, first.Value))
                            return false;
                        reference.Remove(first);
                        waiting.RemoveAll(item => item.Key == first);
                        now = popped;
                    }
                    else if (limit != long.MaxValue)
                        now = limit;
                    break;
                }
            }

            if (queue.Count != reference.Count || queue.PeekTime() != (reference.Count > 0 ? reference.Min.Time : long.MaxValue))
                return false;
        }

        return Drain(queue, reference);
    }

    private static bool Drain(EventQueue<int> queue, SortedSet<(long Time, long Arrival, int Value)> reference)
    {
        var copy = queue.Clone();
        foreach (var (time, _, value) in reference)
        {
            if (!queue.TryPop(long.MaxValue, out long popped, out int found) || (popped, found) != (time, value)
                || !copy.TryPop(long.MaxValue, out popped, out found) || (popped, found) != (time, value))
                return false;
        }

        return queue.Count == 0 && copy.Count == 0 && !queue.TryPop(long.MaxValue, out _, out _);
    }
}
