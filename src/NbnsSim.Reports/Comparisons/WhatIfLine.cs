namespace NbnsSim.Reports;

/// <summary>Something gained or lost, in words.</summary>
/// <param name="Change">What becomes of it: gained, lost, or something in between.</param>
/// <param name="Text">What it is.</param>
/// <param name="Because">What the machine said of it; empty for nothing.</param>
internal readonly record struct WhatIfLine(string Change, string Text, string Because = "");
