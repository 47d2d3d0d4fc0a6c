using NbnsSim.Names;
using NbnsSim.Replay;
using NbnsSim.Scenarios;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Twins;

/// <summary>The machines of a capture, with the addresses of each put together, and what each had when the capture began.</summary>
internal static class TwinMachines
{
    /// <summary>Two addresses that claim the same unique names within this are one machine's that starts.</summary>
    private static readonly TimeSpan SameStart = TimeSpan.FromMilliseconds(100);

    public static List<TwinMachine> Find(TwinEvidence evidence, List<TwinInference> inferences)
    {
        var hosts = evidence.Hosts.Hosts;
        var parts = Merge(evidence, hosts, inferences);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var machines = parts.ConvertAll(part => Make(part, names, evidence));
        var byAddress = new Dictionary<Ipv4Address, TwinMachine>();
        foreach (var machine in machines)
        {
            foreach (var address in machine.Addresses)
                byAddress[address] = machine;
        }

        foreach (var exchange in evidence.Exchanges)
            byAddress[exchange.First.Source].Exchanges.Add(exchange);
        foreach (var exchange in evidence.Exchanges.Where(exchange => exchange.First is { IsBroadcast: true, Kind: Kind.NameRegistrationRequest }))
        {
            foreach (var refusal in exchange.Answers.Where(answer => answer.Kind == Kind.NegativeNameRegistrationResponse))
                Hold(byAddress[refusal.Source], refusal.Name); // RFC 1002 §5.1.1.5: only an owner objects
        }

        foreach (var answer in evidence.Exchanges.Where(exchange => exchange.First is { IsBroadcast: true, Kind: Kind.NameQueryRequest }).SelectMany(exchange => exchange.Answers))
        {
            if (!answer.HasEntry || !byAddress.TryGetValue(answer.Source, out var answerer) || answer.Addresses.Any(answerer.Is))
                continue;
            if (answerer is { IsNameServer: false, NameServers.Count: > 0 })
                answerer.IsProxy = true; // RFC 1001 §16.4
            else
                Hold(answerer, answer.Name); // it has more addresses than it sends from
        }

        foreach (var server in machines.Where(machine => machine.IsNameServer))
            FindRecords(server, machines, evidence, inferences);
        return machines;
    }

    /// <summary>A machine that objected to a claim, and claims the name nowhere in the capture, held it before.</summary>
    private static void Hold(TwinMachine machine, NetBiosName name)
    {
        if (!machine.IsNameServer && !machine.HeldNames.Exists(held => held.Name == name) && machine.HeldNames.Count < Nodes.EndNodeOptions.MaxNames
            && !machine.Exchanges.Exists(exchange => exchange.First.Name == name && TwinExchange.ClassOf(exchange.First.Kind) == RequestClass.Claim))
            machine.HeldNames.Add(new ScenarioHeldName(name));
    }

    private static List<List<ReplayHost>> Merge(TwinEvidence evidence, IReadOnlyList<ReplayHost> hosts, List<TwinInference> inferences)
    {
        var parts = hosts.Select(host => new List<ReplayHost> { host }).ToList();
        var claims = new Dictionary<NetBiosName, List<(ReplayHost Host, Instant Time)>>();
        var together = new Dictionary<(ReplayHost, ReplayHost), int>();
        foreach (var exchange in evidence.Exchanges)
        {
            var first = exchange.First;
            if (first.Kind != Kind.NameRegistrationRequest || !first.IsBroadcast || first.Entry.Flags.IsGroup || exchange.Answers.Count > 0 || evidence.Hosts.Find(first.Source) is not { } host)
                continue;
            if (!claims.TryGetValue(first.Name, out var others))
                claims[first.Name] = others = [];
            foreach (var (other, time) in others)
            {
                if (other != host && first.Time - time <= SameStart)
                    together[(other, host)] = together.GetValueOrDefault((other, host)) + 1;
            }

            others.Add((host, first.Time));
        }

        foreach (var ((one, other), count) in together.Where(pair => pair.Value >= 2))
        {
            var left = parts.Find(part => part.Contains(one))!;
            var right = parts.Find(part => part.Contains(other))!;
            if (left == right || left.Count + right.Count > Nodes.EndNodeOptions.MaxInterfaces)
                continue;
            left.AddRange(right);
            parts.Remove(right);
            inferences.Add(new TwinInference(TwinInferenceKind.Machine, one.ComputerName, Diagnosis.Certainty.Likely,
                $"{one.Address} and {other.Address} are one machine: both claim {count} unique names at the same moment, and nobody objects"));
        }

        return parts;
    }

