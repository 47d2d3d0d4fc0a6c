using NbnsSim.NameServers;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Scenarios;
using NbnsSim.Simulation;
using NbnsSim.Tests.House;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Scenarios;

/// <summary>
/// A scenario that is run with other dialects than its own, to see what they change: one that comes with the library, or one of <c>Fixtures</c>. Four hosts are
/// played here, since no end node does so: ELSEWHERE answers a query from its second address, MOVING has only others than the one asked, FORGETFUL has a second address
/// the first time only, and BUSY asks for half a minute again and again.
/// </summary>
internal sealed class SwitchNetwork(Scenario scenario)
{
    private const uint BusySeconds = 30;

    public static SwitchNetwork Find(string name)
    {
        if (BuiltInScenarios.Find(name) is { } found)
            return new SwitchNetwork(found);
        string fixtures = Path.Combine(Repository.Root, "tests", "NbnsSim.Tests", "Fixtures");
        return new SwitchNetwork(Scenario.Load(new[] { "switches", "scenarios" }.Select(folder => Path.Combine(fixtures, folder, name + ".json")).First(File.Exists)));
    }

    /// <summary>Runs it with these nodes.</summary>
    public Trace Run(NetBtDialect dialect) => Run(scenario with { Hosts = [.. scenario.Hosts.Select(host => host with { Dialect = new DialectChoice(dialect) })] });

    /// <summary>Runs it with these name servers.</summary>
    public Trace Run(NameServerDialect dialect) =>
        Run(scenario with { Hosts = [.. scenario.Hosts.Select(host => host with { NameServer = host.NameServer with { Dialect = dialect } })] });

    private static Trace Run(Scenario changed)
    {
        var run = new ScenarioRun(changed);
        var trace = new Trace();
        run.Simulator.AddObserver(trace);
        int next = 0;
        do
        {
            var until = next < changed.Steps.Length ? changed.Steps[next++].At : changed.End;
            while (run.Simulator.NextEventTime <= until)
            {
                run.Simulator.Step();
                while (trace.Asked.TryDequeue(out var asked))
                    Answer(run.Simulator, asked);
            }
        }
        while (run.Step());
        return trace;
    }

    private static void Answer(Simulator simulator, Question asked)
    {
        var buffer = new byte[576];
        var host = simulator.FindHost(asked.Host)!.Value;
        var own = Ipv4Endpoint.NameService(asked.Address);
        if (asked.Host == "BUSY")
        {
            simulator.Inject(host, own, asked.From, buffer.AsSpan(0, NbnsEncoder.WriteWack(buffer, asked.Id, NbnsFlagWords.Wack, asked.Name, BusySeconds, new NbnsFlags(NbnsFlagWords.QueryRequest))));
            return;
        }

        var (second, third) = (new Ipv4Address(asked.Address.Value + 1), new Ipv4Address(asked.Address.Value + 2));
        NbEntry[] addresses = asked.Host switch
        {
            "MOVING" => [new NbEntry(default, third), new NbEntry(default, second)],
            "FORGETFUL" when asked.Number > 1 => [new NbEntry(default, asked.Address)],
            _ => [new NbEntry(default, asked.Address), new NbEntry(default, second)],
        };
        int length = NbnsEncoder.WriteResponse(buffer, asked.Id, NbnsFlagWords.QueryResponse, asked.Name, 0, addresses);
        simulator.Inject(host, asked.Host == "ELSEWHERE" ? Ipv4Endpoint.NameService(second) : own, asked.From, buffer.AsSpan(0, length));
    }

    /// <summary>A query to a host that is played here, and how many it has had.</summary>
    internal readonly record struct Question(string Host, Ipv4Address Address, Ipv4Endpoint From, ushort Id, NetBiosName Name, int Number);

    /// <summary>What machines decided, and what they sent.</summary>
    internal sealed class Trace : SimulationObserver
    {
        private readonly List<string> _decisions = [];
        private readonly List<string> _packets = [];
        private readonly Dictionary<HostId, int> _asked = [];

        public override bool HearsDecisions => true;

        public IReadOnlyList<string> Decisions => _decisions;

        public IReadOnlyList<string> Packets => _packets;

        public Queue<Question> Asked { get; } = [];

        public override void Decided(Simulator simulator, HostId host, long number, in Decision decision) =>
            _decisions.Add($"{decision.Time} {simulator.NameOf(host)} {decision.Rule.Kind} {decision.Rule.Id} {decision.Name} {decision.Peer} {decision.Event?.Message}");

        public override void Sent(Simulator simulator, in SimulatedDatagram datagram)
        {
            _packets.Add($"{simulator.Now} {datagram.Source} {datagram.Destination} {Convert.ToHexString(datagram.Payload)}");
            if (simulator.FindHost(datagram.Destination.Address) is { } host && simulator.NameOf(host) is "ELSEWHERE" or "BUSY" or "MOVING" or "FORGETFUL" && NbnsPacket.TryParse(datagram.Payload, out var packet)
                && packet is { IsResponse: false, Opcode: NbnsOpcode.Query } && packet.Name.TryGetName(out var name))
                Asked.Enqueue(new Question(simulator.NameOf(host), datagram.Destination.Address, datagram.Source, packet.TransactionId, name, _asked[host] = _asked.GetValueOrDefault(host) + 1));
        }
    }
}
