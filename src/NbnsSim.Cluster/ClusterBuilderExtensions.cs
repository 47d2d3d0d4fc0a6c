using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using NbnsSim.Cluster.Workers;

namespace NbnsSim.Cluster;

/// <summary>Makes an Orleans silo a worker for NbnsSim's jobs.</summary>
public static class ClusterBuilderExtensions
{
    /// <summary>
    /// Adds what a worker needs. The silo also needs clustering and a grain storage called <c>nbnssim</c> that heeds ETags; <see cref="ClusterSilo"/> has both on Redis.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Sets options; null for those that are there.</param>
    public static ISiloBuilder AddNbnsSimJobs(this ISiloBuilder silo, Action<WorkerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.Services.AddOptions<WorkerOptions>().Configure(configure ?? (_ => { }));
        silo.Services.AddSingleton<Worker>();
        silo.Services.TryAddSingleton(TimeProvider.System);
        return silo;
    }
}
