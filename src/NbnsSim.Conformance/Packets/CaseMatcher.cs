using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.Conformance;

/// <summary>Says whether a datagram is like a matcher has it.</summary>
/// <param name="names">The names of this run.</param>
/// <param name="addresses">The address that a word such as <c>A</c> or <c>subject</c> stands for.</param>
/// <param name="subjectPort">The peer's port.</param>
internal sealed class CaseMatcher(CaseNameBook names, Func<string, Ipv4Address> addresses, ushort subjectPort)
{
    /// <exception cref="FormatException">The matcher has a word that means nothing.</exception>
    public static void Check(MatcherData matcher)
    {
        foreach (string kind in matcher.Kind?.All ?? [])
        {
            if (kind is not ("any" or "other") && PacketKinds.Find(kind) is null)
                throw new FormatException($"there is no packet \"{kind}\".");
        }

        foreach (string rcode in matcher.Rcode?.All ?? [])
            _ = CaseWords.Rcode(rcode);
        if (matcher.At is not (null or "A" or "B" or "C" or "D" or "all" or "any"))
            throw new FormatException($"there is no station {matcher.At}.");
        if (matcher.RrName is not (null or "pointer" or "full"))
            throw new FormatException($"a record's name stands as pointer or full, not as {matcher.RrName}.");
        if (matcher.Id is not (null or "same" or "any" or "new"))
            throw new FormatException($"the id \"{matcher.Id}\" is neither same, any nor new.");
    }

    /// <summary>Says whether it fits, but for how often and when.</summary>
    /// <param name="matcher">The matcher.</param>
    /// <param name="seen">The datagram.</param>
    /// <param name="station">The station that sent in this step; -1 for none.</param>
    /// <param name="ids">The ids of what was sent in this step.</param>
    public bool Fits(MatcherData matcher, SeenDatagram seen, int station, IReadOnlyCollection<ushort> ids) =>
        IsFrom(matcher, seen) && IsAt(matcher, seen, station) && HasKind(matcher, seen) && HasId(matcher, seen, ids) && HasHeader(matcher, seen) && HasContent(matcher, seen);

    private bool IsFrom(MatcherData matcher, SeenDatagram seen) =>
        (matcher.From is "any" || seen.Datagram.Source.Address == addresses(matcher.From ?? "subject")) && (matcher.Port is null || seen.Datagram.Source.Port == subjectPort);

    private static bool IsAt(MatcherData matcher, SeenDatagram seen, int station) => matcher.At switch
    {
        "any" => true,
        "all" => seen.Datagram.Station < 0,
        null => station < 0 || seen.Datagram.Station == station,
        var letter => seen.Datagram.Station == letter[0] - 'A',
    };

    private static bool HasKind(MatcherData matcher, SeenDatagram seen) =>
        matcher.Kind is null || Array.Exists(matcher.Kind.All, kind => kind switch
        {
            "any" => true,
            "other" => !seen.IsReadable || PacketKinds.NameOf(seen.Kind) == "other",
            _ => seen.IsReadable && PacketKinds.Find(kind)!.Kind == seen.Kind,
        });

    private static bool HasId(MatcherData matcher, SeenDatagram seen, IReadOnlyCollection<ushort> ids) => (matcher.Id ?? (seen.Flags.IsResponse && ids.Count > 0 ? "same" : "any")) switch
    {
        "same" => ids.Contains(seen.TransactionId),
        "new" => !ids.Contains(seen.TransactionId),
        _ => true,
    };

    private static bool HasHeader(MatcherData matcher, SeenDatagram seen)
    {
        var flags = seen.Flags;
        return (matcher.Flags is null || flags.Value == CaseWords.Word(matcher.Flags))
            && (matcher.Opcode is null || (int)flags.Opcode == matcher.Opcode)
            && Is(matcher.Rd, flags.RecursionDesired) && Is(matcher.B, flags.IsBroadcast) && Is(matcher.Aa, flags.IsAuthoritative)
            && Is(matcher.Ra, flags.RecursionAvailable) && Is(matcher.Tc, flags.IsTruncated)
            && Is(matcher.Reserved, (flags.Value & NbnsFlags.ReservedBits) >> 5)
            && (matcher.Rcode is null || Array.Exists(matcher.Rcode.All, rcode => CaseWords.Rcode(rcode) == flags.Rcode));
    }

