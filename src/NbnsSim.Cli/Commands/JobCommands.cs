using System.CommandLine;
using NbnsSim.Jobs;
using NbnsSim.Jobs.Archives;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Jobs.Chaos;
using NbnsSim.Jobs.Runs;
using NbnsSim.Testing.Chaos;

namespace NbnsSim.Cli.Commands;

/// <summary><c>analyze</c> and <c>campaign</c>: what is too much for one run, as a job that goes on where it was.</summary>
internal static class JobCommands
{
    public static Command Analyze(Terminal terminal)
    {
        var inputs = new ArchiveInputs();
        var shard = ArchiveInputs.ShardOctets($"How much of a file one worker reads at a time: {ArchiveSpec.StandardShardOctets}. The result does not depend on it.");
        var reading = new ArchiveReading();
        var runs = new Option<string?>("--runs") { HelpName = "RUNS", Description = "A folder in which what is extracted lives beyond the job: the same content is not extracted again, whatever its path." };
        var command = new Command("analyze", "Diagnose an archive of captures as if it were one: resumable, on all cores, with tables that 'query' reads.") { shard, runs };
        inputs.AddTo(command);
        reading.AddTo(command);
        return Job(terminal, command, parsed => ArchiveSpec.Of(inputs.Of(parsed), parsed.GetValue(shard)) with
        {
            Runs = ArchiveInputs.Full(parsed.GetValue(runs)),
            Clocks = reading.Clocks(parsed),
            Audit = reading.Audit(parsed),
            Subnets = reading.Subnets(parsed),
        });
    }

    public static Command Merge(Terminal terminal)
    {
        var runs = new Argument<string[]>("RUNS") { HelpName = "RUNS", Description = "Folders that 'extract' wrote into.", Arity = ArgumentArity.OneOrMore };
        var list = new Option<string?>("--list") { HelpName = "FILE", Description = "The captures that there have to be, a path a line; '-' for standard input. Without it those that there are." };
        var reading = new ArchiveReading();
        var command = new Command("merge", "Put together what 'extract' made, as 'analyze' of the same captures would: these need not be there any more.") { runs, list };
        reading.AddTo(command);
        return Job(terminal, command, parsed => MergeSpec.Of(parsed.GetValue(runs)!, parsed.GetValue(list) is { } file ? InputList.Read(file) : null) with
        {
            Clocks = reading.Clocks(parsed),
            Audit = reading.Audit(parsed),
            Subnets = reading.Subnets(parsed),
        });
    }

    public static Command Campaign(Terminal terminal)
    {
        var scenarios = new Argument<string[]>("SCENARIO") { HelpName = "SCENARIO", Description = "Built-in scenarios or files of one's own; or 'chaos' alone: a network of its own for each seed, with faults, held against what must hold whatever goes wrong.", Arity = ArgumentArity.OneOrMore };
        var seeds = Choices.Option("--seeds", "N|A..B", "Which seeds of each: 1 to N, or A to B.", CampaignSpec.ParseSeeds, (1ul, 100ul));
        var dialects = new Option<string?>("--dialects") { HelpName = "D,D,…", Description = "The dialects of all nodes, one after the other; without them each scenario's own." };
        var faults = new Option<string?>("--faults") { HelpName = "FAULT,…", Description = "What goes wrong on every link beside what the scenario says: loss:probability=5%,delay:delay=20ms,jitter=10ms and so on. For chaos what may go wrong at all: all, none, or loss,crash and so on." };
        var hosts = Choices.Number<int>("--hosts", "N", "The most hosts of a network of chaos: 8.", ChaosOptions.MostHosts, text => $"--hosts is 2 to {ChaosOptions.MostHosts}, not '{text}'.", least: 2);
        var command = new Command("campaign", "Run scenarios for many seeds, dialects and faults, and tell which runs fail and how to repeat them.") { scenarios, seeds, dialects, faults, hosts };
        return Job(terminal, command, parsed => CampaignLine.Read(parsed.GetValue(scenarios)!, parsed.GetValue(seeds), parsed.GetValue(dialects), parsed.GetValue(faults), parsed.GetValue(hosts)));
    }

    /// <summary>Has a command run the job that its arguments say.</summary>
    private static Command Job(Terminal terminal, Command command, Func<ParseResult, JobSpec> specOf)
    {
        var output = new Option<string>("--out") { HelpName = "JOB", Description = "The job's folder: what is done is kept there, and the same command goes on where it was.", Required = true };
        var parallel = Choices.Number<int>("--parallel", "N", "How many workers: one for each core.", 1_024, text => $"--parallel is 1 to 1024, not '{text}'.", least: 1);
        var json = Choices.Json("Print the summary as one JSON object.");
        foreach (var option in (Option[])[output, parallel, json])
            command.Add(option);
        command.SetAction((parsed, stop) => RunAsync(terminal, () => specOf(parsed), parsed.GetValue(output)!, parsed.GetValue(parallel), parsed.GetValue(json), stop));
        return command;
    }

    /// <summary>Runs a job in a folder, tells how it goes on and what it came to.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Terminal terminal, Func<JobSpec> specOf, string folder, int? parallel, bool isJson, CancellationToken stop)
    {
        try
        {
            var spec = specOf();
            await using var engine = new LocalEngine(folder, parallel is > 0 ? parallel : null);
            using var progress = new Progress(terminal, spec.Kind);
            var outcome = await JobRun.RunAsync(engine, spec, now => progress.Show(JobText.Line(spec, now)), TimeSpan.FromSeconds(terminal.ErrorIsTerminal ? 0.2 : 5), stop: stop);
            progress.Dispose();
            if (isJson)
                JobText.Write(spec, outcome.Result, terminal.Ndjson);
            else
                JobText.Write(spec, outcome.Result, terminal.Report);
            return outcome.ExitCode;
        }
        catch (JobException e)
        {
            throw new BadInputException(e.Message);
        }
    }
}
