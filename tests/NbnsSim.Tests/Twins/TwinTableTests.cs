using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NbnsSim.Captures;
using NbnsSim.Tests.House;
using NbnsSim.Twins;

namespace NbnsSim.Tests.Twins;

/// <summary>
/// How far the twins of real captures agree with them: <c>tests/TWINS.md</c>. Run with NBNSSIM_RECORD=1 to write it anew; rows of captures that are not ours to ship stay where the
/// folder with them is missing.
/// </summary>
public sealed class TwinTableTests
{
    /// <summary>Captures of machines that no node is: scripts that answer as no owner does, and a test program that claims, refreshes and releases what it does not hold.</summary>
    private static readonly string[] OfScripts = ["b3-registration-answered-cft", "c3-wins-wack-client", "f1-torture-dc-register-wins", "smbtorture", "winsreplication"];

    private const int MaxFrames = 8;

    private static string File => Path.Combine(Repository.Root, "tests", "TWINS.md");

    [Test]
    public void TheTableIsTrue()
    {
        string before = System.IO.File.Exists(File) ? System.IO.File.ReadAllText(File) : "";
        string table = Table(before);
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            System.IO.File.WriteAllText(File, before = table);
        Assert.That(before, Is.EqualTo(table), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void OfWholeExchanges95PercentComeAgain(string relativePath)
    {
        string path = SharedFolder.Require(relativePath);
        var compared = CaptureTwin.Make(CaptureReader.Open(path), "capture").Compare();
        double least = Array.Exists(OfScripts, script => relativePath.Contains(script, StringComparison.Ordinal)) ? 65 : 95;
        Assert.That(compared.Agreement, Is.GreaterThanOrEqualTo(least), string.Join('\n', compared.Differences.Take(10)));
        Assert.That(compared.Differences.Where(difference => difference.Why.Length == 0), Is.Empty, "each exception says why");
    }

    private static string Table(string before)
    {
        var text = new StringBuilder("""
            # Twins: how far they do again what was captured

            Written by `TwinTableTests`: of each capture the twin is made (`nbnssim twin FILE --compare`), run, and lined up with it. A packet of a whole exchange comes again where a machine of the
            twin sends one of the same kind, about the same name, between the same machines, in order, within the retry interval. What is sent by hand, as it was captured, is not counted as coming again.
            Of captures below 95 % every packet that does not come again is listed at the end, with why.

            | capture | packets | of whole exchanges | come again | % | by hand | besides |
            |---|---|---|---|---|---|---|

            """);
        string folder = Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", "diagnosis");
        var exceptions = new StringBuilder("\n### What does not come again, where that is more than 5 %\n\n");
        foreach (string path in Directory.EnumerateFiles(folder).Where(IsCapture).Order(StringComparer.Ordinal))
            Row(text, exceptions, path, Path.GetFileName(path));
        text.Append(exceptions);
        text.Append("\n## Captures that are not ours to ship\n\n| capture | packets | of whole exchanges | come again | % | by hand | besides |\n|---|---|---|---|---|---|---|\n");
        if (SharedFolder.Root is { } root)
        {
            exceptions.Clear().Append("\n### What of these does not come again, where that is more than 5 %\n\n");
            foreach (string capture in SharedFolder.Captures().Where(capture => !capture.Contains("samba", StringComparison.Ordinal) || !capture.EndsWith("ng", StringComparison.Ordinal)))
                Row(text, exceptions, Path.Combine(root, capture), Path.GetFileName(capture));
            text.Append(exceptions);
        }
        else if (before.IndexOf("## Captures that are", StringComparison.Ordinal) is >= 0 and var kept)
        {
            text.Length = text.ToString().IndexOf("## Captures that are", StringComparison.Ordinal);
            text.Append(before[kept..]);
        }

        return text.ToString().ReplaceLineEndings("\n");
    }

    private static bool IsCapture(string path) => path.EndsWith(".pcap", StringComparison.Ordinal) || path.EndsWith(".pcapng", StringComparison.Ordinal);

    private static void Row(StringBuilder text, StringBuilder exceptions, string path, string name)
    {
        if (!CaptureReader.TryOpen(System.IO.File.ReadAllBytes(path), out var capture, out _))
            return;
        var twin = CaptureTwin.Make(capture, "capture");
        if (twin.Packets.Count == 0)
            return;
        var compared = twin.Compare();
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {compared.Captured} | {compared.Complete} | {compared.Reproduced} | {compared.Agreement:0.0} | {compared.ByHand} | {compared.Extra} |\n");
        if (compared.Agreement >= 95)
            return;
        string noNode = Array.Exists(OfScripts, script => name.Contains(script, StringComparison.Ordinal)) ? ": a script or a test program stands in a machine's place, and does what no node does" : "";
        exceptions.Append(CultureInfo.InvariantCulture, $"- {name}, {compared.Agreement:0.0} %{noNode}\n");
        foreach (var same in compared.Differences.Where(difference => difference.Kind is TwinDifferenceKind.Missing or TwinDifferenceKind.OutOfOrder or TwinDifferenceKind.ByHand)
            .GroupBy(difference => (difference.Kind, What: difference.Packet.Kind, Why: Timeless(difference.Why))))
        {
            string how = same.Key.Kind switch { TwinDifferenceKind.ByHand => "sent as captured", TwinDifferenceKind.OutOfOrder => "out of order", _ => "not sent" };
            string more = same.Count() > MaxFrames ? string.Create(CultureInfo.InvariantCulture, $" and {same.Count() - MaxFrames} more") : "";
            exceptions.Append(CultureInfo.InvariantCulture, $"  - {how}, {same.Key.What} {string.Join(", ", same.Take(MaxFrames).Select(difference => difference.Packet.Frame))}{more}: {same.Key.Why}\n");
        }
    }

    private static string Timeless(string why) => Regex.Replace(why, " at [0-9.]+ s:", ":", RegexOptions.None, TimeSpan.FromSeconds(1));
}
