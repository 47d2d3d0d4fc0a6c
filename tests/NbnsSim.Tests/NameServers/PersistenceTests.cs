using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>The database on its way out and back: JSON, records in octets, changes as they happen, static lists.</summary>
public sealed class PersistenceTests
{
    private static ServerBench Filled(Func<NameServerOptions, NameServerOptions>? change = null)
    {
        var bench = new ServerBench(NameServerDialect.Windows2000 with { ReportsNodeType = true }, change);
        var partner = new ServerBench(NameServerDialect.Windows2000, address: "10.0.1.250");
        partner.Register("REMOTE<20>", "10.0.1.1").Accepted();
        partner.Register("LAB<1C>", "10.0.1.1", group: true).Accepted();
        bench.Register("FRED<20>", "10.0.0.1", nodeType: 0x4000).Accepted();
        bench.Register("GONE<20>", "10.0.0.1").Accepted();
        bench.Release("GONE<20>", "10.0.0.1");
        bench.Register("SCOPED<20>.LAB.EXAMPLE", "10.0.0.1").Accepted();
        bench.Register("b\\<FF><03>", "10.0.0.1").Accepted();
        bench.Register("LAB<1C>", "10.0.0.1", group: true).Accepted();
        bench.Register("LAB<1E>", "10.0.0.1", group: true).Accepted();
        bench.RegisterMultihomed("MH<20>", "10.0.0.1").Accepted();
        bench.Holds(bench.RegisterMultihomed("MH<20>", "10.0.2.1").Challenge(), "10.0.0.1", "10.0.2.1").Accepted();
        bench.Server.AddStatic(bench.Now, NetBiosName.Parse("STATIC<20>"), NameRecordType.Unique, ServerBench.Ip("10.0.0.7"));
        ServerBench.Pull(bench.Now, bench.Server, partner.Server);
        return bench;
    }

    private static byte[] Json(NameServer server)
    {
        var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            server.Save(writer);
        return stream.ToArray();
    }

    [Test]
    public void WhatIsSavedAsJsonIsLoadedAgainWordForWord()
    {
        var bench = Filled();
        byte[] json = Json(bench.Server);
        Assert.That(NameServer.TryLoad(bench.Server.Options, bench.Now, json, out var loaded, out var problem), Is.True, problem);
        Assert.That(loaded!.GetRecords(), Is.EqualTo(bench.Server.GetRecords()));
        Assert.That(loaded.GetOwnerVersions(), Is.EqualTo(bench.Server.GetOwnerVersions()));
        Assert.That(Json(loaded), Is.EqualTo(json));

        bench.Server = loaded;
        bench.Query("MH<20>").Answers("10.0.0.1", "10.0.2.1");
        bench.Query("SCOPED<20>.LAB.EXAMPLE").Answers("10.0.0.1");
        bench.Register("NEW<20>", "10.0.0.1").Accepted();
        Assert.That(bench.Record("NEW<20>")!.Version, Is.EqualTo(loaded.GetOwnerVersions()[0].Version), "versions go on where they were");
        bench.Pass(TimeSpan.FromDays(6));
        bench.Query("FRED<20>").Answers();
    }

    [Test]
    public void TheOrderOfPropertiesDoesNotMatter()
    {
        var bench = Filled();
        var moved = bench.Server.Options with { Address = ServerBench.Ip("10.0.0.251") };
        byte[] json = Json(bench.Server);
        byte[] reversed = JsonSerializer.SerializeToUtf8Bytes(Reversed(JsonNode.Parse(json)));
        Assert.That(NameServer.TryLoad(moved, bench.Now, json, out var expected, out var problem), Is.True, problem);
        Assert.That(NameServer.TryLoad(moved, bench.Now, reversed, out var loaded, out problem), Is.True, problem);
        Assert.That(loaded!.GetRecords(), Is.EqualTo(expected!.GetRecords()));
        Assert.That(loaded.GetOwnerVersions()[0], Is.EqualTo(expected.GetOwnerVersions()[0]));
    }

    private static JsonNode? Reversed(JsonNode? node) => node switch
    {
        JsonObject one => new JsonObject(one.Reverse().Select(property => KeyValuePair.Create(property.Key, Reversed(property.Value)))),
        JsonArray many => new JsonArray([.. many.Select(Reversed)]),
        _ => node?.DeepClone(),
    };

