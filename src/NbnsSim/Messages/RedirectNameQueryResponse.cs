using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

/// <summary>REDIRECT NAME QUERY RESPONSE (RFC 1002 §4.2.15): asks to repeat the query at another name server.</summary>
public sealed class RedirectNameQueryResponse : NbnsMessage
{
    /// <summary>Makes the message.</summary>
    /// <param name="transactionId">NAME_TRN_ID.</param>
    /// <param name="name">The name that was asked for.</param>
    /// <param name="serverName">NSD_NAME: the other name server's name.</param>
    /// <param name="serverAddress">NSD_IP_ADDR: its address.</param>
    /// <param name="timeToLive">TTL in seconds.</param>
    /// <exception cref="ArgumentException">The scope of a name is longer than a packet has room for.</exception>
    public RedirectNameQueryResponse(ushort transactionId, NetBiosName name, NetBiosName serverName, Ipv4Address serverAddress, TimeToLive timeToLive = default)
        : base(transactionId, new NbnsFlags(NbnsFlagWords.RedirectResponse), name)
    {
        ServerName = Checked(serverName, nameof(serverName));
        ServerAddress = serverAddress;
        TimeToLive = timeToLive;
    }

    internal RedirectNameQueryResponse(in NbnsPacket packet, in NetBiosName name, in NetBiosName serverName, Ipv4Address serverAddress)
        : base(packet.TransactionId, packet.Flags, name)
    {
        ServerName = serverName;
        ServerAddress = serverAddress;
        TimeToLive = packet.Record.TimeToLive;
    }

    /// <inheritdoc/>
    public override NbnsMessageKind Kind => NbnsMessageKind.RedirectNameQueryResponse;

    /// <summary>NSD_NAME: the other name server's name.</summary>
    public NetBiosName ServerName { get; }

    /// <summary>NSD_IP_ADDR: the other name server's address; 0.0.0.0 where a packet came without.</summary>
    public Ipv4Address ServerAddress { get; }

    /// <summary>TTL in seconds.</summary>
    public TimeToLive TimeToLive { get; }

    /// <inheritdoc/>
    public override int Length => NbnsHeader.Size
        + NbnsEncoder.EncodedLength(Name) + NbnsResourceRecord.FixedSize + NbnsEncoder.EncodedLength(ServerName)
        + 2 + NbnsResourceRecord.FixedSize + Ipv4Address.Size;

    /// <inheritdoc/>
    public override int Write(Span<byte> buffer) =>
        NbnsEncoder.WriteRedirect(buffer, TransactionId, Flags, Name, TimeToLive, ServerName, ServerAddress);

    /// <summary>Finds NSD_NAME in the authority record and NSD_IP_ADDR in the additional one.</summary>
    internal static bool TryReadServer(in NbnsPacket packet, out NetBiosName name, out Ipv4Address address)
    {
        address = default;
        if (!packet.Record.TryGetServerName(out var view) || !view.TryGetName(out name) || name.Scope.Encoded.Length > NetBiosScope.MaxEncodedLength)
        {
            name = default;
            return false;
        }

        foreach (var record in packet.Records)
        {
            if (record.TryGetServerAddress(out address))
                break;
        }

        return true;
    }

    private protected override bool ContentEquals(NbnsMessage other) => other is RedirectNameQueryResponse response
        && ServerName == response.ServerName && ServerAddress == response.ServerAddress && TimeToLive == response.TimeToLive;
}
