using System.CommandLine;
using System.CommandLine.Parsing;
using NbnsSim.Files;
using NbnsSim.Reports.Wireshark;

namespace NbnsSim.Cli.Commands;

/// <summary><c>extcap</c>: scenarios, and what this machine sees, as interfaces of Wireshark, which calls it so.</summary>
internal static class ExtcapCommand
{
    public static Command Create(Terminal terminal)
    {
        var interfaces = new Option<bool>("--extcap-interfaces") { Description = "Print which interfaces there are." };
        var name = new Option<string?>("--extcap-interface") { HelpName = "NAME", Description = "The interface that is meant." };
        var linkTypes = new Option<bool>("--extcap-dlts") { Description = "Print what its frames begin with." };
        var config = new Option<bool>("--extcap-config") { Description = "Print what can be chosen for it." };
        var filter = new Option<string?>("--extcap-capture-filter") { HelpName = "FILTER", Description = "There is none: all packets come." };
        var version = new Option<string?>("--extcap-version") { HelpName = "VERSION", Description = "Wireshark's version.", Arity = ArgumentArity.ZeroOrOne };
        var capture = new Option<bool>("--capture") { Description = "Send the packets of the interface to --fifo." };
        var fifo = new Option<string?>("--fifo") { HelpName = "PATH", Description = "Where Wireshark reads the packets." };
        var dialect = new Option<string?>("--dialect") { HelpName = "DIALECT", Description = "What hosts behave like that have no dialect of their own." };
        var seed = new Option<string?>("--seed") { HelpName = "NUMBER", Description = "What all randomness follows from.", Arity = ArgumentArity.ZeroOrOne };
        var realTime = new Option<bool>("--real-time") { Description = "Packets come when they are sent; else all at once.", Arity = ArgumentArity.ZeroOrOne };
        var live = new Option<string?>("--interface") { HelpName = "NAME", Description = "Of this machine's interfaces only this one." };
        var install = new Option<string?>("--install") { HelpName = "FOLDER", Description = "Write what makes Wireshark call this program into its folder of extcaps." };
        var command = new Command("extcap", "Be a source of packets for Wireshark: scenarios, and what this machine sees, as interfaces.")
        {
            install, interfaces, name, linkTypes, config, filter, version, capture, fifo, dialect, seed, realTime, live,
        };
        ExtcapRequest Request(CommandResult given) => new()
        {
            AsksForInterfaces = given.GetValue(interfaces),
            AsksForLinkTypes = given.GetValue(linkTypes),
            AsksForConfiguration = given.GetValue(config),
            Filter = given.GetValue(filter),
            IsCapture = given.GetValue(capture),
            Interface = given.GetValue(name),
            Fifo = given.GetValue(fifo),
            Dialect = given.GetValue(dialect),
            Seed = given.GetValue(seed),
            IsRealTime = given.GetValue(realTime),
        };
        command.Refuse(result => Request(result).Mistakes);
        command.Refuse("Say what to do: --install FOLDER; the other options are for Wireshark.", result => !result.Children.OfType<OptionResult>().Any(option => !option.Implicit));
        command.SetAction(parsed =>
        {
            var request = Request(parsed.CommandResult);
            if (parsed.GetValue(install) is { } folder)
                terminal.Output.WriteLine($"{OutputFailedException.Tell(() => Extcap.Install(folder, "extcap"))} is there: Wireshark and tshark -D show the interfaces.");
            else if (!request.IsCapture || request.IsQuestion)
                request.Answer(terminal.Output);
            else
                Capture(request, parsed.GetValue(live) is { Length: > 0 } one ? one : null);
        });
        return command;
    }

    /// <summary>Sends packets into Wireshark's pipe; that it is closed means that there is nothing more to do.</summary>
    private static void Capture(ExtcapRequest request, string? source)
    {
        using var frames = request.IsLive ? WatchCommand.Open(source) : null;
        using var stop = frames is null ? null : Interrupts.Do(frames.Dispose);
        using var pipe = new OutputStream(Extcap.OpenFifo(request.Fifo!), $"'{request.Fifo}'", hasReader: true);
        if (frames is null)
            request.Play(pipe);
        else
            frames.CopyTo(pipe);
    }
}
