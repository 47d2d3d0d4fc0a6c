using System.CommandLine;
using NbnsSim.Reports;

namespace NbnsSim.Cli;

/// <summary>The option <c>--local</c>.</summary>
internal static class Clocks
{
    public static Option<bool> Option() => new("--local") { Description = "Print times in this machine's time zone rather than in UTC; JSON keeps UTC." };

    /// <summary>What the option chose.</summary>
    public static WallClock Of(Terminal terminal, bool isLocal) => isLocal ? new WallClock(terminal.LocalZone) : WallClock.Utc;
}
