using NbnsSim.NameServers;
using Kind = NbnsSim.Messages.NbnsMessageKind;

namespace NbnsSim.Twins;

/// <summary>How a name server that cannot keep up works off what waits for it.</summary>
/// <param name="PerSecond">How many requests a second it serves.</param>
/// <param name="GrantsUnseen">Whether it grants claims unseen while many wait (Q154410).</param>
/// <param name="Share">In how many per cent of the cases in which requests waited its next answer came after that time.</param>
internal readonly record struct TwinLoad(int PerSecond, bool GrantsUnseen, int Share)
{
    private const int LeastAnswers = 50;
    private const int LeastWaiting = 20; // fewer wait for a moment at any server
    private const int LeastShare = 80; // per cent
    private const int MostPerSecond = 2_000; // of a faster one a capture's clock shows no steady rate
    private const uint UnseenStep = 300; // seconds: what is granted unseen is granted for 5 to 50 minutes
    private const uint UnseenMost = 3_000;

    /// <summary>Reads it off the answers of a name server: while requests wait, they come one after the other at the same pace.</summary>
    /// <returns>Null where no queue was seen, or no steady pace.</returns>
    public static TwinLoad? Of(TwinMachine server, TwinEvidence evidence)
    {
        var gaps = new List<TimeSpan>();
        int waiting = 0;
        int most = 0;
        bool grantsUnseen = false;
        Instant? last = null;
        foreach (var packet in evidence.Packets)
        {
            if (!packet.IsResponse && !packet.IsBroadcast && server.Is(packet.Destination))
                most = int.Max(most, ++waiting);
            if (!packet.IsResponse || packet.IsBroadcast || !server.Is(packet.Source) || packet.Kind == Kind.WaitForAcknowledgementResponse)
                continue;
            waiting = int.Max(0, waiting - 1);
            if (packet is { Kind: Kind.PositiveNameRegistrationResponse, TimeToLive: >= UnseenStep and <= UnseenMost } && packet.TimeToLive % UnseenStep == 0)
            {
                grantsUnseen = true; // at once, and not in its turn
                continue;
            }

            if (last is { } before)
                gaps.Add(packet.Time - before);
            last = waiting > 0 ? packet.Time : null;
        }

        if (gaps.Count < LeastAnswers || most < LeastWaiting)
            return null;
        gaps.Sort();
        var pace = gaps[gaps.Count / 2];
        int share = gaps.Count(gap => (gap - pace).Duration() <= pace / 4) * 100 / gaps.Count;
        int perSecond = pace > TimeSpan.Zero ? (int)Math.Min(int.MaxValue, Math.Round(TimeSpan.FromSeconds(1) / pace)) : 0;
        return perSecond is >= 1 and <= MostPerSecond && share >= LeastShare ? new TwinLoad(perSecond, grantsUnseen, share) : null;
    }

    /// <summary>The dialect with burst handling as far as it was seen.</summary>
    public NameServerDialect Applied(NameServerDialect dialect) => GrantsUnseen == dialect.BurstThreshold > 0 ? dialect
        : dialect with { BurstThreshold = GrantsUnseen ? NameServerDialect.WinsNt4.BurstThreshold : 0 };
}
