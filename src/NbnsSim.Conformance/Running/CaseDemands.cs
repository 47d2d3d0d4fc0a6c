namespace NbnsSim.Conformance;

/// <summary>What a case takes to be run: time, stations, a segment.</summary>
internal static class CaseDemands
{
    /// <summary>How often it is asked at most, after a case, whether the peer still answers.</summary>
    public const int Probes = 4;

    /// <summary>How long an answer to that is waited for.</summary>
    public static TimeSpan ProbeTime { get; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a program may take from its start to its first datagram.</summary>
    public static TimeSpan StartTime { get; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether a peer that says nothing would pass a case, or a name server that denies everything.</summary>
    /// <param name="test">The case.</param>
    public static bool PassesBySilence(ConformanceCase test) => !Array.Exists(test.Data.Steps, step => step.Given is not null
        || (step.Expect is not null && !Array.Exists(step.Expect, alternative => alternative.Pass is not null && !Array.Exists(alternative.Replies ?? [], reply => Demands(test, reply)))));

    private static bool Demands(ConformanceCase test, MatcherData reply) => (reply.Count is null || reply.Count.Least > 0)
        && !(test.Role == ConformanceRole.Server && reply.Kind is { } kinds && Array.TrueForAll(kinds.All, kind => kind.StartsWith("negative-", StringComparison.Ordinal)));

    /// <summary>Why a case cannot be run, as far as it shows without asking the peer; null if it can.</summary>
    /// <param name="test">The case.</param>
    /// <param name="options">How cases are run.</param>
    /// <param name="stations">How many stations there are.</param>
    /// <param name="hasSegment">Whether there is a segment to broadcast on.</param>
    /// <param name="isVirtual">Whether time costs nothing.</param>
    public static string? Obstacle(ConformanceCase test, ConformanceOptions options, int stations, bool hasSegment, bool isVirtual)
    {
        if (options.NodeType is { } type && test.Role != ConformanceRole.Server && !test.NodeTypes.Contains(type) && test.Data.Setup is null)
            return $"is for {string.Join(", ", test.NodeTypes)} nodes";
        foreach (var step in test.Data.Steps)
        {
            if ((step.To == "all" || step.Matchers().Any(matcher => matcher.At == "all")) && !hasSegment)
                return "needs a segment to broadcast on";
            if (!isVirtual && Duration(step) > options.Patience)
                return $"would take {Duration(step).TotalSeconds:0} s";
            foreach (string? word in (string?[])[step.From, step.To, .. step.Matchers().Select(matcher => matcher.At)])
            {
                if (word is [>= 'A' and <= 'D', ..] && word[0] - 'A' >= stations)
                    return $"needs {word[0] - 'A' + 1} stations";
            }
        }

        return null;
    }

    /// <summary>How long a step is watched at most.</summary>
    /// <param name="step">The step.</param>
    public static TimeSpan Duration(StepData step) => TimeSpan.FromSeconds(step.Within ?? step switch
    {
        { Wait: { } wait } => wait,
        { Start: true } => 10,
        { Stop: true } or { Command: not null } => 5,
        { Given: not null } => 2,
        { On: not null } => 0,
        _ => 1,
    });
}
