using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Protocol;

namespace NbnsSim.Transport;

/// <summary>
/// A NetBIOS machine on this machine's sockets: a node that boots, defends its names and gives them up when it is stopped, and a name server beside it if wanted.
/// </summary>
/// <remarks>
/// <code>
/// using var host = new NbnsServedHost(new NbnsServedHostOptions
/// {
///     Name = "WINSRV", HasNameServer = true, Listen = [new Ipv4Endpoint(Ipv4Address.Loopback, 1137)], Say = Console.WriteLine,
/// });
/// await host.RunAsync(stop).ConfigureAwait(false);
/// </code>
/// For an endpoint of one's own, or one that is driven in another way, there is <see cref="NbnsUdpHost"/>.
/// </remarks>
public sealed class NbnsServedHost : IDisposable
{
    /// <summary>How long a stop waits for the names to be released: longer than three tries at a name server that is gone.</summary>
    private static readonly TimeSpan ReleaseTime = TimeSpan.FromSeconds(10);

    private readonly NbnsServedHostOptions _settings;
    private readonly EndNode _node;
    private readonly NameServer? _nameServer;
    private readonly NbnsUdpHost _host;
    private readonly DescriptorReserve _reserve;
    private readonly TaskCompletionSource _booted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _shutDown = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes the host and fills its name server; nothing is sent or heard yet.</summary>
    /// <param name="settings">What it is.</param>
    /// <exception cref="ArgumentException">A name or address cannot be used, or there is nothing to listen on.</exception>
    /// <exception cref="InvalidDataException">Records of the store cannot be read and are not to be skipped, or are more than the server takes.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public NbnsServedHost(NbnsServedHostOptions settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Listen.Count == 0)
            throw new ArgumentException("A host listens on one address at least.", nameof(settings));
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
                NameServers = settings.HasNameServer ? [CompositeEndpoint.LocalNameServer, .. settings.NameServers] : [.. settings.NameServers],
                Scope = settings.Scope,
                Workgroup = settings.Workgroup,
                NameServicePort = port,
                NameServerPort = port,
            },
            NbnsUdpHost.NewSeed());
        INbnsEndpoint endpoint = settings.IsVulnerable ? _node : new DemandWatch(_node, [.. interfaces.Select(one => one.Address)], Say);
        if (settings.HasNameServer)
        {
            _nameServer = new NameServer(Shared(settings, new NameServerOptions
            {
                Address = own,
                Dialect = ServerDialect(settings.Dialect),
                Seed = NbnsUdpHost.NewSeed(),
                Port = port,
                NodePort = port,
                JournalsChanges = settings.Store is not null,
            }));
            endpoint = new CompositeEndpoint(_nameServer, endpoint, [.. interfaces.Select(one => one.Address)], port);
        }

        var options = new NbnsUdpHostOptions
        {
            Interfaces = [.. interfaces],
            SocketPath = settings.SocketPath,
            EventLogged = settings.EventLogged,
            Stepped = _ => TakeResults(),
        };
        if (settings.RequestsPerSecondPerSource is { } rate)
            options = options with { RequestsPerSecondPerSource = rate };
        if (_nameServer is not null && settings.Store is { } store)
        {
            options = options with { StartTime = store.LastServed, CollectChanges = now => store.Collect(now, _nameServer), CommitChanges = store.Commit };
            if (store.LastServed is { } served && SystemTime() is var clock && clock < served)
                Say($"the system's clock is {served - clock} behind the time until which {store.Title} was served: names age by the time that passes, as before");
        }

        _host = new NbnsUdpHost(endpoint, options, logger: settings.Logger ?? new SaidLog(Say, settings.Verbose ? LogLevel.Debug : LogLevel.Warning));
        FillNameServer();
        _reserve = new DescriptorReserve(Say);
    }

    /// <summary>How many static mappings the name server has.</summary>
    public int StaticMappings { get; private set; }

    /// <summary>What the sockets have done so far.</summary>
    public NbnsHostStatistics Statistics => _host.Statistics;

    /// <summary>Serves until it is told to stop; once.</summary>
    /// <param name="stop">Stops it in good order: the node's names are released first.</param>
    /// <param name="stopAtOnce">Cuts that short.</param>
    /// <exception cref="NbnsServingException">The sockets cannot be had, or something broke meanwhile.</exception>
    public async Task RunAsync(CancellationToken stop, CancellationToken stopAtOnce = default)
    {
        try
        {
            _host.Start();
        }
        catch (SocketException e)
        {
            throw new NbnsServingException(Explain(e), e);
        }

        try
        {
            using var watch = new AddressWatch(_settings.Listen, Say);
            await ServeAsync(stop, stopAtOnce).ConfigureAwait(false);
            await _host.Completion.ConfigureAwait(false); // with what stopped it, if something did
        }
        catch (OperationCanceledException) when (_host.Completion.IsFaulted)
        {
            throw Explain(_host.Completion.Exception.InnerException!); // a command found the host gone
        }
        catch (Exception fault) when (fault is not NbnsServingException)
        {
            throw Explain(fault);
        }

        var statistics = _host.Statistics;
        Say(string.Create(CultureInfo.InvariantCulture, $"stopped: {statistics.RequestsReceived} requests, {statistics.ResponsesSent} responses"));
    }

    /// <summary>Closes the sockets, at once.</summary>
    public void Dispose()
    {
        _reserve.Dispose();
        _host.Dispose();
    }

    private async Task ServeAsync(CancellationToken stop, CancellationToken stopAtOnce)
    {
        Say($"listening on {string.Join(", ", _host.LocalEndpoints)}: {_settings.Name}, {_node.Options.Plan.NodeType} node of {_settings.Dialect.Title}{(_nameServer is null ? "" : $", with a name server ({_nameServer.Dialect.Title})")}");
        await _host.InvokeAsync(now => _node.Boot(now)).ConfigureAwait(false);
        await WaitAsync(_booted.Task, stop).ConfigureAwait(false);
        if (!stop.IsCancellationRequested && !_host.Completion.IsCompleted)
        {
            if (_settings.User is { } user)
                await _host.InvokeAsync(now => _node.Logon(now, user)).ConfigureAwait(false);
            Say($"ready: {await _host.InvokeAsync(_ => Names())}");
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await WaitAsync(_host.Completion, stop).ConfigureAwait(false);
            if (_settings.Verbose)
                Say(string.Create(CultureInfo.InvariantCulture, $"served {_host.Statistics.RequestsReceived} requests, {GC.GetTotalAllocatedBytes(precise: true) - before} octets allocated meanwhile"));
        }

        if (_host.Completion.IsCompleted)
            return;
        await _host.InvokeAsync(now => _node.Shutdown(now)).ConfigureAwait(false); // the names go, so that whoever comes next may have them
        using var atMost = CancellationTokenSource.CreateLinkedTokenSource(stopAtOnce);
        atMost.CancelAfter(ReleaseTime);
        await WaitAsync(_shutDown.Task, atMost.Token).ConfigureAwait(false);
        await _host.StopAsync().ConfigureAwait(false);
    }

    /// <summary>What one source may take of the server: strangers can reach it, so it has shares unless told otherwise.</summary>
    private static NameServerOptions Shared(NbnsServedHostOptions settings, NameServerOptions options) => settings.NamesPerSource switch
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

    private static Instant SystemTime() => new((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);

    /// <summary>What was kept, then what the administrator wants.</summary>
    private void FillNameServer()
    {
        if (_nameServer is null)
            return;
        var now = _host.Now;
        if (_settings.Store is { } store)
        {
            int kept = store.Load(now, _nameServer, _settings.DamagedRecords);
            Say(string.Create(CultureInfo.InvariantCulture, $"{kept} names from {store.Title}"));
            foreach (string row in store.Damaged)
                Say($"{store.Title}: {row}: the record cannot be read and was left out");
        }

        if (_settings.StaticMappings is { } list)
            StaticMappings = _nameServer.ReplaceStatic(now, list);
    }

    private string Explain(SocketException e)
    {
        string where = string.Join(", ", _settings.Listen);
        return e.SocketErrorCode switch
        {
            SocketError.AccessDenied => $"{where}: the system does not allow it. Ports below 1024 are root's.",
            SocketError.AddressAlreadyInUse => $"{where}: another program has the port (nmbd?).",
            SocketError.AddressNotAvailable => $"{where}: this machine has no such address.",
            _ => $"{where}: {e.Message}.",
        };
    }

    private static NbnsServingException Explain(Exception fault) => new($"stopped by a fault: {fault.GetType().Name}: {fault.Message}", fault);

    /// <summary>Waits for one of what is awaited, the wish to stop, and the end of the host, which brings about nothing more.</summary>
    private async Task WaitAsync(Task task, CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stop.Register(stopped.SetResult))
            await Task.WhenAny(task, stopped.Task, _host.Completion).ConfigureAwait(false);
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

    private void Say(string line) => _settings.Say?.Invoke(VisibleText.Escape(line));
}
