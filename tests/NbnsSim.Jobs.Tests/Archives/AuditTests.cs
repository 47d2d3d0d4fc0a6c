using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Captures;
using NbnsSim.Jobs.Archives;
using NbnsSim.Names;
using NbnsSim.Jobs.Tests.Tables;
using NbnsSim.Reports;
using NbnsSim.Tests;
using NbnsSim.Tests.Captures;
using NbnsSim.Wire;

namespace NbnsSim.Jobs.Tests.Archives;

/// <summary>What an audit says of an archive is what it says of all its captures as one, however they are cut.</summary>
public sealed class AuditTests
{
    private static readonly string[] Names = ["ALPHA", "BRAVO", "CHARLIE", "DELTA"];

    private ArchiveRuns _runs = null!;

    [SetUp]
    public void MakeFolder() => _runs = new ArchiveRuns();

    [TearDown]
    public void RemoveFolder() => _runs.Dispose();

    [Test]
    public void TheAuditOfTheShardsIsThatOfTheWhole()
    {
        int number = 0;
        var cases = from seed in Gen.Choose(0, 100_000) from taps in Gen.Choose(1, 3) from size in Gen.Choose(256, 6_000) select (seed, taps, size);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(20_261_130, 4_321),
            Prop.ForAll(cases.ToArbitrary(), one =>
            {
                string folder = $"{number++}";
                byte[][] taps = Taps(one.seed, one.taps);
                for (int i = 0; i < taps.Length; i++)
                    _runs.Put(Path.Combine(folder, $"{i}.pcap"), taps[i]);
                string expected = Whole(taps);
                var archive = new ArchiveSpec([Path.Combine(_runs.Folder, folder)]) { Audit = true, Clocks = ArchiveClocks.AsCaptured };
                var whole = Audit(archive, 0);
                Assert.That(whole.Results, Is.EqualTo(expected));
                Assert.That(Audit(archive with { ShardOctets = one.size }, one.seed + 1), Is.EqualTo(whole));
                Assert.That(expected, Does.Contain("auditQuestion").And.Contain("auditRegistrant").And.Contain("auditSegment"));
            }));
    }

    [TestCaseSource(typeof(SharedFolder), nameof(SharedFolder.Captures))]
    public void SoAreRealCaptures(string capture)
    {
        string path = SharedFolder.Require(capture);
        string expected = Whole([File.ReadAllBytes(path)]);
        foreach (long? size in new long?[] { null, Math.Max(777, new FileInfo(path).Length / 25) })
            Assert.That(Audit(new ArchiveSpec([path]) { Audit = true, ShardOctets = size }, seed: 1).Results, Is.EqualTo(expected), $"{size}");
    }

    [Test]
    public void ATapWhoseClockIsWrongTellsTheSame()
    {
        var spec = new ArchiveSpec([_runs.Folder]) { Audit = true };
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (int offset in (int[])[5_000, -90_000, 700_000])
        {
            byte[][] taps = Taps(7, 2, offset);
            for (int i = 0; i < taps.Length; i++)
                _runs.Put($"{i}.pcap", taps[i]);
            found.Add(Audit(spec with { ShardOctets = offset > 0 ? offset : null }, offset).Results);
        }

        Assert.That(found, Has.Count.EqualTo(1));
        Assert.That(Audit(spec with { Clocks = ArchiveClocks.AsCaptured }, 0).Results, Is.Not.EqualTo(found.First()));
    }

    [Test]
    public void WithoutAnAuditNothingElseIsExtractedAndTheRestIsTheSame()
    {
        _runs.Put("a.pcap", Taps(3, 1)[0]);
        var without = _runs.Do(new ArchiveSpec([_runs.Folder]));
        var with = _runs.Do(new ArchiveSpec([_runs.Folder]) { Audit = true });
        Assert.That(without.Shards, Is.EqualTo((string[])["list", "f0"]));
        Assert.That(with.Shards, Is.EqualTo((string[])["list", "f0", "a0"]));
        Assert.That(with.Files.Split('\n').Where(file => !IsAudit(file)), Is.EqualTo(without.Files.Split('\n').Where(file => !IsAudit(file))));
        Assert.That(with.Datagrams, Is.EqualTo(without.Datagrams));
        Assert.That(JsonDocument.Parse(with.Summary).RootElement.GetProperty("audit").GetProperty("sentence").GetString(), Is.Not.Empty);
        Assert.That(without.Summary, Does.Not.Contain("audit"));

        static bool IsAudit(string file) => file.StartsWith("audit", StringComparison.Ordinal) || file.StartsWith(ArchivePage.Name, StringComparison.Ordinal); // the page tells it, too
    }

    [Test]
    public void WhatTheAuditCallsAFrameIsInItsTable()
    {
        _runs.Put("a.pcap", Taps(3, 1)[0]);
        object?[] row = [];
        var frames = new List<long>();
        _ = _runs.Do(new ArchiveSpec([_runs.Folder]) { Audit = true }, done: results =>
        {
            foreach (string line in File.ReadLines(Path.Combine(results, ArchiveAudit.NdjsonName)))
            {
                if (JsonDocument.Parse(line).RootElement.TryGetProperty("frames", out var cited))
                    frames.AddRange(cited.EnumerateArray().Select(frame => frame.GetInt64()));
            }

            row = Duck.Rows("SELECT count(*), min(audit_datagram), max(audit_datagram), count(DISTINCT (capture, frame)) FROM {file}", Path.Combine(results, "audit_datagrams.parquet"))[0];
        });
        Assert.That(frames, Is.Not.Empty);
        Assert.That(row[1..], Is.EqualTo((object[])[1L, row[0]!, row[0]!]));
        Assert.That(frames, Is.All.InRange(1L, row[0]!));
    }

    /// <summary>The files of an archive's audit.</summary>
    private (string Results, string Answer) Audit(ArchiveSpec spec, int seed)
    {
        string text = "";
        var outcome = _runs.Do(spec, seed, done: results => text = File.ReadAllText(Path.Combine(results, ArchiveAudit.NdjsonName)) + File.ReadAllText(Path.Combine(results, ArchiveAudit.CsvName)));
        return (text, JsonDocument.Parse(outcome.Summary).RootElement.GetProperty("audit").GetRawText());
    }

    /// <summary>What `audit` writes of the captures as one file, with numbers in the place of frames: those of the datagrams that it takes anything from.</summary>
    private static string Whole(byte[][] captures)
    {
        var report = new AuditReport("the archive");
        using (var reader = new DatagramReader(CaptureReader.Merge(captures.Select(octets => CaptureReader.Open(octets))), AuditReport.Datagrams))
        {
            var sightings = new SightingFilter(TimeSpan.FromMilliseconds(50));
            for (long number = 1; reader.TryRead(out var datagram);)
            {
                if (!datagram.IsIpv6)
                    report.NoteTime(datagram.Time);
                if (AuditReport.IsWanted(datagram) && !sightings.IsRepeated(datagram))
                    report.Add(DatagramFacts.Of(datagram) with { FrameNumber = number++ });
            }
        }

        report.Complete();
        using var lines = new MemoryStream();
        report.Write(new NdjsonWriter(lines));
        using var csv = new StringWriter();
        report.WriteCsv(csv);
        return Encoding.UTF8.GetString(lines.ToArray()) + csv;
    }

    /// <summary>Several taps of a network with a name server, DNS, LLMNR and mDNS, broadcasts, fragments and other traffic; what one misses another may have.</summary>
    private static byte[][] Taps(int seed, int count, int offset = 0)
    {
        var random = new Random(seed);
        var taps = Enumerable.Range(0, count).Select(_ => new CaptureBytes().PcapHeader()).ToArray();
        int at = 0;
        for (int i = 0; i < 120; i++)
        {
            at += random.Next(1, 40);
            int within = 0; // no two at the same time: of those, merged captures have an order of their own
            foreach (byte[] frame in Exchange(random, i))
            {
                within += 10_000;
                for (int tap = 0; tap < count; tap++)
                {
                    int moved = (tap == count - 1 ? offset : 0) + at / 10;
                    bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(20)) & 0x3FFF) != 0; // those of one tap alone are put together
                    int again = isFragment ? 1 : random.Next(12) == 0 ? 2 : random.Next(8) == 0 && count > 1 ? 0 : 1;
                    for (int sighting = 0; sighting < again; sighting++)
                        taps[tap].PcapRecord(1_000_000 + moved, (at % 10 * 100_000) + within + (1_000 * tap) + sighting, frame);
                }
            }
        }

        // the last word: of fragments, that of the tap that was earliest counts where taps are merged
        return [.. taps.Select((tap, i) => tap.PcapRecord(1_000_100 + (at / 10) + (i == count - 1 ? offset : 0), i, Frame(new Ipv4Endpoint(Host(0, 1), 7_000), new Ipv4Endpoint(Host(0, 2), 7_001), [5], 1)).ToArray())];
    }

    private static IEnumerable<byte[]> Exchange(Random random, int number)
    {
        var client = Host(random.Next(2), random.Next(5, 9));
        var server = Host(9, 1);
        var broadcast = new Ipv4Address(client.Value | 0xFF);
        var name = new NetBiosName(Names[random.Next(Names.Length)], random.Next(2) == 0 ? NameSuffix.Server : NameSuffix.Workstation);
        var entry = new NbEntry(new NbFlags(false, OwnerNodeType.H), client);
        var octets = new byte[512];
        ushort id = (ushort)number;
        byte[] Nbns(Ipv4Address from, Ipv4Address to, int length) => Frame(new Ipv4Endpoint(from, 137), new Ipv4Endpoint(to, 137), octets[..length], number);
        byte[] Dns(ushort port, Ipv4Address to, bool isAnswer, int fill = 0)
        {
            byte[] label = Encoding.ASCII.GetBytes(name.BaseName.ToLowerInvariant());
            byte[] message = [(byte)(id >> 8), (byte)id, (byte)(isAnswer ? 0x84 : 1), 0, 0, 1, 0, (byte)(isAnswer ? 1 : 0), 0, 0, 0, 0, (byte)label.Length, .. label, 3, .. "lab"u8, 0, 0, 1, 0, 1, .. new byte[fill]];
            var asker = new Ipv4Endpoint(client, 50_000);
            var asked = new Ipv4Endpoint(to, port);
            return isAnswer ? Frame(asked, asker, message, number) : Frame(asker, asked, message, number);
        }

        switch (random.Next(10))
        {
            case 0:
                yield return Nbns(client, server, NbnsEncoder.WriteQuery(octets, id, NbnsFlagWords.QueryRequest, name));
                yield return Nbns(server, client, NbnsEncoder.WriteResponse(octets, id, NbnsFlagWords.NameServerQueryResponse, name, 0, new NbEntry(default, Host(1, random.Next(5, 9)))));
                break;
            case 1:
                yield return Nbns(client, server, NbnsEncoder.WriteRequest(octets, id, NbnsFlagWords.RegistrationRequest, name, 300_000, entry));
                yield return Nbns(server, client, NbnsEncoder.WriteResponse(octets, id, NbnsFlagWords.RegistrationResponse, name, 518_400, entry));
                break;
            case 2:
                yield return Nbns(client, broadcast, NbnsEncoder.WriteQuery(octets, id, NbnsFlagWords.QueryRequest | 0x10, name));
                break;
            case 3:
                yield return Dns(53, server, isAnswer: false);
                yield return Dns(53, server, isAnswer: true);
                break;
            case 4:
                yield return Dns(5355, Ipv4Address.Parse("224.0.0.252"), isAnswer: false);
                yield return Dns(5353, Ipv4Address.Parse("224.0.0.251"), isAnswer: false);
                break;
            case 5: // an answer in fragments, the second of which comes after something else
                yield return Dns(53, server, isAnswer: false);
                byte[] whole = Dns(53, server, isAnswer: true, fill: 64);
                byte[] first = [.. whole[..(34 + 40)]], second = [.. whole[..34], .. whole[(34 + 40)..]];
                yield return Fragment(first, 0x2000);
                yield return Frame(new Ipv4Endpoint(client, 138), new Ipv4Endpoint(broadcast, 138), [1, 2, (byte)number], number + 1_000);
                yield return Fragment(second, 40 / 8);
                break;
            case 6:
                yield return Frame(new Ipv4Endpoint(client, 7_000), new Ipv4Endpoint(server, 7_001), [3, (byte)number], number); // nobody's business, but the capture runs
                break;
            case 7:
                yield return Dns(53, server, isAnswer: false)[..50]; // cut short
                break;
            case 8:
                yield return Frame(new Ipv4Endpoint(client, 138), new Ipv4Endpoint(broadcast, 138), [4, (byte)number], number);
                break;
            default:
                yield return Nbns(client, server, NbnsEncoder.WriteRequest(octets, id, NbnsFlagWords.Release, name, 0, entry));
                break;
        }
    }

    private static Ipv4Address Host(int subnet, int host) => new(0x0A00_0000 | ((uint)subnet << 8) | (uint)host);

    private static byte[] Frame(Ipv4Endpoint from, Ipv4Endpoint to, byte[] payload, int identification)
    {
        var frame = new byte[UdpFrame.HeaderLength + payload.Length];
        var station = (to.Address.Value & 0xFF) == 0xFF || !to.Address.IsUnicast ? new MacAddress(0xFFFF_FFFF_FFFF) : MacAddress.FromIpv4(to.Address);
        UdpFrame.Write(frame, MacAddress.FromIpv4(from.Address), station, from, to, payload, (ushort)identification);
        return frame;
    }

    private static byte[] Fragment(byte[] frame, int place)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)(frame.Length - 14));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), (ushort)place);
        return frame;
    }
}
