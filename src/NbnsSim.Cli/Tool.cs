using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Net.Sockets;
using NbnsSim.Cli.Commands;
using NbnsSim.Files;
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
        RunCommand.Create, WhyCommand.Create, CheckCommand.Create, ScenariosCommand.Create, RulesCommand.Create, DialectsCommand.Create, DecodeCommand.Create, ReplayCommand.Create, DiagnoseCommand.Create,
        AuditCommand.Create, TwinCommand.Create, WhatIfCommand.Create, StateCommand.Create, EventCommand.Create, WebCommand.Create, ServeCommand.Create, QueryCommand.Create, StatusCommand.Create, RegisterCommand.Create, WatchCommand.Create, WiresharkCommand.Create,
        ExtcapCommand.Create, ConformCommand.Create, GenerateCommand.Create, JobCommands.Analyze, ExtractCommand.Create, JobCommands.Merge, JobCommands.Campaign,
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
        catch (Exception e) when (LinesOf(e) is { } lines)
        {
            terminal.TryFlush(); // what was read before the fault is worth having
            foreach (string line in lines)
                terminal.TryWriteLine(terminal.Error, $"nbnssim: {line}");
            return ExitCode.BadInput;
        }
    }

    /// <summary>What to print of an input that cannot be used; null for another fault.</summary>
    private static IEnumerable<string>? LinesOf(Exception e) => e switch
    {
        BadInputException bad => bad.Lines,
        ScenarioException bad => bad.Mistakes.Select(mistake => mistake.ToString()),
        SocketException => [$"The request could not be sent: {e.Message}."],
        IOException or InvalidDataException => [e.Message],
        _ => null,
    };

    private static int Invoke(IReadOnlyList<string> arguments, Terminal terminal)
    {
        if (Companion.For(arguments) is { } companion)
            return companion.Run();
        var root = new RootCommand(Description) { HelpName = "nbnssim" };
        foreach (var create in Commands)
            root.Add(create(terminal));
        foreach (var help in root.Options.OfType<HelpOption>())
            help.Action = new HelpWithExamples((HelpAction)help.Action!);

        // '@' begins no response file: it may begin a file name. Nothing asked is the same as asking for help.
        var parsed = root.Parse(arguments.Count == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UsageMistakes.In(parsed, arguments) is { IsEmpty: false } mistakes)
        {
            terminal.Say(mistakes);
            terminal.Error.WriteLine($"Try 'nbnssim {(parsed.CommandResult.Parent is null ? "" : $"{parsed.CommandResult.Command.Name} ")}--help'.");
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
}
