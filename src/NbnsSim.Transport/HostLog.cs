using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using NbnsSim.Names;

namespace NbnsSim.Transport;

/// <summary>What a host says to its log.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Endpoints} by {Path}")]
    public static partial void Listening(ILogger logger, string endpoints, string path);

    [LoggerMessage(2, LogLevel.Information, "Stopped: {Received} requests, {Sent} responses")]
    public static partial void Stopped(ILogger logger, long received, long sent);

    [LoggerMessage(3, LogLevel.Warning, "NetBT event {EventId}: {Name}, by {Address}: {Text}")]
    public static partial void EventLogged(ILogger logger, int eventId, NetBiosName name, Ipv4Address address, string text);

    [LoggerMessage(4, LogLevel.Debug, "Could not send to {Destination}: {Error}")]
    public static partial void SendFailed(ILogger logger, Ipv4Endpoint destination, string error);

    [LoggerMessage(5, LogLevel.Warning, "Could not receive on {Endpoint}: {Error}")]
    public static partial void ReceiveFailed(ILogger logger, Ipv4Endpoint endpoint, string error);

    [LoggerMessage(6, LogLevel.Warning, "Dropped {Count} datagrams above the rate of one source, the last from {Source}")]
    public static partial void Limited(ILogger logger, long count, Ipv4Address source);

    [LoggerMessage(7, LogLevel.Critical, "Stopped by a fault")]
    public static partial void Faulted(ILogger logger, Exception fault);

    [LoggerMessage(8, LogLevel.Warning, "Broadcasts to {Endpoint} will not be heard: {Error}")]
    public static partial void BroadcastNotBound(ILogger logger, Ipv4Endpoint endpoint, SocketError error);

    [LoggerMessage(9, LogLevel.Warning, "The system's clock was set {Direction} by {Amount}: names age by the time that passes, as before")]
    public static partial void ClockJumped(ILogger logger, string direction, TimeSpan amount);

    [LoggerMessage(10, LogLevel.Error, "Names cannot be saved: {Reason}. Queries are answered; claims and releases are refused (SRV_ERR) and refreshes not answered until they can")]
    public static partial void StateLost(ILogger logger, string reason);

    [LoggerMessage(11, LogLevel.Warning, "Names are saved again: claims are taken")]
    public static partial void StateKept(ILogger logger);
}
