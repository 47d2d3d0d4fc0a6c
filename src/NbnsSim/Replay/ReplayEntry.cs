using NbnsSim.Events;
using NbnsSim.Names;
using NbnsSim.Nodes;

namespace NbnsSim.Replay;

/// <summary>What a line of a replay's account is about.</summary>
public enum ReplayEntryKind : byte
{
    /// <summary>A name that the host held before the capture began was put into the table: an inference.</summary>
    AssumedName,

    /// <summary>A request of the captured host became a command of the node.</summary>
    Command,

    /// <summary>A command ended.</summary>
    Result,

    /// <summary>A name of the table changed its state.</summary>
    NameState,

    /// <summary>The node logged an event.</summary>
    Event,

    /// <summary>The captured host's answer and the node's differ.</summary>
    Difference,

    /// <summary>The capture's clock went on by so much at once that what the node would have done meanwhile was left out.</summary>
    ClockJump,
}

/// <summary>One line of a replay's account.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Time">When.</param>
/// <param name="Frame">The frame that caused it; for what a timer caused, the last frame before.</param>
/// <param name="Name">The name concerned; default where none is.</param>
/// <param name="Text">One sentence that says it.</param>
/// <param name="Event">The event, for <see cref="ReplayEntryKind.Event"/>.</param>
/// <param name="Result">The result, for <see cref="ReplayEntryKind.Result"/>.</param>
/// <param name="Difference">The two answers, for <see cref="ReplayEntryKind.Difference"/>.</param>
public sealed record ReplayEntry(
    ReplayEntryKind Kind,
    Instant Time,
    long Frame,
    NetBiosName Name,
    string Text,
    NetBtEvent? Event = null,
    OperationResult? Result = null,
    AnswerDifference? Difference = null);
