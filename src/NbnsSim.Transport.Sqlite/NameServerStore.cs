using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using NbnsSim.Names;
using NbnsSim.NameServers;
using static SQLitePCL.raw;

namespace NbnsSim.Transport.Sqlite;

/// <summary>
/// A name server's database in an SQLite file. A commit, made before acknowledgements leave, makes everything they promise safe in one transaction:
/// however the process ends, or the machine, what was acknowledged is there at the next start.
/// </summary>
/// <remarks>
/// Set <see cref="NameServerOptions.JournalsChanges"/>, and give the host the two halves of a commit: what has changed is collected on the host's thread,
/// and written on another.
/// <code>
/// var server = new NameServer(new NameServerOptions { JournalsChanges = true });
/// using var store = NameServerStore.Open("wins.db");
/// var host = new NbnsUdpHost(server, new NbnsUdpHostOptions
/// {
///     StartTime = store.LastServed, CollectChanges = now => store.Collect(now, server), CommitChanges = store.Commit,
/// });
/// store.Load(host.Now, server);
/// </code>
/// <para>
/// Names do not age while no server runs, for nobody could refresh them: time goes on from <see cref="LastServed"/>, so that a wrong clock makes no name
/// older or younger.
/// </para>
/// <para>
/// The file is locked while it is open. One that is deleted or renamed meanwhile is written anew; where another is put in its place, or somebody writes into it,
/// commits fail until that file is gone or the store is opened again. A commit that failed for want of room or rights is made good by the next one.
/// One thread may collect while another commits. Neither allocates.
/// </para>
/// </remarks>
public sealed class NameServerStore : INameServerStore, IDisposable
{
    private const string VersionKey = "version";
    private const string ServerKey = "server";
    private const string TimeKey = "served";
    private const string OpeningKey = "opening";
    private static readonly TimeSpan TimeInterval = TimeSpan.FromSeconds(60); // how much younger names may be after a start

