using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using NbnsSim.Cli.Commands;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli;

/// <summary>The tool as a function: arguments and a terminal in, an exit code out.</summary>
internal static class Tool
{
    private const string Description =
        "Simulates and diagnoses the NetBIOS name service (NBNS, RFC 1001/1002, UDP 137) and Windows' NetBT events 4319, 4320 and 4321.";

    /// <summary>In the order of the help.</summary>
    private static readonly Func<Terminal, Command>[] Commands =
    [
        RunCommand.Create, WhyCommand.Create, ScenariosCommand.Create, RulesCommand.Create, DialectsCommand.Create, DecodeCommand.Create, ReplayCommand.Create, DiagnoseCommand.Create,
        AuditCommand.Create, EventCommand.Create, ServeCommand.Create, QueryCommand.Create, StatusCommand.Create, RegisterCommand.Create, WatchCommand.Create, WiresharkCommand.Create,
        ExtcapCommand.Create,
    ];

    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        try
        {
            int code = Invoke(arguments, terminal);
            terminal.Output.Flush();
            return code;
        }
        catch (OutputGoneException)
        {
            return ExitCode.Done;
        }
        catch (OutputFailedException e)
        {
            terminal.TryWriteLine(terminal.Error, $"nbnssim: {e.Message}");
            return ExitCode.OutputFailed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (BadInputException e)
        {
            return Fail(terminal, e.Lines, ExitCode.BadInput);
        }
        catch (ScenarioException e)
        {
            return Fail(terminal, [.. e.Mistakes.Select(mistake => mistake.ToString())], ExitCode.BadInput);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            return Fail(terminal, [e.Message], ExitCode.BadInput);
        }
    }

    private static int Invoke(IReadOnlyList<string> arguments, Terminal terminal)
    {
        var root = new RootCommand(Description) { HelpName = "nbnssim" };
        foreach (var create in Commands)
            root.Add(create(terminal));
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);

        // '@' begins no response file: it may begin a file name. Nothing asked is the same as asking for help.
        var parsed = root.Parse(arguments.Count == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UsageMistakes.In(parsed, arguments) is { IsEmpty: false } mistakes)
        {
            foreach (string mistake in mistakes)
                terminal.Error.WriteLine($"nbnssim: {mistake}");
            terminal.Error.WriteLine($"Try 'nbnssim {string.Concat(Path(parsed.CommandResult))}--help'.");
            return ExitCode.Usage;
        }

        // The library's own way of ending allows two seconds and may miss that the command has ended: on a busy machine the exit code would be the signal's.
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        if (parsed.Action is not AsynchronousCommandLineAction)
            return parsed.Invoke(configuration);
        using var interrupted = new CancellationTokenSource();
        using var interrupts = new Interrupts(() =>
        {
            bool isFirst = !interrupted.IsCancellationRequested; // a second signal ends the process
            interrupted.Cancel();
            return isFirst;
        });
        return parsed.InvokeAsync(configuration, interrupted.Token).GetAwaiter().GetResult();
    }

    private static IEnumerable<string> Path(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? Path(parent).Append(command.Command.Name + " ") : [];

    private static int Fail(Terminal terminal, IReadOnlyList<string> lines, int code)
    {
        try
        {
            terminal.Output.Flush(); // what was read before the fault is worth having
        }
        catch (Exception e) when (e is OutputGoneException or OutputFailedException)
        {
            // nobody wants it, or it has nowhere to go: the fault is what there is to say
        }

        foreach (string line in lines)
            terminal.TryWriteLine(terminal.Error, $"nbnssim: {line}");
        return code;
    }
}
