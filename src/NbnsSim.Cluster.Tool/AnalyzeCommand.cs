using System.CommandLine;
using System.Globalization;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Cluster.Tool;

/// <summary><c>analyze</c>: has the cluster read an archive of captures.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var inputs = new Argument<string[]>("INPUT") { Description = "captures, folders of captures, and patterns such as 'captures/*.pcap', under paths that all workers see; or URLs", Arity = ArgumentArity.OneOrMore };
        var octets = new Option<long?>("--shard-octets")
        {
            Description = string.Create(CultureInfo.InvariantCulture, $"how many octets of a capture are a shard: {ArchiveSpec.StandardShardOctets}; the result does not depend on it"),
        };
        octets.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() < ArchiveSpec.MinShardOctets)
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--shard-octets is at least {ArchiveSpec.MinShardOctets}, not '{result.Tokens[0].Value}'."));
        });
        var clocks = new Option<string>("--clocks") { Description = "aligned, or as-captured: whether clocks are put right by the datagrams that several captures saw", DefaultValueFactory = _ => "aligned" };
        clocks.AcceptOnlyFromAmong("aligned", "as-captured");
        var audit = new Option<bool>("--audit") { Description = "also tell whether the name server (WINS) may be switched off" };
        var subnets = new Option<string[]>("--subnet") { Description = "A.B.C.D/N: a subnet, a broadcast area of its own, for --audit; may be given several times" };
        subnets.Validators.Add(result =>
        {
            foreach (string text in result.Tokens.Select(token => token.Value).Where(text => !Ipv4Subnet.TryParse(text, out _)))
                result.AddError($"'{VisibleText.Escape(text)}' is no subnet: expected such as 10.1.0.0/24.");
        });
        var runs = new Option<string?>("--runs") { Description = "a folder, shared with all workers, in which what is extracted lives beyond the job: the same content is not extracted again" };
        return new JobCommand(
            "analyze", "Has the cluster read an archive of captures, and tells what the wire tells of all of them as one.", [inputs, octets, clocks, audit, subnets, runs],
            parsed => ArchiveSpec.Of(parsed.GetValue(inputs)!, parsed.GetValue(octets)) with
            {
                Clocks = ArchiveSpec.ParseClocks(parsed.GetValue(clocks)!),
                Runs = parsed.GetValue(runs) is { } folder ? Path.GetFullPath(folder) : null,
                Audit = parsed.GetValue(audit),
                Subnets = [.. (parsed.GetValue(subnets) ?? []).Select(Ipv4Subnet.Parse)],
            }, output, error);
    }
}
