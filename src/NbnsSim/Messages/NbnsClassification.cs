using NbnsSim.Wire;
using static NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Messages;

/// <summary>The one table that says which packet of RFC 1002 §4.2 a packet is.</summary>
public static class NbnsClassification
{
    /// <summary>Classifies a packet that was parsed.</summary>
    /// <param name="packet">The packet.</param>
    /// <returns>Its kind; <see cref="Unknown"/> where the header fits no row, or a question or record that the row needs is missing.</returns>
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
            if (!packet.HasQuestion)
                return Unknown;
            return flags.Opcode switch
            {
                NbnsOpcode.Query => packet.Question.Type switch
                {
                    NbnsType.NB => NameQueryRequest,
                    NbnsType.NBStat => NodeStatusRequest,
                    _ => Unknown,
                },
                _ when !packet.HasRecord || packet.Record.EntryCount == 0 => Unknown, // the rest carry the claimant's address
                NbnsOpcode.Registration when flags.RecursionDesired => NameRegistrationRequest,
                NbnsOpcode.Registration => flags.IsBroadcast ? NameOverwriteDemand : NameOverwriteRequest,
                NbnsOpcode.Release => flags.IsBroadcast ? NameReleaseDemand : NameReleaseRequest,
                NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate => NameRefreshRequest,
                NbnsOpcode.MultihomedRegistration => MultihomedNameRegistrationRequest,
                _ => Unknown,
            };
        }

        bool success = flags.Rcode == NbnsRcode.Success;
        return flags.Opcode switch
        {
            NbnsOpcode.Query when !success => NegativeNameQueryResponse,
            _ when !packet.HasRecord => Unknown, // every other response carries the name in a record
            NbnsOpcode.Query => packet.Record.Type switch
            {
                NbnsType.NBStat => NodeStatusResponse,
                NbnsType.NB when packet.Record.EntryCount > 0 => PositiveNameQueryResponse,
                NbnsType.NS => RedirectNameQueryResponse,
                _ => Unknown,
            },
            NbnsOpcode.Registration or NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate or NbnsOpcode.MultihomedRegistration => flags.Rcode switch
            {
                NbnsRcode.Success when flags.RecursionAvailable || !flags.RecursionDesired => PositiveNameRegistrationResponse,
                NbnsRcode.Success => EndNodeChallengeNameRegistrationResponse,
                NbnsRcode.ConflictError => NameConflictDemand,
                _ => NegativeNameRegistrationResponse,
            },
            NbnsOpcode.Release => success ? PositiveNameReleaseResponse : NegativeNameReleaseResponse,
            NbnsOpcode.Wack => WaitForAcknowledgementResponse,
            _ => Unknown,
        };
    }
}
