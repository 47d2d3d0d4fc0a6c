using System.Numerics;

namespace NbnsSim.Simulation;

/// <content>What waits, in order.</content>
internal sealed partial class EventQueue<T>
{
    /// <summary>Copies what waits in the order in which it is going to leave; changes nothing, and allocates nothing where there is room.</summary>
    /// <param name="buffer">Room; more is made where there is too little.</param>
    /// <returns>How many values wait.</returns>
    public int CopyInOrder(ref Waiting[] buffer)
    {
        if (buffer.Length < _count)
            buffer = new Waiting[Math.Max(_count, 2 * buffer.Length)];
        int count = 0;
        for (int word = 0; word < _occupied.Length; word++) // a lower level is earlier than a higher one, and so is a lower slot of one level
        {
            for (ulong left = _occupied[word]; left != 0; left &= left - 1)
            {
                int from = count;
                var chain = SlotAt((word * GroupSize) + BitOperations.TrailingZeroCount(left));
                for (int at = chain.First; chain.Used > 0; chain.Used--, at = Next(at))
                {
                    ref readonly var entry = ref _entries[at];
                    if (entry.Handle != Gone)
                        buffer[count] = new Waiting { Time = (long)entry.Time, Order = count++, Value = entry.Value };
                }

                if (word >= WordsPerLevel && count - from > 1)
                    buffer.AsSpan(from..count).Sort(static (one, other) => one.Time != other.Time ? one.Time.CompareTo(other.Time) : one.Order.CompareTo(other.Order));
            }
        }

        return count;
    }

    /// <summary>A value that waits.</summary>
    public struct Waiting
    {
        public long Time;
        public int Order; // of arrival, among those of one time
        public T Value;
    }
}
