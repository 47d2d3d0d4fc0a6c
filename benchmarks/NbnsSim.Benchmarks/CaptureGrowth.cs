using NbnsSim.Captures;
using NbnsSim.Diagnosis;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Wire;

namespace NbnsSim.Benchmarks;

/// <summary>Captures that grow in one way each, through replay and diagnosis.</summary>
internal static class CaptureGrowth
{
    private static readonly Ipv4Endpoint Everybody = Ipv4Endpoint.NameService(Ipv4Address.Parse("10.63.255.255"));

    /// <summary>So many hosts of one segment, all replayed; as many broadcast queries, each for one of their names.</summary>
    public static Action ReplayHosts(int hosts) => Replay(hosts, namesEach: 1, frames: hosts);

    /// <summary>A hundred hosts, all replayed, and so many broadcast queries.</summary>
    public static Action ReplayFrames(int frames) => Replay(hosts: 100, namesEach: 1, frames);

    /// <summary>One host that holds so many names, and as many broadcast queries for each of them in turn.</summary>
    public static Action ReplayNames(int names) => Replay(hosts: 1, names, names * 100);

    /// <summary>So many hosts of an office, and forty frames for each: its claim, its questions, its answers.</summary>
    public static Action ReplayAsking(int hosts)
    {
        byte[] capture = CaptureOffice.Make(hosts * 40, hosts);
        var passes = new CapturePasses(() => CaptureReader.Open(capture));
        return () => passes.Replay([new CaptureReplays(passes.FindHosts(null, out _).Hosts, NetBtDialect.WindowsNt4, eventsOnly: true)]);
    }

    /// <summary>So many hosts of one segment, all replayed; as many broadcast responses, each about one of their names.</summary>
    public static Action ReplayResponses(int hosts) => Replay(hosts, namesEach: 1, frames: hosts, areResponses: true);

    /// <summary>So many different names, each claimed by a demand.</summary>
    public static Action DiagnoseNames(int names)
    {
        var all = Names(names);
        return () =>
        {
            var diagnosis = new CaptureDiagnosis();
            byte[] packet = new byte[NbnsEncoder.MaxRequestLength];
            for (int i = 0; i < names; i++)
            {
                var host = Host(i % 1000);
                int length = NbnsEncoder.WriteRequest(packet, (ushort)i, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, all[i], 0, new NbEntry(default, host));
                diagnosis.Observe(i + 1, At(i), Ipv4Endpoint.NameService(host), Everybody, true, packet.AsSpan(0, length));
            }

            diagnosis.Complete();
        };
    }

    /// <summary>One machine with so many addresses, each shown together with the one before.</summary>
    public static Action DiagnoseAddresses(int addresses) => () =>
    {
        var diagnosis = new CaptureDiagnosis();
        var name = NetBiosName.Parse("CHAIN<20>");
        byte[] packet = new byte[NbnsEncoder.MaxRequestLength * 2];
        for (int i = 1; i < addresses; i++)
        {
            int length = NbnsEncoder.WriteResponse(
                packet, 1, NbnsFlagWords.QueryResponse, name, 0, [new NbEntry(default, Host(i - 1)), new NbEntry(default, Host(i))]);
            diagnosis.Observe(i, At(i), Ipv4Endpoint.NameService(Host(i)), Ipv4Endpoint.NameService(Host(0)), false, packet.AsSpan(0, length));
        }

        diagnosis.Complete();
    };

    private static Action Replay(int hosts, int namesEach, int frames, bool areResponses = false)
    {
        var names = Names(hosts * namesEach);
        var found = Enumerable.Range(0, hosts).Select(host => new ReplayHost(
            Host(host), $"H{host}", OwnerNodeType.B, [], [.. names[(host * namesEach)..((host + 1) * namesEach)].Select(name => new NameFromStart(name, false, 1))], NetBiosScope.Empty, 1)
        { BroadcastAddresses = [Everybody.Address] }).ToList();
        return () =>
        {
            var replays = new CaptureReplays(found, NetBtDialect.WindowsNt4, eventsOnly: true);
            byte[] packet = new byte[NbnsEncoder.MaxRequestLength];
            for (int i = 0; i < frames; i++)
            {
                int length = areResponses
                    ? NbnsEncoder.WriteResponse(packet, (ushort)i, NbnsFlagWords.QueryResponse, names[i % names.Length], 0, new NbEntry(default, Host(i % hosts)))
                    : NbnsEncoder.WriteQuery(packet, (ushort)i, NbnsFlagWords.QueryRequest | NbnsFlags.BroadcastBit, names[i % names.Length]);
                replays.Observe(i + 1, At(i), Ipv4Endpoint.NameService(Host(hosts + 1)), Everybody, true, packet.AsSpan(0, length));
            }

            replays.Complete();
        };
    }

    private static NetBiosName[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => new NetBiosName($"N{i}", NameSuffix.Server))];

    private static Ipv4Address Host(int index) => new(0x0A00_0001 + (uint)index);

    private static Instant At(int frame) => Instant.FromUnixTime(1_700_000_000) + TimeSpan.FromMilliseconds(frame);
}
