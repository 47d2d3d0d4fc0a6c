using System.Text.Json;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>
/// Networks of servers that replicate by themselves, under partitions, loss, delays, crashes and restarts of the service: when all has healed and every interval has come
/// a few times, all of them say the same. Each unique name has a home, since of a name that two servers have given away each may keep its own (MS-WINSRA §3.2.5.5).
/// </summary>
public sealed class PartitionStormTests
{
    private const int Names = 12;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    [Test]
    public void AfterHealingAllServersAgree([Range(0, 3)] int part)
    {
        for (ulong seed = (ulong)part * 10; seed < ((ulong)part + 1) * 10; seed++)
            new Storm(seed).Run();
    }

    private sealed class Storm
    {
        private readonly Simulator _simulator;
        private readonly List<HostId> _servers = [];
        private readonly HostId _clients;
        private readonly ulong _seed;
        private RandomStream _random;
        private int _rules;

        public Storm(ulong seed)
        {
            _seed = seed;
            _random = new RandomStream(seed);
            _simulator = new Simulator(seed);
            var backbone = _simulator.AddSegment("backbone", Ipv4Subnet.Parse("10.0.0.0/16"), TimeSpan.FromMilliseconds(1));
            int count = 2 + (int)_random.Next(3);
            var partners = Enumerable.Range(0, count).Select(_ => new HashSet<int>()).ToArray();
            for (int i = 1; i < count; i++)
            {
                int other = (int)_random.Next((uint)i); // a tree, so that all hear of all
                partners[i].Add(other);
                partners[other].Add(i);
            }

            for (int i = 0; i < count; i++)
            {
                var options = new NameServerOptions
                {
                    Address = AddressOf(i),
                    PullsFrom = [.. partners[i].Select(AddressOf)],
                    Notifies = _random.Next(2) == 0 ? [] : [.. partners[i].Select(AddressOf)],
                    Dialect = NameServerDialect.Windows2000 with
                    {
                        PullInterval = Interval,
                        PushUpdateCount = (int)_random.Next(4),
                        PushesAddressChanges = _random.Next(2) == 0,
                        PullsAtStart = _random.Next(2) == 0,
                    },
                };
                _servers.Add(_simulator.AddHost($"W{i}", new NameServer(options), backbone, AddressOf(i)));
            }

            _clients = _simulator.AddHost("CLIENTS", new SilentEndpoint(), backbone, Ipv4Address.Parse("10.0.9.9"));
        }

        public void Run()
        {
            Simulator? fork = null;
            for (int i = 0; i < 60; i++)
            {
                Disturb();
                if (i == 30 && _rules == 0)
                    fork = _simulator.Fork();
                _simulator.RunFor(TimeSpan.FromSeconds(_random.Next(400)));
                if (fork is not null)
                {
                    fork.RunUntil(_simulator.Now);
                    CompareWith(fork);
                    fork = null;
                }
            }

            foreach (var server in _servers)
                _simulator.Restart(server);
            _simulator.RunFor(TimeSpan.FromHours(2)); // all rules have ended by then
            _simulator.RunFor(((2 * _servers.Count) + 2) * Interval);
            CheckAgreement();
        }

        private static Ipv4Address AddressOf(int server) => new(0x0A000101 + (uint)server);

        private NameServer Server(HostId host) => (NameServer)_simulator.EndpointOf(host);

