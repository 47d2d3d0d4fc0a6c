using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Messages;

/// <summary>The one table that says which packet of RFC 1002 §4.2 a packet is.</summary>
public static class NbnsClassification
{
    /// <summary>Classifies a packet that was parsed.</summary>
    /// <param name="packet">The packet.</param>
    /// <returns>Its kind; <see cref="NbnsMessageKind.Unknown"/> where the header fits no row, or a question or record that the row needs is missing.</returns>
    /// <remarks>
    /// A unicast release from a name server to a node is a demand too (RFC 1001 §15.5.3), but nothing in the packet tells it from a request:
    /// the receiver's role does. RD alone tells a registration from an overwrite (RFC 1002 §4.2.2, §4.2.3), and Samba's AD name server
    /// sets it the other way round: an endpoint must not depend on it where it can help it.
    /// </remarks>
    public static NbnsMessageKind Classify(in NbnsPacket packet)
    {
        var flags = packet.Flags;
        if (!flags.IsResponse)
        {
            if (flags.Opcode == NbnsOpcode.Query)
            {
                return packet.QuestionType switch
                {
                    NbnsType.NB => Kind.NameQueryRequest,
                    NbnsType.NBStat => Kind.NodeStatusRequest,
                    _ => Kind.Unknown,
                };
            }

            if (!packet.HasQuestion || !packet.HasEntry)
                return Kind.Unknown; // all other requests carry the claimant's address
            return flags.Opcode switch
            {
                NbnsOpcode.Registration when flags.RecursionDesired => Kind.NameRegistrationRequest,
                NbnsOpcode.Registration => flags.IsBroadcast ? Kind.NameOverwriteDemand : Kind.NameOverwriteRequest,
                NbnsOpcode.Release => flags.IsBroadcast ? Kind.NameReleaseDemand : Kind.NameReleaseRequest,
                NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate => Kind.NameRefreshRequest,
                NbnsOpcode.MultihomedRegistration => Kind.MultihomedNameRegistrationRequest,
                _ => Kind.Unknown,
            };
        }

        bool success = flags.Rcode == NbnsRcode.Success;
        if (flags.Opcode == NbnsOpcode.Query)
        {
            if (!success)
                return Kind.NegativeNameQueryResponse;
            return packet.RecordType switch
            {
                NbnsType.NB when packet.HasEntry => Kind.PositiveNameQueryResponse,
                NbnsType.NBStat => Kind.NodeStatusResponse,
                NbnsType.NS => Kind.RedirectNameQueryResponse,
                _ => Kind.Unknown,
            };
        }

        if (!packet.HasRecord)
            return Kind.Unknown; // all other responses carry the name in a record
        return flags.Opcode switch
        {
            NbnsOpcode.Registration or NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate or NbnsOpcode.MultihomedRegistration => flags.Rcode switch
            {
                NbnsRcode.Success when flags.RecursionAvailable || !flags.RecursionDesired => Kind.PositiveNameRegistrationResponse,
                NbnsRcode.Success => Kind.EndNodeChallengeNameRegistrationResponse,
                NbnsRcode.ConflictError => Kind.NameConflictDemand,
                _ => Kind.NegativeNameRegistrationResponse,
            },
            NbnsOpcode.Release => success ? Kind.PositiveNameReleaseResponse : Kind.NegativeNameReleaseResponse,
            NbnsOpcode.Wack => Kind.WaitForAcknowledgementResponse,
            _ => Kind.Unknown,
        };
    }
}
