using System.CommandLine;
using NbnsSim.Events;

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

        if (asJson)
            JsonLines.WriteEventData(terminal, pasted);
        else
            Print(terminal, pasted);
        return pasted.Address is null && (pasted.Data?.IsTruncated ?? pasted.Id is null) ? ExitCode.BadInput : ExitCode.Done;
    }

    private static void Print(Terminal terminal, PastedEvent pasted)
    {
        var output = terminal.Output;
        if (pasted.Definition is { } definition)
        {
            output.WriteLine($"Event ID: {definition.Id} (0x{pasted.Data?.Code ?? definition.Code:X8}, {definition.Symbol})");
            output.WriteLine($"Source:   {NetBtEvent.Source}");
            output.WriteLine($"Type:     {definition.Severity}");
            output.WriteLine("Description:");
            foreach (string line in TextColumns.Wrap(pasted.Message!, 80))
                output.WriteLine(line);
            if (pasted.Data is null)
                output.WriteLine($"Meaning:  {definition.Meaning}");
        }

        if (pasted.Data is { } data)
        {
            output.Write("Data (bytes):\n" + EventViewerText.FormatBytes(data.Octets) + "Data (words):\n" + EventViewerText.FormatWords(data.Octets));
            if (data.Address is { } sender && pasted.Address == sender)
                output.Write($"\nAddress: {sender} sent the message. Ask who that is with: nbtstat -A {sender}\n");
            if (data.Octets.Length == Ipv4Address.Size && data.Address is not null)
                output.WriteLine($"Should the four octets be a word of Event Viewer's Words view, it is {Ipv4Address.Read(data.Octets)}.");
        }

        if (pasted.Name is { } name)
        {
            output.Write($"\nName:    {name}\n");
            if (pasted.InterfaceAddress is { } own)
                output.WriteLine($"Wanted:  by this machine, on its interface {own}.");
            if (pasted.Address is { } owner)
                output.WriteLine($"Address: {owner} did not allow it. Ask who that is with: nbtstat -A {owner}");
        }
        else if (pasted.Data is null && pasted.Id is NetBtEventId.DuplicateName or NetBtEventId.NameRelease)
        {
            output.Write("\nAddress: in the event's data, at offset 0028 (Q120752): paste that too.\n");
        }

        foreach (string remark in pasted.Remarks)
            output.Write($"\nNote: {VisibleText.Escape(remark)}\n");
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
