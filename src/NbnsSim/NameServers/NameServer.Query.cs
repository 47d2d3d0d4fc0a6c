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
            NotFound(request, flags);
            return;
        }

        _statistics.QueriesFound++;
        ref var name = ref _names[slot];
        if (_voice.IsHeard)
            Say(request, ServerRules.Answer, OwnerOr(request).Address);
        uint timeToLive = Dialect.ReportsTimeToLive ? SecondsLeft(name, request.Now) : 0;
        if (name.FirstMember == NameSlot.None && name.Type != NameRecordType.InternetGroup)
        {
            _outbox.Answer(request, flags, timeToLive, new NbEntry(FlagsOf(name), new Ipv4Address(name.Address)));
            return;
        }

        // RFC 1001 §15.3.2: as many as fit, and TC where that is not all. WINS keeps 25, which fit with any scope.
        int fit = (NbnsHeader.MaxDatagramLength - NbnsHeader.Size - request.EncodedName.Length - NbnsResourceRecord.FixedSize) / NbEntry.Size;
        Span<NbEntry> entries = stackalloc NbEntry[Math.Min(MaxMembers, fit)];
        int count = List(name, request.Now, entries, out bool isTruncated);
        _outbox.Answer(request, isTruncated ? (ushort)(flags | NbnsFlags.TruncatedBit) : flags, timeToLive, entries[..count]);
    }

    private bool IsAnswered(in NameSlot name) => name.IsActive || (name.Type == NameRecordType.NormalGroup && Dialect.AnswersReleasedGroups);

    /// <summary>The addresses of a name: the domain master browser's first in a list of domain controllers, then those registered here, then the others (Q167365).</summary>
    private int List(in NameSlot name, Instant now, Span<NbEntry> entries, out bool isTruncated)
    {
        int count = 0;
        var flags = FlagsOf(name);
        Ipv4Address? master = null;
        if (name.Type == NameRecordType.InternetGroup && (NameSuffix)(byte)name.Low == NameSuffix.DomainControllers && Dialect.DomainMasterLeads)
        {
            int slot = Find(name.High, (name.Low & ~0xFFUL) | (byte)NameSuffix.DomainMasterBrowser, name.Scope, now);
            if (slot != NameSlot.None && _names[slot] is { IsActive: true, IsGroup: false })
            {
                _names.TryGetAddress(_names[slot], 0, out var first);
                master = first;
                entries[count++] = new NbEntry(flags, first);
            }
        }

        isTruncated = false;
        if (name.FirstMember == NameSlot.None)
        {
            if (new Ipv4Address(name.Address) != master && count < entries.Length)
                entries[count++] = new NbEntry(flags, new Ipv4Address(name.Address));
            return count;
        }

        bool ranks = name.Type == NameRecordType.InternetGroup && Dialect.OwnMembersLead;
        for (int rank = ranks ? 0 : 1; rank <= 1; rank++)
        {
            for (int index = name.FirstMember; index != NameSlot.None;)
            {
                ref var member = ref _names.Member(index);
                index = member.Next;
                if (new Ipv4Address(member.Address) == master || (ranks && (member.Owner == 0) != (rank == 0)))
                    continue;
                if (count == entries.Length)
                {
                    // A list as long as a name may have, with the domain master that is not of it at its head, has all that WINS answers with.
                    isTruncated = entries.Length < MaxMembers;
                    return count;
                }

                entries[count++] = new NbEntry(flags, new Ipv4Address(member.Address));
            }
        }

        return count;
    }

    private void NotFound(in ServerRequest request, ushort flags)
    {
        if (Options.Redirect is not { } other || IsTooLong(request)) // a redirect repeats the name twice
        {
            Say(request, ServerRules.NotFound);
            _outbox.AnswerNotFound(request, flags);
            return;
        }

        Say(request, ServerRules.Redirect, other.Address);
        _outbox.Redirect(request, other);
    }

    /// <summary>
    /// Whole seconds until a name's time runs out, rounded up; 0 for never (RFC 1002 §6 INFINITE_TTL). Where names hold a multiple of the granted time, that
    /// part of it, so that a fresh name shows what was granted.
    /// </summary>
    private uint SecondsLeft(in NameSlot name, Instant now)
    {
        if (name.Deadline == long.MaxValue)
            return 0;
        long second = 1_000_000_000L * Dialect.LifetimeMultiple;
        return (uint)long.Clamp((long.Max(name.Deadline - now.Nanoseconds, 1) - 1) / second + 1, 1, uint.MaxValue);
    }
}
