using System.Globalization;
using System.Text;
using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Nodes;
using NbnsSim.Protocol;

namespace NbnsSim.Cli.Running;

/// <summary>
/// Tells a run in plain words, an act for each thing a host was told to do, and keeps apart what is documented from what is inferred:
/// sentences that rest on an inference carry a number, and the grounds under it say which. A pure function of the facts.
/// </summary>
internal sealed class Account
{
    /// <summary>How long what a host does still belongs to what it was told: a name server may take 15 s, a boot as long.</summary>
    private static readonly TimeSpan ActLength = TimeSpan.FromSeconds(30);

    /// <summary>The same for what nobody was told to do.</summary>
    private static readonly TimeSpan UntoldActLength = TimeSpan.FromMilliseconds(500);

    private readonly List<Act> _acts = [];
    private readonly HashSet<NetBiosName> _inConflict = [];
    private readonly List<Ground> _documented = [];
    private readonly List<Ground> _inferred = [];
    private readonly Func<string, NetBtDialect> _dialect;
    private readonly Instant _origin;

    private Account(Func<string, NetBtDialect> dialect, Instant origin)
    {
        _dialect = dialect;
        _origin = origin;
    }

    /// <summary>Tells it.</summary>
    /// <param name="facts">What happened, by time.</param>
    /// <param name="dialect">Which dialect a host speaks.</param>
    /// <param name="width">Columns to fit in.</param>
    /// <param name="origin">The time that counts as zero.</param>
    /// <returns>The story, and the grounds it stands on; lines end with <c>\n</c>.</returns>
    public static (string Story, string Grounds) Tell(IReadOnlyList<Fact> facts, Func<string, NetBtDialect> dialect, int width, Instant origin = default)
    {
        var account = new Account(dialect, origin);
        foreach (var fact in facts)
            account.Add(fact);
        return (account.Story(width), account.Grounds(width));
    }

    /// <summary>A command with what came of it.</summary>
    private sealed class Act(Instant time, string host)
    {
        public Instant Time => time;

        public string Host => host;

        public string Opening { get; init; } = "";

        /// <summary>Whether what the host was told to do may end in a release; one that comes long after anything else was sent by hand.</summary>
        public bool MayRelease { get; init; }

        public List<string> LostRefusals { get; } = [];

        public List<NetBiosName> Claimed { get; } = [];

        public List<NetBiosName> Joined { get; } = [];

        public List<NetBiosName> Released { get; } = [];

        public List<string> Sentences { get; } = [];

        public HashSet<(FactKind, string, NetBiosName)> Told { get; } = [];
    }

