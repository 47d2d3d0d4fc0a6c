namespace NbnsSim.Messages;

/// <summary>The packets of RFC 1002 §4.2.2–4.2.18 and MS-NBTE §2.2.2.</summary>
public enum NbnsMessageKind : byte
{
    /// <summary>None of those below.</summary>
    Unknown,

    /// <summary>§4.2.2 NAME REGISTRATION REQUEST.</summary>
    NameRegistrationRequest,

    /// <summary>§4.2.3 NAME OVERWRITE REQUEST, unicast ("NAME UPDATE REQUEST").</summary>
    NameOverwriteRequest,

    /// <summary>§4.2.3 NAME OVERWRITE DEMAND, broadcast.</summary>
    NameOverwriteDemand,

    /// <summary>§4.2.4 NAME REFRESH REQUEST (opcode 8 or 9).</summary>
    NameRefreshRequest,

    /// <summary>MS-NBTE §2.2.2 multi-homed name registration request (opcode 15).</summary>
    MultihomedNameRegistrationRequest,

    /// <summary>§4.2.5 POSITIVE NAME REGISTRATION RESPONSE.</summary>
    PositiveNameRegistrationResponse,

    /// <summary>§4.2.6 NEGATIVE NAME REGISTRATION RESPONSE.</summary>
    NegativeNameRegistrationResponse,

    /// <summary>§4.2.7 END-NODE CHALLENGE NAME REGISTRATION RESPONSE.</summary>
    EndNodeChallengeNameRegistrationResponse,

    /// <summary>§4.2.8 NAME CONFLICT DEMAND.</summary>
    NameConflictDemand,

    /// <summary>§4.2.9 NAME RELEASE REQUEST, unicast.</summary>
    NameReleaseRequest,

    /// <summary>§4.2.9 NAME RELEASE DEMAND, broadcast.</summary>
    NameReleaseDemand,

    /// <summary>§4.2.10 POSITIVE NAME RELEASE RESPONSE.</summary>
    PositiveNameReleaseResponse,

    /// <summary>§4.2.11 NEGATIVE NAME RELEASE RESPONSE.</summary>
    NegativeNameReleaseResponse,

    /// <summary>§4.2.12 NAME QUERY REQUEST.</summary>
    NameQueryRequest,

    /// <summary>§4.2.13 POSITIVE NAME QUERY RESPONSE.</summary>
    PositiveNameQueryResponse,

    /// <summary>§4.2.14 NEGATIVE NAME QUERY RESPONSE.</summary>
    NegativeNameQueryResponse,

    /// <summary>§4.2.15 REDIRECT NAME QUERY RESPONSE.</summary>
    RedirectNameQueryResponse,

    /// <summary>§4.2.16 WAIT FOR ACKNOWLEDGEMENT (WACK) RESPONSE.</summary>
    WaitForAcknowledgementResponse,

    /// <summary>§4.2.17 NODE STATUS REQUEST.</summary>
    NodeStatusRequest,

    /// <summary>§4.2.18 NODE STATUS RESPONSE.</summary>
    NodeStatusResponse,
}

/// <summary>The RFC's titles for <see cref="NbnsMessageKind"/>.</summary>
public static class NbnsMessageKinds
{
    /// <summary>The title that RFC 1002 §4.2 gives the packet, such as <c>NAME REGISTRATION REQUEST</c>.</summary>
    /// <param name="kind">The kind.</param>
    public static string Title(this NbnsMessageKind kind) => kind switch
    {
        NbnsMessageKind.NameRegistrationRequest => "NAME REGISTRATION REQUEST",
        NbnsMessageKind.NameOverwriteRequest => "NAME OVERWRITE REQUEST",
        NbnsMessageKind.NameOverwriteDemand => "NAME OVERWRITE DEMAND",
        NbnsMessageKind.NameRefreshRequest => "NAME REFRESH REQUEST",
        NbnsMessageKind.MultihomedNameRegistrationRequest => "MULTI-HOMED NAME REGISTRATION REQUEST",
        NbnsMessageKind.PositiveNameRegistrationResponse => "POSITIVE NAME REGISTRATION RESPONSE",
        NbnsMessageKind.NegativeNameRegistrationResponse => "NEGATIVE NAME REGISTRATION RESPONSE",
        NbnsMessageKind.EndNodeChallengeNameRegistrationResponse => "END-NODE CHALLENGE NAME REGISTRATION RESPONSE",
        NbnsMessageKind.NameConflictDemand => "NAME CONFLICT DEMAND",
        NbnsMessageKind.NameReleaseRequest => "NAME RELEASE REQUEST",
        NbnsMessageKind.NameReleaseDemand => "NAME RELEASE DEMAND",
        NbnsMessageKind.PositiveNameReleaseResponse => "POSITIVE NAME RELEASE RESPONSE",
        NbnsMessageKind.NegativeNameReleaseResponse => "NEGATIVE NAME RELEASE RESPONSE",
        NbnsMessageKind.NameQueryRequest => "NAME QUERY REQUEST",
        NbnsMessageKind.PositiveNameQueryResponse => "POSITIVE NAME QUERY RESPONSE",
        NbnsMessageKind.NegativeNameQueryResponse => "NEGATIVE NAME QUERY RESPONSE",
        NbnsMessageKind.RedirectNameQueryResponse => "REDIRECT NAME QUERY RESPONSE",
        NbnsMessageKind.WaitForAcknowledgementResponse => "WAIT FOR ACKNOWLEDGEMENT (WACK) RESPONSE",
        NbnsMessageKind.NodeStatusRequest => "NODE STATUS REQUEST",
        NbnsMessageKind.NodeStatusResponse => "NODE STATUS RESPONSE",
        _ => "UNKNOWN PACKET",
    };
}
