using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace NbnsSim.Transport.Sqlite;

/// <summary>One opening of the file: the connection, its statements, and whether the file is still the one that was opened.</summary>
internal sealed unsafe partial class StateFile : IDisposable
{
    private const int ApplicationId = 0x4E424E53; // "NBNS", for file(1)
    private const int Format = 1;
    private const int FileHasMoved = 20; // SQLITE_FCNTL_HAS_MOVED
    private const int NoCheckpointOnClose = 1006; // SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE

    private readonly string _path;
    private readonly FileInfo _main;
    private readonly FileInfo _log;
    private readonly SqliteConnection _connection;
    private readonly string? _scratch; // the folder of a copy
    private readonly sqlite3_stmt _begin;
    private readonly sqlite3_stmt _store;
    private readonly sqlite3_stmt _remove;
    private readonly sqlite3_stmt _storeState;
    private readonly sqlite3_stmt _commit;
    private readonly sqlite3_stmt _rollback;
    private (long Length, DateTime Written) _stamp;
    private (long Length, DateTime Written) _logStamp;

    private StateFile(string path, SqliteConnection connection, string? scratch)
    {
        _path = path;
        _main = new FileInfo(path);
        _log = new FileInfo(path + "-wal");
        _connection = connection;
        _scratch = scratch;
        IsReadOnly = scratch is not null || sqlite3_db_readonly(connection.Handle, "main") != 0;
        _begin = Prepare("BEGIN IMMEDIATE");
        _store = Prepare("INSERT INTO names(key, record) VALUES (?1, ?2) ON CONFLICT(key) DO UPDATE SET record = excluded.record");
        _remove = Prepare("DELETE FROM names WHERE key = ?1");
        _storeState = Prepare("INSERT OR REPLACE INTO state(key, value) VALUES (?1, ?2)");
        _commit = Prepare("COMMIT");
        _rollback = Prepare("ROLLBACK");
        Remember();
    }

    /// <summary>Whether the system let it be opened for reading only.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Opens the file for writing, and makes it where there is none; where it cannot be written, for reading.</summary>
    /// <exception cref="SqliteException">It can be opened neither way.</exception>
    /// <exception cref="InvalidDataException">It is no name server's database, or one of a later format.</exception>
    public static StateFile Open(string path)
    {
        try
        {
            return Open(path, path, SqliteOpenMode.ReadWriteCreate);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLITE_CANTOPEN or SQLITE_READONLY or SQLITE_FULL or SQLITE_IOERR && new FileInfo(path) is { Exists: true, Length: > 0 })
        {
            // SQLite makes files beside its own even to read: where it cannot, a copy is read.
            string scratch = Directory.CreateTempSubdirectory("nbnssim-").FullName;
            try
            {
                string copy = Path.Combine(scratch, "copy");
                File.Copy(path, copy);
                if (File.Exists(path + "-wal"))
                    File.Copy(path + "-wal", copy + "-wal");
                new FileInfo(copy).IsReadOnly = false;
                return Open(path, copy, SqliteOpenMode.ReadWrite, scratch);
            }
            catch
            {
                Directory.Delete(scratch, recursive: true);
                throw;
            }
        }
    }

    /// <summary>What has become of the file since it was opened, or last written here.</summary>
    public FileFate Look()
    {
        if (_scratch is not null)
            return FileFate.Here;
        int moved = 0;
        var name = "main\0"u8;
        fixed (byte* main = name)
        {
            // Not every system's SQLite can tell; those that cannot do not let an open file be moved.
            if (sqlite3_file_control(_connection.Handle!.DangerousGetHandle(), main, FileHasMoved, &moved) == SQLITE_OK && moved != 0)
                return File.Exists(_path) ? FileFate.Replaced : FileFate.Missing;
        }

        if (Stamp(_main) != _stamp)
            return FileFate.Changed;
        var log = Stamp(_log);
        return log == _logStamp ? FileFate.Here : log == default ? FileFate.LogMissing : FileFate.Changed;
    }

    /// <summary>Writes the whole database, as it is in the file that has gone from its place, to that place.</summary>
    public void WriteAnew()
    {
        string draft = _path + ".new";
        File.Delete(draft);
        using (var command = Command("VACUUM INTO $draft"))
        {
            command.Parameters.AddWithValue("$draft", draft);
            command.ExecuteNonQuery();
        }

        Execute(_connection, "PRAGMA wal_checkpoint(TRUNCATE)"); // whoever has the old file now has all of it
        _log.Delete(); // the old file's: SQLite would play it into the new one
        File.Move(draft, _path, overwrite: false);
    }

    public void Begin() => Run(_begin);

    public void Store(ReadOnlySpan<byte> key, ReadOnlySpan<byte> record)
    {
        Bind(_store, 1, key);
        Bind(_store, 2, record);
        Run(_store);
    }

    public void Remove(ReadOnlySpan<byte> key)
    {
        Bind(_remove, 1, key);
        Run(_remove);
    }

    public void StoreState(string key, long value)
    {
        Check(sqlite3_bind_text(_storeState, 1, key), _storeState);
        Check(sqlite3_bind_int64(_storeState, 2, value), _storeState);
        Run(_storeState);
    }

    public void Commit() => Run(_commit);

    /// <summary>After a fault: as if the transaction had not begun.</summary>
    public void Rollback()
    {
        if (sqlite3_get_autocommit(_connection.Handle) != 0)
            return; // SQLite did it already
        _ = sqlite3_step(_rollback);
        sqlite3_reset(_rollback);
    }

