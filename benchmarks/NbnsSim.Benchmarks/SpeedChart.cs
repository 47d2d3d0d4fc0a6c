using System.Globalization;
using System.Security;
using System.Text;

namespace NbnsSim.Benchmarks;

/// <summary>The speeds as bars from what each is beside, on a logarithmic axis: right of the line is faster, left of it slower.</summary>
internal static class SpeedChart
{
    private const int RowHeight = 44;
    private const int Top = 56;
    private const int Width = 860;
    private const int Left = 40;
    private const double Slowest = 0.25;
    private const double Fastest = 32;

    public static string Draw(IEnumerable<Report.Row> rows)
    {
        var drawn = rows.Where(row => row.Least > 0).ToList();
        int height = Top + (drawn.Count * RowHeight) + 20;
        var svg = new StringBuilder();
        Add(svg, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"13\">\n");
        Add(svg, $"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>\n");
        Add(svg, $"<text x=\"{Left}\" y=\"22\" font-weight=\"bold\">How many times as fast as what it is beside (logarithmic; measured in one run)</text>\n");
        for (double tick = Slowest; tick <= Fastest; tick *= 2)
        {
            Add(svg, $"<line x1=\"{X(tick):0}\" y1=\"{Top - 8}\" x2=\"{X(tick):0}\" y2=\"{height - 16}\" stroke=\"{(tick == 1 ? "#444444" : "#dddddd")}\"/>\n");
            Add(svg, $"<text x=\"{X(tick):0}\" y=\"{Top - 14}\" text-anchor=\"middle\" fill=\"#666666\" font-size=\"11\">{tick:0.##} ×</text>\n");
        }

        for (int i = 0; i < drawn.Count; i++)
        {
            var row = drawn[i];
            int y = Top + (i * RowHeight);
            double from = X(Math.Min(1, row.Least)), to = X(Math.Max(1, row.Most));
            Add(svg, $"<text x=\"{Left}\" y=\"{y + 14}\">{Escaped(row.Work)} <tspan fill=\"#666666\">beside {Escaped(row.Beside)}</tspan></text>\n");
            Add(svg, $"<rect x=\"{from:0.#}\" y=\"{y + 20}\" width=\"{Math.Max(2, to - from):0.#}\" height=\"12\" fill=\"{(row.Most >= 1 ? "#2a7f62" : "#c0782a")}\"/>\n");
            Add(svg, $"<text x=\"{to + 6:0.#}\" y=\"{y + 30}\" font-size=\"11\">{Report.Range(row)} ×</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static double X(double ratio) =>
        Left + ((Width - (2 * Left) - 60) * Math.Log(Math.Clamp(ratio, Slowest, Fastest) / Slowest) / Math.Log(Fastest / Slowest));

    private static string Escaped(string text) => SecurityElement.Escape(text.Replace("`", "", StringComparison.Ordinal));

    private static void Add(StringBuilder svg, FormattableString text) => svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
