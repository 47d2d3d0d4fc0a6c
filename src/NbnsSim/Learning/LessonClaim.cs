using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Rules;

namespace NbnsSim.Learning;

/// <summary>What an answer says of what comes behind a moment; held against the simulator.</summary>
public abstract record LessonClaim;

/// <summary>The next packet is of a kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="From">Who sends it; <see langword="null"/> for anybody.</param>
public sealed record NextPacketClaim(NbnsMessageKind Kind, string? From) : LessonClaim;

/// <summary>An event is logged.</summary>
/// <param name="Id">Its id; 0 where nobody logs anything.</param>
/// <param name="Host">By whom; <see langword="null"/> for anybody.</param>
public sealed record EventClaim(int Id, string? Host) : LessonClaim;

/// <summary>A machine decides by a rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Host">The machine.</param>
public sealed record DecisionClaim(Rule Rule, string Host) : LessonClaim;

/// <summary>A name stands so in a machine's table in the end.</summary>
/// <param name="Name">The name.</param>
/// <param name="Host">The machine.</param>
/// <param name="State">How; <see langword="null"/> for not at all.</param>
public sealed record HoldingClaim(NetBiosName Name, string Host, LocalNameState? State) : LessonClaim;
