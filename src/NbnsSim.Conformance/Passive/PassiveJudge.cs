using System.Collections.Immutable;
using NbnsSim.Captures;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance.Passive;

/// <summary>
/// Holds a host of a capture against the cases that the capture happens to contain: somebody asked what a case asks, and the host's reaction is judged as if the runner had asked;
/// or the host booted, looked for a name or gave one up while nobody objected, which is what a client's case looks at.
/// </summary>
/// <remarks>
/// A datagram counts as a case's when it has the same header, name, types and group bit; times to live, node types and addresses are the sender's own. What the capture cannot show is not judged:
/// silence where nothing that the host sent to others alone was recorded, what begins in the first seconds of a
/// capture or is cut by its end, and claims, queries and releases that another one of the same name overlaps.
/// </remarks>
public static class PassiveJudge
{
    private static readonly TimeSpan Lead = TimeSpan.FromSeconds(2.5); // a broadcast that is repeated is repeated by then: nothing of it lies before the capture
    private static readonly TimeSpan Doing = TimeSpan.FromSeconds(5); // by then a name is claimed, looked for or given up, Samba's two seconds between tries included
    private const int Tries = 3; // BCAST_REQ_RETRY_COUNT (RFC 1002 §6): who sends so many was not answered
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(250);

    /// <summary>Judges a host.</summary>
    /// <param name="capture">The capture, at its beginning; it is read to its end.</param>
    /// <param name="host">The host's address.</param>
    /// <param name="options">How cases are judged.</param>
    /// <param name="port">Which UDP port has the name service.</param>
    /// <returns>What could be judged, in the order of time; the same case may come more than once.</returns>
    public static ImmutableArray<PassiveResult> Judge(CaptureReader capture, Ipv4Address host, ConformanceOptions options, ushort port = Ipv4Endpoint.NameServicePort)
    {
        ArgumentNullException.ThrowIfNull(capture);
        ArgumentNullException.ThrowIfNull(options);
        var heard = HeardDatagram.Read(capture, host, port, out var first, out var last);
        var found = ImmutableArray.CreateBuilder<PassiveResult>();
        var known = new HostKnowledge(host);
        var begun = new HashSet<(NbnsMessageKind, ushort, NetBiosName)>();
        var all = new HostKnowledge(host); // a name that nobody has is one that the host has nowhere in the capture to do with
        foreach (var datagram in heard)
            all.Learn(datagram);
        for (int i = 0; i < heard.Count; i++)
        {
            var datagram = heard[i];
            if (datagram.Seen.IsReadable && datagram.Seen.Name is { } name)
            {
                bool isOwn = datagram.Source.Address == host;
                if (!isOwn && all.IsHeardAlone && all.IsNode)
                    found.AddRange(Reactions(heard, i, name, host, known, all, last, options));
                else if (isOwn && datagram.IsBroadcast && begun.Add((datagram.Seen.Kind, datagram.Seen.TransactionId, name)) && datagram.Time >= first + Lead)
                    found.AddRange(Doings(heard, i, name, host, all, last, options));
            }

            known.Learn(datagram);
        }

        return found.ToImmutable();
    }

    /// <summary>The worst of each case, in the order of the cases, with the frames in its words.</summary>
    /// <param name="results">What could be judged.</param>
    public static IEnumerable<ConformanceResult> ByCase(IEnumerable<PassiveResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        foreach (var group in results.GroupBy(result => result.Result.Case).OrderBy(group => ConformanceCatalogue.All.IndexOf(group.Key)))
        {
            var worst = group.OrderByDescending(result => result.Result.Verdict).First();
            int alike = group.Count(result => result.Result.Verdict == worst.Result.Verdict);
            yield return worst.Result with { Words = $"{worst.Result.Words} (frame {worst.Frame}{(alike > 1 ? $" and {alike - 1} more" : "")}; seen {group.Count()} {(group.Count() == 1 ? "time" : "times")})" };
        }
    }

