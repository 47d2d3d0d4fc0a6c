namespace NbnsSim.Diagnosis;

/// <summary>How a packet belongs with those before it.</summary>
/// <param name="RequestFrame">The frame of the request that it answers: the last time that it was asked; 0 where it answers none.</param>
/// <param name="ResponseNanoseconds">How long after that request it came; 0 where it answers none.</param>
/// <param name="RepeatedFrame">The frame in which the same was asked first; 0 where it repeats nothing.</param>
/// <param name="AnswersBroadcast">Whether the request that it answers went to every station.</param>
public readonly record struct Exchange(long RequestFrame, long ResponseNanoseconds, long RepeatedFrame, bool AnswersBroadcast);
