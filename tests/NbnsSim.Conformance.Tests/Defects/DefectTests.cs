using System.Globalization;
using System.Text;
using NbnsSim.Conformance.Benches;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Tests.House;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Tests.Defects;

/// <summary>
/// The cases held against machines that are wrong on purpose, one way at a time: which cases fail for which defect is recorded in <c>tests/conformance/DEFECTS.md</c>, where one can see that they are those that the
/// defect is about. A defect that no case sees, and a case that no defect fails, is a hole in the suite.
/// </summary>
public sealed class DefectTests
{
    private static readonly SimulatedSubject[] Subjects =
    [
        new() { Dialect = NetBtDialect.Rfc1002 },
        new() { Dialect = NetBtDialect.Rfc1002, NodeType = OwnerNodeType.P },
        new() { Dialect = NetBtDialect.WindowsNt4, NodeType = OwnerNodeType.H },
        new() { Role = ConformanceRole.Server, ServerDialect = NameServerDialect.Rfc1002NonSecured },
        new() { Role = ConformanceRole.Server, ServerDialect = NameServerDialect.Rfc1002Secured },
        new() { Role = ConformanceRole.Server, ServerDialect = NameServerDialect.Windows2000 },
    ];

    private static readonly Defect[] Defects = [.. NodeDefects.All, .. ClientDefects.All, .. ServerDefects.All];

    private static readonly Lazy<Survey> Done = new(Look);

    [Test]
    public void DefectsHaveNamesOfTheirOwn() => Assert.That(Defects.Select(defect => defect.Id), Is.Unique);

    [Test]
    public void AtLeast95PercentOfTheDefectsAreFound()
    {
        var unseen = Defects.Where(defect => Done.Value.Failing[defect].Count == 0).Select(defect => defect.Id).ToList();
        Assert.That(1 - ((double)unseen.Count / Defects.Length), Is.GreaterThanOrEqualTo(0.95), () => $"no case sees {string.Join(", ", unseen)}");
    }

    /// <summary>But for those of level MAY, which only show what a peer does.</summary>
    [Test]
    public void EveryCaseFailsForSomeDefect() => Assert.That(Done.Value.Unfailed, Is.Empty);

    [Test]
    public void WhichCasesADefectFails_IsRecorded()
    {
        string file = Path.Combine(Repository.Root, "tests", "conformance", "DEFECTS.md");
        string page = Page(Done.Value);
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, page);
        }

        Assert.That(page, Is.EqualTo(File.ReadAllText(file).ReplaceLineEndings("\n")), "run once with NBNSSIM_RECORD=1 to record a change that is meant");
    }

    private static Survey Look()
    {
        var failing = Defects.ToDictionary(defect => defect, _ => new SortedSet<int>());
        var cases = ConformanceCatalogue.All;
        var gate = new Lock();
        Parallel.ForEach(Subjects, subject =>
        {
            var sound = Verdicts(subject, null, cases);
            Parallel.ForEach(Defects.Where(defect => (defect.Role & (subject.Role | (subject is { Role: ConformanceRole.Node, NodeType: not OwnerNodeType.P } ? ConformanceRole.Client : ConformanceRole.None))) != ConformanceRole.None), defect =>
            {
                var found = Verdicts(subject, defect, cases);
                lock (gate)
                    failing[defect].UnionWith(Enumerable.Range(0, cases.Length).Where(i => IsLess(found[i], sound[i])));
            });
        });
        return new Survey(failing, [.. Enumerable.Range(0, cases.Length).Except(failing.Values.SelectMany(all => all)).Select(i => cases[i]).Where(test => test.Level != ConformanceLevel.May).Select(test => test.Id)]);
    }

    /// <summary>Whether a case tells the wrong machine from the sound one: it fails, or, where it only recommends, is not done any more.</summary>
    private static bool IsLess(ConformanceVerdict found, ConformanceVerdict sound) => sound is ConformanceVerdict.Pass or ConformanceVerdict.Dialect && found == ConformanceVerdict.Fail
        || sound == ConformanceVerdict.Pass && found == ConformanceVerdict.Dialect;

    private static ConformanceVerdict[] Verdicts(SimulatedSubject subject, Defect? defect, IEnumerable<ConformanceCase> cases)
    {
        using var bench = new SimulatedBench(defect is null ? subject : subject with { Wrap = defect.Around });
        var runner = new ConformanceRunner(bench, new ConformanceOptions { NodeType = subject.Role == ConformanceRole.Node ? subject.NodeType : null });
        return [.. cases.Select(test => IsFor(subject, defect, test) ? runner.Run(test).Verdict : ConformanceVerdict.NotApplicable)];
    }

    private static bool IsFor(SimulatedSubject subject, Defect? defect, ConformanceCase test) => (defect is null || (defect.Role & test.Role) != ConformanceRole.None)
        && (test.Role == ConformanceRole.Client ? subject is { Role: ConformanceRole.Node, NodeType: not OwnerNodeType.P } : (test.Role & subject.Role) != ConformanceRole.None);

    private static int Demanded => ConformanceCatalogue.All.Count(test => test.Level != ConformanceLevel.May);

    private static string Page(Survey survey)
    {
        var page = new StringBuilder();
        int seen = survey.Failing.Values.Count(cases => cases.Count > 0);
        page.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # Machines that are wrong on purpose, and the cases that fail for each

            Each of our machines is sound but for one thing that is done to its datagrams on the way in or out. Cases are held against it as against any peer; what is listed fails, and does not where the
            machine is sound. Written by `DefectTests`.

            {seen} of {survey.Failing.Count} defects are seen, {(100.0 * seen / survey.Failing.Count):F1} %. {Demanded - survey.Unfailed.Length} of the {Demanded} cases of level MUST and SHOULD fail for one of them at least.

            | defect | the machine | cases | which |
            |---|---|---|---|

            """).ReplaceLineEndings("\n"));
        foreach (var defect in Defects)
        {
            var ids = survey.Failing[defect].Select(i => ConformanceCatalogue.All[i].Id).ToList();
            string which = ids.Count > 25 ? string.Join(", ", ids.Take(25)) + " …" : string.Join(", ", ids);
            page.Append(CultureInfo.InvariantCulture, $"| `{defect.Id}` | {defect.Says} | {ids.Count} | {which} |\n");
        }

        return page.ToString();
    }

    private sealed record Survey(Dictionary<Defect, SortedSet<int>> Failing, string[] Unfailed);
}
