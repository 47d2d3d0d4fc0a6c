using NbnsSim.Rules;

namespace NbnsSim.Reports.Pictures;

/// <summary>What a machine decided about a packet.</summary>
/// <param name="Rule">By which rule.</param>
/// <param name="Text">What, in a sentence.</param>
internal sealed record LadderGround(Rule Rule, string Text);
