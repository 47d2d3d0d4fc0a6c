using System.Collections.Immutable;
using System.Text.Json;

namespace NbnsSim.Vectors;

/// <summary>A packet, and what a reader must find in it.</summary>
public sealed record PacketVector
{
    /// <summary>What it is called, such as <c>registration-request/broadcast-unique-b-node</c>; it stays.</summary>
    public required string Id { get; init; }

    /// <summary>The octets: the payload of one UDP datagram.</summary>
    public required ReadOnlyMemory<byte> Octets { get; init; }

    /// <summary>What a reader should make of it.</summary>
    public required VectorVerdict Verdict { get; init; }

    /// <summary>RFC 1002's title of the packet, such as <c>NAME QUERY REQUEST</c>; <see langword="null"/> for an invalid one.</summary>
    public string? Kind { get; init; }

    /// <summary>What is odd about it, in words such as <c>TrailingOctets</c> that the README lists.</summary>
    public ImmutableArray<string> Odd { get; init; } = [];

    /// <summary>What is wrong with it; <see langword="null"/> unless it is invalid.</summary>
    public VectorError? Error { get; init; }

    /// <summary>The clause that decides.</summary>
    public required string Clause { get; init; }

    /// <summary>Where it comes from: a diagram of the RFC, a recording, the habit of a stack, or made.</summary>
    public required string Origin { get; init; }

    /// <summary>What else there is to say; <see langword="null"/> where there is nothing.</summary>
    public string? Why { get; init; }

    /// <summary>The whole object of <c>packets.json</c>, with the header, questions and records below <c>fields</c>.</summary>
    public JsonElement Json { get; init; }

    /// <summary>The header, questions, records and trailing octets; of kind <see cref="JsonValueKind.Undefined"/> where the octets cannot be read.</summary>
    public JsonElement Fields => Json.TryGetProperty("fields", out var fields) ? fields : default;

    /// <summary>The id.</summary>
    public override string ToString() => Id;

    internal static PacketVector Read(JsonElement json) => new()
    {
        Id = json.GetProperty("id").GetString()!,
        Octets = Convert.FromHexString(json.GetProperty("hex").GetString()!),
        Verdict = json.GetProperty("verdict").GetString() switch
        {
            "valid" => VectorVerdict.Valid,
            "tolerated" => VectorVerdict.Tolerated,
            _ => VectorVerdict.Invalid,
        },
        Kind = json.TryGetProperty("kind", out var kind) ? kind.GetString() : null,
        Odd = json.TryGetProperty("odd", out var odd) ? [.. odd.EnumerateArray().Select(one => one.GetString()!)] : [],
        Error = json.TryGetProperty("error", out var error)
            ? new VectorError(error.GetProperty("what").GetString()!, error.GetProperty("octet").GetInt32(), error.GetProperty("readable").GetBoolean())
            : null,
        Clause = json.GetProperty("clause").GetString()!,
        Origin = json.GetProperty("origin").GetString()!,
        Why = json.TryGetProperty("why", out var why) ? why.GetString() : null,
        Json = json,
    };
}
