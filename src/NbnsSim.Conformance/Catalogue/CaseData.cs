using System.Text.Json;

namespace NbnsSim.Conformance;

// The case files as they stand: one type for each object of the format, which README.md of the folder Cases describes.

internal sealed class CaseFileData
{
    public required string Clause { get; init; }

    public required string Document { get; init; }

    public required string Title { get; init; }

    public required CaseData[] Cases { get; init; }
}

internal sealed class CaseData
{
    public required int Id { get; init; }

    public required string Level { get; init; }

    public required string Role { get; init; }

    public string? Types { get; init; }

    public required string Says { get; init; }

    public string[]? Also { get; init; }

    public bool Destructive { get; init; }

    public SetupData? Setup { get; init; }

    public required StepData[] Steps { get; init; }
}

internal sealed class SetupData
{
    public required string Type { get; init; }

    public string? Server { get; init; }
}

internal sealed class StepData
{
    public PacketData? Send { get; init; }

    public int Noise { get; init; }

    public PacketData? Given { get; init; }

    public MatcherData? On { get; init; }

    public double? Wait { get; init; }

    public bool Start { get; init; }

    public bool Stop { get; init; }

    public string? Command { get; init; }

    public string? Name { get; init; }

    public string? Address { get; init; }

    public string? From { get; init; }

    public string? To { get; init; }

    public int? Times { get; init; }

    public string? Each { get; init; }

    /// <summary>Of a <see cref="Given"/>, the matcher that must be met; of an <see cref="On"/>, the packet or the packets that are sent.</summary>
    public JsonElement? Reply { get; init; }

    public double After { get; init; }

    public double? Within { get; init; }

    public AlternativeData[]? Expect { get; init; }

    public string? Otherwise { get; init; }

    /// <summary>What an <see cref="On"/> sends.</summary>
    public PacketData[] ReplyPackets => On is null || Reply is not { } reply
        ? []
        : reply.ValueKind == JsonValueKind.Array ? reply.Deserialize(CaseJson.Default.PacketDataArray)! : [reply.Deserialize(CaseJson.Default.PacketData)!];

    /// <summary>What a <see cref="Given"/> must be answered with; null for anything.</summary>
    public MatcherData? ReplyMatcher => Given is null || Reply is not { } reply ? null : reply.Deserialize(CaseJson.Default.MatcherData);

    /// <summary>All packets that the step sends.</summary>
    public IEnumerable<PacketData> Packets() => [.. Send is null ? [] : new[] { Send }, .. Given is null ? [] : new[] { Given }, .. ReplyPackets];

    /// <summary>All that the step looks for.</summary>
    public IEnumerable<MatcherData> Matchers() =>
        [.. On is null ? [] : new[] { On }, .. ReplyMatcher is { } matcher ? new[] { matcher } : [], .. (Expect ?? []).SelectMany(alternative => (alternative.Replies ?? []).Concat(alternative.No ?? []))];
}

internal sealed class AlternativeData
{
    public string? Pass { get; init; }

    public string? Dialect { get; init; }

    public string? Fail { get; init; }

    public string? Source { get; init; }

    public string? Profile { get; init; }

    public MatcherData[]? Replies { get; init; }

    public MatcherData[]? No { get; init; }

    public bool Silence { get; init; }

    public bool InOrder { get; init; }
}
