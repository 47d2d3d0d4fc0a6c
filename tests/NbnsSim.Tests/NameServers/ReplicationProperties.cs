using FsCheck;
using FsCheck.Fluent;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>
/// Two servers, nodes that move between them, and whatever a third server's records say: once the two have exchanged until nothing moves, they have the
/// same holder for every name; no version ever goes back; nothing throws.
/// </summary>
/// <remarks>
/// Left out is what the documents let drift apart: a released record is not replicated (MS-WINSRA §3.2.5.1); Q136571 gives an active record no new version
/// when a tombstone meets it; a multi-homed name that its server keeps whatever comes (Q135277); a holder that goes back to where it was, since a refresh
/// counts no version up; two owners whose replicas reach two servers in two orders, where the later one counts; and a member that leaves a group at
/// another server than its own, since putting groups together takes no address away. The third server's clock stands still: its names do not age.
/// </remarks>
public sealed class ReplicationProperties
{
    private static readonly string[] Names = ["USER<03>", "HOST<20>", "MULTI<20>", "GROUP<00>", "LAB<1C>"];

    private static IEnumerable<NameServerDialect> Dialects() =>
        [NameServerDialect.WinsNt35 with { KeepsMultihomed = false }, NameServerDialect.WinsNt4, NameServerDialect.Windows2000];

