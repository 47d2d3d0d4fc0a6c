using NbnsSim.Jobs.Campaigns;
using NbnsSim.Scenarios;
using NbnsSim.Testing.Chaos;

namespace NbnsSim.Jobs.Chaos;

/// <summary>The command line of a campaign, of scenarios or of chaos.</summary>
public static class CampaignLine
{
    /// <summary>Reads it: the one scenario <c>chaos</c> is chaos, all else are scenarios.</summary>
    /// <param name="scenarios">Names of built-in scenarios, or paths of files.</param>
    /// <param name="seeds">The first seed and the last.</param>
    /// <param name="dialects">See <see cref="CampaignSpec.Of"/> and <see cref="ChaosSpec.Of"/>.</param>
    /// <param name="faults">See <see cref="CampaignSpec.Of"/> and <see cref="ChaosSpec.Of"/>.</param>
    /// <param name="hosts">The most hosts of a network of chaos; <see langword="null"/> for the standard.</param>
    /// <exception cref="JobException">Something of it is not possible.</exception>
    /// <exception cref="ScenarioException">A file has mistakes.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static JobSpec Read(IReadOnlyCollection<string> scenarios, (ulong First, ulong Last) seeds, string? dialects, string? faults, int? hosts)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        if (!scenarios.Contains(ChaosScenario.Name, StringComparer.Ordinal))
            return hosts is null ? CampaignSpec.Of(scenarios, seeds, dialects, faults) : throw new JobException("How many hosts a network may have is for chaos to know: a scenario has its own.");
        if (scenarios.Count > 1)
            throw new JobException("Chaos is a campaign by itself: it goes with no other scenario.");
        return ChaosSpec.Of(seeds, hosts, dialects, faults);
    }
}
