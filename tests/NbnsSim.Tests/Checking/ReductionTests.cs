using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using NbnsSim.Checking;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Tests.Checking;

/// <summary>What is left out because machines are alike, or because it happens at one time, is nothing that is not looked at in another form.</summary>
public sealed class ReductionTests
{
    private const CheckFaults Datagrams = CheckFaults.Loss | CheckFaults.Duplicate;
    private const CheckFaults Machines = CheckFaults.Crash | CheckFaults.Restart | CheckFaults.Partition;
    private const CheckFaults Forged = CheckFaults.ForgedRelease | CheckFaults.ForgedConflict;

    /// <summary>Two who listen and one who claims: CHARLIE and DELTA are alike.</summary>
    private static readonly Scenario Listeners = Parse(
        """
        { "name": "listeners", "dialect": "nt4",
          "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
          "hosts": [{ "name": "ALPHA", "address": "10.0.0.1" }, { "name": "CHARLIE", "address": "10.0.0.3" }, { "name": "DELTA", "address": "10.0.0.4" }],
          "steps": [
            { "at": "0s", "do": "addName", "host": ["CHARLIE"], "name": "CHARLIE<00>" },
            { "at": "0s", "do": "addName", "host": ["DELTA"], "name": "DELTA<00>" },
            { "at": "5s", "do": "addName", "host": "ALPHA", "name": "JSMITH<03>" },
            { "at": "9s", "do": "query", "host": ["CHARLIE", "DELTA"], "name": "JSMITH<03>" }],
          "end": "10s" }
        """);

    /// <summary>The same with a name server, whose records are in the order of their coming.</summary>
    private static readonly Scenario Clients = Parse(
        """
        { "name": "clients", "dialect": "w2k",
          "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
          "hosts": [
            { "name": "WINS", "role": "nameServer", "address": "10.0.0.9" },
            { "name": "ALPHA", "address": "10.0.0.1", "nameServers": ["WINS"] },
            { "name": "BRAVO", "address": "10.0.0.2", "nameServers": ["WINS"] }],
          "steps": [
            { "at": "0s", "do": "addName", "host": ["ALPHA"], "name": "ALPHA<00>" },
            { "at": "0s", "do": "addName", "host": ["BRAVO"], "name": "BRAVO<00>" },
            { "at": "3s", "do": "logoff", "host": ["ALPHA", "BRAVO"], "user": "NOBODY" }],
          "end": "5s" }
        """);

    /// <summary>Both claim one name at one server: who comes first has it.</summary>
    private static readonly Scenario Race = Parse(
        """
        { "name": "race", "dialect": "w2k",
          "segments": [{ "name": "lan", "subnet": "10.0.0.0/24" }],
          "hosts": [
            { "name": "WINS", "role": "nameServer", "address": "10.0.0.9" },
            { "name": "ALPHA", "address": "10.0.0.1", "nodeType": "P", "nameServers": ["WINS"] },
            { "name": "BRAVO", "address": "10.0.0.2", "nodeType": "P", "nameServers": ["WINS"] }],
          "steps": [{ "at": "0s", "do": "addName", "host": ["ALPHA", "BRAVO"], "name": "JSMITH<03>" }],
          "end": "5s" }
        """);

    private static Scenario Parse(string text) => Scenario.Parse(Encoding.UTF8.GetBytes(text), "test.json");

