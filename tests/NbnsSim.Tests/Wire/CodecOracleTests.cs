using System.Text.Json;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Tests.Wire;

/// <summary>Every packet of every shared capture, against a decode that another program made of the same octets.</summary>
public sealed class CodecOracleTests
{
    private static IEnumerable<string> Oracles() => SharedFolder.Root is null ? ["captures"] : SharedFolder.Captures()
        .Select(capture => Path.GetRelativePath(SharedFolder.Root, SharedFolder.OracleOf(Path.Combine(SharedFolder.Root, capture))))
        .Distinct(StringComparer.Ordinal);

    [TestCaseSource(nameof(Oracles))]
    public void PacketsReadAsTheOracleReadsThem(string oracle)
    {
        foreach (string line in File.ReadLines(SharedFolder.Require(oracle)))
        {
            using var json = JsonDocument.Parse(line);
            var expected = json.RootElement;
            byte[] octets = Convert.FromHexString(expected.GetProperty("payload").GetString()!);
            bool whole = NbnsPacket.TryParseLenient(octets, out var packet, out var error);
            string frame = $"frame {expected.GetProperty("frame")}: {error}";
            Assert.That(whole, Is.EqualTo(expected.GetProperty("notes").GetArrayLength() == 0), frame);
            Assert.That((int)packet.TransactionId, Is.EqualTo(expected.GetProperty("id").GetInt32()), frame);
            Assert.That((int)packet.Flags.Value, Is.EqualTo(expected.GetProperty("flags").GetInt32()), frame);
            Assert.That((int)packet.Opcode, Is.EqualTo(expected.GetProperty("opcode").GetInt32()), frame);
            Assert.That(
                new int[] { packet.QuestionCount, packet.AnswerCount, packet.AuthorityCount, packet.AdditionalCount },
                Is.EqualTo(new[] { "qd", "an", "ns", "ar" }.Select(n => expected.GetProperty(n).GetInt32())),
                frame);
            if (whole)
                Assert.That(Convert.ToHexStringLower(packet.Trailing), Is.EqualTo(Text(expected, "trailing") ?? ""), frame);

            Assert.That(packet.Questions.Count, Is.EqualTo(expected.GetProperty("questions").GetArrayLength()), frame);
            var next = expected.GetProperty("questions").EnumerateArray().GetEnumerator();
            foreach (var question in packet.Questions)
            {
                next.MoveNext();
                CompareName(question.Name, next.Current, frame);
                Assert.That((int)question.Type, Is.EqualTo(next.Current.GetProperty("type").GetInt32()), frame);
                Assert.That((int)question.Class, Is.EqualTo(next.Current.GetProperty("class").GetInt32()), frame);
            }

            Assert.That(packet.Records.Count, Is.EqualTo(expected.GetProperty("rrs").GetArrayLength()), frame);
            next = expected.GetProperty("rrs").EnumerateArray().GetEnumerator();
            foreach (var record in packet.Records)
            {
                next.MoveNext();
                CompareRecord(record, next.Current, frame);
            }

            PacketVisitor.VisitAll(packet);
            if (whole && (packet.Anomalies & (NbnsAnomalies.LongName | NbnsAnomalies.IllegalName)) == NbnsAnomalies.None)
            {
                Assert.That(NbnsMessage.TryRead(packet, out var message), Is.True, frame);
                Assert.That(NbnsMessage.TryRead(message!.ToArray(), out var again, out _) && again.Equals(message), Is.True, frame);
            }
        }
    }

