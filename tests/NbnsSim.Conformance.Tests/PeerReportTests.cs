using System.Text.Json;
using NbnsSim.Tests.House;

namespace NbnsSim.Conformance.Tests;

/// <summary>What the scoreboard says of other implementations can be sent to whoever makes them: each failed cell is in the list of cases of a section of the peer's report, and nothing else is.</summary>
public sealed class PeerReportTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "conformance");

    private static IEnumerable<TestCaseData> Peers()
    {
        using var peers = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "peers.json")));
        foreach (var peer in peers.RootElement.EnumerateArray())
        {
            string id = peer.GetProperty("id").GetString()!;
            if (!peer.TryGetProperty("note", out _))
                yield return new TestCaseData(id, peer.TryGetProperty("report", out var report) ? report.GetString() : null).SetArgDisplayNames(id);
        }
    }

    [TestCaseSource(nameof(Peers))]
    public void WhatFailed_IsInTheReport(string peer, string? report)
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json")));
        var failed = expected.RootElement.GetProperty(peer).EnumerateObject().Where(role => role.Value.ValueKind == JsonValueKind.Object)
            .SelectMany(role => role.Value.EnumerateObject()).Where(cell => cell.Value.GetString()!.StartsWith("fail", StringComparison.Ordinal)).Select(cell => cell.Name).Distinct(StringComparer.Ordinal);
        string[] lines = report is null ? [] : File.ReadAllLines(Path.Combine(Folder, "reports", report));
        var told = lines.Where(line => line.StartsWith("Cases: ", StringComparison.Ordinal)).SelectMany(line => line["Cases: ".Length..].Split(' '));
        Assert.That(told, Is.EquivalentTo(failed));
    }
}
