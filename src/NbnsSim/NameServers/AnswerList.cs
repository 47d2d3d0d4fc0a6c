using NbnsSim.Wire;

namespace NbnsSim.NameServers;

/// <summary>What a POSITIVE NAME QUERY RESPONSE lists (RFC 1002 §4.2.13). Pure.</summary>
internal static class AnswerList
{
    /// <summary>
    /// Lists the addresses of a name: the domain master browser's first in a list of domain controllers, then those registered here, then the others (Q167365).
    /// </summary>
    /// <param name="entries">Room for as many as fit into an answer, and no more than a name may have.</param>
    /// <param name="names">The names.</param>
    /// <param name="name">The name.</param>
    /// <param name="flags">Its NB_FLAGS.</param>
    /// <param name="master">The domain master browser's address, where it leads.</param>
    /// <param name="dialect">The server's.</param>
    /// <param name="isTruncated">Whether there are more (RFC 1001 §15.3.2: TC).</param>
    /// <returns>How many are listed.</returns>
    public static int Fill(
        Span<NbEntry> entries, NameDatabase names, in NameSlot name, NbFlags flags, Ipv4Address? master, NameServerDialect dialect, out bool isTruncated)
    {
        int count = 0;
        isTruncated = false;
        if (master is { } first)
            entries[count++] = new NbEntry(flags, first);
        if (name.FirstMember == NameSlot.None)
        {
            Add(new Ipv4Address(name.Address), entries, ref isTruncated);
            return count;
        }

        bool ranks = name.Type == NameRecordType.InternetGroup && dialect.OwnMembersLead;
        for (int rank = 0; rank < (ranks ? 2 : 1); rank++)
        {
            for (int index = name.FirstMember; index != NameSlot.None && !isTruncated; index = names.Member(index).Next)
            {
                ref var member = ref names.Member(index);
                if (!ranks || (member.Owner == 0) == (rank == 0))
                    Add(new Ipv4Address(member.Address), entries, ref isTruncated);
            }
        }

        return count;

        void Add(Ipv4Address address, Span<NbEntry> room, ref bool isFull)
        {
            if (address == master)
                return; // it leads already
            if (count < room.Length)
                room[count++] = new NbEntry(flags, address);
            else
                isFull = room.Length < dialect.MaxAddresses; // a list as long as a name may have, with a master that is not of it at its head, has all that WINS answers with
        }
    }

    /// <summary>
    /// Whole seconds until a name's time runs out, rounded up; 0 for never (RFC 1002 §6 INFINITE_TTL). Where names hold a multiple of the granted time, that
    /// part of it, so that a fresh name shows what was granted.
    /// </summary>
    public static uint SecondsLeft(long deadline, Instant now, NameServerDialect dialect)
    {
        if (deadline == long.MaxValue)
            return 0;
        long second = 1_000_000_000L * dialect.LifetimeMultiple;
        return (uint)long.Clamp((long.Max(deadline - now.Nanoseconds, 1) - 1) / second + 1, 1, uint.MaxValue);
    }
}
