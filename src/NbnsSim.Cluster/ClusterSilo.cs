using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Storage;

namespace NbnsSim.Cluster;

/// <summary>Workers and clients that find each other by Redis.</summary>
public static class ClusterSilo
{
    private const string Service = "nbnssim";

    // A call that a dead silo has swallowed is tried again after this long. No call of ours takes more than some seconds.
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Makes a silo a worker of a cluster whose members and whose jobs' ledgers are in Redis. Silos speak to each other and to clients without a password: they listen on loopback
    /// unless told otherwise, and otherwise belong on a network of their own.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="cluster">The cluster's name: silos and clients of the same name belong together.</param>
    /// <param name="address">The address to listen on and to be reached by; null for loopback.</param>
    /// <param name="port">The port for other silos.</param>
    /// <param name="gatewayPort">The port for clients.</param>
    /// <param name="configure">Sets options of the worker; null for those that are there.</param>
    public static ISiloBuilder UseNbnsSimCluster(
        this ISiloBuilder silo, RedisSettings redis, string cluster = Service, IPAddress? address = null, int port = 11111, int gatewayPort = 30000, Action<WorkerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(redis);
        address ??= IPAddress.Loopback;
        silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, Service));
        silo.Configure<EndpointOptions>(o =>
        {
            (o.AdvertisedIPAddress, o.SiloPort, o.GatewayPort) = (address, port, gatewayPort);
            o.SiloListeningEndpoint = new IPEndPoint(address, port);
            o.GatewayListeningEndpoint = new IPEndPoint(address, gatewayPort);
        });
        // two silos are a cluster too: there one vote has to do. Where all died, nobody is left to declare them dead: who comes after them waits until they have missed some signs of life
        silo.Configure<ClusterMembershipOptions>(o =>
            (o.NumVotesForDeathDeclaration, o.DefunctSiloExpiration, o.IAmAliveTablePublishTimeout) = (1, TimeSpan.FromDays(1), TimeSpan.FromSeconds(10)));
        silo.Configure<SiloMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
        silo.UseRedisClustering(o => o.ConfigurationOptions = redis.ToOptions());
        silo.Services.AddRedisGrainStorage(WorkerOptions.StorageName, b => b.Configure<Serializer>((o, serializer) =>
        {
            o.ConfigurationOptions = redis.ToOptions();
            o.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));
        return silo.AddNbnsSimJobs(configure);
    }

    /// <summary>Makes a client of such a cluster.</summary>
    /// <param name="client">The client.</param>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="cluster">The cluster's name.</param>
    public static IClientBuilder UseNbnsSimCluster(this IClientBuilder client, RedisSettings redis, string cluster = Service)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(redis);
        client.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, Service));
        client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
        return client.UseRedisClustering(o => o.ConfigurationOptions = redis.ToOptions());
    }
}
