using System.Globalization;
using System.Text;
using NbnsSim.Captures;
using NbnsSim.Events;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Reports.EventLogs;
using NbnsSim.Tests.Captures;
using NbnsSim.Wire;

namespace NbnsSim.Reports.Tests.EventLogs;

/// <summary>One door for whatever somebody has.</summary>
public sealed class ExplainedInputTests
{
    private const string Table = "    Name               Type         Status\n    ---------------------------------------------\n    FILES          <20>  UNIQUE      Conflict\n";

    [TestCase("4320", 1, false)]
    [TestCase("00 00 04 00 01 00 54 00 00 00 00 00 e0 10 00 c0", 1, true)]
    [TestCase("4321", 1, false)]
    public void AText_IsOneEvent(string text, int events, bool isIncomplete)
    {
        Assert.That(ExplainedInput.TryRead(text, out var input, out string? problem), Is.True, problem);
        Assert.That((input!.Events.Count, input.IsIncomplete), Is.EqualTo((events, isIncomplete)));
        Assert.That(Text(input), Does.StartWith("Event ID: 43"));
    }

    [Test]
    public void ATableOfNames_HasNoEvents()
    {
        Assert.That(ExplainedInput.TryRead(Table, out var input, out _), Is.True);
        Assert.That((input!.Events.Count, input.IsIncomplete), Is.EqualTo((0, false)));
        Assert.That(Text(input), Does.Contain("! FILES<20>"));
        Assert.That(Json(input), Does.StartWith("{\"schemaVersion\":1,\"type\":\"explanation\",\"form\":\"nameTable\""));
    }

