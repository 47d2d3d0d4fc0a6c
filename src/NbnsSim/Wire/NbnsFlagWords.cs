namespace NbnsSim.Wire;

/// <summary>The whole flags word of each packet as RFC 1002 §4.2.2–4.2.18 draws it, unicast; add <see cref="NbnsFlags.BroadcastBit"/> for a broadcast, an RCODE for a refusal.</summary>
public static class NbnsFlagWords
{
    /// <summary>§4.2.2 name registration request.</summary>
    public const ushort RegistrationRequest = 0x2900;

    /// <summary>§4.2.3 name overwrite request and demand.</summary>
    public const ushort Overwrite = 0x2800;

    /// <summary>§4.2.4 name refresh request, opcode 8.</summary>
    public const ushort RefreshRequest = 0x4000;

    /// <summary>§4.2.4 name refresh request, opcode 9 as its diagram has it.</summary>
    public const ushort RefreshRequestAlternate = 0x4800;

    /// <summary>MS-NBTE §2.2.2 multi-homed name registration request.</summary>
    public const ushort MultihomedRegistrationRequest = 0x7900;

    /// <summary>§4.2.5 positive and §4.2.6 negative name registration response.</summary>
    public const ushort RegistrationResponse = 0xAD80;

    /// <summary>§4.2.7 end-node challenge name registration response: RA clear.</summary>
    public const ushort EndNodeChallenge = 0xAD00;

    /// <summary>§4.2.8 name conflict demand.</summary>
    public const ushort ConflictDemand = 0xAD87;

    /// <summary>§4.2.9 name release request and demand.</summary>
    public const ushort Release = 0x3000;

    /// <summary>§4.2.10 positive and §4.2.11 negative name release response.</summary>
    public const ushort ReleaseResponse = 0xB400;

    /// <summary>§4.2.12 name query request.</summary>
    public const ushort QueryRequest = 0x0100;

    /// <summary>§4.2.13 and §4.2.14 name query response from an end node, which does not set RA.</summary>
    public const ushort QueryResponse = 0x8500;

    /// <summary>§4.2.13 and §4.2.14 name query response from a name server.</summary>
    public const ushort NameServerQueryResponse = 0x8580;

    /// <summary>§4.2.15 redirect name query response.</summary>
    public const ushort RedirectResponse = 0x8100;

    /// <summary>§4.2.16 wait for acknowledgement.</summary>
    public const ushort Wack = 0xBC00;

    /// <summary>§4.2.17 node status request; with type NB, the query by which a name is verified.</summary>
    public const ushort NodeStatusRequest = 0x0000;

    /// <summary>§4.2.18 node status response.</summary>
    public const ushort NodeStatusResponse = 0x8400;
}