        private void Disturb()
        {
            var host = _servers[(int)_random.Next((uint)_servers.Count)];
            var other = _servers[(int)_random.Next((uint)_servers.Count)];
            var end = _simulator.Now + TimeSpan.FromSeconds(_random.Next(3000));
            switch (_random.Next(16))
            {
                case 0:
                    _simulator.AddRule(LinkRule.Partition($"cut {++_rules}", host, other) with { End = end });
                    break;
                case 1:
                    _simulator.AddRule(LinkRule.OneWayPartition($"deaf {++_rules}", host, other) with { End = end });
                    break;
                case 2:
                    _simulator.AddRule(LinkRule.Loss($"lossy {++_rules}", 100_000 * _random.Next(10)) with { To = host, End = end });
                    break;
                case 3:
                    _simulator.AddRule(LinkRule.Delayed($"slow {++_rules}", TimeSpan.FromSeconds(_random.Next(50)), TimeSpan.FromSeconds(5)) with { From = host, End = end });
                    break;
                case 4:
                    _simulator.Crash(host);
                    break;
                case 5 when !_simulator.IsUp(host): // the service starts with the database that it has kept
                    _simulator.Restart(host, Reloaded(Server(host)));
                    break;
                case 6:
                    _simulator.Restart(host);
                    break;
                case 7 when _simulator.IsUp(host):
                    _simulator.Command<NameServer>(host, "push", (server, now) => server.Push(now, _simulator.AddressOf(other), propagate: true));
                    break;
                case 8 when _simulator.IsUp(host):
                    _simulator.Command<NameServer>(host, "pull", (server, now) => server.Pull(now, _simulator.AddressOf(other)));
                    break;
                case 9:
                    Send(NbnsFlagWords.Release);
                    break;
                case 10:
                    Register("LAB<1C>", host, _random.Next(5), isGroup: true, NbnsFlagWords.RegistrationRequest);
                    break;
                default:
                    Send(NbnsFlagWords.RegistrationRequest);
                    break;
            }
        }

        private NameServer Reloaded(NameServer server)
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
                server.Save(writer);
            Assert.That(NameServer.TryLoad(server.Options, _simulator.Now, stream.ToArray(), out var loaded, out string? problem), Is.True, problem);
            return loaded!;
        }

        private void Send(ushort flags)
        {
            uint number = _random.Next(Names);
            Register($"N{number}<20>", _servers[(int)(number % (uint)_servers.Count)], number, isGroup: false, flags);
        }

        private void Register(string name, HostId server, uint client, bool isGroup, ushort flags)
        {
            Span<byte> buffer = stackalloc byte[576];
            var address = new Ipv4Address(0x0A000201 + client);
            int length = NbnsEncoder.WriteRequest(buffer, 1, flags, NetBiosName.Parse(name), 300_000, new NbEntry(new NbFlags(isGroup, OwnerNodeType.H), address));
            _simulator.Inject(_clients, Ipv4Endpoint.NameService(address), Ipv4Endpoint.NameService(_simulator.AddressOf(server)), buffer[..length]);
        }

        private void CompareWith(Simulator fork)
        {
            foreach (var server in _servers)
                Assert.That(((NameServer)fork.EndpointOf(server)).HasSameStateAs(Server(server)), Is.True, $"seed {_seed}");
        }

        private void CheckAgreement()
        {
            for (uint number = 0; number < Names; number++)
            {
                var name = NetBiosName.Parse($"N{number}<20>");
                var home = Server(_servers[(int)(number % (uint)_servers.Count)]).FindRecord(name);
                if (home?.State == NameRecordState.Released)
                    continue; // which partners are not told before it is a tombstone (MS-WINSRA §3.2.5.1)
                foreach (var server in _servers)
                {
                    var record = Server(server).FindRecord(name);
                    Assert.That((record?.State, record?.Version, record?.Owner), Is.EqualTo((home?.State, home?.Version, home?.Owner)), $"seed {_seed}: {_simulator.NameOf(server)} has {record}, and its home {home}");
                }
            }

            var groups = _servers.Select(server => Server(server).FindRecord(NetBiosName.Parse("LAB<1C>")))
                .Select(record => record is null ? "" : string.Join(' ', record.Addresses.Select(one => one.Address).Order())).Distinct(StringComparer.Ordinal).ToList();
            Assert.That(groups, Has.Count.EqualTo(1), $"seed {_seed}");
        }
    }
}
