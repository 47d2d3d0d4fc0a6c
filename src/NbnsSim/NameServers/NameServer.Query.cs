using NbnsSim.Names;
using NbnsSim.Rules;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Queries (RFC 1002 §5.1.4).</content>
public sealed partial class NameServer
{
    /// <summary>R, AA and RA; RD is the request's (RFC 1002 §4.2.13).</summary>
    private const ushort QueryResponse = NbnsFlagWords.NameServerQueryResponse & ~NbnsFlags.RecursionDesiredBit;

    private void Query(in ServerRequest request)
    {
        if ((request.Flags.Value & NbnsFlags.RecursionDesiredBit) == 0 && request.Source.Address == Options.Address)
        {
            // A challenge of a name at this very address (RFC 1002 §5.1.4): the database says who registered it, and only a node whether it still holds it.
            _statistics.Ignored++;
            Say(request, ServerRules.OwnChallenge);
            return;
        }

        _statistics.Queries++;
        ushort flags = (ushort)(QueryResponse | (request.Flags.Value & NbnsFlags.RecursionDesiredBit));
        int slot = IsIgnored(request.Suffix) ? NameSlot.None : Find(request);
        if (slot == NameSlot.None || !IsAnswered(_names[slot]))
        {
            _replies.NotFound(request, flags);
            return;
        }

        _statistics.QueriesFound++;
        ref var name = ref _names[slot];
        if (_voice.IsHeard)
            Say(request, ServerRules.Answer, _replies.OwnerOr(request).Address);
        uint timeToLive = Dialect.ReportsTimeToLive ? AnswerList.SecondsLeft(name.Deadline, request.Now, Dialect) : 0;
        if (name.FirstMember == NameSlot.None && name.Type != NameRecordType.InternetGroup)
        {
            _outbox.Answer(request, flags, timeToLive, new NbEntry(_replies.FlagsOf(name), new Ipv4Address(name.Address)));
            return;
        }

        // RFC 1001 §15.3.2: as many as fit, and TC where that is not all. WINS keeps 25, which fit with any scope.
        int fit = (NbnsHeader.MaxDatagramLength - NbnsHeader.Size - request.EncodedName.Length - NbnsResourceRecord.FixedSize) / NbEntry.Size;
        Span<NbEntry> entries = stackalloc NbEntry[Math.Min(MaxMembers, fit)];
        var master = MasterOf(name, request.Now);
        int count = AnswerList.Fill(entries, _names, _names[slot], _replies.FlagsOf(_names[slot]), master, Dialect, out bool isTruncated);
        _outbox.Answer(request, isTruncated ? (ushort)(flags | NbnsFlags.TruncatedBit) : flags, timeToLive, entries[..count]);
    }

    private bool IsAnswered(in NameSlot name) => name.IsActive || (name.Type == NameRecordType.NormalGroup && Dialect.AnswersReleasedGroups);

    /// <summary>The domain master browser's address, which leads a list of domain controllers (Q167365).</summary>
    private Ipv4Address? MasterOf(in NameSlot name, Instant now)
    {
        if (name.Type != NameRecordType.InternetGroup || (NameSuffix)(byte)name.Low != NameSuffix.DomainControllers || !Dialect.DomainMasterLeads)
            return null;
        int slot = Find(name.High, (name.Low & ~0xFFUL) | (byte)NameSuffix.DomainMasterBrowser, name.Scope, now);
        return slot != NameSlot.None && _names[slot] is { IsActive: true, IsGroup: false } && _names.TryGetAddress(_names[slot], 0, out var first) ? first : null;
    }
}
