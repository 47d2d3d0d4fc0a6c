using System.Collections.Immutable;
using System.ComponentModel;
using System.Net.Sockets;
using NbnsSim.Captures;
using NbnsSim.Conformance.Benches;
using NbnsSim.Conformance.Passive;
using NbnsSim.NameServers;
using NbnsSim.Protocol;
using NbnsSim.Reports;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Reports;

/// <summary>A request as it is carried out: by a capture, in the simulator, or with a peer on the network.</summary>
/// <param name="request">What is wanted.</param>
/// <param name="live">Where text goes as cases are run; null for nowhere.</param>
/// <param name="stop">No further case is begun then.</param>
internal sealed class RequestedRun(ConformanceRequest request, ReportWriter? live, CancellationToken stop)
{
    /// <summary>Runs it.</summary>
    /// <param name="problem">Why there is nobody to test, a sentence; null after success.</param>
    /// <returns>What became of the cases; null where there is nobody to test.</returns>
    public ConformanceReport? Run(out string? problem)
    {
        problem = null;
        return request.From is not null ? Judge(request.From, out problem) : request.Simulate is not null ? RunSimulated() : RunPeer(out problem);
    }

    private ConformanceReport? Judge(string capturePath, out string? problem)
    {
        problem = null;
        try
        {
            if (Directory.Exists(capturePath))
                throw new IOException("This is a folder, not a file.");
            using var capture = CaptureReader.Open(capturePath);
            var options = request.Options with { NodeType = request.NodeType };
            var cases = request.Role is null ? [.. request.Select(ConformanceRequest.AllRoles)] : request.Cases.ToHashSet();
            var report = new ConformanceReport($"{request.Peer.Address} in a capture", request.Peer, [], options) { IsVerbose = request.IsVerbose };
            var results = PassiveJudge.ByCase(PassiveJudge.Judge(capture, request.Peer.Address, options, request.Peer.Port)).Where(result => cases.Contains(result.Case)).ToList();
            report.Complaints = [.. UnreadFrames.Complaints(capture, [capturePath])];
            return Collect(report, results, results.Count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            problem = $"{capturePath}: {e.Message}";
            return null;
        }
    }

    private ConformanceReport RunSimulated()
    {
        var subject = new SimulatedSubject
        {
            Dialect = NetBtDialect.TryFind(request.Simulate, out var dialect) ? dialect : NetBtDialect.Rfc1002,
            ServerDialect = NameServerDialect.TryFind(request.Simulate, out var server) ? server : NameServerDialect.Windows2000,
            NodeType = request.NodeType ?? OwnerNodeType.B,
        };
        using var node = new SimulatedBench(subject, request.Drawn);
        using var nameServer = new SimulatedBench(subject with { Role = ConformanceRole.Server }, request.Drawn);
        var forNode = request.Roles == ConformanceRole.Server ? [] : request.Cases.RemoveAll(test => test.Role == ConformanceRole.Server);
        var forServer = request.Cases.RemoveRange(forNode);
        string title = request.Roles switch
        {
            ConformanceRole.Server => nameServer.Title,
            ConformanceRole.Client => $"a node of {subject.Dialect.Title} as it boots, asks and leaves, in the simulator",
            ConformanceRole.Any => $"{subject.NodeType} node of {subject.Dialect.Title}, and {nameServer.Title}",
            _ => node.Title,
        };
        var report = new ConformanceReport(node, request.Options) { Title = title, IsVerbose = request.IsVerbose };
        return Collect(report, Results(node, report, forNode).Concat(Results(nameServer, report, forServer)), request.Cases.Length);
    }

    private ConformanceReport? RunPeer(out string? problem)
    {
        try
        {
            using var bench = new UdpBench(request.BenchOptions(stop));
            if (request.Role == "client" || bench.IsThere()) // a client is started by its cases
                return RunPeer(bench, out problem);
            problem = $"Nothing answers at {request.Peer}: no node status, no name query.{(request.Start is null ? "" : " Does --start start it in the foreground?")}";
        }
        catch (Win32Exception e) when (e is not SocketException)
        {
            problem = $"--start cannot be run: {e.Message}.";
        }
        catch (SocketException e)
        {
            problem = $"The stations {string.Join(", ", request.OwnAddresses)} cannot use port {request.Peer.Port}: {e.Message}. --stations says which of this machine's addresses are the runner's own.";
        }

        return null;
    }

    private ConformanceReport? RunPeer(UdpBench bench, out string? problem)
    {
        var probe = request.Role == "client" ? default : PeerProbe.Ask(bench, request.Drawn);
        var roles = request.Role is not null ? request.Roles : probe.IsServer ? ConformanceRole.Server : ConformanceRole.Node;
        var options = request.Options with { NodeType = request.NodeType ?? (roles.HasFlag(ConformanceRole.Node) ? probe.NodeType : null) };
        string what = roles switch
        {
            ConformanceRole.Server => "name server",
            ConformanceRole.Client => "client",
            ConformanceRole.Any => "machine",
            _ => options.NodeType is { } type ? $"{type} node" : "node",
        };
        var cases = request.Select(roles);
        problem = cases.IsEmpty ? $"{request.Peer} shows itself to be a {what}, and none of these cases is for one: --role says as what it is tested." : null;
        if (problem is not null)
            return null;
        var report = new ConformanceReport(bench, options) { Title = $"the {what} at {request.Peer}", IsVerbose = request.IsVerbose };
        return roles == ConformanceRole.Server ? RunLanes(report, bench, cases) : Collect(report, Results(bench, report, cases), cases.Length);
    }

    /// <summary>Tests a name server from further stations besides, at the same time and at one pace.</summary>
    private ConformanceReport RunLanes(ConformanceReport report, UdpBench first, ImmutableArray<ConformanceCase> cases)
    {
        var benches = new List<UdpBench> { first };
        try
        {
            try
            {
                foreach (var lane in request.FurtherLanes)
                    benches.Add(new UdpBench(request.BenchOptions(stop) with { Stations = lane, Pace = first.Pace }));
            }
            catch (SocketException)
            {
                // other systems have 127.0.0.1 alone on loopback; the lanes that there are do
            }

            return Collect(report, ConformanceLanes.Run(benches, report.Options, cases, stop), cases.Length);
        }
        finally
        {
            foreach (var bench in benches.Skip(1))
                bench.Dispose();
        }
    }

    private static IEnumerable<ConformanceResult> Results(IConformanceBench bench, ConformanceReport report, ImmutableArray<ConformanceCase> cases) => new ConformanceRunner(bench, report.Options).Run(cases);

    private ConformanceReport Collect(ConformanceReport report, IEnumerable<ConformanceResult> results, int count)
    {
        var text = live is null ? null : new ConformanceText(live, report);
        text?.Begin();
        try
        {
            foreach (var result in results)
            {
                report.Add(result);
                text?.Case(result);
                if (stop.IsCancellationRequested)
                    break;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the case that was being run is given up
        }

        report.IsInterrupted = report.Results.Count < count;
        text?.End();
        return report;
    }
}
