using System.Diagnostics.CodeAnalysis;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Messages;

public abstract partial class NbnsMessage
{
    /// <summary>Reads a datagram.</summary>
    /// <param name="bytes">The UDP payload.</param>
    /// <param name="message">The message, or <see langword="null"/>.</param>
    /// <param name="error">What could not be read and at which octet; none after success.</param>
    /// <returns>False when the octets cannot be read, or are none of the packets of <see cref="NbnsMessageKind"/>.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out NbnsMessage? message, out NbnsParseError error)
    {
        message = null;
        return NbnsPacket.TryParse(bytes, out var packet, out error) && TryRead(packet, out message, out error);
    }

    /// <summary>Reads a packet that was parsed.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="message">The message, or <see langword="null"/>.</param>
    /// <returns>False when the packet is none of those of <see cref="NbnsMessageKind"/>, or its name is not half-ASCII.</returns>
    public static bool TryRead(in NbnsPacket packet, [NotNullWhen(true)] out NbnsMessage? message) => TryRead(packet, out message, out _);

    private static bool TryRead(in NbnsPacket packet, [NotNullWhen(true)] out NbnsMessage? message, out NbnsParseError error)
    {
        message = null;
        error = default;
        var kind = NbnsClassification.Classify(packet);
        if (kind == NbnsMessageKind.Unknown)
            error = NbnsClassification.WhyUnknown(packet);
        else if (!packet.Name.TryGetName(out var name) || name.Scope.Encoded.Length > NetBiosScope.MaxEncodedLength)
            error = new NbnsParseError(NbnsParseErrorKind.UnreadableName, packet.Name.Offset);
        else
            message = Read(kind, packet, name, ref error);
        return message is not null;
    }

    private static NbnsMessage? Read(NbnsMessageKind kind, in NbnsPacket packet, in NetBiosName name, ref NbnsParseError error)
    {
        switch (kind)
        {
            case NbnsMessageKind.NameRegistrationRequest:
                return new NameRegistrationRequest(packet, name);
            case NbnsMessageKind.NameOverwriteRequest:
                return new NameOverwriteRequest(packet, name);
            case NbnsMessageKind.NameOverwriteDemand:
                return new NameOverwriteDemand(packet, name);
            case NbnsMessageKind.NameRefreshRequest:
                return new NameRefreshRequest(packet, name);
            case NbnsMessageKind.MultihomedNameRegistrationRequest:
                return new MultihomedNameRegistrationRequest(packet, name);
            case NbnsMessageKind.PositiveNameRegistrationResponse:
                return new PositiveNameRegistrationResponse(packet, name);
            case NbnsMessageKind.NegativeNameRegistrationResponse:
                return new NegativeNameRegistrationResponse(packet, name);
            case NbnsMessageKind.EndNodeChallengeNameRegistrationResponse:
                return new EndNodeChallengeNameRegistrationResponse(packet, name);
            case NbnsMessageKind.NameConflictDemand:
                return new NameConflictDemand(packet, name);
            case NbnsMessageKind.NameReleaseRequest:
                return new NameReleaseRequest(packet, name);
            case NbnsMessageKind.NameReleaseDemand:
                return new NameReleaseDemand(packet, name);
            case NbnsMessageKind.PositiveNameReleaseResponse:
                return new PositiveNameReleaseResponse(packet, name);
            case NbnsMessageKind.NegativeNameReleaseResponse:
                return new NegativeNameReleaseResponse(packet, name);
            case NbnsMessageKind.NameQueryRequest:
                return new NameQueryRequest(packet, name);
            case NbnsMessageKind.PositiveNameQueryResponse:
                return new PositiveNameQueryResponse(packet, name);
            case NbnsMessageKind.NegativeNameQueryResponse:
                return new NegativeNameQueryResponse(packet, name);
            case NbnsMessageKind.WaitForAcknowledgementResponse:
                return new WaitForAcknowledgementResponse(packet, name);
            case NbnsMessageKind.NodeStatusRequest:
                return new NodeStatusRequest(packet, name);
            case NbnsMessageKind.NodeStatusResponse:
                return new NodeStatusResponse(packet, name);
            default: // a redirect, the one packet with a second name
                if (RedirectNameQueryResponse.TryReadServer(packet, out var serverName, out var serverAddress))
                    return new RedirectNameQueryResponse(packet, name, serverName, serverAddress);
                error = new NbnsParseError(NbnsParseErrorKind.UnreadableName, packet.Record.DataOffset);
                return null;
        }
    }
}
