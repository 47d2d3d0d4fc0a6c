using System.Text.Json;
using NbnsSim.Tests;

namespace NbnsSim.Query.Tests;

/// <summary>Rows as text, JSON and comma-separated values.</summary>
public sealed class RowWriterTests : OverSampleJob
{
    private const string Values =
        """
        SELECT * FROM (VALUES
            (1, 'a', 1.5::DOUBLE, NULL::VARCHAR, [1, NULL], {'x': ['q']}, TIMESTAMPTZ '2020-01-01 00:00:00.123+00', true, '\x01'::BLOB),
            (-20, '', 'inf'::DOUBLE, 'b,"c"', [], {'x': NULL}, 'infinity', false, NULL)) AS t(number, text, double, maybe, list, struct, time, truth, blob)
        """;

    [Test]
    public void TextIsInColumns() => Assert.That(Write(Values, QueryFormat.Text), Is.EqualTo(
        """
        number  text  double  maybe  list       struct       time                        truth  blob
        ------  ----  ------  -----  ---------  -----------  --------------------------  -----  ----
             1  a        1.5  NULL   [1, NULL]  {'x': [q]}   2020-01-01 00:00:00.123+00  true   \x01
           -20           inf  b,"c"  []         {'x': NULL}  infinity                    false  NULL

        """));

    [Test]
    public void JsonHasTheTypesOfItsValues() => Assert.That(Write(Values, QueryFormat.NdJson), Is.EqualTo(
        """
        {"number":1,"text":"a","double":1.5,"maybe":null,"list":[1,null],"struct":{"x":["q"]},"time":"2020-01-01 00:00:00.123+00","truth":true,"blob":"\\x01"}
        {"number":-20,"text":"","double":"Infinity","maybe":"b,\"c\"","list":[],"struct":{"x":null},"time":"infinity","truth":false,"blob":null}

        """));

    [Test]
    public void CsvTellsNullFromAnEmptyText() => Assert.That(Write(Values, QueryFormat.Csv).ReplaceLineEndings("\n"), Is.EqualTo(
        """"
        number,text,double,maybe,list,struct,time,truth,blob
        1,a,1.5,,"[1, NULL]","{'x': [q]}","2020-01-01 00:00:00.123+00",true,\x01
        -20,"",inf,"b,""c""",[],"{'x': NULL}",infinity,false,

        """"));

    [Test]
    public void NoSpreadsheetTakesACellForAFormula() =>
        Assert.That(Write("SELECT '=1+1' AS a, ' @x' AS b, '-x' AS c, -1 AS d, '+' AS e", QueryFormat.Csv), Is.EqualTo("a,b,c,d,e\r\n'=1+1,\"' @x\",'-x,-1,'+\r\n"));

    [Test]
    public void NothingActsOnATerminal([Values] QueryFormat format)
    {
        string text = string.Concat(Poison.Utf8Text.Where(character => character != '\0'));
        string all = Write($"SELECT '{text}' AS \"{text}\", ['{text}'] AS list, {{'{text}': 1}} AS struct, path FROM captures", format);
        Poison.AssertNone(all.Replace("\r\n", "\n", StringComparison.Ordinal), format.ToString());
        Assert.That(all.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(format switch { QueryFormat.Text => 3, QueryFormat.Csv => 2, _ => 1 }));
        if (format != QueryFormat.NdJson)
            return;
        using var json = JsonDocument.Parse(all);
        Assert.That(json.RootElement.EnumerateObject().First().Value.GetString(), Is.EqualTo(text));
        Assert.That(json.RootElement.EnumerateObject().First().Name, Is.EqualTo(text));
    }

    [Test]
    public void AnEmptyResultHasItsHeads()
    {
        Assert.That(Write("SELECT name, suffix FROM owners WHERE false", QueryFormat.Text), Is.EqualTo("name  suffix\n----  ------\n"));
        Assert.That(Write("SELECT name, suffix FROM owners WHERE false", QueryFormat.Csv), Is.EqualTo("name,suffix\r\n"));
        Assert.That(Write("SELECT name, suffix FROM owners WHERE false", QueryFormat.NdJson), Is.Empty);
    }

    [Test]
    public void ColumnsAreMeasuredByTheirFirstRows()
    {
        string[] lines = Write($"SELECT i, 'x' AS x FROM range({RowWriter.MaxMeasured + 9_001}) AS t(i)", QueryFormat.Text).Split('\n');
        Assert.That(lines, Has.Length.EqualTo(RowWriter.MaxMeasured + 9_001 + 3));
        Assert.That(lines[2], Is.EqualTo("  0  x"));
        Assert.That(lines[^2], Is.EqualTo("10000  x"), "wider than those that were measured");
    }

    private string Write(string sql, QueryFormat format)
    {
        var output = new StringWriter { NewLine = "\n" };
        Query.Write(sql, format, output);
        return output.ToString();
    }
}
