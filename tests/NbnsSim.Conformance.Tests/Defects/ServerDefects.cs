using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Conformance.Tests.Defects;

/// <summary>Name servers that are wrong.</summary>
internal static class ServerDefects
{
    private static readonly NbEntry Own = new(new NbFlags(0), Ipv4Address.Parse("10.0.0.7"));

    public static ImmutableArray<Defect> All { get; } =
    [
        Out("deaf", "answers nothing", null, p => p.Drop()),

        // grants
        Out("grant-none", "grants without a word", Kind.PositiveNameRegistrationResponse, p => p.Drop()),
        Out("grant-id", "grants with another id", Kind.PositiveNameRegistrationResponse, p => p.Id ^= 0x5555),
        Out("grant-code", "grants with SRV_ERR", Kind.PositiveNameRegistrationResponse, p => p.Rcode(2)),
        Out("grant-refused", "refuses what it should grant", Kind.PositiveNameRegistrationResponse, p => p.Rcode(6)),
        Out("grant-not-authoritative", "grants without AA", Kind.PositiveNameRegistrationResponse, p => p.Set(NbnsFlags.AuthoritativeBit, false)),
        Out("grant-rd", "turns RD round in grants", Kind.PositiveNameRegistrationResponse, p => p.Flags ^= NbnsFlags.RecursionDesiredBit),
        Out("grant-ra", "grants without RA", Kind.PositiveNameRegistrationResponse, p => p.Set(NbnsFlags.RecursionAvailableBit, false)),
        Out("grant-opcode", "grants with the opcode of a query", Kind.PositiveNameRegistrationResponse, p => p.SetOpcode(0)),
        Out("grant-name", "grants another name", Kind.PositiveNameRegistrationResponse, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("grant-address", "grants to another address", Kind.PositiveNameRegistrationResponse, p => p.Data[5] ^= 0x40),
        Out("grant-group", "turns the group bit round in grants", Kind.PositiveNameRegistrationResponse, p => p.Data[0] ^= 0x80),
        Out("grant-reserved", "sets reserved bits of NB_FLAGS in grants", Kind.PositiveNameRegistrationResponse, p => p.Data[1] |= 1),
        Out("grant-type", "grants with a record of type A", Kind.PositiveNameRegistrationResponse, p => p.RecordWord(0, 1)),
        Out("grant-class", "grants with a record of class 2", Kind.PositiveNameRegistrationResponse, p => p.RecordWord(2, 2)),
        Out("grant-time", "grants for two seconds", Kind.PositiveNameRegistrationResponse, p => { p.RecordWord(4, 0); p.RecordWord(6, 2); }),
        Out("grant-twice", "grants twice", Kind.PositiveNameRegistrationResponse, p => p.Copies = 2),
        Out("grant-port", "grants to port 137, wherever it was asked from", Kind.PositiveNameRegistrationResponse, p => p.Remote = Ipv4Endpoint.NameService(p.Remote.Address)),
        Out("grant-b", "grants with B", Kind.PositiveNameRegistrationResponse, p => p.Set(NbnsFlags.BroadcastBit, true)),
        Out("grant-question", "counts a question in grants that is not there", Kind.PositiveNameRegistrationResponse, p => p.Word(4, 1)),

        // refusals and WACKs
        Out("refusal-none", "refuses without a word", Kind.NegativeNameRegistrationResponse, p => p.Drop()),
        Out("refusal-granted", "grants what it should refuse", Kind.NegativeNameRegistrationResponse, p => p.Rcode(0)),
        Out("refusal-code", "refuses with SRV_ERR", Kind.NegativeNameRegistrationResponse, p => p.Rcode(2)),
        Out("refusal-policy", "refuses with RFS_ERR", Kind.NegativeNameRegistrationResponse, p => p.Rcode(5)),
        Out("refusal-id", "refuses with another id", Kind.NegativeNameRegistrationResponse, p => p.Id ^= 0x5555),
        Out("refusal-not-authoritative", "refuses without AA", Kind.NegativeNameRegistrationResponse, p => p.Set(NbnsFlags.AuthoritativeBit, false)),
        Out("refusal-name", "refuses another name", Kind.NegativeNameRegistrationResponse, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("wait-none", "sends no WACK", Kind.WaitForAcknowledgementResponse, p => p.Drop()),
        Out("wait-id", "sends WACKs with another id", Kind.WaitForAcknowledgementResponse, p => p.Id ^= 0x5555),
        Out("wait-data", "sends WACKs that repeat no request", Kind.WaitForAcknowledgementResponse, p => p.Data.Clear()),
        Out("wait-flags", "sends WACKs without AA", Kind.WaitForAcknowledgementResponse, p => p.Set(NbnsFlags.AuthoritativeBit, false)),
        Out("wait-name", "sends WACKs about another name", Kind.WaitForAcknowledgementResponse, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("wait-type", "sends WACKs of type A", Kind.WaitForAcknowledgementResponse, p => p.RecordWord(0, 1)),
        Out("wait-twice", "sends each WACK twice", Kind.WaitForAcknowledgementResponse, p => p.Copies = 2),
        In("wait-always", "asks everybody to wait", p => NodeDefects.Tell(p, IsClaim(p), name => new WaitForAcknowledgementResponse(p.Id, name, 5, p.Flags))),

        // challenges
        Out("challenge-none", "asks no owner", Kind.NameQueryRequest, p => p.Drop()),
        Out("challenge-once", "asks an owner once", Kind.NameQueryRequest, p => NodeDefects.DropIf(p, p.Memory.Count($"{p.Name} {p.Remote}") > 1)),
        Out("challenge-twice", "asks an owner twice each time", Kind.NameQueryRequest, p => p.Copies = 2),
        Out("challenge-rd", "asks an owner with RD", Kind.NameQueryRequest, p => p.Flags ^= NbnsFlags.RecursionDesiredBit),
        Out("challenge-b", "asks an owner with B", Kind.NameQueryRequest, p => p.Set(NbnsFlags.BroadcastBit, true)),
        Out("challenge-id", "forgets the id with which it asked", Kind.NameQueryRequest, p => p.Id ^= 0x5555),
        Out("challenge-name", "asks an owner for another name", Kind.NameQueryRequest, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("challenge-all", "asks everybody in place of the owner", Kind.NameQueryRequest, p => (p.Remote, p.IsBroadcast) = (Segment(p), true)),
        Out("challenge-type", "asks an owner for its status", Kind.NameQueryRequest, p => p.Word(12 + NbnsHeader.PlainNameLength, 0x21)),
        In("challenge-any-id", "takes answers with another id", p => { if (p.IsResponse) p.Id = p.Memory.LastId; }),
        In("challenge-any-source", "takes answers from anybody", p => { if (p.IsResponse) p.Remote = p.Memory.LastRemote; }),
        In("challenge-deaf", "hears no owner that has its name", p => NodeDefects.DropIf(p, p.Kind == Kind.PositiveNameQueryResponse)),
        In("challenge-denied", "takes an owner's answer for a denial", p => { if (p.Kind == Kind.PositiveNameQueryResponse && p.Name is { } name) p.Octets = new NegativeNameQueryResponse(p.Id, name).ToArray(); }),
        In("denial-unheard", "hears no owner that has its name no more", p => NodeDefects.DropIf(p, p.Kind == Kind.NegativeNameQueryResponse)),
        In("denial-held", "takes a denial for an owner's answer", p => { if (p.Kind == Kind.NegativeNameQueryResponse && p.Name is { } name) p.Octets = new PositiveNameQueryResponse(p.Id, name, [new NbEntry(new NbFlags(0), p.Remote.Address)], 0).ToArray(); }),
        In("owner-forgotten", "gives a name to whoever claims it", p => { if (IsClaim(p)) ReleaseFirst(p); }),

        // requests
        In("register-none", "registers nothing", p => NodeDefects.DropIf(p, p.Opcode == NbnsOpcode.Registration && !p.IsResponse)),
        In("register-groups-unique", "registers groups as unique names", p => { if (IsClaim(p) && p.IsGroup) p.Data[0] &= 0x7F; }),
        In("register-unique-groups", "registers unique names as groups", p => { if (IsClaim(p) && p.HasEntry) p.Data[0] |= 0x80; }),
        In("register-multihomed-none", "knows no multi-homed claims", p => NodeDefects.DropIf(p, p.Opcode == NbnsOpcode.MultihomedRegistration)),
        In("register-multihomed-plain", "takes multi-homed claims for ordinary ones", p => { if (p.Opcode == NbnsOpcode.MultihomedRegistration && !p.IsResponse) p.SetOpcode(5); }),
        In("register-plain-multihomed", "takes ordinary claims for multi-homed ones", p => { if (p.Kind == Kind.NameRegistrationRequest) p.SetOpcode(15); }),
        In("register-overwrite", "takes registrations for overwrite requests", p => { if (p.Kind == Kind.NameRegistrationRequest) p.Set(NbnsFlags.RecursionDesiredBit, false); }),
        In("register-not-overwrite", "takes overwrite requests for registrations", p => { if (p.Kind == Kind.NameOverwriteRequest) p.Set(NbnsFlags.RecursionDesiredBit, true); }),
        In("register-source", "registers the address that a claim came from", p => { if (IsClaim(p) && p.HasEntry) p.Remote.Address.Write(p.Data[2..6]); }),
        In("register-broadcast", "takes broadcasts for requests to it", p => { if (p.IsBroadcast && !p.IsResponse) { p.IsBroadcast = false; p.Set(NbnsFlags.BroadcastBit, false); } }),
        In("register-b", "takes requests with B for requests to it", p => { if (!p.IsResponse) p.Set(NbnsFlags.BroadcastBit, false); }),
        In("register-any-class", "does not look at the class of a record", p => { if (!p.IsResponse) p.RecordWord(2, 1); }),
        In("register-any-type", "does not look at the type of a record", p => { if (!p.IsResponse && p.Opcode != NbnsOpcode.Query) p.RecordWord(0, 0x20); }),
        In("register-any-length", "takes half a record", p => { if (p.Opcode == NbnsOpcode.Registration && p.Octets.Length == 67) { p.Octets = [.. p.Octets, 51]; p.RecordWord(8, 6); p.Word(66, 6); } }),
        In("register-case", "does not tell small letters from capitals", p => p.Capitals()),
        In("register-scope", "does not compare scopes", p => p.StripScope()),
        In("register-suffix", "does not compare the suffix", p => { if (!p.IsResponse && p.Name is { HasScope: false } name && !name.IsWildcard) p.Rename(name.WithSuffix((NameSuffix)0x20)); }),
        In("register-port", "hears only port 137", p => NodeDefects.DropIf(p, p.Remote.Port != Ipv4Endpoint.NameServicePort)),
        In("register-short", "takes every TTL for two seconds", p => { if (IsClaim(p) || p.Kind == Kind.NameRefreshRequest) { p.RecordWord(4, 0); p.RecordWord(6, 2); } }),
        In("register-forever", "takes every TTL for none", p => { if (IsClaim(p) || p.Kind == Kind.NameRefreshRequest) { p.RecordWord(4, 0); p.RecordWord(6, 0); } }),
        In("refresh-none", "hears no refresh", p => NodeDefects.DropIf(p, p.Kind == Kind.NameRefreshRequest)),
        In("refresh-nine", "knows no opcode 9", p => NodeDefects.DropIf(p, p.Opcode == NbnsOpcode.RefreshAlternate)),
        In("refresh-eight", "knows no opcode 8", p => NodeDefects.DropIf(p, p.Opcode == NbnsOpcode.Refresh)),
        In("refresh-anybody", "lets anybody refresh a name", p => { if (p.Kind == Kind.NameRefreshRequest) ReleaseFirst(p); }),
        In("refresh-claim", "takes a refresh for a claim", p => { if (p.Kind == Kind.NameRefreshRequest) { p.SetOpcode(5); p.Set(NbnsFlags.RecursionDesiredBit, true); } }),
        In("release-none", "hears no release", p => NodeDefects.DropIf(p, p.Kind == Kind.NameReleaseRequest)),
        In("release-anybody", "lets anybody release a name", p => { if (p.Kind == Kind.NameReleaseRequest && p.Name is { } name && p.Memory.Owners.TryGetValue(name, out var owner)) { p.Remote = owner with { Port = p.Remote.Port }; owner.Address.Write(p.Data[2..6]); } }),
        Out("release-mute", "releases without a word", Kind.PositiveNameReleaseResponse, p => p.Drop()),
        Out("release-refused", "refuses every release", Kind.PositiveNameReleaseResponse, p => p.Rcode(6)),
        Out("release-granted", "refuses no release", Kind.NegativeNameReleaseResponse, p => p.Rcode(0)),
        Out("release-id", "answers releases with another id", Kind.PositiveNameReleaseResponse, p => p.Id ^= 0x5555),
        Out("release-flags", "answers releases with RD and RA turned round", Kind.PositiveNameReleaseResponse, p => p.Flags ^= 0x0180),
        Out("release-name", "answers the release of another name", Kind.PositiveNameReleaseResponse, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        In("release-late", "takes a release for a refresh", p => { if (p.Kind == Kind.NameReleaseRequest) p.SetOpcode(8); }),
        In("conflict-obeyed", "lets a conflict demand take a name away", p => { if (p.Kind == Kind.NameConflictDemand && p.Name is { } name && p.Memory.Owners.TryGetValue(name, out var owner)) { p.Octets = new NameReleaseRequest(p.Id, name, new NbEntry(new NbFlags(0), owner.Address)).ToArray(); p.Remote = owner; } }),

        // answers to queries
        Out("query-none", "answers no query", Kind.PositiveNameQueryResponse, p => p.Drop()),
        Out("query-id", "answers with another id", Kind.PositiveNameQueryResponse, p => p.Id ^= 0x5555),
        Out("query-code", "answers with FMT_ERR", Kind.PositiveNameQueryResponse, p => p.Rcode(1)),
        Out("query-not-authoritative", "answers without AA", Kind.PositiveNameQueryResponse, p => p.Set(NbnsFlags.AuthoritativeBit, false)),
        Out("query-rd", "turns RD round in answers", Kind.PositiveNameQueryResponse, p => p.Flags ^= NbnsFlags.RecursionDesiredBit),
        Out("query-address", "answers with another address", Kind.PositiveNameQueryResponse, p => p.Data[5] ^= 0x40),
        Out("query-group", "turns the group bit round in answers", Kind.PositiveNameQueryResponse, p => { for (int at = 0; at < p.Data.Length; at += 6) p.Data[at] ^= 0x80; }),
        Out("query-first", "answers with the first address alone", Kind.PositiveNameQueryResponse, p => { p.Octets = p.Octets[..^(p.Data.Length - 6)]; p.Word(p.Octets.Length - 8, 6); }),
        Out("query-port", "answers to port 137, wherever it was asked from", Kind.PositiveNameQueryResponse, p => p.Remote = Ipv4Endpoint.NameService(p.Remote.Address)),
        Out("query-name", "answers for another name", Kind.PositiveNameQueryResponse, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("query-twice", "answers twice", Kind.PositiveNameQueryResponse, p => p.Copies = 2),
        Out("query-time", "answers with a TTL of none", Kind.PositiveNameQueryResponse, p => { p.RecordWord(4, 0); p.RecordWord(6, 0); }),
        Out("denial-none", "denies nothing", Kind.NegativeNameQueryResponse, p => p.Drop()),
        Out("denial-code", "denies with SRV_ERR", Kind.NegativeNameQueryResponse, p => p.Rcode(2)),
        Out("denial-type", "denies with a record of type A", Kind.NegativeNameQueryResponse, p => p.RecordWord(0, 1)),
        Out("denial-id", "denies with another id", Kind.NegativeNameQueryResponse, p => p.Id ^= 0x5555),
        Out("denial-flags", "denies without AA", Kind.NegativeNameQueryResponse, p => p.Set(NbnsFlags.AuthoritativeBit, false)),
        In("query-all-known", "answers for names that it does not have", p => NodeDefects.Tell(p, p.Kind == Kind.NameQueryRequest && !p.Memory.Owners.ContainsKey(p.Name ?? default), name => new PositiveNameQueryResponse(p.Id, name, [Own], 0))),
        In("query-any-class", "does not look at the class of a question", p => { if (p.Opcode == NbnsOpcode.Query && !p.IsResponse && p.Name is { HasScope: false }) p.Word(12 + NbnsHeader.PlainNameLength + 2, 1); }),
        In("query-any-type", "does not look at the type of a question", p => { if (p.Opcode == NbnsOpcode.Query && !p.IsResponse && p.Name is { HasScope: false } && p.Kind != Kind.NodeStatusRequest) p.Word(12 + NbnsHeader.PlainNameLength, 0x20); }),
        Out("release-repeat", "refuses a release that it has answered before", Kind.PositiveNameReleaseResponse, p => { if (p.Memory.Count($"release {p.Name}") > 1) p.Rcode(6); }),
        Out("owner-told-group", "turns the group bit round where it tells a claimant of the owner", Kind.EndNodeChallengeNameRegistrationResponse, p => p.Data[0] ^= 0x80),
        Out("owner-told-address", "tells a claimant of another owner", Kind.EndNodeChallengeNameRegistrationResponse, p => p.Data[5] ^= 0x40),
        Out("owner-told-none", "tells a claimant of no owner", Kind.EndNodeChallengeNameRegistrationResponse, p => p.Drop()),
        In("register-groups-never-fade", "keeps a group's name for groups for ever", p => { if (IsClaim(p) && (p.IsGroup ? p.Memory.Groups.Add(p.Name ?? default) : p.Memory.Groups.Contains(p.Name ?? default)) && !p.IsGroup) Refuse(p); }),
        In("register-no-group-after-unique", "lets no group take a name that was unique", p => { if (IsClaim(p) && (p.IsGroup ? p.Memory.Uniques.Contains(p.Name ?? default) : p.Memory.Uniques.Add(p.Name ?? default)) && p.IsGroup) Refuse(p); }),
        In("wildcard-waits", "asks whoever asks for * to wait", p => { NodeDefects.Tell(p, p.Kind == Kind.NameQueryRequest && p.Name?.IsWildcard == true, name => new WaitForAcknowledgementResponse(p.Id, name, 5, p.Flags)); NodeDefects.DropIf(p, p.Kind == Kind.NameQueryRequest && p.Name?.IsWildcard == true); }),
        In("opcodes", "takes unknown opcodes for registrations", p => { if (!p.IsResponse && (int)p.Opcode is > 0 and < 5 or > 9 and < 15) p.SetOpcode(5); }),
    ];

    private static Defect Out(string id, string says, Kind? kind, Action<Passing> change) =>
        new($"server-{id}", says, ConformanceRole.Server, In: Remember, Out: p =>
        {
            if (kind is null || p.Kind == kind)
                change(p);
        });

    private static Defect In(string id, string says, Action<Passing> change) => new($"server-{id}", says, ConformanceRole.Server, In: p =>
    {
        Remember(p);
        change(p);
    });

    private static bool IsClaim(Passing p) => !p.IsResponse && p.Opcode is NbnsOpcode.Registration or NbnsOpcode.MultihomedRegistration && !p.IsResponse;

    private static void Refuse(Passing p)
    {
        NodeDefects.Tell(p, true, name => new NegativeNameRegistrationResponse(p.Id, name, NbnsRcode.ActiveError, Own));
        p.Drop();
    }

    private static void Remember(Passing p)
    {
        if (IsClaim(p) && p.Name is { } name)
            p.Memory.Owners.TryAdd(name, p.Remote);
    }

    /// <summary>The one that had it before loses it.</summary>
    private static void ReleaseFirst(Passing p)
    {
        if (p.Name is { } name && p.Memory.Owners.TryGetValue(name, out var owner) && owner.Address != p.Remote.Address)
        {
            p.Before = (new NameReleaseRequest(0, name, new NbEntry(new NbFlags(0), owner.Address)).ToArray(), owner);
            p.Memory.Owners[name] = p.Remote;
        }
    }

    private static Ipv4Endpoint Segment(Passing p) => new(new Ipv4Address(p.Remote.Address.Value | 0xFF), p.Remote.Port);
}
