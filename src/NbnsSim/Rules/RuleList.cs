namespace NbnsSim.Rules;

/// <summary>Collects the rules of one machine as they are declared, in that order.</summary>
internal sealed class RuleList
{
    private readonly List<Rule> _rules = [];

    public IReadOnlyList<Rule> Rules => _rules;

    public Rule Documented(string id, DecisionKind kind, string source, string sentence, string? telling = null, string? @switch = null) =>
        Add(new Rule(id, kind, RuleBasis.Documented, source, sentence, telling, @switch, null));

    public Rule Observed(string id, DecisionKind kind, string source, string sentence, string? telling = null, string? @switch = null) =>
        Add(new Rule(id, kind, RuleBasis.Observed, source, sentence, telling, @switch, null));

    /// <summary>An inference that a switch turns.</summary>
    public Rule Inferred(string id, DecisionKind kind, string source, string sentence, string? telling, string @switch) =>
        Add(new Rule(id, kind, RuleBasis.Inferred, source, sentence, telling, @switch, null));

    /// <summary>An inference that no switch turns, and why.</summary>
    public Rule InferredForGood(string id, DecisionKind kind, string source, string sentence, string? telling, string noSwitch) =>
        Add(new Rule(id, kind, RuleBasis.Inferred, source, sentence, telling, null, noSwitch));

    private Rule Add(Rule rule)
    {
        _rules.Add(rule);
        return rule;
    }
}
