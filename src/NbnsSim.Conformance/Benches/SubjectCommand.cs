using NbnsSim.Names;

namespace NbnsSim.Conformance.Benches;

/// <summary>What a peer is told to do.</summary>
/// <param name="Verb"><c>query</c>, <c>status</c>, <c>register</c>, <c>release</c>.</param>
/// <param name="Name">The name it is about.</param>
/// <param name="Address">The machine whose status is asked for; null where none is.</param>
public readonly record struct SubjectCommand(string Verb, NetBiosName Name, Ipv4Address? Address = null);
