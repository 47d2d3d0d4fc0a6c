using System.CommandLine;
using NbnsSim.Jobs;

namespace NbnsSim.Cluster.Tool;

/// <summary><c>run</c>: has the cluster do a job of any kind.</summary>
internal static class RunCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var file = new Argument<string>("SPEC") { Description = "a file with the job's specification as JSON, such as JobSpec.ToJson writes" };
        return new JobCommand("run", "Has the cluster do a job of any kind.", [file], parsed => JobSpec.Parse(File.ReadAllText(parsed.GetValue(file)!)), output, error);
    }
}
