using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Transport.Sockets;
using NbnsSim.Wire;

namespace NbnsSim.Transport;

/// <summary>
/// Asks name servers and nodes: queries, node status, registration, release. It owns no name and defends none: for that, put an end node into a
/// <see cref="NbnsUdpHost"/>. May be used by many callers at once.
/// </summary>
/// <remarks>
/// An answer counts only if it comes from the address that was asked (any, for a broadcast), carries the request's transaction id, which is
/// random, and its name; everything else that arrives is dropped unread. A cancelled or unanswered request leaves nothing behind.
/// </remarks>
/// <example>
/// <code>
/// using var client = new NbnsClient(new NbnsClientOptions { NameServer = wins }); // without one it asks by broadcast
/// await client.RegisterAsync(NetBiosName.Parse("FILES&lt;20&gt;"), Ipv4Address.Parse("127.0.0.1"));
/// var reply = await client.QueryAsync(NetBiosName.Parse("FILES&lt;20&gt;"));
/// Console.WriteLine($"{reply.Outcome}: {reply.Name} is {reply.Address}"); // Succeeded: FILES&lt;20&gt; is 127.0.0.1
/// </code>
/// </example>
public sealed partial class NbnsClient : IDisposable
{
    private const int MaxDatagram = 2048;

    /// <summary>Redirects from server to server are followed no further (RFC 1002 §4.2.15 sets no bound: two servers may name each other).</summary>
    private const int MaxRedirects = 3;

    /// <summary>So many answers to one broadcast are taken: a forger could send any number.</summary>
    private const int MaxAnswers = 4096;

    private readonly NbnsClientOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly Socket _socket;
    private readonly SemaphoreSlim _turns;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ConcurrentDictionary<ushort, Transaction> _transactions = new();
    private ImmutableArray<Ipv4Address> _broadcastAddresses;

    /// <summary>Opens a client.</summary>
    /// <param name="options">How to ask; <see langword="null"/> to ask by broadcast.</param>
    /// <param name="timeProvider">The clock for time-outs; <see langword="null"/> for the system's.</param>
    /// <exception cref="SocketException">The local address and port cannot be had.</exception>
    public NbnsClient(NbnsClientOptions? options = null, TimeProvider? timeProvider = null)
    {
        _options = options ?? new NbnsClientOptions();
        _timeProvider = timeProvider ?? TimeProvider.System;
        _turns = new SemaphoreSlim(_options.MaxRequests);
        _broadcastAddresses = _options.BroadcastAddresses;
        _socket = BoundSocket.Open(_options.Local, 0, isBroadcast: false, 1 << 18).Socket;
        LocalEndpoint = BoundSocket.FromIPEndPoint((IPEndPoint)_socket.LocalEndPoint!);
        _ = ReceiveAsync();
    }

    /// <summary>What requests are sent from.</summary>
    public Ipv4Endpoint LocalEndpoint { get; }

    /// <summary>The address of a computer, by its name with suffix 00.</summary>
    /// <param name="computerName">The computer's name; upper-cased, as Windows does.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its address; <see langword="null"/> where nobody has the name.</returns>
    /// <exception cref="ArgumentException"><paramref name="computerName"/> has over 15 characters, or some outside Latin-1.</exception>
    /// <exception cref="SocketException">The request could not be sent.</exception>
    public async Task<Ipv4Address?> FindComputerAsync(string computerName, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(computerName);
        var name = new NetBiosName(computerName.ToUpperInvariant(), NameSuffix.Workstation);
        var reply = await QueryAsync(name, cancellation: cancellation).ConfigureAwait(false);
        return reply.IsSuccess ? reply.Address : null;
    }

