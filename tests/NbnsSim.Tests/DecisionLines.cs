using System.Globalization;
using System.Text;
using NbnsSim.Protocol;

namespace NbnsSim.Tests;

/// <summary>
/// Decisions as text, a line each: the time in milliseconds, the rule, the cause (a command, a datagram, a timer, the lifetime of a name, or the decision that it
/// follows from), then name, address, peer, transaction, interface, try and group where there are some.
/// </summary>
public sealed class DecisionLines(long start = 0) : IDecisionSink
{
    private const int OwnIds = 100; // ids that a test gives; the others are drawn
    private static readonly HashSet<string> s_recorded = new(StringComparer.Ordinal);
    private readonly StringBuilder _lines = new();
    private readonly List<string> _rules = [];

    public override string ToString() => _lines.ToString();

    public long Take(in Decision decision)
    {
        var cause = decision.Cause;
        Assert.That(cause.Decision, Is.LessThanOrEqualTo(_rules.Count));
        _rules.Add(decision.Rule.Id);
        _lines.Append(CultureInfo.InvariantCulture, $"{(decision.Time.Nanoseconds - start) / 1_000_000,7} {decision.Rule.Id} ({cause.Kind}{(cause.Decision == 0 ? "" : $" {_rules[(int)cause.Decision - 1]}")})");
        if (decision.Name != default)
            _lines.Append(' ').Append(decision.Name);
        if (decision.Address != default)
            _lines.Append(" of ").Append(decision.Address);
        if (decision.Peer != default)
            _lines.Append(" by ").Append(decision.Peer);
        if (decision.TransactionId is > 0 and < OwnIds)
            _lines.Append(" id ").Append(decision.TransactionId);
        if (decision.Interface != 0)
            _lines.Append(" on ").Append(decision.Interface);
        if (decision.Tries != 0 || decision.Try != 0)
            _lines.Append(CultureInfo.InvariantCulture, $" {decision.Try}/{decision.Tries}");
        if (decision.IsGroup)
            _lines.Append(" group");
        if (decision.Event is { } logged)
            _lines.Append(CultureInfo.InvariantCulture, $" event {logged.Id} because of {logged.Reason!.Rule.Id}, {logged.Reason.Sender}, {logged.Reason.TransactionId}{(logged.Reason.ByBroadcast ? ", by broadcast" : "")}");
        _lines.Append('\n');
        return _rules.Count;
    }

    /// <summary>Holds what was said in a scene against a recorded file of scenes.</summary>
    /// <param name="file">The file, among the fixtures. With NBNSSIM_RECORD=1 in the environment it is written anew.</param>
    /// <param name="title">Which scene.</param>
    /// <param name="titles">All of them.</param>
    /// <param name="play">Plays a scene and gives what was said.</param>
    public static void Compare(string file, string title, IEnumerable<string> titles, Func<string, string> play)
    {
        string path = Path.Combine(House.Repository.Root, "tests", "NbnsSim.Tests", "Fixtures", file);
        if (Environment.GetEnvironmentVariable("NBNSSIM_RECORD") == "1" && s_recorded.Add(file))
            File.WriteAllText(path, string.Join('\n', titles.Select(one => $"# {one}\n{play(one)}")));
        string text = "\n" + File.ReadAllText(path);
        int start = text.IndexOf($"\n# {title}\n", StringComparison.Ordinal);
        Assert.That(start, Is.Not.Negative, "run the tests with NBNSSIM_RECORD=1 to write it anew");
        start += title.Length + 4;
        int end = text.IndexOf("\n# ", start, StringComparison.Ordinal);
        Assert.That(play(title).Trim(), Is.EqualTo(text[start..(end < 0 ? text.Length : end)].Trim()), "run the tests with NBNSSIM_RECORD=1 to write it anew");
    }
}
