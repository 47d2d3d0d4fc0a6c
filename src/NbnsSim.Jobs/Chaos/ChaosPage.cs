using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NbnsSim.Events;
using NbnsSim.Reports.Pictures;
using NbnsSim.Rules;

namespace NbnsSim.Jobs.Chaos;

/// <summary>What was seen in a campaign of chaos as a page: how networks settled, what was held, events, decisions by rule, and the rules that nobody came to.</summary>
internal static class ChaosPage
{
    private const string Style = HtmlStyle.Css + """

        .bars th:nth-child(n+2),.bars td:nth-child(n+2){text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.bars td.bar{width:40%;padding-right:0}.bars svg{display:block;width:100%;height:.8rem}.bars rect{fill:var(--held)}
        .bars{max-width:64rem}
        """;

    private static readonly ImmutableArray<(string Title, long Most)> SettleTimes =
    [
        ("at once", 0), ("up to 1 s", 1_000), ("up to 2 s", 2_000), ("up to 5 s", 5_000), ("up to 10 s", 10_000), ("up to 30 s", 30_000), ("up to 1 min", 60_000), ("up to 2 min", 120_000),
        ("up to 5 min", 300_000), ("up to 15 min", 900_000), ("later", long.MaxValue),
    ];

    /// <summary>Writes it.</summary>
    /// <param name="whole">The campaign's <c>chaos.json</c>.</param>
    /// <param name="output">Where to.</param>
    public static void Write(JsonElement whole, TextWriter output)
    {
        using var page = PageWriter.Html(output);
        string title = $"Chaos, seeds {whole.GetProperty("firstSeed").GetRawText()} to {whole.GetProperty("lastSeed").GetRawText()}";
        HtmlPage.Begin(page, title, Style, "");
        page.Open("body").Open("main", "class", "nbns").Element("h1", title);
        long runs = Long(whole, "runs"), failed = Long(whole, "failed");
        page.Element("p", failed == 0 ? $"{ChaosText.Networks(runs)}, and in each all held that must hold." : $"{Group(failed)} of {ChaosText.Networks(runs)} broke what must hold.", "class", "lead");
        page.Element("p", $"Networks of 2 to {Group(Long(whole, "maxHosts"))} hosts. Faults: {whole.GetProperty("faults").GetString()!.Replace(",", ", ", StringComparison.Ordinal)}. Dialects: {string.Join(", ", Texts(whole, "dialects"))}.");
        Failures(page, whole);
        Settling(page, whole);
        page.Open("section").Element("h2", "What was held");
        Bars(page, "property", "networks", [.. whole.GetProperty("held").EnumerateObject().Select(held => (held.Name, held.Value.GetInt64(), ""))]);
        page.Close();
        page.Open("section").Element("h2", "Events");
        Bars(page, "event", "networks", [.. whole.GetProperty("eventIds").EnumerateArray().Select(one => (EventTitle(one.GetProperty("id").GetInt32()), Long(one, "runs"), $"{Group(Long(one, "times"))} times"))]);
        page.Close();
        Rules(page, whole);
        page.Close().Close().Close();
    }

    private static void Failures(PageWriter page, JsonElement whole)
    {
        if (whole.GetProperty("failures").GetArrayLength() == 0)
            return;
        page.Open("section").Element("h2", "What failed");
        foreach (var failure in whole.GetProperty("failures").EnumerateArray())
        {
            string property = failure.GetProperty("failure").GetString()!;
            page.Element("h3", $"{property}: {ChaosText.Networks(Long(failure, "runs"))}");
            page.Element("pre", failure.GetProperty("repeat").GetString()!);
            foreach (var small in whole.GetProperty("shrunk").EnumerateArray().Where(one => one.GetProperty("property").GetString() == property))
            {
                page.Open("p").Text($"Seed {small.GetProperty("seed").GetRawText()} with {Long(small, "hosts")} hosts, {Long(small, "steps")} steps and {Long(small, "rules")} link rules: {small.GetProperty("text").GetString()} ")
                    .Element("code", small.GetProperty("file").GetString()!).Close();
            }
        }

        page.Close();
    }

    private static void Settling(PageWriter page, JsonElement whole)
    {
        var counts = new long[SettleTimes.Length];
        foreach (var pair in whole.GetProperty("settledMs").GetProperty("counts").EnumerateArray())
        {
            int bucket = 0;
            while (pair[0].GetInt64() > SettleTimes[bucket].Most)
                bucket++;
            counts[bucket] += pair[1].GetInt64();
        }

        page.Open("section").Element("h2", "How long it took to settle");
        page.Element("p", $"From when nothing went wrong any more until nobody asked for anything but to be refreshed, for six seconds. {ChaosText.Unsettled(whole)}");
        Bars(page, "settled", "networks", [.. SettleTimes.Select((time, i) => (time.Title, counts[i], ""))]);
        page.Close();
    }

    private static void Rules(PageWriter page, JsonElement whole)
    {
        page.Open("section").Element("h2", "Decisions by rule");
        Bars(page, "rule", "networks", [.. whole.GetProperty("rules").EnumerateArray().Select(one => (one.GetProperty("rule").GetString()!, Long(one, "runs"), $"{Group(Long(one, "times"))} times"))]);
        page.Close();
        var never = Texts(whole, "rulesNeverReached").Select(id => RuleBook.Find(id)!).ToList();
        page.Open("section").Element("h2", string.Create(CultureInfo.InvariantCulture, $"Rules never reached: {never.Count} of {RuleBook.All.Length}"));
        page.Open("table").Open("tbody");
        foreach (var rule in never)
            page.Open("tr").Element("th", rule.Id).Element("td", rule.Sentence).Close();
        page.Close().Close().Close();
    }

    /// <summary>A table with a bar for each row, as long as its number of the greatest.</summary>
    private static void Bars(PageWriter page, string what, string unit, ImmutableArray<(string Title, long Number, string Further)> rows)
    {
        long most = Math.Max(1, rows.Length == 0 ? 1 : rows.Max(row => row.Number));
        page.Open("table", "class", "bars").Open("thead").Open("tr").Element("th", what).Element("th", unit).Element("th", "").Element("th", "").Close().Close().Open("tbody");
        foreach (var (title, number, further) in rows)
        {
            page.Open("tr").Element("td", title).Element("td", Group(number)).Element("td", further).Open("td", "class", "bar")
                .Open("svg", "viewBox", "0 0 100 8", "preserveAspectRatio", "none", "aria-hidden", "true").Open("rect", "width", PageWriter.Number(number * 100.0 / most), "height", "8").Close().Close().Close().Close();
        }

        page.Close().Close();
    }

    private static string EventTitle(int id) => string.Create(CultureInfo.InvariantCulture, $"{id} {NetBtEventDefinition.Find(id)?.Symbol}");

    private static long Long(JsonElement json, string name) => json.GetProperty(name).GetInt64();

    private static IEnumerable<string> Texts(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(one => one.GetString()!);

    private static string Group(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
