namespace NbnsSim.Transport;

/// <summary>Why a <see cref="NbnsUdpHost"/> let a datagram go.</summary>
public enum NbnsDropReason
{
    /// <summary>Its source sent more than <see cref="NbnsUdpHostOptions.RequestsPerSecondPerSource"/>.</summary>
    SourceRate,

    /// <summary>A node status request above <see cref="NbnsUdpHostOptions.NodeStatusPerSecondPerSource"/> or <see cref="NbnsUdpHostOptions.NodeStatusPerSecond"/>.</summary>
    NodeStatusRate,

    /// <summary>Its source is port 0, or an address that nobody can have: an answer would go astray, or to everyone.</summary>
    ForgedSource,

    /// <summary>It is longer than any name service packet (RFC 1002 §6 MAX_DATAGRAM_LENGTH is 576; 2048 are read).</summary>
    TooLong,

    /// <summary>The system refused to send it: no route, a full buffer, a firewall.</summary>
    SendFailed,

    /// <summary>
    /// An answer or a challenge to an address that stands for many: multicast, 255.255.255.255 or the broadcast address of an interface. Only what
    /// the endpoint means as a broadcast goes there, or whoever registers such an address could have the host send to everyone.
    /// </summary>
    ManyDestinations,

    /// <summary>A claim, or the answer to one, while <see cref="NbnsUdpHostOptions.MaxHeldAnswers"/> wait to be safe.</summary>
    StateBusy,

    /// <summary>A refresh that could not be saved: a refusal would end the name.</summary>
    StateLost,
}
