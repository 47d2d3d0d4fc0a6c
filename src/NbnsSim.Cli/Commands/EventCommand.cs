using System.CommandLine;
using System.Text;
using NbnsSim.Events;

namespace NbnsSim.Cli.Commands;

/// <summary><c>event HEX</c>: the data of a NetBT event as somebody copied it out of Event Viewer → the event and the address in it.</summary>
internal static class EventCommand
{
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
              from the clipboard
        """;

    public static Command Create(Terminal terminal)
    {
        var hex = new Argument<string[]>("HEX")
        {
            Description = "The event's data in hex; '-' reads it from standard input.",
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
        {
            using var reader = new StreamReader(terminal.OpenInput(), Encoding.UTF8);
            text = reader.ReadToEnd();
        }

        if (!NetBtEventData.TryParse(text, out var data, out string? error))
            throw new BadInputException(error);

        if (asJson)
        {
            JsonLines.WriteEventData(terminal, data);
        }
        else
        {
            if (data.Definition is { } definition)
            {
                terminal.Output.WriteLine($"Event ID: {definition.Id} (0x{data.Code:X8}, {definition.Symbol})");
                terminal.Output.WriteLine($"Source:   {NetBtEvent.Source}");
                terminal.Output.WriteLine($"Type:     {definition.Severity}");
                terminal.Output.WriteLine("Description:");
                foreach (string line in TextColumns.Wrap(definition.Text ?? definition.Meaning, 80))
                    terminal.Output.WriteLine(line);
            }

            terminal.Output.Write("Data (bytes):\n" + EventViewerText.FormatBytes(data.Octets) + "Data (words):\n" + EventViewerText.FormatWords(data.Octets));
            if (data.Address is { } address)
                terminal.Output.Write($"\nAddress: {address} sent the message. Ask who that is with: nbtstat -A {address}\n");
            if (data.Octets.Length == Ipv4Address.Size && data.Address is not null)
                terminal.Output.WriteLine($"Should the four octets be a word of Event Viewer's Words view, it is {Ipv4Address.Read(data.Octets)}.");
            foreach (string remark in data.Remarks)
                terminal.Output.Write($"\nNote: {VisibleText.Escape(remark)}\n");
        }

        return data.Address is null && data.IsTruncated ? ExitCode.BadInput : ExitCode.Done;
    }
}
