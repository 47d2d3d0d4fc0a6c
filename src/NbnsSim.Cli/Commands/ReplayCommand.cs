using System.CommandLine;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports;

namespace NbnsSim.Cli.Commands;

/// <summary><c>replay FILE --as ADDRESS</c>: an end node stands in for a captured host, and tells what it would have logged, and why.</summary>
internal static class ReplayCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The capture; '-' reads it from standard input." };
        var host = Choices.Host("--as", "The IPv4 address of the host to stand in for; every host that sends something if not given.");
        var kind = Dialects.Option("What the stand-in behaves like", NetBtDialect.Windows2000);
        var at = Choices.At("Stop after this frame, or at this time.", "a frame number nor a time");
        var local = Choices.Local();
        var json = Choices.Json();
        var command = new Command("replay", "Put a NetBIOS node in the place of a captured host: its events, its names, its answers.") { file, host, kind, at, local, json };
        var drawing = new PictureOptions(command);
        var following = new FollowOptions(command);
        command.SetAction(parsed =>
        {
            var (address, dialect, asJson, draw) = (parsed.GetValue(host), Dialects.Find(parsed.GetValue(kind))!, parsed.GetValue(json), drawing.Of(parsed));
            var clock = Choices.Clock(terminal, parsed.GetValue(local));
            using var follower = following.Of(parsed, terminal);
            using var captures = new Captures(terminal, [parsed.GetValue(file)!], follower.Open, rereads: true);
            var passes = captures.Passes();
            var hosts = passes.FindHosts(address, out bool isAddressed);
            IReadOnlyList<ReplayHost> wanted = address is { } one ? [StandIn(hosts, one, isAddressed, captures.Title)] : hosts.Hosts;
            var replays = new CaptureReplays(wanted, dialect, eventsOnly: address is null && !asJson, keepsDecisions: address is not null || asJson || draw is not null);
            var others = CapturePasses.InOtherDialects([.. wanted.Where(hosts.MayLogEvents)], dialect);
            var end = parsed.GetValue(at);
            var until = end.TimeIn(passes.First ?? default, clock);
            passes.Replay([replays, .. others], until, end.Frame);
            bool isDamaged = captures.SayWhatIsDamaged(passes);
            var report = new ReplayReport(captures.Title, dialect, replays)
            {
                Others = others,
                RepeatedSightings = passes.RepeatedSightings,
                DatagramsOfOthers = hosts.DatagramsOfOthers,
                Clock = clock,
                HostHint = other => $"nbnssim replay {captures.Title} --as {other}",
                DialectHint = other => $" (--dialect {other.Name})",
            };
            if (address is not null && !asJson)
                report.WriteInFull(terminal.Report);
            else
                terminal.Print(report, asJson);
            draw?.Invoke(report.Draw(passes, until, end.Frame));
            return isDamaged ? ExitCode.BadInput : ExitCode.Done;
        });
        return command;
    }

    private static ReplayHost StandIn(CaptureHosts hosts, Ipv4Address address, bool isAddressed, string title) => hosts.Find(address) ?? (isAddressed
        ? ReplayHost.Unknown(address)
        : throw new BadInputException($"{title}: {address} neither sends nor gets a name service datagram. {hosts.DescribeSenders()}"));
}