    private static void CompareRecord(NbnsResourceRecord record, JsonElement expected, string frame)
    {
        CompareName(record.Name, expected, frame);
        Assert.That(record.Section, Is.EqualTo(Text(expected, "section") switch { "an" => NbnsSection.Answer, "ns" => NbnsSection.Authority, _ => NbnsSection.Additional }), frame);
        Assert.That(record.Name.IsPointer, Is.EqualTo(expected.GetProperty("pointer").GetBoolean()), frame);
        Assert.That((int)record.Type, Is.EqualTo(expected.GetProperty("type").GetInt32()), frame);
        Assert.That((int)record.Class, Is.EqualTo(expected.GetProperty("class").GetInt32()), frame);
        Assert.That(record.TimeToLive.Seconds, Is.EqualTo(expected.GetProperty("ttl").GetUInt32()), frame);
        Assert.That(Convert.ToHexStringLower(record.Data), Is.EqualTo(Text(expected, "rdata")), frame);
        var entries = new List<string>();
        for (int i = 0; i < record.EntryCount; i++)
        {
            var entry = record.GetEntry(i);
            entries.Add($"{entry.Flags.Value} {(entry.Flags.IsGroup ? 1 : 0)} {entry.Flags.OwnerNodeType} {entry.Flags.Reserved} {entry.Address}");
        }

        Assert.That(entries, Is.EqualTo(Items(expected, "nb").Select(e =>
            $"{e.GetProperty("flags")} {e.GetProperty("group")} {e.GetProperty("ont")} {e.GetProperty("reserved")} {e.GetProperty("addr")}")), frame);

        if (!expected.TryGetProperty("nbstat", out var status))
        {
            Assert.That(record.NodeNameCount, Is.Zero, frame);
            return;
        }

        var names = new List<string>();
        for (int i = 0; i < record.NodeNameCount; i++)
        {
            var (name, flags) = record.GetNodeName(i);
            names.Add($"{name.BaseName} {(byte)name.Suffix} {flags.Value} {(flags.IsGroup ? 1 : 0)} {flags.OwnerNodeType} {(flags.IsDeregistering ? 1 : 0)}"
                + $" {(flags.IsInConflict ? 1 : 0)} {(flags.IsActive ? 1 : 0)} {(flags.IsPermanent ? 1 : 0)}");
        }

        Assert.That(names, Is.EqualTo(Items(status, "names").Select(n =>
            $"{n.GetProperty("name")} {n.GetProperty("suffix")} {n.GetProperty("flags")} {n.GetProperty("group")} {n.GetProperty("ont")} {n.GetProperty("drg")}"
            + $" {n.GetProperty("cnf")} {n.GetProperty("act")} {n.GetProperty("prm")}")), frame);
        Assert.That(Convert.ToHexStringLower(record.StatisticsData), Is.EqualTo(Text(status, "stats")), frame);
        NodeStatistics.TryRead(record.StatisticsData, out var statistics);
        Assert.That(statistics.UnitId.ToString().Replace('-', ':').ToLowerInvariant(), Is.EqualTo(Text(status, "unit_id")), frame);
    }

    private static void CompareName(NbnsNameView view, JsonElement expected, string frame)
    {
        bool named = view.TryGetName(out var name);
        Assert.That(view.Offset, Is.EqualTo(expected.GetProperty("offset").GetInt32()), frame);
        Assert.That(named, Is.EqualTo(expected.TryGetProperty("suffix", out var suffix)), frame);
        if (!named)
            return;
        Span<byte> octets = stackalloc byte[NetBiosName.Size];
        name.CopyTo(octets);
        Assert.That(Convert.ToHexStringLower(octets), Is.EqualTo(Text(expected, "raw")), frame);
        Assert.That(name.BaseName, Is.EqualTo(name.IsStatusWildcard ? "*" : Text(expected, "name")), frame); // the oracle spells the zeros out
        Assert.That((int)name.Suffix, Is.EqualTo(suffix.GetInt32()), frame);
        Assert.That(name.Scope.ToString(), Is.EqualTo(Text(expected, "scope")), frame);
    }

    private static string? Text(JsonElement element, string property) => element.TryGetProperty(property, out var value) ? value.GetString() : null;

    private static JsonElement[] Items(JsonElement element, string property) => element.TryGetProperty(property, out var value) ? [.. value.EnumerateArray()] : [];
}
