using System.Text.Json;

namespace NbnsSim.Vectors;

/// <summary>What an end node or a name server in a given state must send, step by step.</summary>
public sealed record ExchangeVector
{
    /// <summary>What it is called, such as <c>b/defends-its-unique-name</c>; it stays.</summary>
    public required string Id { get; init; }

    /// <summary>The clause that decides.</summary>
    public required string Clause { get; init; }

    /// <summary>What else there is to say; <see langword="null"/> where there is nothing.</summary>
    public string? Why { get; init; }

    /// <summary>The whole object of <c>exchanges.json</c>: the machine, what it holds, and the steps. The README tells how to play one.</summary>
    public JsonElement Json { get; init; }

    /// <summary>The id.</summary>
    public override string ToString() => Id;

    internal static ExchangeVector Read(JsonElement json) => new()
    {
        Id = json.GetProperty("id").GetString()!,
        Clause = json.GetProperty("clause").GetString()!,
        Why = json.TryGetProperty("why", out var why) ? why.GetString() : null,
        Json = json,
    };
}
