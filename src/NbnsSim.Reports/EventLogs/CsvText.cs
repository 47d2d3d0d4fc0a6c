using System.Text;

namespace NbnsSim.Reports.EventLogs;

/// <summary>Comma-separated values (RFC 4180), also with semicolons or tabs as Event Viewer and PowerShell write them in other countries.</summary>
internal static class CsvText
{
    private const int MaxColumns = 64;

    /// <summary>The rows, heads first; false where the text does not begin with the heads of a list of events.</summary>
    public static bool TryRead(string text, out List<string[]> rows)
    {
        rows = [];
        int start = 0;
        while (start < text.Length && (char.IsWhiteSpace(text[start]) || text.AsSpan(start).StartsWith("#TYPE")))
        {
            int end = text.IndexOf('\n', start);
            start = char.IsWhiteSpace(text[start]) ? start + 1 : end < 0 ? text.Length : end + 1;
        }

        int line = text.IndexOf('\n', start);
        if (line < 0)
            return false;
        var head = text.AsSpan(start, line - start);
        char between = head.Count(';') > head.Count(',') ? ';' : head.Count('\t') > head.Count(',') ? '\t' : ',';
        if (!head.Contains(between))
            return false;
        foreach (string[] row in Rows(text, start, between))
        {
            if (rows.Count == 0 && !EventLogText.IsHead(row))
                return false;
            rows.Add(row);
        }

        return rows.Count > 1;
    }

    private static IEnumerable<string[]> Rows(string text, int start, char between)
    {
        var row = new List<string>();
        var cell = new StringBuilder();
        bool isQuoted = false;
        for (int i = start; i < text.Length; i++)
        {
            char character = text[i];
            if (isQuoted)
            {
                if (character != '"')
                    cell.Append(character);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    cell.Append(text[++i]);
                else
                    isQuoted = false;
            }
            else if (character == '"' && cell.Length == 0)
            {
                isQuoted = true;
            }
            else if (character == '\n' || character == between)
            {
                if (row.Count < MaxColumns)
                    row.Add(cell.ToString().Trim());
                cell.Clear();
                if (character != '\n')
                    continue;
                if (row.Count > 1)
                    yield return [.. row];
                row.Clear();
            }
            else
            {
                cell.Append(character);
            }
        }

        row.Add(cell.ToString().Trim());
        if (row.Count > 1)
            yield return [.. row];
    }
}
