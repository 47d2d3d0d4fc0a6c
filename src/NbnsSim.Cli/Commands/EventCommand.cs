using System.CommandLine;
using NbnsSim.Events;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Commands;

/// <summary><c>event TEXT</c>: the data of a NetBT event as somebody copied it out of Event Viewer → the event and the address in it.</summary>
internal static class EventCommand
{
    private const int MaxInput = 1 << 18;

    private const string Examples =
        """
        Examples:
          nbnssim event e71a6516
              only the four octets at offset 0028
          nbnssim event "0028: e7 1a 65 16"
              the same, as the row stands there
          nbnssim event "00 00 04 00 01 00 54 00 00 00 00 00 e0 10 00 c0"
              as much of the data as there is, in any usual form: plain hex, spaced octets, Event Viewer's Bytes or Words dump with its offsets
          pbpaste | nbnssim event -
              from the clipboard: the data, the whole event as Event Viewer copies it, its XML, its text, in any usual encoding
          nbnssim event 4321
              what an event means
        """;

    public static Command Create(Terminal terminal)
    {
        var hex = new Argument<string[]>("TEXT")
        {
            Description = "The event as it was copied: its data in hex, its XML, its text, or its number; '-' reads it from standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("event", "Read the data of a NetBT event: which event, and whose address is in it (Q120752).") { hex, json };
        HelpWithExamples.Describe(command, Examples);
        command.SetAction(parsed => Run(terminal, string.Join(' ', parsed.GetValue(hex)!), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string text, bool asJson)
    {
        if (text == "-")
            text = PastedEvent.Decode(ReadInput(terminal));
        if (!PastedEvent.TryParse(text, out var pasted, out string? error))
            throw new BadInputException(error);
        if (!pasted.IsNetBt)
            throw new BadInputException($"This is an event of '{pasted.Provider}'{(pasted.Id is { } other ? $", number {other}" : "")}: not one of NetBT's.");

        var report = new EventDataReport(pasted);
        if (asJson)
            report.Write(terminal.Ndjson);
        else
            report.Write(terminal.Report);
        return pasted.Address is null && (pasted.Data?.IsTruncated ?? pasted.Id is null) ? ExitCode.BadInput : ExitCode.Done;
    }

    /// <summary>Standard input, as much of it as an event may have.</summary>
    private static byte[] ReadInput(Terminal terminal)
    {
        using var input = terminal.OpenInput();
        using var octets = new MemoryStream();
        byte[] buffer = new byte[1 << 12];
        for (int read = input.Read(buffer); read > 0 && octets.Length < MaxInput; read = input.Read(buffer))
            octets.Write(buffer, 0, read);
        return octets.ToArray();
    }
}
