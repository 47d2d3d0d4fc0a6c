using NbnsSim.Names;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Testing.Traffic;

/// <summary>Words for what packets are.</summary>
internal static class PacketWords
{
    public static bool By(this TrafficPacket it, params ReadOnlySpan<TrafficHost?> hosts)
    {
        foreach (var host in hosts)
        {
            if (host is not null && host.Id == it.Sender)
                return true;
        }

        return false;
    }

    public static bool To(this TrafficPacket it, TrafficHost? host) => host is not null && it.Destination.Address == host.Address;

    public static bool IsAbout(this TrafficPacket it, string name) => it.Name != default && it.Name.BaseName == name;

    public static bool IsAbout(this TrafficPacket it, NetBiosName name) => it.Name == name;

    public static bool Claims(this TrafficPacket it) => it.Kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest or Kind.NameOverwriteDemand or Kind.NameOverwriteRequest or Kind.NameRefreshRequest;

    public static bool Grants(this TrafficPacket it) => it.Kind == Kind.PositiveNameRegistrationResponse;

    public static bool Refuses(this TrafficPacket it) => it.Kind == Kind.NegativeNameRegistrationResponse;

    public static bool Waits(this TrafficPacket it) => it.Kind == Kind.WaitForAcknowledgementResponse;

    public static bool Releases(this TrafficPacket it) => it.Kind is Kind.NameReleaseRequest or Kind.NameReleaseDemand;

    public static bool Asks(this TrafficPacket it) => it.Kind == Kind.NameQueryRequest;

    public static bool Answers(this TrafficPacket it) => it.Kind == Kind.PositiveNameQueryResponse;

    public static bool Denies(this TrafficPacket it) => it.Kind == Kind.NegativeNameQueryResponse;

    public static bool DemandsConflict(this TrafficPacket it) => it.Kind == Kind.NameConflictDemand;
}
