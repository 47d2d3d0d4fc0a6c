using NbnsSim.Names;
using NbnsSim.NameServers;

namespace NbnsSim.Comparing;

/// <summary>A record that a name server has otherwise in the end of one run than of the other.</summary>
/// <param name="Server">The name server.</param>
/// <param name="Name">The name.</param>
/// <param name="Before">Its record as it is; null for none.</param>
/// <param name="After">Its record with the changes; null for none.</param>
public sealed record RecordChange(string Server, NetBiosName Name, NameRecord? Before, NameRecord? After);
