using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Messages;

/// <summary>The one table that says which packet of RFC 1002 §4.2 a packet is.</summary>
public static class NbnsClassification
{
    // Of the header (RFC 1002 §4.2.1.1), and of RDLENGTH behind a record's type (§4.2.1.3).
    private const int FlagsOffset = 2;
    private const int QuestionCountOffset = 4;
    private const int AnswerCountOffset = 6;
    private const int AdditionalCountOffset = 10;
    private const int DataLengthOffset = 8;

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
            if (!success) // the record may be counted or not, as §4.2.14 draws it; a bare header names nothing
                return packet.HasRecord || packet.HasQuestion ? Kind.NegativeNameQueryResponse : Kind.Unknown;
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

    /// <summary>Says at which octet a packet misses what its opcode needs (RFC 1002 §4.2.2 to §4.2.16).</summary>
    /// <param name="packet">A packet that was parsed, and whose kind is <see cref="NbnsMessageKind.Unknown"/>.</param>
    /// <returns>What is missing and where; <see cref="NbnsParseErrorKind.UnknownPacket"/> at the flags word where no row has that header.</returns>
    public static NbnsParseError WhyUnknown(in NbnsPacket packet)
    {
        var opcode = packet.Opcode;
        bool isQuery = opcode == NbnsOpcode.Query;
        bool isClaim = opcode is NbnsOpcode.Registration or NbnsOpcode.Release or NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate
            or NbnsOpcode.MultihomedRegistration;
        if (packet.IsResponse)
        {
            if (!packet.HasRecord && (isQuery || isClaim || opcode == NbnsOpcode.Wack))
                return new NbnsParseError(NbnsParseErrorKind.RecordMissing, AnswerCountOffset);
            if (isQuery && packet.RecordType == NbnsType.NB)
                return new NbnsParseError(NbnsParseErrorKind.AddressMissing, packet.RecordTypeOffset + DataLengthOffset);
        }
        else if (!packet.HasQuestion && (isQuery || isClaim))
        {
            return new NbnsParseError(NbnsParseErrorKind.QuestionMissing, QuestionCountOffset);
        }
        else if (isClaim)
        {
            return !packet.HasRecord ? new NbnsParseError(NbnsParseErrorKind.RecordMissing, AdditionalCountOffset)
                : new NbnsParseError(NbnsParseErrorKind.AddressMissing, packet.RecordTypeOffset + (packet.RecordType == NbnsType.NB ? DataLengthOffset : 0));
        }

        return new NbnsParseError(NbnsParseErrorKind.UnknownPacket, FlagsOffset);
    }
}
