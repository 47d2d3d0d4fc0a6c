using System.Text;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Jobs.Campaigns;

/// <summary>A scenario of a campaign: one of those that are built in, or a file with its text, so that whoever does the work needs no file.</summary>
/// <param name="Name">The name, or the file's path as it was given.</param>
/// <param name="Text">The file's text; null for one that is built in.</param>
public sealed record CampaignScenario(string Name, string? Text = null)
{
    private const int MaxFileSize = 16 * 1024 * 1024;

    /// <summary>Finds one that is built in, or reads a file.</summary>
    /// <param name="nameOrFile">The name or the path.</param>
    /// <exception cref="JobException">There is neither.</exception>
    /// <exception cref="ScenarioException">The file has mistakes.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file must not be read.</exception>
    public static CampaignScenario Open(string nameOrFile)
    {
        ArgumentNullException.ThrowIfNull(nameOrFile);
        if (BuiltInScenarios.Find(nameOrFile) is { } builtIn)
            return new CampaignScenario(builtIn.Name);
        if (!Path.Exists(nameOrFile))
            throw new JobException(ScenarioList.DescribeMissing(nameOrFile).First());
        if (new FileInfo(nameOrFile).Length > MaxFileSize || Directory.Exists(nameOrFile))
            _ = Scenario.Load(nameOrFile); // says what is wrong with it
        byte[] octets = File.ReadAllBytes(nameOrFile);
        _ = Scenario.Parse(octets, nameOrFile);
        return new CampaignScenario(nameOrFile, Encoding.UTF8.GetString(octets));
    }

    /// <summary>The scenario.</summary>
    /// <exception cref="JobException">There is none of that name.</exception>
    /// <exception cref="ScenarioException">The text has mistakes.</exception>
    public Scenario Read() =>
        Text is null ? BuiltInScenarios.Find(Name) ?? throw new JobException($"There is no scenario '{VisibleText.Escape(Name)}'.") : Scenario.Parse(Encoding.UTF8.GetBytes(Text), Name);
}
