using System.Text;
using NbnsSim.Reports.EventLogs;

namespace NbnsSim.Reports.Tests.EventLogs;

/// <summary>Lists of events as people export and paste them.</summary>
public sealed class EventLogTextTests
{
    private const string Data = "000000000400320000000000E11000C001010000010000C000000000000000000000000000000000";

    private const string Sentence =
        "The name \"WORKGROUP      :1d\" could not be registered on the interface with IP address 192.168.0.105. The computer with the IP address 192.168.0.1 did not allow the name to be claimed by this computer.";

    private static string Xml(int id, string provider = "NetBT") =>
        $"""
        <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/><EventID Qualifiers='49152'>{id}</EventID>
        <TimeCreated SystemTime='2018-07-12T00:42:00.9253055Z'/><EventRecordID>405</EventRecordID><Computer>HOST1</Computer></System>
        <EventData><Data></Data><Data>WORKGROUP      :1d</Data><Data>192.168.0.105</Data><Data>192.168.0.1</Data><Binary>{Data}</Binary></EventData></Event>
        """;

    private static IEnumerable<TestCaseData> Lists()
    {
        yield return new TestCaseData($"<?xml version=\"1.0\"?>\r\n<Events>{Xml(4321)}{Xml(14, "disk")}{Xml(4321)}</Events>").SetArgDisplayNames("exported XML");
        yield return new TestCaseData(Xml(4321) + "\n" + Xml(7, "disk") + "\n" + Xml(4321)).SetArgDisplayNames("wevtutil qe");
        yield return new TestCaseData(
            $"Event[0]:\n  Log Name: System\n  Source: NetBT\n  Date: 2018-07-12T00:42:00.925\n  Event ID: 4321\n  Task: N/A\n  Level: Error\n  Computer: HOST1\n  Description: \n{Sentence}\n\n" +
            "Event[1]:\n  Log Name: System\n  Source: disk\n  Event ID: 7\n  Computer: HOST1\n  Description: \nThe device has a bad block.\n\n" +
            $"Event[2]\n  Log Name: System\n  Source: NetBT\n  Event ID: 4321\n  Computer: HOST1\n  Description: \n{Sentence}\n").SetArgDisplayNames("wevtutil qe /f:text");
        yield return new TestCaseData(
            $"\nTimeCreated  : 7/12/2018 12:42:00 AM\nProviderName : NetBT\nId           : 4321\nMachineName  : HOST1\nMessage      : {Sentence}\n\n" +
            "TimeCreated  : 7/12/2018 12:42:01 AM\nProviderName : disk\nId           : 7\nMachineName  : HOST1\nMessage      : bad block\n\n" +
            $"TimeCreated  : 7/12/2018 12:42:03 AM\nProviderName : NetBT\nId           : 4321\nMachineName  : HOST1\nMessage      : {Sentence}\n").SetArgDisplayNames("Get-WinEvent | fl");
        yield return new TestCaseData(
            $"Index              : 405\nEntryType          : Error\nInstanceId         : 3221229793\nMessage            : {Sentence}\nCategory           : (0)\nReplacementStrings : {{, WORKGROUP      :1d, 192.168.0.105, 192.168.0.1}}\nSource             : NetBT\nTimeGenerated      : 7/12/2018 12:42:00 AM\nMachineName        : HOST1\n\n" +
            "Index              : 406\nEntryType          : Error\nInstanceId         : 7\nMessage            : bad block\nSource             : disk\nMachineName        : HOST1\n\n" +
            $"Index              : 407\nEntryType          : Error\nInstanceId         : 3221229793\nMessage            : {Sentence}\nSource             : NetBT\nMachineName        : HOST1\n").SetArgDisplayNames("Get-EventLog | fl");
        string quoted = Sentence.Replace("\"", "\"\"", StringComparison.Ordinal);
        yield return new TestCaseData(
            $"Level,Date and Time,Source,Event ID,Task Category\r\nError,7/12/2018 12:42:00 AM,NetBT,4321,None,\"{quoted}\"\r\nError,7/12/2018 12:42:01 AM,disk,7,None,\"bad,\nblock\"\r\nError,7/12/2018 12:42:03 AM,NetBT,4321,None,\"{quoted}\"\r\n").SetArgDisplayNames("Event Viewer's CSV");
        yield return new TestCaseData(
            $"Ebene;Datum und Uhrzeit;Quelle;Ereignis-ID;Aufgabenkategorie\r\nFehler;12.07.2018 00:42:00;NetBT;4321;Keine;\"{quoted}\"\r\nFehler;12.07.2018 00:42:01;disk;7;Keine;x\r\nFehler;12.07.2018 00:42:03;NetBT;4321;Keine;\"{quoted}\"\r\n").SetArgDisplayNames("German CSV");
        yield return new TestCaseData(
            $"#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\n\"Message\",\"Id\",\"ProviderName\",\"MachineName\",\"TimeCreated\"\n\"{quoted}\",\"4321\",\"NetBT\",\"HOST1\",\"7/12/2018\"\n\"bad\",\"7\",\"disk\",\"HOST1\",\"7/12/2018\"\n\"{quoted}\",\"4321\",\"NetBT\",\"HOST1\",\"7/12/2018\"\n").SetArgDisplayNames("Export-Csv");
        yield return new TestCaseData(
            $"   ProviderName: NetBT\n\nTimeCreated                     Id LevelDisplayName Message\n-----------                     -- ---------------- -------\n7/12/2018 12:42:00 AM         4321 Error            {Sentence}\n7/12/2018 12:42:01 AM         4322 Error            no resources\n7/12/2018 12:42:03 AM         4321 Error            {Sentence}\n").SetArgDisplayNames("Get-WinEvent's table");
        string escaped = Sentence.Replace("\"", "\\\"", StringComparison.Ordinal);
        const string disk = "{\"Id\":7,\"ProviderName\":\"disk\",\"Message\":\"bad\"}";
        string one = $"{{\"Id\":4321,\"ProviderName\":\"NetBT\",\"MachineName\":\"HOST1\",\"Message\":\"{escaped}\"}}";
        yield return new TestCaseData($"[{one},{disk},{one}]").SetArgDisplayNames("ConvertTo-Json");
        yield return new TestCaseData($"{one}\n{disk}\n{one}\n").SetArgDisplayNames("JSON, an object a line");
        string beat = $"{{\"@timestamp\":\"2018-07-12T00:42:00.925Z\",\"winlog\":{{\"event_data\":{{\"Binary\":\"{Data}\",\"param2\":\"WORKGROUP      :1d\",\"param3\":\"192.168.0.105\",\"param4\":\"192.168.0.1\"}},\"event_id\":4321,\"provider_name\":\"NetBT\"}}}}";
        yield return new TestCaseData($"{beat}\n{disk}\n{beat}\n").SetArgDisplayNames("winlogbeat");
        yield return new TestCaseData($"{{\"hits\":{{\"total\":3,\"hits\":[{{\"_source\":{beat}}},{{\"_source\":{disk}}},{{\"_source\":{beat}}}]}}}}").SetArgDisplayNames("Elasticsearch");
        string dump = "{\"Event\":{\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"NetBT\"}},\"EventID\":{\"#attributes\":{\"Qualifiers\":49152},\"#text\":4321}},\"EventData\":{\"Data\":{\"#text\":[\"\",\"WORKGROUP      :1d\",\"192.168.0.105\",\"192.168.0.1\"]}}}}";
        yield return new TestCaseData($"{dump}\n{disk}\n{dump}\n").SetArgDisplayNames("evtx_dump's JSON");
        string dcdiag = $"         An error event occurred.  EventID: 0xC00010E1\n            Time Generated: 06/09/2021   12:36:32\n            Event String:\n            {Sentence}\n";
        yield return new TestCaseData($"{dcdiag}         A warning event occurred.  EventID: 0x00001796\n            Event String:\n            NTLM\n{dcdiag}").SetArgDisplayNames("dcdiag");
    }

