using NbnsSim.Protocol;

namespace NbnsSim.Simulation;

/// <content>A rule as a part of a state.</content>
public sealed partial record LinkRule
{
    /// <summary>Carries a rule. A fingerprint without draws leaves its name out, on which only draws depend.</summary>
    /// <param name="codec">Where to, or where from.</param>
    /// <param name="rule">The rule; null where one is read.</param>
    /// <param name="hosts">How many hosts there are.</param>
    /// <param name="segments">How many segments there are.</param>
    internal static LinkRule Carry(StateCodec codec, LinkRule? rule, int hosts, int segments)
    {
        string name = rule?.Name ?? "";
        var (fault, parts, bothWays) = (rule?.Fault ?? default, rule?.PartsPerMillion ?? 0, rule?.BothWays ?? false);
        var (from, to) = (rule?.From ?? default, rule?.To ?? default);
        var (start, end, match) = (rule?.Start ?? default, rule?.End ?? default, rule?.Match);
        if (!codec.IsFingerprint || codec.HasDraws)
            codec.Carry(ref name);
        codec.Carry(ref fault, LinkFault.Hold);
        codec.Carry(ref parts);
        var delay = CarrySpan(codec, rule?.Delay ?? default);
        var jitter = CarrySpan(codec, rule?.Jitter ?? default);
        LinkScope.Carry(codec, ref from, hosts, segments);
        LinkScope.Carry(codec, ref to, hosts, segments);
        codec.Carry(ref bothWays);
        codec.CarryUntil(ref start);
        codec.Carry(ref end);
        (int skip, int count) = (rule?.Skip ?? 0, rule?.Count ?? 0);
        codec.Carry(ref skip);
        codec.Carry(ref count);
        uint datagram = rule?.Datagram ?? 0;
        codec.Carry(ref datagram);
        PacketMatch.Carry(codec, ref match);
        codec.Check(!string.IsNullOrWhiteSpace(name) && parts <= Always && delay >= TimeSpan.Zero && jitter >= TimeSpan.Zero && end >= start, "A link rule is none that there can be");
        return rule ?? new LinkRule(name, fault)
        {
            PartsPerMillion = parts,
            Delay = delay,
            Jitter = jitter,
            From = from,
            To = to,
            BothWays = bothWays,
            Start = start,
            End = end,
            Skip = skip,
            Count = count,
            Datagram = datagram,
            Match = match,
        };
    }

    private static TimeSpan CarrySpan(StateCodec codec, TimeSpan span)
    {
        long ticks = span.Ticks;
        codec.Carry(ref ticks);
        return new TimeSpan(ticks);
    }
}
