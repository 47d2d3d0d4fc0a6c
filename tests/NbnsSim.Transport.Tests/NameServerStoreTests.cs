using Microsoft.Data.Sqlite;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Transport.Sqlite;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NameServerStoreTests
{
    private static readonly Ipv4Address Own = Ipv4Address.Parse("10.0.0.250");
    private static readonly Instant Start = Instant.FromUnixTime(800_000_000);
    private readonly string _folder = Directory.CreateTempSubdirectory("nbnssim-store-").FullName;

    private string File => Path.Combine(_folder, "wins.db");

    [TearDown]
    public void Clean() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void WhatWasCommittedIsThereAgain()
    {
        var server = Server();
        using (var store = NameServerStore.Open(File))
        {
            Assert.That(store.Load(Start, server), Is.Zero);
            Register(server, "FRED<20>", "10.0.0.1");
            Register(server, "SCOPED<20>.LAB.EXAMPLE", "10.0.0.2");
            Register(server, "LAB<1C>", "10.0.0.1", group: true);
            Register(server, "LAB<1C>", "10.0.0.2", group: true);
            Register(server, "LAB<1E>", "10.0.0.1", group: true);
            Register(server, "GONE<03>", "10.0.0.1");
            Release(server, "GONE<03>", "10.0.0.1");
            server.AddStatic(Start, NetBiosName.Parse("STATIC<20>"), NameRecordType.Unique, Own);
            Assert.That(store.Commit(server), Is.EqualTo(6));
            Assert.That(store.Commit(server), Is.Zero, "nothing is written twice");
            Register(server, "FRED<20>", "10.0.0.1"); // a refresh
            Assert.That(store.Commit(server), Is.EqualTo(1));
            Register(server, "LOST<20>", "10.0.0.1"); // never committed
        }

        var next = Server();
        using (var store = NameServerStore.Open(File))
        {
            Assert.That(store.Load(Start, next), Is.EqualTo(6));
            Assert.That(next.GetRecords(), Is.EqualTo(server.GetRecords().Where(record => record.Name.BaseName != "LOST")));
            Assert.That(store.Commit(next), Is.Zero, "what came from the file need not go back");
            Assert.That(next.Version, Is.GreaterThan(0).And.EqualTo(server.Version - 1));
        }
    }

    [Test]
    public void ANameThatIsGoneIsGoneFromTheFileAndItsVersionIsNotUsedAgain()
    {
        var server = Server(NameServerDialect.Rfc1002Secured); // keeps no released names
        using (var store = NameServerStore.Open(File))
        {
            Register(server, "FRED<20>", "10.0.0.1");
            store.Commit(server);
            Release(server, "FRED<20>", "10.0.0.1");
            Assert.That(store.Commit(server), Is.EqualTo(1));
        }

        var next = Server();
        using (var store = NameServerStore.Open(File))
        {
            Assert.That(store.Load(Start, next), Is.Zero);
            Assert.That(next.Version, Is.EqualTo(server.Version).And.GreaterThan(0));
        }
    }

    [Test]
    public void AServersRecordsStayItsOwnUnderAnotherAddress()
    {
        var moved = Ipv4Address.Parse("10.0.0.251");
        var server = Server();
        using (var store = NameServerStore.Open(File))
        {
            store.Load(Start, server);
            Register(server, "FRED<20>", "10.0.0.1");
            Register(server, "LAB<1C>", "10.0.0.1", group: true);
            Register(server, "LAB<1C>", "10.0.0.2", group: true);
            store.Commit(server);
        }

        for (int start = 0; start < 2; start++)
        {
            var next = Server(address: moved);
            using var store = NameServerStore.Open(File);
            Assert.That(store.Load(Start, next), Is.EqualTo(2));
            Assert.That(next.GetRecords().SelectMany(record => record.Addresses.Select(one => one.Owner).Append(record.Owner)), Is.All.EqualTo(moved));
            Assert.That(next.GetOwnerVersions(), Has.Length.EqualTo(1));
            Assert.That(next.Version, Is.EqualTo(server.Version));
            Assert.That(store.Commit(next), Is.Zero, "the file has it already");
        }

        Assert.That(Rows("SELECT value FROM state WHERE key = 'server'"), Is.EqualTo((long)moved.Value));
    }

    [Test]
    public void AFileThatDoesNotSayWhoseItIsIsTakenAsItIs()
    {
        var server = Server();
        using (var store = NameServerStore.Open(File))
        {
            Register(server, "FRED<20>", "10.0.0.1");
            store.Commit(server);
        }

        Rows("DELETE FROM state WHERE key = 'server'");
        var next = Server(address: Ipv4Address.Parse("10.0.0.251"));
        using (var store = NameServerStore.Open(File))
            store.Load(Start, next);
        Assert.That(next.GetRecords().Single().Owner, Is.EqualTo(Own));
    }

    [Test]
    public void OneProcessAtATime()
    {
        using var store = NameServerStore.Open(File);
        Assert.That(() => NameServerStore.Open(File), Throws.TypeOf<IOException>().With.Message.EqualTo("another process has the file open; a server has one of its own"));
    }

    [Test]
    public void OtherFilesAreLeftAlone()
    {
        System.IO.File.WriteAllText(File, "no database at all, but long enough to be looked at");
        Assert.That(() => NameServerStore.Open(File), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("it is no SQLite file"));
        Assert.That(System.IO.File.ReadAllText(File), Does.StartWith("no database"));

        string other = Path.Combine(_folder, "other.db");
        using (var connection = new SqliteConnection($"Data Source={other};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE mine(x)";
            command.ExecuteNonQuery();
        }

        Assert.That(() => NameServerStore.Open(other), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("it is an SQLite file, but no name server's database"));
        Assert.That(() => NameServerStore.Open(_folder), Throws.TypeOf<IOException>().With.Message.EqualTo("it is a folder, not a file"));
        Assert.That(() => NameServerStore.Open(Path.Combine(_folder, "no", "such.db")), Throws.TypeOf<IOException>().With.Message.EqualTo("it cannot be opened, or made, there"));
    }

    [Test]
    public void ACommitAllocatesNothing()
    {
        var server = Server();
        using var store = NameServerStore.Open(File);
        int second = 0;
        var request = new byte[100];
        var answer = new byte[NbnsHeader.MaxDatagramLength];
        int length = NbnsEncoder.WriteRequest(request, 1, NbnsFlagWords.RegistrationRequest, NetBiosName.Parse("FRED<20>"), 300, new NbEntry(default, Own));
        int written = Exchange(200);
        long before = GC.GetAllocatedBytesForCurrentThread();
        written += Exchange(200);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        Assert.That(written, Is.EqualTo(400));

        int Exchange(int count)
        {
            int committed = 0;
            for (int i = 0; i < count; i++)
            {
                var now = Start + TimeSpan.FromSeconds(++second);
                server.HandleDatagram(now, new Datagram(request.AsSpan(0, length), Ipv4Endpoint.NameService(Own), Ipv4Endpoint.NameService(Own), isBroadcast: false));
                while (server.TryPollTransmit(answer, out _))
                {
                }

                committed += store.Commit(server);
            }

            return committed;
        }
    }

    private object? Rows(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the texts are all ours
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static NameServer Server(NameServerDialect? dialect = null, Ipv4Address? address = null) =>
        new(new NameServerOptions { Address = address ?? Own, JournalsChanges = true, Dialect = dialect ?? NameServerDialect.Windows2000 });

    private static void Register(NameServer server, string name, string address, bool group = false) =>
        Send(server, NbnsFlagWords.RegistrationRequest, name, address, group);

    private static void Release(NameServer server, string name, string address) => Send(server, NbnsFlagWords.Release, name, address, group: false);

    private static void Send(NameServer server, ushort flags, string name, string address, bool group)
    {
        Span<byte> buffer = stackalloc byte[NbnsHeader.MaxDatagramLength];
        var source = Ipv4Endpoint.NameService(Ipv4Address.Parse(address));
        int length = NbnsEncoder.WriteRequest(buffer, 1, flags, NetBiosName.Parse(name), 300, new NbEntry(new NbFlags(group, OwnerNodeType.P), source.Address));
        server.HandleDatagram(Start, new Datagram(buffer[..length], source, Ipv4Endpoint.NameService(Own), isBroadcast: false));
        while (server.TryPollTransmit(buffer, out _))
            Assert.That(buffer[3] & 0xF, Is.Zero);
    }
}
