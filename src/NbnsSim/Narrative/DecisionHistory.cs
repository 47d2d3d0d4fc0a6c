using System.Collections.Immutable;
using System.Text;
using NbnsSim.Names;
using NbnsSim.Protocol;

namespace NbnsSim.Narrative;

/// <summary>
/// What several machines decided, in the order of time: from it follow the account of a run (<see cref="Acts"/>), who held which name when
/// (<see cref="Holdings"/>) and the chain of causes behind a state or an event (<see cref="Why"/>). Nothing in it is worked out from packets.
/// </summary>
public sealed class DecisionHistory
{
    private readonly List<HistoryEntry> _entries = [];
    private readonly Dictionary<long, int> _byNumber = [];
    private readonly Dictionary<long, List<string>> _losses = []; // by the decision that sent what was lost
    private readonly List<(Instant Time, string Text)> _notes = [];
    private readonly NameTimeline _timeline;
    private readonly Func<Ipv4Address, string?> _nameOf;
    private readonly int _limit;

    /// <summary>Makes an empty history.</summary>
    /// <param name="nameOf">What the machine of an address is called; <see langword="null"/> for one that is not known, whose address is printed.</param>
    /// <param name="limit">How many decisions are kept; later ones are counted in <see cref="DroppedCount"/>.</param>
    public DecisionHistory(Func<Ipv4Address, string?> nameOf, int limit = 200_000)
    {
        ArgumentNullException.ThrowIfNull(nameOf);
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _nameOf = nameOf;
        _limit = limit;
        _timeline = new NameTimeline(limit);
    }

    private DecisionHistory(DecisionHistory other, Func<Ipv4Address, string?> nameOf)
    {
        (_nameOf, _limit, DroppedCount) = (nameOf, other._limit, other.DroppedCount);
        _entries.AddRange(other._entries);
        _byNumber = new Dictionary<long, int>(other._byNumber);
        _losses = other._losses.ToDictionary(loss => loss.Key, loss => loss.Value.ToList());
        _notes.AddRange(other._notes);
        _timeline = other._timeline.Clone();
    }

    /// <summary>The decisions, in the order in which they were made.</summary>
    public IReadOnlyList<HistoryEntry> Entries => _entries;

    /// <summary>Who held which name from when to when, and why it ended, in the order in which it began: what end nodes decided, worked out from nothing else. As many as there may be decisions are kept.</summary>
    public IReadOnlyList<NameHolding> Holdings => _timeline.Holdings;

    /// <summary>How many decisions there was no room for.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>A copy that goes on by itself.</summary>
    /// <param name="nameOf">What the copy calls the machine of an address.</param>
    internal DecisionHistory Clone(Func<Ipv4Address, string?> nameOf) => new(this, nameOf);

    /// <summary>Adds a decision.</summary>
    /// <param name="number">Its number; greater than that of every one before.</param>
    /// <param name="host">Which machine decided.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="frame">The frame of a capture that set it off or shows it; 0 where there is none.</param>
    public void Add(long number, string host, in Decision decision, long frame = 0)
    {
        ArgumentNullException.ThrowIfNull(host);
        _timeline.Add(number, host, decision, frame);
        if (_entries.Count >= _limit)
        {
            DroppedCount++;
            return;
        }

        _byNumber[number] = _entries.Count;
        _entries.Add(new HistoryEntry(number, host, decision, frame));
    }

    /// <summary>A datagram did not reach a machine.</summary>
    /// <param name="decision">The decision that sent it.</param>
    /// <param name="receiver">Who did not get it.</param>
    public void AddLoss(long decision, string receiver)
    {
        if (!_byNumber.ContainsKey(decision))
            return;
        if (!_losses.TryGetValue(decision, out var receivers))
            _losses[decision] = receivers = [];
        if (!receivers.Contains(receiver, StringComparer.Ordinal))
            receivers.Add(receiver);
    }

    /// <summary>A frame of a capture carries what a decision sent.</summary>
    /// <param name="decision">The decision's number.</param>
    /// <param name="frame">The frame's; of several, the first one counts.</param>
    public void AddFrame(long decision, long frame)
    {
        if (Find(decision) is { SentFrame: 0 } entry)
            entry.SentFrame = frame;
    }

    /// <summary>Something that no machine decided.</summary>
    /// <param name="time">When.</param>
    /// <param name="text">A sentence.</param>
    public void AddNote(Instant time, string text) => _notes.Add((time, text));

