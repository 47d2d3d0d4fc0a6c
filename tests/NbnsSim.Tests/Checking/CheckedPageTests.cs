using System.Globalization;
using System.Text;
using NbnsSim.Checking;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Tests.House;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Checking;

/// <summary>
/// What a checker finds from a few plain machines and a goal, and what it proves. <c>tests/CHECKED.md</c> shows it; run with NBNSSIM_RECORD=1 to write it anew.
/// </summary>
public sealed class CheckedPageTests
{
    private const CheckFaults NetworkFaults = CheckFaults.Loss | CheckFaults.Duplicate | CheckFaults.Reorder | CheckFaults.Crash | CheckFaults.Restart;

    private static readonly string Page = Path.Combine(Repository.Root, "tests", "CHECKED.md");

    [Test]
    public void WhatIsFoundAndProvenIsOnThePage()
    {
        var page = new StringBuilder();
        page.Append(
            """
            # What is checked in every way that it can go

            Written by `NBNSSIM_RECORD=1 dotnet test tests/NbnsSim.Tests --filter FullyQualifiedName~CheckedPage`; a test holds it. `nbnssim check FILE` shows each with its run.
            The machines are those that ship. A state is known by its fingerprint; what is reached again is not looked at again, and that is all that is left out, but for the last table
            (`CheckerTests.WhatIsReducedLosesNoState` holds this against following every run to its end).

            ## Found from a few plain machines and a goal

            The files are in `samples/checks`. "Steps" is more than "states" where several ways lead to one state.

            | file | machines of | what may go wrong | goal | came to | faults needed | states | steps | as in |
            |---|---|---|---|---|---|---|---|---|

            """);
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "samples", "checks"), "*.json").Order(StringComparer.Ordinal))
            Goal(page, file);
        page.Append(
            """

            ## Proven within two faults

            Three nodes, of which two claim one user's name, and a name server; up to two of: a datagram lost, twice or late, a machine that stops or restarts. Each cell has the number of
            different states, or what does not hold and with how many faults. All properties that hold in a sound network are held but two:
            `server-knows-names`, since a name server that has forgotten everything is told at the next refresh, days later (above: a-name-server-forgets-and-is-told), and `servers-names-are-held`, since a machine
            that restarts has released nothing, and its record is there until it runs out (a-machine-stops).

            | | B | P | M | H |
            |---|---|---|---|---|

            """);
        foreach (var dialect in NetBtDialect.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {dialect.Title} |");
            foreach (var type in new[] { OwnerNodeType.B, OwnerNodeType.P, OwnerNodeType.M, OwnerNodeType.H })
                page.Append(CultureInfo.InvariantCulture, $" {Cell(Matrix(dialect, type))} |");
            page.Append('\n');
        }

        page.Append(
            """

            ## Left out on request

            Four machines of Windows NT 4.0 boot at one time, one logs a user on, and the others look for him. Three are alike: they may change places (`--symmetry`). What happens at one time is a set
            (`--partial-order`): things that reach no machine in common are independent, and of each two that do both orders were tried and led to one state, so that of commands at one time one order is left.
            Faults come in the order of time in any case, so that sleep sets would leave out a second order only of two that come in one moment.
            `ReductionTests` holds what is looked at against all that there is: the states between two instants are the same, but for machines in each other's places. Where the order does make a difference,
            as of two claims at one server, the check says so and leaves nothing out.

            | what may go wrong | orders of commands | left out | came to | states | steps | pairs tried |
            |---|---|---|---|---|---|---|

            """);
        foreach (var (faults, most, anyOrder) in new[] { (CheckFaults.Loss, 1, true), (CheckFaults.Loss, 1, false), (CheckFaults.Loss | CheckFaults.Crash, 2, false) })
        {
            foreach (var (partial, symmetry) in new[] { (false, false), (true, false), (true, true) })
                page.Append(LeftOut(faults, most, anyOrder, partial, symmetry));
        }

        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(Page, page.ToString());
        Assert.That(page.ToString(), Is.EqualTo(File.ReadAllText(Page)), "run the test with NBNSSIM_RECORD=1 to write it anew");
    }

    private static string LeftOut(CheckFaults faults, int most, bool anyOrder, bool partial, bool symmetry)
    {
        var scenario = Scenario.Parse(
            """
            { "name": "four", "dialect": "nt4",
              "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
              "hosts": [
                { "name": "ALPHA", "address": "10.0.0.1", "workgroup": "OFFICE" }, { "name": "BRAVO", "address": "10.0.0.2", "workgroup": "OFFICE" },
                { "name": "CHARLIE", "address": "10.0.0.3", "workgroup": "OFFICE" }, { "name": "DELTA", "address": "10.0.0.4", "workgroup": "OFFICE" }],
              "steps": [
                { "at": "0s", "do": "boot", "host": ["ALPHA", "BRAVO", "CHARLIE", "DELTA"] },
                { "at": "20s", "do": "logon", "host": "ALPHA", "user": "JSMITH" },
                { "at": "30s", "do": "query", "host": ["BRAVO", "CHARLIE", "DELTA"], "name": "JSMITH<03>" }],
              "end": "35s" }
            """u8, "four.json");
        var result = new Checker(scenario, CheckProperties.Standard, Options(faults, most) with { Workers = 1, AnyOrder = anyOrder, PartialOrder = partial, Symmetry = symmetry }).Run();
        string left = symmetry ? "set, alike machines" : partial ? "set" : "nothing more";
        Assert.That(result.NotReduced, Is.Empty);
        return string.Create(
            CultureInfo.InvariantCulture, $"| up to {most} of {faults} | {(anyOrder ? "all" : "the scenario's")} | {left} | {result.Verdict} | {result.States:N0} | {result.Steps:N0} | {result.PairsTried:N0} |\n");
    }

    private static void Goal(StringBuilder page, string file)
    {
        var scenario = Scenario.Load(file);
        var check = scenario.Check!;
        var result = new Checker(scenario, check.Properties.Select(name => CheckProperties.Find(name)!), Options(check.Faults, check.MaxFaults) with // one worker: how many steps several make is left to chance
        {
            Workers = 1,
            AnyOrder = check.AnyOrder,
            FaultsUntil = check.FaultsUntil ?? Instant.MaxValue,
        }).Run();
        string goal = result.Counterexample?.Property.Name ?? string.Join(", ", check.Properties.Where(name => CheckProperties.Find(name)!.Mode != CheckMode.Sometimes));
        string faults = check.MaxFaults == 0 ? check.AnyOrder ? "the order of commands" : "nothing" : string.Create(CultureInfo.InvariantCulture, $"up to {check.MaxFaults} of {check.Faults}");
        page.Append(
            CultureInfo.InvariantCulture,
            $"| {Path.GetFileNameWithoutExtension(file)} | {scenario.Dialect.Make().Title} | {faults} | {goal} | {result.Counterexample?.Text ?? result.Verdict.ToString()} | {result.Counterexample?.Faults.Length.ToString(CultureInfo.InvariantCulture) ?? ""} | {result.States:N0} | {result.Steps:N0} | {string.Join(", ", scenario.Sources)} |\n");
    }

    private static string Cell(CheckResult result) => result.Counterexample is { } found
        ? string.Create(CultureInfo.InvariantCulture, $"{found.Property.Name}, {(found.Faults.Length == 1 ? "1 fault" : $"{found.Faults.Length} faults")}")
        : string.Create(CultureInfo.InvariantCulture, $"{result.Verdict.ToString().ToLowerInvariant()}, {result.States:N0}");

    private static CheckResult Matrix(NetBtDialect dialect, OwnerNodeType type)
    {
        string server = type == OwnerNodeType.B ? "" : """, "nameServers": ["WINS"]""";
        var scenario = Scenario.Parse(
            Encoding.UTF8.GetBytes(
                $$"""
                { "name": "matrix", "dialect": "{{dialect.Name}}",
                  "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
                  "hosts": [
                    { "name": "WINS", "role": "nameServer", "address": "10.0.0.9", "nameServer": { "dialect": "nt4" } },
                    { "name": "ALPHA", "address": "10.0.0.1", "nodeType": "{{type}}"{{server}} },
                    { "name": "BRAVO", "address": "10.0.0.2", "nodeType": "{{type}}"{{server}} },
                    { "name": "CHARLIE", "address": "10.0.0.3", "nodeType": "{{type}}"{{server}} }],
                  "steps": [
                    { "at": "0s", "do": "boot", "host": ["ALPHA", "BRAVO", "CHARLIE"] },
                    { "at": "20s", "do": "logon", "host": "ALPHA", "user": "JSMITH" },
                    { "at": "30s", "do": "logon", "host": "BRAVO", "user": "JSMITH" },
                    { "at": "40s", "do": "query", "host": "CHARLIE", "name": "JSMITH<03>" }],
                  "end": "45s" }
                """),
            "matrix.json");
        return new Checker(scenario, CheckProperties.Standard.RemoveRange([CheckProperties.ServerKnowsNames, CheckProperties.ServersNamesAreHeld]), Options(NetworkFaults, 2) with { FaultsUntil = Instant.Epoch + TimeSpan.FromSeconds(45) }).Run();
    }

    private static CheckOptions Options(CheckFaults faults, int most) => new()
    {
        Faults = faults,
        MaxFaults = most,
        Workers = Environment.ProcessorCount,
        RunAll = workers => Parallel.ForEach(workers, worker => worker()),
    };
}