    [Test]
    public void ATableOfNamesInAFile_IsReadAsTheText()
    {
        Assert.That(ExplainedInput.TryRead(EventLogFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(Table))), out var input, out _), Is.True);
        ExplainedInput.TryRead(Table, out var same, out _);
        Assert.That(Json(input!), Is.EqualTo(Json(same!)));
    }

    [TestCase("nothing that anybody knows")]
    [TestCase("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Disk'/><EventID>7</EventID></System></Event>")]
    public void WhatCannotBeExplained_IsSaidToBe(string text)
    {
        Assert.That(ExplainedInput.TryRead(text, out var input, out string? problem), Is.False);
        Assert.That((input, problem), Is.EqualTo(((ExplainedInput?)null, problem)).And.Not.EqualTo(((ExplainedInput?)null, (string?)null)));
    }

    [TestCase("Hello world, this is no event.", "Nothing in this text is known. What is: an event's number, ")]
    [TestCase("", "It is empty.")]
    [TestCase(" \r\n", "It is empty.")]
    [TestCase("Event ID: 1234", "Event 1234 is none of NetBT's (4300 to 4322), nor one that goes with them.")]
    [TestCase("{\"name\":\"foo\",\"id\":12,\"description\":\"x\"}", "Event 12 is none of NetBT's")]
    [TestCase("00 00 04 00 01 00 54 00 zz", "'z' in 'zz' is not a hex digit.")]
    public void WhatIsAccepted_IsSaid(string text, string begins)
    {
        Assert.That(ExplainedInput.TryRead(text, out _, out string? problem), Is.False);
        Assert.That(problem, Does.StartWith(begins));
    }

    [Test]
    public void AnEventAndATable_AreBothExplained()
    {
        Assert.That(ExplainedInput.TryRead("Source: NetBT\nEvent ID: 4320\n\nnbtstat -n says\n" + Table, out var input, out string? problem), Is.True, problem);
        Assert.That(Text(input!), Does.StartWith("Event ID: 4320").And.Contain("\n\nA machine's name table").And.Contain("! FILES<20>"));
        Assert.That(Json(input!), Does.Contain("\"form\":\"event\"").And.Contain("\"form\":\"nameTable\""));
    }

    [TestCase("D4C3B2A102000400000000000000000000000400", "This is a capture: ")]
    [TestCase("4D3CB2A1020004000000", "This is a capture: ")]
    [TestCase("0A0D0D0A1C0000004D3C2B1A", "This is a capture: ")]
    [TestCase("1F8B0800000000000003", "This is compressed: ")]
    [TestCase("1F8B0800000000000003FFFFFFFF", "This is gzip data, but damaged: ")]
    [TestCase("89504E470D0A1A0A0000000D", "This is a picture: ")]
    [TestCase("255044462D312E340A", "This is a PDF: ")]
    public void AFileOfAnotherKind_IsNamed(string octets, string begins)
    {
        Assert.That(ExplainedInput.TryRead(EventLogFile.Read(new MemoryStream(Convert.FromHexString(octets))), out _, out string? problem), Is.False);
        Assert.That(problem, Does.StartWith(begins));
    }

    [TestCase("The server could not bind to the transport \\Device\\NetBT_Tcpip_{GUID} because another computer on\nthe network has the same name.  The server could not start.", 2505)]
    [TestCase("Quelle:        Server\nEreignis-ID:   2505\nBeschreibung:\nEs konnte keine Bindung des Servers vorgenommen werden", 2505)]
    [TestCase("Event Source:\tMRxSmb\nEvent ID:\t8003\nData:\n0000: 00 00 00 00 03 00 4e 00\n0008: 00 00 00 00 43 1f 00 c0\n", 8003)]
    [TestCase("Source: bowser\nEvent ID: 8003", 8003)]
    public void ANeighbouringEvent_IsExplained(string text, int id)
    {
        Assert.That(ExplainedInput.TryRead(text, out var input, out string? problem), Is.True, problem);
        Assert.That((input!.Events.Single().Event.Id, input.IsIncomplete), Is.EqualTo(((int?)id, false)));
        Assert.That(Text(input), Does.Contain("Meaning:  The Server").Or.Contain("Meaning:  A computer announced"));
    }

    [TestCase("{\"Id\":4321,\"ProviderName\":\"NetBT\\ud800\"}")]
    [TestCase("{\"Id\\ud800\":4321}")]
    [TestCase("{\"EventID\":99999999999999999999,\"ProviderName\":\"NetBT\"}")]
    [TestCase("{\"EventID\":4321,\"ProviderName\":\"NetBT\",\"Binary\":\"zz\"}")]
    [TestCase("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [TestCase("{\"Id\":4321,\"ProviderName\":\"NetBT\",")]
    public void DamagedJson_IsReadOrRefused(string text) => Assert.That(() => ExplainedInput.TryRead(text, out _, out _), Throws.Nothing);

    [Test]
    public void AnyMixtureOfPastes_IsReadOrRefused()
    {
        string[] pieces =
        [
            "{\"EventID\":4321,", "\"Message\":\"", "\\\"", "WKST7          :20", "&lt;Event&gt;", "&quot;", "<Data>", "</Data>", "\n", "\n> ", "Event ID: 4321", "EventID: 0xC00010E1", "10.8.0.5", " UNIQUE ", " Registered",
            "<20>", "NetBIOS Connection Table", " Connected Out ", "Error,7/12/2018,NetBT,4321,None,\"", "Level,Date and Time,Source,Event ID\n", "0028: e7 1a 65 16", "query_name_response: Multiple (2) responses received for a query", "]", "}", "{", "\u001b", "\ud800",
        ];
        var random = new Random(2);
        for (int i = 0; i < 5_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.That(
                () =>
                {
                    if (ExplainedInput.TryRead(text, out var input, out string? problem))
                        Assert.That(Text(input).Any(character => char.IsControl(character) && character != '\n'), Is.False, text);
                    else
                        Assert.That(problem, Is.Not.Empty);
                },
                Throws.Nothing,
                text);
        }
    }

    [Test]
    public void Evidence_IsCompleteWhereEveryEventHasItsFrames()
    {
        byte[] data = NetBtEvent.NameRelease(default, Ipv4Address.Parse("10.0.0.2"), NetBiosName.Parse("JSMITH<03>")).GetData();
        Assert.That(ExplainedInput.TryRead(string.Join(' ', data.Select(octet => octet.ToString("x2", CultureInfo.InvariantCulture))), out var input, out string? problem), Is.True, problem);
        var evidence = new EventEvidence(input!.Events);
        Assert.That((evidence.IsComplete, new EventEvidence([]).IsComplete), Is.EqualTo((false, true)));

        byte[] release = new NameReleaseRequest(0x1234, NetBiosName.Parse("JSMITH<03>"), new NbEntry(default, Ipv4Address.Parse("10.0.0.2"))).ToArray();
        byte[] frame = Frames.Ordinary(release);
        frame[29] = 2; // from 10.0.0.2, whatever the header's checksum
        using var datagrams = new DatagramReader(new CaptureBytes().PcapHeader().PcapRecord(1, 0, frame).Open(), new DatagramReaderOptions());
        Assert.That(datagrams.TryRead(out var datagram), Is.True);
        Assert.That((datagram.Source.Address.ToString(), NbnsPacket.TryParseLenient(datagram.Payload, out _, out _)), Is.EqualTo(("10.0.0.2", true)));
        evidence.Observe("x", datagram);
        Assert.That(evidence.IsComplete, Is.True);
        using var output = new StringWriter { NewLine = "\n" };
        evidence.Write(new ReportWriter(output));
        Assert.That(output.ToString(), Does.Contain("frame 1, "));
    }

    private static string Text(ExplainedInput input)
    {
        using var output = new StringWriter { NewLine = "\n" };
        input.Write(new ReportWriter(output));
        return output.ToString();
    }

    private static string Json(ExplainedInput input)
    {
        using var output = new MemoryStream();
        input.Write(new NdjsonWriter(output));
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
