using NbnsSim.Files;
using NbnsSim.Reports;
using NbnsSim.Scenarios;

namespace NbnsSim.Cli;

/// <summary>Scenarios by name or file.</summary>
internal static class ScenarioFiles
{
    /// <summary>A built-in scenario, a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    /// <exception cref="ScenarioException">It has mistakes.</exception>
    public static Scenario Open(Terminal terminal, string nameOrFile)
    {
        if (nameOrFile != InputFiles.StandardInput && BuiltInScenarios.Find(nameOrFile) is { } builtIn)
            return builtIn;
        if (nameOrFile != InputFiles.StandardInput && !Path.Exists(nameOrFile))
            throw NoSuch(nameOrFile);
        using var input = terminal.OpenFile(nameOrFile);
        return Scenario.Read(input, InputFiles.TitleOf(nameOrFile));
    }

    public static BadInputException NoSuch(string name) =>
        new(
        [
            $"There is no scenario and no file '{name}'.{Suggestion.For(name, BuiltInScenarios.Names)}",
            "Built-in scenarios ('nbnssim scenarios' says what each shows):",
            .. TextColumns.Wrap(string.Join(", ", BuiltInScenarios.Names), 90).Select(line => "  " + line),
        ]);
}
