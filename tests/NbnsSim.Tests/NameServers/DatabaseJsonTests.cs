using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>The format of a kept database by itself, without a server.</summary>
public sealed class DatabaseJsonTests
{
    private static readonly Ipv4Address Writer = Ipv4Address.Parse("10.0.0.250");
    private static readonly Ipv4Address Partner = Ipv4Address.Parse("10.0.1.250");
    private static readonly Ipv4Address Heir = Ipv4Address.Parse("10.0.2.250");

    private static readonly OwnerVersion[] Versions = [new(Writer, 7), new(Partner, ulong.MaxValue)];

    private static readonly NameRecord[] Records =
    [
        new()
        {
            Name = NetBiosName.Parse("LAB<1C>.S.T"), Type = NameRecordType.InternetGroup, State = NameRecordState.Tombstone, Owner = Partner, Version = 3,
            Expires = new Instant(1_500_000_001),
            Addresses =
            [
                new(Ipv4Address.Parse("10.0.0.1"), Writer, Instant.MaxValue, OwnerNodeType.M), new(Ipv4Address.Parse("10.0.0.2"), Partner, new Instant(1_500_000_001), OwnerNodeType.H),
            ],
        },
        new()
        {
            Name = NetBiosName.Parse("FRED<20>"), Owner = Writer, Version = ulong.MaxValue, IsStatic = true,
            Addresses = [new(Ipv4Address.Parse("10.0.0.3"), Writer, Instant.MaxValue, OwnerNodeType.B)],
        },
    ];

    [Test]
    public void WhatWasWrittenIsRead()
    {
        var (versions, records, problem) = Read(Written(), Writer);
        Assert.That(problem, Is.Null);
        Assert.That(versions, Is.EqualTo(Versions));
        Assert.That(records, Is.EqualTo(Records));
    }

    [Test]
    public void TheWritersRecordsBecomeTheReaders()
    {
        var (versions, records, problem) = Read(Written(), Heir);
        Assert.That(problem, Is.Null);
        Assert.That(versions, Is.EqualTo([new OwnerVersion(Heir, 7), Versions[1]]));
        Assert.That((records[0].Owner, records[0].Addresses[0].Owner, records[0].Addresses[1].Owner, records[1].Owner), Is.EqualTo((Partner, Heir, Partner, Heir)));
    }

    [Test]
    public void ARecordForWhichThereIsNoRoomIsNamed()
    {
        string? problem = DatabaseJson.Read(Written(), Writer, _ => { }, record => record.Name.Suffix != NameSuffix.Server);
        Assert.That(problem, Does.EndWith("no room for FRED<20>"));
    }

    [TestCase("{", "line 1: ")]
    [TestCase("[]", "expected an object")]
    [TestCase("{}", "schemaVersion is missing")]
    [TestCase("""{"schemaVersion":2}""", "schemaVersion 2 is not known: expected 1")]
    [TestCase("""{"schemaVersion":1,"versions":5}""", "octet ")]
    [TestCase("""{"schemaVersion":1,"records":[{"addresses":[]}]}""", "octet ")]
    public void WhatCannotBeReadIsSaidAndNothingIsThrown(string json, string begins) =>
        Assert.That(DatabaseJson.Read(System.Text.Encoding.UTF8.GetBytes(json), Writer, _ => { }, _ => true), Does.StartWith(begins));

    private static byte[] Written()
    {
        using var stream = new MemoryStream();
        using var writer = new Utf8JsonWriter(stream);
        DatabaseJson.Write(writer, Writer, Versions, Records);
        return stream.ToArray();
    }

    private static (List<OwnerVersion> Versions, List<NameRecord> Records, string? Problem) Read(byte[] octets, Ipv4Address server)
    {
        var versions = new List<OwnerVersion>();
        var records = new List<NameRecord>();
        string? problem = DatabaseJson.Read(octets, server, versions.Add, record =>
        {
            records.Add(record);
            return true;
        });
        return (versions, records, problem);
    }
}
