using System.Globalization;
using System.Text;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Simulation;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Simulation;

/// <summary>A network and what is done to it, as data: it can be drawn, printed and made smaller. Indices of hosts count through machines, then servers, modulo their number.</summary>
internal sealed record NetworkPlan(ulong Seed, int Segments, MachinePlan[] Machines, ServerPlan[] Servers, FaultPlan[] Faults, NetworkStep[] Steps)
{
    public override string ToString()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"seed {Seed}, {Segments} segment(s)\n");
        foreach (object one in (IEnumerable<object>)[.. Machines, .. Servers, .. Faults, .. Steps])
            text.Append("  ").Append(one).Append('\n');
        return text.ToString();
    }
}

/// <summary>A switch of a dialect that is turned.</summary>
internal sealed record DialectTurn(string Property, object Value)
{
    /// <summary>The dialect with these switches turned.</summary>
    public static T Apply<T>(T copy, DialectTurn[] turns)
    {
        foreach (var turn in turns)
            typeof(T).GetProperty(turn.Property)!.SetValue(copy, turn.Value);
        return copy;
    }

    public override string ToString() => $"{Property}={Value}";
}

/// <summary>An end node; where <paramref name="Serves"/> is set, one with a name server beside it.</summary>
internal sealed record MachinePlan(
    string Name, int Segment, int? SecondSegment, NetBtDialect Dialect, DialectTurn[] Turns, OwnerNodeType Type, int KnownServers, bool IsProxy, ServerPlan? Serves)
{
    public override string ToString() =>
        $"machine {Name} on {Segment}{(SecondSegment is { } second ? $" and {second}" : "")}: {Dialect.Name} {Type}, knows {KnownServers} server(s){(IsProxy ? ", proxy" : "")} {string.Join(' ', (object[])Turns)}"
        + (Serves is null ? "" : $", beside {Serves}");
}

/// <summary>A name server.</summary>
internal sealed record ServerPlan(int Segment, NameServerDialect Dialect, DialectTurn[] Turns, bool HasPartners)
{
    public override string ToString() => $"server on {Segment}: {Dialect.Name}{(HasPartners ? ", pulls from the others" : "")} {string.Join(' ', (object[])Turns)}";
}

/// <summary>What goes wrong on the way, from when to when, in milliseconds.</summary>
internal sealed record FaultPlan(LinkFault Fault, uint PartsPerMillion, int? From, int? To, int Start, int Length, int Delay)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"fault {Fault} {PartsPerMillion} ppm, {From?.ToString(CultureInfo.InvariantCulture) ?? "any"} to {To?.ToString(CultureInfo.InvariantCulture) ?? "any"}, {Start} ms +{Length}, by {Delay} ms");
}

/// <summary>One thing that is done to the network.</summary>
internal abstract record NetworkStep
{
    /// <summary>Simpler ones that might do as well.</summary>
    public virtual IEnumerable<NetworkStep> Smaller() => [];
}

/// <summary>Time passes.</summary>
internal sealed record Wait(long Milliseconds) : NetworkStep
{
    public override IEnumerable<NetworkStep> Smaller() => Milliseconds > 1 ? [new Wait(Milliseconds / 10)] : [];
}

/// <summary>A machine is told to do something; see <see cref="NetworkPlay"/> for what.</summary>
internal sealed record Tell(int Machine, int What, string Name, ushort? Id) : NetworkStep
{
    public override IEnumerable<NetworkStep> Smaller() => Id is null ? [] : [this with { Id = null }];
}

/// <summary>Somebody administers a name server; see <see cref="NetworkPlay"/> for what.</summary>
internal sealed record Administer(int Server, int What, string Name) : NetworkStep;

/// <summary>A host is given a datagram that nobody sent.</summary>
internal sealed record Forge(int Host, byte Source, ushort Port, bool IsBroadcast, int Interface, ForgedPacket Packet) : NetworkStep
{
    public override IEnumerable<NetworkStep> Smaller()
    {
        if (Port != Ipv4Endpoint.NameServicePort)
            yield return this with { Port = Ipv4Endpoint.NameServicePort };
        if (Interface != 0)
            yield return this with { Interface = 0 };
        foreach (var packet in Packet.Smaller())
            yield return this with { Packet = packet };
    }
}

/// <summary>A host fails; it comes back with what it knew, or without.</summary>
internal sealed record Fail(int Host, long Milliseconds, bool Forgets) : NetworkStep
{
    public override IEnumerable<NetworkStep> Smaller() => Forgets ? [this with { Forgets = false }] : [];
}

/// <summary>A name server pulls from another.</summary>
internal sealed record Pull(int Server, int From) : NetworkStep;
