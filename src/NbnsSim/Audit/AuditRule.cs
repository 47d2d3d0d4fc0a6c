using NbnsSim.Rules;

namespace NbnsSim.Audit;

/// <summary>A rule by which an audit decides; <see cref="AuditRules"/> has all of them.</summary>
/// <param name="Id">Its name for ever, such as <c>other-segment</c>.</param>
/// <param name="Basis">Whether a text says so, the frames show it, or it is inferred.</param>
/// <param name="Source">The text with its clause, or what the inference rests on.</param>
/// <param name="Sentence">The rule in a sentence.</param>
public sealed record AuditRule(string Id, RuleBasis Basis, string Source, string Sentence);
