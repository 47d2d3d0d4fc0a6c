using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Reports.EventLogs;
using NbnsSim.Tests;

namespace NbnsSim.Reports.Tests.EventLogs;

public sealed class EvtxTests
{
    private static readonly XNamespace Schema = "http://schemas.microsoft.com/win/2004/08/events/event";
    private static readonly NetBiosName Name = new("JSMITH", NameSuffix.Messenger);
    private static readonly Ipv4Address Other = Ipv4Address.Parse("10.0.0.2");
    private static readonly Ipv4Address Own = Ipv4Address.Parse("10.0.0.1");

    private string _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void AWrittenLogIsReadBack()
    {
        var entries = Entries(700); // more than one chunk
        byte[] file = Write(entries);
        Assert.That(file.Length, Is.GreaterThan(2 * 65_536));
        var reader = new EvtxReader(new MemoryStream(file));
        for (int i = 0; i < entries.Count; i++)
        {
            Assert.That(reader.TryRead(out ulong number, out string? xml), Is.True);
            Assert.That(number, Is.EqualTo((ulong)i + 1));
            Assert.That(XNode.DeepEquals(XElement.Parse(xml!), XElement.Parse(entries[i].ToXml(number))), Is.True, xml);
        }

        Assert.That((reader.TryRead(out _, out _), reader.ProblemCount), Is.EqualTo((false, 0L)));
    }

    [Test]
    public void Evtxexport_ReadsWhatWeWrite()
    {
        var entries = Entries(700);
        string path = Path.Combine(_folder, "export.evtx");
        File.WriteAllBytes(path, Write(entries));
        string printed = EvtxOracle.Read("evtxexport", path);
        Assert.That(EvtxOracle.Records(printed), Is.EqualTo(entries.Select((one, i) => $"{i + 1} {(ushort)one.Code} NetBT {one.Computer}")));
        Assert.That(printed, Does.Contain("JSMITH         :3").And.Contain("000004000100540000000000E01000C0000000000000000000000000000000000000000000000000" + "0200000A"));
    }

    /// <summary>Records are padded to a multiple of eight: whatever is left over, the binary XML has an end of its own.</summary>
    [Test]
    public void Evtxexport_ReadsEveryInsertionString_WhateverTheLengths([Range(0, 4)] int length, [Values(0, 40, 44)] int octets)
    {
        string[] strings = ["", new('A', length), "10.0.0.2"];
        string path = Path.Combine(_folder, "strings.evtx");
        File.WriteAllBytes(path, Write([new EventLogEntry { Provider = "NetBT", Code = 0xC00010E1, Computer = "BRAVO", Strings = [.. strings], Data = [.. new byte[octets]] }]));
        string[] read = [.. EvtxOracle.Read("evtxexport", path).Split('\n').Where(line => line.StartsWith("String:", StringComparison.Ordinal)).Select(line => line[(line.IndexOf(": ", 8, StringComparison.Ordinal) + 2)..].Trim())];
        Assert.That(read, Is.EqualTo(octets == 0 ? strings : [.. strings, new string('0', 2 * octets)]));
    }

    [Test]
    public void PythonEvtx_ReadsWhatWeWrite()
    {
        var entries = Entries(300);
        string path = Path.Combine(_folder, "dump.evtx");
        File.WriteAllBytes(path, Write(entries));
        var root = XElement.Parse(EvtxOracle.Read("evtx_dump.py", path).Replace("version=\"1.1\"", "version=\"1.0\"", StringComparison.Ordinal));
        var events = root.Elements(Schema + "Event").ToList();
        Assert.That(events, Has.Count.EqualTo(entries.Count));
        Assert.That(
            events.Select(one => one.Element(Schema + "System")!).Select(one => ((string)one.Element(Schema + "EventID")!, (string)one.Element(Schema + "Provider")!.Attribute("Name")!, (string)one.Element(Schema + "Computer")!)),
            Is.EqualTo(entries.Select(one => (((ushort)one.Code).ToString(CultureInfo.InvariantCulture), "NetBT", one.Computer))));
    }

