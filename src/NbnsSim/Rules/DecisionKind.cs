namespace NbnsSim.Rules;

/// <summary>What a decision amounts to. Each <see cref="Rule"/> leads to decisions of one kind.</summary>
public enum DecisionKind : byte
{
    /// <summary>Nothing is done about a datagram, and for this reason.</summary>
    Ignored,

    /// <summary>A person or a service tells the machine to do something.</summary>
    Told,

    /// <summary>The machine asks somebody for something: a claim, a query, a refresh, a release, a status request.</summary>
    Asked,

    /// <summary>Somebody is answered in the affirmative, or with what is known.</summary>
    Answered,

    /// <summary>Somebody is refused what it asked for, or told that it is not there.</summary>
    Refused,

    /// <summary>A name is granted to who claimed it.</summary>
    Granted,

    /// <summary>The machine holds a name from now on, or goes on holding it.</summary>
    Held,

    /// <summary>The machine found what it looked for.</summary>
    Found,

    /// <summary>What the machine wanted did not come about.</summary>
    Failed,

    /// <summary>A name is marked as in conflict.</summary>
    Marked,

    /// <summary>The machine gives a name up, or deletes it.</summary>
    GaveUp,

    /// <summary>Something that was remembered is dropped.</summary>
    Forgot,

    /// <summary>Something that was remembered is brought up to date.</summary>
    Learned,

    /// <summary>The machine waits longer, or begins to wait.</summary>
    Waited,

    /// <summary>The machine goes on another way, since the first was of no use.</summary>
    FellBack,

    /// <summary>An owner is asked whether it still holds its name.</summary>
    Challenged,

    /// <summary>Somebody is told what to do, and no answer is expected.</summary>
    Demanded,

    /// <summary>Time has changed the state of a record.</summary>
    Aged,

    /// <summary>A record came from another name server, or is compared with one that did.</summary>
    Replicated,

    /// <summary>An event is written to a log.</summary>
    Logged,
}
