namespace NbnsSim.Rules;

/// <summary>A rule by which a machine acts, as data. <see cref="RuleBook"/> has all of them.</summary>
/// <remarks>
/// What a document says, what recorded traffic shows and what is inferred are kept apart by <see cref="Basis"/>. A rule that a setting of a dialect turns on or
/// off, or chooses, names it in <see cref="Switch"/>; an inferred one without such a setting says in <see cref="NoSwitch"/> why it has none.
/// </remarks>
public sealed class Rule
{
    internal Rule(string id, DecisionKind kind, RuleBasis basis, string source, string sentence, string? telling, string? @switch, string? noSwitch)
    {
        Id = id;
        Kind = kind;
        Basis = basis;
        Source = source;
        Sentence = sentence;
        Telling = telling;
        Switch = @switch;
        NoSwitch = noSwitch;
    }

    /// <summary>Its name for ever: the number of its group and a few words, such as <c>B5.defend-unique</c>.</summary>
    public string Id { get; }

    /// <summary>The part of <see cref="Id"/> before the period: the group that it belongs to, such as <c>B5</c>.</summary>
    public string Group => Id[..Id.LastIndexOf('.')];

    /// <summary>What a decision by this rule amounts to.</summary>
    public DecisionKind Kind { get; }

    /// <summary>How well it is known.</summary>
    public RuleBasis Basis { get; }

    /// <summary>The text that it rests on, with the clause, such as <c>RFC 1002 §5.1.1.5</c>; for an inference, what it explains.</summary>
    public string Source { get; }

    /// <summary>The rule in a sentence.</summary>
    public string Sentence { get; }

    /// <summary>
    /// How a decision by this rule reads in an account, with <c>{host}</c> for the machine, <c>{name}</c>, <c>{peer}</c> for the other machine,
    /// <c>{address}</c>, and <c>{peer-address}</c> for both; <see langword="null"/> for one that goes without saying.
    /// </summary>
    public string? Telling { get; }

    /// <summary>The property of <c>NetBtDialect</c>, <c>NetBtTiming</c>, <c>NameServerDialect</c> or of the machine's options that turns it; <see langword="null"/> where none does.</summary>
    public string? Switch { get; }

    /// <summary>Why an inferred rule has no switch; <see langword="null"/> for all others.</summary>
    public string? NoSwitch { get; }

    /// <summary>Id, basis and source on one line.</summary>
    public override string ToString() => $"{Id} ({(Basis switch { RuleBasis.Documented => "documented", RuleBasis.Observed => "observed", _ => "inferred" })}: {Source})";
}
