namespace NbnsSim.Conformance;

/// <summary>What became of a case. Unsupported is not failed.</summary>
public enum ConformanceVerdict
{
    /// <summary>The peer did what the rule asks for.</summary>
    Pass,

    /// <summary>The peer did something else that a document allows, or that a known family of implementations does; the words say what, and whose way that is.</summary>
    Dialect,

    /// <summary>The peer broke the rule.</summary>
    Fail,

    /// <summary>The peer lacks what the case is about, such as groups, or did not take its set-up.</summary>
    Unsupported,

    /// <summary>The case is not for this peer or cannot be run from here; the words say why.</summary>
    NotApplicable,
}
