using NbnsSim.Audit;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Audit;

/// <summary>What an audit says would break is what breaks: the same network runs with its name server and without, and the two lists are compared.</summary>
public sealed class AuditTruthTests
{
    private const int Seeds = 150;

    [Test]
    public void WithItsSubnetsKnown_WhatIsSaidToBreakBreaks_AndNothingElse()
    {
        int broken = 0;
        int going = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var bed = new AuditBed(seed);
            var verdict = bed.Judge(new WinsAuditOptions { Subnets = bed.Subnets });
            var (questions, registrations) = bed.Broken();
            Assert.That(Said(verdict, AuditOutcome.Breaks), Is.EquivalentTo(questions), $"seed {seed}: {Account(verdict)}");
            Assert.That(verdict.Registrants.Where(one => one.Outcome == AuditOutcome.Breaks).Select(one => one.Address), Is.EquivalentTo(registrations), $"seed {seed}");
            Assert.That(verdict.Dependencies.Where(one => one.Outcome == AuditOutcome.CannotTell && one.Grounds[0].Rule != AuditRules.PerhapsForOthers), Is.Empty, $"seed {seed}: {Account(verdict)}");
            broken += questions.Count;
            going += verdict.Dependencies.Count(one => one.Outcome == AuditOutcome.GoesOn);
        }

        Assert.That(broken, Is.GreaterThan(Seeds), "the networks break enough to tell");
        Assert.That(going, Is.GreaterThan(Seeds / 2), "and enough goes on");
    }

    /// <summary>What an audit does not know it leaves open: it never says that something breaks, or goes on, that does not.</summary>
    [Test]
    public void WithItsSubnetsUnknown_NothingThatIsSaidIsWrong()
    {
        int open = 0;
        int said = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var bed = new AuditBed(seed);
            var verdict = bed.Judge();
            var (questions, registrations) = bed.Broken();
            Assert.That(Said(verdict, AuditOutcome.Breaks), Is.SubsetOf(questions), $"seed {seed}: {Account(verdict)}");
            Assert.That(Said(verdict, AuditOutcome.GoesOn).Concat(Said(verdict, AuditOutcome.NoWorse)).Intersect(questions), Is.Empty, $"seed {seed}: {Account(verdict)}");
            Assert.That(verdict.Registrants.Where(one => one.Outcome == AuditOutcome.Breaks).Select(one => one.Address), Is.EquivalentTo(registrations), $"seed {seed}");
            open += verdict.Count(AuditOutcome.CannotTell);
            said += verdict.Dependencies.Count(one => one.Outcome == AuditOutcome.Breaks);
        }

        Assert.That(open, Is.Positive);
        Assert.That(said, Is.Positive);
    }

    /// <summary>The lines that it gives for LMHOSTS mend what they are for.</summary>
    [Test]
    public void ItsLinesForLmHosts_MendWhatBreaks()
    {
        int mended = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var bed = new AuditBed(seed);
            var verdict = bed.Judge(new WinsAuditOptions { Subnets = bed.Subnets });
            var advised = verdict.Dependencies.Where(one => one.Replacements.Any(other => !other.Lines.IsEmpty)).ToLookup(one => one.Client);
            var stillBroken = bed.Broken(machine => machine.LmHosts = string.Join('\n', advised[machine.Address].SelectMany(one => one.Replacements).SelectMany(one => one.Lines))).Questions;
            var promised = advised.SelectMany(one => one).Select(one => (one.Client, one.Name)).ToList();
            Assert.That(promised.Intersect(stillBroken), Is.Empty, $"seed {seed}");
            mended += promised.Count;
        }

        Assert.That(mended, Is.GreaterThan(Seeds));
    }

    /// <summary>And so do the node types that it gives.</summary>
    [Test]
    public void ItsNodeTypes_MendWhatBreaks()
    {
        int mended = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var bed = new AuditBed(seed);
            var verdict = bed.Judge(new WinsAuditOptions { Subnets = bed.Subnets });
            var promised = verdict.Dependencies.Where(one => one.Replacements.Any(other => other.Rule == AuditRules.ReplaceNodeType)).Select(one => (one.Client, one.Name)).ToList();
            var stillBroken = bed.Broken(machine => machine.Type = machine.Type is OwnerNodeType.P or OwnerNodeType.M ? OwnerNodeType.H : machine.Type);
            Assert.That(promised.Intersect(stillBroken.Questions), Is.Empty, $"seed {seed}");
            Assert.That(stillBroken.Registrations, Is.Empty, $"seed {seed}");
            mended += promised.Count;
        }

        Assert.That(mended, Is.Positive);
    }

    private static List<(Ipv4Address Client, NetBiosName Name)> Said(WinsAuditVerdict verdict, AuditOutcome outcome) =>
        [.. verdict.Dependencies.Where(one => one.Outcome == outcome).Select(one => (one.Client, one.Name))];

    private static string Account(WinsAuditVerdict verdict) => string.Join('\n', verdict.Dependencies.Select(one =>
        $"{one.Outcome} {one.Client} ({one.ClientType}) {one.Name} {string.Join(',', one.Given)} via {one.Proxy}: {string.Join(' ', one.Grounds.Select(ground => ground.Text))} frames {string.Join(',', one.Frames)}"));
}
