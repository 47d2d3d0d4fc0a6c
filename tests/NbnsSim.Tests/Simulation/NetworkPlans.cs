using FsCheck;
using FsCheck.Fluent;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Simulation;

/// <summary>Draws networks, and makes those smaller that fail.</summary>
internal static class NetworkPlans
{
    public const int Commands = 14;
    public const int AdministratorsCommands = 7;

    private static readonly string[] Computers = ["ALPHA", "BRAVO", "CHARLIE", "LAB"]; // the last is called like the workgroup

    private static readonly Gen<int> Small = Gen.Choose(0, 7);
    private static readonly Gen<bool> Coin = Gen.Elements(false, true);

    private static readonly Gen<NetworkStep> Steps = Gen.Frequency(
        (4, from scale in Gen.Elements(1, 10, 100, 1000, 10_000, 100_000) from time in Gen.Choose(0, 100) select (NetworkStep)new Wait((long)scale * time)),
        (8, from machine in Small
            from what in Gen.Choose(0, Commands - 1)
            from name in Gen.Elements(ForgedPacket.Names)
            from id in Gen.Choose(0, 200_000)
            select (NetworkStep)new Tell(machine, what, name, id < 65_536 ? (ushort)id : null)),
        (12, from host in Small
             from source in Gen.Choose(0, 12)
             from port in Gen.Choose(0, 150_000)
             from broadcast in Coin
             from at in Gen.Frequency((20, Gen.Choose(0, 1)), (1, Gen.Choose(-1, 3)))
             from packet in ForgedPacket.Gen
             select (NetworkStep)new Forge(host, (byte)source, port < 65_536 ? (ushort)port : Ipv4Endpoint.NameServicePort, broadcast, at, packet)),
        (1, from host in Small from time in Gen.Choose(0, 100_000) from forgets in Coin select (NetworkStep)new Fail(host, time, forgets)),
        (1, from server in Small from other in Small select (NetworkStep)new Pull(server, other)),
        (1, from server in Small from what in Gen.Choose(0, AdministratorsCommands - 1) from name in Gen.Elements(ForgedPacket.Names) select (NetworkStep)new Administer(server, what, name)));

    private static readonly Gen<FaultPlan> Faults =
        from fault in Gen.Elements(Enum.GetValues<LinkFault>())
        from parts in Gen.Elements(50_000u, 300_000u, LinkRule.Always)
        from ends in Gen.Choose(0, 80)
        from start in Gen.Choose(0, 20_000)
        from length in Gen.Choose(1, 60_000)
        from delay in Gen.Choose(1, 2000)
        select new FaultPlan(fault, parts, ends % 9 < 6 ? ends % 9 : null, ends / 9 < 6 ? ends / 9 : null, start, length, delay);

    private static readonly Gen<ServerPlan> Servers =
        from segment in Small
        from dialect in Gen.Elements(NameServerDialect.All.AsEnumerable())
        from turns in Turns<NameServerDialect>()
        from partners in Coin
        select new ServerPlan(segment, dialect, turns, partners);

    private static readonly Gen<MachinePlan> Machines =
        from name in Gen.Elements(Computers)
        from segment in Small
        from second in Gen.Choose(0, 11)
        from dialect in Gen.Elements(NetBtDialect.All.AsEnumerable())
        from turns in Turns<NetBtDialect>()
        from type in Gen.Elements(Enum.GetValues<OwnerNodeType>())
        from known in Gen.Choose(0, 3)
        from proxy in Gen.Choose(0, 3)
        from serves in Gen.Choose(0, 7)
        from server in Servers
        select new MachinePlan(name, segment, second < 4 ? second : null, dialect, turns, type, known, proxy == 0, serves == 0 ? server : null);

    /// <summary>Networks of one to three segments, one to four machines, no to two name servers, faults of every kind, and so many steps as the size says.</summary>
    public static Arbitrary<NetworkPlan> Any { get; } = Arb.From(
        from seed in Gen.Choose(0, int.MaxValue)
        from segments in Gen.Choose(1, 3)
        from machines in Gen.Choose(1, 4).SelectMany(count => Machines.ArrayOf(count))
        from servers in Gen.Choose(0, 2).SelectMany(count => Servers.ArrayOf(count))
        from faults in Gen.Choose(0, 3).SelectMany(count => Faults.ArrayOf(count))
        from steps in Gen.Sized(size => Steps.ArrayOf(size))
        select new NetworkPlan((ulong)seed, segments, machines, servers, faults, steps),
        Smaller);

