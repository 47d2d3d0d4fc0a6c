using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NbnsSim.Protocol;
using NbnsSim.Transport.Sockets;

namespace NbnsSim.Transport;

/// <summary>
/// Puts an <see cref="INbnsEndpoint"/> — a node, a name server, or both — on real UDP sockets: reads datagrams, keeps its timers, sends what it
/// writes. One thread per host does it all, the endpoint is touched by no other; only what must be safe before it is acknowledged
/// (<see cref="NbnsUdpHostOptions.CommitChanges"/>) is written on a second.
/// </summary>
/// <remarks>
/// <para>
/// On Linux, datagrams are read and written many at a time (recvmmsg, sendmmsg); elsewhere one at a time. Neither allocates. Each interface
/// has a socket of its own and one for its broadcast address, so that the endpoint is told what the link saw; a limited broadcast
/// (255.255.255.255) is heard too. A datagram leaves from the port of its interface, whatever <see cref="Transmit.SourcePort"/> says: give the
/// endpoint that port.
/// </para>
/// <para>
/// Commands go in through <see cref="InvokeAsync{T}"/>, which runs them on the host's thread. Should the endpoint ever throw, the host stops and
/// <see cref="Completion"/> has the exception: going on with a state of which nothing is known would be worse.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// var server = new NameServer(new NameServerOptions { Address = Ipv4Address.Loopback, Seed = NbnsUdpHost.NewSeed() });
/// await using var host = new NbnsUdpHost(server, new NbnsUdpHostOptions { Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, port: 0)] });
/// host.Start();
/// int names = await host.InvokeAsync(now =&gt; server.Count); // only the host's thread may touch the server
/// Console.WriteLine($"{names} names at {host.LocalEndpoints[0].Address}");
/// await host.StopAsync();
/// </code>
/// </example>
public sealed partial class NbnsUdpHost : IDisposable, IAsyncDisposable
{
    /// <summary>The meter's name: <c>nbns.requests</c>, <c>nbns.replies</c>, <c>nbns.drops</c>, <c>nbns.parse_errors</c>.</summary>
    public const string MeterName = "NbnsSim.Transport";

    private const int ReceiveSlotSize = 2048;
    private const int SendSlotSize = 1024;

    private readonly INbnsEndpoint _endpoint;
    private readonly NbnsUdpHostOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly IMeterFactory? _meters;
    private readonly long _startTimestamp;
    private readonly Instant _startTime;
    private TimeSpan _clockAhead; // of the time that passed
    private readonly ConcurrentQueue<Action<Instant>> _commands = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private HostCounters? _counters;
    private BoundSocket[] _sockets = [];
    private DatagramIo? _io;
    private Thread? _thread;
    private int _waitingCommands;
    private bool _started;
    private volatile bool _stopping;

