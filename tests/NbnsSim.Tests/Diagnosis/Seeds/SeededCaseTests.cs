using System.Globalization;
using System.Text;

namespace NbnsSim.Tests.Diagnosis.Seeds;

/// <summary>
/// Every cause in networks that seeds make, seen from five places, with and without losses: is it told? <c>tests/DIAGNOSIS.md</c> has the score over 1,000 seeds; run with
/// NBNSSIM_RECORD=1 to write it anew (NBNSSIM_SEEDS: another number of seeds).
/// </summary>
public sealed class SeededCaseTests
{


    private const int FewSeeds = 8;


    private static readonly string[] s_places = ["mirror", "victim", "culprit", "name server", "uninvolved"];
    private static readonly string[] s_conditions = ["nothing lost", "capture spoilt", "network and capture spoilt"];

    private static IEnumerable<TestCaseData> Cases() => SeededCases.All.Select(one => new TestCaseData(one).SetArgDisplayNames(one.ToString()));

    [TestCaseSource(nameof(Cases))]
    public void ACauseIsToldWhereItCanBe(object of)
    {
        var one = (SeededCase)of;
        var score = Score(one, 0, FewSeeds);
        TestContext.Out.WriteLine($"{one}: {score}\n{string.Join('\n', score.Examples)}");
        Assert.Multiple(() =>
        {
            Assert.That(score.Count(CaseOutcome.Nothing), Is.LessThanOrEqualTo(2), score.ToString());
            Assert.That(score.Class, Is.GreaterThanOrEqualTo(0.97), score.ToString());
            Assert.That(score.Judged, Is.GreaterThanOrEqualTo(FewSeeds));
        });
    }

    private static CaseSums Score(SeededCase one, int first, int seeds)
    {
        var sums = new CaseSums();
        for (int seed = first; seed < first + seeds; seed++)
        {
            uint partsPerMillion = (uint)(10_000 * (1 + (seed % 5)));
            foreach (bool isLossy in (bool[])[false, true])
            {
                var net = new CaseNet((ulong)seed, one.ToString());
                var truth = one.Make(net);
                net.Run(isLossy ? partsPerMillion : 0);
                if (!CaseJudge.CameAbout(truth, net))
                {
                    sums.NotComeAbout++;
                    continue;
                }

                for (int place = 0; place < s_places.Length; place++)
                {
                    if (Capture(net, truth, place) is not { } capture)
                        continue;
                    if (!isLossy)
                        Add(place, 0, capture);
                    Add(place, isLossy ? 2 : 1, CaseJudge.Spoil(capture, partsPerMillion, (ulong)seed));
                }

                void Add(int place, int condition, IReadOnlyList<Sighting> capture)
                {
                    var score = CaseJudge.Judge(one, truth, capture);
                    sums.Add(place, condition, score, () => Told(one, seed, place, condition, score, capture));
                }
            }
        }

        return sums;
    }

    private static List<Sighting>? Capture(CaseNet net, CaseTruth truth, int place) => place switch
    {
        0 => net.Tap.Mirror,
        1 => truth.Victim is { } victim ? net.Tap.At(victim.Id) : null,
        2 => truth.Culprit is { } culprit && culprit != truth.Victim && culprit != net.Server ? net.Tap.At(culprit.Id) : null,
        3 => net.Server is { } server ? net.Tap.At(server.Id) : null,
        _ => net.Neighbours.LastOrDefault(it => it != truth.Victim && it != truth.Culprit) is { } other ? net.Tap.At(other.Id) : null,
    };

    private static string Told(SeededCase one, int seed, int place, int condition, CaseScore score, IReadOnlyList<Sighting> capture)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{one}, seed {seed}, {s_places[place]}, {s_conditions[condition]}: {score.Outcome}, {score.Hits}+ {score.Strays}x {score.Misses}-; {score.Verdict.Conclusion}\n");
        foreach (var incident in score.Verdict.Incidents)
            text.Append(CultureInfo.InvariantCulture, $"  {incident.Cause.Id} {incident.Certainty} {string.Join(' ', incident.Names)} [{string.Join(' ', incident.Frames)}] {string.Join(". ", incident.Grounds)} not known: {string.Join("; ", incident.Unknown)}\n");
        var names = score.Verdict.Incidents.SelectMany(incident => incident.Names).Select(name => name.BaseName).ToHashSet(StringComparer.Ordinal);
        for (int i = 0; i < capture.Count && text.Length < 3500; i++)
        {
            if (names.Count == 0 || names.Contains(capture[i].Packet.Name.BaseName))
                text.Append(CultureInfo.InvariantCulture, $"    {i + 1} {(capture[i].Time - Instant.Epoch).TotalSeconds:0.000} {capture[i].Packet}\n");
        }

        return text.ToString();
    }
}
