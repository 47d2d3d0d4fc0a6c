using NbnsSim.Learning;

namespace NbnsSim.Tests.Learning;

/// <summary>The lessons: which answer is right is what the simulator says.</summary>
public sealed class LessonTests
{
    [Test]
    public void ThereAreTwelve_WithNamesOfTheirOwn() => Assert.That(Lessons.All.Select(lesson => lesson.Name).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(12));

    [Test]
    public void OneAnswerIsRight_AndTheOthersAreWrong([ValueSource(nameof(Names))] string name)
    {
        var trial = Of(name);
        var verdicts = trial.Lesson.Answers.Select(trial.Judge).ToList();

        Assert.That(trial.Lesson.Answers, Has.Length.EqualTo(3));
        Assert.That(verdicts.Count(verdict => verdict.IsRight), Is.EqualTo(1), string.Join(", ", verdicts.Select(verdict => verdict.IsRight)));
        Assert.That(verdicts, Has.All.Matches<LessonVerdict>(verdict => verdict!.Future.IsOver));
    }

    /// <summary>What is said to be needed for a wrong answer makes it right, and is needed for nothing else.</summary>
    [Test]
    public void AWrongAnswerIsRightWhereThingsAreOtherwise([ValueSource(nameof(Names))] string name)
    {
        var trial = Of(name);
        foreach (var answer in trial.Lesson.Answers)
        {
            var verdict = trial.Judge(answer);
            Assert.That(verdict.Otherwise is not null, Is.EqualTo(!answer.Otherwise.IsEmpty && !verdict.IsRight), answer.Text);
            Assert.That(answer.Otherwise.IsEmpty || !verdict.IsRight, Is.True, $"nothing need be otherwise for '{answer.Text}'");
        }
    }

    [Test]
    public void TheRuleOfALessonIsObeyedBehindItsMoment([ValueSource(nameof(Names))] string name)
    {
        var trial = Of(name);
        int before = trial.Moment.Recorder.History.Entries.Count;
        var future = trial.Judge(trial.Lesson.Answers[0]).Future;

        Assert.That(future.Recorder.History.Entries.Skip(before).Select(entry => entry.Decision.Rule.Id), Does.Contain(trial.Lesson.Rule.Id));
    }

    [Test]
    public void JudgingLeavesTheMomentAsItIs()
    {
        var trial = Of("who-logs");
        var before = trial.Moment.Simulator.Fingerprint();
        foreach (var answer in trial.Lesson.Answers)
            trial.Judge(answer);
        Assert.That((trial.Moment.Simulator.Fingerprint(), trial.Moment.Simulator.Now), Is.EqualTo((before, trial.Lesson.At)));
    }

    private static LessonTrial Of(string name) => new(Lessons.All.Single(lesson => lesson.Name == name));

    private static IEnumerable<string> Names() => Lessons.All.Select(lesson => lesson.Name);
}
