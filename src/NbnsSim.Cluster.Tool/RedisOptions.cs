using System.CommandLine;
using System.CommandLine.Parsing;

namespace NbnsSim.Cluster.Tool;

/// <summary>The options that say which cluster.</summary>
internal sealed class RedisOptions
{
    private readonly Option<string?> _redis = new("--redis")
    {
        Description = $"where Redis is: redis://[[user]:password@]host[:port][/database], rediss:// for TLS, or host:port,password=…,ssl=true; {RedisSettings.EnvironmentVariable} without it, and for a password",
    };

    private readonly Option<string> _cluster = new("--cluster") { Description = "the cluster's name: workers and jobs of one name belong together", DefaultValueFactory = _ => "nbnssim" };

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="unless">The option with which they are not needed; null for none.</param>
    public void AddTo(Command command, Option<bool>? unless = null)
    {
        command.Add(_redis);
        command.Add(_cluster);
        command.Validators.Add(result =>
        {
            if (unless is null || !result.GetValue(unless))
                Check(result);
        });
    }

    public (RedisSettings Redis, string Cluster) Read(ParseResult parsed)
    {
        var redis = RedisSettings.From(parsed.GetValue(_redis));
        Secrets.Add(redis.Password);
        return (redis, parsed.GetValue(_cluster)!);
    }

    private void Check(CommandResult result)
    {
        try
        {
            RedisSettings.From(result.GetValue(_redis));
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
        }
    }
}
