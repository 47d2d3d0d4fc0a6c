using NbnsSim.Conformance.Benches;
using NbnsSim.Messages;
using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance;

/// <summary>One run of a case: its steps one after the other, until one fails.</summary>
internal sealed class CaseRun
{
    private const int StemLength = 8;
    private const string Gone = "it answers nothing any more";

    private readonly IConformanceBench _bench;
    private readonly ConformanceOptions _options;
    private readonly ConformanceCase _test;
    private readonly PeerControls _controls;
    private readonly Instant _began;
    private readonly CaseNameBook _names;
    private readonly CasePacketWriter _writer;
    private readonly ExchangeWatch _watch;
    private readonly StepJudge _judge;
    private readonly CaseMatcher _matcher;
    private RandomStream _random;
    private HashSet<NetBiosName> _caseNames = [];
    private readonly HashSet<ushort> _sentIds = [];
    private ushort _lastId;
    private uint _number;

    /// <summary>The bench is prepared: its names are those that the peer has now.</summary>
    private CaseRun(IConformanceBench bench, ConformanceOptions options, ConformanceCase test, RandomStream random, PeerControls controls)
    {
        (_bench, _options, _test, _random, _controls) = (bench, options, test, random, controls);
        _names = new CaseNameBook(bench.Names, Stem());
        _writer = new CasePacketWriter(_names, Address);
        _matcher = new CaseMatcher(_names, Address, bench.Subject.Port);
        _watch = new ExchangeWatch(bench, _matcher, _writer, IsOfTheCase);
        _judge = new StepJudge(test, options, _matcher);
        _began = bench.Now;
    }

    public static ConformanceResult Run(IConformanceBench bench, ConformanceOptions options, ConformanceCase test, RandomStream random, PeerControls controls, PeerLife life)
    {
        string? obstacle = CaseDemands.Obstacle(test, options, bench.Stations.Count, bench.Broadcast is not null, bench.IsVirtual) ?? (life.IsGone ? life.Words : bench.Prepare(test));
        if (obstacle is not null)
            return new(test, ConformanceVerdict.NotApplicable, obstacle, null, null, "", [], bench.Now) { Stations = [.. bench.Stations], HasEndedPeer = life.IsGone };
        var run = new CaseRun(bench, options, test, random, controls);
        return life.SilentSince is null || bench.IsVirtual || test.Role == ConformanceRole.Client || run.IsAlive()
            ? run.Run()
            : run.Result(new(ConformanceVerdict.NotApplicable, life.Words, null, null, "")) with { HasEndedPeer = true };
    }

    private ConformanceResult Run()
    {
        if (_test.Names.FirstOrDefault(blank => !_names.Has(blank)) is { } missing)
            return Result(new(ConformanceVerdict.Unsupported, Missing(missing), null, null, ""));
        if (CaseDemands.PassesBySilence(_test) && Unsaid() is { } unsaid)
            return Result(new(ConformanceVerdict.Unsupported, unsaid, null, null, ""));
        _caseNames = [.. WrittenNames().Select(name => _names[name])];
        StepOutcome outcome = new(ConformanceVerdict.Pass, "", null, null, "");
        foreach (var step in _test.Data.Steps)
        {
            if (Do(step) is not { } next)
                continue;
            if (next.Verdict > ConformanceVerdict.Fail)
                return Result(next);
            if (next.Verdict >= outcome.Verdict)
                outcome = next;
            if (next.Verdict == ConformanceVerdict.Fail)
                break;
        }

        if (_test.Role == ConformanceRole.Client && !_watch.Exchange.Any(packet => packet.IsSubjects))
            return Result(new(ConformanceVerdict.Unsupported, _bench.Failure ?? "it sent nothing at all", null, null, outcome.Expected));
        if (_watch.IsFlooded)
            return Result(outcome with { Verdict = ConformanceVerdict.Fail, Words = $"it sent more than {ExchangeWatch.MaxPackets} datagrams" });
        if (_test.Role != ConformanceRole.Client && !IsAlive())
            return Result(outcome with { Verdict = ConformanceVerdict.Fail, Words = outcome.Verdict == ConformanceVerdict.Fail ? $"{outcome.Words}; {Gone}" : Gone }) with { HasEndedPeer = true };
        return Result(outcome);
    }

    /// <summary>Late answers to an earlier case, and late questions about its names, are not this one's.</summary>
    private bool IsOfTheCase(SeenDatagram seen) => seen.Name is not { } name || _test.Role == ConformanceRole.Client || _sentIds.Contains(seen.TransactionId) || _caseNames.Contains(name);

