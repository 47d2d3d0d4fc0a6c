using System.Collections.Immutable;
using System.CommandLine;
using NbnsSim.Captures;
using NbnsSim.Files;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Reports;
using NbnsSim.Reports.EventLogs;
using NbnsSim.Reports.Pictures;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Cli.Commands;

/// <summary><c>run SCENARIO</c>: plays a scenario and shows it: ladder, event logs, names, story, expectations.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = ScenarioArgument.Create<string?>(ArgumentArity.ZeroOrOne);
        var dialect = Choices.Dialect("What hosts behave like that have no dialect of their own");
        var seed = Choices.Number(
            "--seed", "NUMBER", "What all randomness follows from, a number; the scenario's own if not given.", ulong.MaxValue, text => $"'{text}' is not a number from 0 to {ulong.MaxValue}.");
        var faults = Choices.Option("--faults", "FAULT,…", "What goes wrong on every link besides, as a campaign has it: loss:probability=5%.", CampaignFault.ParseAll, []);
        var capture = new Option<string?>("--capture") { Description = "Write what passes on the segments to this file (pcapng; pcap where the name ends so).", HelpName = "OUT.pcapng" };
        var events = new Option<string?>("--events") { Description = "Write the machines' event logs to this file: .evtx, or XML where the name ends so.", HelpName = "OUT.evtx|OUT.xml" };
        var trace = new Option<string?>("--trace") { Description = "Write everything that happens to this file, a line each.", HelpName = "OUT.txt" };
        var json = Choices.Json();
        var command = new Command("run", "Run a scenario and show what happened, who logged what, and why.") { name, dialect, seed, faults, capture, events, trace, json };
        var drawing = new PictureOptions(command);
        var saved = new SavedRuns(command, name, dialect, seed, faults);
        command.SetAction(parsed =>
        {
            var draw = drawing.Of(parsed);
            byte[] text = [];
            string file = parsed.GetValue(name) ?? "";
            var run = saved.Open(parsed, terminal) ?? Begin();
            using var captured = Output(parsed.GetValue(capture), path => Capture(run.Simulator, path));
            using var logs = Output(parsed.GetValue(events), path => SimulatedEventLog.Attach(
                run.Simulator, OutputStream.Create(path), path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase) ? EventLogFormat.Xml : EventLogFormat.Evtx));
            using var traced = Output(parsed.GetValue(trace), OutputStream.CreateText);
            if (traced is not null)
                run.Simulator.AddObserver(new TraceWriter(traced));
            var report = parsed.GetValue(json) ? null : RunReport.Attach(run);
            var lines = parsed.GetValue(json) ? RunNdjson.Attach(run, terminal.Ndjson) : null;
            var picture = draw is null ? null : RunPicture.Attach(run);
            ImmutableArray<ExpectationResult> results;
            using (var progress = new Progress(terminal, run.Scenario.Name, "datagrams"))
            {
                run.Simulator.AddObserver(new ProgressObserver(progress, run.Scenario.End));
                saved.Save(parsed, run, text, file);
                results = run.Run();
            }

            lines?.WriteEnd(results);
            report?.Write(terminal.Report, results);
            if (picture is not null)
                draw!(picture.Draw(results));
            return results.Any(result => result.Outcome == ExpectationOutcome.NotMet) ? ExitCode.No : ExitCode.Done;

            ScenarioRun Begin()
            {
                (text, file) = ScenarioArgument.Read(terminal, file);
                var scenario = CampaignFault.Overlay(Scenario.Parse(text, file), parsed.GetValue(faults));
                return new ScenarioRun(scenario, Choices.FindDialect(parsed.GetValue(dialect)), parsed.GetValue(seed));
            }
        });
        return command;
    }

    private static CaptureWriter Capture(Simulator simulator, string path)
    {
        bool isPcap = path.EndsWith(".pcap", StringComparison.OrdinalIgnoreCase);
        if (isPcap && simulator.SegmentCount > 1)
            throw new BadInputException($"'{path}': pcap has room for one segment and the scenario has {simulator.SegmentCount}. Name the file .pcapng.");
        return CaptureTap.Attach(simulator, OutputStream.Create(path), new CaptureWriterOptions { Format = isPcap ? CaptureFormat.Pcap : CaptureFormat.PcapNg });
    }

    private static T? Output<T>(string? path, Func<string, T> create)
        where T : class => path is null ? null : create(path);

    private sealed class ProgressObserver(Progress progress, Instant end) : SimulationObserver
    {
        public override void Sent(Simulator simulator, in SimulatedDatagram datagram) => progress.Report(simulator.Now.Nanoseconds, end.Nanoseconds, simulator.SentCount);
    }
}
