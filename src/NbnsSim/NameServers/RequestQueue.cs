using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>
/// A server that takes its time, and burst handling (Q154410, cc758322; NT 4 SP4 and later). Windows' documents speak of the length of WINS' queue; that a
/// server works it off at a steady rate is this library's model of it. What waits are requests as they were read at the door: nothing is parsed again.
/// </summary>
internal sealed class RequestQueue
{
    private const int BurstStep = 100;
    private const int BurstSteps = 10;
    private const uint BurstSeconds = 300;

    private static readonly int HeadSize = Unsafe.SizeOf<Head>();

    private readonly NameServerOptions _options;
    private readonly DatagramQueue _queue; // of requests: a head, and the name
    private Instant _busyUntil;
    private int _burst;
    private long _grantedUnseen;
    private long _lost;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="options">How the server is set up.</param>
    public RequestQueue(NameServerOptions options)
    {
        _options = options;
        _queue = new DatagramQueue(int.MaxValue);
    }

    /// <summary>A copy that lives on by itself.</summary>
    public RequestQueue(RequestQueue other)
    {
        _options = other._options;
        _queue = new DatagramQueue(other._queue);
        _busyUntil = other._busyUntil;
        _burst = other._burst;
        _grantedUnseen = other._grantedUnseen;
        _lost = other._lost;
    }

    /// <summary>How many requests wait for their turn.</summary>
    public int Count => _queue.Count;

    /// <summary>How many were granted unseen.</summary>
    public long GrantedUnseen => _grantedUnseen;

    /// <summary>How many were lost.</summary>
    public long Lost => _lost;

    /// <summary>When the next one is served; <see langword="null"/> where none waits.</summary>
    public Instant? NextDue => _queue.Count > 0 ? _busyUntil : null;

    private NameServerDialect Dialect => _options.Dialect;

    private TimeSpan ServiceTime => TimeSpan.FromTicks(TimeSpan.TicksPerSecond / _options.RequestsPerSecond);

    /// <summary>A request comes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="decision">The decision that sent it.</param>
    /// <param name="seconds">For how long it is granted unseen: 5 to 50 minutes, 5 more each 100 requests, so that the node soon comes again.</param>
    public RequestQueueVerdict Offer(in ServerRequest request, long decision, out uint seconds)
    {
        seconds = 0;
        if (_options.RequestsPerSecond == 0)
            return RequestQueueVerdict.Served;
        if (_queue.Count == 0 && _busyUntil <= request.Now)
        {
            _busyUntil = request.Now + ServiceTime;
            return RequestQueueVerdict.Served;
        }

        bool isBurst = Dialect.BurstThreshold > 0 && _queue.Count >= Dialect.BurstThreshold;
        if (!isBurst)
            _burst = 0;
        bool isFull = _queue.Count + _burst >= Dialect.MaxWaitingRequests;
        if (!isFull && isBurst && IsClaim(request.Kind))
        {
            seconds = ((uint)(_burst++ / BurstStep % BurstSteps) + 1) * BurstSeconds;
            _grantedUnseen++;
            return RequestQueueVerdict.GrantedUnseen;
        }

        if (!isFull && TryAdd(request, decision))
            return RequestQueueVerdict.Waits;
        _lost++;
        return RequestQueueVerdict.Lost;
    }

    /// <summary>Takes off the request whose turn it is.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="scopes">The scopes of names now.</param>
    /// <param name="request">The request, as if it came now; valid until the next one comes.</param>
    /// <param name="decision">The decision that sent it.</param>
    /// <returns>False where it is nobody's turn.</returns>
    public bool TryTake(Instant now, ScopeTable scopes, out ServerRequest request, out long decision)
    {
        if (_busyUntil > now || !_queue.TryTake(out var entry, out var octets))
        {
            request = default;
            decision = 0;
            return false;
        }

        _busyUntil += ServiceTime;
        var head = MemoryMarshal.Read<Head>(octets);
        decision = entry.Decision;
        request = new ServerRequest
        {
            Now = now,
            Source = entry.Remote,
            InterfaceIndex = entry.InterfaceIndex,
            Kind = (NbnsMessageKind)head.Kind,
            TransactionId = head.TransactionId,
            Flags = new NbnsFlags(head.Flags),
            EncodedName = octets[HeadSize..],
            High = head.High,
            Low = head.Low,
            Scope = scopes.Find(ServerRequest.ScopeOf(octets[HeadSize..])),
            Entry = new NbEntry(new NbFlags(head.EntryFlags), new Ipv4Address(head.Address)),
            TimeToLive = head.TimeToLive,
        };
        return true;
    }

    /// <summary>Whether the same requests wait in both, for as long.</summary>
    public bool HasSameStateAs(RequestQueue other) =>
        (_busyUntil, _burst, GrantedUnseen, Lost) == (other._busyUntil, other._burst, other.GrantedUnseen, other.Lost) && _queue.HasSameStateAs(other._queue);

    /// <summary>Carries all of it.</summary>
    public void Carry(StateCodec codec)
    {
        _queue.Carry(codec, Head.TransactionIdAt, least: HeadSize + 1);
        codec.CarryUntil(ref _busyUntil);
        codec.Carry(ref _burst);
        codec.CarryTally(ref _grantedUnseen);
        codec.CarryTally(ref _lost);
    }

    private static bool IsClaim(NbnsMessageKind kind) =>
        kind is NbnsMessageKind.NameRegistrationRequest or NbnsMessageKind.MultihomedNameRegistrationRequest or NbnsMessageKind.NameOverwriteRequest or NbnsMessageKind.NameRefreshRequest;

    private bool TryAdd(in ServerRequest request, long decision)
    {
        int length = HeadSize + request.EncodedName.Length;
        if (!_queue.TryReserve(length, out var room))
            return false;
        var head = new Head
        {
            High = request.High,
            Low = request.Low,
            Address = request.Entry.Address.Value,
            TimeToLive = request.TimeToLive,
            TransactionId = request.TransactionId,
            Flags = request.Flags.Value,
            EntryFlags = request.Entry.Flags.Value,
            Kind = (ushort)request.Kind,
        };
        MemoryMarshal.Write(room, head);
        request.EncodedName.CopyTo(room[HeadSize..]);
        _queue.Commit(length, request.Source, default, isBroadcast: false, request.InterfaceIndex, decision);
        return true;
    }

    /// <summary>What of a request stands before its name. Without gaps, so that equal requests are equal octets.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Head
    {
        public const int TransactionIdAt = 24;

        public ulong High;
        public ulong Low;
        public uint Address;
        public uint TimeToLive;
        public ushort TransactionId;
        public ushort Flags;
        public ushort EntryFlags;
        public ushort Kind;
    }
}
