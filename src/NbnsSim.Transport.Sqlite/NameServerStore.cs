using Microsoft.Data.Sqlite;
using NbnsSim.NameServers;
using SQLitePCL;
using static SQLitePCL.raw;

namespace NbnsSim.Transport.Sqlite;

/// <summary>
/// A name server's database in an SQLite file. <see cref="Commit"/>, called before acknowledgements leave, makes everything they promise safe in one
/// transaction: however the process ends, or the machine, what was acknowledged is there at the next start.
/// </summary>
/// <remarks>
/// Set <see cref="NameServerOptions.JournalsChanges"/>, and give <see cref="Commit"/> to the host:
/// <code>
/// var server = new NameServer(new NameServerOptions { JournalsChanges = true });
/// using var store = NameServerStore.Open("wins.db");
/// store.Load(now, server);
/// var host = new NbnsUdpHost(server, new NbnsUdpHostOptions { BeforeSend = _ => store.Commit(server) });
/// </code>
/// One writer at a time: the file is locked while it is open. Not thread-safe; a commit allocates nothing.
/// </remarks>
public sealed class NameServerStore : IDisposable
{
    private const int ApplicationId = 0x4E424E53; // "NBNS", for file(1)
    private const int Format = 1;
    private const string VersionKey = "version";
    private const string ServerKey = "server";

    private readonly SqliteConnection _connection;
    private readonly byte[] _key = new byte[NameRecord.MaxEncodedLength];
    private readonly byte[] _record = new byte[NameRecord.MaxEncodedLength];
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _store;
    private readonly sqlite3_stmt _remove;
    private readonly sqlite3_stmt _storeState;
    private readonly sqlite3_stmt _commit;
    private ulong _version;
    private Ipv4Address? _server; // whose the file's records are, as far as the file says

    private NameServerStore(SqliteConnection connection)
    {
        _connection = connection;
        _begin = Prepare("BEGIN IMMEDIATE");
        _store = Prepare("INSERT INTO names(key, record) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET record = excluded.record");
        _remove = Prepare("DELETE FROM names WHERE key = ?1");
        _storeState = Prepare("INSERT OR REPLACE INTO state(key, value) VALUES (?1, ?2)");
        _commit = Prepare("COMMIT");
    }

    /// <summary>Opens a file, and makes it where there is none.</summary>
    /// <param name="path">The file; SQLite keeps two more beside it while it is open.</param>
    /// <exception cref="SqliteException">The file cannot be opened or written, or another process has it open.</exception>
    /// <exception cref="InvalidDataException">The file is no name server's database, or one of a later format.</exception>
    public static NameServerStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 1, // whoever else has the file will keep it
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
            CheckFormat(connection, path);
            Execute(connection, "PRAGMA journal_mode = WAL"); // a commit writes once, at the end of one file
            Execute(connection, "PRAGMA synchronous = FULL"); // and is on the disk when it returns
            Execute(connection, "BEGIN EXCLUSIVE"); // locked from here on, not from the first commit
            Execute(connection, "CREATE TABLE IF NOT EXISTS names(key BLOB PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID");
            Execute(connection, "CREATE TABLE IF NOT EXISTS state(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID");
            Execute(connection, $"PRAGMA application_id = {ApplicationId}");
            Execute(connection, $"PRAGMA user_version = {Format}");
            Execute(connection, "COMMIT");
            return new NameServerStore(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Puts the names of the file into a server. What has run out meanwhile ages when the server next looks at it. Where the server's address is another
    /// than the one that the file was written under, the records of that one become this server's, in the file too; a file of an earlier version does not
    /// say under which it was written, and is taken as it is.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="server">The server, usually an empty one.</param>
    /// <returns>How many names there were.</returns>
    /// <exception cref="InvalidDataException">A record cannot be read, or the server is full.</exception>
    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public int Load(Instant now, NameServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        int count = 0;
        var own = server.Options.Address;
        _server = State(ServerKey) is { } kept ? new Ipv4Address((uint)kept) : null;
        var former = _server ?? own;
        using (var command = Command(_connection, "SELECT record FROM names ORDER BY key"))
        {
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                if (!NameRecord.TryRead((byte[])rows[0], out var record))
                    throw new InvalidDataException($"Record {count + 1} of {_connection.DataSource} cannot be read.");
                if (!server.Restore(now, former == own ? record : Moved(record, former, own)))
                    throw new InvalidDataException($"{_connection.DataSource} has more names than the server takes ({server.Options.MaxNames}).");
                count++;
            }
        }

        _version = unchecked((ulong)(State(VersionKey) ?? 0));
        server.RestoreVersion(_version);
        if (former != own)
        {
            Commit(server); // the new owners and the new address in one transaction: the next start must not find half of them
            return count;
        }

        while (server.TryPollChange(out _))
        {
            // what came from the file need not go back there
        }

        return count;
    }

