using System.Text.Json;
using NbnsSim.NameServers;

namespace NbnsSim.Tests.NameServers;

/// <summary>Names whose addresses came from several servers: which are kept, whose they are, and how long they hold.</summary>
public sealed class MemberTests
{
    private static ServerBench One(NameServerDialect? dialect = null) => new(dialect ?? NameServerDialect.Windows2000, address: "10.0.0.250");

    private static ServerBench Two(NameServerDialect? dialect = null) => new(dialect ?? NameServerDialect.Windows2000, address: "10.0.1.250");

    private static ReplicationResult Pull(ServerBench into, ServerBench from)
    {
        into.Now = from.Now = into.Now > from.Now ? into.Now : from.Now;
        return into.Server.PullFrom(into.Now, from.Server);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Rule4_2_ANormalGroupWhoseMembersAreNotKeptHasNoneWhereverItComesFrom(bool replicated)
    {
        var rfc = Two(NameServerDialect.Rfc1002Secured);
        rfc.Register("LAB<00>", "10.0.1.1", group: true).Accepted();
        rfc.Register("LAB<00>", "10.0.1.2", group: true).Accepted();
        var bench = One();
        if (replicated)
        {
            Pull(bench, rfc);
        }
        else
        {
            var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream))
                rfc.Server.Save(writer);
            Assert.That(NameServer.TryLoad(bench.Server.Options, bench.Now, stream.ToArray(), out var loaded, out var problem), Is.True, problem);
            bench.Server = loaded!;
        }

        bench.Query("LAB<00>").Answers("255.255.255.255");
        bench.Register("LAB<00>", "10.0.0.1", group: true).Accepted();
        bench.Refresh("LAB<00>", "10.0.1.2", group: true).Accepted();
        bench.Release("LAB<00>", "10.0.1.1", group: true).HasFlags(0xB400);
        bench.Query("LAB<00>").Answers("255.255.255.255");
    }
}
