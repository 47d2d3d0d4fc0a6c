namespace NbnsSim.Audit;

/// <summary>A name server that the capture shows.</summary>
/// <param name="Address">Its address.</param>
/// <param name="FirstFrame">The first frame that shows that it is one.</param>
/// <param name="Answers">Whether it is seen to answer.</param>
/// <param name="LongestLifetime">The longest time to live that it granted a name; <see langword="null"/> where none is seen, or only an unlimited one.</param>
/// <param name="LifetimeFrame">The frame of that grant; 0 for none.</param>
/// <param name="GrantsForEver">Whether it granted a name without limit (RFC 1002 §6 INFINITE_TTL).</param>
public sealed record AuditServer(Ipv4Address Address, long FirstFrame, bool Answers, TimeSpan? LongestLifetime, long LifetimeFrame, bool GrantsForEver);
