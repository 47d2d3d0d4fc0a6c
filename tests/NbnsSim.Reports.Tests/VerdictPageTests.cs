using System.Xml.Linq;
using NbnsSim.Captures;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Tests;

public sealed class VerdictPageTests
{
    private static readonly Ipv4Address Holder = Ipv4Address.Parse("10.0.0.1");
    private static readonly Ipv4Address Claimant = Ipv4Address.Parse("10.0.0.2");
    private static readonly Ipv4Address Everybody = Ipv4Address.Parse("10.0.0.255");

    [Test]
    public void APageShowsTheVerdictItsFramesAndAFilter()
    {
        var page = Page("JSMITH<03>");
        Assert.Multiple(() =>
        {
            Assert.That(page.Descendants("h2").First().Value, Is.EqualTo("One user is logged on at two machines"));
            Assert.That(page.Descendants("code").First().Value, Is.EqualTo("frame.number in {4..7}"));
            Assert.That(page.Descendants().Count(element => element.Name.LocalName == "g"), Is.EqualTo(4), "an arrow a frame");
            Assert.That(page.Descendants("tbody").Single().Elements("tr").Select(row => row.Elements("td").First().Value), Is.EqualTo(new[] { "4", "5", "6", "7" }));
        });
    }

    /// <summary>It needs nothing from anywhere: no script, no link, no picture, and few octets.</summary>
    [Test]
    public void APageStandsByItself()
    {
        string text = Text("JSMITH<03>");
        Assert.That(text, Does.StartWith("<!DOCTYPE html>\n").And.Not.Contain("<script").And.Not.Contain("href").And.Not.Contain("src=").And.Not.Contain("@import").And.Not.Contain("url("));
        Assert.That(text, Has.Length.LessThan(100_000));
    }

    [TestCase("<b>&\"'<03>")]
    [TestCase("ESC[31m<03>")]
    [TestCase("</style><03>")]
    public void ANameCannotBecomeMarkup(string shown)
    {
        var name = new NetBiosName(shown[..^4].Replace("ESC", "\u001b", StringComparison.Ordinal), NameSuffix.Messenger);
        var page = XDocument.Parse(Text(name).Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal));
        Assert.That(page.Descendants("b"), Is.Empty);
        Assert.That(page.Descendants("style").Count(), Is.EqualTo(1));
        Assert.That(page.ToString(), Does.Not.Contain("\u001b"));
        Assert.That(page.Descendants("dd").Any(text => text.Value == name.ToString()), Is.True);
    }

    [Test]
    public void ACaptureWithNothingInIt_SaysSo()
    {
        var report = new DiagnosisReport("empty");
        report.Complete();
        using var text = new StringWriter();
        new VerdictPage("empty", report.Verdict).Write(text);
        Assert.That(text.ToString(), Does.Contain("There was nothing to look at"));
    }

    private static XDocument Page(string name) => XDocument.Parse(Text(name).Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal));

    private static string Text(string name) => Text(NetBiosName.Parse(name));

    private static string Text(NetBiosName name)
    {
        byte[] capture = Capture(name);
        var report = new DiagnosisReport("trouble.pcap");
        Read(capture, (in CapturedDatagram datagram) => report.Add(datagram));
        report.Complete();
        var page = new VerdictPage("trouble.pcap", report.Verdict);
        Read(capture, (in CapturedDatagram datagram) => page.Add(datagram));
        using var text = new StringWriter { NewLine = "\n" };
        page.Write(text);
        return text.ToString();
    }

    private static void Read(byte[] capture, Visitor visit)
    {
        using var datagrams = new DatagramReader(CaptureReader.Open(new MemoryStream(capture)));
        while (datagrams.TryRead(out var datagram))
            visit(datagram);
    }

    /// <summary>A user's name that is held, claimed by another machine, refused and released.</summary>
    internal static byte[] Capture(NetBiosName name)
    {
        using var stream = new MemoryStream();
        using (var writer = new CaptureWriter(stream, leaveOpen: true))
        {
            byte[] frame = new byte[1024];
            byte[] payload = new byte[NbnsEncoder.MaxRequestLength];
            long at = 0;
            Send(Holder, Everybody, NbnsEncoder.WriteRequest(payload, 1, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Holder)));
            Send(Holder, Everybody, NbnsEncoder.WriteRequest(payload, 1, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Holder)));
            Send(Holder, Everybody, NbnsEncoder.WriteRequest(payload, 1, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Holder)));
            Send(Holder, Everybody, NbnsEncoder.WriteRequest(payload, 1, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Holder)));
            Send(Claimant, Everybody, NbnsEncoder.WriteRequest(payload, 2, NbnsFlagWords.RegistrationRequest | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Claimant)));
            Send(Holder, Claimant, NbnsEncoder.WriteResponse(payload, 2, (ushort)(NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError), name, 0, new NbEntry(default, Holder)));
            Send(Claimant, Everybody, NbnsEncoder.WriteRequest(payload, 3, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, name, 0, new NbEntry(default, Claimant)));

            void Send(Ipv4Address from, Ipv4Address to, int length)
            {
                var mac = to == Everybody ? MacAddress.Broadcast : MacAddress.FromIpv4(to);
                int octets = UdpFrame.Write(frame, MacAddress.FromIpv4(from), mac, Ipv4Endpoint.NameService(from), Ipv4Endpoint.NameService(to), payload.AsSpan(0, length));
                writer.Write(Instant.FromMilliseconds(1000 * ++at), frame.AsSpan(0, octets));
            }
        }

        return stream.ToArray();
    }

    private delegate void Visitor(in CapturedDatagram datagram);
}
