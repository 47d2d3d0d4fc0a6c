using NbnsSim.Scenarios;

namespace NbnsSim.Playing;

/// <content>A play as a scenario.</content>
public sealed partial class PlaySession
{
    /// <summary>
    /// What was played, as a scenario that does the same by itself, octet for octet, up to <see cref="End"/>. It expects what comes of it: it is run for that.
    /// </summary>
    /// <param name="name">What it is called; the scenario's name and <c>-played</c> unless given.</param>
    public Scenario ToScenario(string? name = null)
    {
        var end = Max(End, Soon);
        var played = Scenario with
        {
            Name = name ?? $"{Scenario.Name}-played",
            Title = _byHand.Count == 0 ? Scenario.Title : $"{Scenario.Title}, played by hand",
            Steps = _steps,
            End = end,
        };
        return played with { Expectations = RunExpectations.Of(played) };
    }
}
