using System.CommandLine;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Jobs.Chaos;

namespace NbnsSim.Cluster.Tool;

/// <summary><c>campaign</c>: has the cluster run scenarios with many seeds.</summary>
internal static class CampaignCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var scenarios = new Argument<string[]>("SCENARIO") { Description = "scenarios that are built in, or files; workers need no file; or chaos alone: a network of its own for each seed", Arity = ArgumentArity.OneOrMore };
        var seeds = new Option<string>("--seeds") { Description = "FIRST..LAST, or how many", Required = true };
        var dialects = new Option<string?>("--dialects") { Description = "DIALECT,DIALECT: what hosts without a dialect of their own behave like, each in turn; each scenario's own without it" };
        var faults = new Option<string[]>("--faults") { Description = "what goes wrong on every link besides, such as loss:probability=5%; may be given several times; for chaos what may go wrong at all, such as loss,crash" };
        var hosts = new Option<int?>("--hosts") { Description = "the most hosts of a network of chaos, 2 to 1,000: 8 without it" };
        return new JobCommand(
            "campaign", "Has the cluster run scenarios with many seeds, and tells how often what was expected of them did not come.", [scenarios, seeds, dialects, faults, hosts],
            parsed => CampaignLine.Read(
                parsed.GetValue(scenarios)!, CampaignSpec.ParseSeeds(parsed.GetValue(seeds)!), parsed.GetValue(dialects), parsed.GetValue(faults) is { Length: > 0 } some ? string.Join(',', some) : null, parsed.GetValue(hosts)),
            output, error);
    }
}
