using System.Globalization;
using NbnsSim.Audit;
using NbnsSim.Names;

namespace NbnsSim.Reports;

/// <summary>
/// An audit as comma-separated values (RFC 4180): heads, then a row for each question and each registrant. What does not show is escaped (<see cref="VisibleText"/>), and a
/// cell that a spreadsheet would take for a formula begins with an apostrophe.
/// </summary>
internal static class AuditCsv
{
    private static readonly string[] Heads =
    [
        "kind", "outcome", "client", "clientName", "nodeType", "name", "suffix", "scope", "group", "server", "proxy", "given", "questions", "rules", "because", "instead", "lmhosts", "frames",
    ];

    public static void Write(TextWriter output, WinsAuditVerdict verdict)
    {
        Row(output, Heads);
        foreach (var one in verdict.Dependencies)
        {
            Row(
                output, "question", AuditText.Word(one.Outcome), one.Client.ToString(), one.ClientName ?? "", one.ClientType?.ToString() ?? "", one.Name.BaseName, Suffix(one.Name), one.Name.Scope.ToString(),
                one.IsGroup ? "yes" : "no", one.Server == default ? "" : one.Server.ToString(), one.Proxy?.ToString() ?? "", string.Join(' ', one.Given), one.Questions.ToString(CultureInfo.InvariantCulture),
                string.Join(' ', one.Grounds.Select(ground => ground.Rule.Id)), string.Join(' ', one.Grounds.Select(ground => ground.Text)),
                string.Join(' ', one.Replacements.Select(other => other.Text)), string.Join('\n', one.Replacements.SelectMany(other => other.Lines)), string.Join(' ', one.Frames));
        }

        foreach (var one in verdict.Registrants)
        {
            foreach (var name in one.Names)
            {
                Row(
                    output, "registration", AuditText.Word(one.Outcome), one.Address.ToString(), one.ComputerName ?? "", one.NodeType?.ToString() ?? "", name.BaseName, Suffix(name), name.Scope.ToString(),
                    "", "", "", "", "", string.Join(' ', one.Grounds.Select(ground => ground.Rule.Id)), string.Join(' ', one.Grounds.Select(ground => ground.Text)),
                    string.Join(' ', one.Replacements.Select(other => other.Text)), "", string.Join(' ', one.Frames));
            }
        }
    }

    private static string Suffix(in NetBiosName name) => ((byte)name.Suffix).ToString("X2", CultureInfo.InvariantCulture);

    private static void Row(TextWriter output, params ReadOnlySpan<string> cells)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0)
                output.Write(',');
            output.Write(Cell(cells[i]));
        }

        output.Write("\r\n"); // RFC 4180 §2
    }

    /// <summary>A cell; the lines of an LMHOSTS file in it stay lines.</summary>
    private static string Cell(string text)
    {
        text = string.Join('\n', text.Split('\n').Select(VisibleText.Escape));
        if (text.Length > 0 && text.TrimStart() is ['=' or '+' or '-' or '@', ..])
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
