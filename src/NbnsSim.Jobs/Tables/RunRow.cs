namespace NbnsSim.Jobs.Tables;

/// <summary>A run of a campaign: a row of <see cref="JobTables.Runs"/>.</summary>
public sealed record RunRow
{
    /// <summary>The scenario: its name, or the path of its file.</summary>
    public required string Scenario { get; init; }

    /// <summary>The dialect that its machines were given; <see langword="null"/> where the scenario's own stand.</summary>
    public string? Dialect { get; init; }

    /// <summary>The faults that it was given; <see langword="null"/> where the scenario's own stand.</summary>
    public string? Faults { get; init; }

    /// <summary>The seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Whether all that is expected and invariant held.</summary>
    public required bool Held { get; init; }

    /// <summary>What did not hold; a sentence each.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>How many packets were sent.</summary>
    public long Packets { get; init; }

    /// <summary>How many events were logged.</summary>
    public long Events { get; init; }

    /// <summary>How long after the scenario's last step the network came to rest, in virtual time: then nothing was sent for six seconds. <see langword="null"/> where it did not.</summary>
    public TimeSpan? Settled { get; init; }

    /// <summary>The command line that repeats it.</summary>
    public required string Repeat { get; init; }
}