    [Test]
    public void ARealLog_IsReadAsEvtxexportReadsIt()
    {
        string path = SharedFolder.Require("eventlogs/vss7-System.evtx");
        using var file = File.OpenRead(path);
        var reader = new EvtxReader(file);
        var read = new List<string>();
        while (reader.TryRead(out ulong number, out string? xml))
        {
            var system = XElement.Parse(xml).Element(Schema + "System")!;
            string source = (string?)system.Element(Schema + "Provider")!.Attribute("EventSourceName") ?? (string)system.Element(Schema + "Provider")!.Attribute("Name")!;
            read.Add($"{number} {(string)system.Element(Schema + "EventID")!} {source} {(string)system.Element(Schema + "Computer")!}");
            Assert.That((string)system.Element(Schema + "EventRecordID")!, Is.EqualTo(number.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.That(reader.Problems, Is.Empty);
        string[] expected = [.. EvtxOracle.Records(EvtxOracle.Read("evtxexport", path))];
        Assert.That(read.Select(Plain), Is.EqualTo(expected.Select(Plain)));

        // with EventSourceName, evtxexport prints the provider's name
        static string Plain(string record) => string.Join(' ', record.Split(' ').Take(2)) + " " + record.Split(' ')[^1];
    }

    [Test]
    public void ARealLog_HasTwo4321_AndAServer2505()
    {
        using var file = File.OpenRead(SharedFolder.Require("eventlogs/vss7-System.evtx"));
        var log = EventLogFile.Read(file);
        var found = log.Events.Where(one => one.Event.Provider is "NetBT" or "Server").ToList();
        Assert.That(found.Select(one => (one.RecordNumber, one.Event.Id)), Is.EqualTo(new (ulong?, int?)[] { (405, 4321), (406, 2505), (407, 4321) }));
        Assert.That(
            ($"{found[0].Event.Name}", $"{found[0].Event.InterfaceAddress}", $"{found[0].Event.Address}", found[0].Event.Data!.Address, found[0].Computer),
            Is.EqualTo(("DESKTOP-1N4R894<00>", "74.118.138.195", "74.118.138.92", (Ipv4Address?)null, "DESKTOP-1N4R894")));
        Assert.That($"{found[2].Event.Name}", Is.EqualTo("DESKTOP-1N4R894<20>"));
        Assert.That(WallClock.Utc.At(found[0].Time!.Value), Is.EqualTo(new DateTime(2018, 7, 12, 0, 42, 0).AddTicks(9_253_055)));
    }

    [Test]
    public void ABadChecksumIsSaid_AndTheRecordsAreRead()
    {
        byte[] file = Write(Entries(20));
        file[4096 + 512 + 40]++; // in the template's number, which nobody needs
        var (records, problems) = ReadAll(file);
        Assert.That(records, Is.EqualTo(20));
        Assert.That(problems, Is.EqualTo(new[] { "Chunk 0: the checksum of its records is wrong." }));
    }

    [Test]
    public void ARecordThatIsBroken_IsPassedOver()
    {
        byte[] file = Write(Entries(20));
        int second = Array.FindIndex(file, 4096 + 520, octet => octet == (byte)'*');
        file[second] = 0;
        var (records, problems) = ReadAll(file);
        Assert.That(records, Is.EqualTo(19));
        Assert.That(problems, Has.Exactly(1).Contains("no whole record"));
    }

    [Test]
    public void AChunkWhoseHeaderIsBroken_GivesItsRecords_AndAChunkAlone_IsReadToo()
    {
        byte[] file = Write(Entries(20));
        byte[] broken = [.. file];
        broken[4096]++;
        Assert.That(ReadAll(broken).Records, Is.EqualTo(20));
        Assert.That(ReadAll(file[4096..]).Records, Is.EqualTo(20));
        Assert.That(ReadAll([.. file[..4096], 1, 2, 3, .. file[4096..]]).Records, Is.EqualTo(20), "octets that do not belong there");
        Assert.That(ReadAll(file[..(4096 + 5000)]).Records, Is.InRange(10, 19), "cut off");
    }

    [Test]
    public void ValuesAreReadAsTheirTypes()
    {
        Assert.That(BinaryXmlName.Hash("Event"), Is.EqualTo(0x0CBA));
        var xml = new System.Text.StringBuilder();
        void Value(byte type, params byte[] octets)
        {
            BinaryXmlValue.Append(xml, type, octets);
            xml.Append('|');
        }

        Value(0x03, 0xFF);
        Value(0x05, 0xFE, 0xFF);
        Value(0x09, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF);
        Value(0x0D, 1, 0, 0, 0);
        Value(0x0F, [.. new Guid("a68af3ee-1111-2222-3333-444444444444").ToByteArray()]);
        Value(0x13, 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0);
        Value(0x14, 0x10, 0, 0, 0);
        Value(0x12, 0xE2, 7, 7, 0, 4, 0, 12, 0, 1, 0, 2, 0, 3, 0, 4, 0);
        Value(0x08, 1, 2);
        Assert.That(xml.ToString(), Is.EqualTo("-1|-2|-1|true|{A68AF3EE-1111-2222-3333-444444444444}|S-1-5-18|0x10|2018-07-12T01:02:03.004Z|0102|"));
    }

    /// <summary>Octets changed, stretches copied, cut and put in: whatever comes of it, it is read to its end. NBNSSIM_DAMAGED sets another count.</summary>
    [Test]
    public void TenThousandDamagedFiles_AreReadWithoutAnException()
    {
        int count = int.TryParse(Environment.GetEnvironmentVariable("NBNSSIM_DAMAGED"), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : 10_000;
        byte[] whole = Write(Entries(12));
        byte[] file = whole[..(4096 + 512 + 6000)];
        Assert.That(Damage(file, 4096 + 512, count), Is.GreaterThan(count), "most records outlive most damage");
    }

    [Test]
    public void ARealLog_Damaged()
    {
        byte[] file = File.ReadAllBytes(SharedFolder.Require("eventlogs/vss7-System.evtx"))[..(4096 + 65_536)];
        Assert.That(Damage(file, 4096 + 512, 200), Is.GreaterThan(200));
    }

    /// <summary>Reads a file that many times, each time damaged anew, mostly from a place on.</summary>
    private static long Damage(byte[] file, int from, int count)
    {
        var random = new Random(1);
        long records = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] damaged = [.. file];
            for (int change = random.Next(1, 12); change > 0; change--)
            {
                int at = random.Next(random.Next(3) == 0 ? 0 : from, damaged.Length);
                switch (random.Next(4))
                {
                    case 0:
                        damaged[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        damaged[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 2:
                        damaged.AsSpan(random.Next(damaged.Length - 64), random.Next(64)).CopyTo(damaged.AsSpan(Math.Min(at, damaged.Length - 64)));
                        break;
                    default:
                        BitConverter.TryWriteBytes(damaged.AsSpan(Math.Min(at, damaged.Length - 4)), random.Next(4) switch { 0 => uint.MaxValue, 1 => 0x7FFF_FFFFu, 2 => 0u, _ => (uint)random.Next(70_000) });
                        break;
                }
            }

            records += ReadAll(random.Next(8) == 0 ? damaged[..random.Next(damaged.Length)] : damaged).Records;
        }

        return records;
    }

    private static (int Records, IReadOnlyList<string> Problems) ReadAll(byte[] file)
    {
        var reader = new EvtxReader(new MemoryStream(file));
        int records = 0;
        while (reader.TryRead(out ulong number, out string? xml))
        {
            records++;
            _ = EventLogText.ReadEvent(xml, number);
        }

        return (records, reader.Problems);
    }

    [Test]
    public void WhatCannotSeekIsWrittenAlike()
    {
        var entries = Entries(100);
        using var file = new MemoryStream();
        using (var writer = new EvtxWriter(new GZipStream(file, CompressionMode.Compress, leaveOpen: true)))
        {
            foreach (var entry in entries)
                writer.Write(entry);
        }

        file.Position = 0;
        using var inflated = new MemoryStream();
        using (var zipped = new GZipStream(file, CompressionMode.Decompress))
            zipped.CopyTo(inflated);
        Assert.That(inflated.ToArray(), Is.EqualTo(Write(entries)));
    }

    private static byte[] Write(List<EventLogEntry> entries)
    {
        using var file = new MemoryStream();
        using (var writer = new EvtxWriter(file))
        {
            foreach (var entry in entries)
                writer.Write(entry);
        }

        return file.ToArray();
    }

    private static List<EventLogEntry> Entries(int count) =>
        [.. Enumerable.Range(0, count).Select(i => EventLogEntry.FromSimulation(
            (i % 3) switch
            {
                0 => NetBtEvent.NameRelease(Instant.FromMilliseconds(i), Other, Name),
                1 => NetBtEvent.DuplicateName(Instant.FromMilliseconds(i), Other, Name),
                _ => NetBtEvent.DuplicateNameError(Instant.FromMilliseconds(i), Other, Name, Own),
            }, i % 2 == 0 ? "ALPHA" : "Ä<&\"B", Instant.FromUnixTime(800_000_000)))];
}