    private void Add(Fact fact)
    {
        if (fact.Kind == FactKind.Commanded)
        {
            _acts.Add(new Act(fact.Time, fact.Host)
            {
                Opening = Opening(fact.Host, fact.Text),
                MayRelease = fact.Text.Split(' ', 2)[0].ToLowerInvariant() is "logon" or "logoff" or "delete" or "shutdown" or "refresh",
            });
            return;
        }

        // What one host does to another belongs to the act of the one who began.
        string actor = fact.Kind is FactKind.ReleaseIgnored or FactKind.ConflictIgnored || fact.Event?.Id is NetBtEventId.NameRelease or NetBtEventId.DuplicateName ? fact.Other : fact.Host;
        var act = (fact.Kind is FactKind.Found or FactKind.NotFound ? _acts.LastOrDefault(act => IsOf(act) && act.Opening.Contains(fact.Name.ToString(), StringComparison.Ordinal)) : null)
            ?? _acts.LastOrDefault(IsOf)
            ?? (actor == fact.Host ? null : _acts.LastOrDefault(act => fact.Time - act.Time <= ActLength));
        if (act is null)
            _acts.Add(act = new Act(fact.Time, actor)); // nobody was told to: a datagram made by hand, or a timer
        if (!act.Told.Add((fact.Kind, fact.Host, fact.Name)))
            return; // repeats
        if (fact.Kind == FactKind.ReleasedUnheld && act.Released.Contains(fact.Name))
            return; // the second and third time of a release, when the name is held no more

        bool IsOf(Act act) => act.Host == actor
            && fact.Time - act.Time <= (act.Opening.Length > 0 && (act.MayRelease || fact.Kind is not (FactKind.Released or FactKind.ReleasedUnheld)) ? ActLength : UntoldActLength);

        switch (fact.Kind)
        {
            case FactKind.Claimed:
                (fact.IsGroup ? act.Joined : act.Claimed).Add(fact.Name);
                break;
            case FactKind.Released:
                act.Released.Add(fact.Name);
                break;
            case FactKind.Refused:
                act.Sentences.Add($"{fact.Other} {(fact.IsGroup ? "is in group" : "holds")} {fact.Name} and refuses it to {fact.Host}.");
                Know(new Ground(
                    RuleBasis.Documented,
                    fact.IsGroup ? "A member of a group refuses its name to whoever claims it alone." : "A node that holds a unique name refuses it to everybody else who claims it.",
                    "RFC 1002 §5.1.1.5"));
                break;
            case FactKind.RefusalLost:
                act.LostRefusals.Add($"{fact.Other} holds {fact.Name} and refuses it, but {fact.Host} never hears so.");
                break;
            case FactKind.Found:
                act.Sentences.Add($"{fact.Other} answers: {fact.Text}.");
                break;
            case FactKind.NotFound:
                act.Sentences.Add(_inConflict.Contains(fact.Name)
                    ? $"Nobody answers: {fact.Name} is in conflict."
                    : "Nobody answers.");
                if (_inConflict.Contains(fact.Name))
                    Know(new Ground(RuleBasis.Documented, "A name in conflict is neither defended nor answered for.", "RFC 1001 §15.1.3.5"));
                break;
            case FactKind.ReleasedUnheld:
                act.Sentences.Add(ReleasedUnheld(act, fact));
                break;
            case FactKind.ReleaseDemanded:
                act.Sentences.Add($"{fact.Host} tells {fact.Other} to release {fact.Name}.");
                break;
            case FactKind.ReleaseIgnored:
                act.Sentences.Add($"{fact.Host} holds {fact.Name} and takes no notice{ReleaseGround(fact.Host)}.");
                break;
            case FactKind.ConflictDemanded:
                act.Sentences.Add($"{fact.Host} tells {fact.Other} that {fact.Name} is in conflict.");
                if (act.Opening.Contains(" looks for ", StringComparison.Ordinal))
                    Know(new Ground(RuleBasis.Documented, "A node whose query two owners answer tells the later one that the name is in conflict.", "RFC 1002 §5.1.1.3"));
                break;
            case FactKind.ConflictIgnored:
                act.Sentences.Add($"{fact.Host} holds {fact.Name} and takes no notice{Know(new Ground(
                    RuleBasis.Documented, "With the update of MS00-047 a node believes a conflict only as an answer to its own registration or from its own name server.", "MS00-047, Q269239"))}.");
                break;
            case FactKind.Logged:
                Logged(act, fact);
                break;
            default:
                act.Sentences.Add(fact.Text);
                break;
        }
    }

    private string ReleasedUnheld(Act act, Fact fact)
    {
        if (!act.Told.Contains((FactKind.Refused, fact.Host, fact.Name)))
            return $"{fact.Host} releases {fact.Name}, which {(_inConflict.Contains(fact.Name) ? "is in conflict" : "it does not hold")}.";
        if (fact.Name.Suffix == NameSuffix.Messenger)
            Know(new Ground(RuleBasis.Documented, "Windows NT 3.5 logs event 4320 when a user logs on to two machines, though the network works; Windows NT 3.51 corrects it.", "Q131739"));
        return $"{fact.Host} then releases {fact.Name}, which it never got{Know(new Ground(
            RuleBasis.Inferred, $"{_dialect(fact.Host).Title} releases a user's name that it was refused at logon.", "explains Q131739, which names no mechanism"))}.";
    }

    private void Logged(Act act, Fact fact)
    {
        var logged = fact.Event!;
        bool deletes = logged.Reason?.Rule == EndNodeRules.ReleaseDemandDeletes;
        if (logged.Id is NetBtEventId.NameRelease or NetBtEventId.DuplicateName && !deletes)
            _inConflict.Add(logged.Name);
        if (logged.Id is NetBtEventId.NameRelease or NetBtEventId.DuplicateName)
            Know(new Ground(RuleBasis.Documented, "The data of events 4319 and 4320 holds the address of whoever sent the message, at offset 28, last octet first.", "Q120752"));
        string why = "";
        if (logged.Reason is { } reason)
            why = Know(new Ground(reason.Rule.Basis, reason.Rule.Explanation, reason.Rule.Source));
        string what = logged.Id switch
        {
            NetBtEventId.NameRelease => $"{fact.Host} takes the release for its own {fact.Name}{why}: the name {(deletes ? "leaves its table" : "goes into Conflict")}, and the log of {fact.Host} gets event 4320 with the address of {fact.Other}, {logged.Address}, in its data.",
            NetBtEventId.DuplicateName => $"{fact.Host} marks its {fact.Name} as in conflict{why}, and its log gets event 4319 with the address of {fact.Other}, {logged.Address}, in its data.",
            NetBtEventId.DuplicateNameError => $"The log of {fact.Host} gets event 4321{why}: {fact.Name} is refused by {fact.Other}, {logged.Address}.",
            _ => $"The log of {fact.Host} gets event {logged.Id}{why}: {logged.Definition.Meaning}.",
        };
        act.Sentences.Add(what);
    }

    private string ReleaseGround(string host)
    {
        var dialect = _dialect(host);
        return dialect.ReleaseDemand switch
        {
            ReleaseDemandRule.Rfc1002 => Know(new Ground(RuleBasis.Documented, "A B node that hears somebody else's release purges its cache and leaves its own names alone.", "RFC 1002 §5.1.1.5")),
            _ when dialect.NoNameReleaseOnDemand => Know(new Ground(RuleBasis.Documented, "With NoNameReleaseOnDemand set, a node ignores releases except from its own name servers.", "MS00-047, Q269239")),
            _ => Know(new Ground(
                RuleBasis.Inferred, $"{dialect.Title} heeds only a release that carries its own address; this one carries the sender's.", "Q131739 says no more than that Windows NT 3.51 corrects it")),
        };
    }

    /// <summary>Notes what a statement rests on; the number to put behind it, where that is an inference.</summary>
    private string Know(Ground ground)
    {
        if (ground.Basis != RuleBasis.Inferred)
        {
            if (!_documented.Contains(ground))
                _documented.Add(ground);
            return "";
        }

        int index = _inferred.IndexOf(ground);
        if (index < 0)
        {
            index = _inferred.Count;
            _inferred.Add(ground);
        }

        return string.Create(CultureInfo.InvariantCulture, $"\u00A0[{index + 1}]"); // the number stays on the line of the word before it;
    }

    /// <summary>What a host is told to do, as a sentence.</summary>
    public static string Opening(string host, string command)
    {
        string[] words = command.Split(' ', 2);
        string rest = words.Length > 1 ? words[1] : "";
        return words[0].ToLowerInvariant() switch
        {
            _ when host.Length == 0 => command,
            "boot" => $"{host} boots.",
            "logon" => $"{rest} logs on at {host}.",
            "logoff" => $"{rest} logs off at {host}.",
            "shutdown" => $"{host} shuts down.",
            "crash" => $"{host} crashes.",
            "restart" => $"{host} comes back.",
            "add" => $"{host} claims {rest}.",
            "join" => $"{host} joins {rest}.",
            "delete" => $"{host} gives {rest} up.",
            "query" => $"{host} looks for {rest}.",
            _ => $"{host}: {command}.",
        };
    }

    private string Story(int width)
    {
        var text = new StringBuilder();
        int timeWidth = Math.Max(8, _acts.Count == 0 ? 0 : _acts.Max(act => Time(act.Time).Length));
        foreach (var act in _acts)
        {
            var sentences = new List<string>();
            if (act.Opening.Length > 0)
                sentences.Add(act.Opening);
            sentences.AddRange(act.LostRefusals);
            if (act.Claimed.Count + act.Joined.Count > 0)
                sentences.Add(Claims(act));
            if (act.Released.Count > 0)
                sentences.Add($"{act.Host} releases {List(act.Released)}.");
            sentences.AddRange(act.Sentences);
            bool first = true;
            foreach (string line in TextColumns.Wrap(string.Join(' ', sentences), Math.Max(20, width - timeWidth - 2)))
            {
                text.Append(first ? Time(act.Time).PadLeft(timeWidth) : new string(' ', timeWidth)).Append("  ").Append(line.Replace('\u00A0', ' ')).Append('\n');
                first = false;
            }
        }

        return text.ToString();
    }

    private static string Claims(Act act)
    {
        bool named = act.Opening.StartsWith(act.Host, StringComparison.Ordinal);
        string owned = act.Claimed.Count == 0 ? "" : $"{List(act.Claimed)} {(act.Claimed.Count == 1 ? "is" : "are")} {(named ? "its own" : $"{act.Host}'s")} now";
        string joined = act.Joined.Count == 0 ? "" : $"{(named ? "it" : act.Host)} is in {(act.Joined.Count == 1 ? "group" : "groups")} {List(act.Joined)}";
        return $"{(act.LostRefusals.Count > 0 ? "So" : "Nobody objects:")} {owned}{(owned.Length > 0 && joined.Length > 0 ? ", and " : "")}{joined}.";
    }

    private string Grounds(int width)
    {
        var text = new StringBuilder();
        foreach (var ground in _documented)
            Line(ground.Basis == RuleBasis.Observed ? "observed" : "documented", ground);
        for (int i = 0; i < _inferred.Count; i++)
            Line(string.Create(CultureInfo.InvariantCulture, $"inferred [{i + 1}]"), _inferred[i]);
        return text.ToString();

        void Line(string basis, Ground ground)
        {
            string head = $"  {basis,-12}  ";
            foreach (string line in TextColumns.Wrap($"{ground.Statement} ({ground.Source})", Math.Max(20, width - head.Length)))
            {
                text.Append(head).Append(line).Append('\n');
                head = new string(' ', head.Length);
            }
        }
    }

    private string Time(Instant time) => string.Create(CultureInfo.InvariantCulture, $"{(time - _origin).TotalSeconds:0.000}");

    private static string List(List<NetBiosName> names) =>
        names.Count == 1 ? names[0].ToString() : $"{string.Join(", ", names.Take(names.Count - 1))} and {names[^1]}";
}
