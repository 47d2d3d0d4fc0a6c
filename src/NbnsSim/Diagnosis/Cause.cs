namespace NbnsSim.Diagnosis;

/// <summary>A kind of cause behind what a capture shows; <see cref="Causes"/> has all of them.</summary>
/// <param name="Id">Its name for ever, such as <c>same-user</c>.</param>
/// <param name="Harm">What it does to a network.</param>
/// <param name="Title">In a few words.</param>
/// <param name="Meaning">What happens there, in a sentence or two.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Source">The text or observation that it rests on.</param>
public sealed record Cause(string Id, Harm Harm, string Title, string Meaning, string Advice, string Source);