    /// <summary>What somebody sent is what a node's case sends.</summary>
    private static IEnumerable<PassiveResult> Reactions(List<HeardDatagram> heard, int index, NetBiosName name, Ipv4Address host, HostKnowledge known, HostKnowledge all, Instant last, ConformanceOptions options)
    {
        var asked = heard[index];
        var names = known.HoldsUnique(name) ? new SubjectNames([name], [], null) : known.HoldsGroup(name) ? new SubjectNames([], [name], null) : all.Knows(name) ? null : SubjectNames.None;
        if (names is null)
            yield break;
        foreach (var test in ConformanceCatalogue.All)
        {
            if (test.Role is not (ConformanceRole.Node or ConformanceRole.Any) || test.Data.Steps is not [{ Send: { Kind: not null, Raw: null } packet, Expect: not null, Each: null, Times: null } step]
                || (step.To == "all") != asked.IsBroadcast || step.To is not (null or "subject" or "all") || !IsFor(test, all.Type))
                continue;
            var book = new CaseNameBook(names, "", names == SubjectNames.None ? name : null);
            if (!test.Names.All(book.Has) || !IsLike(packet, asked, step, book, name, host))
                continue;
            var until = asked.Time + TimeSpan.FromSeconds(step.Within ?? 1);
            var seen = Following(heard, index, ref until, host, asked.Source.Address, asked.Seen.TransactionId);
            if (until > last)
                continue;
            yield return Result(test, step, asked, seen, book, host, asked.Source.Address, station: 0, [asked.Seen.TransactionId], [name], options);
        }
    }

    /// <summary>Whether a case is for a node of that type; for one of an unknown type only what is for all of them is.</summary>
    private static bool IsFor(ConformanceCase test, OwnerNodeType? type) => type is { } known ? test.NodeTypes.Contains(known) : test.NodeTypes.Length == 4;

    /// <summary>What the host does unasked is what a client's case watches, where nobody answers it.</summary>
    private static IEnumerable<PassiveResult> Doings(List<HeardDatagram> heard, int index, NetBiosName name, Ipv4Address host, HostKnowledge all, Instant last, ConformanceOptions options)
    {
        var began = heard[index];
        bool isGroup = began.Seen.Read().Record is { EntryCount: > 0 } record && record.GetEntry(0).Flags.IsGroup;
        if (all.Type is not (null or OwnerNodeType.B))
            yield break; // the cases of the others have a name server that answers in a way of its own
        foreach (var test in ConformanceCatalogue.Select("", ConformanceRole.Client))
        {
            if (test.Data.Setup is not { Type: "B" } || Watched(test.Data.Steps, began.Seen.Kind) is not { } step)
                continue;
            bool isNew = step.Command is not null;
            var names = isNew ? SubjectNames.None : isGroup ? new SubjectNames([], [name], null) : new SubjectNames([name], [], null);
            var book = new CaseNameBook(names, "", isNew ? name : null);
            var until = began.Time + Doing;
            if (!test.Names.All(book.Has) || test.Names.IsEmpty || until > last)
                continue;
            var seen = Following(heard, index - 1, ref until, host, null, null);
            var alike = seen.FindAll(one => one.Kind == began.Seen.Kind && one.Name == name);
            if (heard.Exists(other => other.Destination.Address == host && other.Seen.Flags.IsResponse && other.Seen.TransactionId == began.Seen.TransactionId && other.Time >= began.Time && other.Time <= until)
                || alike.Exists(one => one.TransactionId != began.Seen.TransactionId))
                continue; // somebody answered, which the case has nobody do; or two searches for one name overlap
            if ((!all.IsHeardAlone || began.Seen.Kind == NbnsMessageKind.NameQueryRequest) && alike.Count < Tries)
                continue; // an answer to the host alone may have ended it, where such are not recorded; a search also what is not on this port: DNS, LLMNR, a shutdown
            yield return Result(test, step, began, seen, book, host, default, station: -1, [], [name], options);
        }
    }

    /// <summary>The step that looks at what the host does, where nobody does anything before it.</summary>
    private static StepData? Watched(StepData[] steps, NbnsMessageKind kind) => (kind, steps) switch
    {
        (NbnsMessageKind.NameRegistrationRequest, [{ Start: true, Expect: not null } start]) => start,
        (NbnsMessageKind.NameQueryRequest, [{ Start: true, Expect: null }, { Command: "query", Expect: not null } query]) => query,
        (NbnsMessageKind.NameReleaseDemand, [{ Start: true, Expect: null }, { Command: "register", Expect: null }, { Command: "release", Expect: not null } release]) => release,
        _ => null,
    };

