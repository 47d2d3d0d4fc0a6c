using System.Collections.Frozen;
using NbnsSim.Messages;
using NbnsSim.Wire;

namespace NbnsSim.Conformance;

/// <summary>The kinds of packets as cases call them, and the header that RFC 1002 §4.2 gives each.</summary>
internal sealed record PacketKind(string Name, NbnsMessageKind Kind, ushort Flags, PacketLayout Layout, NbnsType Type = NbnsType.NB)
{
    public NbnsFlags Header => Flags;
}

/// <summary>Which sections a packet has.</summary>
internal enum PacketLayout
{
    /// <summary>A question alone.</summary>
    Question,

    /// <summary>A question, and behind it the record that is claimed, in the additional section.</summary>
    Request,

    /// <summary>A record in the answer section.</summary>
    Response,

    /// <summary>A server's name in the authority section, its address in the additional one.</summary>
    Redirect,
}

/// <summary>The table of <see cref="PacketKind"/>.</summary>
internal static class PacketKinds
{
    private static readonly FrozenDictionary<string, PacketKind> Known = new PacketKind[]
    {
        new("registration", NbnsMessageKind.NameRegistrationRequest, NbnsFlagWords.RegistrationRequest, PacketLayout.Request), // RFC 1002 §4.2.2
        new("overwrite", NbnsMessageKind.NameOverwriteRequest, NbnsFlagWords.Overwrite, PacketLayout.Request), // §4.2.3
        new("demand", NbnsMessageKind.NameOverwriteDemand, NbnsFlagWords.Overwrite | NbnsFlags.BroadcastBit, PacketLayout.Request), // §4.2.3
        new("refresh", NbnsMessageKind.NameRefreshRequest, NbnsFlagWords.RefreshRequest, PacketLayout.Request), // §4.2.4
        new("multihomed", NbnsMessageKind.MultihomedNameRegistrationRequest, NbnsFlagWords.MultihomedRegistrationRequest, PacketLayout.Request), // MS-NBTE §2.2.2
        new("positive-registration", NbnsMessageKind.PositiveNameRegistrationResponse, NbnsFlagWords.RegistrationResponse, PacketLayout.Response), // §4.2.5
        new("negative-registration", NbnsMessageKind.NegativeNameRegistrationResponse, NbnsFlagWords.RegistrationResponse | (ushort)NbnsRcode.ActiveError, PacketLayout.Response), // §4.2.6
        new("challenge", NbnsMessageKind.EndNodeChallengeNameRegistrationResponse, NbnsFlagWords.EndNodeChallenge, PacketLayout.Response), // §4.2.7
        new("conflict", NbnsMessageKind.NameConflictDemand, NbnsFlagWords.ConflictDemand, PacketLayout.Response), // §4.2.8
        new("release", NbnsMessageKind.NameReleaseRequest, NbnsFlagWords.Release, PacketLayout.Request), // §4.2.9
        new("release-demand", NbnsMessageKind.NameReleaseDemand, NbnsFlagWords.Release | NbnsFlags.BroadcastBit, PacketLayout.Request), // §4.2.9
        new("positive-release", NbnsMessageKind.PositiveNameReleaseResponse, NbnsFlagWords.ReleaseResponse, PacketLayout.Response), // §4.2.10
        new("negative-release", NbnsMessageKind.NegativeNameReleaseResponse, NbnsFlagWords.ReleaseResponse | (ushort)NbnsRcode.ActiveError, PacketLayout.Response), // §4.2.11
        new("query", NbnsMessageKind.NameQueryRequest, NbnsFlagWords.QueryRequest, PacketLayout.Question), // §4.2.12
        new("positive-query", NbnsMessageKind.PositiveNameQueryResponse, NbnsFlagWords.NameServerQueryResponse, PacketLayout.Response), // §4.2.13
        new("negative-query", NbnsMessageKind.NegativeNameQueryResponse, NbnsFlagWords.NameServerQueryResponse | (ushort)NbnsRcode.NameError, PacketLayout.Response, NbnsType.Null), // §4.2.14
        new("redirect", NbnsMessageKind.RedirectNameQueryResponse, NbnsFlagWords.RedirectResponse, PacketLayout.Redirect, NbnsType.NS), // §4.2.15
        new("wack", NbnsMessageKind.WaitForAcknowledgementResponse, NbnsFlagWords.Wack, PacketLayout.Response), // §4.2.16
        new("status", NbnsMessageKind.NodeStatusRequest, NbnsFlagWords.NodeStatusRequest, PacketLayout.Question, NbnsType.NBStat), // §4.2.17
        new("status-response", NbnsMessageKind.NodeStatusResponse, NbnsFlagWords.NodeStatusResponse, PacketLayout.Response, NbnsType.NBStat), // §4.2.18
    }.ToFrozenDictionary(kind => kind.Name);

    /// <summary>The kind of a name; null for none.</summary>
    public static PacketKind? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>What a packet is called, such as <c>query</c>; <c>other</c> for what is none of them.</summary>
    public static string NameOf(NbnsMessageKind kind) => Known.Values.FirstOrDefault(known => known.Kind == kind)?.Name ?? "other";

    /// <exception cref="FormatException">There is no such packet.</exception>
    public static void Check(PacketData packet)
    {
        if (packet.Raw is null == packet.Kind is null)
            throw new FormatException("a packet has a kind, or is raw.");
        if (packet.Kind is { } kind && Find(kind) is null)
            throw new FormatException($"there is no packet \"{kind}\".");
    }
}
