using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Conformance.Tests.Defects;

/// <summary>End nodes that ask in a wrong way, or take answers in a wrong way.</summary>
internal static class ClientDefects
{
    private static readonly NbEntry Own = new(new NbFlags(0), Ipv4Address.Parse("10.0.0.7"));

    public static ImmutableArray<Defect> All { get; } =
    [
        Out("silent", "asks for nothing", null, p => p.Drop()),

        // claims
        Out("claim-none", "claims nothing", Kind.NameRegistrationRequest, p => p.Drop()),
        Out("claim-once", "claims once", Kind.NameRegistrationRequest, p => Most(p, 1)),
        Out("claim-twice", "claims twice", Kind.NameRegistrationRequest, p => Most(p, 2)),
        Out("claim-doubled", "sends every claim twice", Kind.NameRegistrationRequest, p => p.Copies = 2),
        Out("claim-ids", "claims with another id each time", Kind.NameRegistrationRequest, p => p.Id += (ushort)(p.Memory.Count("ids") * 7)),
        Out("claim-no-rd", "claims without RD", Kind.NameRegistrationRequest, p => p.Set(NbnsFlags.RecursionDesiredBit, false)),
        Out("claim-b", "turns B round in claims", Kind.NameRegistrationRequest, p => p.Flags ^= NbnsFlags.BroadcastBit),
        Out("claim-aa", "claims with AA", Kind.NameRegistrationRequest, p => p.Set(NbnsFlags.AuthoritativeBit, true)),
        Out("claim-group", "turns the group bit round in claims", Kind.NameRegistrationRequest, p => p.Data[0] ^= 0x80),
        Out("claim-type-of-node", "claims with another node type", Kind.NameRegistrationRequest, p => p.Data[0] ^= 0x60),
        Out("claim-address", "claims for another address", Kind.NameRegistrationRequest, p => p.Data[5] ^= 0x40),
        Out("claim-written-out", "writes the record's name where a pointer belongs", Kind.NameRegistrationRequest, p => p.Octets = [.. p.Octets[..50], .. p.Octets[12..46], .. p.Octets[52..]]),
        Out("claim-class", "claims with class 2", Kind.NameRegistrationRequest, p => p.RecordWord(2, 2)),
        Out("claim-time", "claims by broadcast with a TTL, and at a server without", Kind.NameRegistrationRequest, p => { p.RecordWord(4, 0); p.RecordWord(6, p.IsBroadcast ? (ushort)60 : (ushort)0); }),
        Out("claim-everywhere", "broadcasts what is for the name server", Kind.NameRegistrationRequest, Everywhere),
        Out("claim-multihomed", "claims like a host of several addresses", Kind.NameRegistrationRequest, p => p.SetOpcode(15)),
        Out("claim-server", "claims at the name server only", Kind.NameRegistrationRequest, p => NodeDefects.DropIf(p, p.IsBroadcast)),
        Out("claim-segment", "claims on the segment only", Kind.NameRegistrationRequest, p => NodeDefects.DropIf(p, !p.IsBroadcast)),
        Out("demand-none", "makes no overwrite demand", Kind.NameOverwriteDemand, p => p.Drop()),
        Out("demand-twice", "makes its overwrite demand twice", Kind.NameOverwriteDemand, p => p.Copies = 2),
        Out("demand-rd", "makes its overwrite demand with RD", Kind.NameOverwriteDemand, p => p.Set(NbnsFlags.RecursionDesiredBit, true)),
        Out("demand-b", "makes its overwrite demand without B", Kind.NameOverwriteDemand, p => p.Set(NbnsFlags.BroadcastBit, false)),
        Out("demand-group", "turns the group bit round in its overwrite demand", Kind.NameOverwriteDemand, p => p.Data[0] ^= 0x80),
        Out("demand-name", "makes its overwrite demand for another name", Kind.NameOverwriteDemand, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("demand-early", "demands a name as it claims it", Kind.NameRegistrationRequest, p => { if (p.IsBroadcast && p.Name is { } name) p.Said.Add((new NameOverwriteDemand(p.Id, name, Own).ToArray(), p.Remote, true)); }),
        Out("overwrite-none", "does not overwrite at a name server", Kind.NameOverwriteRequest, p => p.Drop()),
        Out("overwrite-rd", "overwrites with RD: registers again", Kind.NameOverwriteRequest, p => p.Set(NbnsFlags.RecursionDesiredBit, true)),

        // answers to claims
        In("refusal-ignored", "does not hear refusals", Kind.NegativeNameRegistrationResponse, p => p.Drop()),
        In("refusal-any-id", "takes any refusal for its own", Kind.NegativeNameRegistrationResponse, p => p.Id = p.Memory.LastId),
        In("refusal-any-source", "takes refusals from anybody", Kind.NegativeNameRegistrationResponse, FromWhomItAsked),
        In("refusal-granted", "takes a refusal for a grant", Kind.NegativeNameRegistrationResponse, p => { p.Rcode(0); p.Set(NbnsFlags.RecursionAvailableBit, true); }),
        In("refusal-conflict", "hears no refusal that says CFT_ERR", Kind.NameConflictDemand, p => p.Drop()),
        In("refusal-conflict-only", "takes refusals for stray conflict demands", Kind.NegativeNameRegistrationResponse, p => (p.Id, _) = ((ushort)(p.Id ^ 0x5555), 0)),
        In("grant-ignored", "does not hear grants", Kind.PositiveNameRegistrationResponse, p => p.Drop()),
        In("grant-any-id", "takes any grant for its own", Kind.PositiveNameRegistrationResponse, p => p.Id = p.Memory.LastId),
        In("grant-any-source", "takes grants from anybody", Kind.PositiveNameRegistrationResponse, FromWhomItAsked),
        In("grant-refused", "takes a grant for a refusal", Kind.PositiveNameRegistrationResponse, p => p.Rcode(6)),
        In("grant-short", "takes any grant for one of ten minutes", Kind.PositiveNameRegistrationResponse, p => { p.RecordWord(4, 0); p.RecordWord(6, 600); }),
        In("grant-long", "takes any grant for one of a day", Kind.PositiveNameRegistrationResponse, p => { p.RecordWord(4, 1); p.RecordWord(6, 20864); }),
        new("client-wait-ignored", "does not hear WACKs", ConformanceRole.Client, In: p => NodeDefects.DropIf(p, p.IsResponse && p.Opcode == NbnsOpcode.Wack)),
        In("wait-forever", "takes any WACK for one of an hour", Kind.WaitForAcknowledgementResponse, p => { p.RecordWord(4, 0); p.RecordWord(6, 3600); }),
        In("wait-any-id", "takes any WACK for its own", Kind.WaitForAcknowledgementResponse, p => p.Id = p.Memory.LastId),
        In("wait-refused", "takes a WACK for a refusal", Kind.WaitForAcknowledgementResponse, p => { if (p.Name is { } name) p.Octets = new NegativeNameRegistrationResponse(p.Id, name, NbnsRcode.ActiveError, Own).ToArray(); }),
        In("challenge-ignored", "does not challenge the owner that it is told of", Kind.EndNodeChallengeNameRegistrationResponse, p => p.Drop()),
        In("challenge-granted", "takes an owner that it is told of for a grant", Kind.EndNodeChallengeNameRegistrationResponse, p => p.Set(NbnsFlags.RecursionAvailableBit, true)),
        In("challenge-refused", "takes an owner that it is told of for a refusal", Kind.EndNodeChallengeNameRegistrationResponse, p => p.Rcode(6)),

        // queries and their answers
        Out("query-none", "asks for no name", Kind.NameQueryRequest, p => p.Drop()),
        Out("query-once", "asks once", Kind.NameQueryRequest, p => Most(p, 1)),
        Out("query-no-rd", "asks without RD", Kind.NameQueryRequest, p => p.Set(NbnsFlags.RecursionDesiredBit, false)),
        Out("query-rd", "turns RD round in queries", Kind.NameQueryRequest, p => p.Flags ^= NbnsFlags.RecursionDesiredBit),
        Out("query-b", "turns B round in queries", Kind.NameQueryRequest, p => p.Flags ^= NbnsFlags.BroadcastBit),
        Out("query-name", "asks for another suffix", Kind.NameQueryRequest, p => { if (p.Name is { } name) p.Rename(name.WithSuffix((NameSuffix)0x7F)); }),
        Out("query-type", "asks for node status where it asks for a name", Kind.NameQueryRequest, p => p.Word(12 + NbnsHeader.PlainNameLength, 0x21)),
        Out("query-everywhere", "broadcasts queries that are for the name server", Kind.NameQueryRequest, Everywhere),
        Out("query-server", "asks the name server only", Kind.NameQueryRequest, p => NodeDefects.DropIf(p, p.IsBroadcast)),
        Out("query-segment", "asks on the segment only", Kind.NameQueryRequest, p => NodeDefects.DropIf(p, !p.IsBroadcast)),
        Out("query-doubled", "sends every query twice", Kind.NameQueryRequest, p => p.Copies = 2),
        In("answer-ignored", "does not hear answers", Kind.PositiveNameQueryResponse, p => p.Drop()),
        In("answer-any-id", "takes any answer for its own", Kind.PositiveNameQueryResponse, p => p.Id = p.Memory.LastId),
        In("denial-ignored", "does not hear that there is no such name", Kind.NegativeNameQueryResponse, p => p.Drop()),
        In("denial-any-id", "takes any denial for its own", Kind.NegativeNameQueryResponse, p => p.Id = p.Memory.LastId),
        In("denial-found", "takes a denial for an answer", Kind.NegativeNameQueryResponse, p => { if (p.Name is { } name) p.Octets = new PositiveNameQueryResponse(p.Id, name, [Own], 0).ToArray(); }),
        In("redirect-ignored", "does not hear redirects", Kind.RedirectNameQueryResponse, p => p.Drop()),
        In("redirect-denied", "takes a redirect for a denial", Kind.RedirectNameQueryResponse, p => { if (p.Name is { } name) p.Octets = new NegativeNameQueryResponse(p.Id, name).ToArray(); }),
        Out("conflict-none", "never tells two owners of their conflict", Kind.NameConflictDemand, p => p.Drop()),
        Out("conflict-code", "tells two owners with another RCODE", Kind.NameConflictDemand, p => p.Rcode(6)),
        Out("conflict-all", "tells everybody of a conflict", Kind.NameConflictDemand, p => (p.Remote, p.IsBroadcast) = (Segment(p), true)),
        Out("status-none", "asks for no status", Kind.NodeStatusRequest, p => p.Drop()),
        Out("status-rd", "asks for a status with RD", Kind.NodeStatusRequest, p => p.Set(NbnsFlags.RecursionDesiredBit, true)),

        // releases and refreshes
        Out("release-none", "never releases", null, p => NodeDefects.DropIf(p, p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest)),
        Out("release-once", "releases once", null, p => { if (p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest) Most(p, 1); }),
        Out("release-b", "turns B round in releases", null, p => { if (p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest) p.Flags ^= NbnsFlags.BroadcastBit; }),
        Out("release-address", "releases another address", null, p => { if (p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest) p.Data[5] ^= 0x40; }),
        Out("release-group", "turns the group bit round in releases", null, p => { if (p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest) p.Data[0] ^= 0x80; }),
        Out("release-time", "releases with a TTL", null, p => { if (p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest) p.RecordWord(6, 300); }),
        Out("release-everywhere", "broadcasts releases that are for the name server", Kind.NameReleaseRequest, Everywhere),
        Out("release-segment", "releases on the segment only", Kind.NameReleaseRequest, p => NodeDefects.DropIf(p, !p.IsBroadcast)),
        In("release-unheard", "does not hear that a release was taken", Kind.PositiveNameReleaseResponse, p => p.Drop()),
        In("release-refused", "takes a refused release for a taken one", Kind.NegativeNameReleaseResponse, p => p.Rcode(0)),
        Out("refresh-none", "never refreshes", Kind.NameRefreshRequest, p => p.Drop()),
        Out("refresh-registers", "registers again in place of refreshing", Kind.NameRefreshRequest, p => { p.SetOpcode(5); p.Set(NbnsFlags.RecursionDesiredBit, true); }),
        Out("refresh-opcode", "refreshes with an unknown opcode", Kind.NameRefreshRequest, p => p.SetOpcode(12)),
        Out("refresh-rd", "refreshes with RD", Kind.NameRefreshRequest, p => p.Set(NbnsFlags.RecursionDesiredBit, true)),
        Out("refresh-all", "broadcasts refreshes", Kind.NameRefreshRequest, Everywhere),
        Out("refresh-group", "turns the group bit round in refreshes", Kind.NameRefreshRequest, p => p.Data[0] ^= 0x80),
        new("client-refusals-ignored", "hears neither refusals nor conflict demands", ConformanceRole.Client, In: p => NodeDefects.DropIf(p, p.Kind is Kind.NegativeNameRegistrationResponse or Kind.NameConflictDemand)),
        new("client-refreshes-always", "refreshes its name twice a minute, whoever granted it", ConformanceRole.Client, Chatter: () => new NameRefreshRequest(0x7001, NetBiosName.Parse("SUBJECT<20>"), Own)),
        new("client-refreshes-early", "refreshes its first name twice a minute", ConformanceRole.Client, Chatter: () => new NameRefreshRequest(0x7002, NetBiosName.Parse("SUBJECT<00>"), Own)),
        new("client-claims-asterisk", "claims a name that begins with an asterisk", ConformanceRole.Client, Chatter: () => new NameRegistrationRequest(0x7003, NetBiosName.Parse("*CLIENT<20>"), Own)),
    ];

    private static Defect Out(string id, string says, Kind? kind, Action<Passing> change) =>
        new($"client-{id}", says, ConformanceRole.Client, Out: p =>
        {
            if (kind is null || p.Kind == kind)
                change(p);
        });

    private static Defect In(string id, string says, Kind kind, Action<Passing> change) =>
        new($"client-{id}", says, ConformanceRole.Client, In: p =>
        {
            if (p.Kind == kind)
                change(p);
        });

    /// <summary>A request is sent so often at most, to one place.</summary>
    private static void Most(Passing p, int times) => NodeDefects.DropIf(p, p.Memory.Count($"{p.Kind} {p.Name} {p.Remote}") > times);

    /// <summary>What goes to one machine goes to the segment too.</summary>
    private static void Everywhere(Passing p)
    {
        if (!p.IsBroadcast)
            p.Said.Add((p.Octets, Segment(p), true));
    }

    private static Ipv4Endpoint Segment(Passing p) => new(new Ipv4Address(p.Remote.Address.Value | 0xFF), p.Remote.Port);

    private static void FromWhomItAsked(Passing p) => p.Remote = p.Memory.LastRemote;
}
