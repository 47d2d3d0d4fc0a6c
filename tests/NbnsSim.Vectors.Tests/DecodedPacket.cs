using System.Text;
using System.Text.Json.Nodes;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Vectors.Tests;

/// <summary>What our codec finds in a packet, in the form that <c>packets.json</c> has.</summary>
internal static class DecodedPacket
{
    public static JsonObject Read(in NbnsPacket packet)
    {
        var questions = new JsonArray();
        foreach (var question in packet.Questions)
            questions.Add(new JsonObject { ["name"] = Name(packet.Bytes, question.Name), ["type"] = (int)question.Type, ["class"] = question.Class });
        var records = new JsonArray();
        foreach (var record in packet.Records)
            records.Add(Record(packet, record));
        return new JsonObject { ["header"] = Header(packet), ["questions"] = questions, ["records"] = records, ["trailing"] = Hex(packet.Trailing) };
    }

    private static JsonObject Header(in NbnsPacket packet) => new()
    {
        ["id"] = packet.TransactionId,
        ["flags"] = packet.Flags.Value,
        ["response"] = packet.IsResponse,
        ["opcode"] = (int)packet.Opcode,
        ["aa"] = packet.Flags.IsAuthoritative,
        ["tc"] = packet.Flags.IsTruncated,
        ["rd"] = packet.Flags.RecursionDesired,
        ["ra"] = packet.Flags.RecursionAvailable,
        ["reserved"] = (packet.Flags.Value & NbnsFlags.ReservedBits) >> 5,
        ["b"] = packet.Flags.IsBroadcast,
        ["rcode"] = (int)packet.Rcode,
        ["qdcount"] = packet.QuestionCount,
        ["ancount"] = packet.AnswerCount,
        ["nscount"] = packet.AuthorityCount,
        ["arcount"] = packet.AdditionalCount,
    };

    private static JsonObject Record(in NbnsPacket packet, NbnsResourceRecord record)
    {
        var json = new JsonObject
        {
            ["section"] = record.Section.ToString().ToLowerInvariant(),
            ["name"] = Name(packet.Bytes, record.Name),
            ["type"] = (int)record.Type,
            ["class"] = record.Class,
            ["ttl"] = record.TimeToLive.Seconds,
            ["rdata"] = Hex(record.Data),
        };
        if (packet.Opcode == NbnsOpcode.Wack)
            AddWack(json, record);
        else if (record.Type == NbnsType.NB)
            AddEntries(json, record);
        else if (record.Type == NbnsType.NBStat)
            AddNodeNames(json, record);
        if (record.TryGetServerName(out var server))
            json["server"] = Name(packet.Bytes, server);
        if (record.TryGetServerAddress(out var address))
            json["address"] = address.ToString();
        return json;
    }

    private static void AddWack(JsonObject json, NbnsResourceRecord record)
    {
        if (record.Data.Length == 2)
            json["requestFlags"] = (record.Data[0] << 8) | record.Data[1];
    }

    private static void AddEntries(JsonObject json, NbnsResourceRecord record)
    {
        var entries = new JsonArray();
        for (int i = 0; i < record.EntryCount; i++)
        {
            var (flags, address) = record.GetEntry(i);
            entries.Add(new JsonObject
            {
                ["flags"] = flags.Value,
                ["group"] = flags.IsGroup,
                ["ownerNodeType"] = flags.OwnerNodeType.ToString(),
                ["reserved"] = flags.Reserved,
                ["address"] = address.ToString(),
            });
        }

        json["entries"] = entries;
    }

