using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NbnsSim.Query;

/// <summary>Rows on their way out.</summary>
internal static class RowWriter
{
    /// <summary>How many rows are looked at for the widths of columns, and held in memory for it.</summary>
    public const int MaxMeasured = 1000;

    public static void Write(QueryResult result, QueryFormat format, TextWriter output)
    {
        switch (format)
        {
            case QueryFormat.NdJson:
                foreach (string?[] row in result.Rows)
                    WriteJson(result.Columns, row, output);
                break;
            case QueryFormat.Csv:
                WriteCells([.. result.Columns.Select(column => Cell(column.Name, isNumber: false))]);
                foreach (string?[] row in result.Rows)
                    WriteCells([.. row.Select((value, i) => Cell(value, IsNumber(result.Columns[i].Type)))]);
                break;
            default:
                WriteText(result, output);
                break;
        }

        void WriteCells(string[] cells) => output.Write(string.Join(',', cells) + "\r\n"); // RFC 4180 §2
    }

    private static void WriteText(QueryResult result, TextWriter output)
    {
        string[] heads = [.. result.Columns.Select(column => VisibleText.Escape(column.Name))];
        bool[] right = [.. result.Columns.Select(column => IsNumber(column.Type))];
        int[] widths = [.. heads.Select(head => head.Length)];
        var measured = new List<string[]>();
        bool isMeasuring = true;
        foreach (string?[] row in result.Rows)
        {
            string[] texts = [.. row.Select(value => value is null ? "NULL" : VisibleText.Escape(value))];
            if (!isMeasuring)
            {
                WriteLine(texts);
                continue;
            }

            measured.Add(texts);
            for (int i = 0; i < texts.Length; i++)
                widths[i] = Math.Max(widths[i], texts[i].Length);
            if (measured.Count == MaxMeasured)
                WriteMeasured();
        }

        if (isMeasuring)
            WriteMeasured();

        void WriteMeasured()
        {
            isMeasuring = false;
            WriteLine(heads);
            WriteLine([.. widths.Select(width => new string('-', width))]);
            measured.ForEach(WriteLine);
            measured.Clear();
        }

        void WriteLine(string[] texts)
        {
            var line = new StringBuilder();
            for (int i = 0; i < texts.Length; i++)
                line.Append(i == 0 ? "" : "  ").Append(right[i] ? texts[i].PadLeft(widths[i]) : texts[i].PadRight(widths[i]));
            output.Write(line.ToString().TrimEnd(' ') + "\n");
        }
    }

    private static void WriteJson(IReadOnlyList<(string Name, string Type)> columns, string?[] row, TextWriter output)
    {
        var line = new StringBuilder("{");
        for (int i = 0; i < row.Length; i++)
        {
            line.Append(i == 0 ? "" : ",").Append('"');
            line.Append(JsonEncodedText.Encode(columns[i].Name).Value);
            line.Append("\":");
            AppendJson(line, row[i] switch { null => "null", "Infinity" or "-Infinity" or "NaN" => $"\"{row[i]}\"", var json => json });
        }

        output.Write(line.Append("}\n").ToString());
    }

    // DuckDB escapes C0 alone; the escape of any other character means the same to a reader
    private static void AppendJson(StringBuilder line, ReadOnlySpan<char> json)
    {
        for (int hidden = VisibleText.IndexOfHidden(json); hidden >= 0; hidden = VisibleText.IndexOfHidden(json))
        {
            line.Append(json[..hidden]);
            int length = char.IsHighSurrogate(json[hidden]) && hidden + 1 < json.Length ? 2 : 1;
            foreach (char unit in json.Slice(hidden, length))
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            json = json[(hidden + length)..];
        }

        line.Append(json);
    }

    // a cell that a spreadsheet would take for a formula begins with an apostrophe
    private static string Cell(string? value, bool isNumber)
    {
        if (value is null)
            return "";
        string text = VisibleText.Escape(value);
        if (!isNumber && text.TrimStart() is ['=' or '+' or '-' or '@', ..])
            text = "'" + text;
        return text.Length == 0 || text.AsSpan().ContainsAny(",\" ") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    private static bool IsNumber(string type) =>
        type is "DOUBLE" or "FLOAT" || type.StartsWith("DECIMAL", StringComparison.Ordinal) || (type.EndsWith("INT", StringComparison.Ordinal) || type.EndsWith("INTEGER", StringComparison.Ordinal));
}
