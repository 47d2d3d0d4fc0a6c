using NbnsSim.Captures;
using NbnsSim.Reports;

namespace NbnsSim.Jobs.Archives;

/// <summary>What an audit goes by: from when to when UDP was captured, and which datagrams tell more than that.</summary>
internal sealed class AuditSpan
{
    /// <summary>The earliest time, in nanoseconds; null where there is none.</summary>
    public long? First { get; private set; }

    /// <summary>The latest one.</summary>
    public long? Last { get; private set; }

    /// <summary>Takes a time in.</summary>
    public void Note(long? time)
    {
        if (time is null)
            return;
        First = Math.Min(First ?? long.MaxValue, time.Value);
        Last = Math.Max(Last ?? long.MinValue, time.Value);
    }

    /// <summary>Takes a datagram in.</summary>
    /// <returns>Whether it tells more than its time.</returns>
    public bool Take(in CapturedDatagram datagram)
    {
        if (!datagram.IsIpv6)
            Note(datagram.Time.Nanoseconds);
        return AuditReport.IsWanted(datagram);
    }
}
