using System.Collections.Immutable;
using System.Net.Sockets;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Benches;

/// <summary>A peer on the network, in real time. It is the same one for all cases, unless the options say how to start it.</summary>
public sealed class UdpBench : IConformanceBench
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettlingTime = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(200);

    private readonly UdpBenchOptions _options;
    private readonly StationSockets _sockets;
    private readonly long _start;
    private readonly Instant _startTime;
    private SubjectProcess? _process;
    private bool _isKnown;
    private List<SubjectProcess> _commands = [];
    private SubjectNames _settled = SubjectNames.None;
    private ushort _lastId;
    private bool _hasSpoken; // something came from it when it was asked who it is, whatever it was

    /// <summary>Opens the stations.</summary>
    /// <param name="options">Where everything is.</param>
    /// <exception cref="SocketException">A station's address is not this machine's, or its port is taken or needs a privilege.</exception>
    public UdpBench(UdpBenchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _sockets = new StationSockets(options);
        Pace = options.Pace ?? new SendingPace(options.DatagramsPerSecond, options.Time);
        _start = options.Time.GetTimestamp();
        _startTime = Instant.FromDateTimeOffset(options.Time.GetUtcNow());
        Names = options.Names;
    }

    /// <inheritdoc/>
    public string Title => Subject.ToString();

    /// <inheritdoc/>
    public Ipv4Endpoint Subject => _options.Subject;

    /// <inheritdoc/>
    public IReadOnlyList<Ipv4Address> Stations => _options.Stations;

    /// <inheritdoc/>
    public ushort StationPort => _options.Subject.Port;

    /// <inheritdoc/>
    public Ipv4Address? Broadcast => _options.Broadcast;

    /// <inheritdoc/>
    public bool IsVirtual => false;

    /// <inheritdoc/>
    public Instant Now => _startTime + _options.Time.GetElapsedTime(_start);

    /// <inheritdoc/>
    public SubjectNames Names { get; private set; }

    /// <inheritdoc/>
    public SubjectNames FirstNames { get; private set; } = SubjectNames.None;

    /// <inheritdoc/>
    public string? Failure => _process is { ExitCode: { } code } ? $"its command ended with {code}" : null;

    /// <summary>Who holds it to its pace.</summary>
    internal SendingPace Pace { get; }

    /// <summary>Says whether anything answers at the peer's address: a node status, a query with and without RD for its names and for a name that nobody has.</summary>
    public bool IsThere()
    {
        if (_options.StartCommand is not null && !EnsureRunning())
            return false;
        return Answers() || _hasSpoken; // what answers with ids of its own is one that cases are for
    }

    /// <inheritdoc/>
    public string? Prepare(ConformanceCase test)
    {
        ArgumentNullException.ThrowIfNull(test);
        EndCommands();
        if (test.Role == ConformanceRole.Client)
        {
            if (_options.StartCommand is null)
                return "needs a peer that can be started";
            if (!_isKnown)
            {
                // started once beforehand: its node status tells the names that the cases are about, and a command that does not serve shows here
                _isKnown = true;
                EnsureRunning();
            }

            EndSubject();
            Drain();
            return null;
        }

        if (_options.StartCommand is not null && !EnsureRunning())
            return "the peer did not start";
        Drain();
        ReadNames();
        if (_options.StartCommand is not null && test.Role != ConformanceRole.Server && (LacksItsNames() || !Answers()))
        {
            EndSubject();
            if (!EnsureRunning())
                return "the peer did not start again";
            ReadNames();
        }

        Drain();
        return null;
    }

    /// <inheritdoc/>
    public string? Start(OwnerNodeType type, int? server)
    {
        if (!_options.StartTypes.Contains(type))
            return $"cannot be a {type} node here";
        if (server is not null && !_options.StartCommand!.Contains("{server}", StringComparison.Ordinal))
            return "cannot be given a name server here";
        EndSubject();
        _process = SubjectProcess.Start(StartCommand(type, server is { } station ? Stations[station] : null));
        return null;
    }

    /// <inheritdoc/>
    public string? Stop()
    {
        EndSubject();
        return null;
    }

    /// <inheritdoc/>
    public string? Command(SubjectCommand command)
    {
        if (!_options.Commands.TryGetValue(command.Verb, out string? line))
            return $"cannot be told to {command.Verb} here";
        _commands.Add(SubjectProcess.Start(line
            .Replace("{name}", Quoted(command.Name.BaseName), StringComparison.Ordinal)
            .Replace("{suffix}", $"{(byte)command.Name.Suffix:X2}", StringComparison.Ordinal)
            .Replace("{address}", (command.Address ?? Subject.Address).ToString(), StringComparison.Ordinal)));
        return null;
    }

    /// <inheritdoc/>
    public void Send(int station, Ipv4Endpoint destination, bool isBroadcast, ReadOnlySpan<byte> octets, bool fromAnyPort = false)
    {
        Pace.Wait();
        _sockets.Send(station, Stations[station], destination, octets, fromAnyPort);
    }

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException"><see cref="UdpBenchOptions.Stop"/> says so.</exception>
    public bool TryReceive(Instant until, out BenchDatagram datagram)
    {
        do
        {
            _options.Stop.ThrowIfCancellationRequested();
            if (_sockets.TryReceive(until > Now ? until - Now : TimeSpan.Zero, out int station, out var source, out var destination, out var octets))
            {
                datagram = new BenchDatagram(Now, station, source, destination, octets);
                return true;
            }
        }
        while (Now < until);
        datagram = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        EndCommands();
        EndSubject();
        _sockets.Dispose();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private string StartCommand(OwnerNodeType type, Ipv4Address? server) => _options.StartCommand!
        .Replace("{type}", type.ToString(), StringComparison.Ordinal)
        .Replace("{server}", server?.ToString() ?? "", StringComparison.Ordinal);

    private bool EnsureRunning()
    {
        if (_process?.IsRunning == true)
            return true;
        EndSubject();
        _process = SubjectProcess.Start(StartCommand(_options.StartTypes[0], null));
        // it claims its names one after the other, a few seconds each (RFC 1002 §5.1.1.1): it is ready when no further one comes
        var (names, since) = (SubjectNames.None, Now);
        for (var until = Now + _options.StartTime; Now < until && _process.IsRunning;)
        {
            if (Answers() && !ReadNames())
                return true; // it does not say what it has
            if (!HasSame(names))
                (names, since) = (Names, Now);
            else if (!LacksItsNames() && Now - since >= SettlingTime)
            {
                if (_settled.Unique.IsEmpty)
                    _settled = Names;
                return true;
            }

            TryReceive(Now + AnswerTime, out _);
        }

        return _process.IsRunning && Answers();
    }

    private bool HasSame(SubjectNames names) => Names.Unique.SequenceEqual(names.Unique) && Names.Groups.SequenceEqual(names.Groups);

    /// <summary>Whether names that it is said to have, or had when it was first started, are missing: it has lost them, or has not claimed them yet.</summary>
    private bool LacksItsNames() => Names.Unique.IsEmpty
        || _options.Names.Unique.Concat(_settled.Unique).Any(name => !Names.Unique.Contains(name)) || _settled.Groups.Any(name => !Names.Groups.Contains(name));

    private bool Answers()
    {
        var probes = new List<PacketData> { new() { Kind = "status", Name = "*" }, new() { Kind = "query", Name = "NBNSSIM-PROBE<20>" } };
        probes.AddRange(_options.Names.Unique.Take(1).Select(name => new PacketData { Kind = "query", Name = name.ToString(), Rd = 0 }));
        return probes.Exists(probe => Ask(probe) is not null);
    }

    /// <summary>Reads the peer's names out of its node status, where it has one, and keeps those that it holds in good order.</summary>
    private bool ReadNames()
    {
        if (Ask(new PacketData { Kind = "status", Name = "*" }) is not { } answer || !NbnsPacket.TryParseLenient(answer.Octets.AsSpan(), out var packet, out _) || packet.Record.Type != NbnsType.NBStat)
            return false;
        var (unique, groups) = (new List<NetBiosName>(), new List<NetBiosName>());
        var record = packet.Record;
        for (int i = 0; i < record.NodeNameCount && record.Data.Length >= 1 + ((i + 1) * NodeStatusName.Size); i++)
        {
            var row = record.GetNodeName(i);
            if (row.Flags.IsActive && !row.Flags.IsInConflict && !row.Flags.IsDeregistering && row.Name.BaseName is [> '\u0020' and not ('_' or '*'), ..])
                (row.Flags.IsGroup ? groups : unique).Add(row.Name);
        }

        Names = new SubjectNames(
            [.. _options.Names.Unique.Where(unique.Contains), .. unique.Except(_options.Names.Unique).OrderBy(Order)],
            [.. _options.Names.Groups.Where(groups.Contains), .. groups.Except(_options.Names.Groups).OrderBy(name => (byte)name.Suffix)],
            _options.Names.Server ?? (unique.Count > 0 ? unique.OrderBy(Order).First() : null));
        if (FirstNames.Unique.IsEmpty && FirstNames.Groups.IsEmpty)
            FirstNames = Names;
        return true;
    }

    /// <summary>The server service's name first, then the workstation's: the others come and go with what runs.</summary>
    private static int Order(NetBiosName name) => (byte)name.Suffix switch { 0x20 => 0, 0x00 => 1, var other => 2 + other };

    private BenchDatagram? Ask(PacketData probe)
    {
        var book = new CaseNameBook(SubjectNames.None, "PROBE");
        var until = Now + AnswerTime;
        ushort id = ++_lastId;
        Send(0, Subject, false, new CasePacketWriter(book, Ipv4Address.Parse).Write(probe, Stations[0], false, id));
        while (TryReceive(until, out var datagram) && datagram.Time <= until)
        {
            _hasSpoken |= datagram.Source.Address == Subject.Address;
            if (datagram.Source.Address == Subject.Address && datagram.Octets.Length > 2 && (datagram.Octets[0] << 8 | datagram.Octets[1]) == id && datagram.Octets[2] >= 0x80)
                return datagram;
        }

        return null;
    }

    /// <summary>Leaves what is still there; of a peer that sends faster than one reads, as much as comes in a moment.</summary>
    private void Drain()
    {
        for (var until = Now + DrainTime; Now < until && TryReceive(Now, out _);)
        {
        }
    }

    private void EndSubject()
    {
        _process?.Dispose();
        _process = null;
    }

    private void EndCommands()
    {
        foreach (var command in _commands)
            command.Dispose();
        _commands = [];
    }
}
