using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NbnsSim.Events;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;
using NbnsSim.Transport;
using NbnsSim.Transport.Sqlite;

namespace NbnsSim.Cli.Live;

/// <summary>A node, with a name server beside it if wanted, on this machine's sockets.</summary>
internal sealed class ServedHost : IDisposable
{
    /// <summary>How long a stop waits for the names to be released: longer than three tries at a name server that is gone.</summary>
    private static readonly TimeSpan ReleaseTime = TimeSpan.FromSeconds(10);

    private const int MaxProblems = 100; // of a file of static mappings, as many as anybody reads

    private readonly Terminal _terminal;
    private readonly ServeSettings _settings;
    private readonly EndNode _node;
    private readonly NameServer? _nameServer;
    private readonly NameServerStore? _store;
    private readonly NbnsUdpHost _host;
    private readonly DescriptorReserve _reserve;
    private readonly TaskCompletionSource _booted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _shutDown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ServedHost(Terminal terminal, ServeSettings settings)
    {
        _terminal = terminal;
        _settings = settings;
        var interfaces = settings.Listen.Select(listen => NbnsHostInterface.ForAddress(listen.Address, listen.Port)).ToArray();
        ushort port = settings.Listen[0].Port;
        var own = interfaces[0].Address;
        _node = new EndNode(
            settings.Name,
            [.. interfaces.Select(one => new EndNodeInterface(one.Address, one.BroadcastAddress ?? Ipv4Address.Broadcast, one.UnitId))],
            new EndNodeOptions
            {
                // What MS00-047 brought (Q269239): a stranger's datagram takes no name.
                Dialect = settings.IsVulnerable ? settings.Dialect : settings.Dialect with { SolicitedConflictsOnly = true, NoNameReleaseOnDemand = true },
                NodeType = settings.NodeType,
                NameServers = settings.Wins ? [CompositeEndpoint.LocalNameServer, .. settings.NameServers] : [.. settings.NameServers],
                Scope = settings.Scope,
                Workgroup = settings.Workgroup,
                NameServicePort = port,
                NameServerPort = port,
            },
            NbnsUdpHost.NewSeed());
        INbnsEndpoint endpoint = settings.IsVulnerable ? _node : new DemandWatch(_node, [.. interfaces.Select(one => one.Address)], Say);
        if (settings.Wins)
        {
            _nameServer = new NameServer(Shared(settings, new NameServerOptions
            {
                Address = own,
                Dialect = ServerDialect(settings.Dialect),
                Seed = NbnsUdpHost.NewSeed(),
                Port = port,
                NodePort = port,
                JournalsChanges = settings.StateFile is not null,
            }));
            endpoint = new CompositeEndpoint(_nameServer, endpoint, [.. interfaces.Select(one => one.Address)], port);
        }

        var options = new NbnsUdpHostOptions
        {
            Interfaces = [.. interfaces],
            SocketPath = settings.SocketPath,
            EventLogged = PrintEvent,
            Stepped = _ => TakeResults(),
        };
        if (settings.Rate is { } rate)
            options = options with { RequestsPerSecondPerSource = rate };
        if (settings.StateFile is { } state)
        {
            _store = OpenStore(state);
            options = options with { StartTime = _store.LastServed, CollectChanges = now => _store.Collect(now, _nameServer!), CommitChanges = _store.Commit };
        }

        _host = new NbnsUdpHost(endpoint, options, logger: new TerminalLogger<NbnsUdpHost>(terminal, settings.Verbose ? LogLevel.Debug : LogLevel.Warning));
        FillNameServer();
        _reserve = new DescriptorReserve(Say);
    }

