using System.Text.Json;
using Json.Schema;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Tests;

/// <summary>The published schema of what <c>--json</c> prints.</summary>
internal static class NdjsonSchema
{
    private static readonly EvaluationOptions Quick = new() { OutputFormat = OutputFormat.Flag, RequireFormatValidation = true };
    private static readonly EvaluationOptions Detailed = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private static readonly JsonSchema Schema = JsonSchema.FromText(NdjsonWriter.GetSchema());

    /// <summary>Whether a line fits.</summary>
    public static bool Fits(string line)
    {
        using var json = JsonDocument.Parse(line);
        return Schema.Evaluate(json.RootElement, Quick).IsValid;
    }

    /// <summary>Every line must fit.</summary>
    /// <returns>The types that the lines are of.</returns>
    public static HashSet<string> AssertFits(IEnumerable<string> lines)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            using var json = JsonDocument.Parse(line);
            if (!Schema.Evaluate(json.RootElement, Quick).IsValid)
                Assert.Fail($"{line}\n{string.Join("\n", Faults(json.RootElement))}");
            types.Add(json.RootElement.GetProperty("type").GetString()!);
        }

        return types;
    }

    private static IEnumerable<string> Faults(JsonElement line) =>
        from detail in Schema.Evaluate(line, Detailed).Details ?? []
        where detail is { IsValid: false, Errors: not null } && !detail.EvaluationPath.ToString().Contains("/if/", StringComparison.Ordinal)
        from error in detail.Errors!
        select $"{detail.InstanceLocation} {detail.EvaluationPath}: {error.Value}";
}
