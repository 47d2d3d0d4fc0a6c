using System.Collections.Immutable;

namespace NbnsSim.Audit;

/// <summary>What can take the name server's place for one client and one name.</summary>
/// <param name="Rule">By which rule it can.</param>
/// <param name="Text">What to do, in a sentence.</param>
/// <param name="Lines">Lines for an LMHOSTS file; none where it is something else. Each reads back as the name that is meant, whatever octets that has.</param>
/// <param name="Frames">The frames that show that it works; none where that is inferred.</param>
public sealed record AuditReplacement(AuditRule Rule, string Text, ImmutableArray<string> Lines, ImmutableArray<long> Frames);