    /// <summary>Serves until it is told to stop.</summary>
    /// <exception cref="BadInputException">The sockets cannot be had, or something broke meanwhile.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken stopAtOnce)
    {
        try
        {
            _host.Start();
        }
        catch (SocketException e)
        {
            throw new BadInputException(Explain(e));
        }

        try
        {
            using var watch = new AddressWatch(_settings.Listen, Say);
            await ServeAsync(stop, stopAtOnce);
            await _host.Completion; // with what stopped it, if something did
        }
        catch (OperationCanceledException) when (_host.Completion.IsFaulted)
        {
            throw Explain(_host.Completion.Exception.InnerException!); // a command found the host gone
        }
        catch (Exception fault) when (fault is not BadInputException)
        {
            throw Explain(fault);
        }

        var statistics = _host.Statistics;
        Say(string.Create(CultureInfo.InvariantCulture, $"stopped: {statistics.RequestsReceived} requests, {statistics.ResponsesSent} responses"));
    }

    public void Dispose()
    {
        _reserve.Dispose();
        _host.Dispose();
        _store?.Dispose();
    }

    private async Task ServeAsync(CancellationToken stop, CancellationToken stopAtOnce)
    {
        Say($"listening on {string.Join(", ", _host.LocalEndpoints)}: {_settings.Name}, {_node.Options.Plan.NodeType} node of {_settings.Dialect.Title}{(_nameServer is null ? "" : $", with a name server ({_nameServer.Dialect.Title})")}");
        await _host.InvokeAsync(now => _node.Boot(now));
        await WaitAsync(_booted.Task, stop);
        if (!stop.IsCancellationRequested && !_host.Completion.IsCompleted)
        {
            if (_settings.User is { } user)
                await _host.InvokeAsync(now => _node.Logon(now, user));
            Say($"ready: {await _host.InvokeAsync(_ => Names())}");
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await WaitAsync(_host.Completion, stop);
            if (_settings.Verbose)
                Say(string.Create(CultureInfo.InvariantCulture, $"served {_host.Statistics.RequestsReceived} requests, {GC.GetTotalAllocatedBytes(precise: true) - before} octets allocated meanwhile"));
        }

        if (_host.Completion.IsCompleted)
            return;
        await _host.InvokeAsync(now => _node.Shutdown(now)); // the names go, so that whoever comes next may have them
        using var atMost = CancellationTokenSource.CreateLinkedTokenSource(stopAtOnce);
        atMost.CancelAfter(ReleaseTime);
        await WaitAsync(_shutDown.Task, atMost.Token);
        await _host.StopAsync();
    }

    /// <summary>What one source may take of the server: strangers can reach it, so it has shares unless told otherwise.</summary>
    private static NameServerOptions Shared(ServeSettings settings, NameServerOptions options) => settings.Quota switch
    {
        null => options.WithShares(),
        0 => options,
        { } names => options.WithShares() with { NamesPerSource = names },
    };

    private static NameServerDialect ServerDialect(NetBtDialect dialect) =>
        dialect == NetBtDialect.Rfc1002 ? NameServerDialect.Rfc1002Secured
        : dialect == NetBtDialect.WindowsNt35 || dialect == NetBtDialect.WindowsNt351 ? NameServerDialect.WinsNt35
        : dialect == NetBtDialect.WindowsNt4 ? NameServerDialect.WinsNt4
        : NameServerDialect.Windows2000;

    private NameServerStore OpenStore(string path)
    {
        try
        {
            var store = NameServerStore.Open(path);
            if (store.LastServed is { } served && SystemTime() is var clock && clock < served)
                Say($"the system's clock is {served - clock} behind the time until which {path} was served: names age by the time that passes, as before");
            return store;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw StateFault(e);
        }
    }