    /// <summary>Letters that look like no word and that no other run draws.</summary>
    private string Stem()
    {
        Span<char> letters = stackalloc char[StemLength];
        foreach (ref char letter in letters)
            letter = "BCDFGHJKLMNPQRSTVWXZ"[(int)_random.Next(20)];
        return new string(letters);
    }

    private string Missing(string blank) => blank switch
    {
        "group" when !_bench.FirstNames.Groups.IsEmpty => "earlier cases have cost it its group; with --start it has it anew for each",
        "unique2" or "unique" when _bench.FirstNames.Unique.Length > _bench.Names.Unique.Length => "earlier cases have cost it a name that this one needs; with --start it has it anew for each",
        "group" => "it is in no group",
        "unique2" => "no second unique name of it is known",
        "server" => "no name of its machine is known",
        _ => "no unique name of it is known",
    };

    private IEnumerable<string> WrittenNames() => _test.Data.Steps.SelectMany(step => step.Packets().Select(packet => packet.Name).Append(step.Name)).OfType<string>().Where(name => name is not ("*" or "*spaces" or "same")).Distinct(StringComparer.Ordinal);

    private Ipv4Address Address(string word) => word switch
    {
        [var letter and >= 'A' and <= 'D'] => _bench.Stations[letter - 'A'],
        "subject" => _bench.Subject.Address,
        "none" => Ipv4Address.Any,
        [.. var first, '+'] => new Ipv4Address(Ipv4Address.Parse(first).Value + _number), // one further for each of "times"
        "broadcast" => _bench.Broadcast ?? Ipv4Address.Broadcast,
        _ => Ipv4Address.Parse(word),
    };

    private StepOutcome? Do(StepData step)
    {
        var began = _bench.Now;
        if (step.On is not null)
        {
            _watch.Answer(step);
            return null;
        }

        int station = -1;
        var ids = new HashSet<ushort>();
        string? obstacle = null;
        if (step.Start)
            obstacle = _bench.Start(Enum.Parse<OwnerNodeType>(_test.Data.Setup!.Type), _test.Data.Setup.Server is { } server ? server[0] - 'A' : null);
        else if (step.Stop)
            obstacle = _bench.Stop();
        else if (step.Command is { } verb)
            obstacle = _bench.Command(new SubjectCommand(verb, step.Name is { } name ? _names[name] : NetBiosName.Wildcard, step.Address is { } address ? Address(address) : null));
        else if (step.Wait is null)
            station = Send(step, ids);
        if (obstacle is not null)
            return new(ConformanceVerdict.NotApplicable, obstacle, null, null, "");

        if (step.Start)
            began = _watch.WaitForFirst(_bench.IsVirtual ? CaseDemands.Duration(step) : CaseDemands.StartTime); // a program takes its time until it speaks
        var seen = _watch.Watch(began + CaseDemands.Duration(step), station, ids);
        if (step.Given is not null && step.ReplyMatcher is { } wanted && !seen.Exists(datagram => _matcher.Fits(wanted, datagram, station, ids)))
            return new(ConformanceVerdict.Unsupported, $"did not take the {step.Given.Kind} that the case starts from: {Answer(seen, station, ids)}", null, null, "");
        return step.Expect is null ? null : _judge.Judge(step, seen, began, station, ids, _caseNames);
    }

    /// <summary>What came in place of the answer that a case starts from.</summary>
    private static string Answer(List<SeenDatagram> seen, int station, HashSet<ushort> ids) =>
        seen.FindLast(datagram => datagram.Datagram.Station == station && ids.Contains(datagram.TransactionId)) switch
        {
            null => "it did not answer",
            { IsReadable: false } => "its answer cannot be read",
            var answer => $"it answered {answer.Kind.Title()}{(answer.Flags.Rcode == NbnsRcode.Success ? "" : $" {answer.Flags.Rcode.Symbol()}")}",
        };

    /// <summary>Sends what the step has to send, and gives the station that did.</summary>
    private int Send(StepData step, HashSet<ushort> ids)
    {
        string from = step.From ?? "A";
        int station = from[0] - 'A';
        bool isBroadcast = step.To == "all";
        var destination = step.To switch
        {
            null or "subject" => _bench.Subject,
            "all" => new Ipv4Endpoint(_bench.Broadcast!.Value, _bench.Subject.Port),
            var other => new Ipv4Endpoint(Address(other), _bench.StationPort),
        };
        foreach (byte[] octets in Datagrams(step, station, isBroadcast, ids))
            _watch.Send(station, destination, isBroadcast, octets, fromAnyPort: from.EndsWith(":any", StringComparison.Ordinal));
        return station;
    }

