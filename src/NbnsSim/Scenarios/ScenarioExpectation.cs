using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.NameServers;
using NbnsSim.Nodes;
using NbnsSim.Rules;

namespace NbnsSim.Scenarios;

/// <summary>What is expected of a scenario.</summary>
public abstract record ScenarioExpectation
{
    /// <summary>The line of the file where it stands.</summary>
    public int Line { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Because { get; init; }

    /// <summary>The rules whose ids <see cref="Because"/> names, in its order.</summary>
    public ImmutableArray<Rule> BecauseRules { get; init; } = [];

    /// <summary>The dialects (of the scenario, by name) for which it holds; empty for all.</summary>
    public ImmutableArray<string> Dialects { get; init; } = [];

    /// <summary>When to look, after all that is done and happens at that time; null for the end.</summary>
    public Instant? At { get; init; }

    /// <summary>The expectation in words.</summary>
    public abstract string Description { get; }

    private protected static string About(NetBiosName? name) => name is null ? "" : $" about {name}";
}

/// <summary>How often.</summary>
/// <param name="Least">At least.</param>
/// <param name="Most">At most.</param>
public readonly record struct ExpectedCount(long Least, long Most)
{
    /// <summary>Whether a number is right.</summary>
    /// <param name="number">The number.</param>
    public bool Contains(long number) => number >= Least && number <= Most;

    /// <summary>In words: <c>3</c>, <c>at least 1</c>, <c>1 to 4</c>.</summary>
    public override string ToString() => (Least, Most) switch
    {
        var (least, most) when least == most => $"{least}",
        (_, long.MaxValue) => $"at least {Least}",
        (0, _) => $"at most {Most}",
        _ => $"{Least} to {Most}",
    };
}

/// <summary>So many events are logged.</summary>
/// <param name="Id">The event id.</param>
/// <param name="Count">How many.</param>
public sealed record EventExpectation(int Id, ExpectedCount Count) : ScenarioExpectation
{
    /// <summary>In whose logs; empty for anybody's, all counted together.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>With which address in the data; null for any.</summary>
    public Ipv4Address? Address { get; init; }

    /// <summary>About which name; null for any.</summary>
    public NetBiosName? Name { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        $"{(Hosts.IsEmpty ? "anybody" : string.Join(", ", Hosts))} logs {Id}{About(Name)}{(Address is { } address ? $" from {address}" : "")}: {Count}";
}

/// <summary>A name stands so in the name tables of hosts.</summary>
/// <param name="Name">The name.</param>
/// <param name="State">How; null for not at all.</param>
public sealed record NameExpectation(NetBiosName Name, LocalNameState? State) : ScenarioExpectation
{
    /// <summary>In whose tables: in each of them.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Whether it is a group; null for either.</summary>
    public bool? IsGroup { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        $"{string.Join(", ", Hosts)}: {Name} is {(State is { } state ? state.ToString() : "absent")}{(IsGroup is { } group ? group ? ", a group" : ", unique" : "")}";
}

/// <summary>So many packets of a kind are sent.</summary>
/// <param name="Kind">The kind; null for any.</param>
/// <param name="Count">How many.</param>
public sealed record PacketExpectation(NbnsMessageKind? Kind, ExpectedCount Count) : ScenarioExpectation
{
    /// <summary>By whom; empty for anybody.</summary>
    public ImmutableArray<string> From { get; init; } = [];

    /// <summary>To which address; null for any.</summary>
    public Ipv4Address? To { get; init; }

    /// <summary>Whether by broadcast; null for either.</summary>
    public bool? IsBroadcast { get; init; }

    /// <summary>About which name; null for any.</summary>
    public NetBiosName? Name { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        $"{(From.IsEmpty ? "anybody" : string.Join(", ", From))} sends {(Kind is { } kind ? kind.ToString() : "any packet")}{About(Name)}{(To is { } to ? $" to {to}" : "")}"
        + $"{(IsBroadcast is { } broadcast ? broadcast ? " by broadcast" : " by unicast" : "")}: {Count}";
}

/// <summary>A command ends so.</summary>
/// <param name="Of">The step's id.</param>
/// <param name="Outcome">How it ends, on each of the step's hosts.</param>
public sealed record ResultExpectation(string Of, OperationOutcome Outcome) : ScenarioExpectation
{
    /// <summary>Who decided it; null for anybody.</summary>
    public Ipv4Address? Responder { get; init; }

    /// <summary>The addresses that a query finds, in any order; default for whatever it finds.</summary>
    public ImmutableArray<Ipv4Address> Addresses { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        $"'{Of}' ends: {Outcome}{(Responder is { } responder ? $" by {responder}" : "")}{(Addresses.IsDefault ? "" : $", {string.Join(", ", Addresses)}")}";
}

/// <summary>A name stands so in the databases of name servers.</summary>
/// <param name="Name">The name.</param>
/// <param name="State">How; null for not at all.</param>
public sealed record RecordExpectation(NetBiosName Name, NameRecordState? State) : ScenarioExpectation
{
    /// <summary>In whose databases: in each of them.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>What kind of name it is; null for any.</summary>
    public NameRecordType? Type { get; init; }

    /// <summary>Its addresses, in any order; default for any.</summary>
    public ImmutableArray<Ipv4Address> Addresses { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        $"{string.Join(", ", Hosts)} has {Name} {(State is { } state ? state.ToString() : "not")}{(Type is { } type ? $" {type}" : "")}"
        + $"{(Addresses.IsDefault ? "" : $", {string.Join(", ", Addresses)}")}";
}

/// <summary>Machines decide by a rule so often.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Count">How often.</param>
public sealed record DecisionExpectation(Rule Rule, ExpectedCount Count) : ScenarioExpectation
{
    /// <summary>Which machines; empty for any, all counted together.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>About which name; null for any.</summary>
    public NetBiosName? Name { get; init; }

    /// <summary>The address of the other machine: who sent the datagram, or is asked; null for any.</summary>
    public Ipv4Address? Peer { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        $"{(Hosts.IsEmpty ? "anybody" : string.Join(", ", Hosts))} decides by {Rule.Id}{About(Name)}{(Peer is { } peer ? $" with {peer}" : "")}: {Count}";
}
