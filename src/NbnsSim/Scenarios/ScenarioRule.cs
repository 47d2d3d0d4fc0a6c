using NbnsSim.Simulation;

namespace NbnsSim.Scenarios;

/// <summary>A link rule of a scenario.</summary>
/// <param name="Rule">The rule, its ends open.</param>
/// <param name="From">Who sends.</param>
/// <param name="To">Who receives.</param>
public sealed record ScenarioRule(LinkRule Rule, ScenarioScope From = default, ScenarioScope To = default);

/// <summary>One end of a link rule: everybody, a host, or a segment's hosts.</summary>
/// <param name="Host">The host's name, or null.</param>
/// <param name="Segment">The segment's name, or null.</param>
public readonly record struct ScenarioScope(string? Host, string? Segment);