    private IEnumerable<byte[]> Datagrams(StepData step, int station, bool isBroadcast, HashSet<ushort> ids)
    {
        for (int i = 0; i < step.Noise; i++)
        {
            byte[] noise = new byte[_random.Next(600)];
            foreach (ref byte octet in noise.AsSpan())
                octet = (byte)_random.NextUInt32();
            if (noise.Length > 1)
                ids.Add((ushort)((noise[0] << 8) | noise[1]));
            yield return noise;
        }

        if ((step.Send ?? step.Given) is not { } packet)
            yield break;
        for (int i = 0; i < (step.Times ?? 1); i++)
        {
            ushort id = Id(packet);
            ids.Add(id);
            _number = (uint)i;
            byte[] octets = _writer.Write(packet, _bench.Stations[station], isBroadcast, id);
            if (step.Each is null)
                yield return octets;
            for (int length = 0; step.Each is not null && length < octets.Length; length++)
                yield return octets[..length];
        }
    }

    private ushort Id(PacketData packet)
    {
        _lastId = packet.Id switch
        {
            "previous" => _lastId,
            "other" => (ushort)(_lastId ^ 0x5555),
            null => (ushort)(1 + _random.Next(ushort.MaxValue)),
            var word => CaseWords.Word(word),
        };
        _sentIds.Add(_lastId);
        return _lastId;
    }

    /// <summary>Why silence of this peer shows nothing; null where it speaks when it should: a node that answers for its name, a server that grants a good claim.</summary>
    private string? Unsaid() => _test.Role == ConformanceRole.Server
        ? _controls.Holds("grants", () => Control("registration", NbnsMessageKind.PositiveNameRegistrationResponse, NbnsMessageKind.WaitForAcknowledgementResponse)) ? null : "it grants no claim, so that refusing one shows nothing"
        : _test.Role != ConformanceRole.Node || _bench.Names.Unique.IsEmpty || _controls.Holds("answers", () => Control("query", NbnsMessageKind.PositiveNameQueryResponse)) ? null : "it answers for no name, so that silence shows nothing";

    /// <summary>Whether the peer answers as it must at least once in three times.</summary>
    private bool Control(string kind, params NbnsMessageKind[] wanted)
    {
        for (int i = 0; i < 3; i++)
        {
            var packet = new PacketData { Kind = kind, Name = kind == "query" ? "{unique}" : $"{{new{90 + i}}}", Rd = kind == "query" ? 0 : null };
            ushort id = Id(packet);
            _watch.Send(0, _bench.Subject, false, _writer.Write(packet, _bench.Stations[0], false, id));
            if (_watch.Watch(_bench.Now + CaseDemands.ProbeTime, 0, [id]).Exists(seen => seen.TransactionId == id && seen.IsReadable && wanted.Contains(seen.Kind)))
                return true;
        }

        return false;
    }

    /// <summary>Asks what whoever speaks the protocol answers: a server a query, a node its status or its name.</summary>
    private bool IsAlive()
    {
        var ids = new HashSet<ushort>();
        for (int i = 0; i < CaseDemands.Probes; i++)
        {
            PacketData probe = i % 2 == 0 && _test.Role == ConformanceRole.Server || _bench.Names.Unique.IsEmpty && i % 2 == 1
                ? new PacketData { Kind = "query", Name = "{new}" }
                : i % 2 == 0 ? new PacketData { Kind = "status", Name = "*" } : new PacketData { Kind = "query", Name = "{unique}", Rd = 0 };
            ushort id = Id(probe);
            ids.Add(id); // a late answer to an earlier one is an answer
            _watch.Send(0, _bench.Subject, false, _writer.Write(probe, _bench.Stations[0], false, id));
            if (_watch.Watch(_bench.Now + CaseDemands.ProbeTime, 0, [id]).Exists(seen => ids.Contains(seen.TransactionId) && seen.IsReadable && seen.Kind is NbnsMessageKind.NodeStatusResponse
                or NbnsMessageKind.PositiveNameQueryResponse or NbnsMessageKind.NegativeNameQueryResponse or NbnsMessageKind.RedirectNameQueryResponse))
            {
                return true;
            }
        }

        return false;
    }

    private ConformanceResult Result(StepOutcome outcome) =>
        new(_test, outcome.Verdict, outcome.Words, outcome.Source, outcome.Profile, outcome.Expected, _watch.Exchange, _began) { Stations = [.. _bench.Stations] };
}
