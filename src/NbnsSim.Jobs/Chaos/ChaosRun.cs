using System.Collections.Immutable;
using System.Globalization;
using NbnsSim.Checking;
using NbnsSim.Jobs.Campaigns;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Testing.Chaos;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Chaos;

/// <summary>A run of a seed.</summary>
/// <param name="Run">What came of it, as of any campaign's run: what it failed by is the property's name.</param>
/// <param name="Hosts">How many hosts its network has.</param>
/// <param name="Faults">What was there to go wrong in it.</param>
/// <param name="Held">The names of the properties that were held against it.</param>
/// <param name="Decisions">How often each rule of <see cref="RuleBook.All"/> was obeyed.</param>
internal sealed record ChaosRun(CampaignRun Run, int Hosts, ChaosFaults Faults, ImmutableArray<string> Held, long[] Decisions)
{
    /// <summary>The name of the property that nothing throws, which is always held.</summary>
    private const string Throwing = "nothing-throws";

    /// <summary>Does it.</summary>
    /// <param name="scenario">The scenario of a seed.</param>
    /// <param name="stop">Ends it early.</param>
    public static ChaosRun Of(Scenario scenario, CancellationToken stop)
    {
        var properties = ChaosProperties.Of(scenario);
        var trial = new ScenarioTrial(scenario, properties);
        var watch = new ChaosWatch(ChaosScenario.QuietFrom(scenario));
        trial.Simulator.AddObserver(watch);
        var broken = trial.Run(stop);
        var run = new CampaignRun(
            scenario.Seed,
            broken is null ? CampaignOutcome.Met : broken.Property.Name == Throwing ? CampaignOutcome.Threw : CampaignOutcome.Broken,
            broken?.Property.Name ?? "",
            broken is null ? [] : [string.Create(CultureInfo.InvariantCulture, $"{broken.Property.Name}, at {broken.At} s: {broken.Text}")],
            trial.Simulator.SentCount,
            [.. trial.Simulator.Log.Select(logged => logged.Event.Id)],
            broken is null ? watch.SettledBy(trial.Simulator.Now) : -1);
        return new ChaosRun(run, scenario.Hosts.Length, FaultsOf(scenario), [.. properties.Select(property => property.Name)], watch.Decisions);
    }

    /// <summary>Makes the scenario of a seed smaller while a property that must hold of it does not.</summary>
    /// <param name="whole">The scenario.</param>
    /// <param name="property">The property's name.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>The scenario, and what does not hold; <see langword="null"/> where the property holds.</returns>
    public static (Scenario Scenario, BrokenProperty Broken)? Shrink(Scenario whole, string property, CancellationToken stop)
    {
        if (Fail(whole) is null)
            return null;
        var small = new ScenarioShrinker(scenario => Fail(scenario) is not null).Shrink(whole);
        var broken = Fail(small)!;
        return (small with
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{property}-{whole.Seed}"),
            Title = string.Create(CultureInfo.InvariantCulture, $"Chaos, seed {whole.Seed}, made smaller: {property} does not hold"),
            Description = string.Create(CultureInfo.InvariantCulture, $"At {broken.At} s: {broken.Text}"),
            Check = CheckProperties.Find(property) is null ? null : new ScenarioCheck { Properties = [property] }, // what a check holds by itself it need not be told
        }, broken);

        BrokenProperty? Fail(Scenario scenario)
        {
            var held = ChaosProperties.Of(scenario).Where(one => one.Name == property).ToList();
            return held.Count == 0 && property != Throwing ? null : new ScenarioTrial(scenario, held).Run(stop) is { } broken && broken.Property.Name == property ? broken : null;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; decisions are in the tally alone.</summary>
    public static (CampaignRun Run, ChaosFaults Faults) Read(BinaryReader reader) => (CampaignRun.Read(reader), (ChaosFaults)reader.ReadInt32());

    /// <summary>Writes it.</summary>
    public void Write(BinaryWriter writer)
    {
        Run.Write(writer);
        writer.Write((int)Faults);
    }

    private static ChaosFaults FaultsOf(Scenario scenario)
    {
        var faults = ChaosFaults.None;
        foreach (var rule in scenario.Rules)
            faults |= Enum.Parse<ChaosFaults>(rule.Rule.Fault.ToString());
        foreach (var restart in scenario.Steps.OfType<RestartStep>())
            faults |= restart.Forgets ? ChaosFaults.Crash : ChaosFaults.Pause;
        return scenario.Steps.Any(step => step is SendStep) ? faults | ChaosFaults.Forge : faults;
    }

    /// <summary>Counts what is decided by which rule, and finds when the network comes to rest: six seconds without a request but refreshes, longer than anybody waits to ask again (RFC 1002 §6: 5 s).</summary>
    private sealed class ChaosWatch : SimulationObserver
    {
        private static readonly TimeSpan Rest = TimeSpan.FromSeconds(6);
        private static readonly Dictionary<Rule, int> IndexOf = RuleBook.All.Select((rule, i) => (Rule: rule, Index: i)).ToDictionary(one => one.Rule, one => one.Index);

        private readonly Instant _from;
        private Instant _last;
        private bool _isAtRest;

        public ChaosWatch(Instant from) => _from = _last = from;

        public long[] Decisions { get; } = new long[RuleBook.All.Length];

        /// <summary>Milliseconds from when nothing goes wrong any more; -1 where the network did not come to rest.</summary>
        /// <param name="end">When the run ended.</param>
        public long SettledBy(Instant end) => _isAtRest || end - _last >= Rest ? (_last - _from).Ticks / TimeSpan.TicksPerMillisecond : -1;

        public override bool HearsDecisions => true;

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision) => Decisions[IndexOf[decision.Rule]]++;

        public override void DecidedAlike(Simulator simulator, ReadOnlySpan<HostId> hosts, long first, in Decision decision) => Decisions[IndexOf[decision.Rule]] += hosts.Length;

        public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
        {
            if (_isAtRest || simulator.Now < _from)
                return;
            if (simulator.Now - _last >= Rest)
                _isAtRest = true;
            else if (!NbnsPacket.TryParse(datagram.Payload, out var packet) || (!packet.IsResponse && packet.Opcode is not (NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate)))
                _last = simulator.Now;
        }
    }
}
