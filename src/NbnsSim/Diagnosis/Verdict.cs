using System.Collections.Immutable;

namespace NbnsSim.Diagnosis;

/// <summary>What a capture comes to.</summary>
public enum Conclusion : byte
{
    /// <summary>There is no name service packet in it.</summary>
    NothingToSee,

    /// <summary>Nothing is wrong in what it shows.</summary>
    NothingWrong,

    /// <summary>Something stands out, and it does no harm.</summary>
    Harmless,

    /// <summary>Something happened, and the capture does not show enough to say what.</summary>
    CannotTell,

    /// <summary>Something is wrong.</summary>
    Found,
}

/// <summary>What is behind what a capture shows: one incident for each cause and the machines that it concerns, the gravest first.</summary>
public sealed record Verdict
{
    /// <summary>What it comes to.</summary>
    public required Conclusion Conclusion { get; init; }

    /// <summary>The incidents.</summary>
    public required ImmutableArray<Incident> Incidents { get; init; }

    /// <summary>Where the capture was taken.</summary>
    public required Vantage Vantage { get; init; }

    /// <summary>How many addresses spoke or were spoken of.</summary>
    public required int Hosts { get; init; }

    /// <summary>How many different names were spoken of.</summary>
    public required int Names { get; init; }

    /// <summary>The verdict on some of the incidents only.</summary>
    /// <param name="wanted">Which.</param>
    public Verdict Only(Func<Incident, bool> wanted)
    {
        ImmutableArray<Incident> incidents = [.. Incidents.Where(wanted)];
        return this with { Incidents = incidents, Conclusion = Conclusion == Conclusion.NothingToSee ? Conclusion : Conclude(incidents) };
    }

    internal static Conclusion Conclude(IEnumerable<Incident> incidents)
    {
        var conclusion = Conclusion.NothingWrong;
        foreach (var incident in incidents)
        {
            bool isOpen = incident.Cause == Causes.ReleaseSeen || incident.Cause == Causes.Unexplained || (incident.Certainty == Certainty.Possible && incident.Cause.Harm != Harm.None);
            var one = isOpen ? Conclusion.CannotTell : incident.Cause.Harm == Harm.None ? Conclusion.Harmless : Conclusion.Found;
            conclusion = one > conclusion ? one : conclusion;
        }

        return conclusion;
    }
}
