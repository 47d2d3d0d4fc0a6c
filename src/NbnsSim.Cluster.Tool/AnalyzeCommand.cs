using System.CommandLine;
using System.Globalization;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Cluster.Tool;

/// <summary><c>analyze</c>: has the cluster read an archive of captures.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var inputs = new Argument<string[]>("INPUT") { Description = "captures, folders of captures, and patterns such as 'captures/*.pcap', under paths that all workers see", Arity = ArgumentArity.OneOrMore };
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
        return new JobCommand(
            "analyze", "Has the cluster read an archive of captures, and tells what the wire tells of all of them as one.", [inputs, octets, clocks],
            parsed => ArchiveSpec.Of(parsed.GetValue(inputs)!, parsed.GetValue(octets)) with { Clocks = ArchiveSpec.ParseClocks(parsed.GetValue(clocks)!) }, output, error);
    }
}
