using System.Runtime.InteropServices;

namespace NbnsSim.Transport;

/// <summary>
/// Rates by source address, in a table that never grows: sets of four, chosen by a keyed hash so that nobody can aim at a set; of a full set the
/// source that is least ahead of its rate is forgotten.
/// </summary>
/// <remarks>
/// The generic cell rate algorithm (ITU-T I.371): each source has one number, the time at which it would be even with its rate. A datagram
/// moves it on by one interval; while it is more than a second ahead, datagrams are dropped.
/// </remarks>
internal sealed class SourceLimiter
{
    private const int Ways = 4;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly Entry[] _entries;
    private readonly uint _setMask;
    private readonly ulong _key;
    private readonly long _requestInterval;
    private readonly long _statusInterval;
    private readonly long _allStatusInterval;
    private readonly bool _limitsLoopback;
    private long _allStatusEven;

    public SourceLimiter(NbnsUdpHostOptions options, ulong key)
    {
        uint sets = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)options.TrackedSources / Ways);
        _entries = new Entry[sets * Ways];
        _setMask = sets - 1;
        _key = key | 1;
        _requestInterval = Interval(options.RequestsPerSecondPerSource);
        _statusInterval = Interval(options.NodeStatusPerSecondPerSource);
        _allStatusInterval = Interval(options.NodeStatusPerSecond);
        _limitsLoopback = options.LimitsLoopback;
    }

    /// <summary>Whether a datagram from <paramref name="source"/> is within its rate.</summary>
    public bool AllowsDatagram(Ipv4Address source, long now) =>
        _requestInterval == 0 || IsExempt(source) || Take(ref Find(source, now).DatagramsEven, now, _requestInterval);

    /// <summary>Whether a node status request from <paramref name="source"/> is within its rate, and within everyone's.</summary>
    public bool AllowsNodeStatus(Ipv4Address source, long now) =>
        IsExempt(source)
        || ((_statusInterval == 0 || Take(ref Find(source, now).StatusEven, now, _statusInterval))
            && (_allStatusInterval == 0 || Take(ref _allStatusEven, now, _allStatusInterval)));

    private static long Interval(int perSecond) => perSecond == 0 ? 0 : NanosecondsPerSecond / perSecond;

    private static bool Take(ref long even, long now, long interval)
    {
        long next = Math.Max(even, now) + interval;
        if (next - now > NanosecondsPerSecond)
            return false;
        even = next;
        return true;
    }

    private bool IsExempt(Ipv4Address source) => !_limitsLoopback && source.Value >> 24 == 127; // the kernel drops 127/8 from outside (RFC 1122 §3.2.1.3)

    private ref Entry Find(Ipv4Address source, long now)
    {
        uint set = (uint)(((source.Value + 1) * _key) >> 32) & _setMask;
        var ways = MemoryMarshal.CreateSpan(ref _entries[set * Ways], Ways);
        int idlest = 0;
        for (int i = 0; i < Ways; i++)
        {
            if (ways[i].Source == source.Value)
                return ref ways[i];
            if (ways[i].Ahead < ways[idlest].Ahead)
                idlest = i;
        }

        ways[idlest] = new Entry { Source = source.Value, DatagramsEven = now, StatusEven = now };
        return ref ways[idlest];
    }

    private struct Entry
    {
        public uint Source; // 0.0.0.0 never gets this far: it marks a free place
        public long DatagramsEven;
        public long StatusEven;

        public readonly long Ahead => Source == 0 ? long.MinValue : Math.Max(DatagramsEven, StatusEven);
    }
}
