using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Orleans.Dashboard;
using Orleans.Diagnostics;

namespace NbnsSim.Cluster.Tool;

/// <summary><c>silo</c>: a worker, until it is told to end.</summary>
internal static class SiloCommand
{
    public static Command Create(TextWriter error)
    {
        var redis = new RedisOptions();
        var listen = new Option<IPAddress>("--listen")
        {
            Description = "the address for other workers and for clients, and that they reach this one by; nothing of it is encrypted or needs a password",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = result => IPAddress.TryParse(result.Tokens[0].Value, out var address) ? address : Bad<IPAddress>(result, $"'{result.Tokens[0].Value}' is no address"),
        };
        var port = new Option<int>("--port") { Description = "the port for other workers", DefaultValueFactory = _ => 11111 };
        var gateway = new Option<int>("--gateway-port") { Description = "the port for clients", DefaultValueFactory = _ => 30000 };
        var parallel = new Option<int>("--parallel") { Description = "how many shards at a time", DefaultValueFactory = _ => Environment.ProcessorCount };
        var lease = new Option<int>("--lease") { Description = "seconds without a sign of life after which a worker's shards are given to another", DefaultValueFactory = _ => 30 };
        var http = new Option<string>("--http")
        {
            Description = "the address and port of /health and, for this machine alone, of /dashboard/; 'none' for neither",
            DefaultValueFactory = _ => "127.0.0.1:8080",
            CustomParser = result => result.Tokens[0].Value is "none" || IPEndPoint.TryParse(result.Tokens[0].Value, out _)
                ? result.Tokens[0].Value : Bad<string>(result, $"'{result.Tokens[0].Value}' is no address and port"),
        };
        var verbose = new Option<bool>("--verbose") { Description = "log what Orleans does" };
        var command = new Command("silo", "Runs a worker: it does shards of whatever jobs the cluster has, until it is told to end (Ctrl+C, SIGTERM).") { listen, port, gateway, parallel, lease, http, verbose };
        redis.AddTo(command);
        foreach (var option in (Option<int>[])[port, gateway, parallel, lease])
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1)
                    result.AddError($"{option.Name} is at least 1.");
            });
        }

        command.SetAction(async (parsed, stop) =>
        {
            var (settings, cluster) = redis.Read(parsed);
            await settings.CheckAsync(stop);
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders().AddProvider(new RedactingLogger(error)).SetMinimumLevel(parsed.GetValue(verbose) ? LogLevel.Information : LogLevel.Warning);
            builder.UseOrleans(silo =>
            {
                silo.UseNbnsSimCluster(settings, cluster, parsed.GetValue(listen), parsed.GetValue(port), parsed.GetValue(gateway), worker =>
                    (worker.Parallel, worker.Lease) = (parsed.GetValue(parallel), TimeSpan.FromSeconds(parsed.GetValue(lease))));
                if (parsed.GetValue(http) != "none")
                    silo.AddDashboard();
                if (SendsTelemetry)
                    silo.AddActivityPropagation(); // without it Orleans begins no traces
            });
            AddTelemetry(builder.Services);
            builder.WebHost.UseUrls(parsed.GetValue(http) is var place && place == "none" ? "http://127.0.0.1:0" : $"http://{place}");
            await using var app = builder.Build();
            if (place != "none")
                Map(app);
            await app.StartAsync(stop);
            await error.WriteLineAsync($"nbnssim-cluster: worker of '{VisibleText.Escape(cluster)}' at {parsed.GetValue(listen)}, Redis at {settings}{(place == "none" ? "" : $", http://{place}/health")}");
            await app.WaitForShutdownAsync(stop);
            return ClusterTool.Done;
        });
        return command;
    }

    private static bool SendsTelemetry => Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is not null;

    private static T Bad<T>(System.CommandLine.Parsing.ArgumentResult result, string why)
    {
        result.AddError(why);
        return default!;
    }

    // The health of a silo is for whoever may connect; the dashboard shows what runs where, and can be asked for by a page of another site that a browser on this machine has open: both its
    // guest and the name it asks for have to be this machine.
    private static void Map(WebApplication app)
    {
        app.MapGet("/health", (ISiloStatusOracle silo) => silo.CurrentStatus == SiloStatus.Active ? Results.Text("up") : Results.Text($"{silo.CurrentStatus}", statusCode: 503));
        app.MapOrleansDashboard("/dashboard").AddEndpointFilter(async (call, next) =>
            call.HttpContext.Connection.RemoteIpAddress is { } guest && IPAddress.IsLoopback(guest) && call.HttpContext.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]"
                ? await next(call) : Results.NotFound());
    }

    // Only where an address to send it to is set; the other variables of OpenTelemetry hold, too. Log lines are not sent: what is sent passes by what hides secrets in them.
    private static void AddTelemetry(IServiceCollection services)
    {
        if (!SendsTelemetry)
            return;
        services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("Microsoft.Orleans", "NbnsSim.Cluster").AddOtlpExporter())
            .WithTracing(tracing => tracing.AddSource(ActivitySources.ApplicationGrainActivitySourceName, ActivitySources.RuntimeActivitySourceName, ActivitySources.StorageActivitySourceName).AddOtlpExporter());
    }
}
