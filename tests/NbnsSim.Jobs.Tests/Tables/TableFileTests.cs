using System.Globalization;
using System.Security.Cryptography;
using NbnsSim.Jobs.Tables;

namespace NbnsSim.Jobs.Tests.Tables;

/// <summary>What a table's file holds is what was written, as DuckDB reads it.</summary>
public sealed class TableFileTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("nbnssim-tables-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void EveryValueOfEveryRowIsRead()
    {
        DatagramRow[] rows = [.. SampleRows.Datagrams(TableWriter<DatagramRow>.RowsInGroup + 5_000)]; // more than a row group
        string file = Write(JobTables.Datagrams, rows);
        var read = Duck.Rows("SELECT * FROM {file} ORDER BY datagram", file);
        Assert.That(read, Has.Count.EqualTo(rows.Length));
        for (int i = 0; i < rows.Length; i++)
            Assert.That(read[i].Select(AsUtc), Is.EqualTo(SampleRows.Expected(rows[i])), $"row {i + 1}");
        Assert.That(Duck.Value("SELECT count(DISTINCT row_group_id) FROM parquet_metadata({path})", file), Is.EqualTo(2));
    }

    // each value nearly alone: a filter is answered by what the file says of its row groups, and that must not be less than what is in them
    [Test]
    public void EveryValueIsFoundByAFilter()
    {
        DatagramRow[] rows = [.. SampleRows.Datagrams(24)];
        foreach (var row in rows)
        {
            string file = Write(JobTables.Datagrams, [row, rows[0]]);
            var filters = JobTables.Datagrams.Columns.Zip(SampleRows.Expected(row), (column, value) => (column.Name, Value: value))
                .SelectMany(one => one.Value is null or bool ? new[] { "IS NOT DISTINCT FROM" } : ["=", ">=", "<="], (one, comparison) => $"{one.Name} {comparison} {Literal(one.Value)}").ToArray();
            var found = Duck.Rows($"SELECT {string.Join(", ", filters.Select(filter => $"(SELECT count(*) FROM {{file}} WHERE {filter})"))}", file)[0];
            Assert.That(filters.Where((_, i) => found[i] is 0L), Is.Empty, "nothing is found by these");
        }
    }

    [Test]
    public void TextsOfAllPlanesAreFoundByAFilter()
    {
        string[] names = ["\uff21", "\U0001f600", "\uffee", "a", "\U00010000\uffe6"];
        string file = Write(JobTables.Datagrams, [.. names.Select((name, i) => new DatagramRow { Number = i, Source = "", Destination = "", Name = name })]);
        Assert.That(Duck.Value(@"SELECT count(*) FROM {file} WHERE name >= '\U0001f600'", file), Is.EqualTo(4), "the backslash is between Z and a");
        foreach (var one in Duck.Rows("SELECT name FROM {file}", file))
            Assert.That(Duck.Value($"SELECT count(*) FROM {{file}} WHERE name = '{one[0]}'", file), Is.EqualTo(1), $"{one[0]}");
    }

    [Test]
    public void TheSameRowsMakeTheSameOctets()
    {
        byte[] first = Octets(SampleRows.Datagrams(70_000));
        Assert.That(SHA256.HashData(Octets(SampleRows.Datagrams(70_000))), Is.EqualTo(SHA256.HashData(first)));
        Assert.That(SHA256.HashData(Octets(SampleRows.Datagrams(70_000, seed: 2))), Is.Not.EqualTo(SHA256.HashData(first)));
    }

    [Test]
    public void AnEmptyTableHasItsColumns([Range(0, 5)] int table)
    {
        var it = JobTables.All[table];
        string file = Path.Combine(_folder, it.FileName);
        WriteEmpty(it, file);
        Assert.That(Duck.Rows("SELECT * FROM {file}", file), Is.Empty);
        Assert.That(
            Duck.Rows("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {file})", file).Select(row => $"{row[0]} {row[1]}"), Is.EqualTo(it.Columns.Select(column => $"{column.Name} {column.Type}")));
    }

    [Test]
    public void MemoryIsBoundedByRowGroups()
    {
        string text = new('x', 1 << 20);
        string file = Path.Combine(_folder, JobTables.Runs.FileName);
        using (var writer = JobTables.Runs.CreateIn(_folder))
        {
            for (int i = 0; i < 100; i++)
                writer.Add(new RunRow { Scenario = "s", Seed = ulong.MaxValue - (ulong)i, Held = false, Repeat = "r", Broken = [text, i.ToString(CultureInfo.InvariantCulture)] });
            Assert.That(writer.Rows, Is.EqualTo(100));
            writer.Complete();
        }

        Assert.That(Duck.Value("SELECT count(DISTINCT row_group_id) FROM parquet_metadata({path})", file), Is.EqualTo(7), "2 MiB in memory a row, 32 MiB a group");
        Assert.That(Duck.Value("SELECT sum(len(broken[1]))::BIGINT FROM {file}", file), Is.EqualTo(100L << 20));
        Assert.That(Duck.Value("SELECT count(*) FROM {file} WHERE list_contains(broken, '99') AND seed = 18446744073709551516", file), Is.EqualTo(1));
    }

    [Test]
    public void ListsOfAnyLengthAreRead()
    {
        string file = Path.Combine(_folder, JobTables.Runs.FileName);
        string[][] lists = [[], ["a"], ["b", "", "\u001b"], [], [.. Enumerable.Range(0, 1000).Select(i => $"{i}")]];
        using (var writer = JobTables.Runs.CreateIn(_folder))
        {
            foreach (string[] list in lists)
                writer.Add(new RunRow { Scenario = "s", Seed = 0, Held = list.Length == 0, Repeat = "r", Broken = list });
            writer.Complete();
        }

        Assert.That(Duck.Rows("SELECT broken FROM {file}", file).Select(row => row[0]), Is.EqualTo(lists.Select(list => list.Select(SampleRows.Visible))));
        Assert.That(Duck.Rows("SELECT b FROM {file}, unnest(broken) AS t(b) WHERE b < '1' ORDER BY b", file).Select(row => row[0]), Is.EqualTo(new[] { "", "0" }));
    }

    [Test]
    public void AFileWithoutItsEndIsNoTable()
    {
        using (var writer = JobTables.Captures.CreateIn(_folder))
            writer.Add(new CaptureRow { Capture = 1, Path = "a" });
        Assert.That(() => Duck.Rows("SELECT * FROM {file}", Path.Combine(_folder, JobTables.Captures.FileName)), Throws.Exception);
    }

    [Test]
    public void AStreamNeedNotSeek()
    {
        var plain = new MemoryStream();
        using (var writer = JobTables.Captures.Create(new OneWay(plain)))
        {
            writer.Add(new CaptureRow { Capture = 1, Path = "a", FirstTime = Instant.MinValue, LastTime = Instant.MaxValue, SameAs = 7, Damage = "cut short", Sha256 = "00" });
            writer.Add(new CaptureRow { Capture = 2, Path = "b" });
            writer.Complete();
        }

        string file = Path.Combine(_folder, "a.parquet");
        File.WriteAllBytes(file, plain.ToArray());
        var read = Duck.Rows("SELECT path, first_time_ns, last_time_ns, same_as, damage, first_time FROM {file} ORDER BY capture", file);
        Assert.That(read[0][..5], Is.EqualTo(new object?[] { "a", long.MinValue, long.MaxValue, 7, "cut short" }));
        Assert.That(read[1], Is.EqualTo(new object?[] { "b", null, null, null, null, null }));
    }

    private static byte[] Octets(IEnumerable<DatagramRow> rows)
    {
        var output = new MemoryStream();
        using var writer = JobTables.Datagrams.Create(output);
        foreach (var row in rows)
            writer.Add(row);
        writer.Complete();
        return output.ToArray();
    }

    private static void WriteEmpty(ITable table, string file)
    {
        switch (table)
        {
            case Table<CaptureRow> one: Complete(one); break;
            case Table<DatagramRow> one: Complete(one); break;
            case Table<Narrative.NameHolding> one: Complete(one); break;
            case Table<DecisionRow> one: Complete(one); break;
            case Table<IncidentRow> one: Complete(one); break;
            case Table<AuditDatagramRow> one: Complete(one); break;
            case Table<RunRow> one: Complete(one); break;
            default: Assert.Fail($"no rows for {table.Name}"); break;
        }

        void Complete<TRow>(Table<TRow> one)
        {
            using var writer = one.Create(File.Create(file));
            writer.Complete();
        }
    }

    private string Write<TRow>(Table<TRow> table, ReadOnlySpan<TRow> rows)
    {
        using var writer = table.CreateIn(_folder);
        foreach (var row in rows)
            writer.Add(row);
        writer.Complete();
        return Path.Combine(_folder, table.FileName);
    }

    private static object? AsUtc(object? value) => value is DateTime time ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : value;

    private static string Literal(object? value) => value switch
    {
        null => "NULL",
        bool truth => truth ? "true" : "false",
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        DateTime time => string.Create(CultureInfo.InvariantCulture, $"'{time:yyyy-MM-dd HH:mm:ss.fff}+00'::TIMESTAMPTZ"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private sealed class OneWay(Stream inner) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