    private static bool IsLike(PacketData packet, HeardDatagram asked, StepData step, CaseNameBook book, NetBiosName name, Ipv4Address host)
    {
        if (packet.Name is null || book[packet.Name] != name)
            return false;
        var writer = new CasePacketWriter(book, word => Address(word, host, asked.Source.Address));
        byte[] octets = writer.Write(packet, asked.Source.Address, step.To == "all", asked.Seen.TransactionId);
        if (!NbnsPacket.TryParse(octets, out var wanted, out _))
            return false; // wrong on purpose: nobody sends that by chance
        var got = asked.Seen.Read();
        if (wanted.Flags.Value != got.Flags.Value || wanted.QuestionCount != got.QuestionCount || wanted.AnswerCount != got.AnswerCount
            || wanted.AuthorityCount != got.AuthorityCount || wanted.AdditionalCount != got.AdditionalCount || wanted.HasQuestion != got.HasQuestion || wanted.HasRecord != got.HasRecord)
            return false;
        if (wanted.HasQuestion && (wanted.Question.Type != got.Question.Type || wanted.Question.Class != got.Question.Class))
            return false;
        if (!wanted.HasRecord)
            return true;
        var one = wanted.Record;
        var other = got.Record;
        bool isSame = one.Type == other.Type && one.Class == other.Class && one.Data.Length == other.Data.Length && one.EntryCount == other.EntryCount && packet.Trailing == 0;
        for (int i = 0; isSame && i < one.EntryCount; i++)
        {
            var (left, right) = (one.GetEntry(i), other.GetEntry(i));
            isSame = left.Flags.IsGroup == right.Flags.IsGroup && ((packet.NbFlags ?? packet.Ont) is null || left.Flags.Value == right.Flags.Value)
                && (packet.Address is null && packet.Entries is null ? right.Address == asked.Source.Address : left.Address == right.Address);
        }

        return isSame && (packet.Ttl is null || one.TimeToLive.Seconds == other.TimeToLive.Seconds);
    }

    /// <summary>What the host sent from then on; to others than the asker it does not count as sent to the asker.</summary>
    private static List<SeenDatagram> Following(List<HeardDatagram> heard, int index, ref Instant until, Ipv4Address host, Ipv4Address? asker, ushort? id)
    {
        var seen = new List<SeenDatagram>();
        for (int i = index + 1; i < heard.Count && heard[i].Time <= until; i++)
        {
            if (heard[i].Source.Address != host)
                continue;
            bool isToOther = asker is { } address && !heard[i].IsBroadcast && heard[i].Destination.Address != address;
            var one = isToOther ? new SeenDatagram(heard[i].Seen.Datagram with { Station = 1 }) : heard[i].Seen;
            seen.Add(one);
            if (!isToOther && one.IsFinal && one.TransactionId == id && one.Datagram.Time + Settling < until)
                until = one.Datagram.Time + Settling; // as the runner does it
        }

        return seen;
    }

    private static PassiveResult Result(ConformanceCase test, StepData step, HeardDatagram began, List<SeenDatagram> seen, CaseNameBook book, Ipv4Address host, Ipv4Address asker, int station, ushort[] ids, HashSet<NetBiosName> names, ConformanceOptions options)
    {
        var judge = new StepJudge(test, options, new CaseMatcher(book, word => Address(word, host, asker), station >= 0 ? began.Destination.Port : began.Source.Port));
        var outcome = judge.Judge(step, seen, began.Time, station, ids, names);
        var exchange = seen.Select(one => new ExchangePacket(one.Datagram.Time, one.Datagram.Source, one.Datagram.Destination, one.Datagram.Station < 0, true, one.Datagram.Octets));
        if (station >= 0)
            exchange = exchange.Prepend(new ExchangePacket(began.Time, began.Source, began.Destination, began.IsBroadcast, false, began.Seen.Datagram.Octets));
        return new PassiveResult(began.Frame, new ConformanceResult(test, outcome.Verdict, outcome.Words, outcome.Source, outcome.Profile, outcome.Expected, [.. exchange], began.Time));
    }

    /// <summary>Stations are whoever asked; the other ones are nobody.</summary>
    private static Ipv4Address Address(string word, Ipv4Address host, Ipv4Address asker) => word switch
    {
        "subject" => host,
        "A" => asker,
        [>= 'B' and <= 'D'] => Ipv4Address.Broadcast,
        "none" => Ipv4Address.Any,
        "broadcast" => Ipv4Address.Broadcast,
        _ => Ipv4Address.Parse(word),
    };
}
