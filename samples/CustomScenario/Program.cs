// A scenario of your own, run twice from the same moment: once as it is, and once, forked, with a fault added: what the first
// machine says to the second is lost.
//
//   dotnet run --project samples/CustomScenario          runs two-printers.json beside this file
//   dotnet run --project samples/CustomScenario -- FILE  runs yours; a mistake in it is told with file, line and column
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

Scenario scenario;
try
{
    scenario = Scenario.Load(args.FirstOrDefault() ?? Path.Combine(AppContext.BaseDirectory, "two-printers.json"));
}
catch (Exception e) when (e is ScenarioException or IOException)
{
    Console.Error.WriteLine(e.Message);
    return 3;
}

var run = new ScenarioRun(scenario);
run.Step(); // up to the first step, and does it: from here on there are two futures
var badNetwork = run.Fork();
if (badNetwork.Simulator.HostCount > 1)
{
    badNetwork.Simulator.AddRule(new LinkRule("lost answers", LinkFault.Loss)
    {
        From = new HostId(0),
        To = new HostId(1),
        PartsPerMillion = LinkRule.Always,
    });
}

bool met = Tell("As it is", run);
Tell($"With everything lost that {badNetwork.Simulator.NameOf(new HostId(0))} says to the next host", badNetwork);
return met ? 0 : 1;

static bool Tell(string title, ScenarioRun run)
{
    var results = run.Run();
    Console.WriteLine($"{title}: {run.Scenario.Title}");
    foreach (var result in results)
        Console.WriteLine($"  {result}");
    foreach (var logged in run.Simulator.Log)
        Console.WriteLine($"  {logged.Event.Time} s, log of {run.Simulator.NameOf(logged.Host)}: {logged.Event}");
    Console.WriteLine();
    return results.All(result => result.Outcome != ExpectationOutcome.NotMet);
}
