using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>How a request of a client ended.</summary>
public enum NbnsReplyOutcome
{
    /// <summary>Nobody answered.</summary>
    NoAnswer,

    /// <summary>The answer was positive.</summary>
    Succeeded,

    /// <summary>The answer was negative; <see cref="NbnsReply.Rcode"/> says why.</summary>
    Refused,
}

/// <summary>What came of a name query, registration or release.</summary>
public sealed record NbnsReply
{
    /// <summary>How it ended.</summary>
    public NbnsReplyOutcome Outcome { get; init; }

    /// <summary>The name.</summary>
    public NetBiosName Name { get; init; }

    /// <summary>Who answered; 0.0.0.0:0 for nobody.</summary>
    public Ipv4Endpoint Responder { get; init; }

    /// <summary>RCODE of the answer.</summary>
    public NbnsRcode Rcode { get; init; }

    /// <summary>NB_FLAGS and NB_ADDRESS of each address in the answer.</summary>
    public ImmutableArray<NbEntry> Entries { get; init; } = [];

    /// <summary>TTL in the answer, in seconds; 0 is infinite.</summary>
    public TimeToLive TimeToLive { get; init; }

    /// <summary>Whether the answer was positive.</summary>
    public bool IsSuccess => Outcome == NbnsReplyOutcome.Succeeded;

    /// <summary>The first address in the answer; <see langword="null"/> where there is none.</summary>
    public Ipv4Address? Address => Entries.IsEmpty ? null : Entries[0].Address;

    /// <summary><c>FILESERVER&lt;20&gt;: Succeeded 10.0.0.2 by 10.0.0.1:137</c>.</summary>
    public override string ToString() =>
        $"{Name}: {Outcome}{(Rcode == NbnsRcode.Success ? "" : $" ({Rcode.Symbol()})")}{string.Concat(Entries.Select(entry => $" {entry.Address}"))}{(Responder == default ? "" : $" by {Responder}")}";
}
