namespace NbnsSim.Audit;

/// <summary>What the capture cannot tell.</summary>
/// <param name="Rule">By which rule it is missing.</param>
/// <param name="Text">What it does not tell, in a sentence.</param>
/// <param name="WhatWouldTell">Which capture, or what else, would tell; empty where nothing would.</param>
/// <param name="PreventsYes">Whether the answer cannot be yes because of it.</param>
public sealed record AuditGap(AuditRule Rule, string Text, string WhatWouldTell, bool PreventsYes);
