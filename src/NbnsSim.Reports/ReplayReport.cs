using System.Globalization;
using NbnsSim.Captures;
using NbnsSim.Events;
using NbnsSim.Narrative;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports.Pictures;
using NbnsSim.Rules;

namespace NbnsSim.Reports;

/// <summary>
/// What nodes that stand in for a capture's hosts make of it, in text or in NDJSON: the events that they would have logged and why, what became of their names,
/// and where the captured answers differ.
/// </summary>
/// <param name="title">What the capture is called.</param>
/// <param name="dialect">What the nodes behave like.</param>
/// <param name="all">The replays, at their end.</param>
public sealed class ReplayReport(string title, NetBtDialect dialect, CaptureReplays all) : IReport
{
    private const int MaxLines = 200;
    private const int MaxHosts = 1000;
    private const int MaxOthersDrawn = 20;
    private const string TakenAsReceived = " What was sent is taken as received: a capture does not show what was lost behind it.";

    private IReadOnlyList<CaptureReplay> Replays => all.Replays;

    private DecisionHistory? Decisions => all.Decisions;

    /// <summary>The same hosts, those that may log something in any dialect, in every other dialect.</summary>
    public IReadOnlyList<CaptureReplays> Others { get; init; } = [];

    /// <summary>How many frames showed a datagram that was captured before, and counts once.</summary>
    public long RepeatedSightings { get; init; }

    /// <summary>How many datagrams there were of hosts beyond those that are kept.</summary>
    public long DatagramsOfOthers { get; init; }

    /// <summary>Whether text tells all about the first of the hosts, as <see cref="WriteInFull"/> does.</summary>
    public bool IsInFull { get; init; }

    /// <summary>Where the replay stopped; null for the end.</summary>
    public Instant? UntilTime { get; init; }

    /// <summary>The last frame that was replayed; null for the end.</summary>
    public long? UntilFrame { get; init; }

    /// <summary>How to ask for one of several hosts in full; null to say nothing of it.</summary>
    public Func<Ipv4Address, string>? HostHint { get; init; }

    /// <summary>Follows a sentence about another dialect: how to ask for it; null for nothing.</summary>
    public Func<NetBtDialect, string>? DialectHint { get; init; }

    /// <summary>How times are printed in text.</summary>
    public WallClock Clock { get; init; } = WallClock.Utc;

    /// <summary>Writes all about the first of the hosts as text.</summary>
    /// <param name="writer">Where to.</param>
    public void WriteInFull(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var replay = Replays[0];
        var options = replay.Node.Options;
        writer.WriteLine($"{title}: {Addresses(replay)} ({replay.Host.ComputerName}) as a {options.Plan.NodeType} node of {options.Dialect.Title}", ReportRole.Title);
        string account = string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(replay.Commands, "request")} of the host became {(replay.Commands == 1 ? "a command" : "commands")}, {Count(replay.Delivered, "datagram")} reached it, {Count(replay.EqualAnswers, "answer")} as captured, {replay.DifferentAnswers:N0} otherwise.");
        if (replay.Host.IsNameServer)
            account += string.Create(CultureInfo.InvariantCulture, $" It serves names: {Count(replay.NameServerAnswers, "answer")} for others are not compared, as a replay stands in for end nodes.");
        writer.WriteWrapped("", account + Repeated() + TakenAsReceived);

        writer.WriteHeading("Events it would have logged");
        WriteEvents(writer);

        writer.WriteHeading("What became of its names");
        WriteLines(writer, Became(replay), "Nothing.");

        writer.WriteHeading(string.Create(CultureInfo.InvariantCulture, $"nbtstat -n after frame {replay.Frame}, {Moment(replay.Now)}"));
        writer.WriteBlock(NbtStat.FormatLocalNames(replay.Host.Address, options.Scope, replay.Node.GetNameRows(), RunReport.StyleOf(options.Dialect), "Local Area Connection"));

        writer.WriteHeading("Where the captured answers differ");
        WriteLines(writer, replay.Entries.Where(entry => entry.Kind == ReplayEntryKind.Difference).Select(entry => (entry.Frame, entry.Time, entry.Text)), "Nowhere.");
        if (replay.DroppedEntries > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {replay.DroppedEntries:N0} entries beyond {CaptureReplay.MaxEntries:N0} were not kept"));
    }

