namespace NbnsSim.Rules;

/// <summary>Rules that belong together, such as B5: all that a B node does with what comes in. Some say how things are done and lead to no decision of their own.</summary>
public sealed class RuleGroup
{
    internal RuleGroup(string id, string chapter, string sentence)
    {
        Id = id;
        Chapter = chapter;
        Sentence = sentence;
    }

    /// <summary>Its letter and number; the ids of its rules begin with it.</summary>
    public string Id { get; }

    /// <summary>The title of the chapter that it belongs to, with the texts that it rests on.</summary>
    public string Chapter { get; }

    /// <summary>What the group is about, in short, with its clauses and switches.</summary>
    public string Sentence { get; }

    /// <summary>Its rules, in the order of the book; empty where it leads to no decision of its own.</summary>
    public IEnumerable<Rule> Rules => RuleBook.All.Where(rule => rule.Group == Id);

    /// <summary>Id and sentence.</summary>
    public override string ToString() => $"{Id}: {Sentence}";
}