    /// <summary>Asks who has a name.</summary>
    /// <param name="name">The name; without a scope, in that of the options.</param>
    /// <param name="server">Whom to ask; <see langword="null"/> for the name server of the options, or else everyone, by broadcast.</param>
    /// <param name="recursionDesired">RD: a name server looks into its database; without, a node only into its own names (RFC 1002 §4.2.12).</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The first answer; of a broadcast, the first positive one.</returns>
    /// <exception cref="SocketException">The request could not be sent.</exception>
    /// <exception cref="InvalidOperationException">There is no interface to broadcast on.</exception>
    public async Task<NbnsReply> QueryAsync(NetBiosName name, Ipv4Endpoint? server = null, bool recursionDesired = true, CancellationToken cancellation = default)
    {
        name = InScope(name);
        server ??= _options.NameServer;
        for (int redirects = 0; ; redirects++)
        {
            bool broadcast = server is null;
            var answer = await RequestAsync(server, id => new NameQueryRequest(id, name, broadcast, recursionDesired), cancellation).ConfigureAwait(false);
            if (answer.Message is not RedirectNameQueryResponse redirect || redirects == MaxRedirects)
                return ToReply(name, answer);
            server = new Ipv4Endpoint(redirect.ServerAddress, server?.Port ?? _options.Port); // RFC 1002 §5.1.2.3: repeat it there
        }
    }

    /// <summary>
    /// Asks everyone who has a name, by broadcast, and waits for all answers: of a group its members, of <see cref="NetBiosName.Wildcard"/>
    /// every node that answers to it, and of a unique name more than one if there is a duplicate (RFC 1001 §15.1.3.5). Nobody is told of that.
    /// </summary>
    /// <param name="name">The name; without a scope, in that of the options.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The first answer of each node, in the order they came; at most 4096.</returns>
    /// <exception cref="SocketException">The request could not be sent.</exception>
    /// <exception cref="InvalidOperationException">There is no interface to broadcast on.</exception>
    public async Task<ImmutableArray<NbnsReply>> QueryAllAsync(NetBiosName name, CancellationToken cancellation = default)
    {
        name = InScope(name);
        var all = new OrderedDictionary<Ipv4Address, Answer>();
        await RequestAsync(null, id => new NameQueryRequest(id, name, isBroadcast: true), cancellation, all).ConfigureAwait(false);
        return [.. all.Values.Select(answer => ToReply(name, answer))];
    }

    /// <summary>Asks a node for its names, as <c>nbtstat -A</c> does.</summary>
    /// <param name="node">The node's address.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its names; <see langword="null"/> when it does not answer.</returns>
    /// <exception cref="SocketException">The request could not be sent.</exception>
    public Task<NbnsNodeStatus?> GetNodeStatusAsync(Ipv4Address node, CancellationToken cancellation = default) =>
        GetNodeStatusAsync(new Ipv4Endpoint(node, _options.Port), null, cancellation);

    /// <summary>Asks a node for its names, as <c>nbtstat -A</c> does.</summary>
    /// <param name="node">The node's address and port.</param>
    /// <param name="name">A name that it has; <see langword="null"/> for <c>*</c>, which every node answers to.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Its names; <see langword="null"/> when it does not answer.</returns>
    /// <exception cref="SocketException">The request could not be sent.</exception>
    public async Task<NbnsNodeStatus?> GetNodeStatusAsync(Ipv4Endpoint node, NetBiosName? name, CancellationToken cancellation = default)
    {
        var asked = InScope(name ?? NetBiosName.Wildcard);
        var answer = await RequestAsync(node, id => new NodeStatusRequest(id, asked), cancellation).ConfigureAwait(false);
        return answer.Message is not NodeStatusResponse status ? null : new NbnsNodeStatus
        {
            Responder = answer.From,
            Names = [.. status.Names],
            IsTruncated = status.Flags.IsTruncated,
            Statistics = status.Statistics,
            UnitId = status.UnitId,
        };
    }

