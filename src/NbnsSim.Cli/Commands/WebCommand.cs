using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using NbnsSim.Transport.Pages;

namespace NbnsSim.Cli.Commands;

/// <summary><c>web</c>: the page in the browser, served to this machine alone.</summary>
internal static class WebCommand
{
    private const ushort StandardPort = 8137;

    public static Command Create(Terminal terminal)
    {
        var port = Choices.Number("--port", "N", $"The port on 127.0.0.1: {StandardPort}; 0 for a free one.", ushort.MaxValue, text => $"'{text}' is no port: expected 0 to 65535.");
        var noOpen = new Option<bool>("--no-open") { Description = "Open no browser: say where the page is." };
        var site = new Option<string?>("--site") { Description = "Serve the page from this folder, not the one beside the program.", HelpName = "FOLDER" };
        var command = new Command("web", "Open the simulator and the diagnosis as a page in the browser, served to this machine alone.") { port, noOpen, site };
        command.SetAction(async (parsed, stop) =>
        {
            string folder = parsed.GetValue(site) ?? Path.Combine(AppContext.BaseDirectory, "web");
            if (!File.Exists(Path.Combine(folder, "index.html")))
                throw new BadInputException($"There is no page in '{folder}'. In a clone of the sources this makes it: dotnet build src/NbnsSim.Cli -t:PublishWeb");
            using var server = Open(new StaticSite(folder), parsed.GetValue(port) ?? StandardPort);
            terminal.Output.WriteLine($"The page is at {server.Address} for this machine alone; Ctrl+C ends.");
            terminal.Output.Flush();
            if (!parsed.GetValue(noOpen))
                Show(server.Address);
            await server.Run(stop).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    private static SiteServer Open(StaticSite site, ushort port)
    {
        try
        {
            return new SiteServer(site, port);
        }
        catch (SocketException e)
        {
            throw new BadInputException($"Port {port} of 127.0.0.1 cannot be used: {e.Message}. Name another with --port, or 0 for a free one.");
        }
    }

    private static void Show(string address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException or InvalidOperationException)
        {
            // no browser here: the address was said
        }
    }
}