    /// <summary>A decision by its number.</summary>
    /// <param name="number">The number.</param>
    /// <returns><see langword="null"/> where it is not kept.</returns>
    public HistoryEntry? Find(long number) => _byNumber.TryGetValue(number, out int index) ? _entries[index] : null;

    /// <summary>
    /// The chain from what a machine last decided about a name back to its first cause. What changed nothing is not looked at: an event that was logged,
    /// a name that was got, lost or marked, a claim that was granted or refused.
    /// </summary>
    /// <param name="host">The machine.</param>
    /// <param name="name">The name.</param>
    /// <param name="at">Up to when; <see langword="null"/> for the end.</param>
    /// <returns>The last link first; empty where the machine decided nothing about the name.</returns>
    public ImmutableArray<HistoryEntry> Why(string host, NetBiosName name, Instant? at = null)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            var entry = _entries[i];
            if (entry.Host == host && entry.Decision.Name == name && !(at < entry.Decision.Time) && entry.IsOutcome)
                return ChainOf(entry);
        }

        return [];
    }

    /// <summary>A decision with all that led to it, the last link first.</summary>
    /// <param name="entry">The decision.</param>
    public ImmutableArray<HistoryEntry> ChainOf(HistoryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var chain = ImmutableArray.CreateBuilder<HistoryEntry>();
        for (var link = entry; link is not null; link = Before(link))
            chain.Add(link);
        return chain.ToImmutable();
    }

    /// <summary>The account: an act for each beginning, in the order of time. Acts of which there is nothing to tell are left out.</summary>
    public ImmutableArray<Act> Acts()
    {
        var acts = new Dictionary<long, ActBuilder>();
        var root = new Dictionary<long, long>();
        foreach (var entry in _entries)
        {
            bool begins = entry.Decision.Cause.Kind is DecisionCauseKind.None or DecisionCauseKind.Lifetime || !root.TryGetValue(entry.Decision.Cause.Decision, out _);
            long begin = begins ? entry.Number : root[entry.Decision.Cause.Decision];
            root[entry.Number] = begin;
            if (!acts.TryGetValue(begin, out var act))
                acts[begin] = act = new ActBuilder(entry.Decision.Time, this);
            act.Add(entry, _losses.GetValueOrDefault(entry.Number));
        }

        return
        [
            .. acts.Values.Select(act => act.Build())
                .Concat(_notes.Select(note => new Act(note.Time, [new ActSentence(note.Text, null, [])])))
                .Where(act => !act.Sentences.IsEmpty)
                .OrderBy(act => act.Time),
        ];
    }

    /// <summary>A decision as a sentence; the rule's own where an account would be silent about it.</summary>
    /// <param name="entry">The decision.</param>
    public string Describe(HistoryEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Decision.Rule.Telling is { } telling ? Fill(telling, entry, [entry.Decision.Name]) : entry.Decision.Rule.Sentence;
    }

    /// <summary>A rule's telling with its places filled in, in one pass: what a name or a host is called is never taken for a place.</summary>
    internal string Fill(string telling, HistoryEntry entry, IReadOnlyList<NetBiosName> names)
    {
        var text = new StringBuilder();
        int at = 0;
        for (int open; (open = telling.IndexOf('{', at)) >= 0;)
        {
            int close = telling.IndexOf('}', open);
            text.Append(telling, at, open - at).Append(Place(telling[(open + 1)..close], entry, names));
            at = close + 1;
        }

        return text.Append(telling, at, telling.Length - at).ToString();
    }

    private string Place(string place, HistoryEntry entry, IReadOnlyList<NetBiosName> names)
    {
        var decision = entry.Decision;
        bool one = names.Count == 1;
        return place switch
        {
            "host" => entry.Host,
            "name" => one ? names[0].ToString() : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}",
            "user" => names[0].BaseName,
            "is" => one ? "is" : "are",
            "them" => one ? "it" : "them",
            "group" => one ? "group" : "groups",
            "peer" => decision.Peer == default ? "everybody" : NameOf(decision.Peer.Address),
            "address" => decision.Address.ToString(),
            "peer-address" => decision.Peer != default && _nameOf(decision.Peer.Address) is { } known ? $"{known}, {decision.Address}," : decision.Address.ToString(),
            "tries" => decision.Tries == 1 ? "once" : $"{decision.Tries} times",
            _ => throw new InvalidOperationException($"The rule {decision.Rule.Id} has a place '{place}' that nothing fills."),
        };
    }

    private string NameOf(Ipv4Address address) => _nameOf(address) ?? address.ToString();

    private HistoryEntry? Before(HistoryEntry entry) => Find(entry.Decision.Cause.Decision) is { } before && before.Number < entry.Number ? before : null;
}
