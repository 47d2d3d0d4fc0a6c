using System.CommandLine;
using NbnsSim.Protocol;
using NbnsSim.Replay;
using NbnsSim.Reports;
using NbnsSim.Reports.Pictures;

namespace NbnsSim.Cli.Commands;

/// <summary><c>replay FILE --as ADDRESS</c>: an end node stands in for a captured host, and tells what it would have logged, and why.</summary>
internal static class ReplayCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The capture; '-' reads it from standard input." };
        var host = Choices.Host("--as", "The IPv4 address of the host to stand in for; every host that sends something if not given.");
        var dialect = Dialects.Option("What the stand-in behaves like", NetBtDialect.Windows2000);
        var at = Choices.At("Stop after this frame, or at this time.", "a frame number nor a time");
        var local = Choices.Local();
        var json = Choices.Json();
        var command = new Command("replay", "Put a NetBIOS node in the place of a captured host: its events, its names, its answers.") { file, host, dialect, at, local, json };
        var drawing = new PictureOptions(command);
        var following = new FollowOptions(command);
        command.SetAction(parsed => Run(
            terminal, parsed.GetValue(file)!, following.Of(parsed), parsed.GetValue(host), Dialects.Find(parsed.GetValue(dialect)!),
            parsed.GetValue(at) is { } point && ReplayPoint.TryParse(point, out var parsedPoint) ? parsedPoint : default, Choices.Clock(terminal, parsed.GetValue(local)),
            drawing.Of(parsed), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string path, Follower? follower, Ipv4Address? address, NetBtDialect dialect, ReplayPoint at, WallClock clock, Action<Picture>? draw, bool asJson)
    {
        using var following = follower;
        using var input = CaptureFiles.OpenTwice(terminal, path, follower);
        var passes = CaptureFiles.Passes(terminal, path, input);
        var hosts = passes.FindHosts(address, out bool addressed);
        IReadOnlyList<ReplayHost> wanted = address is { } one ? [StandIn(hosts, one, addressed, path)] : hosts.Hosts;
        var replays = new CaptureReplays(wanted, dialect, eventsOnly: address is null && !asJson, keepsDecisions: address is not null || asJson || draw is not null);
        var others = CapturePasses.InOtherDialects([.. wanted.Where(hosts.MayLogEvents)], dialect);
        var until = at.TimeIn(passes.First ?? default, clock);
        passes.Replay([replays, .. others], until, at.Frame);
        bool damaged = CaptureFiles.ReportDamage(terminal, path, passes.Damage, passes.DamageCount);
        string title = CaptureFiles.Title(path);
        var report = new ReplayReport(title, dialect, replays)
        {
            Others = others,
            RepeatedSightings = passes.RepeatedSightings,
            DatagramsOfOthers = hosts.DatagramsOfOthers,
            Clock = clock,
            HostHint = host => $"nbnssim replay {title} --as {host}",
            DialectHint = other => $" (--dialect {other.Name})",
        };
        if (asJson)
            report.Write(terminal.Ndjson);
        else if (address is not null)
            report.WriteInFull(terminal.Report);
        else
            report.Write(terminal.Report);
        if (draw is not null)
            draw(report.Draw(passes, until, at.Frame));
        return damaged ? ExitCode.BadInput : ExitCode.Done;
    }

    private static ReplayHost StandIn(CaptureHosts hosts, Ipv4Address address, bool addressed, string path) => hosts.Find(address) ?? (addressed
        ? ReplayHost.Unknown(address)
        : throw new BadInputException($"{CaptureFiles.Title(path)}: {address} neither sends nor gets a name service datagram. {hosts.DescribeSenders()}"));
}
