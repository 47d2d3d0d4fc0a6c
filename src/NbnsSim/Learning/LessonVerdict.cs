using NbnsSim.Playing;

namespace NbnsSim.Learning;

/// <summary>What the simulator says of an answer.</summary>
/// <param name="IsRight">Whether it came so.</param>
/// <param name="Future">What came, played to its end.</param>
/// <param name="Otherwise">For a wrong answer what would come if things were otherwise, played to its end: there the answer is right; <see langword="null"/> where there is none.</param>
public sealed record LessonVerdict(bool IsRight, PlaySession Future, PlaySession? Otherwise);
