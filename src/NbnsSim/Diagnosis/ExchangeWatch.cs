using System.Buffers.Binary;
using System.Runtime.InteropServices;
using NbnsSim.Wire;

namespace NbnsSim.Diagnosis;

/// <summary>
/// Ties responses to requests, and repeated requests to the first, by what the packets alone show: who asks, NAME_TRN_ID and the name (RFC 1002 §4.2.1.1). Needs no
/// verdict, and is what a dissector can do too.
/// </summary>
/// <remarks>
/// <para>A request repeats another with the same flags from and to the same addresses. A response answers the last request for its name and with its id from whom it is
/// sent to, of several that which was sent to whoever responds; ports are not looked at, since some answer to the wrong one. What comes more than
/// <see cref="Window"/> later, or before, is tied to nothing. The same request again within <see cref="SightingWindow"/> is another sighting of one datagram, and
/// neither repeats nor is answered.</para>
/// <para>A packet costs the same whatever came before it, and allocates nothing once so many have come; the last <see cref="MaxRequests"/> requests are remembered.</para>
/// </remarks>
public sealed class ExchangeWatch
{
    /// <summary>How many requests are remembered.</summary>
    public const int MaxRequests = 65_536;

    private const int Header = 12;
    private const int EncodedName = 32;
    private const int LongestName = 255; // RFC 1002 §4.1
    private const int None = -1;

    private readonly List<Request> _requests = []; // a ring, once it is full
    private readonly Dictionary<Key, int> _byKey = [];
    private int _next;

    /// <summary>How long after a request a response to it, or the same request, comes at most: as long as the longest WACK that is waited for.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(1);

    /// <summary>How soon nobody repeats anything (RFC 1002 §6: 250 ms).</summary>
    public static TimeSpan SightingWindow { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the next packet in.</summary>
    /// <param name="frame">Its frame, from 1.</param>
    /// <param name="time">When it was captured.</param>
    /// <param name="source">Who sent it.</param>
    /// <param name="destination">Whom it was sent to.</param>
    /// <param name="isBroadcast">Whether it went to every station.</param>
    /// <param name="payload">The packet; one without a whole header and name belongs to nothing.</param>
    public Exchange Observe(long frame, Instant time, Ipv4Address source, Ipv4Address destination, bool isBroadcast, ReadOnlySpan<byte> payload)
    {
        int length = NameLength(payload);
        if (length == 0)
            return default;
        var name = payload.Slice(Header, length);
        ushort id = BinaryPrimitives.ReadUInt16BigEndian(payload);
        ushort flags = BinaryPrimitives.ReadUInt16BigEndian(payload[2..]);
        return (flags & NbnsFlags.ResponseBit) != 0
            ? Answer(time, new Key(destination, source, id, name))
            : Ask(frame, time, new Key(source, destination, id, name), flags, isBroadcast);
    }

    private Exchange Ask(long frame, Instant time, in Key key, ushort flags, bool isBroadcast)
    {
        int index = _byKey.GetValueOrDefault(key, None);
        if (index == None || _requests[index].Flags != flags || !IsWithin(index, time, Window))
        {
            _byKey[key] = _byKey[key.ToAnybody] = Add(new Request(key, frame, frame, time, flags, isBroadcast));
            return default;
        }

        _byKey[key.ToAnybody] = index;
        if (IsWithin(index, time, SightingWindow))
            return default;
        var request = _requests[index];
        _requests[index] = request with { Last = frame, Time = time };
        return new Exchange(0, 0, request.First, false);
    }

    private Exchange Answer(Instant time, in Key key)
    {
        int index = _byKey.GetValueOrDefault(key, None);
        if (index == None || !IsWithin(index, time, Window))
            index = _byKey.GetValueOrDefault(key.ToAnybody, None);
        if (index == None || !IsWithin(index, time, Window))
            return default;
        var request = _requests[index];
        return new Exchange(request.Last, time.Nanoseconds - request.Time.Nanoseconds, 0, request.IsBroadcast);
    }

    private bool IsWithin(int index, Instant time, TimeSpan window) =>
        (Int128)time.Nanoseconds - _requests[index].Time.Nanoseconds is var since && since >= 0 && since <= window.Ticks * TimeSpan.NanosecondsPerTick;

    /// <summary>Remembers a request, in the place of the oldest where there are many.</summary>
    private int Add(in Request request)
    {
        if (_requests.Count < MaxRequests)
        {
            _requests.Add(request);
            return _requests.Count - 1;
        }

        int index = _next;
        _next = (_next + 1) % MaxRequests;
        Forget(_requests[index].Key, index);
        Forget(_requests[index].Key.ToAnybody, index);
        _requests[index] = request;
        return index;
    }

    private void Forget(in Key key, int index)
    {
        if (_byKey.GetValueOrDefault(key, None) == index)
            _byKey.Remove(key);
    }

    /// <summary>How many octets the first name of a packet takes; 0 where there is none, or it is none by itself.</summary>
    private static int NameLength(ReadOnlySpan<byte> payload)
    {
        for (int at = Header; at < payload.Length && at - Header < LongestName; at += payload[at] + 1)
        {
            if (payload[at] == 0)
                return at + 1 - Header;
            if (payload[at] > 63)
                return 0;
        }

        return 0;
    }

    private readonly record struct Request(Key Key, long First, long Last, Instant Time, ushort Flags, bool IsBroadcast);

    /// <summary>Who asks whom what: 32 octets as they are, what else there is of a name by its hash.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Key : IEquatable<Key>
    {
        private readonly ulong _first, _second, _third, _fourth;
        private readonly uint _asker;
        private uint _asked;
        private readonly int _rest;
        private readonly uint _id;

        public Key(Ipv4Address asker, Ipv4Address asked, ushort id, ReadOnlySpan<byte> name)
        {
            (_asker, _asked, _id) = (asker.Value, asked.Value, id);
            if (name[0] == EncodedName)
            {
                _first = MemoryMarshal.Read<ulong>(name[1..]);
                _second = MemoryMarshal.Read<ulong>(name[9..]);
                _third = MemoryMarshal.Read<ulong>(name[17..]);
                _fourth = MemoryMarshal.Read<ulong>(name[25..]);
                name = name[(EncodedName + 1)..];
            }

            _rest = name.Length <= 1 ? 0 : KeyedHash.Of(name);
        }

        /// <summary>The same, whomever it is sent to.</summary>
        public readonly Key ToAnybody => this with { _asked = 0 };

        public readonly bool Equals(Key other) => Octets(this).SequenceEqual(Octets(other));

        public override readonly bool Equals(object? obj) => obj is Key other && Equals(other);

        public override readonly int GetHashCode() => KeyedHash.Of(Octets(this));

        private static ReadOnlySpan<byte> Octets(in Key key) => MemoryMarshal.AsBytes(new ReadOnlySpan<Key>(in key));
    }
}
