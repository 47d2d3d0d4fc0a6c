using System.Collections.Immutable;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Conformance.Tests.Defects;

/// <summary>End nodes that are wrong.</summary>
internal static class NodeDefects
{
    private static readonly Ipv4Address Subject = Ipv4Address.Parse("10.0.0.7");
    private static readonly NbEntry Own = new(new NbFlags(0), Subject);
    private static readonly NetBiosName OwnName = NetBiosName.Parse("SUBJECT<20>");

    public static ImmutableArray<Defect> All { get; } =
    [
        Out("deaf", "answers nothing", null, p => p.Drop()),

        // the answers to claims
        Out("defence-none", "does not defend its names", Kind.NegativeNameRegistrationResponse, p => p.Drop()),
        Out("defence-id", "refuses with another id", Kind.NegativeNameRegistrationResponse, p => p.Id ^= 0x5555),
        Out("defence-code", "refuses with SRV_ERR", Kind.NegativeNameRegistrationResponse, p => p.Rcode(2)),
        Out("defence-granted", "grants in place of refusing", Kind.NegativeNameRegistrationResponse, p => p.Rcode(0)),
        Out("defence-opcode", "refuses with the opcode of a query", Kind.NegativeNameRegistrationResponse, p => p.SetOpcode(0)),
        Out("defence-not-authoritative", "refuses without AA", Kind.NegativeNameRegistrationResponse, p => p.Set(NbnsFlags.AuthoritativeBit, false)),
        Out("defence-name", "refuses another name", Kind.NegativeNameRegistrationResponse, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("defence-all", "refuses by broadcast", Kind.NegativeNameRegistrationResponse, p => (p.Remote, p.IsBroadcast) = (Everybody(p), true)),
        Out("defence-port", "refuses to port 137, wherever the claim came from", Kind.NegativeNameRegistrationResponse, p => p.Remote = Ipv4Endpoint.NameService(p.Remote.Address)),
        Out("defence-type", "refuses with a record of another type", Kind.NegativeNameRegistrationResponse, p => p.RecordWord(0, 0x0001)),
        In("defence-groups", "refuses whoever joins a group of its", p => Tell(p, p.Kind is Kind.NameRegistrationRequest && p.IsGroup, name => new NegativeNameRegistrationResponse(p.Id, name, NbnsRcode.ActiveError, Own))),
        In("defence-everything", "refuses claims of names that it does not have", p => Tell(p, p.Kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest && !IsOwn(p), name => new NegativeNameRegistrationResponse(p.Id, name, NbnsRcode.ActiveError, Own))),
        In("defence-unique-only", "does not see that a group's claim is of its unique name", p => DropIf(p, p.Kind == Kind.NameRegistrationRequest && p.IsGroup)),
        In("defence-group-open", "lets anybody take its group's name alone", p => DropIf(p, p.Kind == Kind.NameRegistrationRequest && !p.IsGroup && p.Name?.BaseName == "LAB")),
        In("defence-multihomed", "does not know multi-homed claims", p => DropIf(p, p.Kind == Kind.MultihomedNameRegistrationRequest)),
        In("defence-refresh", "refuses refreshes", p => Tell(p, p.Kind == Kind.NameRefreshRequest, name => new NegativeNameRegistrationResponse(p.Id, name, NbnsRcode.ActiveError, Own))),
        In("defence-demand", "answers overwrite demands", p => Tell(p, p.Kind == Kind.NameOverwriteDemand, name => new NegativeNameRegistrationResponse(p.Id, name, NbnsRcode.ActiveError, Own))),
        In("grants", "grants claims like a name server", p => Tell(p, p.Kind is Kind.NameRegistrationRequest or Kind.MultihomedNameRegistrationRequest && !p.IsBroadcast, name => new PositiveNameRegistrationResponse(p.Id, name, Own))),
        In("grants-refresh", "grants refreshes like a name server", p => Tell(p, p.Kind == Kind.NameRefreshRequest, name => new PositiveNameRegistrationResponse(p.Id, name, Own))),
        In("waits", "asks claimants to wait", p => Tell(p, p.Kind == Kind.NameRegistrationRequest, name => new WaitForAcknowledgementResponse(p.Id, name, 5, p.Flags))),
        In("unicast-claims", "hears only claims that are broadcast", p => DropIf(p, p.Kind == Kind.NameRegistrationRequest && !p.IsBroadcast)),

        // what makes it lose names
        In("gives-up-claim", "gives a name up when it is claimed", p => Release(p, p.Kind == Kind.NameRegistrationRequest)),
        In("gives-up-demand", "gives a name up on an overwrite demand", p => Release(p, p.Kind == Kind.NameOverwriteDemand)),
        In("gives-up-refresh", "gives a name up when somebody refreshes it", p => Release(p, p.Kind == Kind.NameRefreshRequest)),
        In("gives-up-release", "gives a name up when anybody releases it", p => Release(p, p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest)),
        In("gives-up-query", "gives a name up when it is asked for", p => Release(p, p.Kind == Kind.NameQueryRequest)),
        In("gives-up-status", "gives a name up when its status is asked for", p => Release(p, p.Kind == Kind.NodeStatusRequest)),
        In("gives-up-answer", "gives a name up when somebody answers for it", p => Release(p, p.Kind == Kind.PositiveNameQueryResponse)),
        In("gives-up-refusal", "takes stray refusals for its own", p => Conflict(p, p.Kind == Kind.NegativeNameRegistrationResponse)),
        In("conflict-never", "knows no conflict demands", p => DropIf(p, p.Kind == Kind.NameConflictDemand)),
        In("conflict-answered", "answers conflict demands", p => Tell(p, p.Kind == Kind.NameConflictDemand, name => new PositiveNameRegistrationResponse(p.Id, name, Own))),
        In("release-never", "knows no releases", p => DropIf(p, p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest)),
        In("release-answered", "answers releases", p => Tell(p, p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest, name => new PositiveNameReleaseResponse(p.Id, name, Own))),

        In("release-answered-rd", "answers releases with RD", p => { Tell(p, p.Kind is Kind.NameReleaseDemand or Kind.NameReleaseRequest, name => new PositiveNameReleaseResponse(p.Id, name, Own)); EachSaid(p, octets => octets[2] |= 1); }),

        // the answers to queries
        Out("answer-none", "answers no query", Kind.PositiveNameQueryResponse, p => p.Drop()),
        Out("answer-id", "answers with another id", Kind.PositiveNameQueryResponse, p => p.Id ^= 0x5555),
        Out("answer-not-authoritative", "answers without AA", Kind.PositiveNameQueryResponse, p => p.Set(NbnsFlags.AuthoritativeBit, false)),
        Out("answer-rd", "turns RD round in its answers", Kind.PositiveNameQueryResponse, p => p.Flags ^= NbnsFlags.RecursionDesiredBit),
        Out("answer-truncated", "answers with TC", Kind.PositiveNameQueryResponse, p => p.Set(NbnsFlags.TruncatedBit, true)),
        Out("answer-b", "answers with B", Kind.PositiveNameQueryResponse, p => p.Set(NbnsFlags.BroadcastBit, true)),
        Out("answer-reserved", "sets the reserved bits of NM_FLAGS in answers", Kind.PositiveNameQueryResponse, p => p.Flags |= NbnsFlags.ReservedBits),
        Out("answer-code", "answers with FMT_ERR", Kind.PositiveNameQueryResponse, p => p.Rcode(1)),
        Out("answer-address", "answers with another's address", Kind.PositiveNameQueryResponse, p => p.Data[5] ^= 0x40),
        Out("answer-group", "turns the group bit round", Kind.PositiveNameQueryResponse, p => p.Data[0] ^= 0x80),
        Out("answer-type-of-node", "tells another node type", Kind.PositiveNameQueryResponse, p => p.Data[0] ^= 0x60),
        Out("answer-reserved-flags", "sets reserved bits of NB_FLAGS", Kind.PositiveNameQueryResponse, p => p.Data[1] |= 0x01),
        Out("answer-name", "answers for another name", Kind.PositiveNameQueryResponse, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("answer-twice", "answers twice", Kind.PositiveNameQueryResponse, p => p.Copies = 2),
        Out("answer-class", "answers with a record of class 2", Kind.PositiveNameQueryResponse, p => p.RecordWord(2, 2)),
        Out("answer-type", "answers with a record of type A", Kind.PositiveNameQueryResponse, p => p.RecordWord(0, 1)),
        Out("answer-length", "answers with four octets of data", Kind.PositiveNameQueryResponse, p => (p.Octets, _) = (p.Octets[..^2], 0)),
        Out("answer-two-addresses", "answers with a second address", Kind.PositiveNameQueryResponse, p => { p.RecordWord(8, 12); p.Octets = [.. p.Octets, 0, 0, 10, 0, 0, 8]; }),
        Out("answer-counts", "counts one answer too many", Kind.PositiveNameQueryResponse, p => p.Word(6, 2)),
        Out("answer-question", "counts a question that is not there", Kind.PositiveNameQueryResponse, p => p.Word(4, 1)),
        Out("answer-port", "answers to port 137, wherever it was asked from", Kind.PositiveNameQueryResponse, p => p.Remote = Ipv4Endpoint.NameService(p.Remote.Address)),
        Out("answer-all", "answers by broadcast", Kind.PositiveNameQueryResponse, p => (p.Remote, p.IsBroadcast) = (Everybody(p), true)),
        In("answers-any-suffix", "does not compare the suffix", p => Rename(p, p.Kind == Kind.NameQueryRequest && p.Name?.BaseName == "SUBJECT", OwnName)),
        In("answers-any-case", "does not tell small letters from capitals", p => Rename(p, !p.IsResponse && string.Equals(p.Name?.BaseName, "SUBJECT", StringComparison.OrdinalIgnoreCase), OwnName)),
        In("answers-any-scope", "does not compare the scope", p => { if (!p.IsResponse && !IsStatus(p)) p.StripScope(); }),
        In("answers-any-name", "answers for names that it does not have", p => Tell(p, p.Kind == Kind.NameQueryRequest && !IsOwn(p), name => new PositiveNameQueryResponse(p.Id, name, [Own], 0))),
        In("denies-all", "denies by unicast what is asked by broadcast", p => Tell(p, p.Kind == Kind.NameQueryRequest && p.IsBroadcast && !IsOwn(p), name => new NegativeNameQueryResponse(p.Id, name))),
        In("answers-any-class", "does not look at the class", p => QuestionWord(p, 2, 1)),
        In("answers-any-type", "does not look at the type", p => { if (p.Kind != Kind.NodeStatusRequest) QuestionWord(p, 0, 0x20); }),
        In("answers-any-opcode", "takes unknown opcodes for queries", p => { if (!p.IsResponse && (int)p.Opcode is > 0 and < 5 or > 9 and < 15) p.SetOpcode(0); }),
        In("unicast-queries", "hears only queries that are broadcast", p => DropIf(p, p.Kind == Kind.NameQueryRequest && !p.IsBroadcast)),
        In("broadcast-queries", "hears no query that is broadcast", p => DropIf(p, p.Kind == Kind.NameQueryRequest && p.IsBroadcast)),
        In("recursion", "hears only queries with RD", p => DropIf(p, p.Kind == Kind.NameQueryRequest && (p.Flags & NbnsFlags.RecursionDesiredBit) == 0)),
        In("group-queries", "does not answer for groups", p => DropIf(p, p.Kind == Kind.NameQueryRequest && p.Name?.BaseName == "LAB")),
        In("any-port", "hears only port 137", p => DropIf(p, p.Remote.Port != Ipv4Endpoint.NameServicePort)),
        In("b-bit", "leaves what says B and came to it alone", p => DropIf(p, !p.IsBroadcast && (p.Flags & NbnsFlags.BroadcastBit) != 0)),
        In("no-b-bit", "leaves what came by broadcast and does not say B", p => DropIf(p, p.IsBroadcast && (p.Flags & NbnsFlags.BroadcastBit) == 0)),
        In("answers-answers", "takes responses for requests", p => { if (p.IsResponse) (p.Octets, p.Memory.LastId) = (new NameQueryRequest(p.Id, OwnName).ToArray(), p.Id); }),

        Out("denial-not-authoritative", "denies without AA", Kind.NegativeNameQueryResponse, p => p.Set(NbnsFlags.AuthoritativeBit, false)),
        Out("denial-type", "denies with a record of type A", Kind.NegativeNameQueryResponse, p => p.RecordWord(0, 1)),
        Out("denial-name", "denies another name", Kind.NegativeNameQueryResponse, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("denial-code", "denies with SRV_ERR", Kind.NegativeNameQueryResponse, p => p.Rcode(2)),
        Out("denial-question", "repeats the question where it denies", Kind.NegativeNameQueryResponse, p => { p.Octets = [.. p.Octets[..12], .. p.Octets[12..46], 0, 0x20, 0, 1, .. p.Octets[12..]]; p.Word(4, 1); }),
        Out("defence-two-records", "refuses with a second record", Kind.NegativeNameRegistrationResponse, p => { p.Octets = [.. p.Octets, .. p.Octets[12..]]; p.Word(6, 2); }),
        In("hears-broadcasts", "takes broadcasts for what is for it alone", p => { p.IsBroadcast = false; if (!p.IsResponse) p.Set(NbnsFlags.BroadcastBit, false); }),

        // node status
        Out("status-none", "has no node status", Kind.NodeStatusResponse, p => p.Drop()),
        Out("status-id", "tells its status with another id", Kind.NodeStatusResponse, p => p.Id ^= 0x5555),
        Out("status-inactive", "lists its names without ACT", Kind.NodeStatusResponse, p => EachName(p, flags => (ushort)(flags & ~NameFlags.ActiveBit))),
        Out("status-groups", "lists its groups as unique names", Kind.NodeStatusResponse, p => EachName(p, flags => (ushort)(flags & ~NameFlags.GroupBit))),
        Out("status-conflict", "lists no conflicts", Kind.NodeStatusResponse, p => EachName(p, flags => (ushort)(flags & ~NameFlags.ConflictBit))),
        Out("status-all-conflict", "lists everything as in conflict", Kind.NodeStatusResponse, p => EachName(p, flags => (ushort)(flags | NameFlags.ConflictBit))),
        Out("status-statistics", "leaves the statistics out", Kind.NodeStatusResponse, p => { p.RecordWord(8, (ushort)(p.Data.Length - NodeStatistics.Size)); p.Octets = p.Octets[..^NodeStatistics.Size]; }),
        Out("status-count", "counts a name too many", Kind.NodeStatusResponse, p => p.Data[0]++),
        Out("status-few", "counts one name", Kind.NodeStatusResponse, p => p.Data[0] = 1),
        Out("status-time", "gives its status a TTL", Kind.NodeStatusResponse, p => p.RecordWord(6, 300)),
        Out("status-type", "tells its status as type NB", Kind.NodeStatusResponse, p => p.RecordWord(0, 0x20)),
        Out("status-flags", "tells its status without AA", Kind.NodeStatusResponse, p => p.Set(NbnsFlags.AuthoritativeBit, false)),
        Out("status-rd", "turns RD round in its status", Kind.NodeStatusResponse, p => p.Flags ^= NbnsFlags.RecursionDesiredBit),
        Out("status-port", "tells its status to port 137, wherever it was asked from", Kind.NodeStatusResponse, p => p.Remote = Ipv4Endpoint.NameService(p.Remote.Address)),
        Out("status-name", "tells its status under another name", Kind.NodeStatusResponse, p => p.Rename(NetBiosName.Parse("ELSE<20>"))),
        Out("status-twice", "tells its status twice", Kind.NodeStatusResponse, p => p.Copies = 2),
        In("status-any", "tells its status to whoever asks for any name", p => Rename(p, IsStatus(p), NetBiosName.Wildcard)),
        In("status-any-scope", "tells its status to other scopes", p => { if (IsStatus(p)) p.StripScope(); }),
        In("status-wildcard-only", "tells its status for the wildcard alone", p => DropIf(p, IsStatus(p) && p.Name?.IsWildcard == false)),
        In("status-names-only", "tells its status for its names alone", p => DropIf(p, IsStatus(p) && p.Name?.IsWildcard == true)),
        In("status-broadcast", "tells its status to nobody who broadcasts", p => DropIf(p, IsStatus(p) && p.IsBroadcast)),

        // what kills it
        Dies("dies-of-garbage", "dies of what is no packet", p => !NbnsPacket.TryParseLenient(p.Octets, out _, out _)),
        Dies("dies-of-short", "dies of less than a header", p => p.Octets.Length < NbnsHeader.Size),
        Dies("dies-of-empty", "dies of an empty datagram", p => p.Octets.Length == 0),
        Dies("dies-of-counts", "dies of counts that lie", p => p.Octets.Length > 5 && (p.Octets[4] != 0 || p.Octets[5] > 1)),
        Dies("dies-of-pointers", "dies of a name that begins with a pointer", p => p.Octets.Length > 12 && p.Octets[12] >= 0xC0),
        Dies("dies-of-labels", "dies of a first label that is not 32 octets", p => p.Octets.Length > 12 && p.Octets[12] != 0x20),
        Dies("dies-of-letters", "dies of letters that are no half-ASCII", p => p.Octets.Length > 13 && p.Octets[12] == 0x20 && p.Octets.AsSpan(13, Math.Min(32, p.Octets.Length - 13)).ContainsAnyExceptInRange((byte)'A', (byte)'P')),
        Dies("dies-of-length", "dies of a long packet", p => p.Octets.Length > 300),
        Dies("dies-of-record", "dies of a record of RDLENGTH below six", p => p.Octets.Length > 60 && !p.IsResponse && p.Opcode != NbnsOpcode.Query && !p.HasEntry),
        Dies("dies-of-many", "dies of the 150th datagram", p => p.Memory.Count("in") > 150),
        Dies("dies-of-opcode", "dies of an unknown opcode", p => p.Octets.Length > 12 && (int)p.Opcode is > 0 and < 5 or > 9 and < 15),
        Dies("dies-of-answers", "dies of a response", p => p.IsResponse),
        Dies("dies-of-type", "dies of a question of another type", p => NbnsPacket.TryParseLenient(p.Octets, out var packet, out _) && packet.HasQuestion && packet.Question.Type is not (NbnsType.NB or NbnsType.NBStat)),
    ];

    private static Defect Out(string id, string says, Kind? kind, Action<Passing> change) =>
        new(id, says, ConformanceRole.Node | ConformanceRole.Client, Out: p =>
        {
            if (kind is null || p.Kind == kind)
                change(p);
        });

    private static Defect In(string id, string says, Action<Passing> change) => new(id, says, ConformanceRole.Node | ConformanceRole.Client, In: change);

    private static void EachSaid(Passing p, Action<byte[]> change) => p.Said.ForEach(said => change(said.Octets));

    private static Defect Dies(string id, string says, Predicate<Passing> of) => new(id, says, ConformanceRole.Any, In: p => p.Memory.IsDead |= of(p));

    internal static void DropIf(Passing p, bool condition)
    {
        if (condition)
            p.Drop();
    }

    internal static void Rename(Passing p, bool condition, NetBiosName name)
    {
        if (condition)
            p.Rename(name);
    }

    internal static void Tell(Passing p, bool condition, Func<NetBiosName, NbnsMessage> message)
    {
        if (condition && p.Name is { } name)
            p.Say(message(name));
    }

    private static void Release(Passing p, bool condition)
    {
        if (!condition || p.Name is not { } name)
            return;
        p.Octets = new NameReleaseDemand(p.Id, name, Own).ToArray();
        (p.Remote, p.IsBroadcast) = (Ipv4Endpoint.NameService(p.Remote.Address), true);
        Conflict(p, true);
    }

    private static void Conflict(Passing p, bool condition)
    {
        if (condition && p.Name is { } name)
            p.Octets = new NameConflictDemand(p.Id, name).ToArray();
    }

    private static bool IsOwn(Passing p) => p.Name?.BaseName is "SUBJECT" or "LAB";

    private static bool IsStatus(Passing p) => p.Kind == Kind.NodeStatusRequest;

    private static Ipv4Endpoint Everybody(Passing p) => new(new Ipv4Address(p.Remote.Address.Value | 0xFF), p.Remote.Port);

    private static void QuestionWord(Passing p, int offset, ushort value)
    {
        if (!p.IsResponse && p.Opcode == NbnsOpcode.Query && p.Name is { HasScope: false } && p.Octets.Length >= 50)
            p.Word(12 + NbnsHeader.PlainNameLength + offset, value);
    }

    private static void EachName(Passing p, Func<ushort, ushort> change)
    {
        var data = p.Data;
        for (int at = 17; at <= data[0] * NodeStatusName.Size; at += NodeStatusName.Size)
        {
            ushort flags = change((ushort)((data[at] << 8) | data[at + 1]));
            (data[at], data[at + 1]) = ((byte)(flags >> 8), (byte)flags);
        }
    }
}
