namespace NbnsSim.Reports;

/// <summary>What a piece of a report is: whoever prints it may give each a colour or a weight.</summary>
public enum ReportRole
{
    /// <summary>Plain text.</summary>
    Plain,

    /// <summary>A title or a heading.</summary>
    Title,

    /// <summary>What is beside the point: a source, a link rule, a comment.</summary>
    Aside,

    /// <summary>Something that a person or the system did on a host.</summary>
    Command,

    /// <summary>A packet that tells and expects no answer.</summary>
    Demand,

    /// <summary>An answer that grants; an expectation that came true.</summary>
    Positive,

    /// <summary>An answer that refuses; an expectation that did not come true.</summary>
    Negative,

    /// <summary>An event in a host's log.</summary>
    Event,

    /// <summary>A packet that cannot be read.</summary>
    Unreadable,
}
