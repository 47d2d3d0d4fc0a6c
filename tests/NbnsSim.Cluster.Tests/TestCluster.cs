using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NbnsSim.Jobs;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace NbnsSim.Cluster.Tests;

/// <summary>Silos in this process, on a storage that outlives them. The death of one is noticed within a second or so.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private TestCluster(InProcessTestCluster cluster, SharedStorage storage) => (_cluster, Storage) = (cluster, storage);

    public SharedStorage Storage { get; }

    public IGrainFactory Client => _cluster.Client;

    public static async Task<TestCluster> StartAsync(short silos, Action<int, WorkerOptions>? configure = null)
    {
        var storage = new SharedStorage();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(host => host.Logging.ClearProviders());
        // a call that a dead silo has swallowed is over after this long
        builder.ConfigureClient(client => client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(2)));
        int number = 0;
        builder.ConfigureSilo((_, silo) =>
        {
            int mine = Interlocked.Increment(ref number) - 1;
            silo.Configure<ClusterMembershipOptions>(o =>
            {
                (o.ProbeTimeout, o.NumMissedProbesLimit, o.NumVotesForDeathDeclaration) = (TimeSpan.FromMilliseconds(200), 2, 1);
                (o.TableRefreshTimeout, o.LocalHealthDegradationMonitoringPeriod) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1));
            });
            silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = TimeSpan.FromSeconds(2));
            silo.Services.AddKeyedSingleton<IGrainStorage>(WorkerOptions.StorageName, storage);
            silo.AddNbnsSimJobs(o =>
            {
                (o.Parallel, o.Lease, o.Kinds) = (2, TimeSpan.FromSeconds(3), [SumSpec.OfKind]);
                configure?.Invoke(mine, o);
            });
        });
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestCluster(cluster, storage);
    }

    public ClusterEngine Engine(string folder) => new(Client, folder);

    public async Task<JobResult> DoAsync(JobSpec spec, string folder)
    {
        var engine = Engine(folder);
        return await engine.ResultAsync(await engine.SubmitAsync(spec));
    }

    /// <summary>Ends a silo without a word to anybody; its threads go on for a while, as those of a silo that is only taken for dead.</summary>
    public async Task KillAsync(int number)
    {
        var silos = _cluster.GetActiveSilos().ToList();
        await _cluster.KillSiloAsync(silos[number % silos.Count]);
    }

    public Task AddAsync() => _cluster.StartAdditionalSiloAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
