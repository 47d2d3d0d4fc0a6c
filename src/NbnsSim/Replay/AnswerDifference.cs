namespace NbnsSim.Replay;

/// <summary>How an answer in the capture compares with what the node would have sent.</summary>
public enum AnswerDifferenceKind : byte
{
    /// <summary>Both answered, not alike.</summary>
    Changed,

    /// <summary>The captured host answered where the node stays silent.</summary>
    OnlyCaptured,

    /// <summary>The node answers where the capture has no answer: the host was silent, or its answer was not captured.</summary>
    OnlyReplayed,
}

/// <summary>An answer of the captured host and the node's, where they differ.</summary>
/// <param name="Kind">How they differ.</param>
/// <param name="RequestFrame">The frame that was answered; 0 where it is not in the capture.</param>
/// <param name="AnswerFrame">The captured answer's frame; 0 where there is none.</param>
/// <param name="Captured">The captured answer in one line; empty where there is none.</param>
/// <param name="Replayed">The node's answer in one line; empty where there is none.</param>
/// <param name="Fields">The fields in which they differ, <c>flags 0xAD86/0x8583</c>, captured first.</param>
public sealed record AnswerDifference(
    AnswerDifferenceKind Kind,
    long RequestFrame,
    long AnswerFrame,
    string Captured,
    string Replayed,
    IReadOnlyList<string> Fields);
