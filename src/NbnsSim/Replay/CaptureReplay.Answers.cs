using System.Runtime.InteropServices;
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

    private readonly Queue<ExpectedAnswer> _expected = new(); // oldest first, answered ones among them
    private readonly Dictionary<AnswerKey, ExpectedAnswer> _unanswered = []; // the oldest of each kind, the next ones chained behind it
    private readonly Stack<ExpectedAnswer> _spare = new();

    private void ExpectAnswer(long requestFrame, Ipv4Endpoint destination, in NbnsPacket sent, long decision)
    {
        if (!sent.Name.TryGetName(out var name))
            return;
        if (_expected.Count >= MaxExpected)
            Forget(_expected.Dequeue());
        var expected = _spare.TryPop(out var spare) ? spare : new ExpectedAnswer();
        expected.Set(Now, requestFrame, new AnswerKey(sent.TransactionId, destination, name), sent.Bytes, decision);
        _expected.Enqueue(expected);
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(_unanswered, expected.Key, out bool exists);
        if (exists)
        {
            first!.Last.Next = expected;
            first.Last = expected;
        }
        else
        {
            first = expected;
        }
    }

    /// <summary>The oldest answer of its kind that waits is answered, or given up.</summary>
    private void Take(ExpectedAnswer expected)
    {
        expected.IsTaken = true;
        if (expected.Next is not { } next)
        {
            _unanswered.Remove(expected.Key);
            return;
        }

        next.Last = expected.Last;
        _unanswered[expected.Key] = next;
    }

    /// <returns>The decision that sends the node's answer; 0 where it gives none.</returns>
    private long CompareAnswer(in NbnsPacket captured, NbnsMessageKind kind, NetBiosName name, Ipv4Endpoint destination)
    {
        if (_unanswered.TryGetValue(new AnswerKey(captured.TransactionId, destination, name), out var expected) && NbnsPacket.TryParse(expected.Octets, out var replayed))
        {
            Take(expected);
            if (captured.Bytes.SequenceEqual(expected.Octets))
                EqualAnswers++;
            else if (!DiffersBeyondKept())
                AddDifference(name, new AnswerDifference(
                    AnswerDifferenceKind.Changed, expected.RequestFrame, Frame, NbnsDescription.Describe(captured), NbnsDescription.Describe(replayed), DifferentFields(captured, replayed)));
            return expected.Decision;
        }

        // An answer for a name that the node does not have: the host had it before the capture began.
        if (ShowsHolding(captured, kind) && Node.GetNameState(name) is null)
            Assume(name, captured.Record.FirstEntry.Flags.IsGroup, Frame);
        else if (Host.IsNameServer)
            NameServerAnswers++;
        else if (!DiffersBeyondKept())
            AddDifference(name, new AnswerDifference(AnswerDifferenceKind.OnlyCaptured, 0, Frame, NbnsDescription.Describe(captured), "", []));
        return 0;
    }

    private bool ShowsHolding(in NbnsPacket captured, NbnsMessageKind kind) =>
        captured.HasEntry && Host.IndexOf(captured.Record.FirstEntry.Address) >= 0
        && (kind == NbnsMessageKind.PositiveNameQueryResponse || (kind == NbnsMessageKind.NegativeNameRegistrationResponse && captured.Rcode == NbnsRcode.ActiveError));

    private void ForgetOldAnswers()
    {
        while (_expected.TryPeek(out var oldest) && (oldest.IsTaken || oldest.Time + AnswerWindow < Now))
            Forget(_expected.Dequeue());
    }

    private void ForgetAllAnswers()
    {
        while (_expected.TryDequeue(out var expected))
            Forget(expected);
    }

    private void Forget(ExpectedAnswer expected)
    {
        if (!expected.IsTaken)
        {
            Take(expected);
            if (NbnsPacket.TryParse(expected.Octets, out var replayed) && !DiffersBeyondKept())
                AddDifference(
                    expected.Key.Name, new AnswerDifference(AnswerDifferenceKind.OnlyReplayed, expected.RequestFrame, 0, "", NbnsDescription.Describe(replayed), []), expected.Time);
        }

        expected.Next = null;
        _spare.Push(expected);
    }

    /// <summary>A difference that is counted, and described no more.</summary>
    private bool DiffersBeyondKept()
    {
        DifferentAnswers++;
        return !Keeps();
    }

    private void AddDifference(NetBiosName name, AnswerDifference difference, Instant? time = null)
    {
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

    private readonly record struct AnswerKey(ushort TransactionId, Ipv4Endpoint Destination, NetBiosName Name);

    /// <summary>What the node would have sent; used again when it is done with.</summary>
    private sealed class ExpectedAnswer
    {
        private byte[] _octets = [];
        private int _length;

        public ReadOnlySpan<byte> Octets => _octets.AsSpan(0, _length);

        public AnswerKey Key { get; private set; }

        public Instant Time { get; private set; }

        public long RequestFrame { get; private set; }

        public long Decision { get; private set; }

        public bool IsTaken { get; set; }

        /// <summary>The next one with the same key.</summary>
        public ExpectedAnswer? Next { get; set; }

        /// <summary>The last one with the same key; meaningful for the first.</summary>
        public ExpectedAnswer Last { get; set; } = null!;

        public void Set(Instant time, long requestFrame, AnswerKey key, ReadOnlySpan<byte> octets, long decision)
        {
            (Time, RequestFrame, Key, Decision, IsTaken, Last, _length) = (time, requestFrame, key, decision, false, this, octets.Length);
            if (_octets.Length < octets.Length)
                _octets = new byte[octets.Length];
            octets.CopyTo(_octets);
        }
    }
}
