using NbnsSim.Wire;

namespace NbnsSim.Transport;

/// <summary>"Server failure: problem with the name server, cannot process the name" (RFC 1002 §4.2.6, §4.2.11): SRV_ERR, while nothing can be saved.</summary>
internal static class Refusal
{
    /// <summary>Whether a request would change what is saved: a claim, a refresh or a release.</summary>
    public static bool Concerns(in NbnsPacket packet) => !packet.IsResponse && !packet.Flags.IsBroadcast && packet.HasRecord && packet.Record.HasEntry
        && (packet.Opcode is NbnsOpcode.Registration or NbnsOpcode.MultihomedRegistration or NbnsOpcode.Release || IsRefresh(packet));

    /// <summary>Whether a request is a refresh. Those are not refused but left without an answer: a node that is refused gives its name up (RFC 1002 §5.1.2.6), one that hears nothing tries again.</summary>
    public static bool IsRefresh(in NbnsPacket packet) => !packet.IsResponse && packet.Opcode is NbnsOpcode.Refresh or NbnsOpcode.RefreshAlternate;

    /// <summary>Writes the refusal of a request, or one in the place of the answer that was to leave.</summary>
    /// <param name="buffer">Receives it; may be what <paramref name="packet"/> is read from.</param>
    /// <param name="packet">The request or the answer.</param>
    /// <returns>Its length; 0 where nothing can be said of the name.</returns>
    public static int Write(Span<byte> buffer, in NbnsPacket packet)
    {
        if (!packet.Name.TryGetName(out var name))
            return 0;
        ushort word = packet.Opcode == NbnsOpcode.Release ? NbnsFlagWords.ReleaseResponse : NbnsFlagWords.RegistrationResponse;
        return NbnsEncoder.WriteResponse(buffer, packet.TransactionId, (ushort)(word | (ushort)NbnsRcode.ServerFailure), name, timeToLive: 0, packet.Record.FirstEntry);
    }
}