    /// <summary>Remembers what the file looks like: whatever looks otherwise next time was somebody else.</summary>
    public void Remember()
    {
        _stamp = Stamp(_main);
        _logStamp = Stamp(_log);
    }

    /// <summary>A number of the file's state.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public long? State(string key)
    {
        using var command = Command("SELECT value FROM state WHERE key = $key");
        command.Parameters.AddWithValue("$key", key);
        return command.ExecuteScalar() switch
        {
            null => null,
            long value => value,
            _ => throw new InvalidDataException($"the row '{key}' of its table 'state' is no number"),
        };
    }

    /// <summary>The rows, in the order of their keys. What is no octets, or more than a record can have, comes as null and is not read into memory.</summary>
    public IEnumerable<(byte[]? Key, byte[]? Record)> Rows()
    {
        string Octets(string column) => string.Create(
            CultureInfo.InvariantCulture, $"CASE WHEN typeof({column}) = 'blob' AND length({column}) BETWEEN 1 AND {NameServers.NameRecord.MaxEncodedLength} THEN {column} END");
        using var command = Command($"SELECT {Octets("key")}, {Octets("record")} FROM names ORDER BY key");
        using var rows = command.ExecuteReader();
        while (rows.Read())
            yield return (rows[0] as byte[], rows[1] as byte[]);
    }

    /// <summary>Closes it without a trace: the file in its place is another, which our log must not be played into.</summary>
    public void Abandon()
    {
        _ = sqlite3_db_config(_connection.Handle, NoCheckpointOnClose, 1, out _);
        Dispose();
        if (_logStamp != default && Stamp(_log) == _logStamp)
            _log.Delete();
    }

    public void Dispose()
    {
        foreach (var statement in new[] { _begin, _store, _remove, _storeState, _commit, _rollback })
            statement.Dispose();
        _connection.Dispose();
        if (_scratch is not null)
            Directory.Delete(_scratch, recursive: true);
    }

    private static StateFile Open(string path, string source, SqliteOpenMode mode, string? scratch = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = 1, // whoever else has the file will keep it
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA locking_mode = EXCLUSIVE");
            bool isNew = CheckFormat(connection);
            bool isReadOnly = sqlite3_db_readonly(connection.Handle, "main") != 0;
            if (isNew && isReadOnly)
                throw new SqliteException("attempt to write a readonly database", SQLITE_READONLY);
            if (!isReadOnly)
            {
                Execute(connection, "PRAGMA journal_mode = WAL"); // a commit writes once, at the end of one file
                Execute(connection, "PRAGMA synchronous = FULL"); // and is on the disk when it returns
                Execute(connection, "BEGIN EXCLUSIVE"); // locked from here on, not from the first commit
                if (isNew)
                    Fill(connection);
                Execute(connection, "COMMIT");
            }

            return new StateFile(path, connection, scratch);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Fill(SqliteConnection connection)
    {
        Execute(connection, "CREATE TABLE names(key BLOB PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID");
        Execute(connection, "CREATE TABLE state(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID");
        Execute(connection, $"PRAGMA application_id = {ApplicationId}");
        Execute(connection, $"PRAGMA user_version = {Format}");
    }

    /// <summary>Whether the file is a new one.</summary>
    private static bool CheckFormat(SqliteConnection connection)
    {
        long application = Query(connection, "PRAGMA application_id");
        long format = Query(connection, "PRAGMA user_version");
        long parts = Query(connection, "SELECT count(*) FROM sqlite_master");
        if (parts == 0 && application is 0 or ApplicationId && format is 0 or Format)
            return true;
        if (application != ApplicationId)
            throw new InvalidDataException("it is an SQLite file, but no name server's database");
        if (format > Format)
            throw new InvalidDataException($"it was written by a later version (format {format}; this one knows {Format})");
        if (format != Format || Query(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('names', 'state')") != 2)
            throw new InvalidDataException("a table is missing that a name server's database has");
        if (Query(connection, "SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')") != 0)
            throw new InvalidDataException("it has triggers or views, which no name server's database has");
        return false;
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

    /// <summary>Runs a prepared statement to its end. Through the library's own calls: a command object would allocate for every name.</summary>
    private static void Run(sqlite3_stmt statement)
    {
        int code = sqlite3_step(statement);
        sqlite3_reset(statement);
        Check(code, statement);
    }

    [LibraryImport("e_sqlite3")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int sqlite3_file_control(nint database, byte* name, int operation, void* argument);

    private SqliteCommand Command(string sql) => Command(_connection, sql);

    private static (long Length, DateTime Written) Stamp(FileInfo file)
    {
        file.Refresh();
        return file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
    }

    private sqlite3_stmt Prepare(string sql)
    {
        SqliteException.ThrowExceptionForRC(sqlite3_prepare_v2(_connection.Handle, sql, out var statement), _connection.Handle);
        return statement;
    }
}

/// <summary>What has become of a file that is open.</summary>
internal enum FileFate
{
    Here,

    /// <summary>It is gone from its place: deleted or renamed.</summary>
    Missing,

    /// <summary>The log beside it is gone.</summary>
    LogMissing,

    /// <summary>Another file is in its place.</summary>
    Replaced,

    /// <summary>Somebody has written into it.</summary>
    Changed,
}