    [Test]
    public void ALongScopeSurvivesTheFile()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        string scope = string.Join('.', Enumerable.Repeat(new string('s', 54), 4));
        bench.Register($"FRED<20>.{scope}", "10.0.0.1").Accepted();
        Assert.That(NameServer.TryLoad(bench.Server.Options, bench.Now, Json(bench.Server), out var loaded, out _), Is.True);
        Assert.That(loaded!.GetRecords().Single().Name.ToString(), Is.EqualTo($"FRED<20>.{scope}"));
    }

    [TestCase("", "input does not contain any JSON tokens")]
    [TestCase("[]", "expected an object")]
    [TestCase("{}", "schemaVersion is missing")]
    [TestCase("{\"schemaVersion\":2}", "schemaVersion 2 is not known")]
    [TestCase("{\"schemaVersion\":1,\"records\":[{}]}", "a record has no name")]
    [TestCase("{\"schemaVersion\":1,\"records\":[{\"name\":\"A\",\"addresses\":[]}]}", "0 addresses")]
    [TestCase("{\"schemaVersion\":1,\"records\":[{\"name\":\"A\",\"version\":-1}]}", "octet")]
    [TestCase("{\"schemaVersion\":1,\"records\":[{\"name\":\"A\",\"type\":\"odd\"}]}", "'odd' is none of unique, group")]
    [TestCase("{\"schemaVersion\":1,\"records\":[{\"name\":\"A\",\"expires\":\"tomorrow\"}]}", "'tomorrow' is no time")]
    [TestCase("{\"schemaVersion\":1,\"server\":\"10.0.0\"}", "'10.0.0' is not an IPv4 address")]
    [TestCase("{\"schemaVersion\":1,\"records\":[{\"name\":\"A\",\"scope\":\"05AA\"}]}", "labels")]
    [TestCase("{\"schemaVersion\":1,\"records\":[", "line 1")]
    public void WhatCannotBeLoadedIsSaid(string json, string expected)
    {
        Assert.That(NameServer.TryLoad(new NameServerOptions(), default, Encoding.UTF8.GetBytes(json), out var server, out var problem), Is.False);
        Assert.That(server, Is.Null);
        Assert.That(problem, Does.Contain(expected));
    }

    [Test]
    public void EveryCutOfAFileIsRefusedWithoutAnException()
    {
        byte[] json = Json(Filled().Server);
        for (int length = 0; length < json.Length - 1; length++)
            Assert.That(NameServer.TryLoad(new NameServerOptions(), default, json.AsSpan(0, length), out _, out _), Is.False);
    }

    [Test]
    public void ChangesTellEverythingThatADriverMustKeep()
    {
        var bench = Filled(options => options with { JournalsChanges = true });
        var kept = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        Keep(bench.Server, kept);
        bench.Refresh("FRED<20>", "10.0.0.1").Accepted();
        bench.Release("LAB<1C>", "10.0.0.1", group: true);
        Keep(bench.Server, kept);
        bench.Pass(TimeSpan.FromDays(30));
        bench.Register("LATE<20>", "10.0.0.1").Accepted();
        Keep(bench.Server, kept);

        var restored = new NameServer(bench.Server.Options);
        foreach (byte[] octets in kept.Values)
        {
            Assert.That(NameRecord.TryRead(octets, out var record), Is.True);
            Assert.That(restored.Restore(bench.Now, record!), Is.True);
        }

        Assert.That(restored.GetRecords(), Is.EqualTo(bench.Server.GetRecords()));
        Assert.That(bench.Server.TryPollChange(out _), Is.False);
    }

    [Test]
    public void AChangeIsToldOnceHoweverOftenItHappens()
    {
        var bench = new ServerBench(NameServerDialect.Rfc1002NonSecured, options => options with { JournalsChanges = true });
        bench.Register("FRED<20>", "10.0.0.1").Accepted();
        bench.Register("JANE<20>", "10.0.0.1").Accepted();
        bench.Refresh("FRED<20>", "10.0.0.1").Accepted();
        Assert.That(Changes(bench.Server), Is.EqualTo(new[] { "Stored FRED<20>", "Stored JANE<20>" }));
        bench.Refresh("FRED<20>", "10.0.0.1").Accepted();
        bench.Refresh("FRED<20>", "10.0.0.1").Accepted();
        Assert.That(Changes(bench.Server), Is.EqualTo(new[] { "Refreshed FRED<20>" }));
        bench.Release("FRED<20>", "10.0.0.1");
        bench.Register("FRED<20>", "10.0.0.2").Accepted();
        Assert.That(Changes(bench.Server), Is.EqualTo(new[] { "Removed FRED<20>", "Stored FRED<20>" }), "in this order, for it is another record");
        bench.Query("FRED<20>").Answers("10.0.0.2");
    }

    [Test]
    public void TheChangeIsThereBeforeTheAnswerIsTaken()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000, options => options with { JournalsChanges = true });
        Span<byte> buffer = stackalloc byte[576];
        int length = NbnsEncoder.WriteRequest(buffer, 1, 0x2900, NetBiosName.Parse("FRED<20>"), 0, new NbEntry(default, ServerBench.Ip("10.0.0.1")));
        bench.Server.HandleDatagram(bench.Now, new Datagram(buffer[..length], new(ServerBench.Ip("10.0.0.1"), 137), default, isBroadcast: false));
        Assert.That(Changes(bench.Server), Is.EqualTo(new[] { "Stored FRED<20>" }));
        bench.Drain().Accepted();
    }

    [Test]
    public void EveryCutOrFlipOfARecordsOctetsIsRefusedOrReadWithoutAnException()
    {
        var bench = Filled(options => options with { JournalsChanges = true });
        Span<byte> octets = stackalloc byte[NameRecord.MaxEncodedLength];
        int records = 0;
        while (bench.Server.TryPollChange(out var change))
        {
            int length = change.WriteRecord(octets);
            records++;
            Assert.That(NameRecord.TryRead(octets[..length], out var record), Is.True);
            Assert.That(record, Is.EqualTo(change.ToRecord()));
            for (int cut = 0; cut < length; cut++)
                Assert.That(NameRecord.TryRead(octets[..cut], out _), Is.False);
            for (int at = 0; at < length; at++)
            {
                octets[at] ^= 0xFF;
                NameRecord.TryRead(octets[..length], out _);
                octets[at] ^= 0xFF;
            }
        }

        Assert.That(records, Is.EqualTo(bench.Server.Count));
    }

    [Test]
    public void AnLmHostsFileBecomesStaticMappings()
    {
        var file = LmHostsFile.Parse("""
            # a comment
            10.0.0.1   fred      #PRE
            10.0.0.2   dc1       #PRE #DOM:lab   # the domain's controller
            10.0.0.3   "Odd name       \0x14"
            10.0.0.4   router    #MH
            10.0.1.4   router    #MH
            10.0.0.5   printer   #SG:Printers
            #INCLUDE \\server\share\lmhosts
            999.0.0.1  nobody
            10.0.0.9
            10.0.0.9   sixteencharacters
            """);
        Assert.That(file.Problems.Select(problem => problem.Line), Is.EqualTo(new[] { 8, 9, 10, 11 }));

        var bench = new ServerBench(NameServerDialect.Windows2000);
        Assert.That(bench.Server.AddStatic(bench.Now, file), Is.EqualTo(15));
        foreach (string suffix in new[] { "00", "03", "20" })
        {
            bench.Query($"FRED<{suffix}>").Answers("10.0.0.1");
            bench.Query($"ROUTER<{suffix}>").Answers("10.0.0.4", "10.0.1.4");
        }

        bench.Query("LAB<1C>").Answers("10.0.0.2");
        bench.Query("Odd name<14>").Answers("10.0.0.3");
        bench.Query("PRINTERS<20>").Answers("10.0.0.5");
        Assert.That(bench.Server.GetRecords().All(record => record.IsStatic), Is.True);
    }

    [Test]
    public void AnotherStaticListReplacesTheOneBefore_AndLeavesAloneWhatIsTheSame()
    {
        var bench = new ServerBench(NameServerDialect.Windows2000);
        bench.Server.ReplaceStatic(bench.Now, LmHostsFile.Parse("10.0.0.1 same\n10.0.0.2 gone\n10.0.0.3 moved\n10.0.0.4 router #MH\n10.0.1.4 router #MH\n10.0.0.5 printer #SG:Printers"));
        bench.Register("DYNAMIC<20>", "10.0.0.9").Accepted();
        var same = bench.Server.FindRecord(NetBiosName.Parse("SAME<20>"));

        Assert.That(bench.Server.ReplaceStatic(bench.Now, LmHostsFile.Parse("10.0.0.1 same\n10.0.0.33 moved\n10.0.1.4 router #MH\n10.0.0.9 dynamic")), Is.EqualTo(12));
        Assert.That(bench.Server.FindRecord(NetBiosName.Parse("SAME<20>")), Is.EqualTo(same), "with its version");
        bench.Query("GONE<20>").Answers();
        bench.Query("PRINTERS<20>").Answers();
        bench.Query("MOVED<20>").Answers("10.0.0.33");
        bench.Query("ROUTER<20>").Answers("10.0.1.4");
        Assert.That(bench.Server.FindRecord(NetBiosName.Parse("DYNAMIC<20>"))!.IsStatic, Is.True);

        bench.Server.ReplaceStatic(bench.Now, LmHostsFile.Parse(""));
        Assert.That(bench.Server.GetRecords().Any(record => record.IsStatic), Is.False);
    }

    private static void Keep(NameServer server, SortedDictionary<string, byte[]> kept)
    {
        Span<byte> octets = stackalloc byte[NameRecord.MaxEncodedLength];
        while (server.TryPollChange(out var change))
        {
            string key = Convert.ToHexString(octets[..change.WriteKey(octets)]);
            int length = change.WriteRecord(octets);
            if (length == 0)
                kept.Remove(key);
            else
                kept[key] = octets[..length].ToArray();
        }
    }

    private static List<string> Changes(NameServer server)
    {
        var changes = new List<string>();
        while (server.TryPollChange(out var change))
            changes.Add($"{change.Kind} {change.Name}");
        return changes;
    }
}
