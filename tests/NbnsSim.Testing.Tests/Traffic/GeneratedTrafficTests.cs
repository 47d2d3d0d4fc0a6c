using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Nodes;
using NbnsSim.Replay;
using NbnsSim.Scenarios;
using NbnsSim.Testing.Traffic;
using NbnsSim.Wire;

namespace NbnsSim.Testing.Tests.Traffic;

/// <summary>Every class of generated traffic, among machines that have nothing to do with it: what the diagnosis says of the file, and that the background changes nothing. NBNSSIM_SEEDS: how many seeds.</summary>
public sealed class GeneratedTrafficTests
{
    private const int FewSeeds = 4;

    private static readonly int[] s_backgrounds = [12, 5, 30, 0];

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("NBNSSIM_SEEDS"), CultureInfo.InvariantCulture, out int seeds) ? seeds : FewSeeds;

    /// <summary>All but those in which whoever asks is answered, and those in which faults of the network are drawn for each datagram.</summary>
    private static IEnumerable<TestCaseData> Apart() => TrafficClasses.All
        .Where(one => one.Id is not ("poisoned-answers" or "poisoned-wpad" or "proxy-answers" or "datagrams-twice" or "slow-server")).Select(one => new TestCaseData(one).SetArgDisplayNames(one.Id));

    private static IEnumerable<TestCaseData> Causes() => TrafficClasses.All.Where(one => one.Cause.Length > 0).Select(one => new TestCaseData(one).SetArgDisplayNames(one.Id));

    private static IEnumerable<TestCaseData> NearMisses() => TrafficClasses.All.Where(one => one.Kind == TrafficKind.NearMiss).Select(one => new TestCaseData(one).SetArgDisplayNames(one.Id));

    private static IEnumerable<TestCaseData> WithoutCause() => TrafficClasses.All.Where(one => one.IsUnknownToDiagnosis).Select(one => new TestCaseData(one).SetArgDisplayNames(one.Id));

    /// <summary>The cause is told, with the name and the culprit, and no other that does harm.</summary>
    [TestCaseSource(nameof(Causes))]
    public void TheDiagnosisTellsTheCause(object of) => Assert.Multiple(() =>
    {
        foreach (var run in Runs((TrafficClass)of))
        {
            var (one, truth) = (run.Class, run.Truth);
            var verdict = Diagnose(run);
            var right = verdict.Incidents.Where(incident => (incident.Cause.Id == one.Cause || one.Or.Contains(incident.Cause.Id, StringComparer.Ordinal))
                && (truth.Name is null || incident.Names.IsEmpty || incident.Names.Any(name => name.BaseName == truth.Name))
                && (truth.Culprit is null || incident.Parties.Any(party => party.Address == truth.Culprit.Address)));
            Assert.That(right.Any() || one.Or.Contains("", StringComparer.Ordinal), Is.True, Told(run, verdict));
            AssertNothingElse(run, verdict);
        }
    });

    [TestCaseSource(nameof(NearMisses))]
    public void TheDiagnosisTellsNothingThatDoesHarm(object of) => Assert.Multiple(() =>
    {
        foreach (var run in Runs((TrafficClass)of))
            AssertNothingElse(run, Diagnose(run));
    });

    /// <summary>Of an attack that the diagnosis has no cause for nothing is told as likely or proven, harmless or not.</summary>
    [TestCaseSource(nameof(WithoutCause))]
    public void TheDiagnosisTellsNothingUntrueOfAnAttackThatItHasNoCauseFor(object of) => Assert.Multiple(() =>
    {
        foreach (var run in Runs((TrafficClass)of))
        {
            var verdict = Diagnose(run);
            Assert.That(verdict.Incidents.Where(incident => incident.Certainty != Certainty.Possible), Is.Empty, Told(run, verdict));
        }
    });

    /// <summary>Whatever the diagnosis has no cause for says why, and nothing else does.</summary>
    [Test]
    public void WhatIsUntoldSaysWhy() => Assert.Multiple(() =>
    {
        foreach (var one in TrafficClasses.All)
        {
            Assert.That(one.WhyUntold.Length > 0, Is.EqualTo(one.IsUnknownToDiagnosis), one.Id);
            Assert.That(one.ToldAs.Select(Diagnosis.Causes.Find), Has.None.Null, one.Id);
        }
    });

    /// <summary>What is sent in a case is the same with a background and without.</summary>
    [TestCaseSource(nameof(Apart))]
    public void TheBackgroundChangesNothing(object of)
    {
        var one = (TrafficClass)of;
        for (ulong seed = 0; seed < 3; seed++)
        {
            var (without, with) = (one.Play(seed), one.Play(seed, backgroundHosts: 20));
            Assert.That(Own(with), Is.EqualTo(Own(without)), $"{one.Id}-{seed}");
            Assert.That(with.Mirror.Count(sighting => with.LabelOf(sighting.Packet).Role == TrafficRole.Background), Is.GreaterThan(100));
        }
    }

    /// <summary>B, P, M and H nodes, of six eras and habits.</summary>
    [Test]
    public void TheBackgroundIsOfAllKinds()
    {
        var run = TrafficClasses.Find("normal-broadcast")!.Play(1, backgroundHosts: 24);
        var options = run.Background.Select(host => run.Simulator.NodeOf(host.Id)).OfType<EndNode>().Select(node => node.Options).ToArray();
        Assert.That(options, Has.Length.EqualTo(24));
        Assert.That(options.Select(it => it.NodeType).Distinct(), Is.EquivalentTo(Enum.GetValues<OwnerNodeType>().Cast<OwnerNodeType?>()));
        Assert.That(options.Select(it => it.Dialect.Name).Distinct(StringComparer.Ordinal), Is.EquivalentTo(new[] { "nt3.5", "nt3.51", "nt4", "w2k", "w10", "samba" }));
        Assert.That(options.Select(it => (it.Dialect.Name, it.NodeType)).Distinct().Count(), Is.EqualTo(24), "each era is of each type");
        Assert.That(() => TrafficClasses.All[0].Play(1, backgroundHosts: TrafficClass.MaxBackgroundHosts), Throws.Nothing);
        Assert.That(() => TrafficClasses.All[0].Play(1, backgroundHosts: TrafficClass.MaxBackgroundHosts + 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Each cause of the diagnosis has a class of its own.</summary>
    [Test]
    public void EveryCauseHasAClass() =>
        Assert.That(Diagnosis.Causes.All.Select(cause => cause.Id).Except(TrafficClasses.All.SelectMany(one => (string[])[one.Cause, .. one.HarmlessCauses]), StringComparer.Ordinal), Is.Empty);

    private static IEnumerable<TrafficRun> Runs(TrafficClass one) => Enumerable.Range(0, Seeds).Select(seed => one.Play((ulong)seed, s_backgrounds[seed % s_backgrounds.Length]));

    private static void AssertNothingElse(TrafficRun run, Verdict verdict) => Assert.That(
        verdict.Incidents.Where(incident => incident.Certainty != Certainty.Possible && incident.Cause.Harm != Harm.None
            && incident.Cause.Id != run.Class.Cause && !run.Class.Or.Contains(incident.Cause.Id, StringComparer.Ordinal) && !run.Class.Also.Contains(incident.Cause.Id, StringComparer.Ordinal)),
        Is.Empty, Told(run, verdict));

    /// <summary>Of what everybody in the segment hears, the answers to the background are none of the case's.</summary>
    private static IEnumerable<string> Own(TrafficRun run) => run.Mirror
        .Where(sighting => run.LabelOf(sighting.Packet).Role != TrafficRole.Background && run.Background.All(host => host.Address != sighting.Packet.Destination.Address))
        .Select(sighting => $"{sighting.Time} {sighting.Packet.Source} > {sighting.Packet.Destination} {Convert.ToHexString(sighting.Payload.Span)}");

    private static Verdict Diagnose(TrafficRun run)
    {
        using var file = new MemoryStream();
        TrafficFile.WriteCapture(run, file);
        file.Position = 0;
        using var datagrams = new DatagramReader(CaptureReader.Open(file), CaptureFile.NameService);
        var diagnosis = new CaptureDiagnosis();
        while (datagrams.TryRead(out var datagram))
            diagnosis.Observe(datagram);
        diagnosis.Complete();
        return diagnosis.Judge();
    }

    private static string Told(TrafficRun run, Verdict verdict) =>
        $"{TrafficFile.NameOf(run)}, background {run.Background.Count}: {string.Join("; ", verdict.Incidents.Select(incident => $"{incident.Cause.Id} {incident.Certainty} {string.Join(' ', incident.Names)} {string.Join(' ', incident.Grounds)} [{string.Join(' ', incident.Frames)}] {string.Join(' ', incident.Parties.Select(party => party.Address))}"))}";
}
