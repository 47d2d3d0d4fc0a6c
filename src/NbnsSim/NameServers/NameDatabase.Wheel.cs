using System.Numerics;

namespace NbnsSim.NameServers;

/// <content>
/// When states run out: a timing wheel of six levels of 64 buckets, the lowest a second wide. A refresh only moves a name's deadline; the name is
/// looked at, and put where it now belongs, when its old bucket is due, so that nothing is ever scanned.
/// </content>
internal sealed partial class NameDatabase
{
    private const int LevelBits = 6;
    private const int LevelSize = 1 << LevelBits;
    private const int Levels = 6;
    private const long NanosecondsPerTick = 1_000_000_000;

    private readonly ulong[] _occupied = new ulong[Levels];
    private int[]? _buckets; // heads of chains, made when first needed
    private long _tick = long.MinValue; // where the wheel stands; unset before first use

    /// <summary>Sees to it that a name is looked at when its deadline has passed: moves it only where that is earlier than before.</summary>
    public void Schedule(int slot, Instant now)
    {
        ref var name = ref this[slot];
        if (name.Deadline == long.MaxValue)
            return; // where it is in a bucket still, it is let go when that is due
        if (name.Bucket != NameSlot.None)
        {
            if (BucketTick(name.Bucket) <= TickOf(name.Deadline))
                return;
            Unschedule(slot);
        }

        if (_tick == long.MinValue)
            _tick = FloorTick(now.Nanoseconds);
        Place(slot);
    }

    /// <summary>Takes a name out of the wheel.</summary>
    public void Unschedule(int slot)
    {
        ref var name = ref this[slot];
        if (name.Bucket == NameSlot.None)
            return;
        if (name.Previous == NameSlot.None)
            _buckets![name.Bucket] = name.Next;
        else
            this[name.Previous].Next = name.Next;
        if (name.Next != NameSlot.None)
            this[name.Next].Previous = name.Previous;
        if (_buckets![name.Bucket] == NameSlot.None)
            _occupied[name.Bucket >> LevelBits] &= ~(1UL << (name.Bucket & (LevelSize - 1)));
        name.Next = name.Previous = NameSlot.None;
        name.Bucket = NameSlot.None;
    }

    /// <summary>When the next bucket is due; null when there is none.</summary>
    public Instant? NextDue()
    {
        long tick = NextTick(out _);
        return tick == long.MaxValue ? null : new Instant(long.Min(tick, long.MaxValue / NanosecondsPerTick) * NanosecondsPerTick);
    }

    /// <summary>Takes a name whose deadline may have passed out of the wheel.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="budget">How many names may still be looked at; counts down.</param>
    /// <returns>Its slot, or <see cref="NameSlot.None"/> when nothing more is due, or the budget is spent.</returns>
    public int TakeDue(Instant now, ref int budget)
    {
        long nowTick = FloorTick(now.Nanoseconds);
        while (budget > 0)
        {
            long tick = NextTick(out int level);
            if (tick > nowTick)
            {
                if (_tick != long.MinValue)
                    _tick = long.Max(_tick, nowTick);
                return NameSlot.None;
            }

            _tick = tick;
            budget--;
            int bucket = (level << LevelBits) | (int)((tick >> (level * LevelBits)) & (LevelSize - 1));
            int slot = _buckets![bucket];
            Unschedule(slot);
            if (this[slot].Deadline == long.MaxValue)
                continue;
            if (this[slot].Deadline <= now.Nanoseconds)
                return slot;
            Place(slot); // a bucket of a higher level spills into lower ones; a name refreshed since then moves on
        }

        return NameSlot.None;
    }

    private void Place(int slot)
    {
        ref var name = ref this[slot];
        long tick = long.Max(TickOf(name.Deadline), _tick);
        int level = 0;
        while (level < Levels - 1 && (tick >> (level * LevelBits)) - (_tick >> (level * LevelBits)) >= LevelSize)
            level++;
        int shift = level * LevelBits;
        long place = long.Min(tick >> shift, (_tick >> shift) + LevelSize - 1); // beyond the wheel: as far as it goes
        int bucket = (level << LevelBits) | (int)(place & (LevelSize - 1));
        MakeBuckets();
        name.Bucket = (short)bucket;
        name.Previous = NameSlot.None;
        name.Next = _buckets![bucket];
        if (name.Next != NameSlot.None)
            this[name.Next].Previous = slot;
        _buckets[bucket] = slot;
        _occupied[level] |= 1UL << (bucket & (LevelSize - 1));
    }

    private void MakeBuckets()
    {
        if (_buckets is not null)
            return;
        _buckets = new int[Levels * LevelSize];
        Array.Fill(_buckets, NameSlot.None);
    }

    /// <summary>The first second of the earliest bucket that is not empty.</summary>
    private long NextTick(out int level)
    {
        long earliest = long.MaxValue;
        level = 0;
        for (int i = 0; i < Levels; i++)
        {
            if (_occupied[i] == 0)
                continue;
            long place = _tick >> (i * LevelBits);
            int ahead = BitOperations.TrailingZeroCount(BitOperations.RotateRight(_occupied[i], (int)(place & (LevelSize - 1))));
            long tick = long.Max((place + ahead) << (i * LevelBits), _tick);
            if (tick < earliest)
            {
                earliest = tick;
                level = i;
            }
        }

        return earliest;
    }

    /// <summary>The first second of a bucket.</summary>
    private long BucketTick(int bucket)
    {
        int shift = (bucket >> LevelBits) * LevelBits;
        long place = _tick >> shift;
        return (place + ((bucket - place) & (LevelSize - 1))) << shift;
    }

    /// <summary>The second at whose start a deadline has passed.</summary>
    private static long TickOf(long deadline) => FloorTick(deadline) + (deadline % NanosecondsPerTick == 0 ? 0 : 1);

    private static long FloorTick(long nanoseconds) =>
        nanoseconds >= 0 ? nanoseconds / NanosecondsPerTick : ((nanoseconds + 1) / NanosecondsPerTick) - 1;
}