    private static void AddNodeNames(JsonObject json, NbnsResourceRecord record)
    {
        var names = new JsonArray();
        for (int i = 0; i < record.NodeNameCount; i++)
        {
            var (name, flags) = record.GetNodeName(i);
            var told = Octets(name);
            told["flags"] = flags.Value;
            told["group"] = flags.IsGroup;
            told["ownerNodeType"] = flags.OwnerNodeType.ToString();
            told["deregistering"] = flags.IsDeregistering;
            told["conflict"] = flags.IsInConflict;
            told["active"] = flags.IsActive;
            told["permanent"] = flags.IsPermanent;
            told["reserved"] = flags.Value & 0x01FF;
            names.Add(told);
        }

        json["names"] = names;
        json["statisticsLength"] = record.StatisticsData.Length;
        bool isWhole = NodeStatistics.TryRead(record.StatisticsData, out var statistics);
        if (isWhole)
            json["statistics"] = Statistics(statistics);
        else if (record.StatisticsData.Length >= MacAddress.Size)
            json["statistics"] = new JsonObject { ["unitId"] = Mac(statistics.UnitId) };
    }

    private static JsonObject Statistics(in NodeStatistics statistics) => new()
    {
        ["unitId"] = Mac(statistics.UnitId),
        ["jumpers"] = statistics.Jumpers,
        ["testResult"] = statistics.TestResult,
        ["versionNumber"] = statistics.Version,
        ["periodOfStatistics"] = statistics.Period,
        ["numberOfCrcs"] = statistics.CrcErrors,
        ["numberAlignmentErrors"] = statistics.AlignmentErrors,
        ["numberOfCollisions"] = statistics.Collisions,
        ["numberSendAborts"] = statistics.SendAborts,
        ["numberGoodSends"] = statistics.GoodSends,
        ["numberGoodReceives"] = statistics.GoodReceives,
        ["numberRetransmits"] = statistics.Retransmits,
        ["numberNoResourceConditions"] = statistics.NoResource,
        ["numberFreeCommandBlocks"] = statistics.FreeCommandBlocks,
        ["totalNumberCommandBlocks"] = statistics.TotalCommandBlocks,
        ["maxTotalNumberCommandBlocks"] = statistics.MaxTotalCommandBlocks,
        ["numberPendingSessions"] = statistics.PendingSessions,
        ["maxNumberPendingSessions"] = statistics.MaxPendingSessions,
        ["maxTotalSessionsPossible"] = statistics.MaxTotalSessions,
        ["sessionDataPacketSize"] = statistics.SessionPacketSize,
    };

    private static JsonObject Name(ReadOnlySpan<byte> octets, NbnsNameView view)
    {
        var json = new JsonObject { ["offset"] = view.Offset, ["pointers"] = Pointers(octets, view.Offset) };
        if (view.TryGetName(out var name))
        {
            foreach (var (key, value) in Octets(name).ToArray())
                json[key] = value!.DeepClone();
        }
        else
        {
            json["octets"] = null;
            json["firstLabel"] = Hex(view.FirstLabel);
        }

        var scope = new JsonArray();
        var labels = view.GetScope().Encoded;
        for (int at = 0; at < labels.Length; at += 1 + labels[at])
            scope.Add(Encoding.Latin1.GetString(labels.Slice(at + 1, labels[at])));
        json["scope"] = scope;
        return json;
    }

    private static JsonObject Octets(in NetBiosName name)
    {
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        name.CopyTo(octets);
        return new JsonObject { ["octets"] = Hex(octets[..NetBiosName.BaseSize]), ["suffix"] = (int)name.Suffix };
    }

    /// <summary>Where the pointers of a name lead to, one after the other. The codec follows them and does not tell.</summary>
    private static JsonArray Pointers(ReadOnlySpan<byte> octets, int at)
    {
        var pointers = new JsonArray();
        while (octets[at] != 0)
        {
            if (octets[at] < 0xC0)
            {
                at += 1 + octets[at];
                continue;
            }

            at = ((octets[at] & 0x3F) << 8) | octets[at + 1];
            pointers.Add(at);
        }

        return pointers;
    }

    private static string Hex(ReadOnlySpan<byte> octets) => Convert.ToHexStringLower(octets);

    private static string Mac(MacAddress address)
    {
        Span<byte> octets = stackalloc byte[MacAddress.Size];
        address.Write(octets);
        return string.Join(':', octets.ToArray().Select(octet => octet.ToString("x2")));
    }
}
