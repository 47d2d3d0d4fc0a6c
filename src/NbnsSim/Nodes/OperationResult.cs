using System.Collections.Immutable;
using NbnsSim.Names;
using NbnsSim.Protocol;
using NbnsSim.Wire;

namespace NbnsSim.Nodes;

/// <summary>How a command ended.</summary>
public sealed record OperationResult
{
    /// <summary>The command.</summary>
    public OperationId Id { get; init; }

    /// <summary>What kind of command.</summary>
    public OperationKind Kind { get; init; }

    /// <summary>The name it was about; default for a boot, refresh or shutdown.</summary>
    public NetBiosName Name { get; init; }

    /// <summary>How it ended.</summary>
    public OperationOutcome Outcome { get; init; }

    /// <summary>When.</summary>
    public Instant CompletedAt { get; init; }

    /// <summary>Who decided it: who answered or objected; 0.0.0.0 for nobody.</summary>
    public Ipv4Address Responder { get; init; }

    /// <summary>RCODE of the answer that decided it.</summary>
    public NbnsRcode Rcode { get; init; }

    /// <summary>Where a query's answer came from.</summary>
    public AnswerSource Source { get; init; }

    /// <summary>The addresses a query found.</summary>
    public ImmutableArray<NbEntry> Entries { get; init; } = [];

    /// <summary>
    /// Whether the answer said that there is more than it has room for (TC, RFC 1002 §4.2.1.1). The rest would be had by TCP (RFC 1001 §15.1.5.1), which is not
    /// spoken here, as by no real stack; of a node's status there is no more to be had (RFC 1001 §15.6).
    /// </summary>
    public bool IsTruncated { get; init; }

    /// <summary>The names a node status request found.</summary>
    public ImmutableArray<NodeStatusName> Names { get; init; } = [];

    /// <summary>UNIT_ID in a node status response.</summary>
    public MacAddress UnitId { get; init; }

    /// <summary>Compares by value, lists by their elements.</summary>
    /// <param name="other">The other result.</param>
    public bool Equals(OperationResult? other) =>
        other is not null && (Id, Kind, Outcome, CompletedAt, Responder) == (other.Id, other.Kind, other.Outcome, other.CompletedAt, other.Responder)
        && (Rcode, Source, UnitId, IsTruncated) == (other.Rcode, other.Source, other.UnitId, other.IsTruncated) && Name == other.Name
        && Entries.AsSpan().SequenceEqual(other.Entries.AsSpan()) && Names.AsSpan().SequenceEqual(other.Names.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => Id.Value ^ ((int)Kind << 24) ^ Name.GetHashCode();

    /// <summary>Kind, name and outcome on one line.</summary>
    public override string ToString() => $"{Kind} {Name}: {Outcome}{(Responder == default ? "" : $" by {Responder}")}";

    /// <summary>Carries a result.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="result">The result; <see langword="null"/> where one is read.</param>
    internal static OperationResult Carry(StateCodec codec, OperationResult? result)
    {
        var from = result ?? new OperationResult();
        int id = from.Id.Value;
        var (kind, outcome, rcode, source) = (from.Kind, from.Outcome, from.Rcode, from.Source);
        var (name, completedAt, responder, unitId, isTruncated) = (from.Name, from.CompletedAt, from.Responder, from.UnitId, from.IsTruncated);
        codec.Carry(ref id);
        codec.Carry(ref kind, OperationKind.Shutdown);
        codec.Carry(ref name);
        codec.Carry(ref outcome, OperationOutcome.IllegalName);
        codec.Carry(ref completedAt);
        codec.Carry(ref responder);
        codec.Carry(ref rcode, (NbnsRcode)15);
        codec.Carry(ref source, AnswerSource.LmHosts);
        codec.Carry(ref isTruncated);
        codec.Carry(ref unitId);
        var entries = codec.Carry(from.Entries, NbEntry.Size, static (StateCodec codec, ref NbEntry entry) => codec.Carry(ref entry));
        var names = codec.Carry(from.Names, NodeStatusName.Size, static (StateCodec codec, ref NodeStatusName status) =>
        {
            (var name, ushort flags) = (status.Name, status.Flags.Value);
            codec.Carry(ref name);
            codec.Carry(ref flags);
            status = new NodeStatusName(name, new NameFlags(flags));
        });
        return result ?? new OperationResult
        {
            Id = new OperationId(id),
            Kind = kind,
            Name = name,
            Outcome = outcome,
            CompletedAt = completedAt,
            Responder = responder,
            Rcode = rcode,
            Source = source,
            IsTruncated = isTruncated,
            UnitId = unitId,
            Entries = entries,
            Names = names,
        };
    }
}