    private static TwinMachine Make(List<ReplayHost> part, HashSet<string> names, TwinEvidence evidence)
    {
        var first = part[0];
        List<Ipv4Address> addresses = [.. part.SelectMany(host => Enumerable.Range(0, host.AddressCount).Select(host.AddressOf))];
        string name = first.ComputerName;
        if (name == "HOST" || !ScenarioText.TryBaseName(name, out _) || name.Contains('#', StringComparison.Ordinal) || name.Any(char.IsControl) || !names.Add(name))
            names.Add(name = first.Address.ToString());
        return new TwinMachine
        {
            Name = name,
            Addresses = addresses,
            Scope = first.Scope,
            IsNameServer = part.Exists(host => host.IsNameServer) && evidence.Packets.Exists(packet => addresses.Contains(packet.Source) && IsServers(packet, evidence)),
            NameServers = [.. part.SelectMany(host => host.NameServers).Distinct().Where(server => !addresses.Contains(server)).Take(12)],
            HeldNames = [.. part.SelectMany(host => host.NamesFromStart).DistinctBy(held => held.Name).Select(held => new ScenarioHeldName(held.Name, held.IsGroup)).Take(Nodes.EndNodeOptions.MaxNames)],
            ToldType = part.Select(host => host.NodeType).FirstOrDefault(type => type is not null),
        };
    }

    /// <summary>Whether only a name server sends this: it grants, asks for patience, releases, or answers what it alone was asked. To a broadcast a proxy, or a host with more addresses, answers too.</summary>
    private static bool IsServers(TwinPacket packet, TwinEvidence evidence) => packet.Kind switch
    {
        Kind.PositiveNameRegistrationResponse or Kind.WaitForAcknowledgementResponse or Kind.PositiveNameReleaseResponse or Kind.NegativeNameReleaseResponse
            or Kind.EndNodeChallengeNameRegistrationResponse => true,
        Kind.PositiveNameQueryResponse or Kind.NegativeNameRegistrationResponse => evidence.ExchangeOf.TryGetValue(packet, out var exchange) && !exchange.First.IsBroadcast && packet.Entry.Address != packet.Source,
        _ => false,
    };

    /// <summary>
    /// What a name server knew before anybody registered it in the capture: it gave an address for it, asked an owner whether it still holds it, or took a refresh
    /// or a release for it.
    /// </summary>
    private static void FindRecords(TwinMachine server, List<TwinMachine> machines, TwinEvidence evidence, List<TwinInference> inferences)
    {
        var registered = new HashSet<NetBiosName>();
        foreach (var packet in evidence.Packets)
        {
            if (server.Is(packet.Source) && !packet.IsBroadcast)
            {
                switch (packet.Kind)
                {
                    case Kind.PositiveNameQueryResponse when !registered.Contains(packet.Name) && packet.HasEntry && !(packet.Addresses.All(server.Is) && IsHeldBy(server, packet.Name) && WasAskedOfNode(evidence, packet)):
                        Note(packet, packet.Entry.Flags.IsGroup, packet.Addresses);
                        break;
                    case Kind.NameQueryRequest when !registered.Contains(packet.Name) && machines.Exists(machine => machine != server && machine.Is(packet.Destination)):
                        Note(packet, isGroup: false, [packet.Destination]);
                        break;
                    case Kind.PositiveNameRegistrationResponse:
                        registered.Add(packet.Name);
                        break;
                }
            }
            else if (server.Is(packet.Destination) && packet.HasEntry && packet.Kind is Kind.NameRefreshRequest or Kind.NameReleaseRequest && !registered.Contains(packet.Name)
                && packet.Entry.Address == packet.Source && evidence.ExchangeOf[packet].Answers.Exists(answer => answer.Kind is Kind.PositiveNameRegistrationResponse or Kind.PositiveNameReleaseResponse))
                Note(packet, packet.Entry.Flags.IsGroup, packet.Addresses);
        }

        void Note(TwinPacket packet, bool isGroup, Ipv4Address[] addresses)
        {
            registered.Add(packet.Name);
            bool isNormalGroup = isGroup && addresses.Length == 1 && addresses[0] == Ipv4Address.Broadcast || (isGroup && packet.Name.Suffix != NameSuffix.DomainControllers);
            var type = isNormalGroup ? NameServers.NameRecordType.NormalGroup : isGroup ? NameServers.NameRecordType.InternetGroup
                : addresses.Length > 1 ? NameServers.NameRecordType.Multihomed : NameServers.NameRecordType.Unique;
            server.Records.TryAdd(packet.Name, new ScenarioStaticMapping(packet.Name, type, isNormalGroup ? [] : [.. addresses.Distinct().Take(25)]));
            inferences.Add(new TwinInference(TwinInferenceKind.Record, server.Name, Diagnosis.Certainty.Proven,
                $"{packet.Name} was registered with it before the capture begins, as frame {packet.Frame} shows"));
        }
    }

    private static bool IsHeldBy(TwinMachine server, NetBiosName name) => server.HeldNames.Exists(held => held.Name == name) || server.Exchanges.Exists(exchange => exchange.First.Name == name);

    /// <summary>Whether it was asked as a node, by broadcast or without RD, so that its own table answers.</summary>
    private static bool WasAskedOfNode(TwinEvidence evidence, TwinPacket answer) =>
        evidence.ExchangeOf.TryGetValue(answer, out var exchange) && (exchange.First.IsBroadcast || !exchange.First.RecursionDesired);
}