    private readonly string _path;
    private readonly Lock _lock = new();
    private readonly long _opening = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)); // tells this store's file from others
    private ChangeBuffer _collected = new();
    private ChangeBuffer _committing = new();
    private StateFile? _file;
    private bool _isMarked; // the file has our opening
    private bool _isForeign; // the file in its place is not ours
    private bool _isBroken; // to be opened again before the next commit
    private ulong _version;
    private Ipv4Address? _server; // whose the file's records are, as far as the file says
    private Instant? _timeCollected;

    private NameServerStore(string path, StateFile file)
    {
        _path = path;
        _file = file;
        long? served = file.State(TimeKey);
        if (served is <= 0 or > long.MaxValue / 2)
            throw new InvalidDataException($"the row '{TimeKey}' of its table 'state' is no time");
        LastServed = served is { } time ? new Instant(time) : null;
    }

    /// <summary>The file's path, as it was given.</summary>
    public string Title => _path;

    /// <summary>
    /// Until when a server has served from this file, to within a minute, in the time that it was given; null where the file does not say. Give it to the host as its
    /// <c>StartTime</c>.
    /// </summary>
    public Instant? LastServed { get; }

    /// <summary>The rows that the last <see cref="Load"/> could not read, in words.</summary>
    public IReadOnlyList<string> Damaged { get; private set; } = [];

    /// <summary>Opens a file, and makes it where there is none. One that can be read only is opened too; its commits fail until it can be written.</summary>
    /// <param name="path">The file; SQLite keeps two more beside it while it is open.</param>
    /// <exception cref="IOException">The file cannot be opened, another process has it open, or SQLite's own library is missing. The message says which.</exception>
    /// <exception cref="InvalidDataException">The file is no name server's database, a damaged one, or one of a later format.</exception>
    public static NameServerStore Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException("it is a folder, not a file");
        StateFile? file = null;
        try
        {
            file = StateFile.Open(path);
            return new NameServerStore(path, file);
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (Explain(e) is { } explained)
                throw explained;
            throw;
        }
    }

    /// <summary>
    /// Puts the names of the file into a server. What has run out meanwhile ages when the server next looks at it. Where the server's address is another
    /// than the one that the file was written under, the records of that one become this server's, in the file too; a file of an earlier version does not
    /// say under which it was written, and is taken as it is.
    /// </summary>
    /// <param name="now">The current time.</param>
    /// <param name="server">The server, usually an empty one; of no use if this throws.</param>
    /// <param name="damaged">What to do where rows cannot be read.</param>
    /// <returns>How many names there were.</returns>
    /// <exception cref="InvalidDataException">A row cannot be read and is not to be skipped, or the server is full. The message names the row.</exception>
    /// <exception cref="InvalidOperationException">The server does not journal its changes: nothing would be saved.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public int Load(Instant now, NameServer server, DamagedRecords damaged = DamagedRecords.Refuse)
    {
        CheckJournal(server);
        try
        {
            return LoadFrom(_file!, now, server, damaged);
        }
        catch (SqliteException e)
        {
            throw Explain(e)!;
        }
    }

    /// <summary>Takes what has changed in the server since the last call, to be written by the next <see cref="Commit()"/>. Quick: nothing is written here.</summary>
    /// <param name="now">The server's time.</param>
    /// <param name="server">The server.</param>
    /// <returns>Whether there is anything to commit; true once a minute too, to keep the time.</returns>
    /// <exception cref="InvalidOperationException">The server does not journal its changes: nothing would be saved.</exception>
    public bool Collect(Instant now, NameServer server)
    {
        CheckJournal(server);
        bool isTime = _timeCollected is not { } last || now - last >= TimeInterval;
        return Collect(server, isTime ? now : null) > 0 || isTime;
    }

    /// <summary>Writes what was collected, in one transaction that is on the disk when this returns.</summary>
    /// <exception cref="IOException">It could not be written, and the message says why. Nothing of it is safe; the next call tries again.</exception>
    public void Commit()
    {
        lock (_lock)
        {
            if (_committing.IsEmpty)
                (_collected, _committing) = (_committing, _collected);
            else
                _committing.Append(_collected); // the last commit failed
            _collected.Clear();
        }

        try
        {
            Write(OpenedFile());
            _committing.Clear();
        }
        catch (Exception e)
        {
            if (Explain(e) is { } explained)
                throw explained;
            throw;
        }
    }

    /// <summary>Writes what has changed in the server since the last call, in one transaction that is on the disk when this returns.</summary>
    /// <param name="server">The server.</param>
    /// <returns>How many names had changed.</returns>
    /// <exception cref="InvalidOperationException">The server does not journal its changes: nothing would be saved.</exception>
    /// <exception cref="IOException">The file cannot be written. Nothing of the changes is then safe, and no acknowledgement may leave.</exception>
    public int Commit(NameServer server)
    {
        CheckJournal(server);
        int count = Collect(server, null);
        if (count > 0)
            Commit();
        return count;
    }

    /// <summary>Closes the file. What was not committed is lost.</summary>
    public void Dispose()
    {
        if (_isForeign || _file?.Look() is FileFate.Replaced or FileFate.Changed)
            _file?.Abandon();
        else
            _file?.Dispose();
        _file = null;
    }

    private static void CheckJournal(NameServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (!server.Options.JournalsChanges)
            throw new InvalidOperationException("Set NameServerOptions.JournalsChanges to true: without it the server does not say what has changed, and nothing would be saved.");
    }

    /// <summary>A fault of SQLite in words of ours; null for what is none of its.</summary>
    private static Exception? Explain(Exception fault) => fault switch
    {
        DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException } or EntryPointNotFoundException =>
            new IOException("SQLite's own library (e_sqlite3: libe_sqlite3.so, e_sqlite3.dll) is missing or damaged: it belongs beside the program", fault),
        SqliteException e => e.SqliteErrorCode switch
        {
            SQLITE_BUSY or SQLITE_LOCKED => new IOException("another process has the file open; a server has one of its own", e),
            SQLITE_NOTADB => new InvalidDataException("it is no SQLite file", e),
            SQLITE_CORRUPT => new InvalidDataException("it is damaged: SQLite cannot read all of it", e),
            SQLITE_FULL => new IOException("there is no room on the disk", e),
            SQLITE_READONLY or SQLITE_PERM or SQLITE_AUTH => new IOException("it may not be written", e),
            SQLITE_CANTOPEN => new IOException("it cannot be opened, or made, there", e),
            SQLITE_IOERR => new IOException("the disk fails or is full", e),
            _ => new IOException(VisibleText.Escape(e.Message), e), // SQLite quotes the file
        },
        UnauthorizedAccessException => new IOException(VisibleText.Escape(fault.Message), fault),
        _ => null,
    };

    /// <summary>A record with a server's address in the place of its former one, as loading JSON has it too.</summary>
    private static NameRecord Moved(NameRecord record, Ipv4Address former, Ipv4Address own) => record with
    {
        Owner = record.Owner == former ? own : record.Owner,
        Addresses = [.. record.Addresses.Select(one => one.Owner == former ? one with { Owner = own } : one)],
    };

    private static string NameOf(byte[]? key, int row) => key is { Length: >= NetBiosName.Size }
        ? $"row {row} of 'names', {new NetBiosName(key.AsSpan(0, NetBiosName.Size), NetBiosScope.Empty)}{(key.Length > NetBiosName.Size ? " in a scope" : "")}"
        : $"row {row} of 'names', whose key is no name";

    private int LoadFrom(StateFile file, Instant now, NameServer server, DamagedRecords damaged)
    {
        int count = 0;
        int row = 0;
        var lines = new List<string>();
        var own = server.Options.Address;
        long? kept = file.State(ServerKey);
        long version = file.State(VersionKey) ?? 0;
        if (kept is < 0 or > uint.MaxValue)
            throw new InvalidDataException($"the row '{ServerKey}' of its table 'state' is no address");
        if (version < 0)
            throw new InvalidDataException($"the row '{VersionKey}' of its table 'state' is no version");
        _server = kept is { } address ? new Ipv4Address((uint)address) : null;
        var former = _server ?? own;
        Span<byte> keyOfRecord = stackalloc byte[NameRecord.MaxEncodedLength];
        foreach (var (key, octets) in file.Rows())
        {
            row++;
            if (octets is null || !NameRecord.TryRead(octets, out var record) || !key.AsSpan().SequenceEqual(keyOfRecord[..WriteKey(record.Name, keyOfRecord)]))
            {
                lines.Add(NameOf(key, row));
                continue;
            }

            if (!server.Restore(now, former == own ? record : Moved(record, former, own)))
                throw new InvalidDataException($"it has more names than the server takes ({server.Options.MaxNames})");
            count++;
        }

        Damaged = lines;
        if (lines.Count > 0 && damaged == DamagedRecords.Refuse)
            throw new InvalidDataException($"{lines[0]}: the record cannot be read{(lines.Count > 1 ? $", nor {lines.Count - 1} more" : "")}");
        _version = (ulong)version;
        server.RestoreVersion(_version);
        if (former != own)
        {
            Collect(server, null); // the new owners and the new address in one transaction: the next start must not find half of them
            try
            {
                Commit();
            }
            catch (IOException)
            {
                // a file that cannot be written now is served all the same: the next commit has it
            }

            return count;
        }

        while (server.TryPollChange(out _))
        {
            // what came from the file need not go back there
        }

        return count;
    }

    private static int WriteKey(in NetBiosName name, Span<byte> octets)
    {
        name.CopyTo(octets);
        name.Scope.Encoded.CopyTo(octets[NetBiosName.Size..]);
        return NetBiosName.Size + name.Scope.Encoded.Length;
    }

    private int Collect(NameServer server, Instant? time)
    {
        int count = 0;
        bool isChange = server.TryPollChange(out var change);
        if (!isChange && time is null)
            return 0;
        lock (_lock)
        {
            for (; isChange; isChange = server.TryPollChange(out change))
            {
                _collected.Add(change);
                count++;
            }

            _collected.Version = server.Version;
            _collected.Server = server.Options.Address;
            _collected.Time = _timeCollected = time ?? _collected.Time;
        }

        return count;
    }

    /// <summary>The file to write into: the one that was opened, again or anew where need be.</summary>
    private StateFile OpenedFile()
    {
        switch (_file?.Look())
        {
            case FileFate.Replaced:
                _isForeign = true;
                throw new IOException("another file has been put in its place: a restart takes that one; where it is moved away, the names are written anew");
            case FileFate.Changed:
                _isForeign = true;
                throw new IOException("another program has written into it: a restart takes it as it is; where it is moved away, the names are written anew");
            case FileFate.Missing:
                _file.WriteAnew();
                Close();
                break;
            case FileFate.LogMissing: // what was in it goes into the file as that is closed
                Close();
                break;
            case FileFate.Here when _file.IsReadOnly || _isBroken:
                Close();
                break;
        }

        _isForeign = false;
        if (_file is not null)
            return _file;
        if (!File.Exists(_path))
            throw new IOException("it has been deleted");
        var file = StateFile.Open(_path);
        if (_isMarked ? file.State(OpeningKey) == _opening : (ulong)(file.State(VersionKey) ?? 0) == _version)
            return _file = file;
        file.Dispose();
        throw new IOException("another file has been put in its place: a restart takes that one");
    }

    private void Close()
    {
        _isBroken = false;
        _file!.Dispose();
        _file = null;
    }

    private void Write(StateFile file)
    {
        if (file.IsReadOnly)
            throw new IOException("it may not be written");
        if (_committing.IsEmpty && _isMarked)
            return;
        try
        {
            file.Begin();
            int at = 0;
            while (_committing.TryRead(ref at, out var key, out var record))
            {
                if (record.IsEmpty)
                    file.Remove(key);
                else
                    file.Store(key, record);
            }

            if (!_isMarked)
                file.StoreState(OpeningKey, _opening);
            if (_committing.Count > 0 && _committing.Version != _version)
                file.StoreState(VersionKey, unchecked((long)_committing.Version));
            if (_committing.Count > 0 && _committing.Server != _server)
                file.StoreState(ServerKey, _committing.Server.Value);
            if (_committing.Time is { } time)
                file.StoreState(TimeKey, time.Nanoseconds);
            file.Commit();
        }
        catch (SqliteException e)
        {
            file.Rollback();
            _isBroken = e.SqliteErrorCode is not (SQLITE_FULL or SQLITE_BUSY);
            throw;
        }
        finally
        {
            file.Remember(); // a commit that failed may have written too
        }

        _isMarked = true;
        if (_committing.Count > 0)
            (_version, _server) = (_committing.Version, _committing.Server);
    }
}
