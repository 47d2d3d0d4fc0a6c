using System.Globalization;
using System.Xml;
using NbnsSim.Reports;

namespace NbnsSim.Conformance.Reports;

/// <summary>A report as JUnit's XML, of the shape that Jenkins, GitLab, GitHub's actions and Azure DevOps read alike. It has no time of day: the same run gives the same file.</summary>
internal static class JUnitXml
{
    public static void Write(TextWriter output, ConformanceReport report)
    {
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, NewLineChars = "\n", OmitXmlDeclaration = true }); // the declaration would name the writer's encoding, not the file's
        xml.WriteStartElement("testsuites");
        Attribute(xml, "name", report.Title);
        Counts(xml, report.Results);
        foreach (var suite in report.Results.GroupBy(result => result.Case.Clause, StringComparer.Ordinal))
        {
            var first = suite.First().Case;
            xml.WriteStartElement("testsuite");
            Attribute(xml, "name", $"{first.Citation} {first.Title}");
            Counts(xml, [.. suite]);
            xml.WriteStartElement("properties");
            Property(xml, "profile", report.Options.Profile.ToString().ToLowerInvariant());
            Property(xml, "strict", report.Options.Strict ? "true" : "false");
            Property(xml, "subject", report.Title);
            xml.WriteEndElement();
            foreach (var result in suite)
                Case(xml, report, result);
            xml.WriteEndElement();
        }

        if (report.IsInterrupted)
            Interruption(xml);
        xml.WriteEndElement();
    }

    /// <summary>Cases are missing: whoever counts failures alone must not take that for success.</summary>
    private static void Interruption(XmlWriter xml)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", "the run");
        Attribute(xml, "tests", "1");
        Attribute(xml, "errors", "1");
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", "conform");
        Attribute(xml, "name", "all cases were run");
        xml.WriteStartElement("error");
        Attribute(xml, "message", "The run was interrupted: more cases were asked for than are here.");
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, ConformanceReport report, ConformanceResult result)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "classname", result.Case.Clause);
        Attribute(xml, "name", $"{result.Case.Id} {result.Case.Says}");
        Attribute(xml, "time", Seconds(result));
        switch (result.Verdict)
        {
            case ConformanceVerdict.Fail:
                xml.WriteStartElement("failure");
                Attribute(xml, "message", result.Seen());
                Attribute(xml, "type", result.Case.Level.Word());
                xml.WriteString(Details(report, result));
                xml.WriteEndElement();
                break;
            case ConformanceVerdict.Dialect:
                xml.WriteElementString("system-out", Details(report, result));
                break;
            case ConformanceVerdict.Unsupported or ConformanceVerdict.NotApplicable:
                xml.WriteStartElement("skipped");
                Attribute(xml, "message", $"{result.Verdict.Counted()}: {result.Words}");
                xml.WriteEndElement();
                break;
        }

        xml.WriteEndElement();
    }

    /// <summary>The same as text has; every line of it is escaped on its way through the writer.</summary>
    private static string Details(ConformanceReport report, ConformanceResult result)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var writer = new ReportWriter(text);
        writer.WriteWrapped("says      ", $"{result.Case.Says} ({result.Case.Level.Word()}: {result.Case.Sources()})");
        writer.WriteWrapped("expected  ", result.Expected);
        writer.WriteWrapped("seen      ", $"{result.Verdict.Counted()}: {result.Seen()}");
        new ExchangeLadder(report, result).Write(writer);
        return text.ToString();
    }

    private static void Counts(XmlWriter xml, IReadOnlyCollection<ConformanceResult> results)
    {
        Attribute(xml, "tests", Text(results.Count));
        Attribute(xml, "failures", Text(results.Count(result => result.Verdict == ConformanceVerdict.Fail)));
        Attribute(xml, "errors", "0");
        Attribute(xml, "skipped", Text(results.Count(result => result.Verdict > ConformanceVerdict.Fail)));
    }

    private static void Property(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        Attribute(xml, "name", name);
        Attribute(xml, "value", value);
        xml.WriteEndElement();
    }

    /// <summary>From its beginning to its last datagram.</summary>
    private static string Seconds(ConformanceResult result) =>
        (result.Exchange.IsEmpty ? 0 : (result.Exchange[^1].Time - result.Started).TotalSeconds).ToString("0.000", CultureInfo.InvariantCulture);

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, VisibleText.Escape(value));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
