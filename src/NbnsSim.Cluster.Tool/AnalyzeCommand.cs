using System.CommandLine;
using NbnsSim.Jobs.Archives;

namespace NbnsSim.Cluster.Tool;

/// <summary><c>analyze</c>: has the cluster read an archive of captures.</summary>
internal static class AnalyzeCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var inputs = new Argument<string[]>("INPUT") { Description = "captures, folders of captures, and patterns such as 'captures/*.pcap', under paths that all workers see", Arity = ArgumentArity.OneOrMore };
        var octets = new Option<long?>("--shard-octets") { Description = "how many octets of a capture are a shard; a shard is a whole capture without it" };
        octets.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() < ArchiveSpec.MinShardOctets)
                result.AddError($"--shard-octets is at least {ArchiveSpec.MinShardOctets}.");
        });
        return new JobCommand(
            "analyze", "Has the cluster read an archive of captures, and tells what the wire tells of all of them as one.", [inputs, octets],
            parsed => new ArchiveSpec([.. parsed.GetValue(inputs)!.Select(Path.GetFullPath)]) { ShardOctets = parsed.GetValue(octets) }, output, error);
    }
}