    private bool HasContent(MatcherData matcher, SeenDatagram seen)
    {
        if (!AsksForContent(matcher))
            return true;
        if (!seen.IsReadable)
            return false;
        var packet = seen.Read();
        var record = packet.Record;
        return Is(matcher.QdCount, packet.QuestionCount) && Is(matcher.AnCount, packet.AnswerCount) && Is(matcher.NsCount, packet.AuthorityCount) && Is(matcher.ArCount, packet.AdditionalCount)
            && (matcher.Name is null || (seen.Name is { } name && name == names[matcher.Name]))
            && (matcher.Type is null || (ushort)(packet.HasRecord ? record.Type : packet.Question.Type) == CaseWords.Word(matcher.Type))
            && (matcher.Class is null || (packet.HasRecord ? record.Class : packet.Question.Class) == CaseWords.Word(matcher.Class))
            && (matcher.Ttl is null || (packet.HasRecord && matcher.Ttl.Contain(record.TimeToLive.Seconds)))
            && (matcher.RdLength is null || (packet.HasRecord && matcher.RdLength.Contain(record.Data.Length)))
            && (matcher.RData is null || (packet.HasRecord && record.Data.SequenceEqual(Convert.FromHexString(matcher.RData.Replace(" ", "", StringComparison.Ordinal)))))
            && (matcher.RrName is null || (packet.HasRecord && record.Name.IsPointer == (matcher.RrName == "pointer")))
            && HasEntries(matcher, record) && HasStatus(matcher, record);
    }

    private static bool AsksForContent(MatcherData matcher) =>
        (matcher.QdCount ?? matcher.AnCount ?? matcher.NsCount ?? matcher.ArCount) is not null
        || matcher.Name is not null || matcher.Type is not null || matcher.Class is not null || matcher.Ttl is not null || matcher.RdLength is not null || matcher.RData is not null || matcher.RrName is not null
        || AsksForEntries(matcher) || AsksForStatus(matcher);

    private static bool AsksForEntries(MatcherData matcher) =>
        matcher.Entries is not null || matcher.Includes is not null || matcher.Excludes is not null || matcher.EntryCount is not null
        || matcher.Group is not null || matcher.Ont is not null || matcher.NbFlags is not null;

    private static bool AsksForStatus(MatcherData matcher) =>
        matcher.Names is not null || matcher.Groups is not null || matcher.NoNames is not null || matcher.NameCount is not null || matcher.Active is not null || matcher.Conflict is not null || matcher.StatusLength is not null;

    private bool HasEntries(MatcherData matcher, in NbnsResourceRecord record)
    {
        if (!AsksForEntries(matcher) || record.Type == NbnsType.NBStat)
            return true;
        var listed = new List<Ipv4Address>();
        for (int i = 0; i < record.EntryCount; i++)
        {
            var entry = record.GetEntry(i);
            listed.Add(entry.Address);
            if ((matcher.Group is { } group && entry.Flags.IsGroup != group)
                || (matcher.Ont is { } type && entry.Flags.OwnerNodeType != Enum.Parse<OwnerNodeType>(type))
                || (matcher.NbFlags is { } flags && entry.Flags.Value != CaseWords.Word(flags)))
            {
                return false;
            }
        }

        if (listed.Count == 0 && (matcher.Group is not null || matcher.Ont is not null || matcher.NbFlags is not null))
            return false;
        return (matcher.EntryCount is null || matcher.EntryCount.Contain(listed.Count))
            && (matcher.Entries is null || listed.Order().SequenceEqual(matcher.Entries.Select(addresses).Order()))
            && Array.TrueForAll(matcher.Includes ?? [], address => listed.Contains(addresses(address)))
            && !Array.Exists(matcher.Excludes ?? [], address => listed.Contains(addresses(address)));
    }

    private bool HasStatus(MatcherData matcher, in NbnsResourceRecord record)
    {
        if (!AsksForStatus(matcher))
            return true;
        if (record.Type != NbnsType.NBStat)
            return false;
        var listed = new List<NodeStatusName>();
        for (int i = 0; i < record.NodeNameCount; i++)
        {
            if (record.Data.Length < 1 + ((i + 1) * NodeStatusName.Size))
                return false;
            listed.Add(record.GetNodeName(i));
        }

        return (matcher.NameCount is null || matcher.NameCount.Contain(listed.Count))
            && (matcher.StatusLength is not true || record.Data.Length == 1 + (listed.Count * NodeStatusName.Size) + NodeStatistics.Size) // RFC 1002 §4.2.18
            && (matcher.Active is not { } active || listed.TrueForAll(name => name.Flags.IsActive == active))
            && (matcher.Ont is not { } type || listed.TrueForAll(name => name.Flags.OwnerNodeType == Enum.Parse<OwnerNodeType>(type)))
            && Array.TrueForAll(matcher.Groups ?? [], name => listed.Exists(row => Is(row, names[name]) && row.Flags.IsGroup))
            && Array.TrueForAll(matcher.Names ?? [], name => listed.Exists(row => Is(row, names[name])))
            && !Array.Exists(matcher.NoNames ?? [], name => listed.Exists(row => Is(row, names[name])))
            && Array.TrueForAll(matcher.Conflict?.All ?? [], name => listed.Exists(row => Is(row, names[name]) && row.Flags.IsInConflict));
    }

    /// <summary>A node status lists sixteen octets without a scope.</summary>
    private static bool Is(NodeStatusName row, NetBiosName name) => row.Name.High == name.High && row.Name.Low == name.Low;

    private static bool Is(int? wanted, bool flag) => wanted is null || (wanted != 0) == flag;

    private static bool Is(int? wanted, int count) => wanted is null || wanted == count;
}
