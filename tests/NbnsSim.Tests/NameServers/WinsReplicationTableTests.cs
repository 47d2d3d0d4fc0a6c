using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Tests.House;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>
/// Replication conflicts as whole tables: every way through the charts of MS-WINSRA §3.2.5.5 and every rule of Q136571, in every case that fits it, and
/// what was observed of Samba, cell by cell. <c>tests/WINSREPL.md</c> shows all of it. Run with NBNSSIM_RECORD=1 to write that file anew.
/// </summary>
public sealed class WinsReplicationTableTests
{
    private static readonly NameRecordType[] Types = Enum.GetValues<NameRecordType>();
    private static readonly NameRecordState[] States = Enum.GetValues<NameRecordState>();

    /// <summary>NT 4.0 SP4 by the charts alone: what Q199159 adds has a test of its own.</summary>
    private static readonly NameServerDialect[] ByChart = [NameServerDialect.Windows2000, NameServerDialect.WinsNt4 with { StaticDomainsReplace = false }];

    private static readonly ImmutableArray<Row> Charts = ReadRows("winsra-charts.tsv");
    private static readonly ImmutableArray<Row> Article = ReadRows("q136571.tsv");
    private static readonly ImmutableArray<Cell> Observed = ReadObserved();
    private static readonly Lazy<ILookup<Row?, ReplicationCase>> ChartCases = new(() => Cases().ToLookup(one => Find(Charts, one)));
    private static readonly Lazy<ILookup<Row?, ReplicationCase>> ArticleCases = new(() => Cases().ToLookup(one => Find(Article, one)));

    private static IEnumerable<TestCaseData> ChartRows() => Charts.SelectMany(row => ByChart.Select(dialect => new TestCaseData(row, dialect).SetArgDisplayNames(row.Number, dialect.Name)));

    private static IEnumerable<TestCaseData> ArticleRows() => Article.Select(row => new TestCaseData(row).SetArgDisplayNames(row.Number));

    private static IEnumerable<TestCaseData> ObservedCells() => Observed.Select(cell => new TestCaseData(cell).SetArgDisplayNames(cell.Text));

    [TestCaseSource(nameof(ChartRows))]
    [Clause("MS-WINSRA §3.2.5.5/4")]
    [Clause("MS-WINSRA §3.2.5.5.F3/1")]
    [Clause("MS-WINSRA §3.2.5.5.C2/1")]
    [Clause("MS-WINSRA §3.2.5.5.C3/1")]
    [Clause("MS-WINSRA §3.2.5.5.F6/1")]
    [Clause("MS-WINSRA §3.2.5.5.C4/1")]
    [Clause("MS-WINSRA §3.2.5.5.C5/1")]
    public void RuleW12_ChartsOfMsWinsra(object row, NameServerDialect dialect)
    {
        Check(ChartCases.Value, (Row)row, dialect);
    }

    [TestCaseSource(nameof(ArticleRows))]
    [Reaches("W13.overrules")]
    public void RuleW13_RulesOfQ136571(object row)
    {
        Check(ArticleCases.Value, (Row)row, NameServerDialect.WinsNt35);
    }

    [Test]
    public void EveryCaseHasALine()
    {
        Assert.Multiple(() =>
        {
            Assert.That(ChartCases.Value[null], Is.Empty);
            Assert.That(ArticleCases.Value[null], Is.Empty);
        });
    }

    [Test]
    public void WhoIsAskedAndTold_IsWhoHasTheNameInDispute()
    {
        foreach (var one in Cases().Where(one => one is { IsStatic: false, NewIsStatic: false, MigrateOn: false }))
        {
            var trial = new ReplicationTrial(NameServerDialect.Windows2000, one);
            trial.Run("silent");
            var (old, replica) = one.GetAddresses();
            if (trial.Asked.Count > 0)
                Assert.That(trial.Asked, Is.EqualTo(old.Except(replica, StringComparer.Ordinal)), one.ToString());
            if (trial.Told.Count > 0)
                Assert.That(trial.Told, Is.EqualTo(trial.Asked.Count > 0 ? trial.Asked : old), one.ToString());
        }
    }

    [Test]
    [Reaches("T10.restore")]
    public void WhoDeniesTheName_LosesItAndIsNotToldToReleaseIt()
    {
        foreach (var one in Charts.Where(row => row.Outcome.StartsWith("ask", StringComparison.Ordinal)).SelectMany(row => ChartCases.Value[row]))
            Assert.That(new ReplicationTrial(NameServerDialect.Windows2000, one).Run("denies"), Is.EqualTo("replace"), one.ToString());
    }