    /// <summary>Prepares a host; nothing is opened yet.</summary>
    /// <param name="endpoint">What answers. From now on only the host touches it.</param>
    /// <param name="options">Where to listen, and within which bounds; <see langword="null"/> for 127.0.0.1:137.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="logger">Where to log; <see langword="null"/> for nowhere.</param>
    /// <param name="meters">Who makes the meter; <see langword="null"/> for a meter of its own.</param>
    public NbnsUdpHost(
        INbnsEndpoint endpoint, NbnsUdpHostOptions? options = null, TimeProvider? timeProvider = null, ILogger<NbnsUdpHost>? logger = null, IMeterFactory? meters = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _endpoint = endpoint;
        _options = options ?? new NbnsUdpHostOptions();
        _timeProvider = timeProvider ?? TimeProvider.System;
        _logger = logger is null ? NullLogger.Instance : new QuietLogger(logger);
        _meters = meters;
        _startTimestamp = _timeProvider.GetTimestamp();
        _startTime = _options.StartTime ?? new Instant((_timeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
    }

    /// <summary>
    /// The time that the endpoint is told: from <see cref="NbnsUdpHostOptions.StartTime"/> on, or from what the system's clock said then since the Unix epoch; never back
    /// and never by leaps, whatever happens to that clock.
    /// </summary>
    public Instant Now => _startTime + _timeProvider.GetElapsedTime(_startTimestamp);

    /// <summary>The addresses and ports listened on, in the order of the options; empty before <see cref="Start"/>.</summary>
    public IReadOnlyList<Ipv4Endpoint> LocalEndpoints { get; private set; } = [];

    /// <summary>How datagrams are moved, once started.</summary>
    public NbnsSocketPath SocketPath { get; private set; }

    /// <summary>Ends when the host has stopped; with the exception that stopped it, if one did.</summary>
    public Task Completion => _completion.Task;

    /// <summary>What has been counted so far.</summary>
    public NbnsHostStatistics Statistics => _counters?.Snapshot() ?? new NbnsHostStatistics();

    /// <summary>A seed that nobody can guess, for an endpoint on a real network: its transaction ids are drawn from it.</summary>
    public static ulong NewSeed()
    {
        Span<byte> octets = stackalloc byte[8];
        RandomNumberGenerator.Fill(octets);
        return BitConverter.ToUInt64(octets);
    }

    /// <summary>Opens the sockets and starts to serve.</summary>
    /// <exception cref="InvalidOperationException">The host was started before.</exception>
    /// <exception cref="SocketException">An address is not this machine's, a port is taken, or the system does not allow it (ports below 1024).</exception>
    /// <exception cref="PlatformNotSupportedException"><see cref="NbnsSocketPath.Batched"/> is asked for where there is none.</exception>
    public void Start()
    {
        lock (_lock)
        {
            if (_started || _stopping)
                throw new InvalidOperationException("A host is started once.");
            bool batched = _options.SocketPath switch
            {
                NbnsSocketPath.Managed => false,
                NbnsSocketPath.Batched => LinuxDatagramIo.IsSupported ? true : throw new PlatformNotSupportedException("recvmmsg and sendmmsg are Linux'."),
                _ => LinuxDatagramIo.IsSupported,
            };
            _sockets = OpenSockets();
            try
            {
                _incoming = new DatagramBatch(_options.BatchSize, ReceiveSlotSize);
                _outgoing = new DatagramBatch(_options.BatchSize, SendSlotSize);
                _failures = new int[_options.BatchSize];
                _io = batched ? new LinuxDatagramIo(_sockets, _incoming, _outgoing) : new ManagedDatagramIo(_sockets);
            }
            catch
            {
                CloseSockets();
                throw;
            }

            LocalEndpoints = [.. _sockets.Where(socket => !socket.IsBroadcast).Select(socket => socket.Local)];
            SocketPath = batched ? NbnsSocketPath.Batched : NbnsSocketPath.Managed;
            string endpoints = string.Join(", ", LocalEndpoints);
            _counters = new HostCounters(_meters, endpoints);
            _broadcastAddresses = [.. _options.Interfaces.Select(found => found.BroadcastAddress).OfType<Ipv4Address>()];
            _limiter = new SourceLimiter(_options, NewSeed());
            _timer = _timeProvider.CreateTimer(static host => ((NbnsUdpHost)host!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _clockAhead = ClockAhead();
            StartCommits("NBNS " + endpoints);
            HostLog.Listening(_logger, endpoints, _io.Name);
            _started = true;
            _thread = new Thread(Run) { IsBackground = true, Name = "NBNS " + endpoints };
            _thread.Start();
        }
    }

    /// <summary>Starts, serves until <paramref name="cancellation"/> or a fault, and stops.</summary>
    /// <param name="cancellation">Ends it, in good order.</param>
    /// <exception cref="SocketException">As <see cref="Start"/>.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Start();
        await using (cancellation.Register(RequestStop).ConfigureAwait(false))
            await _completion.Task.ConfigureAwait(false);
    }

    /// <summary>Runs a command against the endpoint on the host's thread, then sends what it wrote.</summary>
    /// <typeparam name="T">What the command returns.</typeparam>
    /// <param name="command">Is given the time, and uses the endpoint that its caller made the host with.</param>
    /// <returns>What it returned; its exception if it threw. Cancelled when the host stopped before.</returns>
    /// <exception cref="InvalidOperationException">Too many commands wait (<see cref="NbnsUdpHostOptions.CommandCapacity"/>).</exception>
    public Task<T> InvokeAsync<T>(Func<Instant, T> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (_completion.Task.IsCompleted)
            return Task.FromCanceled<T>(new CancellationToken(canceled: true));
        if (Interlocked.Increment(ref _waitingCommands) > _options.CommandCapacity)
        {
            Interlocked.Decrement(ref _waitingCommands);
            throw new InvalidOperationException($"{_options.CommandCapacity} commands wait already.");
        }

        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _commands.Enqueue(now =>
        {
            if (now == Instant.MaxValue)
            {
                result.TrySetCanceled();
                return;
            }

            try
            {
                result.TrySetResult(command(now));
            }
            catch (Exception e)
            {
                result.TrySetException(e);
            }
        });
        _io?.Wake();
        if (_completion.Task.IsCompleted)
            CancelCommands(); // it stopped in between
        return result.Task;
    }

    /// <summary>Runs a command against the endpoint on the host's thread, then sends what it wrote.</summary>
    /// <param name="command">Is given the time, and uses the endpoint that its caller made the host with.</param>
    /// <returns>Ends when the command has run; with its exception if it threw.</returns>
    /// <exception cref="InvalidOperationException">Too many commands wait (<see cref="NbnsUdpHostOptions.CommandCapacity"/>).</exception>
    public Task InvokeAsync(Action<Instant> command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return InvokeAsync(now =>
        {
            command(now);
            return true;
        });
    }

    /// <summary>Stops in good order: commands that wait are run, what they wrote is sent, the sockets are closed.</summary>
    /// <returns>Ends when the host has stopped; does not repeat the exception of <see cref="Completion"/>.</returns>
    public Task StopAsync()
    {
        RequestStop();
        return _completion.Task.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Stops, and waits until it is done. On the host's own thread, in a command or a callback, it asks for the stop only: the rest comes when that returns.</summary>
    public void Dispose()
    {
        var stopped = StopAsync();
        if (Thread.CurrentThread != _thread)
            stopped.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private void RequestStop()
    {
        lock (_lock)
        {
            _stopping = true;
            if (!_started)
            {
                _completion.TrySetResult();
                CancelCommands(); // no thread will run them
            }
        }

        _io?.Wake();
    }

    private BoundSocket[] OpenSockets()
    {
        var sockets = new List<BoundSocket>();
        try
        {
            // Those of the interfaces come first: a datagram's InterfaceIndex is then also its way out.
            for (int i = 0; i < _options.Interfaces.Length; i++)
                sockets.Add(BoundSocket.Open(new Ipv4Endpoint(_options.Interfaces[i].Address, _options.Interfaces[i].Port), i, isBroadcast: false, _options.SocketBufferSize));
            if (!OperatingSystem.IsWindows()) // there the interface's socket hears broadcasts, and nothing can be bound to a broadcast address
            {
                for (int i = 0; i < _options.Interfaces.Length; i++)
                {
                    if (_options.Interfaces[i].BroadcastAddress is { } broadcast && !sockets.Exists(socket => socket.Local == sockets[i].Local with { Address = broadcast }))
                        OpenBroadcast(sockets, sockets[i].Local with { Address = broadcast }, i);
                }

                foreach (ushort port in sockets.Where(socket => socket.IsBroadcast).Select(socket => socket.Local.Port).Distinct().ToArray())
                    OpenBroadcast(sockets, new Ipv4Endpoint(Ipv4Address.Broadcast, port), -1);
            }

            return [.. sockets];
        }
        catch
        {
            foreach (var socket in sockets)
                socket.Socket.Dispose();
            throw;
        }
    }

    private void OpenBroadcast(List<BoundSocket> sockets, Ipv4Endpoint local, int interfaceIndex)
    {
        try
        {
            sockets.Add(BoundSocket.Open(local, interfaceIndex, isBroadcast: true, _options.SocketBufferSize));
        }
        catch (SocketException e)
        {
            HostLog.BroadcastNotBound(_logger, local, e.SocketErrorCode); // unicast works all the same
        }
    }

    private void CloseSockets()
    {
        foreach (var socket in _sockets)
            socket.Socket.Dispose();
    }
}
