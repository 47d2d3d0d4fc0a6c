using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Narrative;
using NbnsSim.Nodes;
using NbnsSim.Replay;
using NbnsSim.Reports;
using NbnsSim.Rules;

namespace NbnsSim.Cli.Running;

/// <summary>Prints a replay: the events and why, what became of the names, the name table, and where the answers differ.</summary>
internal static class ReplayPrinter
{
    private const int MaxLines = 200;
    private const int MaxHosts = 1000;
    private const string TakenAsReceived = " What was sent is taken as received: a capture does not show what was lost behind it.";

    public static void Print(Terminal terminal, ReplayAccount told)
    {
        var replay = told.Replays[0];
        var output = terminal.Output;
        var options = replay.Node.Options;
        output.WriteLine(terminal.Paint($"{told.Title}: {Addresses(replay)} ({replay.Host.ComputerName}) as a {options.Plan.NodeType} node of {options.Dialect.Title}", "1"));
        string account = string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(replay.Commands, "request")} of the host became {(replay.Commands == 1 ? "a command" : "commands")}, {Count(replay.Delivered, "datagram")} reached it, {Count(replay.EqualAnswers, "answer")} as captured, {replay.DifferentAnswers:N0} otherwise.");
        if (replay.Host.IsNameServer)
            account += string.Create(CultureInfo.InvariantCulture, $" It serves names: {Count(replay.NameServerAnswers, "answer")} for others are not compared, as a replay stands in for end nodes.");
        account += Repeated(told) + TakenAsReceived;
        foreach (string line in TextColumns.Wrap(account, terminal.Width))
            output.WriteLine(line);

        RunPrinter.Heading(terminal, "Events it would have logged");
        PrintEvents(terminal, told);

        RunPrinter.Heading(terminal, "What became of its names");
        Lines(terminal, told, Became(told), "Nothing.");

        RunPrinter.Heading(terminal, string.Create(CultureInfo.InvariantCulture, $"nbtstat -n after frame {replay.Frame}, {Moment(told, replay.Now)}"));
        output.Write(NbtStat.FormatLocalNames(replay.Host.Address, options.Scope, replay.Node.GetNameRows(), RunPrinter.StyleOf(options.Dialect), "Local Area Connection"));

        RunPrinter.Heading(terminal, "Where the captured answers differ");
        Lines(terminal, told, replay.Entries.Where(entry => entry.Kind == ReplayEntryKind.Difference).Select(entry => (entry.Frame, entry.Time, entry.Text)), "Nowhere.");
        if (replay.DroppedEntries > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {replay.DroppedEntries:N0} entries beyond {CaptureReplay.MaxEntries:N0} were not kept"));
    }

