using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Replay;

/// <content>The captured host's answers held against the node's.</content>
public sealed partial class CaptureReplay
{
    private const int MaxExpected = 4096;

    /// <summary>How long the captured host may take to answer; NBNS answers come in milliseconds, a challenge in seconds.</summary>
    private static readonly TimeSpan AnswerWindow = TimeSpan.FromSeconds(2);

    private readonly Queue<ExpectedAnswer> _expected = new();

    private void ExpectAnswer(long requestFrame, Ipv4Endpoint destination, ReadOnlySpan<byte> sent)
    {
        if (_expected.Count >= MaxExpected)
            Report(_expected.Dequeue());
        _expected.Enqueue(new ExpectedAnswer(Now, requestFrame, destination, sent.ToArray()));
    }

    private void CompareAnswer(in NbnsPacket captured, NbnsMessageKind kind, NetBiosName name, Ipv4Endpoint destination)
    {
        foreach (var expected in _expected)
        {
            if (expected.IsMatched || expected.Destination != destination || !NbnsPacket.TryParse(expected.Octets, out var replayed)
                || replayed.TransactionId != captured.TransactionId || !replayed.Name.Is(name))
                continue;
            expected.IsMatched = true;
            if (captured.Bytes.SequenceEqual(expected.Octets))
            {
                EqualAnswers++;
                return;
            }

            AddDifference(name, new AnswerDifference(
                AnswerDifferenceKind.Changed, expected.RequestFrame, Frame, NbnsDescription.Describe(captured), NbnsDescription.Describe(replayed), DifferentFields(captured, replayed)));
            return;
        }

        // An answer for a name that the node does not have: the host had it before the capture began.
        if (ShowsHolding(captured, kind) && Node.GetNameState(name) is null)
        {
            Assume(name, captured.Record.FirstEntry.Flags.IsGroup, Frame);
            return;
        }

        AddDifference(name, new AnswerDifference(AnswerDifferenceKind.OnlyCaptured, 0, Frame, NbnsDescription.Describe(captured), "", []));
    }

    private bool ShowsHolding(in NbnsPacket captured, NbnsMessageKind kind) =>
        captured.HasRecord && captured.Record.FirstEntry.Address == Host.Address
        && (kind == NbnsMessageKind.PositiveNameQueryResponse || (kind == NbnsMessageKind.NegativeNameRegistrationResponse && captured.Rcode == NbnsRcode.ActiveError));

    private void ForgetOldAnswers()
    {
        while (_expected.TryPeek(out var oldest) && (oldest.IsMatched || oldest.Time + AnswerWindow < Now))
            Report(_expected.Dequeue());
    }

    private void ForgetAllAnswers()
    {
        while (_expected.TryDequeue(out var expected))
            Report(expected);
    }

    private void Report(ExpectedAnswer expected)
    {
        if (expected.IsMatched || !NbnsPacket.TryParse(expected.Octets, out var replayed))
            return;
        replayed.Name.TryGetName(out var name);
        AddDifference(name, new AnswerDifference(AnswerDifferenceKind.OnlyReplayed, expected.RequestFrame, 0, "", NbnsDescription.Describe(replayed), []), expected.Time);
    }

    private void AddDifference(NetBiosName name, AnswerDifference difference, Instant? time = null)
    {
        DifferentAnswers++;
        string text = difference.Kind switch
        {
            AnswerDifferenceKind.Changed => $"the host answered {difference.Captured}; the node {difference.Replayed} ({string.Join(", ", difference.Fields)})",
            AnswerDifferenceKind.OnlyCaptured => $"the host sent {difference.Captured}; the node would not",
            _ => $"the node would have sent {difference.Replayed}; the capture has no such answer",
        };
        Add(new ReplayEntry(ReplayEntryKind.Difference, time ?? Now, difference.AnswerFrame == 0 ? difference.RequestFrame : difference.AnswerFrame, name, text, Difference: difference));
    }

    private static List<string> DifferentFields(in NbnsPacket captured, in NbnsPacket replayed)
    {
        var fields = new List<string>();
        if (captured.Flags != replayed.Flags)
            fields.Add($"flags {captured.Flags}/{replayed.Flags}");
        if (captured.HasRecord != replayed.HasRecord)
        {
            fields.Add(captured.HasRecord ? "record only captured" : "record only replayed");
        }
        else if (captured.HasRecord)
        {
            var theirs = captured.Record;
            var ours = replayed.Record;
            if (theirs.Type != ours.Type)
                fields.Add($"type {theirs.Type}/{ours.Type}");
            if (theirs.TimeToLive != ours.TimeToLive)
                fields.Add($"TTL {theirs.TimeToLive}/{ours.TimeToLive}");
            if (theirs.Type == NbnsType.NBStat && ours.Type == NbnsType.NBStat)
                AddNodeStatusFields(fields, theirs, ours);
            else if (!theirs.Data.SequenceEqual(ours.Data))
                fields.Add($"data {Convert.ToHexStringLower(theirs.Data)}/{Convert.ToHexStringLower(ours.Data)}");
        }

        if (fields.Count == 0)
            fields.Add("layout"); // the same content written otherwise: a name in full, trailing octets
        return fields;
    }

    private static void AddNodeStatusFields(List<string> fields, NbnsResourceRecord theirs, NbnsResourceRecord ours)
    {
        var captured = Enumerate(theirs);
        var replayed = Enumerate(ours);
        foreach (var name in captured)
        {
            int same = replayed.FindIndex(other => other.Name == name.Name);
            if (same < 0)
                fields.Add($"name {name.Name} only captured");
            else if (replayed[same].Flags != name.Flags)
                fields.Add($"flags of {name.Name} 0x{name.Flags.Value:X4}/0x{replayed[same].Flags.Value:X4}");
        }

        foreach (var name in replayed.Where(name => !captured.Exists(other => other.Name == name.Name)))
            fields.Add($"name {name.Name} only replayed");
        if (fields.Count == 0 && !theirs.StatisticsData.SequenceEqual(ours.StatisticsData))
            fields.Add("statistics"); // only UNIT_ID means much in them, and no capture tells a replay what it is

        static List<NodeStatusName> Enumerate(NbnsResourceRecord record)
        {
            var names = new List<NodeStatusName>(record.NodeNameCount);
            for (int i = 0; i < record.NodeNameCount; i++)
                names.Add(record.GetNodeName(i));
            return names;
        }
    }

    private sealed class ExpectedAnswer(Instant time, long requestFrame, Ipv4Endpoint destination, byte[] octets)
    {
        public Instant Time => time;

        public long RequestFrame => requestFrame;

        public Ipv4Endpoint Destination => destination;

        public byte[] Octets => octets;

        public bool IsMatched { get; set; }
    }
}
