using System.CommandLine;
using NbnsSim.Reports.Wireshark;

namespace NbnsSim.Cli.Commands;

/// <summary><c>wireshark --lua</c>: what Wireshark needs to show what is known here.</summary>
internal static class WiresharkCommand
{
    public static Command Create(Terminal terminal)
    {
        var lua = new Option<bool>("--lua") { Description = "Print a dissector in Lua: fields nbnssim.response_in, .rule, .cause and more." };
        var command = new Command("wireshark", "Print what makes Wireshark and tshark show rules, responses, causes and events.") { lua };
        command.Refuse("Say what to print: --lua.", result => !result.GetValue(lua));
        command.SetAction(_ => LuaDissector.Write(terminal.Output));
        return command;
    }
}
