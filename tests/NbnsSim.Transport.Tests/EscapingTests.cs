using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Tests;
using NbnsSim.Transport.Sqlite;
using NbnsSim.Wire;

namespace NbnsSim.Transport.Tests;

/// <summary>Nothing from the network, from a file or from a fault reaches a log in a form that acts on whoever reads it.</summary>
public sealed class EscapingTests
{
    private static readonly NetBiosName Hostile = new(Poison.Octets, NetBiosScope.Parse(string.Concat(Poison.Octets.Select(octet => $"<{octet:x2}>")) + ".<1b><0a>"));

    /// <summary>The line, every value of the line (which some sinks print by themselves), and the fault with it.</summary>
    [Test]
    public void WhatAHostSaysToItsLog()
    {
        var log = new WholeLog();
        var endpoint = new AnsweringEndpoint();
        int commits = 0;
        var options = new NbnsUdpHostOptions
        {
            Interfaces = [new NbnsHostInterface(Ipv4Address.Loopback, 0)],
            CollectChanges = _ => true,
            CommitChanges = () => throw (commits++ == 0 ? new IOException(Poison.Text) : new InvalidOperationException(Poison.Text)),
        };
        using (var host = new NbnsUdpHost(endpoint, options, logger: log))
        {
            host.Start();
            host.InvokeAsync(now =>
            {
                foreach (var logged in (NetBtEvent[])[NetBtEvent.NameRelease(now, AnsweringEndpoint.Owner, Hostile), NetBtEvent.NameRelease(now, AnsweringEndpoint.Owner, NetBiosName.Parse("\nINJECTED<1b><85>"))])
                    endpoint.Log(logged);
            }).Wait();
            log.WaitFor("Names cannot be saved");
        }

        using (var host = new NbnsUdpHost(endpoint, options with { CollectChanges = null, CommitChanges = null, BeforeSend = _ => throw new IOException(Poison.Text) }, logger: log))
        {
            host.Start();
            using var peer = new Peer();
            peer.SendQuery(host.LocalEndpoints[0], 1);
            log.WaitFor("Stopped by a fault");
        }

        log.WaitFor("NetBT event 4320");
        foreach (string text in log.Texts)
        {
            Poison.AssertNone(text, "log");
            Assert.That(text.Split('\n'), Has.None.StartsWith(Poison.Injected));
        }
    }

    /// <summary>SQLite quotes what stands in the file.</summary>
    [TestCase("DROP TABLE state; CREATE TABLE state(key TEXT PRIMARY KEY, value INTEGER NOT NULL CONSTRAINT \"POISON\" CHECK (value < 0)) WITHOUT ROWID")]
    [TestCase("DROP TABLE names; CREATE TABLE names(key BLOB PRIMARY KEY, record BLOB, CONSTRAINT \"POISON\" CHECK (length(key) < 0)) WITHOUT ROWID")]
    [TestCase("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'value INTEGER', 'value INTEGER COLLATE \"POISON\"') WHERE name = 'state'")]
    [TestCase("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'key TEXT', 'key TEXT COLLATE \"POISON\"') WHERE name = 'state'")]
    [TestCase("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'key BLOB', 'key BLOB COLLATE \"POISON\"') WHERE name = 'names'")]
    [TestCase("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE POISON' WHERE name = 'state'")]
    [TestCase("UPDATE names SET key = CAST('POISON' || hex(key) AS BLOB)")]
    [TestCase("INSERT INTO state VALUES('POISON', 'POISON')")]
    public void WhatAStateFileHasInIt(string sql)
    {
        string folder = Directory.CreateTempSubdirectory("nbnssim-store-").FullName;
        string file = Path.Combine(folder, "wins.db");
        var server = Filled(Hostile);
        using (var store = NameServerStore.Open(file))
            store.Commit(server);
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the texts are all ours
            command.CommandText = sql.Replace("POISON", Poison.FileName, StringComparison.Ordinal);
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }

        var said = new List<string>();
        foreach (var damaged in (DamagedRecords[])[DamagedRecords.Refuse, DamagedRecords.Skip])
        {
            try
            {
                using var store = NameServerStore.Open(file);
                try
                {
                    store.Load(Instant.FromUnixTime(800_000_000), server = Filled());
                }
                finally
                {
                    said.AddRange(store.Damaged);
                }

                store.Commit(Filled(NetBiosName.Parse("LATER<20>")));
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                said.Add(e.Message);
            }
        }

        Directory.Delete(folder, recursive: true);
        foreach (string line in said)
        {
            Poison.AssertNone(line, sql);
            Assert.That(line, Does.Not.Contain("\n"), "one line");
        }
    }

    private static NameServer Filled(params NetBiosName[] names)
    {
        var server = new NameServer(new NameServerOptions { Address = Ipv4Address.Parse("10.0.0.250"), JournalsChanges = true });
        Span<byte> buffer = stackalloc byte[NbnsHeader.MaxDatagramLength];
        var source = Ipv4Endpoint.NameService(Ipv4Address.Parse("10.0.0.1"));
        foreach (var name in names)
        {
            int length = NbnsEncoder.WriteRequest(buffer, 1, NbnsFlagWords.RegistrationRequest, name, 300, new NbEntry(default, source.Address));
            server.HandleDatagram(Instant.FromUnixTime(800_000_000), new Datagram(buffer[..length], source, Ipv4Endpoint.NameService(server.Options.Address), isBroadcast: false));
        }

        return server;
    }

    /// <summary>A log that keeps lines, values and faults as a sink would print them.</summary>
    private sealed class WholeLog : ILogger<NbnsUdpHost>
    {
        public ConcurrentQueue<string> Texts { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Texts.Enqueue(formatter(state, exception));
            foreach (var value in (IEnumerable<KeyValuePair<string, object?>>)(object)state!)
                Texts.Enqueue($"{value.Value}");
            if (exception is not null)
                Texts.Enqueue(exception.ToString());
        }

        public void WaitFor(string words) =>
            Assert.That(SpinWait.SpinUntil(() => Texts.Any(text => text.StartsWith(words, StringComparison.Ordinal)), TimeSpan.FromSeconds(20)), Is.True, words);
    }
}
