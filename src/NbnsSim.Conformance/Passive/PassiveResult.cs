namespace NbnsSim.Conformance.Passive;

/// <summary>A case that a capture happens to contain, and what the host did.</summary>
/// <param name="Frame">The frame with which it begins, as Wireshark numbers it.</param>
/// <param name="Result">The verdict, with the datagrams that it rests on.</param>
public sealed record PassiveResult(long Frame, ConformanceResult Result)
{
    /// <summary>Frame, id, verdict and words on one line.</summary>
    public override string ToString() => $"frame {Frame}: {Result}";
}
