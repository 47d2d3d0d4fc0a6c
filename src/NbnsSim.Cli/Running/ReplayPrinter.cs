using System.Globalization;
using NbnsSim.Events;
using NbnsSim.Nodes;
using NbnsSim.Replay;

namespace NbnsSim.Cli.Running;

/// <summary>Prints a replay: the events and why, what became of the names, the name table, and where the answers differ.</summary>
internal static class ReplayPrinter
{
    private const int MaxLines = 200;

    public static void Print(Terminal terminal, string title, CaptureReplay replay)
    {
        var output = terminal.Output;
        var options = replay.Node.Options;
        output.WriteLine(terminal.Paint($"{title}: {replay.Host.Address} ({replay.Host.ComputerName}) as a {options.Plan.NodeType} node of {options.Dialect.Title}", "1"));
        string account = string.Create(
            CultureInfo.InvariantCulture,
            $"{Count(replay.Commands, "request")} of the host became {(replay.Commands == 1 ? "a command" : "commands")}, {Count(replay.Delivered, "datagram")} reached it, {Count(replay.EqualAnswers, "answer")} as captured, {replay.DifferentAnswers:N0} otherwise.");
        foreach (string line in TextColumns.Wrap(account, terminal.Width))
            output.WriteLine(line);

        RunPrinter.Heading(terminal, "Events it would have logged");
        PrintEvents(terminal, [replay]);

        RunPrinter.Heading(terminal, "What became of its names");
        Lines(terminal, replay, entry => entry.Kind is ReplayEntryKind.AssumedName or ReplayEntryKind.NameState or ReplayEntryKind.Event or ReplayEntryKind.ClockJump
            || entry.Result is { Kind: OperationKind.Registration or OperationKind.Release, Outcome: not OperationOutcome.Succeeded }, "Nothing.");

        RunPrinter.Heading(terminal, string.Create(CultureInfo.InvariantCulture, $"nbtstat -n after frame {replay.Frame}, {Utc(replay.Now)}"));
        output.Write(NbtStat.FormatLocalNames(replay.Host.Address, options.Scope, replay.Node.GetNameRows(), RunPrinter.StyleOf(options.Dialect), "Local Area Connection"));

        RunPrinter.Heading(terminal, "Where the captured answers differ");
        Lines(terminal, replay, entry => entry.Kind == ReplayEntryKind.Difference, "Nowhere.");
        if (replay.DroppedEntries > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… {replay.DroppedEntries:N0} entries beyond {CaptureReplay.MaxEntries:N0} were not kept"));
    }

    /// <summary>Every host of a capture: a line each, and the events of all.</summary>
    public static void PrintAll(Terminal terminal, string title, IReadOnlyList<CaptureReplay> replays)
    {
        var output = terminal.Output;
        string dialect = replays.Count == 0 ? "" : $" as {replays[0].Node.Options.Dialect.Title} machines";
        output.WriteLine(terminal.Paint(string.Create(CultureInfo.InvariantCulture, $"{title}: {Count(replays.Count, "host")}{dialect}"), "1"));
        foreach (var replay in replays)
        {
            int events = replay.Entries.Count(entry => entry.Event is not null);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {replay.Host.Address,-15}  {replay.Host.ComputerName,-15}  {replay.Node.Options.Plan.NodeType} node  {Count(replay.Node.NameCount, "name")}, {Count(replay.EqualAnswers, "answer")} as captured, {replay.DifferentAnswers:N0} otherwise{(events == 0 ? "" : $", {Count(events, "event")}")}"));
        }

        RunPrinter.Heading(terminal, "Events they would have logged");
        PrintEvents(terminal, replays);
        if (replays.Count > 0)
            output.WriteLine();
            output.WriteLine($"One host in full: nbnssim replay {title} --as {(replays.FirstOrDefault(replay => replay.Entries.Any(entry => entry.Event is not null)) ?? replays[0]).Host.Address}");
    }

    public static void PrintJson(Terminal terminal, string title, CaptureReplay replay)
    {
        var host = replay.Host;
        JsonLines.Write(terminal, "replay", (title, replay), static (json, it) =>
        {
            json.WriteString("file", it.title);
            json.WriteString("host", it.replay.Host.ComputerName);
            json.WriteString("hostAddress", it.replay.Host.Address.ToString());
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

        foreach (var row in replay.Node.GetNameRows())
            JsonLines.WriteName(terminal, replay.Now, host.ComputerName, host.Address, row);
        JsonLines.Write(terminal, "replayed", replay, static (json, it) =>
        {
            json.WriteNumber("frame", it.Frame);
            json.WriteString("time", it.Now.ToString());
            json.WriteNumber("delivered", it.Delivered);
            json.WriteNumber("commands", it.Commands);
            json.WriteNumber("equalAnswers", it.EqualAnswers);
            json.WriteNumber("differentAnswers", it.DifferentAnswers);
            json.WriteNumber("droppedEntries", it.DroppedEntries);
        });
    }

    private static void PrintEvents(Terminal terminal, IReadOnlyList<CaptureReplay> replays)
    {
        bool any = false;
        foreach (var (replay, entry) in replays.SelectMany(replay => replay.Entries, (replay, entry) => (replay, entry)).Where(pair => pair.entry.Event is not null).OrderBy(pair => pair.entry.Time))
        {
            if (any)
                terminal.Output.WriteLine();
            any = true;
            terminal.Output.Write(EventViewerText.Format(entry.Event!, replay.Host.ComputerName, Utc(entry.Time), Math.Min(terminal.Width, 80)));
            Why(terminal, entry);
        }

        if (!any)
            terminal.Output.WriteLine("None.");
    }

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
            $"frame {entry.Frame}, from {reason.Sender.Address} {how}, transaction 0x{reason.TransactionId:X4}. {reason.Rule.Explanation} ({JsonLines.Word(reason.Rule.Basis)}: {reason.Rule.Source})");
        string head = "Why:      ";
        foreach (string line in TextColumns.Wrap(why, terminal.Width - head.Length))
        {
            terminal.Output.WriteLine(head + line);
            head = new string(' ', head.Length);
        }
    }

    private static void Lines(Terminal terminal, CaptureReplay replay, Func<ReplayEntry, bool> wanted, string nothing)
    {
        int count = 0;
        foreach (var entry in replay.Entries.Where(wanted))
        {
            if (++count > MaxLines)
                continue;
            string head = string.Create(CultureInfo.InvariantCulture, $"  frame {entry.Frame,-6} {Time(entry.Time)}  ");
            foreach (string line in TextColumns.Wrap(entry.Text, Math.Max(20, terminal.Width - head.Length)))
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

    private static DateTime Date(Instant time) => DateTime.UnixEpoch.AddTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);

    private static string Utc(Instant time) => Date(time).ToString("yyyy-MM-dd HH:mm:ss.ffffff 'UTC'", CultureInfo.InvariantCulture);

    private static string Time(Instant time) => Date(time).ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
