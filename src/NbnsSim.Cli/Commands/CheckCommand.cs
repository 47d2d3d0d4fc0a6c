using System.CommandLine;
using System.Text;
using NbnsSim.Checking;
using NbnsSim.Files;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Jobs.Checks;
using NbnsSim.Protocol;
using NbnsSim.Reports.Checks;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli.Commands;

/// <summary><c>check SCENARIO</c>: every run that a scenario can have when up to so many things go wrong.</summary>
internal static class CheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var name = ScenarioArgument.Create<string>(ArgumentArity.ExactlyOne);
        var dialect = Choices.Dialect("What hosts behave like that have no dialect of their own");
        var faults = Choices.Number<int>("--faults", "N", "How many faults one run may have, 0 to 8: 1 where a kind of fault is named.", 8, text => $"--faults is 0 to 8, not '{text}'.");
        var kinds = CheckFaultNames.All.Select(kind => (Kind: CheckFaultNames.Parse(kind), Option: new Option<bool>($"--{kind}") { Description = Describe(kind) })).ToList();
        var order = new Option<bool>("--any-order") { Description = "Try commands of one time in every order." };
        var properties = Choices.Several<CheckProperty>("--property", "NAME", $"What is to hold, once or several times; those that should hold in any sound network unless named. One of {string.Join(", ", CheckProperties.Names)}.", (text, _) => CheckProperties.Find(text)
            ?? throw new FormatException($"'{text}' is no property: expected {string.Join(", ", CheckProperties.Names)}."));
        var states = Choices.Number<long>("--states", "N", "How many different states to look at, at most: 10,000,000.", long.MaxValue, text => $"--states is a number of at least 1, not '{text}'.", least: 1);
        var time = Choices.Number<int>("--time", "SECONDS", "How long to look, at most.", int.MaxValue / 1_000, text => $"--time is a number of seconds of at least 1, not '{text}'.", least: 1);
        var parallel = Choices.Number<int>("--parallel", "N", "How many workers: one for each core.", 1_024, text => $"--parallel is 1 to 1024, not '{text}'.", least: 1);
        var all = new Option<bool>("--no-reduction") { Description = "Follow every run to its end, also through states that were seen; for comparing." };
        var partial = new Option<bool>("--partial-order") { Description = "Take what happens at one time as a set where its order is found to make no difference." };
        var symmetry = new Option<bool>("--symmetry") { Description = "Let machines that are the same but for their names and addresses change places; with --partial-order." };
        var output = new Option<string?>("--out") { HelpName = "DIR", Description = "Write a counterexample to this folder: scenario.json, run.txt, run.pcapng, run.html and CounterexampleTests.cs." };
        var job = new Option<string?>("--job") { HelpName = "JOB", Description = "Do it in parts and keep what is done in this folder: the same command goes on where it was. Results are as of --out." };
        var json = Choices.Json("Print the result as one JSON object.");
        var command = new Command("check", "Try every run that a scenario can have when things go wrong, and show the shortest that breaks a property.") { name, dialect, faults, order, properties, states, time, parallel, partial, symmetry, all, output, job, json };
        foreach (var (_, option) in kinds)
            command.Add(option);
        command.Refuse("--partial-order and --symmetry do not go with --job: what is done in parts does not know what others have seen.", result => result.GetValue(job) is not null && (result.GetValue(partial) || result.GetValue(symmetry)));
        command.SetAction((parsed, stop) =>
        {
            var (text, file) = ScenarioArgument.Read(terminal, parsed.GetValue(name)!);
            var scenario = Scenario.Parse(text, file);
            var asked = scenario.Check ?? new ScenarioCheck();
            var chosen = kinds.Where(kind => parsed.GetValue(kind.Option)).Aggregate(CheckFaults.None, (sum, kind) => sum | kind.Kind);
            chosen = chosen == CheckFaults.None ? asked.Faults : chosen;
            int most = parsed.GetValue(faults) ?? (chosen == CheckFaults.None ? 0 : Math.Max(1, asked.MaxFaults));
            int workers = parsed.GetValue(parallel) is > 0 and int wanted ? wanted : Environment.ProcessorCount;
            var options = new CheckOptions
            {
                Faults = most > 0 && chosen == CheckFaults.None ? CheckFaults.Loss | CheckFaults.Duplicate | CheckFaults.Reorder : chosen,
                MaxFaults = most,
                FaultsUntil = asked.FaultsUntil ?? Instant.MaxValue,
                Quiet = asked.Quiet ?? new CheckOptions().Quiet,
                AnyOrder = parsed.GetValue(order) || asked.AnyOrder,
                Reduces = !parsed.GetValue(all),
                PartialOrder = parsed.GetValue(partial),
                Symmetry = parsed.GetValue(symmetry),
                MaxStates = parsed.GetValue(states) is > 0 and long bound ? bound : 10_000_000,
            };
            string[] held = parsed.GetValue(properties) is { Length: > 0 } named ? [.. named.Select(property => property.Name)] : [.. asked.Properties];
            var wantedDialect = Choices.FindDialect(parsed.GetValue(dialect));
            if (parsed.GetValue(job) is { } folder)
                return JobCommands.RunAsync(terminal, () => new CheckSpec(BuiltInScenarios.Find(parsed.GetValue(name)!) is { } builtIn ? new CampaignScenario(builtIn.Name) : new CampaignScenario(file, Encoding.UTF8.GetString(text)), held, options, wantedDialect), folder, workers, parsed.GetValue(json), stop);
            var checker = Prepare(scenario, held.Length > 0 ? held.Select(property => CheckProperties.Find(property)!) : CheckProperties.Standard, options with
            {
                Workers = workers,
                RunAll = all => Parallel.ForEach(all, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, all.Count) }, one => one()),
            }, wantedDialect);
            return Task.FromResult(Look(terminal, checker, parsed.GetValue(time), parsed.GetValue(output), parsed.GetValue(json), stop));
        });
        return command;
    }

    private static Checker Prepare(Scenario scenario, IEnumerable<CheckProperty> properties, CheckOptions options, NetBtDialect? dialect)
    {
        try
        {
            return new Checker(scenario, properties, options, dialect);
        }
        catch (ArgumentException e) when (e.ParamName is { } name)
        {
            throw new BadInputException(e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal));
        }
    }

    private static int Look(Terminal terminal, Checker checker, int? seconds, string? output, bool isJson, CancellationToken stop)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (seconds is { } limit)
            ends.CancelAfter(TimeSpan.FromSeconds(limit));
        CheckResult result;
        using (var progress = new Progress(terminal, checker.Scenario.Name, "states"))
        {
            result = checker.Run(
                now =>
                {
                    lock (progress)
                        progress.Report(now.Done, now.Parts, now.States);
                },
                stop: ends.Token);
        }

        stop.ThrowIfCancellationRequested();
        var report = new CheckReport(checker, result);
        if (isJson)
            report.Write(terminal.Ndjson);
        else
            report.Write(terminal.Report);
        if (output is not null && result.Counterexample is { } found)
        {
            OutputFailedException.Tell(() =>
            {
                Directory.CreateDirectory(output);
                new CounterexampleFiles(found).WriteTo(output);
                return true;
            });
        }

        return result.Verdict switch { CheckVerdict.Holds => ExitCode.Done, CheckVerdict.OutOfBounds => ExitCode.CannotTell, _ => ExitCode.No };
    }

    private static string Describe(string kind) => kind switch
    {
        "loss" => "A datagram may not arrive at one receiver, or a broadcast at none.",
        "duplicate" => "A datagram may arrive twice.",
        "reorder" => "A datagram may be overtaken by the next one.",
        "corrupt" => "A datagram may arrive with one octet changed.",
        "crash" => "A host may stop.",
        "restart" => "A host may restart and have forgotten everything.",
        "partition" => "A host may be cut off for ten seconds.",
        "forged-release" => "An outsider may tell a machine to release a name.",
        _ => "An outsider may tell a machine that a name is in conflict.",
    };
}
