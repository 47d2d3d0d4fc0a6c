using System.CommandLine;
using NbnsSim.Files;
using NbnsSim.Testing.Traffic;

namespace NbnsSim.Cli.Commands;

/// <summary><c>generate --class CLASS --out FOLDER</c>: traffic of which it is known what happens in it, frame by frame.</summary>
internal static class GenerateCommand
{
    public static Command Create(Terminal terminal)
    {
        var classes = Choices.Option<TrafficRequest>("--class", "CLASS[,CLASS]", $"Which classes: names of --list, causes that 'diagnose' tells, or {string.Join(", ", TrafficClasses.Groups)}.", text => new() { Classes = TrafficClasses.Select(text) });
        var seeds = Choices.Option("--seeds", "N|A..B", "Which seeds of each class: 1 to N, or A to B.", SeedRange.Parse, new SeedRange(1, 1));
        var background = Choices.Number("--background", "N", $"How many machines that have nothing to do with it are around it, B, P, M and H nodes of several eras, beside a name server of their own: {TrafficRequest.DefaultBackgroundHosts}.", TrafficClass.MaxBackgroundHosts, text => $"'{text}' is not a number from 0 to {TrafficClass.MaxBackgroundHosts}.");
        var output = new Option<string?>("--out") { HelpName = "FOLDER", Description = "The folder for the files; made where there is none." };
        var ids = new Option<bool>("--ids") { Description = "Also write test cases for Suricata and Zeek, laid out as their projects' own tests are." };
        var list = new Option<bool>("--list") { Description = "Print what classes there are, those of --class where it is given, and what 'diagnose' tells of each." };
        var json = Choices.Json("With --list: print one JSON object a line for each class.");
        var command = new Command("generate", "Write labelled traffic for rules of an IDS or a firewall: attacks, faults, and what only looks like one.") { classes, seeds, background, output, ids, list, json };
        command.Refuse("Say which classes and where to, --class CLASS --out FOLDER; or --list, with or without --class and --json.", given => given.GetValue(list) ? given.GetResult(output) is not null : given.GetValue(json) || given.GetResult(classes) is null || string.IsNullOrEmpty(given.GetValue(output)));
        command.SetAction((parsed, stop) =>
        {
            var request = (parsed.GetValue(classes) ?? new()) with { Seeds = parsed.GetValue(seeds), BackgroundHosts = parsed.GetValue(background) ?? TrafficRequest.DefaultBackgroundHosts, HasIdsCases = parsed.GetValue(ids) };
            int count = parsed.GetValue(list) ? request.CaptureCount : OutputFailedException.Tell(() => request.WriteTo(parsed.GetValue(output)!, stop));
            if (parsed.GetValue(list))
                terminal.Print(new TrafficList(request.Classes), parsed.GetValue(json));
            else
                terminal.Output.WriteLine($"Captures with their labels: {count}{(count < request.CaptureCount ? $" of {request.CaptureCount}, interrupted" : "")}, in '{parsed.GetValue(output)}'; INDEX.tsv there lists them.");
            return Task.FromResult(count < request.CaptureCount ? ExitCode.Interrupted : ExitCode.Done);
        });
        return command;
    }
}