    /// <summary>Every plan that is a little smaller than a plan: first without a half of its steps, then without one part, then with a part made simpler.</summary>
    public static IEnumerable<NetworkPlan> Smaller(NetworkPlan plan)
    {
        for (int half = plan.Steps.Length / 2; half > 1; half /= 2)
        {
            for (int start = 0; start + half <= plan.Steps.Length; start += half)
                yield return plan with { Steps = [.. plan.Steps[..start], .. plan.Steps[(start + half)..]] };
        }

        foreach (var steps in WithoutOne(plan.Steps))
            yield return plan with { Steps = steps };
        foreach (var faults in WithoutOne(plan.Faults))
            yield return plan with { Faults = faults };
        for (int host = plan.Machines.Length + plan.Servers.Length - 1; host >= 0; host--)
        {
            if (host >= plan.Machines.Length || plan.Machines.Length > 1)
                yield return Without(plan, host);
        }

        if (plan.Segments > 1)
            yield return plan with { Segments = plan.Segments - 1 };
        foreach (var machines in WithOneSmaller(plan.Machines, Smaller))
            yield return plan with { Machines = machines };
        foreach (var servers in WithOneSmaller(plan.Servers, Smaller))
            yield return plan with { Servers = servers };
        foreach (var steps in WithOneSmaller(plan.Steps, step => step.Smaller()))
            yield return plan with { Steps = steps };
    }

    private static IEnumerable<MachinePlan> Smaller(MachinePlan machine)
    {
        if (machine.Turns.Length > 0)
            yield return machine with { Turns = [] };
        foreach (var turns in WithoutOne(machine.Turns))
            yield return machine with { Turns = turns };
        if (machine.Serves is not null)
            yield return machine with { Serves = null };
        if (machine.SecondSegment is not null)
            yield return machine with { SecondSegment = null };
        if (machine.IsProxy)
            yield return machine with { IsProxy = false };
        if (machine.KnownServers > 0)
            yield return machine with { KnownServers = machine.KnownServers - 1 };
        if (machine.Type != OwnerNodeType.B)
            yield return machine with { Type = OwnerNodeType.B };
        if (machine.Dialect != NetBtDialect.Rfc1002)
            yield return machine with { Dialect = NetBtDialect.Rfc1002 };
    }

    private static IEnumerable<ServerPlan> Smaller(ServerPlan server)
    {
        if (server.Turns.Length > 0)
            yield return server with { Turns = [] };
        foreach (var turns in WithoutOne(server.Turns))
            yield return server with { Turns = turns };
        if (server.HasPartners)
            yield return server with { HasPartners = false };
        if (server.Dialect != NameServerDialect.Rfc1002NonSecured)
            yield return server with { Dialect = NameServerDialect.Rfc1002NonSecured };
    }

    /// <summary>Without a host; what was done to another one is done to it still.</summary>
    private static NetworkPlan Without(NetworkPlan plan, int gone)
    {
        int machines = plan.Machines.Length;
        static int Now(int index, int count, int gone) => index % count > gone ? (index % count) - 1 : index % count;
        return plan with
        {
            Machines = [.. plan.Machines.Where((_, index) => index != gone)],
            Servers = [.. plan.Servers.Where((_, index) => index != gone - machines)],
            Steps = [.. plan.Steps.Select(step => step switch
            {
                Tell tell => tell with { Machine = Now(tell.Machine, machines, gone) },
                Forge forge => forge with { Host = Now(forge.Host, machines + plan.Servers.Length, gone) },
                Fail fail => fail with { Host = Now(fail.Host, machines + plan.Servers.Length, gone) },
                _ => step,
            })],
        };
    }

    private static IEnumerable<T[]> WithoutOne<T>(T[] all) => Enumerable.Range(0, all.Length).Select(i => (T[])[.. all[..i], .. all[(i + 1)..]]);

    private static IEnumerable<T[]> WithOneSmaller<T>(T[] all, Func<T, IEnumerable<T>> smaller) =>
        Enumerable.Range(0, all.Length).SelectMany(i => smaller(all[i]).Select(one => (T[])[.. all[..i], one, .. all[(i + 1)..]]));

    /// <summary>No to six switches, each turned to any value that it can have.</summary>
    private static Gen<DialectTurn[]> Turns<TDialect>()
    {
        var all = new List<DialectTurn>();
        foreach (var property in typeof(TDialect).GetProperties().Where(one => one.CanWrite))
        {
            if (property.PropertyType == typeof(bool))
                all.AddRange([new(property.Name, false), new(property.Name, true)]);
            else if (property.PropertyType.IsEnum)
                all.AddRange(Enum.GetValues(property.PropertyType).Cast<object>().Select(value => new DialectTurn(property.Name, value)));
        }

        return Gen.Choose(0, 6).SelectMany(count => Gen.Elements(all.AsEnumerable()).ArrayOf(count));
    }
}
