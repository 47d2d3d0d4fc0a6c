using System.Collections.Immutable;
using NbnsSim.Rules;

namespace NbnsSim.Comparing;

/// <summary>Something in which two scenarios differ, and what became of it in their runs.</summary>
/// <param name="Text">What differs: <c>BRAVO: noNameReleaseOnDemand false → true</c>.</param>
/// <param name="Rules">The rules that it turns; none where it turns none.</param>
/// <param name="Before">How often the machines that it is about decided by these rules, or how many datagrams it touched, as it is.</param>
/// <param name="After">The same with the changes.</param>
/// <param name="Seen">What the runs show of it, in a sentence: that its rules were never reached, that nobody asked that name server.</param>
public sealed record ChangeEffect(string Text, ImmutableArray<Rule> Rules, long Before, long After, string Seen);
