using NbnsSim.Protocol;
using NbnsSim.Rules;

namespace NbnsSim.Tests;

/// <summary>Counts decisions and notes the rules; numbers them from 1.</summary>
public sealed class DecisionCounter : IDecisionSink
{
    public long Count { get; private set; }

    public HashSet<Rule> Rules { get; } = [];

    /// <summary>Whether every cause that was named is an earlier decision.</summary>
    public bool CausesComeFirst { get; private set; } = true;

    public Decision Last { get; private set; }

    public long Take(in Decision decision)
    {
        CausesComeFirst &= decision.Cause.Decision <= Count;
        Last = decision;
        Rules.Add(decision.Rule);
        return ++Count;
    }
}