    [TestCaseSource(nameof(Dialects))]
    public void TwoServersThatExchangeUntilNothingMoves_Agree(NameServerDialect dialect) =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Kind, byte Where, byte What)[]>(), steps =>
        {
            var world = new World(dialect);
            foreach (var (kind, where, what) in steps)
                world.Step(kind, where, what);
            world.ExchangeUntilQuiet();
            world.CheckAgreement();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(120).WithReplay(1, 1));

    private sealed class World(NameServerDialect dialect)
    {
        private readonly ServerBench[] _servers = [new(dialect, address: "10.0.0.250"), new(dialect, address: "10.0.1.250")];
        private readonly ServerBench _third = new(dialect, address: "10.0.9.250");
        private readonly Dictionary<string, HashSet<string>> _holders = Names.ToDictionary(name => name, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        private readonly Dictionary<(int Server, NetBiosName Name, Ipv4Address Owner), ulong> _versions = [];
        private readonly Dictionary<(int Server, Ipv4Address Owner), ulong> _known = [];
        private int _addresses;
        private ulong _thirdVersion;

        public void Step(byte kind, byte where, byte what)
        {
            var server = _servers[where % 2];
            string name = Names[what % Names.Length];
            var holders = _holders[name];
            bool isGroup = name is "GROUP<00>" or "LAB<1C>";
            switch (kind % 8)
            {
                case 0 or 1: // a node claims the name: another one, or for a group and a multi-homed name one more address
                    string address = $"10.8.{_addresses / 250}.{(_addresses++ % 250) + 1}";
                    if (!isGroup && (name != "MULTI<20>" || what >= 128))
                        holders.Clear();
                    holders.Add(address);
                    Register(server, name, address, isGroup);
                    break;
                case 2 when holders.Count > 0: // a holder refreshes, perhaps at its other server
                    Register(server, name, holders.Order(StringComparer.Ordinal).ElementAt(what % holders.Count), isGroup);
                    break;
                case 3 when holders.Count > 0:
                    string leaving = holders.Order(StringComparer.Ordinal).ElementAt(what % holders.Count);
                    if (isGroup && !Owns(server, name, leaving))
                        break;
                    holders.Remove(leaving);
                    Settle(server, server.Release(name, leaving, isGroup));
                    break;
                case 4:
                    Settle(server, []);
                    server.Server.Remove(server.Now, NetBiosName.Parse(name));
                    break;
                case 5: // a third server has a new record, and one of the two hears of all that is new there
                    _third.Server.Restore(server.Now, ThirdsRecord(what));
                    ServerBench.Pull(server.Now, server.Server, _third.Server);
                    Settle(server, server.Drain());
                    break;
                case 6:
                    Pull(where % 2);
                    break;
                default:
                    Pass(TimeSpan.FromMinutes(what % 30));
                    break;
            }

            CheckVersions();
        }

        public void ExchangeUntilQuiet()
        {
            for (int round = 0; round < 30; round++)
            {
                bool isQuiet = Pull(0) & Pull(1);
                CheckVersions();
                if (isQuiet)
                    return;
            }

            Assert.Fail("They never come to rest.");
        }

        public void CheckAgreement()
        {
            foreach (string name in (string[])[.. Names, "THIRD1<20>", "THIRD2<1C>"])
            {
                var records = _servers.Select(server => server.Record(name)).ToArray();
                if (records.Any(record => record?.State == NameRecordState.Released))
                    continue;
                if (dialect.ReplicationConflicts == ReplicationConflictRule.ReplicaWins && records.Any(record => record?.State == NameRecordState.Tombstone))
                    continue;
                var answers = _servers.Select(server => string.Join(' ', server.Query(name).Only().Addresses.Order(StringComparer.Ordinal))).ToArray();
                Assert.That(answers[0], Is.EqualTo(answers[1]), $"{records[0]}\n{records[1]}");
            }
        }

        private static bool Owns(ServerBench server, string name, string address) =>
            server.Record(name) is { } record && record.Addresses.Any(member => member.Address == ServerBench.Ip(address) && member.Owner == server.Server.Options.Address);

        private void Register(ServerBench server, string name, string address, bool isGroup) =>
            Settle(server, name == "MULTI<20>" ? server.RegisterMultihomed(name, address) : server.Register(name, address, isGroup));

        private NameRecord ThirdsRecord(byte what)
        {
            bool isGroup = what % 2 == 1;
            return ReplicationTrial.Record(
                NetBiosName.Parse(isGroup ? "THIRD2<1C>" : "THIRD1<20>"),
                isGroup ? NameRecordType.InternetGroup : NameRecordType.Unique,
                what % 8 < 6 ? NameRecordState.Active : NameRecordState.Tombstone,
                isStatic: what % 32 == 4,
                _third.Server.Options.Address,
                ++_thirdVersion,
                isGroup ? [$"10.9.0.{what / 64}", $"10.9.1.{what / 32}"] : [$"10.9.0.{what / 64}"]);
        }

        /// <returns>Whether nothing has moved.</returns>
        private bool Pull(int into)
        {
            var server = _servers[into];
            var result = ServerBench.Pull(server.Now, server.Server, _servers[1 - into].Server);
            Settle(server, server.Drain());
            return result.Added + result.Replaced + result.Merged + result.Challenged + result.Renewed == 0;
        }

        /// <summary>Nodes answer as they hold their names, until the server has nothing under way.</summary>
        private void Settle(ServerBench server, List<Sent> sent)
        {
            for (int i = 0; i < 200 && (sent.Count > 0 || server.Server.TransactionCount > 0); i++)
            {
                var next = new List<Sent>();
                foreach (var packet in sent.Where(packet => !packet.IsResponse))
                    next.AddRange(Answer(server, packet));
                sent = next.Count > 0 ? next : server.Pass(TimeSpan.FromMilliseconds(500));
            }

            Assert.That(server.Server.TransactionCount, Is.Zero);
            Pass(TimeSpan.Zero);
        }

        private List<Sent> Answer(ServerBench server, Sent packet)
        {
            string node = packet.To.Address.ToString();
            if (!_holders.TryGetValue(packet.Name.ToString(), out var holders))
                return [];
            if (packet.Opcode == NbnsOpcode.Release)
            {
                holders.Remove(node);
                return server.Releases(packet);
            }

            if (holders.Contains(node))
                return server.Holds(packet, [.. holders.Order(StringComparer.Ordinal)]);
            return packet.Id % 2 == 0 ? server.Denies(packet) : [];
        }

        /// <summary>Both servers have the same clock.</summary>
        private void Pass(TimeSpan time)
        {
            var now = (_servers[0].Now > _servers[1].Now ? _servers[0].Now : _servers[1].Now) + time;
            foreach (var server in _servers)
                Assert.That(server.Pass(now - server.Now), Is.Empty);
        }

        private void CheckVersions()
        {
            for (int i = 0; i < _servers.Length; i++)
            {
                foreach (var (owner, version) in _servers[i].Server.GetOwnerVersions())
                {
                    Assert.That(version, Is.GreaterThanOrEqualTo(_known.GetValueOrDefault((i, owner))));
                    _known[(i, owner)] = version;
                }

                foreach (var record in _servers[i].Server.GetRecords())
                {
                    Assert.That(record.Version, Is.GreaterThanOrEqualTo(_versions.GetValueOrDefault((i, record.Name, record.Owner))), record.ToString());
                    Assert.That(record.Version, Is.LessThanOrEqualTo(_known[(i, record.Owner)]), record.ToString());
                    _versions[(i, record.Name, record.Owner)] = record.Version;
                }
            }
        }
    }
}
