using System.CommandLine;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using NbnsSim.Jobs;
using NbnsSim.Reports;

namespace NbnsSim.Cluster.Tool;

/// <summary>What all commands that have a job done are alike in: which cluster, which folder, how the end is told.</summary>
internal sealed class JobCommand : Command
{
    private readonly RedisOptions _redis = new();
    private readonly Option<string> _out = new("--out") { Description = "the job's folder, shared with all workers; the same command again goes on with the same job", Required = true };
    private readonly Option<bool> _here = new("--here") { Description = "does it in this process alone, without a cluster: the result is the same" };
    private readonly Option<bool> _json = new("--json") { Description = "the summary as one JSON object, as nbnssim writes it" };

    /// <summary>Creates one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">Its help.</param>
    /// <param name="own">Its own arguments and options.</param>
    /// <param name="specOf">Makes the job of what was parsed.</param>
    /// <param name="output">Where the result is told.</param>
    /// <param name="error">Where all else is.</param>
    public JobCommand(string name, string description, IEnumerable<Symbol> own, Func<ParseResult, JobSpec> specOf, TextWriter output, TextWriter error)
        : base(name, $"{description} It waits for the end; ending it does not end the job.")
    {
        foreach (var symbol in own)
        {
            if (symbol is Argument argument)
                Add(argument);
            else
                Add((Option)symbol);
        }

        Add(_out);
        Add(_here);
        Add(_json);
        _redis.AddTo(this, unless: _here);
        SetAction((parsed, stop) => parsed.GetValue(_here)
            ? HereAsync(specOf(parsed), parsed, output, error, stop)
            : OnClusterAsync(specOf(parsed), parsed, output, error, stop));
    }

    private async Task<int> HereAsync(JobSpec spec, ParseResult parsed, TextWriter output, TextWriter error, CancellationToken stop)
    {
        await using var engine = new LocalEngine(parsed.GetValue(_out)!);
        return await DoAsync(engine, spec, parsed, output, error, stop);
    }

    private async Task<int> OnClusterAsync(JobSpec spec, ParseResult parsed, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var (redis, cluster) = _redis.Read(parsed);
        await redis.CheckAsync(stop);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddProvider(new RedactingLogger(error)).SetMinimumLevel(LogLevel.Error);
        builder.UseOrleansClient(client => client.UseNbnsSimCluster(redis, cluster));
        using var host = builder.Build();
        await host.StartAsync(stop);
        try
        {
            return await DoAsync(new ClusterEngine(host.Services.GetRequiredService<IClusterClient>(), parsed.GetValue(_out)!), spec, parsed, output, error, stop);
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private async Task<int> DoAsync(IJobEngine engine, JobSpec spec, ParseResult parsed, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var outcome = await JobRun.RunAsync(engine, spec, progress => error.WriteLine(JobText.Line(spec, progress)), stop: stop);
        if (parsed.GetValue(_json))
        {
            using var line = new MemoryStream();
            JobText.Write(spec, outcome.Result, new NdjsonWriter(line));
            await output.WriteAsync(Encoding.UTF8.GetString(line.ToArray()));
        }
        else
        {
            JobText.Write(spec, outcome.Result, new ReportWriter(output));
        }

        return outcome.ExitCode;
    }
}
