using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Files;
using NbnsSim.Replay;
using NbnsSim.Reports;
using NbnsSim.Twins;

namespace NbnsSim.Cli.Commands;

/// <summary><c>twin FILE…</c>: a capture as a scenario that does the same again.</summary>
internal static class TwinCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = Choices.Captures("The capture");
        var output = new Option<string?>("--out") { HelpName = "OUT.json", Description = "Write the scenario to this file, for run, whatif, state and why." };
        var compare = new Option<bool>("--compare") { Description = "Run it, and line up what its machines send with what was captured." };
        var json = Choices.Json();
        var command = new Command("twin", "Make a scenario of a capture: hosts, segments, name servers, dialects, names, every command with its time.") { files, output, compare, json };
        command.SetAction(parsed =>
        {
            using var captures = new Captures(terminal, parsed.GetValue(files)!);
            using var datagrams = new DatagramReader(captures.Open(), CaptureFile.NameService);
            var twin = CaptureTwin.Make(datagrams, Path.GetFileNameWithoutExtension(captures.Title));
            captures.SayWhatIsMissing(datagrams);
            bool isDamaged = captures.SayWhatIsDamaged(datagrams);
            if (parsed.GetValue(output) is { } path)
            {
                using var file = OutputStream.Create(path);
                twin.Scenario.Write(file);
            }

            terminal.Print(new TwinReport(captures.Title, twin, parsed.GetValue(compare) ? twin.Compare() : null), parsed.GetValue(json));
            return isDamaged ? ExitCode.BadInput : twin.Packets.Count == 0 ? ExitCode.No : ExitCode.Done;
        });
        return command;
    }
}
