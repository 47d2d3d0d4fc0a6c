using System.CommandLine;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using NbnsSim.Files;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Transport;
using NbnsSim.Transport.Sqlite;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Commands;

/// <summary><c>serve</c>: a NetBIOS node, and a name server with it, on this machine's network.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = Name("--name", "NAME", "The computer's name; upper-cased, as Windows does.");
        name.Required = true;
        var workgroup = Name("--workgroup", "W", "The workgroup or domain.", "WORKGROUP");
        var user = Name("--user", "USER", "A user to log on: USER<03> is registered too.");
        var wins = new Option<bool>("--wins") { Description = "Be a name server too." };
        var dialect = Choices.Dialect("What node and name server behave like", NetBtDialect.Windows2000);
        var nodeType = Choices.OneOf<OwnerNodeType>("--node-type", "B|P|M|H", "B, P, M or H; without it H where there is a name server, else B.", "B, P, M or H");
        var scope = new Option<string?>("--scope") { Description = "The NetBIOS scope.", HelpName = "SCOPE" };
        var listen = Choices.Several<Ipv4Endpoint>(
            "--listen", "ADDRESS[:PORT]", "Where to listen, one address or several: 127.0.0.1:137.",
            (text, before) => Ipv4Endpoint.Parse(text) is var endpoint && NbnsHostInterface.WhyNotListen(endpoint, before) is { } why ? throw new FormatException($"'{text}' {why}") : endpoint);
        var nameServer = Choices.Several<Ipv4Address>(
            "--name-server", "ADDRESS", "A name server for the node to register with; the primary first.",
            (text, _) => Ipv4Address.TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is no address."));
        var staticFile = File("--static", "Static mappings for the name server, in LMHOSTS' format.");
        var strict = new Option<bool>("--strict") { Description = "Do not serve where a line of --static cannot be used; without it that line is named and left out." };
        var stateFile = File("--state", "Where the name server's database is kept; nothing acknowledged is lost.");
        var skipDamaged = new Option<bool>("--skip-damaged") { Description = "Where records of --state cannot be read, name them and serve the rest, rather than nothing." };
        var vulnerable = new Option<bool>("--vulnerable")
        {
            Description = "Let anybody's conflict demand, refusal or release take the node's names, as systems before MS00-047 did; else only its name servers' count, and others are logged.",
        };
        var rate = Choices.Number("--rate", "N", "The most datagrams a second from one address, loopback aside: 100000; 0 for no limit.", 1_000_000, text => $"--rate is 0 to 1000000, not '{text}'.");
        var quota = Choices.Number(
            "--quota", "N", "The most names that one address may register: 4096; 0 for no limit, of waiting claims and challenges neither.", 4_000_000, text => $"--quota is 0 to 4000000, not '{text}'.");
        var sockets = Choices.OneOf<NbnsSocketPath>("--sockets", "PATH", "How datagrams are moved: automatic, managed or batched (Linux).", "automatic, managed or batched");
        var verbose = new Option<bool>("--verbose") { Description = "Say more on standard error." };
        var command = new Command("serve", "Be a NetBIOS node, and a name server too, on this machine's network until stopped.")
        {
            name, workgroup, user, wins, dialect, nodeType, scope, listen, nameServer, staticFile, strict, stateFile, skipDamaged, vulnerable, rate, quota, sockets, verbose,
        };
        command.Refuse("--quota is the name server's: give --wins too.", result => !result.GetValue(wins) && result.GetResult(quota) is not null);
        command.Refuse("--static and --state are the name server's: give --wins too.", result => !result.GetValue(wins) && (result.GetValue(staticFile) ?? result.GetValue(stateFile)) is not null);
        command.Refuse("--skip-damaged is about --state: give that too.", result => result.GetValue(skipDamaged) && result.GetValue(stateFile) is null);
        command.Refuse(
            $"--listen {CompositeEndpoint.LocalNameServer}: there the node finds the name server beside it: expected another address.",
            result => result.GetValue(wins) && result.GetValue(listen)?.Any(own => own.Address == CompositeEndpoint.LocalNameServer) == true);
        command.SetAction(parsed => Run(terminal, new ServeSettings
        {
            Name = parsed.GetValue(name)!,
            Workgroup = parsed.GetValue(workgroup),
            User = parsed.GetValue(user),
            HasNameServer = parsed.GetValue(wins),
            Dialect = Choices.FindDialect(parsed.GetValue(dialect))!,
            NodeType = parsed.GetValue(nodeType),
            Scope = parsed.GetValue(scope) is not { } text ? NetBiosScope.Empty
                : NetBiosScope.TryParse(text, out var found) ? found : throw new BadInputException($"'{text}' is no scope."),
            Listen = parsed.GetValue(listen) is { Length: > 0 } given ? given : [Ipv4Endpoint.NameService(Ipv4Address.Loopback)],
            NameServers = parsed.GetValue(nameServer) ?? [],
            StaticFile = parsed.GetValue(staticFile),
            Strict = parsed.GetValue(strict),
            StateFile = parsed.GetValue(stateFile),
            DamagedRecords = parsed.GetValue(skipDamaged) ? DamagedRecords.Skip : DamagedRecords.Refuse,
            IsVulnerable = parsed.GetValue(vulnerable),
            RequestsPerSecondPerSource = parsed.GetValue(rate),
            NamesPerSource = parsed.GetValue(quota),
            SocketPath = parsed.GetValue(sockets) ?? NbnsSocketPath.Automatic,
            Verbose = parsed.GetValue(verbose),
        }));
        return command;
    }

    /// <summary>The name of a computer, a workgroup or a user.</summary>
    private static Option<string?> Name(string option, string helpName, string description, string? standard = null) => Choices.Option(
        option, helpName, description, text => NbnsServedHostOptions.IsName(text.ToUpperInvariant())
            ? text.ToUpperInvariant()
            : throw new FormatException($"'{text}' is no NetBIOS name: expected 1 to 15 Latin-1 characters."), standard);

    private static Option<string?> File(string option, string description) =>
        Choices.Option(option, "FILE", description, text => string.IsNullOrWhiteSpace(text) ? throw new FormatException($"{option} expects the name of a file.") : text);

    /// <summary>Serves until SIGINT, SIGTERM, SIGHUP or SIGQUIT; a second one does not wait for the names to be released.</summary>
    private static int Run(Terminal terminal, ServeSettings settings)
    {
        using var stop = new CancellationTokenSource();
        using var stopAtOnce = new CancellationTokenSource();
        using var interrupts = new Interrupts(
            () =>
            {
                (stop.IsCancellationRequested ? stopAtOnce : stop).Cancel();
                return true;
            },
            PosixSignal.SIGHUP, PosixSignal.SIGQUIT); // whoever started it in a terminal has left
        return Run(terminal, settings, stop.Token, stopAtOnce.Token);
    }

    /// <summary>Serves until told to stop.</summary>
    public static int Run(Terminal terminal, ServeSettings settings, CancellationToken stop, CancellationToken stopAtOnce)
    {
        void Say(string line) => terminal.TryWriteLine(terminal.Error, $"nbnssim: {line}");
        using var store = settings.StateFile is { } state ? Try(state, () => NameServerStore.Open(state)) : null;
        var mappings = settings.StaticFile is { } path ? ReadMappings(terminal, path, settings.Strict, Say) : null;
        using var host = Try(settings.StateFile, () => new NbnsServedHost(settings with
        {
            Store = store,
            StaticMappings = mappings,
            Say = Say,
            EventLogged = logged => terminal.TryWriteLine(terminal.Output, string.Create( // the host's own time may go by what the state file was served until
                CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC  NetBT event {logged.Id}: {logged.Name}, by {logged.Address}. {logged.Message}")),
        }), () => store is { Damaged.Count: > 0 } ? " Nothing was served, since a name that is missing may be given to another; --skip-damaged serves the rest." : "");
        if (mappings is not null)
            Say(string.Create(CultureInfo.InvariantCulture, $"{host.StaticMappings} static mappings from {settings.StaticFile}"));
        try
        {
            host.RunAsync(stop, stopAtOnce).GetAwaiter().GetResult();
        }
        catch (NbnsServingException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.AccessDenied })
        {
            throw new BadInputException($"{e.Message} Use sudo, or --listen 127.0.0.1:1137.");
        }

        return ExitCode.Done;
    }

    /// <summary>Does what reads <c>--state</c>.</summary>
    private static T Try<T>(string? state, Func<T> act, Func<string>? hint = null)
    {
        try
        {
            return act();
        }
        catch (Exception e) when (state is not null && e is IOException or InvalidDataException)
        {
            throw new BadInputException($"--state {state}: {e.Message.TrimEnd('.')}.{hint?.Invoke()}");
        }
    }

    private static LmHostsFile ReadMappings(Terminal terminal, string path, bool strict, Action<string> say)
    {
        var list = LmHostsFiles.Read(terminal.OpenFile(path), path == InputFiles.StandardInput ? null : path);
        foreach (string problem in LmHostsFiles.DescribeProblems(list, path))
            say(problem);
        return list.Problems.IsEmpty || !strict ? list : throw new BadInputException($"--static {path}: nothing was served, since a mapping that is not there may be missed.");
    }
}

/// <summary>What <c>serve</c> was told: the host, and the files of its name server.</summary>
internal sealed record ServeSettings : NbnsServedHostOptions
{
    public string? StaticFile { get; init; }

    /// <summary>Whether a line of <see cref="StaticFile"/> that cannot be used ends the command.</summary>
    public bool Strict { get; init; }

    public string? StateFile { get; init; }
}
