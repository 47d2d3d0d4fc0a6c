using NbnsSim.Playing;
using NbnsSim.Reports.Pictures;
using NbnsSim.Scenarios;

namespace NbnsSim.Reports.Tests;

/// <summary>The ladder of a play, as far as the play has come.</summary>
public sealed class PlayPictureTests
{
    [Test]
    public void TheLadderGrows_AndIsThatOfThenAfterGoingBack()
    {
        var play = new PlaySession(BuiltInScenarios.Find("q131739")!, record: simulator => new PlayPicture(simulator));
        var drawn = new List<string> { Ladder(play) };
        while (play.Step(PlayStride.Datagram))
            drawn.Add(Ladder(play));
        Assert.That(drawn[^1], Does.Contain("event 4320").And.Contains("N15.name-alone").And.Contains("class=\"row hot\""));
        Assert.That(drawn.Distinct(StringComparer.Ordinal).Count(), Is.GreaterThan(40));

        for (int i = drawn.Count - 2; i >= 0; i -= 9)
        {
            while (drawn.IndexOf(Ladder(play)) > i && play.Back(PlayStride.Datagram))
            {
            }

            Assert.That(drawn, Does.Contain(Ladder(play)));
        }
    }

    [Test]
    public void OnlyTheLastStepsAreDrawn_FromATimeOn()
    {
        var play = new PlaySession(BuiltInScenarios.Find("q131739")!, record: simulator => new PlayPicture(simulator));
        play.RunTo(play.End);
        var picture = (PlayPicture)play.Recorder;

        Assert.That(picture.Ladder(120, "all").Split("<g class=\"row").Length, Is.GreaterThan(picture.Ladder(4, "few").Split("<g class=\"row").Length));
        Assert.That(picture.Ladder(120, "late", Instant.Epoch + TimeSpan.FromSeconds(44)), Does.Contain("event 4320").And.Not.Contains("ALPHA boots"));
        Assert.That(picture.Ladder(120, "none", play.End + TimeSpan.FromSeconds(1)), Does.Not.Contain("row"));
    }

    [Test]
    public void ANetworkThatIsTooLargeIsNotDrawn()
    {
        var play = new PlaySession(BuiltInScenarios.Find("power-cut")!, record: simulator => new PlayPicture(simulator));
        play.RunTo(Instant.Epoch + TimeSpan.FromSeconds(1));
        Assert.That((Ladder(play), ((PlayPicture)play.Recorder).IsDetailed), Is.EqualTo(("", false)));
    }

    private static string Ladder(PlaySession play) => ((PlayPicture)play.Recorder).Ladder(120, "On the wire");
}
