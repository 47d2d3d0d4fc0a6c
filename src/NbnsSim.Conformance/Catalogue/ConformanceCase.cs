using System.Collections.Immutable;
using NbnsSim.Wire;

namespace NbnsSim.Conformance;

/// <summary>One rule that a peer can show, with the packets that make it show it.</summary>
public sealed class ConformanceCase
{
    internal ConformanceCase(CaseFileData file, CaseData data)
    {
        (File, Data) = (file, data);
        Id = $"{file.Clause}/{data.Id}";
        Level = Enum.Parse<ConformanceLevel>(data.Level, ignoreCase: true);
        Role = Enum.Parse<ConformanceRole>(data.Role, ignoreCase: true);
        NodeTypes = [.. (data.Types ?? "BPMH").Select(type => Enum.Parse<OwnerNodeType>(type.ToString()))];
        Also = [.. data.Also ?? []];
        Names = CaseNames.Of(data);
    }

    /// <summary>The clause and the number in it, such as <c>s5.1.1.5/1</c>: what it is called by.</summary>
    public string Id { get; }

    /// <summary>The clause as it is addressed: <c>s4.…</c> and <c>s5.…</c> are RFC 1002's, <c>s11</c> to <c>s17</c> RFC 1001's, <c>nbte…</c> MS-NBTE's; else the article's number.</summary>
    public string Clause => File.Clause;

    /// <summary>The document, such as <c>RFC 1002</c>.</summary>
    public string Document => File.Document;

    /// <summary>What the clause is about.</summary>
    public string Title => File.Title;

    /// <summary>How strongly it is asked for.</summary>
    public ConformanceLevel Level { get; }

    /// <summary>As what a peer is tested by it.</summary>
    public ConformanceRole Role { get; }

    /// <summary>The node types that it is for.</summary>
    public ImmutableArray<OwnerNodeType> NodeTypes { get; }

    /// <summary>The rule, in our words.</summary>
    public string Says => Data.Says;

    /// <summary>Further clauses that say the same or that it needs.</summary>
    public ImmutableArray<string> Also { get; }

    /// <summary>Whether it may cost the peer a name: such cases come last.</summary>
    public bool IsDestructive => Data.Destructive;

    /// <summary>The document and clause in print, such as <c>RFC 1002 §5.1.1.5</c>.</summary>
    public string Citation => ConformanceCatalogue.Citation(Document, Clause);

    internal CaseFileData File { get; }

    internal CaseData Data { get; }

    /// <summary>The blanks for names that it fills in, such as <c>{unique}</c>.</summary>
    internal ImmutableArray<string> Names { get; }

    /// <summary>Id and rule on one line.</summary>
    public override string ToString() => $"{Id} {Data.Level} {Says}";
}
