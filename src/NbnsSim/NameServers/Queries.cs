using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>Queries (RFC 1002 §5.1.4).</summary>
/// <param name="state">The server's.</param>
/// <param name="scavenger">Its names in time.</param>
/// <param name="replies">What nodes are answered.</param>
internal sealed class Queries(ServerState state, Scavenger scavenger, ServerReplies replies)
{
    /// <summary>R, AA and RA; RD is the request's (RFC 1002 §4.2.13).</summary>
    private const ushort QueryResponse = NbnsFlagWords.NameServerQueryResponse & ~NbnsFlags.RecursionDesiredBit;

    private readonly NameDatabase _names = state.Names;

    private NameServerDialect Dialect => state.Dialect;

    /// <summary>A query comes.</summary>
    public void Answer(in ServerRequest request)
    {
        if ((request.Flags.Value & NbnsFlags.RecursionDesiredBit) == 0 && request.Source.Address == state.Options.Address)
        {
            // A challenge of a name at this very address (RFC 1002 §5.1.4): the database says who registered it, and only a node whether it still holds it.
            state.Counters.Ignored++;
            state.Voice.Say(request, ServerRules.OwnChallenge);
            return;
        }

        state.Counters.Queries++;
        ushort flags = (ushort)(QueryResponse | (request.Flags.Value & NbnsFlags.RecursionDesiredBit));
        bool isIgnored = request.Suffix == NameSuffix.MasterBrowser && Dialect.IgnoresMasterBrowsers;
        int slot = isIgnored ? NameSlot.None : scavenger.Find(request);
        if (slot == NameSlot.None || !IsAnswered(_names[slot]))
        {
            replies.NotFound(request, flags);
            return;
        }

        state.Counters.QueriesFound++;
        ref var name = ref _names[slot];
        if (state.Voice.IsHeard)
            state.Voice.Say(request, ServerRules.Answer, replies.OwnerOr(request).Address);
        uint timeToLive = Dialect.ReportsTimeToLive ? AnswerList.SecondsLeft(name.Deadline, request.Now, Dialect) : 0;
        if (name.FirstMember == NameSlot.None && name.Type != NameRecordType.InternetGroup)
        {
            state.Outbox.Answer(request, flags, timeToLive, new NbEntry(replies.FlagsOf(name), new Ipv4Address(name.Address)));
            return;
        }

        // RFC 1001 §15.3.2: as many as fit, and TC where that is not all. WINS keeps 25, which fit with any scope.
        int fit = (NbnsHeader.MaxDatagramLength - NbnsHeader.Size - request.EncodedName.Length - NbnsResourceRecord.FixedSize) / NbEntry.Size;
        Span<NbEntry> entries = stackalloc NbEntry[Math.Min(Dialect.MaxAddresses, fit)];
        var master = MasterOf(name, request.Now);
        int count = AnswerList.Fill(entries, _names, _names[slot], replies.FlagsOf(_names[slot]), master, Dialect, out bool isTruncated);
        state.Outbox.Answer(request, isTruncated ? (ushort)(flags | NbnsFlags.TruncatedBit) : flags, timeToLive, entries[..count]);
    }

    private bool IsAnswered(in NameSlot name) => name.IsActive || (name.Type == NameRecordType.NormalGroup && Dialect.AnswersReleasedGroups);

    /// <summary>The domain master browser's address, which leads a list of domain controllers (Q167365).</summary>
    private Ipv4Address? MasterOf(in NameSlot name, Instant now)
    {
        if (name.Type != NameRecordType.InternetGroup || (NameSuffix)(byte)name.Low != NameSuffix.DomainControllers || !Dialect.DomainMasterLeads)
            return null;
        int slot = scavenger.Find(name.High, (name.Low & ~0xFFUL) | (byte)NameSuffix.DomainMasterBrowser, name.Scope, now);
        return slot != NameSlot.None && _names[slot] is { IsActive: true, IsGroup: false } && _names.TryGetAddress(_names[slot], 0, out var first) ? first : null;
    }
}
