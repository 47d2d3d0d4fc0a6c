using System.Text.Json.Nodes;

namespace NbnsSim.Reports.Tests;

/// <summary>An independent decode of a capture, one JSON object a line, put into the words of <c>decode --json</c>.</summary>
internal static class Oracle
{
    /// <summary>The oracle's lines, without frames quoted in ICMP errors, which are not NBNS datagrams of their own.</summary>
    public static List<JsonObject> Read(string path) =>
    [
        .. File.ReadLines(path).Select(line => JsonNode.Parse(line)!.AsObject())
            .Where(frame => !frame.ContainsKey("quoted_in")),
    ];

    /// <summary>What <c>decode --json</c> has to say of the frame, as text; errors only as whether there is one.</summary>
    public static string Expected(JsonObject frame) => new JsonObject
    {
        ["schemaVersion"] = 1,
        ["type"] = "packet",
        ["frame"] = frame["frame"]!.DeepClone(),
        ["time"] = frame["time"]!.DeepClone(),
        ["source"] = frame["src"]!.DeepClone(),
        ["sourcePort"] = frame["sport"]!.DeepClone(),
        ["destination"] = frame["dst"]!.DeepClone(),
        ["destinationPort"] = frame["dport"]!.DeepClone(),
        ["transactionId"] = frame["id"]!.DeepClone(),
        ["flags"] = frame["flags"]!.DeepClone(),
        ["opcode"] = frame["opcode"]!.DeepClone(),
        ["response"] = (int)frame["response"]! == 1,
        ["rcode"] = frame["rcode"]!.DeepClone(),
        ["questions"] = new JsonArray([.. frame["questions"]!.AsArray().Select(question => Named(question!.AsObject()))]),
        ["records"] = new JsonArray([.. frame["rrs"]!.AsArray().Select(record => Record(record!.AsObject()))]),
        ["error"] = frame["notes"]!.AsArray().Count > 0,
    }.ToJsonString();

    /// <summary>A line of <c>decode --json</c> in the same form.</summary>
    /// <param name="line">The line.</param>
    /// <param name="nanoseconds">Whether the capture has them; where the oracle's does not, they are cut off.</param>
    public static string Actual(string line, bool nanoseconds = false)
    {
        var decoded = JsonNode.Parse(line)!.AsObject();
        if (nanoseconds)
            decoded["time"] = ((string)decoded["time"]!)[..^3] + "000";
        decoded["error"] = decoded["error"] is not null;
        foreach (string ours in new[] { "kind", "isoTime", "sourceMac", "destinationMac", "rule", "responseTo", "responseTime", "retransmissionOf", "vlanId", "carriers" }) // not in the oracle's lines
            decoded.Remove(ours);
        return decoded.ToJsonString();
    }

    /// <summary>The wildcard's zeros are spelt out by the oracle.</summary>
    private static string Text(JsonObject item) =>
        (string)item["name"]! is var text && text == "*" + string.Concat(Enumerable.Repeat("<00>", 14)) && (int?)item["suffix"] == 0 ? "*" : text;

    private static JsonObject Named(JsonObject item) => new()
    {
        ["name"] = Text(item),
        ["suffix"] = item["suffix"]!.DeepClone(),
        ["scope"] = item["scope"]!.DeepClone(),
        ["type"] = item["type"]!.DeepClone(),
        ["class"] = item["class"]!.DeepClone(),
    };

    private static JsonObject Record(JsonObject item)
    {
        var record = new JsonObject
        {
            ["section"] = (string)item["section"]! switch { "an" => "answer", "ns" => "authority", _ => "additional" },
            ["name"] = Text(item),
            ["suffix"] = item["suffix"]!.DeepClone(),
            ["scope"] = item["scope"]!.DeepClone(),
            ["type"] = item["type"]!.DeepClone(),
            ["class"] = item["class"]!.DeepClone(),
            ["ttl"] = item["ttl"]!.DeepClone(),
        };
        if ((int)item["type"]! == 0x20)
            record["entries"] = new JsonArray([.. (item["nb"]?.AsArray() ?? []).Select(entry => new JsonObject { ["flags"] = entry!["flags"]!.DeepClone(), ["address"] = entry["addr"]!.DeepClone() })]);
        else if ((int)item["type"]! == 0x21)
            record["names"] = new JsonArray([.. item["nbstat"]!["names"]!.AsArray().Select(name => new JsonObject { ["name"] = Text(name!.AsObject()), ["suffix"] = name!["suffix"]!.DeepClone(), ["flags"] = name["flags"]!.DeepClone() })]);
        return record;
    }
}
