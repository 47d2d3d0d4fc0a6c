using NbnsSim.Names;
using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <content>Queries (RFC 1002 §5.1.4).</content>
public sealed partial class NameServer
{
    /// <summary>R, AA and RA; RD is the request's (RFC 1002 §4.2.13).</summary>
    private const ushort QueryResponse = NbnsFlagWords.NameServerQueryResponse & ~NbnsFlags.RecursionDesiredBit;

    private void Query(in Request request)
    {
        if ((request.Flags.Value & NbnsFlags.RecursionDesiredBit) == 0 && request.Source.Address == Options.Address)
        {
            // A challenge of a name at this very address (RFC 1002 §5.1.4): the database says who registered it, and only a node whether it still holds it.
            _statistics.Ignored++;
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
        uint timeToLive = Dialect.ReportsTimeToLive ? SecondsLeft(name, request.Now) : 0;
        if (name.FirstMember == NameSlot.None && name.Type != NameRecordType.InternetGroup)
        {
            Answer(request, flags, timeToLive, new NbEntry(FlagsOf(name), new Ipv4Address(name.Address)));
            return;
        }

        Span<NbEntry> entries = stackalloc NbEntry[MaxMembers];
        Answer(request, flags, timeToLive, entries[..List(name, request.Now, entries)]);
    }

    private bool IsAnswered(in NameSlot name) => name.IsActive || (name.Type == NameRecordType.NormalGroup && Dialect.AnswersReleasedGroups);

    /// <summary>The addresses of a name, the domain master browser's first in a list of domain controllers.</summary>
    private int List(in NameSlot name, Instant now, Span<NbEntry> entries)
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

        for (int i = 0; count < entries.Length && _names.TryGetAddress(name, i, out var address); i++)
        {
            if (address != master)
                entries[count++] = new NbEntry(flags, address);
        }

        return count;
    }

    private void NotFound(in Request request, ushort flags)
    {
        if (Options.Redirect is not { } other)
        {
            AnswerNotFound(request, flags, NbnsRcode.NameError);
            return;
        }

        // RFC 1002 §4.2.15: ask there. The name is written anew: a redirect has two records, and its names may be longer than the request's.
        var name = new NetBiosName(request.High, request.Low, NetBiosScope.FromEncoded(request.EncodedScope.ToArray()));
        int length = (3 * NbnsHeader.MaxNameLength) + (2 * NbnsResourceRecord.FixedSize) + NbnsHeader.Size;
        if (request.IsScopeTooLong || !_transmits.TryReserve(length, out var room))
        {
            _statistics.Dropped++;
            return;
        }

        ushort redirect = (ushort)(NbnsFlags.ResponseBit | (request.Flags.Value & NbnsFlags.RecursionDesiredBit));
        Send(NbnsEncoder.WriteRedirect(room, request.TransactionId, redirect, name, 0, other.ServerName, other.Address), request.Source, request.InterfaceIndex);
    }

    /// <summary>Whole seconds until a name's time runs out, rounded up; 0 for never (RFC 1002 §6 INFINITE_TTL).</summary>
    private static uint SecondsLeft(in NameSlot name, Instant now) =>
        name.Deadline == long.MaxValue ? 0 : (uint)long.Clamp(((name.Deadline - now.Nanoseconds) + 999_999_999) / 1_000_000_000, 1, uint.MaxValue);
}
