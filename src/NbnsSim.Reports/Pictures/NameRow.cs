using NbnsSim.Names;

namespace NbnsSim.Reports.Pictures;

/// <summary>A name of a machine, and what became of it.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Name">The name.</param>
/// <param name="IsGroup">Whether it is a group's.</param>
/// <param name="IsEvidence">Whether the picture is about it.</param>
/// <param name="Spans">Its states by time.</param>
internal sealed record NameRow(string Host, NetBiosName Name, bool IsGroup, bool IsEvidence, IReadOnlyList<NameSpan> Spans);
