using System.CommandLine;
using NbnsSim.Files;

namespace NbnsSim.Cluster.Tool;

/// <summary>The tool as a function: arguments in, an exit code out. The codes are those of <c>nbnssim</c>.</summary>
internal static class ClusterTool
{
    public const int Done = 0;
    public const int Usage = 2;
    public const int BadInput = 3;
    public const int OutputFailed = 5;
    public const int Interrupted = 130;

    private const string Description =
        """
        Does nbnssim's jobs on several machines: workers find each other by Redis; the job's folder and its inputs are shared, under the same paths everywhere.

        Examples:
          export NBNSSIM_REDIS=rediss://:PASSWORD@redis.example:6379
          nbnssim-cluster silo --listen 10.0.0.7
          nbnssim-cluster analyze /shared/captures --out /shared/job
          nbnssim-cluster campaign q131739 --seeds 0..100000 --dialects nt3.5,nt4 --out /shared/job

        Exit codes, as those of nbnssim:
          0  done
          1  the answer is no: in a campaign an expectation was not met or an invariant broken
          2  the command line is wrong
          3  the input is bad: part of it was not analysed and is named, or the job cannot be done and the message says why
          5  what was asked for cannot be written: the disk is full, or standard output is closed
          130  interrupted; a job that a cluster does goes on
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken stop = default)
    {
        var root = new RootCommand(Description) { SiloCommand.Create(error), AnalyzeCommand.Create(output, error), CampaignCommand.Create(output, error), RunCommand.Create(output, error) };
        // '@' begins no response file: it may begin a file name
        var parsed = root.Parse(arguments.Count == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var mistake in parsed.Errors)
                Say(mistake.Message);
            await error.WriteLineAsync("Try 'nbnssim-cluster --help'.");
            return Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, stop);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (OutputFailedException e)
        {
            Say(e.Message);
            return OutputFailed;
        }
        catch (Exception e)
        {
            Say(e is ArgumentException { ParamName: not null } ? e.Message[..e.Message.LastIndexOf(" (", StringComparison.Ordinal)] : e.Message);
            return BadInput;
        }

        // arguments and exceptions may repeat what Redis is reached by
        void Say(string message) => error.WriteLine($"nbnssim-cluster: {VisibleText.Escape(Secrets.Redact(message))}");
    }
}