    /// <summary>
    /// Registers a name with the name server. Should it leave the challenge of the owner to us (RFC 1002 §4.2.7), the owner is asked, and the
    /// name updated if he does not want it.
    /// </summary>
    /// <param name="name">The name; without a scope, in that of the options.</param>
    /// <param name="address">The address to register.</param>
    /// <param name="isGroup">Whether it is a group name.</param>
    /// <param name="timeToLive">The TTL asked for, in seconds: 300,000, as Windows asks for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What the server said; its TTL is the one to refresh within.</returns>
    /// <exception cref="InvalidOperationException">The options have no name server.</exception>
    /// <exception cref="SocketException">The request could not be sent.</exception>
    public async Task<NbnsReply> RegisterAsync(NetBiosName name, Ipv4Address address, bool isGroup = false, uint timeToLive = 300_000, CancellationToken cancellation = default)
    {
        name = InScope(name);
        var server = NeedServer();
        var entry = new NbEntry(new NbFlags(isGroup, OwnerNodeType.P), address);
        var answer = await RequestAsync(server, id => new NameRegistrationRequest(id, name, entry, timeToLive), cancellation).ConfigureAwait(false);
        if (answer.Message is not EndNodeChallengeNameRegistrationResponse challenge)
            return ToReply(name, answer);

        // RFC 1002 §5.1.2.1: ask the presumed owner; unless he has it still, tell the server to overwrite.
        var owner = new Ipv4Endpoint(challenge.Entry.Address, _options.Port);
        var held = await QueryAsync(name, owner, recursionDesired: false, cancellation).ConfigureAwait(false);
        if (held.IsSuccess)
            return held with { Outcome = NbnsReplyOutcome.Refused, Rcode = NbnsRcode.ActiveError };
        return ToReply(name, await RequestAsync(server, id => new NameOverwriteRequest(id, name, entry, timeToLive), cancellation).ConfigureAwait(false));
    }

    /// <summary>Releases a name that was registered with the name server.</summary>
    /// <param name="name">The name; without a scope, in that of the options.</param>
    /// <param name="address">The address that it was registered for.</param>
    /// <param name="isGroup">Whether it is a group name.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What the server said.</returns>
    /// <exception cref="InvalidOperationException">The options have no name server.</exception>
    /// <exception cref="SocketException">The request could not be sent.</exception>
    public async Task<NbnsReply> ReleaseAsync(NetBiosName name, Ipv4Address address, bool isGroup = false, CancellationToken cancellation = default)
    {
        name = InScope(name);
        var entry = new NbEntry(new NbFlags(isGroup, OwnerNodeType.P), address);
        return ToReply(name, await RequestAsync(NeedServer(), id => new NameReleaseRequest(id, name, entry), cancellation).ConfigureAwait(false));
    }

    /// <summary>Closes the socket; requests on their way are cancelled.</summary>
    public void Dispose()
    {
        if (_disposed.IsCancellationRequested)
            return;
        _disposed.Cancel();
        _socket.Dispose();
    }

    private NetBiosName InScope(NetBiosName name) => name.Scope.IsEmpty ? name.WithScope(_options.Scope) : name;

    private Ipv4Endpoint NeedServer() => _options.NameServer ?? throw new InvalidOperationException("A name is registered with a name server: set NbnsClientOptions.NameServer.");

    private static NbnsReply ToReply(NetBiosName name, Answer answer)
    {
        var entries = answer.Message switch
        {
            PositiveNameQueryResponse positive => positive.Entries,
            SingleEntryMessage single => [single.Entry],
            _ => [],
        };
        var timeToLive = answer.Message switch
        {
            PositiveNameQueryResponse positive => positive.TimeToLive,
            SingleEntryMessage single => single.TimeToLive,
            _ => default,
        };
        return new NbnsReply
        {
            Outcome = answer.Message switch
            {
                null => NbnsReplyOutcome.NoAnswer,
                PositiveNameQueryResponse or PositiveNameRegistrationResponse or PositiveNameReleaseResponse => NbnsReplyOutcome.Succeeded,
                _ => NbnsReplyOutcome.Refused,
            },
            Name = name,
            Responder = answer.From,
            Rcode = answer.Message?.Flags.Rcode ?? default,
            Entries = entries,
            TimeToLive = timeToLive,
        };
    }
}
