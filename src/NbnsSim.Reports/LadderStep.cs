namespace NbnsSim.Reports;

/// <summary>A step: something sent from one lane to another, or something that happens on one lane (<paramref name="To"/> = <paramref name="From"/>).</summary>
/// <param name="Time">When.</param>
/// <param name="From">The index of the lane it starts on.</param>
/// <param name="To">The index of the lane it goes to.</param>
/// <param name="Role">What it is; decides its mark where it stays on one lane.</param>
/// <param name="Verb">What is done, such as <c>register</c>.</param>
/// <param name="Subject">To what, such as a name; steps that differ in nothing else share a line.</param>
/// <param name="Key">Steps with one key belong together (a transaction): repeats are folded only until its next different step.</param>
/// <param name="Lost">Whether it never arrived.</param>
/// <param name="Packet">The packet behind it, for whoever shows more than a line; null where there is none. Steps are alike whatever packet is behind them.</param>
internal sealed record LadderStep(
    Instant Time, int From, int To, ReportRole Role, string Verb, string Subject = "", string? Key = null, bool Lost = false, LadderPacket? Packet = null);