    /// <summary>Every host of a capture: a line each, and the events of all.</summary>
    public static void PrintAll(Terminal terminal, ReplayAccount told)
    {
        var output = terminal.Output;
        var replays = told.Replays;
        string dialect = replays.Count == 0 ? "" : $" as {told.Dialect.Title} machines";
        output.WriteLine(terminal.Paint(string.Create(CultureInfo.InvariantCulture, $"{told.Title}: {Count(replays.Count, "host")}{dialect}"), "1"));
        foreach (var replay in replays.Take(MaxHosts))
        {
            int events = replay.Entries.Count(entry => entry.Event is not null);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {Addresses(replay),-15}  {(replay.Host.IsNameServer && replay.Host.ComputerName == "HOST" ? "" : replay.Host.ComputerName),-15}  {(replay.Host.IsNameServer ? "server" : $"{replay.Node.Options.Plan.NodeType} node")}  {Count(replay.Node.NameCount, "name")}, {Count(replay.EqualAnswers, "answer")} as captured, {replay.DifferentAnswers:N0} otherwise{(replay.Host.IsNameServer ? string.Create(CultureInfo.InvariantCulture, $", {replay.NameServerAnswers:N0} as a name server") : "")}{(events == 0 ? "" : $", {Count(events, "event")}")}"));
        }

        if (replays.Count > MaxHosts)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {replays.Count - MaxHosts:N0} more; --json has them all"));
        if (told.DatagramsOfOthers > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Count(told.DatagramsOfOthers, "datagram")} of further hosts are left out: {CaptureHosts.MaxHosts:N0} hosts are kept."));
        foreach (string line in TextColumns.Wrap(Repeated(told).TrimStart() + (replays.Any(replay => replay.Host.IsNameServer)
            ? " Answers that a name server gives for others are not compared: a replay stands in for end nodes."
            : "") + TakenAsReceived, terminal.Width))
        {
            if (line.Length > 0)
                output.WriteLine(line.TrimStart());
        }

        RunPrinter.Heading(terminal, "Events they would have logged");
        PrintEvents(terminal, told);
        if (replays.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"One host in full: nbnssim replay {told.Title} --as {(replays.FirstOrDefault(replay => replay.Entries.Any(entry => entry.Event is not null)) ?? replays[0]).Host.Address}");
        }
    }

    public static void PrintJson(Terminal terminal, ReplayAccount told)
    {
        var decisions = (told.Decisions?.Entries ?? []).ToLookup(entry => entry.Host);
        foreach (var replay in told.Replays)
            PrintJson(terminal, told, replay, decisions[told.LabelOf(replay.Host)]);
        foreach (var hint in told.LoggedByOthers())
        {
            JsonLines.Write(terminal, "loggedByOthers", hint, static (json, it) =>
            {
                json.WriteString("time", it.Event.Time.ToString());
                json.WriteString("host", it.Replay.Host.ComputerName);
                json.WriteString("hostAddress", it.Replay.Host.Address.ToString());
                json.WriteNumber("eventId", it.Event.Id);
                json.WriteString("address", it.Event.Address.ToString());
                json.WriteString("name", it.Event.Name.BaseName);
                json.WriteNumber("suffix", (int)it.Event.Name.Suffix);
                json.WriteStartArray("dialects");
                foreach (var dialect in it.Dialects)
                    json.WriteStringValue(dialect.Name);
                json.WriteEndArray();
            });
        }
    }

    private static void PrintJson(Terminal terminal, ReplayAccount told, CaptureReplay replay, IEnumerable<HistoryEntry> decisions)
    {
        var host = replay.Host;
        JsonLines.Write(terminal, "replay", (told.Title, replay), static (json, it) =>
        {
            json.WriteString("file", it.Title);
            json.WriteString("host", it.replay.Host.ComputerName);
            json.WriteString("hostAddress", it.replay.Host.Address.ToString());
            json.WriteStartArray("otherAddresses");
            foreach (var address in it.replay.Host.OtherAddresses)
                json.WriteStringValue(address.ToString());
            json.WriteEndArray();
            json.WriteBoolean("nameServer", it.replay.Host.IsNameServer);
            json.WriteString("nodeType", it.replay.Node.Options.Plan.NodeType.ToString());
            json.WriteString("dialect", it.replay.Node.Options.Dialect.Name);
        });
        foreach (var entry in replay.Entries)
        {
            if (entry.Event is { } logged)
            {
                JsonLines.WriteEvent(terminal, entry.Time, host.ComputerName, host.Address, logged);
                JsonLines.WriteReason(terminal, entry.Time, host.ComputerName, logged, entry.Frame);
            }
            else
            {
                WriteEntry(terminal, entry);
            }
        }

        foreach (var entry in decisions)
            RunJson.WriteDecision(terminal, entry.Number, entry.Host, entry.Decision, entry.Frame, entry.SentFrame);
        foreach (var row in replay.Node.GetNameRows())
            JsonLines.WriteName(terminal, replay.Now, host.ComputerName, host.Address, row);
        JsonLines.Write(terminal, "replayed", (replay, told), static (json, both) =>
        {
            var it = both.replay;
            json.WriteNumber("frame", it.Frame);
            json.WriteString("time", it.Now.ToString());
            json.WriteNumber("delivered", it.Delivered);
            json.WriteNumber("commands", it.Commands);
            json.WriteNumber("equalAnswers", it.EqualAnswers);
            json.WriteNumber("differentAnswers", it.DifferentAnswers);
            json.WriteNumber("nameServerAnswers", it.NameServerAnswers);
            json.WriteNumber("repeatedSightings", both.told.RepeatedSightings);
            json.WriteNumber("droppedEntries", it.DroppedEntries);
        });
    }

    private static void PrintEvents(Terminal terminal, ReplayAccount told)
    {
        bool any = false;
        foreach (var (replay, entry) in told.Replays.SelectMany(replay => replay.Entries, (replay, entry) => (replay, entry)).Where(pair => pair.entry.Event is not null).OrderBy(pair => pair.entry.Time))
        {
            if (any)
                terminal.Output.WriteLine();
            any = true;
            terminal.Output.Write(EventViewerText.Format(entry.Event!, replay.Host.ComputerName, Moment(told, entry.Time), Math.Min(terminal.Width, 80)));
            Why(terminal, entry);
        }

        if (!any)
            terminal.Output.WriteLine("None.");
        foreach (var (replay, logged, dialects) in told.LoggedByOthers().Take(MaxLines))
        {
            string text = string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(", ", dialects.Select(dialect => dialect.Title))} would log {logged.Id} on {Addresses(replay)}: {logged.Name}, sender {logged.Address} (--dialect {dialects[0].Name}).");
            string head = "→ ";
            foreach (string line in TextColumns.Wrap(text, terminal.Width - head.Length))
            {
                terminal.Output.WriteLine(head + line);
                head = new string(' ', head.Length);
            }
        }
    }

    private static string Addresses(CaptureReplay replay) => string.Join(", ", replay.Host.OtherAddresses.Prepend(replay.Host.Address));

    private static string Repeated(ReplayAccount told) => told.RepeatedSightings == 0
        ? ""
        : $" {Count(told.RepeatedSightings, "frame")} {(told.RepeatedSightings == 1 ? "shows a datagram that was captured before, which counts" : "show datagrams that were captured before, which count")} once.";

    private static void WriteEntry(Terminal terminal, ReplayEntry entry) => JsonLines.Write(terminal, Type(entry.Kind), entry, static (json, it) =>
    {
        json.WriteString("time", it.Time.ToString());
        json.WriteNumber("frame", it.Frame);
        if (it.Name != default)
        {
            json.WriteString("name", it.Name.BaseName);
            json.WriteNumber("suffix", (int)it.Name.Suffix);
            json.WriteString("scope", it.Name.Scope.ToString());
        }

        if (it.Difference is { } difference)
        {
            json.WriteString("kind", difference.Kind.ToString());
            json.WriteNumber("requestFrame", difference.RequestFrame);
            json.WriteNumber("answerFrame", difference.AnswerFrame);
            json.WriteString("captured", difference.Captured);
            json.WriteString("replayed", difference.Replayed);
            json.WriteStartArray("fields");
            foreach (string field in difference.Fields)
                json.WriteStringValue(field);
            json.WriteEndArray();
        }

        json.WriteString("text", it.Text);
    });

    private static string Type(ReplayEntryKind kind) => kind switch
    {
        ReplayEntryKind.AssumedName => "assumedName",
        ReplayEntryKind.Command => "command",
        ReplayEntryKind.Result => "result",
        ReplayEntryKind.NameState => "nameState",
        ReplayEntryKind.Difference => "difference",
        ReplayEntryKind.ClockJump => "clockJump",
        _ => "entry",
    };

    private static void Why(Terminal terminal, ReplayEntry entry)
    {
        var logged = entry.Event!;
        terminal.Output.WriteLine($"Name:     {logged.Name}");
        if (logged.Reason is not { } reason)
            return;
        string how = reason.ByBroadcast ? "by broadcast" : "to this host alone";
        string why = string.Create(
            CultureInfo.InvariantCulture,
            $"frame {entry.Frame}, from {reason.Sender.Address} {how}, transaction 0x{reason.TransactionId:X4}. {reason.Rule.Sentence} ({JsonLines.Word(reason.Rule.Basis)}: {reason.Rule.Source})");
        string head = "Why:      ";
        foreach (string line in TextColumns.Wrap(why, terminal.Width - head.Length))
        {
            terminal.Output.WriteLine(head + line);
            head = new string(' ', head.Length);
        }
    }

    /// <summary>What the node was told, and what changed because of what it decided, each with its rule; a frame where one set it off.</summary>
    private static IEnumerable<(long Frame, Instant Time, string Text)> Became(ReplayAccount told)
    {
        var jumps = told.Replays[0].Entries.Where(entry => entry.Kind == ReplayEntryKind.ClockJump).Select(entry => (entry.Frame, entry.Time, entry.Text));
        return told.Decisions!.Entries
            .Where(entry => entry.Decision.Rule.Telling is not null && (entry.IsOutcome || entry.Decision.Rule.Kind == DecisionKind.Told))
            .Select(entry => (entry.Frame, entry.Decision.Time, $"{told.Decisions.Describe(entry)} ({entry.Decision.Rule.Id})"))
            .Concat(jumps)
            .OrderBy(line => line.Time);
    }

    private static void Lines(Terminal terminal, ReplayAccount told, IEnumerable<(long Frame, Instant Time, string Text)> lines, string nothing)
    {
        int count = 0;
        foreach (var (frame, time, text) in lines)
        {
            if (++count > MaxLines)
                continue;
            string head = string.Create(CultureInfo.InvariantCulture, $"  {(frame == 0 ? "" : $"frame {frame}"),-12} {told.Clock.At(time):HH:mm:ss.ffffff}  ");
            foreach (string line in TextColumns.Wrap(text, Math.Max(20, terminal.Width - head.Length)))
            {
                terminal.Output.WriteLine(head + line);
                head = new string(' ', head.Length);
            }
        }

        if (count == 0)
            terminal.Output.WriteLine(nothing);
        else if (count > MaxLines)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  … {count - MaxLines:N0} more; --json has them all"));
    }

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");

    private static string Moment(ReplayAccount told, Instant time) => string.Create(CultureInfo.InvariantCulture, $"{told.Clock.At(time):yyyy-MM-dd HH:mm:ss.ffffff} {told.Clock.Zone(time)}");
}
