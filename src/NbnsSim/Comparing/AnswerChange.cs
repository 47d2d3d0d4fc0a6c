using NbnsSim.Names;
using NbnsSim.Narrative;
using NbnsSim.Nodes;
using NbnsSim.Scenarios;

namespace NbnsSim.Comparing;

/// <summary>A command that ends otherwise in one run than in the other: a question that finds nobody, a name that is refused.</summary>
/// <param name="Host">The machine that was told.</param>
/// <param name="Step">The command.</param>
/// <param name="Name">The name that it ended for; default where it is about no single name.</param>
/// <param name="Before">How it ends as it is; null where it does not end.</param>
/// <param name="After">How it ends with the changes; null where it does not end.</param>
/// <param name="Because">What the machine last decided about the name when it ended with the changes; null where it is not kept.</param>
public sealed record AnswerChange(string Host, NodeStep Step, NetBiosName Name, OperationResult? Before, OperationResult? After, HistoryEntry? Because)
{
    /// <summary>Whether it succeeds only with the changes. A name that is in the table already counts as got.</summary>
    public bool IsGained => !Works(Before) && Works(After);

    /// <summary>Whether it succeeds only without the changes.</summary>
    public bool IsLost => Works(Before) && !Works(After);

    private static bool Works(OperationResult? result) => result?.Outcome is OperationOutcome.Succeeded or OperationOutcome.AlreadyHere;
}