    /// <summary>Writes what has changed in the server since the last call, in one transaction that is on the disk when this returns.</summary>
    /// <param name="server">The server; with <see cref="NameServerOptions.JournalsChanges"/>, or there is never anything to write.</param>
    /// <returns>How many names had changed.</returns>
    /// <exception cref="SqliteException">The file cannot be written. Nothing of the changes is then safe, and no acknowledgement may leave.</exception>
    public int Commit(NameServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (!server.TryPollChange(out var change))
            return 0;
        int count = 0;
        Run(_begin);
        do
        {
            int keyLength = change.WriteKey(_key);
            int recordLength = change.WriteRecord(_record);
            if (recordLength == 0)
            {
                Bind(_remove, 1, _key.AsSpan(0, keyLength));
                Run(_remove);
            }
            else
            {
                Bind(_store, 1, _key.AsSpan(0, keyLength));
                Bind(_store, 2, _record.AsSpan(0, recordLength));
                Run(_store);
            }

            count++;
        }
        while (server.TryPollChange(out change));
        if (server.Version != _version)
        {
            _version = server.Version;
            StoreState(VersionKey, unchecked((long)_version));
        }

        if (server.Options.Address != _server)
        {
            _server = server.Options.Address;
            StoreState(ServerKey, server.Options.Address.Value);
        }

        Run(_commit);
        return count;
    }

    /// <summary>Closes the file. What was not committed is lost.</summary>
    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _store, _remove, _storeState, _commit })
            statement.Dispose();
        _connection.Dispose();
    }

    /// <summary>A record with a server's address in the place of its former one, as loading JSON has it too.</summary>
    private static NameRecord Moved(NameRecord record, Ipv4Address former, Ipv4Address own) => record with
    {
        Owner = record.Owner == former ? own : record.Owner,
        Addresses = [.. record.Addresses.Select(one => one.Owner == former ? one with { Owner = own } : one)],
    };

    private static void CheckFormat(SqliteConnection connection, string path)
    {
        long application = Query(connection, "PRAGMA application_id");
        long format = Query(connection, "PRAGMA user_version");
        long tables = Query(connection, "SELECT count(*) FROM sqlite_master");
        if (tables > 0 && application != ApplicationId)
            throw new InvalidDataException($"{path} is an SQLite file, but no name server's database.");
        if (format > Format)
            throw new InvalidDataException($"{path} was written by a later version (format {format}; this one knows {Format}).");
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    private static long Query(SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // the texts are all ours
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private static void Bind(sqlite3_stmt statement, int index, ReadOnlySpan<byte> octets) => Check(sqlite3_bind_blob(statement, index, octets), statement);

    private static void Check(int code, sqlite3_stmt statement)
    {
        if (code is not (SQLITE_OK or SQLITE_DONE or SQLITE_ROW))
            SqliteException.ThrowExceptionForRC(code, sqlite3_db_handle(statement));
    }

    private long? State(string key)
    {
        using var command = Command(_connection, $"SELECT value FROM state WHERE key = '{key}'");
        return command.ExecuteScalar() as long?;
    }

    private void StoreState(string key, long value)
    {
        Check(sqlite3_bind_text(_storeState, 1, key));
        Check(sqlite3_bind_int64(_storeState, 2, value));
        Run(_storeState);
    }

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _connection.Handle);

    /// <summary>Runs a prepared statement to its end. Through the library's own calls: a command object would allocate for every name.</summary>
    private static void Run(sqlite3_stmt statement)
    {
        int code = sqlite3_step(statement);
        sqlite3_reset(statement);
        Check(code, statement);
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(sqlite3_prepare_v2(_connection.Handle, sql, out var statement));
        return statement;
    }
}