    [TestCaseSource(nameof(ObservedCells))]
    [Reaches("W12.replaces", "W12.stays", "W12.merged", "W12.challenge")]
    public void RuleW12_MatrixOfNbtWinsReplication(object cell)
    {
        var one = (Cell)cell;
        string differs = Difference(one);
        Assert.That(one.Run(), differs.Length == 0 ? Is.EqualTo(one.Outcome) : Is.Not.EqualTo(one.Outcome), differs);
    }

    [Test]
    public void TheTableOfReplicationConflictsIsUpToDate()
    {
        string file = Path.Combine(Repository.Root, "tests", "WINSREPL.md");
        string table = Table();
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1")
            File.WriteAllText(file, table);
        Assert.That(File.ReadAllText(file), Is.EqualTo(table), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }

    /// <summary>Which clause says otherwise than what was observed; empty where none does.</summary>
    private static string Difference(Cell cell) => cell switch
    {
        { Case: { Owner: "other", Type: NameRecordType.NormalGroup, State: NameRecordState.Released, NewType: NameRecordType.InternetGroup, NewState: NameRecordState.Active } } =>
            "MS-WINSRA §3.2.5.5, chart C4: a released normal group is kept, whoever owns it (C4.2); Samba keeps it where it is the server's own",
        _ => "",
    };

    private static void Check(ILookup<Row?, ReplicationCase> cases, Row row, NameServerDialect dialect)
    {
        Assert.That(cases[row], Is.Not.Empty, "a line that no case reaches");
        Assert.Multiple(() =>
        {
            // Where the replica has nothing that the record has not, a union is the record as it was.
            foreach (var one in cases[row])
                Assert.That(Run(dialect, one), row.Outcome == "union" && one.Addresses is "same" or "less" ? Is.AnyOf("union", "keep") : Is.EqualTo(row.Outcome), one.ToString());
        });
    }

    private static string Run(NameServerDialect dialect, ReplicationCase one)
    {
        var trial = new ReplicationTrial(dialect, one);
        string silent = trial.Run("silent");
        return trial.Asked.Count == 0 ? silent : $"ask: silent {silent}; held {new ReplicationTrial(dialect, one).Run("holds")}";
    }

    private static IEnumerable<ReplicationCase> Cases() =>
        from type in Types
        from state in States
        from isStatic in new[] { false, true }
        from owner in new[] { "own", "other", "same" }
        from newType in Types
        from newState in States
        from newIsStatic in new[] { false, true }
        from addresses in new[] { "same", "other", "less", "more" }
        from migrateOn in new[] { false, true }
        from isDomain in new[] { false, true }
        let one = new ReplicationCase
        {
            Type = type,
            State = state,
            IsStatic = isStatic,
            Owner = owner,
            NewType = newType,
            NewState = newState,
            NewIsStatic = newIsStatic,
            Addresses = addresses,
            MigrateOn = migrateOn,
            IsDomain = isDomain,
        }
        where one.IsPossible
        select one;

    private static Row? Find(ImmutableArray<Row> rows, ReplicationCase one) => rows.FirstOrDefault(row => row.Fits(one));

    private static ImmutableArray<Row> ReadRows(string fixture) => [.. ReadFixture(fixture).Select(fields => new Row(fields))];

    private static IEnumerable<string[]> ReadFixture(string fixture) =>
        File.ReadLines(Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", fixture)).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'));

    private static ImmutableArray<Cell> ReadObserved() => [.. ReadFixture("winsreplication.tsv").Select(Cell.Read)];

    private static string Table()
    {
        var text = new StringBuilder("# Replication conflicts\n\nWritten by `WinsReplicationTableTests`, which tries every case.\n");
        Add("MS-WINSRA §3.2.5.5, charts: Windows 2000 and, but for Q199159, NT 4.0 SP4", Charts, ChartCases.Value);
        Add("Q136571: NT 3.5 and 3.51", Article, ArticleCases.Value);
        text.Append("\n## smbtorture nbt.winsreplication, as Samba 4.17 does it (AD domain controller, observed)\n\n| record | replica | addresses | node | Samba | here, Windows 2000 | because |\n|---|---|---|---|---|---|---|\n");
        foreach (var cell in Observed)
            text.Append(CultureInfo.InvariantCulture, $"| {cell.Text.Replace(" against ", " | ", StringComparison.Ordinal).Replace(", ", " | ", StringComparison.Ordinal)} | {cell.Outcome} | {cell.Run()} | {Difference(cell)} |\n");
        int same = Observed.Count(cell => cell.Run() == cell.Outcome);
        text.Append(CultureInfo.InvariantCulture, $"\n{Observed.Length} cells: {same} the same, {Observed.Length - same} as the chart has it.\n");
        return text.ToString();

        void Add(string title, ImmutableArray<Row> rows, ILookup<Row?, ReplicationCase> cases)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n| no. | in words | outcome | cases tried |\n|---|---|---|---|\n");
            foreach (var row in rows)
                text.Append(CultureInfo.InvariantCulture, $"| {row.Number} | {row.Words} | {row.Outcome} | {cases[row].Count()} |\n");
        }
    }

    /// <summary>A line of a chart.</summary>
    private sealed class Row(string[] fields)
    {
        public string Number => fields[0];

        public string Outcome => fields[11];

        public string Words => fields[12];

        public bool Fits(ReplicationCase one) =>
            Has(1, "UGIM"[(int)one.NewType]) && Has(2, one.NewState == NameRecordState.Active ? 'A' : 'T') && Has(3, one.NewIsStatic ? 'y' : 'n')
            && Has(4, "UGIM"[(int)one.Type]) && Has(5, "ART"[(int)one.State]) && Has(6, one.IsStatic ? 'y' : 'n')
            && Is(7, one.Owner) && Is(8, one.Addresses) && Is(9, one.MigrateOn ? "on" : "off") && Has(10, one.IsDomain ? 'y' : 'n');

        public override string ToString() => $"{Number}: {Words}";

        private bool Has(int field, char letter) => fields[field] == "*" || fields[field].Contains(letter, StringComparison.Ordinal);

        private bool Is(int field, string word) => fields[field] == "*" || fields[field] == word;
    }

    /// <summary>A cell of the observed matrix.</summary>
    private sealed record Cell(string Text, string Outcome, ReplicationCase? Case, Func<string> Run)
    {
        public static Cell Read(string[] fields)
        {
            if (fields[0] == "members")
            {
                return new Cell($"Internet group of A: {fields[1]} against Internet group of B: {fields[2]}, -, -", fields[3], null, () =>
                    new ReplicationTrial(NameServerDialect.Windows2000, Group(ReplicationTrial.PartnerA, 5, fields[1]), Group(ReplicationTrial.PartnerB, 9, fields[2])).RunMembers());
            }

            bool isOwn = fields[0] == "server";
            var one = new ReplicationCase
            {
                Type = TypeOf(fields[1]),
                State = Enum.Parse<NameRecordState>(fields[2], ignoreCase: true),
                Owner = isOwn ? "own" : "other",
                NewType = TypeOf(fields[3]),
                NewState = Enum.Parse<NameRecordState>(fields[4], ignoreCase: true),
                Addresses = fields[5],
                IsDomain = isOwn && fields[1] == "internet",
            };
            return new Cell($"{fields[0]}'s {fields[1]} {fields[2]} against {fields[3]} {fields[4]}, {fields[5]}, {fields[6]}", fields[7], one, () => Try(one, fields[6]));
        }

        private static string Try(ReplicationCase one, string answer)
        {
            var trial = new ReplicationTrial(NameServerDialect.Windows2000, one);
            string outcome = trial.Run(answer);
            Assert.Multiple(() =>
            {
                Assert.That(trial.Asked, answer is "holds" or "holds-others" or "denies" ? Is.Not.Empty : Is.Empty, "who is asked");
                Assert.That(trial.Told, answer == "releases" ? Is.Not.Empty : Is.Empty, "who is told");
            });
            return outcome.Contains("replace", StringComparison.Ordinal) ? "replace" : outcome is "keep" or "renew" or "renew, push" ? "keep" : outcome;
        }

        private static NameRecordType TypeOf(string word) => word switch
        {
            "unique" => NameRecordType.Unique,
            "group" => NameRecordType.NormalGroup,
            "internet" => NameRecordType.InternetGroup,
            _ => NameRecordType.Multihomed,
        };

        private static NameRecord Group(Ipv4Address owner, ulong version, string members)
        {
            var list = from member in members.Split(' ')
                       where member != "none"
                       select new NameRecordAddress(ServerBench.Ip($"10.{member[2] - 'A'}.0.{member[3]}"), OwnerOf(member[0]), Instant.MaxValue, OwnerNodeType.H);
            return ReplicationTrial.Record(NetBiosName.Parse("LAB<20>"), NameRecordType.InternetGroup, NameRecordState.Active, false, owner, version) with { Addresses = [.. list] };
        }

        private static Ipv4Address OwnerOf(char letter) => letter == 'A' ? ReplicationTrial.PartnerA : letter == 'B' ? ReplicationTrial.PartnerB : ServerBench.Ip("10.0.3.250");
    }
}
