using System.Collections.Immutable;
using NbnsSim.Rules;

namespace NbnsSim.Learning;

/// <summary>A short lesson: a scenario up to a moment, and a question about what comes next. Which answer is right is not written down: <see cref="LessonTrial"/> runs the simulator.</summary>
/// <param name="Name">Its short name, as in a link.</param>
/// <param name="Title">Its name in a sentence.</param>
/// <param name="Scenario">The built-in scenario that it is made from.</param>
/// <param name="At">The moment: all that happens up to and at it has happened.</param>
/// <param name="Situation">How things stand then.</param>
/// <param name="Question">What is asked.</param>
/// <param name="Rule">The rule that it is about, with its clause.</param>
/// <param name="Answers">The answers to choose from.</param>
public sealed record Lesson(string Name, string Title, string Scenario, Instant At, string Situation, string Question, Rule Rule, ImmutableArray<LessonAnswer> Answers);
