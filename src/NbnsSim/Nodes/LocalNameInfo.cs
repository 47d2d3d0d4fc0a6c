using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>A row of a node's own name table, as others may see it.</summary>
/// <param name="Name">The name, with its scope.</param>
/// <param name="IsGroup">Whether it is a group name.</param>
/// <param name="State">What is up with it; conflict when it is in conflict on any interface.</param>
/// <param name="TimeToLive">What the name server granted, in seconds; 0 for ever, or never granted.</param>
/// <param name="RefreshAt">When the name server hears of it next; <see langword="null"/> for never.</param>
/// <param name="IsWithNameServer">Whether the name server knows it.</param>
public readonly record struct LocalNameInfo(NetBiosName Name, bool IsGroup, LocalNameState State, TimeToLive TimeToLive, Instant? RefreshAt, bool IsWithNameServer);
