using System.Collections.Immutable;
using NbnsSim.Scenarios;

namespace NbnsSim.Checking;

/// <summary>A run in which a property does not hold.</summary>
/// <param name="Property">The property.</param>
/// <param name="Text">What does not hold, in a sentence.</param>
/// <param name="At">When.</param>
/// <param name="Faults">What went wrong, in the order of time: no run with fewer faults breaks a property, and none with as many does so earlier.</param>
/// <param name="Scenario">The scenario with these faults as link rules and steps: run as any other, it does the same. It expects nothing.</param>
public sealed record Counterexample(CheckProperty Property, string Text, Instant At, ImmutableArray<CheckFault> Faults, Scenario Scenario);