    private static Instant SystemTime() => new((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);

    private BadInputException StateFault(Exception e) => new($"--state {_settings.StateFile}: {e.Message.TrimEnd('.')}.");

    /// <summary>What was kept, then what the administrator wants.</summary>
    private void FillNameServer()
    {
        var now = _host.Now;
        try
        {
            if (_store?.Load(now, _nameServer!, _settings.SkipsDamaged ? DamagedRecords.Skip : DamagedRecords.Refuse) is { } kept)
                Say(string.Create(CultureInfo.InvariantCulture, $"{kept} names from {_settings.StateFile}"));
            foreach (string row in _store?.Damaged ?? [])
                Say($"{_settings.StateFile}: {row}: the record cannot be read and was left out");
        }
        catch (InvalidDataException e) when (_store!.Damaged.Count > 0)
        {
            throw new BadInputException($"{StateFault(e).Message} Nothing was served, since a name that is missing may be given to another; --skip-damaged serves the rest.");
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw StateFault(e);
        }

        if (_settings.StaticFile is not { } path)
            return;
        var list = LmHostsFiles.Open(_terminal, path);
        foreach (var problem in list.Problems.Take(MaxProblems))
            Say(problem.Format(path));
        if (list.Problems.Length > MaxProblems)
            Say(string.Create(CultureInfo.InvariantCulture, $"{path}: {list.Problems.Length} lines in all that cannot be used"));
        if (!list.Problems.IsEmpty && _settings.Strict)
            throw new BadInputException($"--static {path}: nothing was served, since a mapping that is not there may be missed.");
        Say(string.Create(CultureInfo.InvariantCulture, $"{_nameServer!.ReplaceStatic(now, list)} static mappings from {path}"));
    }

    private string Explain(SocketException e)
    {
        string where = string.Join(", ", _settings.Listen);
        return e.SocketErrorCode switch
        {
            SocketError.AccessDenied => $"{where}: the system does not allow it. Ports below 1024 are root's: use sudo, or --listen 127.0.0.1:1137.",
            SocketError.AddressAlreadyInUse => $"{where}: another program has the port (nmbd?).",
            SocketError.AddressNotAvailable => $"{where}: this machine has no such address.",
            _ => $"{where}: {e.Message}.",
        };
    }

    private static BadInputException Explain(Exception fault) => new($"stopped by a fault: {fault.GetType().Name}: {fault.Message}");

    /// <summary>Waits for one of what is awaited, the wish to stop, and the end of the host, which brings about nothing more.</summary>
    private async Task WaitAsync(Task task, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(stopped.SetResult))
            await Task.WhenAny(task, stopped.Task, _host.Completion);
    }

    private string Names()
    {
        var names = _node.GetNameRows().Where(row => row.Status == NbtStatStatus.Registered).Select(row => row.Name.ToString()).ToArray();
        return names.Length == 0 ? "no name could be registered" : string.Join(' ', names);
    }

    /// <summary>On the host's thread: what became of the node's commands.</summary>
    private void TakeResults()
    {
        while (_node.TryPollResult(out var result))
        {
            bool isAboutAName = result.Kind is not (OperationKind.Boot or OperationKind.Shutdown);
            if (isAboutAName && (_settings.Verbose || result.Outcome != OperationOutcome.Succeeded))
                Say((result.Responder == CompositeEndpoint.LocalNameServer ? result with { Responder = _node.Address } : result).ToString());
            if (result.Kind == OperationKind.Boot)
                _booted.TrySetResult();
            else if (result.Kind == OperationKind.Shutdown)
                _shutDown.TrySetResult();
        }

        while (_nameServer is not null && _nameServer.TryPollLog(out var entry))
        {
            if (_settings.Verbose || entry.Id is WinsEventId.SourceLimited or WinsEventId.ServerFull)
                Say(entry.ToString());
        }
    }

    private void PrintEvent(NetBtEvent logged)
    {
        var time = DateTime.UtcNow; // the host's own time may go by what the state file was served until
        _terminal.TryWriteLine(_terminal.Output, string.Create(
            CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss} UTC  NetBT event {logged.Id}: {logged.Name}, by {logged.Address}. {logged.Message}"));
    }

    private void Say(string line) => _terminal.TryWriteLine(_terminal.Error, $"nbnssim: {line}");
}
