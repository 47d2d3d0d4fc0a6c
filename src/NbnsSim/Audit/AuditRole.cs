using System.Collections.Immutable;
using NbnsSim.Names;

namespace NbnsSim.Audit;

/// <summary>A name by which domains and the browser work, and what becomes of that without the name server.</summary>
/// <param name="Rule">What the name is for.</param>
/// <param name="Name">The name.</param>
/// <param name="Holders">Who is seen to register it with a name server, or is given out for it; at most 32.</param>
/// <param name="Askers">How many clients asked a name server for it.</param>
/// <param name="Frames">The first frames about it.</param>
public sealed record AuditRole(AuditRule Rule, NetBiosName Name, ImmutableArray<Ipv4Address> Holders, int Askers, ImmutableArray<long> Frames);
