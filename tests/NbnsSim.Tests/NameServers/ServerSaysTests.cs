using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Wire;

namespace NbnsSim.Tests.NameServers;

/// <summary>
/// What a name server says of what it does, decision by decision, in small scenes. <c>Fixtures/server-says.txt</c> has it; run with NBNSSIM_RECORD=1 to write that
/// file anew, and read what has changed. <see cref="DecisionLines"/> says what stands in a line.
/// </summary>
public sealed class ServerSaysTests
{
    private const string File = "server-says.txt";
    private static readonly NetBiosName s_fred = NetBiosName.Parse("FRED<20>");

    private static readonly NameServerDialect s_w2k = NameServerDialect.Windows2000;
    private static readonly NameServerDialect s_secured = NameServerDialect.Rfc1002Secured;
    private static readonly NameServerDialect s_nonSecured = NameServerDialect.Rfc1002NonSecured;

    private static readonly (string Title, NameServerDialect Dialect, Func<NameServerOptions, NameServerOptions>? Change, Action<ServerBench> Play)[] s_scenes =
    [
        ("a name is registered, found, refreshed and released", s_w2k, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("FRED<20>", "10.0.0.1");
            b.Query("FRED<20>");
            b.Query("JANE<20>");
            b.Refresh("FRED<20>", "10.0.0.1");
            b.Release("FRED<20>", "10.0.0.1");
            b.Release("FRED<20>", "10.0.0.1");
            b.Register("FRED<20>", "10.0.0.2");
        }),
        ("a group, its members, and who may not have it", s_w2k, null, b =>
        {
            b.Register("LAB<1C>", "10.0.0.1", group: true);
            b.Register("LAB<1C>", "10.0.0.2", group: true);
            b.Register("LAB<1C>", "10.0.0.2", group: true);
            b.Refresh("LAB<1C>", "10.0.0.2", group: true);
            b.Register("LAB<1C>", "10.0.0.3", group: true, flags: NbnsFlagWords.RefreshRequest);
            b.Register("LAB<00>", "10.0.0.1", group: true);
            b.Register("LAB<00>", "10.0.0.2", group: true);
            b.Register("LAB<00>", "10.0.0.3");
            b.Query("LAB<00>");
            b.Release("LAB<1C>", "10.0.0.1", group: true);
            b.Release("LAB<1C>", "10.0.0.9", group: true);
            b.Release("LAB<00>", "10.0.0.1", group: true);
            b.Register("LAB<00>", "10.0.0.3");
        }),
        ("a group of the RFC", s_nonSecured, null, b =>
        {
            b.Register("LAB<00>", "10.0.0.1", group: true);
            b.Register("LAB<00>", "10.0.0.2", group: true);
            b.Release("LAB<00>", "10.0.0.9", group: true);
            b.Release("LAB<00>", "10.0.0.2", group: true);
        }),
        ("suffixes", s_w2k, null, b =>
        {
            b.Register("LAB<1B>", "10.0.0.1", group: true);
            b.Register("LAB<1C>", "10.0.0.1");
            b.Register("LAB<1D>", "10.0.0.1");
            b.Query("LAB<1D>");
            b.Release("LAB<1D>", "10.0.0.1");
        }),
        ("a claim on what another holds", s_w2k, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Holds(b.Register("FRED<20>", "10.0.0.9").Challenge(), "10.0.0.1");
            b.Denies(b.Register("FRED<20>", "10.0.0.9").Challenge());
        }),
        ("a claim on what nobody answers for", s_w2k, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("FRED<20>", "10.0.0.9");
            b.Register("FRED<20>", "10.0.0.8");
            b.Register("FRED<20>", "10.0.0.9", id: b.LastId);
            b.Pass(TimeSpan.FromSeconds(10));
        }),
        ("the owner asks for time", s_w2k, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            var challenge = b.Register("FRED<20>", "10.0.0.9").Challenge();
            Wack(b, challenge, 5);
            Wack(b, challenge, 0);
            b.Pass(TimeSpan.FromSeconds(10));
        }),
        ("the owner shows itself, or leaves, while another waits", s_w2k, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("FRED<20>", "10.0.0.9").Challenge();
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("FRED<20>", "10.0.0.9").Challenge();
            b.Release("FRED<20>", "10.0.0.1");
            b.Register("JANE<20>", "10.0.0.1");
            b.Register("JANE<20>", "10.0.0.9").Challenge();
            b.Release("JANE<20>", "10.0.0.9");
            b.Pass(TimeSpan.FromSeconds(10));
        }),
        ("a host with several addresses", s_w2k, null, b =>
        {
            b.RegisterMultihomed("MH<20>", "10.0.0.1");
            b.Holds(b.RegisterMultihomed("MH<20>", "10.0.0.2").Challenge(), "10.0.0.1", "10.0.0.2");
            b.Denies(b.Register("MH<20>", "10.0.0.9").Challenge());
            b.Pass(TimeSpan.FromSeconds(10));
            b.Query("MH<20>");
        }),
        ("an owner that is asked enough", s_w2k, o => o with { ChallengesPerOwner = 1, ChallengesPerClaim = 2 }, b =>
        {
            b.RegisterMultihomed("MH<20>", "10.0.0.1");
            b.Holds(b.RegisterMultihomed("MH<20>", "10.0.0.2").Challenge(), "10.0.0.1", "10.0.0.2");
            b.Register("FRED<20>", "10.0.0.2");
            b.Register("FRED<20>", "10.0.0.9").Challenge();
            b.Denies(b.Register("MH<20>", "10.0.0.9").Challenge());
            b.Register("JANE<20>", "10.0.0.2");
            b.Register("JANE<20>", "10.0.0.9");
        }),
        ("shares", s_w2k, o => o with { NamesPerSource = 1, ClaimsPerSource = 1 }, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("JANE<20>", "10.0.0.1");
            b.Register("JANE<20>", "10.0.0.2");
            b.Register("FRED<20>", "10.0.0.9");
            b.Register("JANE<20>", "10.0.0.9");
            b.Register("LAB<1C>", "10.0.0.3", group: true);
            b.Register("LAB<1C>", "10.0.0.4", group: true, source: "10.0.0.1");
        }),
        ("a full server", s_w2k, o => o with { MaxNames = 1 }, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("JANE<20>", "10.0.0.1");
        }),
        ("too long a name, and no host's address", s_nonSecured, null, b =>
        {
            b.Register($"FRED<20>.{new string('S', 63)}.{new string('S', 63)}.{new string('S', 63)}.{new string('S', 20)}", "10.0.0.1");
            b.Register("FRED<20>", "224.0.0.1", source: "10.0.0.1");
        }),
        ("a server that leaves the asking to claimants", s_nonSecured, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("FRED<20>", "10.0.0.9");
            b.Register("FRED<20>", "10.0.0.9", flags: NbnsFlagWords.Overwrite);
            b.Refresh("FRED<20>", "10.0.0.1");
            b.Refresh("JANE<20>", "10.0.0.1");
            b.Release("FRED<20>", "10.0.0.1");
            b.Release("FRED<20>", "10.0.0.9");
        }),
        ("a secured server", s_secured, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("FRED<20>", "10.0.0.9", flags: NbnsFlagWords.Overwrite);
            b.Refresh("FRED<20>", "10.0.0.9");
            b.Refresh("JANE<20>", "10.0.0.9");
            b.Holds(b.Release("FRED<20>", "10.0.0.9").Challenge(), "10.0.0.1");
            b.Denies(b.Release("FRED<20>", "10.0.0.9").Challenge());
        }),
        ("a release by somebody else, and of another kind", s_w2k, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Release("FRED<20>", "10.0.0.9");
            b.Release("FRED<20>", "10.0.0.1", group: true);
        }),
        ("names age", s_w2k, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Pass(TimeSpan.FromDays(60));
        }),
        ("a member's time runs out", s_w2k, null, b =>
        {
            b.Register("LAB<1C>", "10.0.0.1", group: true);
            b.Pass(TimeSpan.FromDays(3));
            b.Register("LAB<1C>", "10.0.0.2", group: true);
            b.Pass(TimeSpan.FromDays(5));
        }),
        ("names age at an RFC server", s_secured, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1", ttl: 100);
            b.Register("JANE<20>", "10.0.0.2", ttl: 100);
            foreach (var asked in b.Pass(TimeSpan.FromSeconds(200)).Where(sent => !sent.IsResponse))
                b.Holds(asked, asked.To.Address.ToString());
            b.Pass(TimeSpan.FromSeconds(1000));
        }),
        ("names age at an RFC server that does not ask", s_secured with { AsksBeforeRemoval = false }, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1", ttl: 100);
            b.Pass(TimeSpan.FromSeconds(1000));
        }),
        ("a name ages while its owner is asked", s_w2k, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Pass(b.Record("FRED<20>")!.Expires - b.Now - TimeSpan.FromSeconds(1));
            var challenge = b.Register("FRED<20>", "10.0.0.9").Challenge();
            Wack(b, challenge, 60);
            b.Pass(TimeSpan.FromSeconds(30));
        }),
        ("an RFC server's name runs out while its owner is asked", s_secured, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1", ttl: 100);
            b.Pass(TimeSpan.FromSeconds(190));
            Wack(b, b.Register("FRED<20>", "10.0.0.9").Challenge(), 60);
            b.Pass(TimeSpan.FromSeconds(200));
        }),
        ("a partner's name is released here", s_w2k, null, b =>
        {
            var other = new ServerBench(s_w2k, address: "10.0.1.250");
            other.Register("JANE<20>", "10.0.1.2");
            ServerBench.Pull(b.Now, b.Server, other.Server);
            b.Release("JANE<20>", "10.0.1.2");
        }),
        ("static names", s_w2k, null, b =>
        {
            b.Server.AddStatic(b.Now, s_fred, NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("FRED<20>", "10.0.0.9");
            b.Release("FRED<20>", "10.0.0.1");
            b.Server.Remove(b.Now, s_fred);
            b.Server.Remove(b.Now, NetBiosName.Parse("JANE<20>"));
        }),
        ("a group claims a static name", s_w2k with { StaticGroupClaims = StaticGroupClaimPolicy.MoveRecord }, null, b =>
        {
            b.Server.AddStatic(b.Now, s_fred, NameRecordType.Unique, ServerBench.Ip("10.0.0.1"));
            b.Register("FRED<20>", "10.0.0.9", group: true);
        }),
        ("a partner's records", s_w2k, null, b =>
        {
            var other = new ServerBench(s_w2k, address: "10.0.1.250");
            other.Register("JANE<20>", "10.0.1.2");
            other.Register("FRED<20>", "10.0.1.1");
            other.Register("LAB<1C>", "10.0.1.1", group: true);
            other.Register("SAME<20>", "10.0.1.1");
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("LAB<1C>", "10.0.0.1", group: true);
            b.Register("SAME<20>", "10.0.1.1");
            var late = other.Server.View.RecordsOf(other.Now, other.Server.Options.Address, 1, ulong.MaxValue);
            ServerBench.Pull(b.Now, b.Server, other.Server);
            b.Holds(b.Drain().Challenge(), "10.0.0.1");
            b.Server.Replicas.Receive(b.Now, late);
            other.Server.Remove(other.Now, s_fred);
            other.Server.Remove(other.Now, NetBiosName.Parse("JANE<20>"));
            ServerBench.Pull(b.Now, b.Server, other.Server);
        }),
        ("a partner's record whose rival is silent", s_w2k, null, b =>
        {
            var other = new ServerBench(s_w2k, address: "10.0.1.250");
            other.Register("FRED<20>", "10.0.1.1");
            b.Register("FRED<20>", "10.0.0.1");
            ServerBench.Pull(b.Now, b.Server, other.Server);
            b.Pass(TimeSpan.FromSeconds(20));
        }),
        ("a partner's record wins, and the node is told", NameServerDialect.WinsNt35, null, b =>
        {
            var other = new ServerBench(NameServerDialect.WinsNt35, address: "10.0.1.250");
            other.Register("FRED<20>", "10.0.1.1");
            other.Register("JANE<20>", "10.0.1.1");
            b.Register("FRED<20>", "10.0.0.1");
            b.Register("JANE<20>", "10.0.0.1");
            ServerBench.Pull(b.Now, b.Server, other.Server);
            var demands = b.Drain();
            b.Releases(demands[0]);
            b.Pass(TimeSpan.FromSeconds(20));
        }),
        ("a partner's record for which there is no room", s_w2k, o => o with { MaxNames = 1 }, b =>
        {
            var other = new ServerBench(s_w2k, address: "10.0.1.250");
            other.Register("JANE<20>", "10.0.1.2");
            b.Register("FRED<20>", "10.0.0.1");
            ServerBench.Pull(b.Now, b.Server, other.Server);
        }),
        ("replicas are verified", s_w2k, null, b =>
        {
            var other = new ServerBench(s_w2k, address: "10.0.1.250");
            other.Register("JANE<20>", "10.0.1.2");
            ServerBench.Pull(b.Now, b.Server, other.Server);
            b.Pass(TimeSpan.FromDays(30));
            other.Now = b.Now;
            ServerBench.Pull(b.Now, b.Server, other.Server);
            b.Release("JANE<20>", "10.0.1.2");
        }),
        ("a version is bumped, a record restored", s_w2k, null, b =>
        {
            b.Register("FRED<20>", "10.0.0.1");
            b.Server.Replicas.BumpVersion(b.Now, s_fred, ServerBench.Ip("10.0.1.250"));
            b.Server.Restore(b.Now, b.Record("FRED<20>")! with { Expires = b.Now + TimeSpan.FromDays(1) });
        }),
        ("more than it can serve", NameServerDialect.WinsNt4 with { BurstThreshold = 1, MaxWaitingRequests = 3 }, o => o with { RequestsPerSecond = 10 }, b =>
        {
            for (int i = 1; i <= 5; i++)
                b.Register($"N{i}<20>", $"10.0.0.{i}");
            b.Query("N1<20>");
            b.Query("N1<20>");
            b.Query("N1<20>");
            b.Pass(TimeSpan.FromSeconds(1));
        }),
        ("what is no request", s_w2k, null, b =>
        {
            b.Deliver([1, 2, 3], "10.0.0.9");
            b.Deliver(Query(0x0110), "10.0.0.9", isBroadcast: true);
            b.Deliver(Query(0x0000, NbnsType.NBStat), "10.0.0.9");
            b.Deliver(Query(0x2900), "10.0.0.9");
            b.Deliver(Query(0x0100, scopeClass: 2), "10.0.0.9");
            b.Deliver(Unreadable(), "10.0.0.9");
            b.Query("FRED<20>", source: "10.0.0.250", flags: 0);
            b.Holds(new Sent(Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.1")), 7, 0, s_fred, NbnsType.NB, 0, []), "10.0.0.1");
            b.Register("FRED<20>", "10.0.0.1");
            var challenge = b.Register("FRED<20>", "10.0.0.9").Challenge();
            b.Holds(challenge with { To = Ipv4Endpoint.NameService(ServerBench.Ip("10.0.0.5")) }, "10.0.0.5");
            b.Holds(challenge with { Name = NetBiosName.Parse("JANE<20>") }, "10.0.0.1");
        }),
        ("a redirect", s_w2k, o => o with { Redirect = new NameServerRedirect(NetBiosName.Parse("OTHER"), ServerBench.Ip("10.0.1.250")) }, b => b.Query("FRED<20>")),
        ("a rejected replica's node is told", s_w2k with { RejectedReplicaDemand = NodeDemand.Conflict }, null, b =>
        {
            var other = new ServerBench(s_w2k, address: "10.0.1.250");
            other.Register("FRED<20>", "10.0.1.1");
            b.Register("FRED<20>", "10.0.0.1");
            ServerBench.Pull(b.Now, b.Server, other.Server);
            b.Holds(b.Drain().Challenge(), "10.0.0.1");
        }),
    ];

    private static IEnumerable<string> Titles() => s_scenes.Select(scene => scene.Title);

    /// <summary>Every rule of the book has one sentence; which of them a server names, and of whom, is what accounts are made of.</summary>
    [TestCaseSource(nameof(Titles))]
    public void AServerSaysWhatItDecides(string title) => DecisionLines.Compare(File, title, Titles(), Told);

    private static string Told(string title)
    {
        var (_, dialect, change, play) = s_scenes.Single(scene => scene.Title == title);
        var bench = new ServerBench(dialect, change);
        var lines = new DecisionLines(bench.Now.Nanoseconds);
        bench.Server.Decisions = lines;
        play(bench);
        return lines.ToString();
    }

    private static byte[] Query(ushort flags, NbnsType type = NbnsType.NB, byte scopeClass = 1)
    {
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteQuery(buffer, 9, flags, s_fred, type);
        buffer[length - 1] = scopeClass;
        return buffer[..length];
    }

    /// <summary>A question of the right class about a name that is none.</summary>
    private static byte[] Unreadable()
    {
        var octets = Query(0x0100);
        octets.AsSpan(NbnsHeader.Size + 1, 32).Fill((byte)'z');
        return octets;
    }

    private static void Wack(ServerBench bench, Sent challenge, uint seconds)
    {
        var buffer = new byte[576];
        int length = NbnsEncoder.WriteWack(buffer, challenge.Id, NbnsFlagWords.Wack, challenge.Name, seconds, default);
        bench.Deliver(buffer.AsSpan(0, length), challenge.To.Address.ToString());
    }
}
