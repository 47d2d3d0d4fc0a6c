using System.Diagnostics.CodeAnalysis;
using NbnsSim.Protocol;
using NbnsSim.Replay;

namespace NbnsSim.Reports;

/// <summary>What somebody wants replayed: nodes in the place of a capture's hosts, or of one of them.</summary>
/// <example>
/// <code>
/// var request = new ReplayRequest { Dialect = NetBtDialect.WindowsNt35, Host = Ipv4Address.Parse("10.0.0.1") };
/// if (request.TryRun(new CapturePasses(() =&gt; CaptureReader.Open(path)), path, out var report, out string? problem))
///     report.Write(new ReportWriter(Console.Out));
/// else
///     Console.WriteLine(problem);
/// </code>
/// </example>
public sealed record ReplayRequest
{
    /// <summary>What the nodes behave like.</summary>
    public NetBtDialect Dialect { get; init; } = NetBtDialect.Windows2000;

    /// <summary>The host to stand in for; null for every one that sends something.</summary>
    public Ipv4Address? Host { get; init; }

    /// <summary>Where to stop.</summary>
    public ReplayPoint Until { get; init; }

    /// <summary>How times are printed, and <see cref="Until"/> was written.</summary>
    public WallClock Clock { get; init; } = WallClock.Utc;

    /// <summary>Whether NDJSON is to have what the nodes of several hosts decided and answered, not the events alone.</summary>
    public bool IsInFull { get; init; }

    /// <summary>Whether a picture is to be drawn.</summary>
    public bool IsDrawn { get; init; }

    /// <summary>How to ask for one of several hosts in full; null to say nothing of it.</summary>
    public Func<Ipv4Address, string>? HostHint { get; init; }

    /// <summary>Follows a sentence about another dialect: how to ask for it; null for nothing.</summary>
    public Func<NetBtDialect, string>? DialectHint { get; init; }

    /// <summary>Replays the capture: two passes.</summary>
    /// <param name="passes">The capture.</param>
    /// <param name="title">What it is called.</param>
    /// <param name="report">What came of it; null where the host is not in the capture.</param>
    /// <param name="problem">That the host neither sends nor gets anything, and who else does; null after success.</param>
    public bool TryRun(CapturePasses passes, string title, [NotNullWhen(true)] out ReplayReport? report, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(passes);
        (report, problem) = (null, null);
        var hosts = passes.FindHosts(Host, out bool isAddressed);
        var wanted = hosts.Hosts;
        if (Host is { } address)
        {
            if (hosts.Find(address) is null && !isAddressed)
            {
                problem = $"{title}: {address} neither sends nor gets a name service datagram. {hosts.DescribeSenders()}";
                return false;
            }

            wanted = [hosts.Find(address) ?? ReplayHost.Unknown(address)];
        }

        bool isInFull = Host is not null || IsInFull;
        var replays = new CaptureReplays(wanted, Dialect, eventsOnly: !isInFull, keepsDecisions: isInFull || IsDrawn);
        var others = CapturePasses.InOtherDialects([.. wanted.Where(hosts.MayLogEvents)], Dialect);
        var until = Until.TimeIn(passes.First ?? default, Clock);
        passes.Replay([replays, .. others], until, Until.Frame);
        report = new ReplayReport(title, Dialect, replays)
        {
            IsInFull = Host is not null,
            Others = others,
            RepeatedSightings = passes.RepeatedSightings,
            DatagramsOfOthers = hosts.DatagramsOfOthers,
            UntilTime = until,
            UntilFrame = Until.Frame,
            Clock = Clock,
            HostHint = HostHint,
            DialectHint = DialectHint,
        };
        return true;
    }
}