    [TestCaseSource(nameof(Lists))]
    public void EveryList(string text)
    {
        foreach (byte[] octets in (byte[][])[Encoding.UTF8.GetBytes(text), [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)], Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"))])
        {
            var log = EventLogFile.Read(new MemoryStream(octets));
            Assert.That(log.Count, Is.EqualTo(3));
            Assert.That(
                log.Events.Where(one => one.Event.Id != 4322).Select(one => (one.Event.Id, $"{one.Event.Name}", $"{one.Event.InterfaceAddress}", $"{one.Event.Address}")),
                Is.EqualTo(Enumerable.Repeat(((int?)4321, "WORKGROUP<1D>", "192.168.0.105", "192.168.0.1"), 2)));
        }
    }

    [Test]
    public void TimeComputerAndNumber_AreKept()
    {
        var one = EventLogText.ReadEvent(Xml(4321))!;
        Assert.That((one.Computer, one.RecordNumber, WallClock.Utc.At(one.Time!.Value)), Is.EqualTo(("HOST1", (ulong?)405, new DateTime(2018, 7, 12, 0, 42, 0).AddTicks(9_253_055))));
    }

    [Test]
    public void StringsInOneElement_AndDataInBase64_AsPythonEvtxWritesThem()
    {
        var one = EventLogText.ReadEvent(
            "<Event><System><Provider Name=\"NetBT\"></Provider><EventID Qualifiers=\"49152\">4321</EventID></System><EventData><Data>&lt;string&gt;HOST1:20&lt;/string&gt;\n&lt;string&gt;&lt;/string&gt;\n" +
            "&lt;string&gt;10.0.0.1&lt;/string&gt;\n&lt;string&gt;10.0.0.2&lt;/string&gt;\n</Data><Binary>AAAAAAQAMgAAAAAA4RAAwAEBAAABAADAAQAAAAAAAAAAAAAAAAAAAA==</Binary></EventData></Event>")!.Event;
        Assert.That((one.Id, $"{one.Name}", $"{one.InterfaceAddress}", $"{one.Address}", one.Data!.Code), Is.EqualTo(((int?)4321, "HOST1<20>", "10.0.0.1", "10.0.0.2", (uint?)0xC00010E1)));
    }

    [Test]
    public void AnEvtRecord_IsRead()
    {
        var strings = Encoding.Unicode.GetBytes("NetBT\0HOST1\0" + "\0WORKGROUP      :1d\0" + "192.168.0.105\0" + "192.168.0.1\0");
        byte[] data = Convert.FromHexString(Data);
        int stringsAt = 0x38 + Encoding.Unicode.GetByteCount("NetBT\0HOST1\0");
        int dataAt = 0x38 + strings.Length;
        int size = (dataAt + data.Length + 4 + 3) / 4 * 4;
        byte[] file = new byte[0x30 + size];
        void Put(int at, uint value) => BitConverter.TryWriteBytes(file.AsSpan(at), value);
        Put(0, 0x30);
        "LfLe"u8.CopyTo(file.AsSpan(4));
        Put(0x30, (uint)size);
        "LfLe"u8.CopyTo(file.AsSpan(0x34));
        Put(0x38, 12);
        Put(0x3C, 1_000_000_000);
        Put(0x44, 0xC000_10E1);
        Put(0x48, 0x0004_0001);
        Put(0x54, (uint)stringsAt);
        Put(0x60, (uint)data.Length);
        Put(0x64, (uint)dataAt);
        strings.CopyTo(file, 0x68);
        data.CopyTo(file, 0x30 + dataAt);
        Put(0x30 + size - 4, (uint)size);
        var one = EventLogFile.Read(new MemoryStream(file)).Events.Single();
        Assert.That((one.Event.Id, $"{one.Event.Name}", $"{one.Event.Address}", one.Computer, one.RecordNumber), Is.EqualTo(((int?)4321, "WORKGROUP<1D>", "192.168.0.1", "HOST1", (ulong?)12)));
        // a log that has gone round: the record 13 begins at the end of the file, and ends behind the header, before record 12, the oldest
        byte[] later = [.. file.AsSpan(0x30)];
        later[8] = 13;
        for (int head = 0x38; head < size; head += 4)
        {
            byte[] round = [.. file.AsSpan(0, 0x30), .. later.AsSpan(head), .. file.AsSpan(0x30), .. later.AsSpan(0, head)];
            Assert.That(EvtReader.Read(round).Select(it => (it.RecordNumber, $"{it.Event.Name}")), Is.EqualTo(new[] { ((ulong?)12, "WORKGROUP<1D>"), ((ulong?)13, "WORKGROUP<1D>") }), $"cut at {head}");
        }

        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            byte[] damaged = [.. file];
            for (int change = 0; change < 4; change++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            Assert.That(EvtReader.Read(damaged), Has.Count.LessThanOrEqualTo(2));
        }
    }
}