    /// <summary>Writes a line for each host, and the events of all, as text.</summary>
    /// <param name="writer">Where to.</param>
    public void Write(ReportWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (IsInFull)
        {
            WriteInFull(writer);
            return;
        }

        string how = Replays.Count == 0 ? "" : $" as {dialect.Title} machines";
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {Count(Replays.Count, "host")}{how}"), ReportRole.Title);
        foreach (var replay in Replays.Take(MaxHosts))
            writer.WriteLine(Line(replay));
        if (Replays.Count > MaxHosts)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {Replays.Count - MaxHosts:N0} more; the NDJSON has them all"));
        if (DatagramsOfOthers > 0)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Count(DatagramsOfOthers, "datagram")} of further hosts are left out: {CaptureHosts.MaxHosts:N0} hosts are kept."));
        foreach (string line in TextColumns.Wrap(Repeated().TrimStart() + (Replays.Any(replay => replay.Host.IsNameServer)
            ? " Answers that a name server gives for others are not compared: a replay stands in for end nodes."
            : "") + TakenAsReceived, writer.Width))
        {
            if (line.Length > 0)
                writer.WriteLine(line.TrimStart());
        }

        writer.WriteHeading("Events they would have logged");
        WriteEvents(writer);
        if (Replays.Count == 0 || HostHint is not { } hint)
            return;
        writer.WriteLine();
        writer.WriteLine($"One host in full: {hint((Replays.FirstOrDefault(replay => LoggedByOthers.Events(replay).Any()) ?? Replays[0]).Host.Address)}");
    }

    /// <summary>The picture of it: what the nodes decided, and beside it what somebody makes of the capture who only looks at it. Reads the capture twice more.</summary>
    /// <param name="passes">The capture.</param>
    /// <exception cref="InvalidOperationException">The replays do not keep decisions.</exception>
    public Picture Draw(CapturePasses passes)
    {
        ArgumentNullException.ThrowIfNull(passes);
        var history = Decisions ?? throw new InvalidOperationException("The replays do not keep decisions.");
        var diagnosis = new DiagnosisReport(title, Clock);
        Read(diagnosis.Add);
        diagnosis.Complete();
        var drawn = diagnosis.Draw();
        var standing = new Standing(history);
        var names = Replays.SelectMany(replay => replay.Host.OtherAddresses.Prepend(replay.Host.Address), (replay, address) => (Address: address, Name: all.LabelOf(replay.Host)))
            .DistinctBy(pair => pair.Address).ToDictionary(pair => pair.Address, pair => pair.Name);
        string logged = standing.Sentence("would have logged");
        string who = Replays.Count == 1 ? $"{all.LabelOf(Replays[0].Host)} as {dialect.Title}" : string.Create(CultureInfo.InvariantCulture, $"{Replays.Count:N0} hosts as {dialect.Title}");
        var picture = new CapturePicture(new CaptureContent
        {
            Verdict = diagnosis.Verdict,
            Holdings = history.Holdings,
            Standing = standing,
            Title = $"{title}, replayed: {who}",
            Headline = $"{(logged.Length > 0 ? logged : $"{(Replays.Count == 1 ? all.LabelOf(Replays[0].Host) : "No host")} would {(Replays.Count == 1 ? "not " : "")}have logged an event.")} {drawn.Content.Headline}",
            Summary = [.. LoggedByOthers.Find(Replays, Others).Take(MaxOthersDrawn).Select(one => $"{one.Titles} would log {one.Event.Id} on {Addresses(one.Replay)}: {one.Event.Name}, sender {one.Event.Address}.")],
            Notes = [.. drawn.Content.Notes, string.Create(CultureInfo.InvariantCulture, $"Events, name tables and causes are what nodes decide that stand in for the captured hosts; {Count(Replays.Sum(replay => replay.EqualAnswers), "answer")} as captured, {Replays.Sum(replay => replay.DifferentAnswers):N0} otherwise.")],
            Clock = Clock,
            Dialect = dialect,
            History = history,
            Context = Replays.Count == 1 ? address => Replays[0].Host.Address == address || Replays[0].Host.OtherAddresses.Contains(address) : static _ => true,
            NameOf = address => names.GetValueOrDefault(address) ?? drawn.Content.NameOf(address),
            Since = drawn.Content.Since,
            Until = drawn.Content.Until > all.Now ? drawn.Content.Until : all.Now,
        });
        Read(picture.Add);
        return picture.Draw();

        void Read(DatagramTaker take) => passes.ForEach((in CapturedDatagram datagram) =>
        {
            if (datagram.Time > UntilTime || datagram.FrameNumber > UntilFrame)
                return false;
            take(datagram);
            return true;
        });
    }

    private delegate void DatagramTaker(in CapturedDatagram datagram);

    /// <summary>Writes all of it as NDJSON.</summary>
    /// <param name="ndjson">Where to.</param>
    public void Write(NdjsonWriter ndjson)
    {
        ArgumentNullException.ThrowIfNull(ndjson);
        var logging = new Dictionary<NetBtEvent, long>(ReferenceEqualityComparer.Instance); // the decision behind each event
        foreach (var entry in Decisions?.Entries ?? [])
        {
            if (entry.Decision.Event is { } logged)
                logging[logged] = entry.Number;
        }

        var decisions = (Decisions?.Entries ?? []).ToLookup(entry => entry.Host, StringComparer.Ordinal);
        foreach (var replay in Replays)
            WriteReplay(ndjson, replay, decisions[all.LabelOf(replay.Host)], logging);
        foreach (var hint in LoggedByOthers.Find(Replays, Others))
        {
            ndjson.Write("loggedByOthers", hint, static (json, it) =>
            {
                json.WriteMoment(it.Event.Time);
                json.WriteHost(it.Replay.Host.ComputerName, it.Replay.Host.Address);
                json.WriteNumber("eventId", it.Event.Id);
                json.WriteString("address", it.Event.Address.ToString());
                json.WriteName(it.Event.Name);
                json.WriteTexts("dialects", it.Dialects.Select(dialect => dialect.Name));
            });
        }
    }

    private void WriteReplay(NdjsonWriter ndjson, CaptureReplay replay, IEnumerable<HistoryEntry> decisions, Dictionary<NetBtEvent, long> logging)
    {
        var host = replay.Host;
        ndjson.Write("replay", (title, replay), static (json, it) =>
        {
            json.WriteString("file", it.title);
            json.WriteHost(it.replay.Host.ComputerName, it.replay.Host.Address);
            json.WriteTexts("otherAddresses", it.replay.Host.OtherAddresses.Select(address => address.ToString()));
            json.WriteBoolean("nameServer", it.replay.Host.IsNameServer);
            json.WriteString("nodeType", it.replay.Node.Options.Plan.NodeType.ToString());
            json.WriteString("dialect", it.replay.Node.Options.Dialect.Name);
        });
        foreach (var entry in replay.Entries)
        {
            if (entry.Event is { } logged)
                ndjson.WriteEvent(entry.Time, host.ComputerName, host.Address, logged, logging.GetValueOrDefault(logged), entry.Frame);
            else
                WriteEntry(ndjson, host, entry);
        }

        foreach (var entry in decisions)
            ndjson.WriteDecision(entry.Number, entry.Host, entry.Decision, entry.Frame, entry.SentFrame);
        foreach (var row in replay.Node.GetNameRows())
            ndjson.WriteState(replay.Now, host.ComputerName, host.Address, row);
        ndjson.Write("replayed", (replay, RepeatedSightings), static (json, it) =>
        {
            var replay = it.replay;
            json.WriteNumber("frame", replay.Frame);
            json.WriteMoment(replay.Now);
            json.WriteHost(replay.Host.ComputerName, replay.Host.Address);
            json.WriteNumber("delivered", replay.Delivered);
            json.WriteNumber("commands", replay.Commands);
            json.WriteNumber("equalAnswers", replay.EqualAnswers);
            json.WriteNumber("differentAnswers", replay.DifferentAnswers);
            json.WriteNumber("nameServerAnswers", replay.NameServerAnswers);
            json.WriteNumber("repeatedSightings", it.RepeatedSightings);
            json.WriteNumber("droppedEntries", replay.DroppedEntries);
        });
    }

    private static void WriteEntry(NdjsonWriter ndjson, ReplayHost host, ReplayEntry entry) => ndjson.Write(Type(entry.Kind), (host, entry), static (json, it) =>
    {
        var entry = it.entry;
        json.WriteMoment(entry.Time, entry.Frame);
        json.WriteHost(it.host.ComputerName, it.host.Address);
        if (entry.Name != default)
            json.WriteName(entry.Name);
        if (entry.Difference is { } difference)
        {
            json.WriteString("kind", difference.Kind.ToString());
            json.WriteNumber("requestFrame", difference.RequestFrame);
            json.WriteNumber("answerFrame", difference.AnswerFrame);
            json.WriteString("captured", difference.Captured);
            json.WriteString("replayed", difference.Replayed);
            json.WriteTexts("fields", difference.Fields);
        }

        json.WriteString(entry.Kind == ReplayEntryKind.Command ? "command" : "text", entry.Text);
    });

    private static string Type(ReplayEntryKind kind) => kind switch
    {
        ReplayEntryKind.AssumedName => "assumedName",
        ReplayEntryKind.Command => "command",
        ReplayEntryKind.Result => "outcome",
        ReplayEntryKind.NameState => "nameState",
        ReplayEntryKind.Difference => "difference",
        _ => "clockJump",
    };

    private void WriteEvents(ReportWriter writer)
    {
        bool any = false;
        foreach (var (replay, entry) in Replays.SelectMany(replay => replay.Entries, (replay, entry) => (replay, entry)).Where(pair => pair.entry.Event is not null).OrderBy(pair => pair.entry.Time))
        {
            if (any)
                writer.WriteLine();
            any = true;
            writer.WriteBlock(EventViewerText.Format(entry.Event!, replay.Host.ComputerName, Moment(entry.Time), Math.Min(writer.Width, 80)));
            WriteReason(writer, entry);
        }

        if (!any)
            writer.WriteLine("None.");
        foreach (var one in LoggedByOthers.Find(Replays, Others).Take(MaxLines))
        {
            writer.WriteWrapped("→ ", string.Create(
                CultureInfo.InvariantCulture,
                $"{one.Titles} would log {one.Event.Id} on {Addresses(one.Replay)}: {one.Event.Name}, sender {one.Event.Address}{DialectHint?.Invoke(one.Dialects[0])}."));
        }
    }

    private static void WriteReason(ReportWriter writer, ReplayEntry entry)
    {
        var logged = entry.Event!;
        writer.WriteLine($"Name:     {logged.Name}");
        if (logged.Reason is not { } reason)
            return;
        string how = reason.ByBroadcast ? "by broadcast" : "to this host alone";
        writer.WriteWrapped("Why:      ", string.Create(
            CultureInfo.InvariantCulture,
            $"frame {entry.Frame}, from {reason.Sender.Address} {how}, transaction 0x{reason.TransactionId:X4}. {reason.Rule.Sentence} ({reason.Rule.Basis.Word()}: {reason.Rule.Source})"));
    }

    /// <summary>What the node was told, and what changed because of what it decided, each with its rule; a frame where one set it off.</summary>
    private IEnumerable<(long Frame, Instant Time, string Text)> Became(CaptureReplay replay)
    {
        var jumps = replay.Entries.Where(entry => entry.Kind == ReplayEntryKind.ClockJump).Select(entry => (entry.Frame, entry.Time, entry.Text));
        return (Decisions?.Entries ?? [])
            .Where(entry => entry.Decision.Rule.Telling is not null && (entry.IsOutcome || entry.Decision.Rule.Kind == DecisionKind.Told))
            .Select(entry => (entry.Frame, entry.Decision.Time, $"{Decisions!.Describe(entry)} ({entry.Decision.Rule.Id})"))
            .Concat(jumps)
            .OrderBy(line => line.Time);
    }

    private void WriteLines(ReportWriter writer, IEnumerable<(long Frame, Instant Time, string Text)> lines, string nothing)
    {
        int count = 0;
        foreach (var (frame, time, text) in lines)
        {
            if (++count <= MaxLines)
                writer.WriteWrapped(string.Create(CultureInfo.InvariantCulture, $"  {(frame == 0 ? "" : $"frame {frame}"),-12} {Clock.At(time):HH:mm:ss.ffffff}  "), text);
        }

        if (count == 0)
            writer.WriteLine(nothing);
        else if (count > MaxLines)
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {count - MaxLines:N0} more; the NDJSON has them all"));
    }

    private static string Line(CaptureReplay replay)
    {
        var host = replay.Host;
        int events = LoggedByOthers.Events(replay).Count();
        string name = host.IsNameServer && host.ComputerName == "HOST" ? "" : host.ComputerName;
        string role = host.IsNameServer ? "server" : $"{replay.Node.Options.Plan.NodeType} node";
        string served = host.IsNameServer ? string.Create(CultureInfo.InvariantCulture, $", {replay.NameServerAnswers:N0} as a name server") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {Addresses(replay),-15}  {name,-15}  {role}  {Count(replay.Node.NameCount, "name")}, {Count(replay.EqualAnswers, "answer")} as captured, {replay.DifferentAnswers:N0} otherwise{served}{(events == 0 ? "" : $", {Count(events, "event")}")}");
    }

    private static string Addresses(CaptureReplay replay) => string.Join(", ", replay.Host.OtherAddresses.Prepend(replay.Host.Address));

    private string Repeated() => RepeatedSightings == 0
        ? ""
        : $" {Count(RepeatedSightings, "frame")} {(RepeatedSightings == 1 ? "shows a datagram that was captured before, which counts" : "show datagrams that were captured before, which count")} once.";

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");

    private string Moment(Instant time) => string.Create(CultureInfo.InvariantCulture, $"{Clock.At(time):yyyy-MM-dd HH:mm:ss.ffffff} {Clock.Zone(time)}");
}
