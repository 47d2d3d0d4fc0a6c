using System.Globalization;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Rules;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;

namespace NbnsSim.Reports.Pictures;

/// <summary>
/// The databases of a simulation's name servers through time. A server says by which rule it decides about a name; what it has of that name when it has done so is read from
/// the server itself, so that nothing is worked out from packets.
/// </summary>
internal sealed class ServerTables : SimulationObserver
{
    private const int MaxSpans = 20_000;
    private const int MaxAddresses = 3;

    private readonly Simulator _simulator;
    private readonly Dictionary<HostId, Database> _databases = [];
    private readonly List<(HostId Host, NetBiosName Name, Instant Time, Rule Rule)> _decided = []; // since the databases were last looked at
    private int _spans;

    /// <summary>Begins to watch a simulation's name servers.</summary>
    public ServerTables(Simulator simulator)
    {
        _simulator = simulator;
        foreach (var host in simulator.Hosts())
            DatabaseOf(host);
        simulator.AddObserver(this);
    }

    public override bool HearsDecisions => true;

    /// <summary>Whether there was no room for all that became of the records.</summary>
    public bool IsIncomplete { get; private set; }

    public override void Decided(Simulator simulator, HostId host, long number, in Decision decision)
    {
        if (decision.Name == default || DatabaseOf(host) is null)
            return;
        if (_decided.Exists(decided => Changes(decided.Rule)))
            Look(); // a group's members lapse one after another, each by a decision of its own
        _decided.Add((host, decision.Name, decision.Time, decision.Rule));
    }

    // Each of these comes before a machine acts on something new, and after what it did before.
    public override void Received(Simulator simulator, in SimulatedDatagram datagram, in SimulatedFrame frame, HostId receiver, int interfaceIndex) => Look();

    public override void MessageSent(Simulator simulator, HostId sender, ReplicationMessage message) => Look();

    public override void TimedOut(Simulator simulator, HostId host) => Look();

    public override void Commanded(Simulator simulator, HostId host, string description) => Look();

    /// <summary>A server that comes back has what it kept on disk.</summary>
    public override void HostChanged(Simulator simulator, HostId host, bool isUp)
    {
        Look();
        if (!_databases.TryGetValue(host, out var database) || simulator.NameServerOf(host) is not { } server)
            return;
        database.Server = server;
        foreach (var name in database.Records.Keys.Concat(server.GetRecords().Select(record => record.Name)).Distinct().ToList())
            Note(database, name, server.FindRecord(name), simulator.Now, "");
    }

    /// <summary>A row for each record that there ever was, up to now.</summary>
    /// <param name="isEvidence">Whether the picture is about a name.</param>
    public IEnumerable<NameRow> Rows(Func<NetBiosName, bool> isEvidence)
    {
        Look();
        foreach (var (host, database) in _databases)
        {
            foreach (var (name, record) in database.Records)
                yield return new NameRow($"{_simulator.NameOf(host)}, names registered with it", name, record.IsGroup, isEvidence(name), [.. record.Spans.Select(span => span.To is null ? span with { Shown = _simulator.Now } : span)]);
        }
    }

    private Database? DatabaseOf(HostId host)
    {
        if (_databases.TryGetValue(host, out var database))
            return database;
        if (_simulator.NameServerOf(host) is not { } server)
            return null;
        _databases[host] = database = new Database(server);
        foreach (var record in server.GetRecords()) // there before anybody decided anything
            Note(database, record.Name, record, Instant.Epoch, "");
        return database;
    }

    /// <summary>Looks at what came of the decisions since the last look: of several about one name, the last that changes records did it.</summary>
    private void Look()
    {
        if (_decided.Count == 0)
            return;
        foreach (var (host, name, time, rule) in Enumerable.Reverse(_decided).OrderByDescending(decided => Changes(decided.Rule)).DistinctBy(decided => (decided.Host, decided.Name)))
            Note(_databases[host], name, _databases[host].Server.FindRecord(name), time, rule.Id);
        _decided.Clear();
    }

    private static bool Changes(Rule rule) => rule.Kind is DecisionKind.Granted or DecisionKind.GaveUp or DecisionKind.Aged or DecisionKind.Replicated;

    private void Note(Database database, in NetBiosName name, NameRecord? record, Instant time, string rule)
    {
        string now = record is null ? "" : Describe(record);
        if (!database.Records.TryGetValue(name, out var row))
        {
            if (record is null)
                return;
            database.Records[name] = row = new Row();
        }

        string before = row.Spans is [.., { To: null, Text: var text }] ? text : "";
        if (now == before)
            return;
        if (before.Length > 0)
            row.Spans[^1] = row.Spans[^1] with { Shown = time, To = time, Ended = rule };
        if (record is null)
            return;
        if (_spans == MaxSpans)
        {
            IsIncomplete = true;
            return;
        }

        _spans++;
        row.IsGroup = record.IsGroup;
        row.Spans.Add(new NameSpan(record.State == NameRecordState.Active ? NameStanding.Held : NameStanding.GivenUp, now, time, time, null, rule, ""));
    }

    private static string Describe(NameRecord record)
    {
        string addresses = string.Join(", ", record.Addresses.Take(MaxAddresses).Select(member => member.Address));
        string more = record.Addresses.Length > MaxAddresses ? string.Create(CultureInfo.InvariantCulture, $" and {record.Addresses.Length - MaxAddresses} more") : "";
        string state = record.State switch { NameRecordState.Active => "", NameRecordState.Released => ", released", _ => ", tombstone" };
        return $"{(addresses.Length > 0 ? addresses : "registered")}{more}{(record.IsStatic ? ", static" : "")}{state}"; // Windows' servers keep no member of a normal group (Q130232)
    }

    private sealed class Database(NameServer server)
    {
        public NameServer Server { get; set; } = server;

        public Dictionary<NetBiosName, Row> Records { get; } = [];
    }

    private sealed class Row
    {
        public bool IsGroup { get; set; }

        public List<NameSpan> Spans { get; } = [];
    }
}
