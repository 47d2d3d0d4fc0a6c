using NbnsSim.Nodes;
using NbnsSim.Simulation;

namespace NbnsSim.Scenarios;

/// <summary>How a command of a scenario ended on one host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Step">The step that gave the command; null for what belongs to no step, such as each name of a boot.</param>
/// <param name="Result">How it ended.</param>
public sealed record CommandResult(HostId Host, NodeStep? Step, OperationResult Result);
