using System.Globalization;
using System.Text;

namespace NbnsSim.Benchmarks;

/// <summary>
/// <c>report FOLDER [EXTRA]</c>: measures everything that the README tells of speed, writes the table between its marks (<c>FOLDER/README.md</c>) and
/// draws it (<c>FOLDER/benchmarks/speed.svg</c>). EXTRA has rows that were measured elsewhere, one a line, fields separated by tabs: work, what it is beside,
/// least ratio, most ratio, figure. <c>chart FOLDER</c> draws the table as it stands.
/// </summary>
internal static class Report
{
    private const string Begin = "<!-- speed: written by benchmarks/report.sh -->";
    private const string End = "<!-- /speed -->";

    /// <summary>A line of the table.</summary>
    /// <param name="Work">What is done.</param>
    /// <param name="Beside">What it is held against, in the same run; empty for none.</param>
    /// <param name="Least">How many times as fast as that, at least; 0 for none.</param>
    /// <param name="Most">And at most.</param>
    /// <param name="Figure">How much time or memory it takes.</param>
    internal sealed record Row(string Work, string Beside, double Least, double Most, string Figure);

    public static int Run(ReadOnlySpan<string> arguments)
    {
        if (arguments.Length is 0 or > 2 || !File.Exists(Readme(arguments[0])))
        {
            Console.Error.WriteLine("'report' takes the folder of the repository, and perhaps a file with more rows.");
            return 2;
        }

        var rows = Measure();
        if (arguments.Length > 1)
            rows.AddRange(File.ReadLines(arguments[1]).Select(line => line.Split('\t')).Select(fields => new Row(fields[0], fields[1], Number(fields[2]), Number(fields[3]), fields[4])));
        WriteTable(Readme(arguments[0]), rows);
        DrawTable(arguments[0]);
        Growth.Run();
        return 0;
    }

    /// <summary>Draws the table of <c>FOLDER/README.md</c>.</summary>
    public static void DrawTable(string folder)
    {
        var rows = File.ReadLines(Readme(folder))
            .SkipWhile(line => line != Begin).TakeWhile(line => line != End)
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (Cells: cells, Range: cells[2].Length == 0 ? [0] : cells[2].Split(" to ").Select(Number).ToArray()))
            .Select(it => new Row(it.Cells[1], it.Cells[3], it.Range[0], it.Range[^1], it.Cells[4]));
        File.WriteAllText(Path.Combine(folder, "benchmarks", "speed.svg"), SpeedChart.Draw(rows));
    }

    private static string Readme(string folder) => Path.Combine(folder, "README.md");

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static List<Row> Measure()
    {
        var codec = QuickCodec.Run();
        var rows = new List<Row>
        {
            new("decode a packet, with its kind, name and first entry", "a bare hand-written walk", 1 / codec.MostRatio, 1 / codec.LeastRatio, Text($"{codec.LeastDecode:0} to {codec.MostDecode:0} ns")),
            new("encode a registration", "copying a finished packet of constant length", 1 / codec.EncodeRatio, 1 / codec.EncodeRatio, Text($"{codec.Encode:0.0} ns")),
            new("half-ASCII name, decode", "scalar code", codec.UnpackRatio, codec.UnpackRatio, Text($"{codec.Unpack:0.0} ns")),
            new("half-ASCII name, encode", "scalar code", codec.PackRatio, codec.PackRatio, Text($"{codec.Pack:0.0} ns")),
        };
        foreach (var (pending, ratios) in HoldModel.Run())
            rows.Add(new Row(Text($"event queue, hold model, {pending:N0} events"), "`PriorityQueue` with the same order", ratios.Min(), ratios.Max(), ""));
        double deliveries = LanBoot.Run(10_000);
        rows.Add(new Row("10,000 B nodes boot on one segment", "", 0, 0, Text($"{deliveries / 1e6:0} million deliveries a second")));
        double octets = NodeCrowd.Run(1_000_000);
        rows.Add(new Row("a million H nodes with two names each", "", 0, 0, Text($"{octets:0} octets a node")));
        var names = NameServerLoad.Run(1_000_000, journal: false);
        rows.Add(new Row(
            "name server, a million names", "a bare parse and dictionary look-up", 1 / names.Ratio, 1 / names.Ratio, Text($"{names.Nanoseconds / 1e3:0.00} µs, {names.OctetsPerName:0} octets a name")));
        double[] walks = CaptureWalk.Run([]);
        double decoded = walks[3]; // "decoded packets (file)"
        rows.Add(walks[0] == 0
            ? new Row("capture file of a million packets, read and decoded", "", 0, 0, Text($"{decoded / 1e6:0} million packets a second"))
            : new Row("capture file of a million packets, read and decoded", "a bare libpcap loop", decoded / walks[0], decoded / walks[0], Text($"{decoded / 1e6:0} million packets a second")));
        return rows;
    }

    private static void WriteTable(string readme, List<Row> rows)
    {
        string text = File.ReadAllText(readme);
        int begin = text.IndexOf(Begin, StringComparison.Ordinal), end = text.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
            throw new InvalidDataException($"{readme} has no '{Begin}' … '{End}' to write between.");
        var table = new StringBuilder(Begin).Append("\n\n| work | × as fast as | what it is beside | figure |\n|---|---|---|---|\n");
        foreach (var row in rows)
            table.Append(CultureInfo.InvariantCulture, $"| {row.Work} | {Range(row)} | {row.Beside} | {row.Figure} |\n");
        File.WriteAllText(readme, string.Concat(text.AsSpan(0, begin), table.Append('\n').ToString(), text.AsSpan(end)));
    }

    /// <summary>How many times as fast, in two digits: <c>1.4 to 6.1</c>.</summary>
    internal static string Range(Row row)
    {
        string least = Digits(row.Least), most = Digits(row.Most);
        return row.Least == 0 ? "" : least == most ? least : $"{least} to {most}";
    }

    private static string Digits(double ratio) => ratio.ToString(ratio < 1 ? "0.00" : ratio < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