    [Test]
    public void MachinesAreAlikeThatAreToldTheSameInWhateverOrder()
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(AlikeHosts.Of(Listeners).Select(group => string.Join(' ', group)), Is.EqualTo(["CHARLIE DELTA"]));
            Assert.That(AlikeHosts.Of(Clients).Select(group => string.Join(' ', group)), Is.EqualTo(["ALPHA BRAVO"]));
            Assert.That(AlikeHosts.Of(Listeners with { Steps = Listeners.Steps.RemoveAt(0) }), Is.Empty, "one is told less");
            Assert.That(AlikeHosts.Of(Listeners with { Hosts = Listeners.Hosts.SetItem(1, Listeners.Hosts[1] with { Dialect = Listeners.Dialect with { Preset = NetBtDialect.WindowsNt35 } }) }), Is.Empty, "one is another machine");
            Assert.That(AlikeHosts.Of(Listeners with { Hosts = Listeners.Hosts.SetItem(1, Listeners.Hosts[1] with { Node = Listeners.Hosts[1].Node with { ForgetsToDefend = true } }) }), Is.Empty, "one is broken");
        }
    }

    [Test]
    public void InALargeNetworkOnlySomeAreCompared()
    {
        const int Many = 2_000;
        var hosts = Enumerable.Range(1, Many).Select(i => Listeners.Hosts[0] with { Name = $"H{i}", Interfaces = [new ScenarioInterface("lan", new Ipv4Address(0x0A00_0000 + (uint)i))] });
        var large = Listeners with { Hosts = [.. hosts], Steps = [new NodeStep(Instant.Epoch, NodeCommand.Boot) { Hosts = [.. Enumerable.Range(1, Many).Select(i => $"H{i}")] }] };
        Assert.That(AlikeHosts.Of(large).Select(group => string.Join(' ', group)), Is.EqualTo(["H1 H2 H3 H4"]));
    }

    /// <summary>Under another's name a machine is that other: whatever of a state says who somebody is, is renamed.</summary>
    [Test]
    public void AStateUnderOtherNamesIsThatOfMachinesWithOtherNames([ValueSource(typeof(BuiltInScenarios), nameof(BuiltInScenarios.Names))] string name)
    {
        var scenario = BuiltInScenarios.Find(name)! with { Expectations = [] };
        Assume.That(scenario.Hosts, Has.Length.LessThan(10));
        Assume.That(scenario.Steps, Has.None.InstanceOf<SendStep>(), "octets in a file have no words");
        var nodes = scenario.Hosts.Where(host => host.Roles == HostRoles.Node).ToList();
        int pairs = 0;
        foreach (var (one, other) in nodes.SelectMany((host, index) => nodes.Skip(index + 1).Select(other => (host, other))).Where(pair => AreNear(pair.host, pair.other)))
        {
            var words = ScenarioWords.Exchange([(one, other), (other, one)])!;
            var called = ScenarioRun.Unwatched(Exchanged(scenario, words), null, null);
            var run = ScenarioRun.Unwatched(scenario, null, null);
            var (first, second) = (run.Simulator.FindHost(one.Name)!.Value, run.Simulator.FindHost(other.Name)!.Value);
            var names = NamesOnly(run.Simulator, first, second);
            int states = 0;
            for (bool goesOn = true; goesOn; goesOn = run.Advance() & called.Advance())
            {
                foreach (bool isUnordered in new[] { false, true })
                {
                    var options = new FingerprintOptions { HasDraws = false, IsUnordered = isUnordered };
                    var renamed = run.Simulator.Fingerprint(options with { Renaming = names }, null, out bool isRenamed);
                    if (isRenamed)
                        Assert.That(renamed, Is.EqualTo(called.Simulator.Fingerprint(options)), $"{one.Name} and {other.Name} at {run.Simulator.Now}");
                }

                states++;
            }

            Assert.That(called.Simulator.EventCount, Is.EqualTo(run.Simulator.EventCount));
            pairs += states > 1 ? 1 : 0;
        }

        Assert.That(pairs, Is.GreaterThanOrEqualTo(nodes.Count > 1 && AreNear(nodes[0], nodes[1]) ? 1 : 0));
    }

    /// <summary>Of each state between two instants that a run can come to, the reduced search has looked at one that is it with machines in each other's places; and at no other.</summary>
    [Test]
    public void OfEachStateOneIsLookedAt([Values("listeners", "clients")] string name, [Values(Datagrams, Machines, Forged)] CheckFaults faults, [Values] bool anyOrder)
    {
        var scenario = name == "listeners" ? Listeners : Clients;
        var options = new CheckOptions { Faults = faults, AnyOrder = anyOrder, Quiet = TimeSpan.FromSeconds(2), Symmetry = true };
        var reductions = CheckReductions.Of(scenario, [], options, out string whyNot);
        Assert.That((whyNot, reductions.Alike.Length), Is.EqualTo(("", 1)));
        if (HasOrder(name, faults))
            return; // nothing counts as a set then
        var (all, allSteps) = StatesOf(scenario, options with { Reduces = false }, reductions, everyOrder: true);
        var (reduced, steps) = StatesOf(scenario, options, reductions, everyOrder: false);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(reduced.Except(all), Is.Empty);
            Assert.That(all.Except(reduced), Is.Empty);
            Assert.That(steps, Is.LessThan(allSteps));
        }
    }

    [Test]
    public void WhatIsReducedFindsTheSame([Values("listeners", "clients", "race")] string name, [Values(Datagrams, Machines, Forged)] CheckFaults faults, [Values] bool anyOrder)
    {
        var scenario = name switch { "listeners" => Listeners, "clients" => Clients, _ => Race };
        long plainStates = 0, reducedStates = 0;
        foreach (var property in CheckProperties.All)
        {
            var options = new CheckOptions { Faults = faults, AnyOrder = anyOrder, Quiet = TimeSpan.FromSeconds(2) };
            var plain = new Checker(scenario, [property], options).Run();
            var partial = new Checker(scenario, [property], options with { PartialOrder = true }).Run();
            var reduced = new Checker(scenario, [property], options with { Symmetry = true }).Run();
            using (Assert.EnterMultipleScope())
            {
                foreach (var one in new[] { partial, reduced })
                {
                    Assert.That((one.Verdict, one.Counterexample?.At, one.Counterexample?.Faults.Length), Is.EqualTo((plain.Verdict, plain.Counterexample?.At, plain.Counterexample?.Faults.Length)), property.Name);
                    Assert.That(one.NotReduced.Length > 0, Is.EqualTo(HasOrder(name, faults)), $"{property.Name}: {one.NotReduced}");
                }
            }

            (plainStates, reducedStates) = (plainStates + plain.States, reducedStates + reduced.States);
        }

        Assert.That(reducedStates, HasOrder(name, faults) ? Is.EqualTo(plainStates) : Is.LessThan(plainStates));
    }

    [Test]
    public void WhereTheOrderMakesADifferenceNothingIsLeftOut()
    {
        var options = new CheckOptions { MaxFaults = 0, AnyOrder = true };
        var plain = new Checker(Race, CheckProperties.Standard, options).Run();
        var reduced = new Checker(Race, CheckProperties.Standard, options with { Symmetry = true }).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That((reduced.States, reduced.Steps), Is.EqualTo((plain.States, plain.Steps)));
            Assert.That(reduced.NotReduced, Does.StartWith("the order makes a difference"));
            Assert.That(reduced.IsPartialOrder, Is.False);
        }
    }

    /// <summary>Commands of one time to different machines are independent, as long as what they send is: of all their orders one is left.</summary>
    [Test]
    public void OfOrdersThatDifferInWhoseTurnItIsOneIsLookedAt()
    {
        var options = new CheckOptions { Faults = CheckFaults.Loss, AnyOrder = true };
        var plain = new Checker(Listeners, CheckProperties.Standard, options).Run();
        var partial = new Checker(Listeners, CheckProperties.Standard, options with { PartialOrder = true }).Run();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(CommandOrders.Of(Listeners, ofEachHost: false), Has.Length.EqualTo(4));
            Assert.That(CommandOrders.Of(Listeners, ofEachHost: true), Has.Length.EqualTo(1));
            Assert.That(partial.Verdict, Is.EqualTo(plain.Verdict));
            Assert.That(partial.States, Is.LessThan(plain.States));
            Assert.That(partial.PairsTried, Is.GreaterThan(0));
        }
    }

    [Test]
    public void OrdersThatAreTooManyAreFewWhereWhoseTurnItIsDoesNotCount()
    {
        var many = Listeners with { Steps = [.. Enumerable.Range(0, 4).SelectMany(_ => Listeners.Steps.Take(2)), Listeners.Steps[2] with { At = Instant.Epoch }] };
        var options = new CheckOptions { MaxFaults = 0, AnyOrder = true, MaxStates = 100_000 };
        Assert.That(() => new Checker(many, [], options), Throws.ArgumentException.With.Message.Contains("more than 5,040 orders"));
        Assert.That(new Checker(many, [], options with { PartialOrder = true }).Run().Verdict, Is.EqualTo(CheckVerdict.Holds));
        var race = Race with { Steps = [.. Race.Steps, .. many.Steps.Take(6).Select(step => step with { Hosts = [step.Hosts[0] == "DELTA" ? "BRAVO" : "ALPHA"] })] };
        var result = new Checker(race, [], options with { PartialOrder = true }).Run();
        Assert.That((result.Verdict, result.CompleteFaults), Is.EqualTo((CheckVerdict.OutOfBounds, -1)));
        Assert.That(result.NotReduced, Does.Contain("more than 5040 orders"));
    }

    [Test]
    public void WhatCannotBeReducedIsSaid()
    {
        var options = new CheckOptions { MaxFaults = 1, Symmetry = true };
        var own = CheckProperties.OneOwner with { Name = "mine" };
        using (Assert.EnterMultipleScope())
        {
            Assert.That(WhyNot(Listeners, options with { Faults = CheckFaults.Reorder }), Does.Contain("the next one"));
            Assert.That(WhyNot(Listeners, options with { Reduces = false }), Is.EqualTo("nothing is reduced"));
            Assert.That(WhyNot(Listeners, options, own), Does.Contain("a property of one's own"));
            Assert.That(WhyNot(Listeners with { Steps = Listeners.Steps.RemoveAt(0) }, options), Is.EqualTo("no two machines are alike"));
            var replicating = Clients with { Hosts = Clients.Hosts.SetItem(0, Clients.Hosts[0] with { NameServer = Clients.Hosts[0].NameServer with { Notifies = [Clients.Hosts[1].Interfaces[0].Address] } }) };
            Assert.That(WhyNot(replicating, options), Does.Contain("compare versions"));
            Assert.That(WhyNot(replicating with { Steps = [new CrashStep(Instant.Epoch) { Hosts = ["ALPHA"] }, .. replicating.Steps] }, options with { AnyOrder = true }), Does.Contain("over a connection"));
            Assert.That(WhyNot(Listeners, options with { Symmetry = false, PartialOrder = true }, own), Is.Empty);
        }

        static string WhyNot(Scenario scenario, CheckOptions options, CheckProperty? property = null) => new Checker(scenario, [property ?? CheckProperties.OneOwner], options with { MaxStates = 10_000 }).Run().NotReduced;
    }

    [Test]
    public void ItDoesNotMatterHowManyWork()
    {
        var options = new CheckOptions { Faults = Datagrams | CheckFaults.Crash, MaxFaults = 2, Quiet = TimeSpan.FromSeconds(2), Symmetry = true };
        var one = new Checker(Listeners, CheckProperties.Standard, options).Run();
        var several = new Checker(Listeners, CheckProperties.Standard, options with { Workers = 4, RunAll = workers => Parallel.ForEach(workers, worker => worker()) }).Run();
        Assert.That((several.Verdict, several.Alike.Length, several.NotReduced), Is.EqualTo((one.Verdict, 1, "")).And.EqualTo((one.Verdict, one.Alike.Length, one.NotReduced))); // the states within an instant are those of whoever comes first
    }

    /// <summary>The states between two instants that a search looks at, each as the least that it is with alike machines in each other's places.</summary>
    private static (HashSet<UInt128> States, long Steps) StatesOf(Scenario scenario, CheckOptions options, CheckReductions reductions, bool everyOrder)
    {
        var whole = new Checker(scenario, [], options).Scenario;
        ImmutableArray<ImmutableArray<ScenarioStep>> orders = options.AnyOrder ? CommandOrders.Of(whole, ofEachHost: !everyOrder) : [[.. whole.Steps.SelectMany(CommandOrders.Split)]];
        ImmutableArray<ScenarioRun> starts = [.. orders.Select(steps => ScenarioRun.Unwatched(whole with { Steps = steps }, null, null))];
        var exchanges = AlikeHosts.ExchangesOf(reductions.Alike, whole, starts[0].Simulator);
        var states = new HashSet<UInt128>();
        var collect = new CheckProperty("collect", CheckMode.Always, "", "", (in CheckMoment moment) =>
        {
            var (now, next) = (moment.Simulator.Now, moment.Simulator.NextEventTime);
            if (next == now || whole.Steps.Any(step => step.At == now))
                return null; // something else of this instant may still be to come
            var options = new FingerprintOptions { HasDraws = false, IsUnordered = true };
            var least = moment.Simulator.Fingerprint(options);
            foreach (var exchange in exchanges)
            {
                var other = moment.Simulator.Fingerprint(options with { Renaming = exchange.Renaming }, null, out bool isRenamed);
                least = isRenamed ? UInt128.Min(least, other) : least;
            }

            states.Add(least ^ (ulong)now.Nanoseconds);
            return null;
        });
        options = options with { FaultsUntil = whole.End };
        var outcome = new CheckSearch(starts, [collect], options, reductions, Instant.MaxValue, null, null, CancellationToken.None).Run();
        Assert.That((outcome.IsComplete, outcome.HasOrder), Is.EqualTo((true, false)));
        return (states, outcome.Steps);
    }

    private static bool AreNear(ScenarioHost one, ScenarioHost other) => one.Interfaces.Select(place => place.Segment).SequenceEqual(other.Interfaces.Select(place => place.Segment), StringComparer.Ordinal);

    /// <summary>Two machines under each other's names, where they are.</summary>
    private static Renaming NamesOnly(Simulator simulator, HostId one, HostId other)
    {
        (HostId, HostId)[] both = [(one, other), (other, one)];
        var places = both.SelectMany(pair => Enumerable.Range(0, simulator.InterfaceCountOf(one)).Select(i => (From: simulator.InterfaceOf(pair.Item1, i), To: simulator.InterfaceOf(pair.Item2, i)))).ToList();
        return new Renaming(
            [.. Enumerable.Range(0, simulator.HostCount)],
            [.. places.Select(place => (place.From.Address, place.To.Address))],
            [.. places.Select(place => (place.From.Mac!.Value, place.To.Mac!.Value))],
            [.. both.Select(pair => (simulator.NodeOf(pair.Item1)!.ComputerName, simulator.NodeOf(pair.Item2)!.ComputerName))]);
    }

    /// <summary>Whether it makes a difference what comes first: two claims at one server; and a forged release that comes when a query does.</summary>
    private static bool HasOrder(string name, CheckFaults faults) => name == "race" || (name == "listeners" && faults == Forged);

    private static Scenario Exchanged(Scenario scenario, Dictionary<string, string> words)
    {
        using var file = new MemoryStream();
        scenario.Write(file);
        var json = JsonNode.Parse(file.ToArray())!;
        return Parse(ScenarioWords.Renamed(json, words)!.ToJsonString());
    }
}
