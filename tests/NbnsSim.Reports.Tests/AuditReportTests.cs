using System.Text;
using System.Xml.Linq;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Tests;

/// <summary>An audit as CSV and as a page, with names that mean something to a spreadsheet or a browser.</summary>
public sealed class AuditReportTests
{
    private static readonly Ipv4Address Client = Ipv4Address.Parse("10.0.1.5");
    private static readonly Ipv4Address Server = Ipv4Address.Parse("10.0.9.1");
    private static readonly Ipv4Address Holder = Ipv4Address.Parse("10.0.2.6");

    [Test]
    public void CsvIsAsRfc4180HasIt()
    {
        var rows = Rows(Csv("A,\"B"));
        Assert.That(rows.Select(row => row.Count), Is.All.EqualTo(18));
        Assert.That(rows[0][..6], Is.EqualTo(new[] { "kind", "outcome", "client", "clientName", "nodeType", "name" }));
        Assert.That(rows[1][..7], Is.EqualTo(new[] { "question", "breaks", "10.0.1.5", "PC", "P", "A,\"B", "20" }));
        Assert.That(rows[1][17], Is.EqualTo("3 4"));
        Assert.That(rows[2][..7], Is.EqualTo(new[] { "registration", "breaks", "10.0.1.5", "PC", "P", "PC", "00" }));
    }

    [TestCase("=1+1")]
    [TestCase("+1")]
    [TestCase("-1")]
    [TestCase("@SUM(A1)")]
    [TestCase(" =1+1")]
    public void NoCellIsAFormula(string name)
    {
        var rows = Rows(Csv(name));
        Assert.That(rows[1][5], Is.EqualTo("'" + name));
        Assert.That(rows.SelectMany(row => row).Where(cell => cell.TrimStart() is ['=' or '+' or '-' or '@', ..]), Is.Empty);
    }

    [TestCase("TAB=1")]
    [TestCase("CR=1")]
    [TestCase("ESC[31m")]
    public void NothingHiddenIsInACell(string shown)
    {
        string name = shown.Replace("TAB", "\t", StringComparison.Ordinal).Replace("CR", "\r", StringComparison.Ordinal).Replace("ESC", "\u001b", StringComparison.Ordinal);
        foreach (string cell in Rows(Csv(name)).SelectMany(row => row))
            Assert.That(VisibleText.IndexOfHidden(cell), Is.Negative, cell);
    }

    [TestCase("<b>&\"'")]
    [TestCase("</style>")]
    [TestCase("ESC[31m")]
    public void ANameCannotBecomeMarkup(string shown)
    {
        string text = Page(shown.Replace("ESC", "\u001b", StringComparison.Ordinal));
        var page = XDocument.Parse(text.Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal));
        Assert.That(page.Descendants("b"), Is.Empty);
        Assert.That(page.Descendants("style").Count(), Is.EqualTo(1));
        Assert.That(text, Does.Not.Contain("\u001b"));
    }

    [Test]
    public void APageHasTheAnswer_ATableOfNamesAndClients_AndTheProofs()
    {
        string text = Page("FILES");
        var page = XDocument.Parse(text.Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal));
        Assert.That(page.Descendants("p").First().Value, Is.EqualTo("No: as things stand, 1 client would not find 1 name any more, and 1 machine could not register its names."));
        var row = page.Descendants("tbody").First().Elements("tr").Single();
        Assert.That(row.Elements().Select(cell => cell.Value).Take(4), Is.EqualTo(new[] { "FILES<20>", "PC 10.0.1.5", "breaks", "10.0.2.6" }));
        Assert.That(page.Descendants("code").Select(code => code.Value), Does.Contain("frame.number in {3..4}").And.Contain("10.0.2.6        FILES #PRE"));
        Assert.That(text, Does.Not.Contain("<script").And.Not.Contain("href").And.Not.Contain("src=").And.Not.Contain("url("));

        // what a reader by ear goes by: one first heading, a name for each section, heads for each column and row
        Assert.That(page.Descendants("h1").Count(), Is.EqualTo(1));
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        Assert.That(ids, Is.Unique);
        Assert.That(page.Descendants("section").Select(section => section.Attribute("aria-labelledby")!.Value), Is.SubsetOf(ids));
        Assert.That(page.Descendants("th").Attributes("scope").Count(), Is.EqualTo(page.Descendants("th").Count()));
        Assert.That(page.Descendants("div").Where(div => (string?)div.Attribute("class") == "scroll").Select(div => (string?)div.Attribute("tabindex")), Is.All.EqualTo("0"));
    }

    private static string Csv(string name)
    {
        using var text = new StringWriter();
        Report(name).WriteCsv(text);
        return text.ToString();
    }

    private static string Page(string name)
    {
        using var text = new StringWriter { NewLine = "\n" };
        Report(name).WritePage(text);
        return text.ToString();
    }

    /// <summary>A P node that registers, asks for a name of another segment and gets it.</summary>
    private static AuditReport Report(string baseName)
    {
        var name = new NetBiosName(baseName, NameSuffix.Server);
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, leaveOpen: true))
        {
            byte[] frame = new byte[1024];
            byte[] payload = new byte[1024];
            long at = 0;
            var entry = new NbEntry(new NbFlags(false, OwnerNodeType.P), Client);
            Send(Client, Server, NbnsEncoder.WriteRequest(payload, 1, NbnsFlagWords.RegistrationRequest, NetBiosName.Parse("PC<00>"), 300_000, entry));
            Send(Server, Client, NbnsEncoder.WriteResponse(payload, 1, NbnsFlagWords.RegistrationResponse, NetBiosName.Parse("PC<00>"), 518_400, entry));
            Send(Client, Server, NbnsEncoder.WriteQuery(payload, 2, NbnsFlagWords.QueryRequest, name));
            Send(Server, Client, NbnsEncoder.WriteResponse(payload, 2, NbnsFlagWords.NameServerQueryResponse, name, 0, new NbEntry(default, Holder)));

            void Send(Ipv4Address from, Ipv4Address to, int length)
            {
                int octets = UdpFrame.Write(frame, MacAddress.FromIpv4(from), MacAddress.FromIpv4(to), Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), payload.AsSpan(0, length));
                writer.Write(Instant.FromMilliseconds(1000 * ++at), frame.AsSpan(0, octets));
            }
        }

        var report = new AuditReport("trouble.pcap");
        using var datagrams = new DatagramReader(CaptureReader.Open(new MemoryStream(stream.ToArray())), AuditReport.Datagrams);
        while (datagrams.TryRead(out var datagram))
            report.Add(datagram);
        report.Complete();
        return report;
    }

    /// <summary>Reads RFC 4180 back.</summary>
    private static List<List<string>> Rows(string csv)
    {
        var rows = new List<List<string>> { new() };
        var cell = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < csv.Length; i++)
        {
            if (isQuoted ? csv[i] == '"' && (i + 1 == csv.Length || csv[i + 1] != '"') : csv[i] == '"' && cell.Length == 0)
                isQuoted = !isQuoted;
            else if (isQuoted && csv[i] == '"')
                cell.Append(csv[++i]);
            else if (isQuoted || (csv[i] != ',' && csv[i] != '\r'))
                cell.Append(csv[i]);
            else
            {
                rows[^1].Add(cell.ToString());
                cell.Clear();
                if (csv[i] != '\r')
                    continue;
                i++; // the line feed
                rows.Add([]);
            }
        }

        rows.RemoveAt(rows.Count - 1);
        return rows;
    }
}
