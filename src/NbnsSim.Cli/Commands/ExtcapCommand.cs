using System.CommandLine;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using NbnsSim.Captures;
using NbnsSim.Cli.Running;
using NbnsSim.Protocol;
using NbnsSim.Reports.Wireshark;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Cli.Commands;

/// <summary><c>extcap</c>: scenarios, and what this machine sees, as interfaces of Wireshark, which calls it so.</summary>
internal static class ExtcapCommand
{
    private const string WindowsPipe = @"\\.\pipe\";

    public static Command Create(Terminal terminal)
    {
        var interfaces = new Option<bool>("--extcap-interfaces") { Description = "Print which interfaces there are." };
        var name = new Option<string?>("--extcap-interface") { HelpName = "NAME", Description = "The interface that is meant." };
        var linkTypes = new Option<bool>("--extcap-dlts") { Description = "Print what its frames begin with." };
        var config = new Option<bool>("--extcap-config") { Description = "Print what can be chosen for it." };
        var filter = new Option<string?>("--extcap-capture-filter") { HelpName = "FILTER", Description = "There is none: all packets come." };
        var version = new Option<string?>("--extcap-version") { HelpName = "VERSION", Description = "Wireshark's version.", Arity = ArgumentArity.ZeroOrOne };
        var capture = new Option<bool>("--capture") { Description = "Send the packets of the interface to --fifo." };
        var fifo = new Option<string?>("--fifo") { HelpName = "PATH", Description = "Where Wireshark reads the packets." };
        var dialect = new Option<string?>("--dialect") { HelpName = "DIALECT", Description = "What hosts behave like that have no dialect of their own." };
        var seed = new Option<string?>("--seed") { HelpName = "NUMBER", Description = "What all randomness follows from.", Arity = ArgumentArity.ZeroOrOne };
        var realTime = new Option<bool>("--real-time") { Description = "Packets come when they are sent; else all at once.", Arity = ArgumentArity.ZeroOrOne };
        var live = new Option<string?>("--interface") { HelpName = "NAME", Description = "Of this machine's interfaces only this one." };
        var install = new Option<string?>("--install") { HelpName = "FOLDER", Description = "Write what makes Wireshark call this program into its folder of extcaps." };
        var command = new Command("extcap", "Be a source of packets for Wireshark: scenarios, and what this machine sees, as interfaces.")
        {
            install, interfaces, name, linkTypes, config, filter, version, capture, fifo, dialect, seed, realTime, live,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is { } asked && !Extcap.IsInterface(asked))
                result.AddError($"There is no interface '{asked}': --extcap-interfaces lists them.");
            else if ((result.GetValue(linkTypes) || result.GetValue(config) || result.GetValue(capture)) && result.GetValue(name) is null)
                result.AddError("Say which interface: --extcap-interface.");
            if (result.GetValue(capture) && result.GetValue(fifo) is null)
                result.AddError("Say where the packets go: --fifo.");
            if (result.GetValue(dialect) is { } wanted && wanted != Extcap.OwnDialect && !NetBtDialect.TryFind(wanted, out _))
                result.AddError($"There is no dialect '{wanted}': --extcap-config lists them.");
            if (result.GetValue(seed) is { Length: > 0 } number && !ulong.TryParse(number, out _))
                result.AddError($"'{number}' is not a number from 0 to {ulong.MaxValue}.");
        });
        command.SetAction(parsed =>
        {
            string asked = parsed.GetValue(name) ?? "";
            if (parsed.GetValue(install) is { } folder)
                return Install(terminal, folder);
            if (parsed.GetValue(interfaces))
                Extcap.WriteInterfaces(terminal.Output);
            else if (parsed.GetValue(linkTypes))
                Extcap.WriteLinkTypes(terminal.Output, asked);
            else if (parsed.GetValue(config))
                Extcap.WriteConfiguration(terminal.Output, asked);
            else if (parsed.GetValue(filter) is { Length: > 0 })
                terminal.Output.WriteLine("There are no capture filters here: use a display filter such as nbns."); // any words say that it is wrong
            else if (parsed.GetValue(capture) && asked == Extcap.LiveInterface)
                Watch(parsed.GetValue(fifo)!, parsed.GetValue(live) is { Length: > 0 } one ? one : null);
            else if (parsed.GetValue(capture))
                Play(Extcap.FindScenario(asked)!, parsed.GetValue(fifo)!, parsed.GetValue(dialect), parsed.GetValue(seed), parsed.GetValue(realTime));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Play(Scenario scenario, string fifo, string? dialect, string? seed, bool isRealTime)
    {
        var run = new ScenarioRun(scenario, dialect is null or Extcap.OwnDialect ? null : Dialects.Find(dialect), string.IsNullOrEmpty(seed) ? null : ulong.Parse(seed, System.Globalization.CultureInfo.InvariantCulture));
        using var pipe = Open(fifo);
        using var writer = new CaptureWriter(new OutputStream(pipe, $"'{fifo}'", hasReader: true));
        var tap = new CaptureTap(writer, Instant.FromDateTimeOffset(TimeProvider.System.GetUtcNow()));
        for (int segment = 0; segment < run.Simulator.SegmentCount; segment++)
            tap.Add(run.Simulator, new SegmentId(segment));
        run.Simulator.AddObserver(tap);
        if (isRealTime)
            run.Simulator.AddObserver(new RealTimePace(writer));
        run.Run();
    }

    private static void Watch(string fifo, string? source)
    {
        using var frames = WatchCommand.Open(source);
        using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            frames.Dispose();
        });
        using var pipe = Open(fifo);
        frames.CopyTo(new OutputStream(pipe, $"'{fifo}'", hasReader: true)); // that it is closed means that there is nothing more to do
    }

    /// <summary>Wireshark's pipe.</summary>
    private static Stream Open(string path)
    {
        try
        {
            if (!path.StartsWith(WindowsPipe, StringComparison.Ordinal))
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            var pipe = new NamedPipeClientStream(".", path[WindowsPipe.Length..], PipeDirection.Out);
            pipe.Connect();
            return pipe;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BadInputException($"'{path}' cannot be written: {e.Message}");
        }
    }

    /// <summary>Wireshark calls what is in its folder without a word of ours before its own: a small script says it.</summary>
    private static int Install(Terminal terminal, string folder)
    {
        string[] self = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet" ? [path] : [Environment.ProcessPath ?? "dotnet", Path.Combine(AppContext.BaseDirectory, $"{typeof(ExtcapCommand).Assembly.GetName().Name}.dll")];
        string call = string.Join(' ', self.Select(part => $"\"{part}\"")) + " extcap";
        string file = Path.Combine(folder, OperatingSystem.IsWindows() ? "nbnssim.bat" : "nbnssim");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(file, OperatingSystem.IsWindows() ? $"@echo off\r\n{call} %*\r\n" : $"#!/bin/sh\nexec {call} \"$@\"\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OutputFailedException($"'{file}' cannot be written: {e.Message}");
        }

        terminal.Output.WriteLine($"{file} is there: Wireshark and tshark -D show the interfaces.");
        return ExitCode.Done;
    }
}
