using Microsoft.Data.Sqlite;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Transport.Sqlite;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

/// <summary>What becomes of a state file that somebody else touches, and of one with something wrong in it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StoreFaultTests
{
    private static readonly Ipv4Address Own = Ipv4Address.Parse("10.0.0.250");
    private static readonly Instant Start = Instant.FromUnixTime(800_000_000);
    private readonly string _folder = Directory.CreateTempSubdirectory("nbnssim-store-").FullName;
    private readonly NameServer _server = Server();

    private string Path => System.IO.Path.Combine(_folder, "wins.db");

    [TearDown]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void AServerThatDoesNotJournalIsTold_RatherThanNothingSaved()
    {
        using var store = NameServerStore.Open(Path);
        var server = new NameServer(new NameServerOptions { Address = Own });
        string expected = "Set NameServerOptions.JournalsChanges to true: without it the server does not say what has changed, and nothing would be saved.";
        Assert.That(() => store.Load(Start, server), Throws.InvalidOperationException.With.Message.EqualTo(expected));
        Assert.That(() => store.Commit(server), Throws.InvalidOperationException.With.Message.EqualTo(expected));
        Assert.That(() => store.Collect(Start, server), Throws.InvalidOperationException.With.Message.EqualTo(expected));
    }

    [Test]
    public void AFileThatIsDeletedIsWrittenAnew([Values] bool logToo)
    {
        NeedsLinux();
        using (var store = Filled("FRED<20>", "JANE<20>"))
        {
            File.Delete(Path);
            if (logToo)
                File.Delete(Path + "-wal");
            Register("ANN<20>");
            store.Commit(_server);
            Assert.That(File.Exists(Path), Is.True);
            Register("LAST<20>");
            store.Commit(_server);
        }

        Assert.That(Names(Path), Is.EqualTo(new[] { "ANN<20>", "FRED<20>", "JANE<20>", "LAST<20>" }));
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { Path }), "nothing is left over");
    }

    [Test]
    public void AFileThatIsRenamedIsWrittenAnew_AndTheOldOneIsWhole()
    {
        NeedsLinux();
        using (var store = Filled("FRED<20>"))
        {
            File.Move(Path, Path + ".moved");
            Register("ANN<20>");
            store.Commit(_server);
            Assert.That(() => NameServerStore.Open(Path), Throws.TypeOf<IOException>(), "nobody else can have it");
        }

        Assert.That(Names(Path), Is.EqualTo(new[] { "ANN<20>", "FRED<20>" }));
        Assert.That(Names(Path + ".moved"), Is.EqualTo(new[] { "FRED<20>" }));
    }

    [Test]
    public void ALogThatIsDeletedLosesNothing()
    {
        NeedsLinux();
        using (var store = Filled("FRED<20>"))
        {
            File.Delete(Path + "-wal");
            Register("ANN<20>");
            store.Commit(_server);
            Register("LAST<20>");
            store.Commit(_server);
        }

        Assert.That(Names(Path), Is.EqualTo(new[] { "ANN<20>", "FRED<20>", "LAST<20>" }));
    }

    [Test]
    public void AnotherFileInItsPlaceIsNeverWrittenInto_AndSavesAgainWhereThatIsMovedAway()
    {
        NeedsLinux();
        string other = Path + ".other";
        using (var store = NameServerStore.Open(other))
        {
            Register("OTHER<20>");
            store.Commit(_server);
        }

        using (var store = Filled("FRED<20>"))
        {
            File.Move(other, Path, overwrite: true);
            Register("ANN<20>");
            Assert.That(() => store.Commit(_server), Throws.TypeOf<IOException>().With.Message.StartsWith("another file has been put in its place"));
            Assert.That(store.Commit, Throws.TypeOf<IOException>());
            File.Move(Path, other);
            store.Commit(); // what failed is made good
        }

        Assert.That(Names(Path), Is.SupersetOf(new[] { "ANN<20>", "FRED<20>" }));
        Assert.That(Names(other), Is.EqualTo(new[] { "OTHER<20>" }));
    }

    [Test]
    public void AFileThatWasReplacedIsTakenAsItIsAtTheNextStart()
    {
        NeedsLinux();
        string backup = Path + ".backup";
        using (Filled("FRED<20>"))
        {
        }

        File.Copy(Path, backup);
        using (var store = NameServerStore.Open(Path))
        {
            store.Load(Start, _server);
            Register("ANN<20>");
            store.Commit(_server);
            File.Move(backup, Path, overwrite: true); // restored under the server
        }

        Assert.That(Names(Path), Is.EqualTo(new[] { "FRED<20>" }), "the log of the one before is not played into it");
    }

    [Test]
    public void AFileThatAnotherProgramWritesIntoIsNotWrittenInto()
    {
        NeedsLinux();
        using (Filled("FRED<20>"))
        {
        }

        var octets = File.ReadAllBytes(Path);
        using (var store = NameServerStore.Open(Path))
        {
            store.Load(Start, _server);
            Register("ANN<20>");
            store.Commit(_server);
            File.WriteAllBytes(Path, octets); // the same file, written over, as cp(1) does
            File.SetLastWriteTimeUtc(Path, DateTime.UnixEpoch.AddYears(40));
            Register("LATE<20>");
            Assert.That(() => store.Commit(_server), Throws.TypeOf<IOException>().With.Message.StartsWith("another program has written into it"));
        }

        Assert.That(Names(Path), Is.EqualTo(new[] { "FRED<20>" }));
    }

    [TestCase("UPDATE names SET record = 5")]
    [TestCase("UPDATE names SET record = 'hello'")]
    [TestCase("UPDATE names SET record = x''")]
    [TestCase("UPDATE names SET record = zeroblob(1000000)")]
    [TestCase("UPDATE names SET record = substr(record, 1, 20)")]
    [TestCase("UPDATE names SET record = record || x'00'")]
    [TestCase("UPDATE names SET key = x'41' || key")]
    [TestCase("UPDATE names SET key = 'text' || hex(key)")]
    [TestCase("UPDATE names SET key = zeroblob(1000000)")]
    [TestCase("DROP TABLE names; CREATE TABLE names(key BLOB PRIMARY KEY, record BLOB); INSERT INTO names VALUES(x'46524544202020202020202020202020', NULL)")]
    public void ADamagedRecordIsNamed_AndTheRestIsLoadedWhereAskedFor(string sql)
    {
        using (Filled("FRED<20>"))
        {
        }

        Execute(Path, sql);
        var server = Server();
        using (var store = NameServerStore.Open(Path))
        {
            Assert.That(() => store.Load(Start, server), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("row 1 of 'names', ").And.Message.Contains("the record cannot be read"));
            Assert.That(store.Damaged, Has.Count.EqualTo(1));
        }

        using (var store = NameServerStore.Open(Path))
        {
            Assert.That(store.Load(Start, server = Server(), DamagedRecords.Skip), Is.Zero);
            Assert.That(store.Damaged, Has.Count.EqualTo(1));
            store.Commit(server);
        }
    }

    [Test]
    public void TheNamesBesideADamagedOneAreLoaded_AndItsNameIsEscaped()
    {
        using (Filled("FRED<20>", "JANE<20>"))
        {
        }

        Execute(Path, "INSERT INTO names VALUES(x'1b5b33316d0720202020202020202020', x'00')"); // ESC, "[31m", BEL
        var server = Server();
        using var store = NameServerStore.Open(Path);
        Assert.That(store.Load(Start, server, DamagedRecords.Skip), Is.EqualTo(2));
        Assert.That(store.Damaged.Single(), Does.StartWith("row 1 of 'names', ").And.Not.Contains("\u001b").And.Not.Contains("\a"));
    }

    [TestCase("PRAGMA user_version = 2", "it was written by a later version (format 2; this one knows 1)")]
    [TestCase("PRAGMA application_id = 7", "it is an SQLite file, but no name server's database")]
    [TestCase("DROP TABLE names", "a table is missing that a name server's database has")]
    [TestCase("DROP TABLE state", "a table is missing that a name server's database has")]
    [TestCase("DROP TABLE names; CREATE VIEW names AS SELECT x'00' AS key, x'00' AS record", "a table is missing that a name server's database has")]
    [TestCase("CREATE TRIGGER t BEFORE INSERT ON names BEGIN SELECT RAISE(ABORT, 'no'); END", "it has triggers or views, which no name server's database has")]
    [TestCase("INSERT OR REPLACE INTO state VALUES('version', 'abc')", "the row 'version' of its table 'state' is no number")]
    [TestCase("INSERT OR REPLACE INTO state VALUES('version', -1)", "the row 'version' of its table 'state' is no version")]
    [TestCase("INSERT OR REPLACE INTO state VALUES('server', 9223372036854775807)", "the row 'server' of its table 'state' is no address")]
    [TestCase("INSERT OR REPLACE INTO state VALUES('served', -5)", "the row 'served' of its table 'state' is no time")]
    [TestCase("INSERT OR REPLACE INTO state VALUES('served', x'00')", "the row 'served' of its table 'state' is no number")]
    public void WhatIsNotAsItWasWrittenIsSaid(string sql, string expected)
    {
        using (Filled("FRED<20>"))
        {
        }

        Execute(Path, sql);
        Assert.That(
            () =>
            {
                using var store = NameServerStore.Open(Path);
                store.Load(Start, Server());
            }, Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(expected));
    }

    [TestCase("DROP TABLE names; CREATE TABLE names(key BLOB PRIMARY KEY, x BLOB)")]
    [TestCase("DROP TABLE state; CREATE TABLE state(a)")]
    public void AColumnThatIsMissingIsSaid(string sql)
    {
        using (Filled("FRED<20>"))
        {
        }

        Execute(Path, sql);
        Assert.That(() => NameServerStore.Open(Path), Throws.TypeOf<IOException>().With.Message.Contains("column"));
    }

    [Test]
    public void AnyOctetsAtAllAreRefusedInWordsOrRead()
    {
        using (Filled([.. Enumerable.Range(0, 200).Select(i => $"NAME{i}<20>")]))
        {
        }

        var good = File.ReadAllBytes(Path);
        var random = new RandomStream(1995);
        for (int round = 0; round < 60; round++)
        {
            var octets = (byte[])good.Clone();
            if (round % 3 == 0)
                Array.Resize(ref octets, (int)random.Next((uint)octets.Length));
            else if (round % 3 == 1)
                RandomFill(octets.AsSpan(4096 * (int)random.Next((uint)octets.Length / 4096), 4096), ref random);
            for (int i = 0; i < 50 && octets.Length > 0; i++)
                octets[random.Next((uint)octets.Length)] ^= (byte)(1 << (int)random.Next(8));
            string file = Path + round;
            File.WriteAllBytes(file, octets);
            try
            {
                using var store = NameServerStore.Open(file);
                var server = Server();
                store.Load(Start, server, DamagedRecords.Skip);
                Register(server, "LATER<20>");
                store.Commit(server);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                Assert.That(e.Message, Is.Not.Empty);
            }
        }
    }

    [Test]
    public void NamesDoNotAgeWhileNobodyServes_WhateverTheClockSays()
    {
        using (var store = Filled("FRED<20>"))
        {
            store.Collect(Start + TimeSpan.FromDays(1), _server);
            store.Commit();
        }

        using (var store = NameServerStore.Open(Path))
        {
            Assert.That(store.LastServed, Is.EqualTo(Start + TimeSpan.FromDays(1)));
            var server = Server();
            store.Load(store.LastServed!.Value, server);
            server.HandleTimeout(store.LastServed.Value);
            Assert.That(server.FindRecord(NetBiosName.Parse("FRED<20>"))!.State, Is.EqualTo(NameRecordState.Active));
            server.HandleTimeout(store.LastServed.Value + TimeSpan.FromDays(30));
            Assert.That(server.FindRecord(NetBiosName.Parse("FRED<20>"))?.State, Is.Not.EqualTo(NameRecordState.Active), "it ages by what is served");
        }
    }

    [Test]
    public void WhatIsCollectedWhileACommitFailsIsSavedByTheNext()
    {
        NeedsLinux();
        using (var store = Filled("FRED<20>"))
        {
            File.Move(Path, Path + ".moved");
            File.WriteAllText(Path, "in the way");
            Register("ANN<20>");
            store.Collect(Start, _server);
            Assert.That(store.Commit, Throws.TypeOf<IOException>());
            Register("LATE<20>");
            store.Collect(Start, _server);
            File.Delete(Path);
            store.Commit();
        }

        Assert.That(Names(Path), Is.EqualTo(new[] { "ANN<20>", "FRED<20>", "LATE<20>" }));
    }

    private static void NeedsLinux()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("Needs a system that lets an open file be moved and deleted.");
    }

    private static NameServer Server() => new(new NameServerOptions { Address = Own, JournalsChanges = true });

    private static string[] Names(string path)
    {
        var server = Server();
        using var store = NameServerStore.Open(path);
        store.Load(Start, server);
        return [.. server.GetRecords().Select(record => record.Name.ToString())];
    }

    private static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the texts are all ours
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static void RandomFill(Span<byte> octets, ref RandomStream random)
    {
        foreach (ref byte octet in octets)
            octet = (byte)random.NextUInt32();
    }

    private NameServerStore Filled(params string[] names)
    {
        var store = NameServerStore.Open(Path);
        foreach (string name in names)
            Register(name);
        store.Commit(_server);
        return store;
    }

    private void Register(string name) => Register(_server, name);

    private static void Register(NameServer server, string name)
    {
        Span<byte> buffer = stackalloc byte[NbnsHeader.MaxDatagramLength];
        var source = Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.1"));
        int length = NbnsEncoder.WriteRequest(buffer, 1, NbnsFlagWords.RegistrationRequest, NetBiosName.Parse(name), 300, new NbEntry(new NbFlags(false, OwnerNodeType.P), source.Address));
        server.HandleDatagram(Start, new Datagram(buffer[..length], source, Ipv4Endpoint.NameService(Own), isBroadcast: false));
        while (server.TryPollTransmit(buffer, out _))
        {
        }
    }
}
