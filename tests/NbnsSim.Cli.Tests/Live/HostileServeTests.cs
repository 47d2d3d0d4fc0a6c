using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using NbnsSim.Cli.Commands;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Tests;
using NbnsSim.Transport;
using NbnsSim.Transport.Sqlite;
using NbnsSim.Wire;

namespace NbnsSim.Cli.Tests.Live;

/// <summary><c>serve</c>, with requests and a state file that are full of what acts on a terminal: none of it comes out.</summary>
public sealed class HostileServeTests
{
    private static readonly NetBiosName Hostile = new(Poison.Octets, NetBiosScope.Parse(string.Concat(Poison.Octets.Select(octet => $"<{octet:x2}>")) + ".<1b><0a>"));
    private static readonly NetBiosName NewLine = NetBiosName.Parse("<0a>INJECTED<0d><07><1b>.<0a>INJECTED");

    private const string Settled = "ready: ";

    private string _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    /// <summary>Every kind of datagram with every name hostile, from a stranger, to a node that lets strangers take its names and to one that does not.</summary>
    [Test]
    public void Requests([Values] bool vulnerable)
    {
        var at = new Ipv4Endpoint(Ipv4Address.Loopback, LiveRun.FreePort());
        using var run = Serve(new ServeSettings
        {
            Name = "WIN\u001b\u0085\u009b",
            Workgroup = "L\u0007B",
            User = "\n\u001b[2J",
            HasNameServer = true,
            Listen = [at],
            Dialect = NetBtDialect.WindowsNt35,
            IsVulnerable = vulnerable,
            Verbose = true,
        });
        run.Error.WaitFor(Settled);
        using (var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 60_000 })
        {
            stranger.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
            stranger.Connect(new IPEndPoint(IPAddress.Loopback, at.Port));
            var entry = new NbEntry(new NbFlags(false, OwnerNodeType.P), Ipv4Address.Parse("127.0.0.9"));
            foreach (var name in (NetBiosName[])[Hostile, NewLine, NetBiosName.Parse("\n<1b>[2J<03>"), NetBiosName.Parse("WIN<1b><85><9b><20>")])
            {
                foreach (byte[] request in (byte[][])
                [
                    new NameRegistrationRequest(1, name, entry, 300, false).ToArray(), new NameReleaseRequest(2, name, entry).ToArray(), new NameRefreshRequest(3, name, entry, 300).ToArray(),
                    new NameReleaseDemand(4, name, entry).ToArray(), new NameConflictDemand(5, name, OwnerNodeType.B).ToArray(), new NegativeNameRegistrationResponse(6, name, NbnsRcode.ActiveError, entry, 0).ToArray(),
                    new NameQueryRequest(7, name, false).ToArray(), new NodeStatusRequest(8, name).ToArray(),
                ])
                    stranger.Send(request);
            }

            stranger.Send(new NodeStatusRequest(9, NetBiosName.Wildcard).ToArray());
            byte[] answer = new byte[576];
            do
                stranger.Receive(answer);
            while (answer[1] != 9); // all before it was handled
        }

        Assert.That(run.Stop(), Is.Zero);
        AssertNone(run, "requests");
        Assert.That(run.Error.ToString(), Does.Contain("<1b>"), "something was said of such names");
        if (vulnerable)
            Assert.That(run.Output, Does.Contain("NetBT event 43"));
    }

    /// <summary>Names and scopes in the records, keys that are no record's, texts of every table, and a schema that is not ours.</summary>
    [TestCase("")]
    [TestCase("UPDATE names SET record = x'00'")]
    [TestCase("UPDATE names SET key = 'POISON' || hex(key)")]
    [TestCase("UPDATE names SET key = CAST('POISON' || hex(key) AS BLOB)")]
    [TestCase("UPDATE names SET record = CAST('POISON' || hex(record) AS BLOB)")]
    [TestCase("INSERT INTO names VALUES(x'0a494e4a45435445440d071b1b1b1b1b', 'POISON')")]
    [TestCase("INSERT INTO state VALUES('POISON', 'POISON')")]
    [TestCase("INSERT OR REPLACE INTO state VALUES('version', 'POISON')")]
    [TestCase("INSERT OR REPLACE INTO state VALUES('served', 'POISON')")]
    [TestCase("INSERT OR REPLACE INTO state VALUES('server', 'POISON')")]
    [TestCase("CREATE TABLE \"POISON\"(\"POISON\" TEXT)")]
    [TestCase("CREATE TRIGGER \"POISON\" BEFORE INSERT ON names BEGIN SELECT RAISE(ABORT, 'POISON'); END")]
    [TestCase("DROP TABLE state; CREATE TABLE state(key TEXT PRIMARY KEY, value INTEGER NOT NULL CONSTRAINT \"POISON\" CHECK (value < 0)) WITHOUT ROWID")]
    [TestCase("DROP TABLE names; CREATE TABLE names(\"POISON\" BLOB PRIMARY KEY, record BLOB) WITHOUT ROWID")]
    [TestCase("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'value INTEGER', 'value INTEGER COLLATE \"POISON\"') WHERE name = 'state'")]
    [TestCase("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE POISON' WHERE name = 'state'")]
    public void StateFile(string tampering)
    {
        string file = Path.Combine(_folder, $"w{Poison.FileName}.db");
        Fill(file);
        Execute(file, tampering.Replace("POISON", Poison.FileName.Replace("\n", "\n\n", StringComparison.Ordinal), StringComparison.Ordinal));
        foreach (bool skips in (bool[])[false, true])
        {
            var at = new Ipv4Endpoint(Ipv4Address.Loopback, LiveRun.FreePort());
            using var run = Serve(new ServeSettings { Name = "WINSRV", HasNameServer = true, Listen = [at], StateFile = file, DamagedRecords = skips ? DamagedRecords.Skip : DamagedRecords.Refuse, Verbose = true });
            run.Error.WaitFor(Settled);
            run.Stop();
            AssertNone(run, tampering);
        }
    }

    private static void AssertNone(LiveRun run, string because)
    {
        Poison.AssertNone(run.Output, because + " (output)");
        Poison.AssertNone(run.Error.ToString(), because + " (error)");
    }

    private static void Fill(string file)
    {
        var server = new NameServer(new NameServerOptions { Address = Ipv4Address.Loopback, JournalsChanges = true });
        using var store = NameServerStore.Open(file);
        byte[] buffer = new byte[576];
        var source = Ipv4Endpoint.NameService(Ipv4Address.Parse("127.0.0.9"));
        foreach (var name in (NetBiosName[])[Hostile, NewLine])
        {
            int length = new NameRegistrationRequest(1, name, new NbEntry(default, source.Address), 300, false).Write(buffer);
            server.HandleDatagram(Instant.FromUnixTime(800_000_000), new Datagram(buffer.AsSpan(0, length), source, Ipv4Endpoint.NameService(Ipv4Address.Loopback), isBroadcast: false));
        }

        store.Commit(server);
    }

    private static void Execute(string file, string sql)
    {
        if (sql.Length == 0)
            return;
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the texts are the test's
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <summary>As the tool does it: what ends the command is printed, a line each.</summary>
    private static LiveRun Serve(ServeSettings settings) => new((terminal, stop) =>
    {
        try
        {
            return ServeCommand.Run(terminal, settings, stop, CancellationToken.None);
        }
        catch (BadInputException e)
        {
            foreach (string line in e.Lines)
                terminal.TryWriteLine(terminal.Error, line);
            return ExitCode.BadInput;
        }
        finally
        {
            terminal.TryWriteLine(terminal.Error, "ended, not " + Settled);
        }
    });
}
