using NbnsSim.Checking;
using NbnsSim.Messages;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Testing.Chaos;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Tests.Chaos;

/// <summary>Networks of chaos: what there is in them, by a seed alone.</summary>
public sealed class ChaosScenarioTests
{
    private const ulong Seeds = 300;

    [Test]
    public void ASeedSaysAll()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            byte[] first = Octets(ChaosScenario.Generate(seed)), again = Octets(ChaosScenario.Generate(seed));
            Assert.That(again, Is.EqualTo(first), $"seed {seed}");
        }

        Assert.That(Octets(ChaosScenario.Generate(1)), Is.Not.EqualTo(Octets(ChaosScenario.Generate(2))));
    }

    [Test]
    public void AFileHoldsIt()
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var scenario = ChaosScenario.Generate(seed, new ChaosOptions { MaxHosts = seed % 50 == 0 ? 1_000 : 8 });
            byte[] octets = Octets(scenario);
            var read = Scenario.Parse(octets, "chaos.json");
            Assert.That(Octets(read), Is.EqualTo(octets), $"seed {seed}");
            Assert.That(ChaosProperties.Of(read), Is.EqualTo(ChaosProperties.Of(scenario)), $"seed {seed}");
        }
    }

    [Test]
    public void NothingGoesWrongInTheQuietTime()
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var scenario = ChaosScenario.Generate(seed);
            var quiet = ChaosScenario.QuietFrom(scenario);
            var down = new HashSet<string>(StringComparer.Ordinal);
            foreach (var step in scenario.Steps.Where(step => step.At <= quiet))
            {
                if (step is CrashStep)
                    down.UnionWith(step.Hosts);
                else if (step is RestartStep)
                    down.ExceptWith(step.Hosts);
            }

            Assert.That(scenario.Rules.Select(rule => rule.Rule.End), Has.All.LessThanOrEqualTo(quiet), $"seed {seed}");
            Assert.That(down, Is.Empty, $"seed {seed}");
            Assert.That(scenario.Steps.Where(step => step.At > quiet), Has.All.Matches<ScenarioStep>(step => step is NodeStep { Command: NodeCommand.Query or NodeCommand.PurgeCache }), $"seed {seed}");
            Assert.That(ChaosProperties.Of(scenario), Has.Member(CheckProperties.ClaimsEnd).And.Member(CheckProperties.HeldNamesAnswer), $"seed {seed}");
        }
    }

    [Test]
    public void ThereIsSomethingOfEverything()
    {
        var all = Enumerable.Range(1, (int)Seeds).Select(seed => ChaosScenario.Generate((ulong)seed)).ToList();
        Assert.That(all.SelectMany(one => one.Rules).Select(rule => rule.Rule.Fault).Distinct(), Is.EquivalentTo(Enum.GetValues<LinkFault>()));
        Assert.That(all.SelectMany(one => one.Steps).OfType<RestartStep>().Select(step => step.Forgets).Distinct().Count(), Is.EqualTo(2));
        Assert.That(all.Select(one => one.Hosts.Count(host => host.Roles != HostRoles.None)).Distinct(), Is.EquivalentTo([2, 3, 4, 5, 6, 7, 8]));
        var forged = all.SelectMany(one => one.Steps).OfType<SendStep>().ToList();
        Assert.That(forged.Select(step => Kind(step)).Distinct(), Is.EquivalentTo([NbnsMessageKind.NameReleaseRequest, NbnsMessageKind.NameConflictDemand, NbnsMessageKind.NegativeNameQueryResponse, NbnsMessageKind.NegativeNameRegistrationResponse]));
        Assert.That(all.Count(one => one.Steps.Any(step => step is SendStep)), Is.InRange(30, 90), "a fifth of all");
        Assert.That(all.Where(one => one.Steps.Any(step => step is SendStep)).SelectMany(one => ChaosProperties.Of(one)), Has.None.EqualTo(CheckProperties.NoConflictEventWithoutDuplicate).And.None.EqualTo(CheckProperties.NobodyRefused));
        Assert.That(all.Select(one => one.Hosts.Count(host => host.Roles == HostRoles.NameServer)).Distinct(), Is.EquivalentTo([0, 1, 2]));
        Assert.That(all.SelectMany(one => one.Hosts).Where(host => host.Roles == HostRoles.Node).Select(host => host.Node.NodeType).Distinct().Count(), Is.EqualTo(4));
        Assert.That(all.SelectMany(one => one.Hosts).Where(host => host.Roles == HostRoles.Node).Select(host => host.Dialect!.Preset).Distinct(), Is.EquivalentTo(NetBtDialect.All));
        var held = all.SelectMany(one => ChaosProperties.Of(one)).Distinct().ToList();
        Assert.That(held, Is.SupersetOf(new[] { CheckProperties.OneOwner, CheckProperties.ConflictNoticed, CheckProperties.ServersAgree, CheckProperties.NobodyRefused, CheckProperties.ServersNamesAreHeld }));
    }

    [TestCase(ChaosFaults.None)]
    [TestCase(ChaosFaults.Loss)]
    [TestCase(ChaosFaults.Crash | ChaosFaults.Hold)]
    public void OnlyWhatMayGoWrongDoes(ChaosFaults faults)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var scenario = ChaosScenario.Generate(seed, new ChaosOptions { Faults = faults });
            Assert.That(scenario.Rules.Select(rule => Enum.Parse<ChaosFaults>(rule.Rule.Fault.ToString())), Has.All.Matches<ChaosFaults>(one => faults.HasFlag(one)), $"seed {seed}");
            Assert.That(scenario.Steps.OfType<SendStep>(), Is.Empty, $"seed {seed}");
            Assert.That(scenario.Steps.OfType<CrashStep>().Any() && !faults.HasFlag(ChaosFaults.Crash), Is.False, $"seed {seed}");
        }
    }

    [Test]
    public void HundredsOfMachinesWhoseBroadcastsOvertakeEachOtherComeToTheEnd()
    {
        const ulong seed = 130;
        var scenario = ChaosScenario.Generate(seed, new ChaosOptions { MaxHosts = 1_000 });
        Assert.That(scenario.Rules.Any(rule => rule.Rule.Fault == LinkFault.Reorder && rule.From == default && rule.To == default), Is.True, "all datagrams between all");
        var end = Instant.Epoch + TimeSpan.FromSeconds(13);
        var run = new ScenarioRun(scenario with { Steps = [.. scenario.Steps.Where(step => step.At < end)], End = end });
        var kept = new KeptBack();
        run.Simulator.AddObserver(kept);

        run.Run();

        Assert.That(run.Simulator.Now, Is.EqualTo(end));
        Assert.That(kept.Count, Is.GreaterThan(400_000), "so many that each has to be found without looking at the others");
        Assert.That(run.Simulator.SentCount, Is.LessThan(10 * scenario.Hosts.Length), "nothing answers itself");
    }

    [TestCase(1)]
    [TestCase(1_001)]
    public void TooFewOrTooManyHostsAreRefused(int hosts) => Assert.That(() => new ChaosOptions { MaxHosts = hosts }, Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static NbnsMessageKind Kind(SendStep step) => NbnsPacket.TryParse([.. step.Payload], out var packet) ? NbnsClassification.Classify(packet) : NbnsMessageKind.Unknown;

    private static byte[] Octets(Scenario scenario)
    {
        using var file = new MemoryStream();
        scenario.Write(file);
        return file.ToArray();
    }

    private sealed class KeptBack : SimulationObserver
    {
        public int Count { get; private set; }

        public override void Diverted(Simulator simulator, in SimulatedDatagram datagram, in DeliveryFate fate) => Count += fate.Kind == DeliveryFateKind.Reordered ? 1 : 0;
    }
}
